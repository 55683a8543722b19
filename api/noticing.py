"""What a person is to be told of is written to the outbox in the transaction in which it comes about, whoever brings it about:
a proposal, an interview, an offer, a place in a batch, a payment. What she did herself she knows."""

from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from api.outbox import enqueue
from models.application import Application, ApplicationEvent, ApplicationState
from models.benefit import BenefitClaim, ClaimEvent, ClaimState
from models.dispatch import DispatchMember
from models.wechat import MessageKind

TOPIC = "notice"
SPEAKS_FOR = "speaks_for"
"""Where a session keeps for whom alone it speaks, by the mini-program's door."""

_OF_STATE = {
    ApplicationState.PROPOSED: MessageKind.NEW_MATCH,
    ApplicationState.SHORTLISTED: MessageKind.INTERVIEW,
    ApplicationState.OFFERED: MessageKind.OFFER,
}


def notice_flushed(session: Session, rows: list[Any]) -> None:
    """Look at rows that were just written."""
    if session.info.get(SPEAKS_FOR) is not None:
        return
    for row in rows:
        if isinstance(row, ApplicationEvent) and row.to_state in _OF_STATE:
            _tell(
                session,
                _OF_STATE[row.to_state],
                _owner(session, Application, row.application_id),
                row.application_id,
            )
        elif isinstance(row, DispatchMember):
            _tell(session, MessageKind.START_DATE, row.worker_id, row.dispatch_id)
        elif (
            isinstance(row, ClaimEvent)
            and row.to_state is ClaimState.PAID
            and row.from_state != ClaimState.PAID
        ):
            _tell(
                session, MessageKind.BENEFIT_PAID, _owner(session, BenefitClaim, row.claim_id), row.claim_id
            )


def _tell(session: Session, kind: MessageKind, worker_id: int | None, subject: int) -> None:
    if worker_id is not None:
        enqueue(session, TOPIC, {"kind": kind.value, "worker_id": worker_id, "subject": subject})


def _owner(session: Session, table: type[Application] | type[BenefitClaim], number: int) -> int | None:
    rows = table.__table__  # type: ignore[union-attr]
    return session.connection().scalar(select(rows.c.worker_id).where(rows.c.id == number))
