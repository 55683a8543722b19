"""/mp/v1/bindings: for whom a WeChat user speaks."""

from typing import Annotated

from fastapi import Depends, Request

from api.deps import KeyringDep, RowId, SessionDep, SettingsDep, TodayDep
from api.errors import Problem, invalid
from api.lookups import Lookups
from api.miniprogram.asking import OnceDep, UserDep
from api.miniprogram.binding import ask_binding, end_binding
from api.miniprogram.identity import identity_of
from api.miniprogram.laying import mini_router
from api.schemas.miniprogram import BindingCreate, BindingPublic, Ended
from ledger.intake.context import ever_assigned
from models.id_number import InvalidIdNumber, read_id_number
from models.wechat import BindingState

router = mini_router("/bindings", tag="binding")
_A_DAY = 10
"""ID numbers that one WeChat user may try a day."""


def get_tries(request: Request, user: UserDep, settings: SettingsDep) -> Lookups:
    """Counts what is tried, in a transaction of its own."""
    few = settings.model_copy(update={"lookups_a_day": _A_DAY})
    return Lookups(request.app.state.sessions, few, user.account_id, request.state.request_id)


@router.post("", status_code=201, operation_id="mp_create_binding")
def create_binding(
    body: BindingCreate,
    session: SessionDep,
    user: UserDep,
    keyring: KeyringDep,
    settings: SettingsDep,
    today: TodayDep,
    once: OnceDep,
    tries: Annotated[Lookups, Depends(get_tries)],
) -> BindingPublic:
    """Ask to speak for oneself, one's family, or somebody of the village. It holds at once where name, number and the
    verified telephone are those of the ledger (of family: the telephone of a member of the household); otherwise a human looks."""
    telephone = identity_of(session, keyring, user.account_id).telephone
    if telephone is None:
        raise Problem(409, "telephone-first", "请先验证手机号", "绑定前请先点“手机号快速验证”。")
    try:
        number = read_id_number(
            body.id_number, ever_assigned=ever_assigned, born_by=today, demonstration=settings.demonstration
        ).number
    except InvalidIdNumber:
        raise invalid("id_number", "invalid", "证件号码有误，请对照身份证核对") from None
    tries.count(number)
    binding_id, worker_id, state = ask_binding(
        session,
        keyring,
        number=number,
        name=body.name,
        speaker=body.speaker,
        telephone=telephone,
        today=today,
    )
    held = state is BindingState.IN_FORCE
    answer = BindingPublic(
        binding_id=binding_id,
        worker_id=worker_id if held else None,
        state=state,
        next="可以用了" if held else "手机号与台账登记的不同，村级信息员或乡镇会和您核对，核对后就能用",
    )
    return once.keep(answer, told_of=[worker_id])


@router.post("/{binding_id}/end", operation_id="mp_end_binding")
def end(binding_id: RowId, session: SessionDep, _: UserDep, today: TodayDep, once: OnceDep) -> Ended:
    """Speak no more for that person."""
    end_binding(session, binding_id, today=today)
    return once.keep(Ended(), status=200)
