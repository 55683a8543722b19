"""/mp/v1/bindings: for whom a WeChat user speaks; /mp/v1/people/{worker_id}/bindings: who speaks for a person."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Depends, Request
from sqlmodel import Session, col, select

from api.deps import KeyringDep, RowId, SessionDep, SettingsDep, TodayDep
from api.errors import Problem, invalid, not_found
from api.lookups import Lookups
from api.miniprogram.asking import AnyPersonDep, OnceDep, Person, UserDep, bound_people
from api.miniprogram.binding import ask_binding, end_binding
from api.miniprogram.identity import identities_asking, identity_of
from api.miniprogram.laying import PERSON, mini_router
from api.paging import Page
from api.schemas.miniprogram import BindingCreate, BindingPublic, Ended, SpeakerPublic
from ledger.intake.context import ever_assigned
from ledger.people import mask_phone
from models.consent import THEMSELVES, Speaker
from models.id_number import InvalidIdNumber, read_id_number
from models.wechat import BindingState, WorkerBinding
from models.worker import Worker

router = mini_router("/bindings", tag="binding")
_ASKED = "村级信息员或乡镇会和您核对，核对后就能用"
_NEXT = {
    Speaker.SELF: f"手机号与台账登记的不同，或以前解除过，{_ASKED}",
    Speaker.FAMILY: f"替家里人办事要先核对，{_ASKED}",
    Speaker.GUARDIAN: f"替孩子办事要先核对，{_ASKED}",
    Speaker.INFORMANT: "替村里人办事要先核对，乡镇会和您联系，核对后就能用",
}
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
    """Ask to speak for oneself, one's family, or somebody of the village. It holds at once where somebody asks for herself,
    and name, number and the verified telephone are those of the ledger; otherwise a human looks."""
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
        next="可以用了" if held else _NEXT[body.speaker],
    )
    return once.keep(answer, told_of=[worker_id])


@router.post("/{binding_id}/end", operation_id="mp_end_binding")
def end(binding_id: RowId, session: SessionDep, _: UserDep, today: TodayDep, once: OnceDep) -> Ended:
    """Speak no more for that person."""
    worker_id = next(
        (each.worker_id for each in bound_people(session) if each.binding_id == binding_id), None
    )
    end_binding(session, binding_id, today=today, worker_id=worker_id)
    return once.keep(Ended(), status=200)


own_router = mini_router(PERSON + "/bindings", tag="binding")


@own_router.get("", operation_id="mp_list_bindings")
def list_bindings(person: AnyPersonDep, session: SessionDep, keyring: KeyringDep) -> Page[SpeakerPublic]:
    """Who speaks for her by WeChat, or asks to; she herself among them."""
    _require_own_word(person)
    rows = _standing(session)
    asking = identities_asking(session, keyring, [row.identity for row in rows])
    items = [
        SpeakerPublic(
            binding_id=row.identity,
            speaker=row.speaker,
            state=row.state,
            telephone=mask_phone(told.telephone)
            if (told := asking.get(row.identity)) and told.telephone
            else None,
            asked_on=row.asked_on,
            mine=row.account_id == person.account_id,
        )
        for row in rows
    ]
    return Page(items=items, next_cursor=None, total=len(items))


@own_router.post("/{binding_id}/end", operation_id="mp_end_binding_of_mine")
def end_of_mine(
    binding_id: RowId, person: AnyPersonDep, session: SessionDep, today: TodayDep, once: OnceDep
) -> Ended:
    """Somebody speaks no more for her. To speak for her again they need a human of the bureau."""
    _require_own_word(person)
    if binding_id not in {row.identity for row in _standing(session)}:
        raise not_found("这条绑定")
    end_binding(session, binding_id, today=today, worker_id=person.worker.identity)
    return once.keep(Ended(), status=200, worker_id=person.worker.identity)


def _require_own_word(person: Person) -> None:
    if person.speaker not in THEMSELVES:
        raise Problem(403, "person-needed", "要本人办理", "谁能替本人办事，由本人用自己的微信查看和解除。")


def _standing(session: Session) -> Sequence[WorkerBinding]:
    """Of the one person whom the session sees, whichever record of hers was asked for."""
    return session.exec(
        select(WorkerBinding)
        .where(
            col(WorkerBinding.state).in_((BindingState.WAITING, BindingState.IN_FORCE)),
            # The user's own, for others, may be seen as well.
            col(WorkerBinding.worker_id).in_(select(Worker.id)),
        )
        .order_by(col(WorkerBinding.id))
    ).all()
