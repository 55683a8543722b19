"""What is known of people's work: the reports in force and the accepted spells, of some thousands of people at once."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import case
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from ledger.records.sealed import record_of
from models.bulk import among
from models.employer import Employer
from models.report import PART_OF_A_SPELL, Outcome, ReportDecision, SpellReport
from models.sealing import unseal
from models.spell import EmploymentSpell
from models.taxonomy import Industry

_SPELL: tuple[Any, ...] = (
    *(
        col(each)
        for each in (
            EmploymentSpell.id,
            EmploymentSpell.worker_id,
            EmploymentSpell.started_on,
            EmploymentSpell.ended_on,
            EmploymentSpell.precision,
            EmploymentSpell.region,
            EmploymentSpell.monthly_income,
            EmploymentSpell.channel,
            EmploymentSpell.point_to_point,
            EmploymentSpell.certificate,
            EmploymentSpell.post_kind,
        )
    ),
    col(Employer.name).label("employer"),
    col(Industry.name).label("industry"),
)


def reports_in_force(
    session: Session, keys: dict[int, bytes], ids: Sequence[int]
) -> dict[int, list[tuple[int, int | None, dict[str, Any]]]]:
    """By person the reports that nobody refused, oldest first: number, the spell each is part of, and what it tells."""
    decided = (
        select(ReportDecision.report_id, ReportDecision.spell_id, ReportDecision.outcome)
        .where(col(ReportDecision.reversed_at).is_(None))
        .subquery()
    )
    # A report that contradicts a spell names it too, but is no part of it; one that was refused is no record.
    of_spell = case((decided.c.outcome.in_(PART_OF_A_SPELL), decided.c.spell_id))
    rows = session.exec(
        select(SpellReport.id, SpellReport.worker_id, SpellReport.sealed_record, of_spell)
        .join(decided, decided.c.report_id == col(SpellReport.id), isouter=True)
        .where(
            among(SpellReport.worker_id, ids),
            col(SpellReport.superseded_at).is_(None),
            decided.c.outcome.is_distinct_from(Outcome.REFUSED),
        )
        .order_by(col(SpellReport.reported_on), col(SpellReport.id))
    )
    found: dict[int, list[tuple[int, int | None, dict[str, Any]]]] = defaultdict(list)
    for report_id, worker_id, sealed, spell_id in rows:
        key = keys.get(worker_id)
        if key is not None and report_id is not None:
            told = record_of(unseal(key, sealed, "spell_report.record"))
            found[worker_id].append((report_id, spell_id, told))
    return found


def accepted_spells(session: Session, ids: Sequence[int]) -> dict[int, list[tuple[int, dict[str, Any]]]]:
    """By person the main spells in force in the order of time: number, and its fields as a report has them."""
    rows = session.execute(
        columns(*_SPELL)
        .select_from(EmploymentSpell)
        .join(Employer, col(Employer.id) == col(EmploymentSpell.employer_id), isouter=True)
        .join(Industry, col(Industry.code) == col(EmploymentSpell.industry), isouter=True)
        .where(
            among(EmploymentSpell.worker_id, ids),
            col(EmploymentSpell.superseded_at).is_(None),
            col(EmploymentSpell.is_main),
        )
        .order_by(col(EmploymentSpell.started_on))
    )
    found: dict[int, list[tuple[int, dict[str, Any]]]] = defaultdict(list)
    for spell in rows:
        found[spell.worker_id].append(
            (
                spell.id,
                {
                    "started": spell.started_on,
                    "ended": spell.ended_on,
                    "precision": spell.precision,
                    "region": spell.region[:6] if spell.region else None,
                    "employer": spell.employer,
                    "income": Decimal(spell.monthly_income) if spell.monthly_income is not None else None,
                    "industry": spell.industry,
                    "channel": spell.channel,
                    "point_to_point": spell.point_to_point,
                    "certificate": spell.certificate,
                    "post_kinds": (spell.post_kind,) if spell.post_kind else None,
                },
            )
        )
    return found
