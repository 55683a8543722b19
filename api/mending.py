"""An accepted spell that says what a list says; the record of changes names the line of the file."""

from collections.abc import Set
from datetime import date

from sqlmodel import Session

from api.audit import IMPORT
from api.employers import Firms, employer_named
from api.placing import correct
from api.reporting import industries, known_places
from ledger.records.reported import Reported
from models.intake import Import
from models.spell import EmploymentSpell, Precision
from outcomes.calendar import month_end, month_start

_AS_TOLD = ("channel", "point_to_point", "certificate")


def mend_spell(
    session: Session, row: Import, line: int, spell_id: int, told: Reported, fields: Set[str], today: date
) -> None:
    """Let the spell's `fields` be as told. Other days put it out of force and open the one in its place.

    Raises
    ------
    Problem
        409 or 422 where the spell cannot have these days.
    """
    session.info[IMPORT] = (row.identity, line)
    spell = session.get_one(EmploymentSpell, spell_id)
    if {"started", "ended"} & fields:
        spell = _other_days(session, row, spell, told, fields, today)
    if "region" in fields and known_places(session, [told]):
        spell.region = told.region
    place = spell.region or told.region
    if "employer" in fields and employer_named(told.employer) and place:
        firms = Firms(session, {told.employer or ""}, row.region)
        firm, _ = firms.take(told.employer or "", place, is_demo=spell.is_demo)
        firms.write()
        spell.employer_id = firm.number
    if "income" in fields and told.income is not None:
        spell.monthly_income = int(told.income.to_integral_value())
    if "industry" in fields and (code := industries(session).get((told.industry or "").strip())):
        spell.industry = code
    if "post_kinds" in fields:
        spell.post_kind = "、".join(told.post_kinds)[:40] or None
    for name in _AS_TOLD:
        if name in fields:
            setattr(spell, name, getattr(told, name))
    session.add(spell)
    session.flush()
    session.info.pop(IMPORT, None)


def _other_days(
    session: Session, row: Import, spell: EmploymentSpell, told: Reported, fields: Set[str], today: date
) -> EmploymentSpell:
    by_month = told.precision is Precision.MONTH
    started, ended = spell.started_on, spell.ended_on
    if "started" in fields and told.started is not None:
        started = month_start(told.started) if by_month else told.started
    if "ended" in fields and told.ended is not None:
        ended = min(month_end(told.ended), today) if by_month else told.ended
    reason = f"两本账对账，按“{row.file_name}”更正"
    return correct(session, spell, started_on=started, ended_on=ended, reason=reason, today=today)
