"""删除: who is kept longer than the law asks for, and what becomes of somebody whose deletion a human approved."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, text
from sqlalchemy import select as sql_select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from ledger.consents.keeping import restrict
from models.application import Application
from models.benefit import BenefitClaim
from models.care import Contact
from models.consent import Consent
from models.erasure import Erasure, ErasureReason
from models.report import SpellReport
from models.spell import EmploymentSpell
from models.worker import PersonKey, Worker


class KeptByLaw(Exception):
    """What was paid or counted for this person must still be provable: stored, not deleted."""


class NotThere(Exception):
    """There is nothing left to delete."""


def _since(column: object, day: date) -> ColumnElement[bool]:
    return col(column) >= day


def due(day: date, years: int) -> ColumnElement[bool]:
    """Of a worker: nothing has happened for `years` on `day`: no work, application, call, claim or word of theirs."""
    begin = _years_before(day, years)
    mine = col(Worker.id)

    def of(column: object) -> ColumnElement[bool]:
        """Of the person, or of a record that was merged into theirs."""
        return col(column).in_(_records(mine))

    still = (
        exists().where(
            of(EmploymentSpell.worker_id),
            col(EmploymentSpell.superseded_at).is_(None),
            or_(
                col(EmploymentSpell.ended_on).is_(None),
                _since(EmploymentSpell.ended_on, begin),
                _since(EmploymentSpell.observed_until, begin),
            ),
        ),
        exists().where(
            of(Application.worker_id),
            or_(_since(Application.applied_on, begin), _since(Application.decided_on, begin)),
        ),
        exists().where(of(Contact.worker_id), _since(Contact.contacted_on, begin)),
        exists().where(of(SpellReport.worker_id), _since(SpellReport.reported_on, begin)),
        exists().where(of(Consent.worker_id), _since(Consent.told_on, begin)),
        exists().where(
            of(BenefitClaim.worker_id),
            or_(_since(BenefitClaim.opened_on, begin), _since(BenefitClaim.paid_on, begin)),
        ),
    )
    return and_(
        col(Worker.created_at) < begin,
        col(Worker.merged_into).is_(None),
        exists().where(col(PersonKey.worker_id) == mine),
        *(~each for each in still),
    )


def _years_before(day: date, years: int) -> date:
    # Of 29 February the day before it, in years that have none.
    return day.replace(year=day.year - years, day=28 if (day.month, day.day) == (2, 29) else day.day)


def erase(
    session: Session, worker: Worker, reason: ErasureReason, *, today: date, years: int, account_id: int
) -> Erasure:
    """Destroy the person's key and blank what stands in the clear, for good; figures that were frozen stay.

    Raises
    ------
    KeptByLaw, NotThere
        when the term is not over and there is something that must be proved; when it was deleted before.
    """
    session.refresh(worker, with_for_update=True)
    if session.get(PersonKey, worker.identity) is None:
        raise NotThere
    over = session.exec(select(Worker.id).where(Worker.id == worker.identity, due(today, years))).first()
    if over is None and (reason is ErasureReason.TERM or _must_be_proved(session, worker.identity)):
        raise KeptByLaw
    row = Erasure(
        worker_id=worker.identity,
        reason=reason,
        approved_on=today,
        approved_by=account_id,
        is_demo=worker.is_demo,
    )
    session.add(row)
    # What is under way ends first: nobody holds a seat or stands on a list who is not there any more.
    restrict(session, worker, today=today, account_id=account_id)
    session.connection().execute(text("SELECT erase_person(:id)"), {"id": worker.identity})
    session.expire_all()
    return row


def _records(worker_id: object) -> Select[Any]:
    """The person's record and those that were merged into it, whose calls and claims stay where they are."""
    record = aliased(Worker)
    mine = or_(col(record.id) == worker_id, col(record.merged_into) == worker_id)
    return sql_select(col(record.id)).where(mine).correlate(Worker)


def _must_be_proved(session: Session, worker_id: int) -> bool:
    records = _records(worker_id)
    worked = select(EmploymentSpell.id).where(col(EmploymentSpell.worker_id).in_(records))
    claimed = select(BenefitClaim.id).where(col(BenefitClaim.worker_id).in_(records))
    return any(session.exec(query.limit(1)).first() is not None for query in (worked, claimed))
