"""绑定: a WeChat user comes to speak for a person of the ledger, by proof or after a human has looked.

Who tells a number and a name that are not together in the ledger learns nothing, and may not try for ever.
"""

from datetime import date

from sqlalchemy import text
from sqlmodel import Session

from api.audit import record
from api.errors import Problem, conflict, not_found
from api.miniprogram.asking import bound_people
from ledger.identity.matching import plain_name
from models.consent import Speaker
from models.sealing import Keyring, look_ups
from models.wechat import BindingState

_ASK = text(
    "SELECT binding_id, worker_id, state, fresh FROM ask_binding(CAST(:numbers AS bytea[]), :name, :speaker, "
    "CAST(:phones AS bytea[]), :today)"
)
_DECIDE = text("SELECT decide_binding(:wanted, :told, :today)")
_END = text("SELECT end_binding(:wanted, :today)")
MOST = 30
"""People for whom one WeChat user may speak: a village's informant for many."""


def ask_binding(
    session: Session,
    keyring: Keyring,
    *,
    number: str,
    name: str,
    speaker: Speaker,
    telephone: str | None,
    today: date,
) -> tuple[int, int, BindingState]:
    """Ask to speak for the person of this number and name; the binding's number, the person's, and whether it holds.

    Raises
    ------
    Problem
        404 where the ledger has nobody of both; 409 for too many.
    """
    if len(bound_people(session)) >= MOST:
        raise conflict("too-many-bindings", "绑定的人太多", f"一个微信号最多绑定{MOST}人，请先解除不用的。")
    found = (
        session.connection()
        .execute(
            _ASK,
            {
                "numbers": look_ups(keyring, "id_number", number),
                "name": plain_name(name),
                "speaker": speaker.value,
                "phones": look_ups(keyring, "phone", telephone) if telephone else [],
                "today": today,
            },
        )
        .first()
    )
    if found is None:
        raise Problem(
            404,
            "not-matched",
            "没有核对上",
            "台账里没有这个姓名和证件号码的人，请核对。确认没有写错的，请找村级信息员或县人社局登记。",
        )
    if found.fresh:
        record(
            session,
            "bind",
            "worker_binding",
            found.binding_id,
            worker_id=found.worker_id,
            change={"state": found.state, "speaker": speaker.value},
        )
    return int(found.binding_id), int(found.worker_id), BindingState.read(found.state)


def decide_binding(
    session: Session, binding_id: int, worker_id: int, region: str, *, agreed: bool, today: date
) -> None:
    """A human of the bureau has looked at who asks.

    Raises
    ------
    Problem
        409 where it waits no more.
    """
    told = (BindingState.IN_FORCE if agreed else BindingState.REFUSED).value
    session.flush()
    if not session.connection().scalar(_DECIDE, {"wanted": binding_id, "told": told, "today": today}):
        raise conflict("already-decided", "已经核对过", "这条绑定申请已经处理或撤回，请刷新页面。")
    record(
        session,
        "decide",
        "worker_binding",
        binding_id,
        worker_id=worker_id,
        region=region,
        change={"state": told},
    )
    session.expire_all()


def end_binding(session: Session, binding_id: int, *, today: date, worker_id: int | None = None) -> None:
    """Somebody speaks no more for a person.

    Raises
    ------
    Problem
        404 where there is no such binding in force, or it is not the caller's to end.
    """
    if not session.connection().scalar(_END, {"wanted": binding_id, "today": today}):
        raise not_found("这条绑定")
    record(session, "end", "worker_binding", binding_id, worker_id=worker_id, change={"state": "ended"})
    session.expire_all()
