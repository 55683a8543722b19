"""离岗未再就业: who has left and is at no work since, by when new posts are to be offered, and what makes it urgent."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, exists, func
from sqlalchemy import select as columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from models.application import Application, ApplicationState
from models.care import Contact, Found
from models.household import MONITORED, HardshipPeriod
from models.report import Outcome, ReportDecision, SpellReport
from models.spell import EmploymentSpell
from models.worker import Worker
from outcomes.due_calls import FOLLOWED

WITHIN_DAYS = 180
"""Who left longer ago is looked for in the ledger, not on this list."""

_OFFER_WITHIN = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Leaver:
    """Somebody who left. `offer_by` is the second day after it became known, by a call, or by a list of its day; `offered` the posts proposed since.

    `returned` 返乡回流: a call found the person at home again, without work. `at_risk` 返贫风险: of a household that is
    monitored, its risk not cleared.
    """

    worker_id: int
    spell_id: int
    left_on: date
    reason: str | None
    offer_by: date
    offered: int
    returned: bool
    at_risk: bool

    def late(self, as_of: date) -> bool:
        """Whether nothing was offered in time."""
        return not self.offered and as_of > self.offer_by


def ended_by_file(session: Session, import_id: int) -> set[int]:
    """Whose work in force a file has ended, by number: who came in as having left long ago is not among them."""
    rows = session.scalars(
        columns(col(SpellReport.worker_id))
        .join(ReportDecision, col(ReportDecision.report_id) == col(SpellReport.id))
        .where(
            col(SpellReport.import_id) == import_id,
            col(ReportDecision.outcome) == Outcome.ENDS,
            col(ReportDecision.reversed_at).is_(None),
        )
    )
    return set(rows)


def leavers(session: Session, region: str, as_of: date) -> list[Leaver]:
    """Those of a region who left within `WITHIN_DAYS` and are at no work on `as_of`: to whom nothing was offered first, of
    them who has waited longest; of those who wait alike the ones at risk of poverty, then those back home."""
    later = aliased(EmploymentSpell)
    other = exists().where(
        col(later.worker_id) == col(EmploymentSpell.worker_id),
        col(later.superseded_at).is_(None),
        col(later.is_main),
        col(later.started_on) <= as_of,
        (col(later.ended_on).is_(None)) | (col(later.ended_on) > col(EmploymentSpell.ended_on)),
    )
    told = (
        columns(
            func.coalesce(col(Worker.merged_into), col(Worker.id)).label("worker_id"),
            func.max(col(Contact.contacted_on)).label("known_on"),
            func.bool_or(col(Contact.returned_home)).label("returned"),
        )
        .join(Worker, col(Worker.id) == col(Contact.worker_id))
        .where(
            col(Contact.found) == Found.LEFT,
            col(Contact.contacted_on) <= as_of,
            col(Contact.contacted_on) > as_of - timedelta(days=WITHIN_DAYS),
        )
        .group_by(func.coalesce(col(Worker.merged_into), col(Worker.id)))
        .subquery()
    )
    listed = (
        columns(func.max(col(SpellReport.reported_on)))
        .select_from(ReportDecision)
        .join(SpellReport, col(SpellReport.id) == col(ReportDecision.report_id))
        .where(
            col(ReportDecision.spell_id) == col(EmploymentSpell.id),
            col(ReportDecision.outcome) == Outcome.ENDS,
            col(ReportDecision.reversed_at).is_(None),
            col(SpellReport.reported_on) <= as_of,
        )
        .scalar_subquery()
    )
    offered = (
        columns(func.count())
        .select_from(Application)
        .where(
            col(Application.worker_id) == col(EmploymentSpell.worker_id),
            col(Application.applied_on) >= col(EmploymentSpell.ended_on),
            # The way into the work that was left is no offer since.
            col(Application.state) != ApplicationState.STARTED,
            col(Application.applied_on) <= as_of,
        )
        .scalar_subquery()
    )
    rows: Any = session.execute(
        columns(
            col(EmploymentSpell.id), col(EmploymentSpell.worker_id), col(EmploymentSpell.ended_on),
            col(EmploymentSpell.leave_reason), told.c.known_on, told.c.returned, offered.label("offered"),
            listed.label("listed_on"),
            _monitored(as_of).label("at_risk"),
        )
        .join(Worker, col(Worker.id) == col(EmploymentSpell.worker_id))
        .join(told, told.c.worker_id == col(EmploymentSpell.worker_id), isouter=True)
        .where(
            col(EmploymentSpell.superseded_at).is_(None),
            col(EmploymentSpell.is_main),
            col(EmploymentSpell.kind).in_(FOLLOWED),
            col(EmploymentSpell.origin_region).startswith(region, autoescape=True),
            col(EmploymentSpell.ended_on) <= as_of,
            col(EmploymentSpell.ended_on) > as_of - timedelta(days=WITHIN_DAYS),
            ~col(Worker.restricted),
            col(Worker.merged_into).is_(None),
            ~other,
        )
    )  # fmt: skip
    found = [
        Leaver(
            row.worker_id,
            row.id,
            row.ended_on,
            row.leave_reason,
            max(row.ended_on, row.known_on or row.ended_on, row.listed_on or row.ended_on) + _OFFER_WITHIN,
            row.offered,
            bool(row.returned) and row.known_on >= row.ended_on,
            row.at_risk,
        )
        for row in rows
    ]
    found.sort(
        key=lambda each: (
            each.offered > 0,
            each.offer_by,
            each.left_on,
            not each.at_risk,
            not each.returned,
            each.worker_id,
        )
    )
    return found


def _monitored(day: date) -> Any:
    return exists().where(
        and_(
            col(HardshipPeriod.household_id) == col(Worker.household_id),
            col(HardshipPeriod.category).in_(MONITORED),
            col(HardshipPeriod.from_on) <= day,
            col(HardshipPeriod.to_on).is_(None) | (col(HardshipPeriod.to_on) >= day),
            col(HardshipPeriod.risk_cleared_on).is_(None) | (col(HardshipPeriod.risk_cleared_on) > day),
        )
    )
