"""What a person is to be told of is written to the outbox in the transaction in which it comes about, whoever brings it about:
a proposal, an interview, an offer, a place in a batch, another day of leaving, a payment. What she did herself she knows."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import inspect, select, update
from sqlmodel import Session

from api.outbox import enqueue
from models.application import Application, ApplicationEvent, ApplicationState
from models.benefit import BenefitClaim, ClaimEvent, ClaimState
from models.dispatch import Dispatch, DispatchMember
from models.notice import Notice, NoticeState
from models.wechat import MessageKind

TOPIC = "notice"
SPEAKS_FOR = "speaks_for"
"""Where a session keeps for whom alone it speaks, by the mini-program's door."""

_OF_STATE = {
    ApplicationState.PROPOSED: MessageKind.NEW_MATCH,
    ApplicationState.SHORTLISTED: MessageKind.INTERVIEW,
    ApplicationState.OFFERED: MessageKind.OFFER,
}


def notice_flushed(session: Session, new: list[Any], changed: list[Any]) -> None:
    """Look at rows that were just written."""
    if session.info.get(SPEAKS_FOR) is not None:
        return
    for row in changed:
        if isinstance(row, Dispatch) and _leaves_otherwise(row):
            _tell_anew(session, row.identity, _members(session, row.identity))
    for row in new:
        if isinstance(row, ApplicationEvent) and row.to_state in _OF_STATE:
            _tell(
                session,
                _OF_STATE[row.to_state],
                _owner(session, Application, row.application_id),
                row.application_id,
            )
        elif isinstance(row, DispatchMember):
            # Also of who was taken off the list and is put on it again.
            _tell_anew(session, row.dispatch_id, [row.worker_id])
        elif (
            isinstance(row, ClaimEvent)
            and row.to_state is ClaimState.PAID
            and row.from_state != ClaimState.PAID
        ):
            _tell(
                session, MessageKind.BENEFIT_PAID, _owner(session, BenefitClaim, row.claim_id), row.claim_id
            )


def _leaves_otherwise(row: Dispatch) -> bool:
    """What its people were told of a batch is not so any more."""
    attributes = inspect(row).attrs
    return any(
        history.deleted and history.added != history.deleted
        for history in (attributes[name].history for name in ("departs_on", "destination"))
    )


def _members(session: Session, dispatch_id: int) -> Iterable[int]:
    rows = DispatchMember.__table__  # type: ignore[attr-defined]
    found = select(rows.c.worker_id).where(rows.c.dispatch_id == dispatch_id, rows.c.departed.is_(None))
    return session.connection().scalars(found).all()


def _tell_anew(session: Session, dispatch_id: int, worker_ids: Iterable[int]) -> None:
    """Of a batch, also those who were told something of it before."""
    ids = list(worker_ids)
    rows = Notice.__table__  # type: ignore[attr-defined]
    session.connection().execute(
        update(rows)
        .where(
            rows.c.kind == MessageKind.START_DATE,
            rows.c.subject == dispatch_id,
            rows.c.worker_id.in_(ids),
        )
        .values(
            state=NoticeState.WAITING, channel=None, sent_at=None, beside_at=None, code=None,
            round=rows.c.round + 1,
        )
    )  # fmt: skip
    for worker_id in ids:
        _tell(session, MessageKind.START_DATE, worker_id, dispatch_id)


def _tell(session: Session, kind: MessageKind, worker_id: int | None, subject: int) -> None:
    if worker_id is not None:
        enqueue(session, TOPIC, {"kind": kind.value, "worker_id": worker_id, "subject": subject})


def _owner(session: Session, table: type[Application] | type[BenefitClaim], number: int) -> int | None:
    rows = table.__table__  # type: ignore[union-attr]
    return session.connection().scalar(select(rows.c.worker_id).where(rows.c.id == number))
