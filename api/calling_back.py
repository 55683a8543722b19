"""回电: whom somebody of the bureau is to call, and why; done when they were told or heard."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, select

from api.accounts import account_names
from api.errors import conflict
from api.messages.facts import facts_of
from api.miniprogram.saying import WISH
from api.presenting import DELETED, Presenter
from api.schemas.own_word import CallRequestPublic
from api.settings import Settings
from ledger.history import person_keys
from ledger.people import mask_phone, reveal
from models.base import now
from models.notice import CallRequest, CallWhy, Notice, NoticeState
from models.sealing import Keyring, Unsealable, unseal
from models.worker import Worker


def calls_public(
    session: Session, keyring: Keyring, present: Presenter, settings: Settings, rows: Sequence[CallRequest]
) -> list[CallRequestPublic]:
    """Calls with whom, about what, and what to tell."""
    ids = {row.worker_id for row in rows}
    people = {
        worker.identity: worker for worker in session.exec(select(Worker).where(col(Worker.id).in_(ids)))
    }
    keys = person_keys(session, keyring, ids)
    names = account_names(session, [number for row in rows for number in (row.done_by, row.caller_id)])
    return [
        CallRequestPublic(
            id=row.identity,
            worker_id=row.worker_id,
            worker=people[row.worker_id].name,
            region=present.known_place(people[row.worker_id].region),
            telephone=_phone(session, keyring, people[row.worker_id]),
            why=row.why,
            speaker=row.speaker,
            wish=_wish(row, keys.get(row.worker_id)),
            tell=_to_tell(session, settings, row),
            asked_on=row.asked_on,
            due_on=row.due_on,
            overdue_days=max(0, (present.today - row.due_on).days) if row.done_on is None else 0,
            caller=names.get(row.caller_id or 0),
            done_on=row.done_on,
            done_by=names.get(row.done_by or 0),
            is_demo=row.is_demo,
        )
        for row in rows
    ]


def finish_call(
    session: Session, settings: Settings, row: CallRequest, *, today: date, account_id: int
) -> None:
    """The person was called: what waited to be told by this call is told.

    Raises
    ------
    Problem
        409 when she was before.
    """
    session.refresh(row, with_for_update=True)
    if row.done_on is not None:
        raise conflict("already-done", "已经打过", "别人已经登记了这次回电，请刷新页面。")
    for notice in _untold(session, row):
        if facts_of(session, settings, notice) is None:
            notice.state, notice.channel = NoticeState.DROPPED, None
        else:
            notice.state, notice.sent_at = NoticeState.SENT, now()
        session.add(notice)
    row.done_on, row.done_by = today, account_id
    session.add(row)
    session.flush()
    session.refresh(row)


def _phone(session: Session, keyring: Keyring, worker: Worker) -> str | None:
    try:
        phone = reveal(session, keyring, worker)[1]
    except Unsealable:
        return None
    return mask_phone(phone) if phone else None


def _wish(row: CallRequest, key: bytes | None) -> str | None:
    if row.wish_sealed is None:
        return None
    try:
        return unseal(key, row.wish_sealed, WISH).decode() if key else DELETED
    except Unsealable:
        return DELETED


def _untold(session: Session, row: CallRequest) -> Sequence[Notice]:
    """What a call that is not done yet is to tell, the last first."""
    if row.why is not CallWhy.MESSAGE or row.done_on is not None:
        return []
    return session.exec(
        select(Notice)
        .where(Notice.worker_id == row.worker_id, Notice.state == NoticeState.CALLING)
        .order_by(col(Notice.id).desc())
    ).all()


def _to_tell(session: Session, settings: Settings, row: CallRequest) -> list[str]:
    """In words; what is not so any more is not told."""
    so = [each for each in _untold(session, row) if facts_of(session, settings, each) is not None]
    return list(dict.fromkeys(each.kind.label for each in so))
