"""How exactly the end of a record is known: of many ends a list told the month alone."""

from datetime import date

from sqlmodel import Session, col, select

from models.report import Outcome, ReportDecision, SpellReport
from models.spell import EmploymentSpell
from outcomes.calendar import month_end, month_start
from outcomes.told import eve


def may_be_told_exactly(session: Session, spell: EmploymentSpell, day: date) -> bool:
    """Whether `day` says more of the end than is recorded: a list told its month alone, and the day lies in that month.

    Such an end is recorded by the last day of the month, or of a month that was not over by the day of the list, or
    the day before it.
    """
    if spell.ended_on is None or month_start(spell.ended_on) != month_start(day):
        return False
    lists = session.exec(
        select(col(SpellReport.reported_on))
        .join(ReportDecision, col(ReportDecision.report_id) == col(SpellReport.id))
        .where(
            ReportDecision.spell_id == spell.id,
            col(ReportDecision.outcome).in_((Outcome.OPENS, Outcome.ENDS)),
            col(ReportDecision.reversed_at).is_(None),
        )
    ).all()
    return bool(lists) and spell.ended_on in (month_end(spell.ended_on), *lists, *map(eve, lists))
