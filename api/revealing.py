"""Numbers in full, this once: who looked, and what for, is recorded."""

from datetime import date

from sqlmodel import Session

from api.audit import record
from api.consenting import require_guardian
from api.errors import conflict
from api.presenting import DELETED
from api.schemas.worker import RevealReason
from ledger.people import reveal
from models.sealing import Keyring, Unsealable
from models.worker import Worker


def numbers_for(
    session: Session, keyring: Keyring, worker: Worker, reason: RevealReason, today: date
) -> tuple[str | None, str | None]:
    """ID number and telephone.

    Raises
    ------
    Problem
        409 for somebody whose data is only stored, who is not called, and for whom nothing is claimed: the number is
        there to be checked; or where a guardian has not agreed.
    """
    if worker.restricted and reason is not RevealReason.CHECK:
        raise conflict(
            "restricted",
            "该劳动力信息已限制使用",
            "本人已撤回同意或申请删除，信息只保存：不能再打电话联系或办理业务。本人前来查阅、更正时，请选“核对证件”。",
        )
    require_guardian(session, worker, today)
    numbers: tuple[str | None, str | None]
    try:
        numbers = reveal(session, keyring, worker)
    except Unsealable:
        numbers = (DELETED, DELETED)
    change = {"reason": reason.value}
    record(session, "reveal", "worker", worker.identity, region=worker.region, change=change)
    return numbers
