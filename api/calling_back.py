"""回电: whom somebody of the bureau is to call, and why; done when they were told or heard."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, select

from api.accounts import account_names
from api.errors import conflict
from api.miniprogram.saying import WISH
from api.presenting import DELETED, Presenter
from api.schemas.own_word import CallRequestPublic
from ledger.history import person_keys
from ledger.people import mask_phone, reveal
from models.notice import CallRequest, CallWhy, Notice, NoticeState
from models.sealing import Keyring, Unsealable, unseal
from models.worker import Worker


def calls_public(
    session: Session, keyring: Keyring, present: Presenter, rows: Sequence[CallRequest]
) -> list[CallRequestPublic]:
    """Calls with whom, about what, and what to tell."""
    ids = {row.worker_id for row in rows}
    people = {
        worker.identity: worker for worker in session.exec(select(Worker).where(col(Worker.id).in_(ids)))
    }
    keys = person_keys(session, keyring, ids)
    names = account_names(session, [row.done_by for row in rows])
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
            tell=_to_tell(session, row),
            asked_on=row.asked_on,
            due_on=row.due_on,
            overdue_days=max(0, (present.today - row.due_on).days) if row.done_on is None else 0,
            done_on=row.done_on,
            done_by=names.get(row.done_by or 0),
            is_demo=row.is_demo,
        )
        for row in rows
    ]


def finish_call(session: Session, row: CallRequest, *, today: date, account_id: int) -> None:
    """The person was called.

    Raises
    ------
    Problem
        409 when she was before.
    """
    session.refresh(row, with_for_update=True)
    if row.done_on is not None:
        raise conflict("already-done", "已经打过", "别人已经登记了这次回电，请刷新页面。")
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


def _to_tell(session: Session, row: CallRequest) -> list[str]:
    if row.why is CallWhy.ASKED:
        return []
    since = row.created_at if row.done_on is not None else None
    found = session.exec(
        select(Notice)
        .where(Notice.worker_id == row.worker_id, Notice.state == NoticeState.CALLING)
        .order_by(col(Notice.id).desc())
        .limit(20)
    ).all()
    return [] if since else list(dict.fromkeys(each.kind.label for each in found))
