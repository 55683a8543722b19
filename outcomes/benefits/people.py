"""The people and employers of the ledger as a benefit looks at them. Reads under the session's own scope."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from models.benefit import BenefitClaim, ClaimState
from models.bulk import among
from models.employer import Employer
from models.household import MONITORED, POVERTY_RELIEVED, HardshipPeriod
from models.pairing import Pairing
from models.spell import PROVES, EmploymentSpell, Evidence
from models.target import Population
from models.worker import Worker
from outcomes.benefits.benefit import Benefit
from outcomes.benefits.destinations import destination_of
from outcomes.benefits.employers import Firm, Hand
from outcomes.benefits.standing import Payment, Person
from outcomes.spells import Proof, Spell

_AT_ONCE = 5_000

Benefits = Mapping[str, Benefit]


def people_of(
    session: Session,
    benefits: Benefits,
    as_of: date,
    *,
    region: str = "",
    worker_ids: Iterable[int] | None = None,
) -> dict[int, Person]:
    """The people of a region who have any spell, or those named, by number; nobody merged or only stored.

    Populations are those of `as_of`.
    """
    wanted: list[ColumnElement[bool]] = [~col(Worker.restricted), col(Worker.merged_into).is_(None)]
    if worker_ids is not None:
        wanted.append(among(Worker.id, worker_ids))
    else:
        worked = exists().where(
            col(EmploymentSpell.worker_id) == col(Worker.id), col(EmploymentSpell.superseded_at).is_(None)
        )
        wanted += [col(Worker.region).startswith(region, autoescape=True), worked]
    rows = session.execute(
        columns(col(Worker.id), col(Worker.region), col(Worker.birth_date), col(Worker.household_id))
        .where(*wanted)
        .order_by(col(Worker.id))
    ).all()
    found: dict[int, Person] = {}
    paired = _paired(session, as_of)
    for at in range(0, len(rows), _AT_ONCE):
        some = rows[at : at + _AT_ONCE]
        ids = [row.id for row in some]
        homes = {row.id: row.region for row in some}
        spells = _spells(session, among(EmploymentSpell.worker_id, ids), homes, paired)
        payments = _payments(session, benefits, ids)
        groups = _populations(session, {row.household_id for row in some if row.household_id}, as_of)
        for row in some:
            found[row.id] = Person(
                row.region,
                row.birth_date,
                groups.get(row.household_id, frozenset()) | {Population.RURAL},
                tuple(spells.get(row.id, ())),
                tuple(payments.get(row.id, ())),
            )
    return found


def firms_of(session: Session, benefits: Benefits, as_of: date, rows: Sequence[Employer]) -> dict[int, Firm]:
    """Employers by number, with their workers as far as the session may see them."""
    ids = [row.identity for row in rows]
    spells = session.execute(
        _spell_columns()
        .add_columns(col(Worker.birth_date), col(Worker.household_id), col(Worker.region).label("home"))
        .join(Worker, col(Worker.id) == col(EmploymentSpell.worker_id))
        .where(
            col(EmploymentSpell.employer_id).in_(ids),
            *_IN_FORCE,
            ~col(Worker.restricted),
            col(Worker.merged_into).is_(None),
        )
        .order_by(col(EmploymentSpell.started_on))
    ).all()
    groups = _populations(session, {row.household_id for row in spells if row.household_id}, as_of)
    hands: dict[tuple[int, int], list[Spell]] = defaultdict(list)
    facts: dict[int, Any] = {}
    for row in spells:
        facts[row.worker_id] = row
        hands[row.employer_id, row.worker_id].append(_spell(row, row.home, {}, ()))
    of_firm: dict[int, list[Hand]] = defaultdict(list)
    for (employer_id, worker_id), theirs in hands.items():
        row = facts[worker_id]
        relieved = Population.POVERTY_RELIEVED in groups.get(row.household_id, frozenset())
        of_firm[employer_id].append(Hand(worker_id, row.birth_date, relieved, tuple(theirs)))
    claims = session.exec(
        select(BenefitClaim).where(
            col(BenefitClaim.employer_id).in_(ids), col(BenefitClaim.state) != ClaimState.REFUSED
        )
    )
    paid: dict[int, list[Payment]] = defaultdict(list)
    for claim in claims:
        if claim.benefit in benefits and claim.employer_id is not None:
            paid[claim.employer_id].append(
                Payment(benefits[claim.benefit], claim.year, claim.amount, claim.paid_on)
            )
    return {
        row.identity: Firm(
            row.kept_by,
            row.kind.value,
            row.opened_on,
            tuple(of_firm.get(row.identity, ())),
            tuple(paid.get(row.identity, ())),
        )
        for row in rows
    }


_IN_FORCE = (col(EmploymentSpell.superseded_at).is_(None), col(EmploymentSpell.is_main))


def _spell_columns() -> Any:
    names = (
        "id", "worker_id", "employer_id", "started_on", "ended_on", "observed_until", "precision", "kind", "region",
        "arrangement", "monthly_income", "contract_months",
    )  # fmt: skip
    return columns(*(getattr(EmploymentSpell, name) for name in names))


def _spells(
    session: Session, which: ColumnElement[bool], homes: Mapping[int, str], paired: Mapping[str, list[str]]
) -> dict[int, list[Spell]]:
    rows = session.execute(
        _spell_columns().where(which, *_IN_FORCE).order_by(col(EmploymentSpell.started_on))
    ).all()
    proofs: dict[int, list[Proof]] = defaultdict(list)
    for at in range(0, len(rows), _AT_ONCE):
        ids = [row.id for row in rows[at : at + _AT_ONCE]]
        for spell_id, grade, first, last in session.execute(
            columns(
                col(Evidence.spell_id),
                col(Evidence.grade),
                col(Evidence.covers_from),
                col(Evidence.covers_to),
            ).where(among(Evidence.spell_id, ids), PROVES)
        ):
            proofs[spell_id].append(Proof(grade, first, last))
    found: dict[int, list[Spell]] = defaultdict(list)
    for row in rows:
        found[row.worker_id].append(_spell(row, homes[row.worker_id], paired, proofs.get(row.id, ())))
    return found


def _spell(row: Any, home: str, paired: Mapping[str, list[str]], proofs: Iterable[Proof]) -> Spell:
    partners = [there for origin, theirs in paired.items() if home.startswith(origin) for there in theirs]
    return Spell(
        started_on=row.started_on,
        ended_on=row.ended_on,
        observed_until=row.observed_until,
        precision=row.precision,
        kind=row.kind,
        employer=row.employer_id,
        region=row.region,
        destination=destination_of(home, row.region, partners),
        arrangement=row.arrangement,
        monthly_income=row.monthly_income,
        contract_months=row.contract_months,
        evidence=tuple(proofs),
        key=row.id,
    )


def _paired(session: Session, as_of: date) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    rows = session.exec(
        select(Pairing).where(
            col(Pairing.valid_from) <= as_of,
            or_(col(Pairing.valid_until).is_(None), col(Pairing.valid_until) >= as_of),
        )
    )
    for row in rows:
        found[row.origin_region].append(row.destination_region)
    return found


def _payments(session: Session, benefits: Benefits, ids: Sequence[int]) -> dict[int, list[Payment]]:
    """Claims in force; those of a record that went up in another are that person's."""
    whose = func.coalesce(col(Worker.merged_into), col(Worker.id))
    rows = session.execute(
        columns(
            whose.label("person"),
            col(BenefitClaim.benefit),
            col(BenefitClaim.year),
            col(BenefitClaim.amount),
            col(BenefitClaim.paid_on),
        )
        .join(Worker, col(Worker.id) == col(BenefitClaim.worker_id))
        .where(whose.in_(ids), col(BenefitClaim.state) != ClaimState.REFUSED)
    )
    found: dict[int, list[Payment]] = defaultdict(list)
    for person, code, year, fen, paid_on in rows:
        if code in benefits:
            found[person].append(Payment(benefits[code], year, fen, paid_on))
    return found


def _populations(
    session: Session, household_ids: Iterable[int], as_of: date
) -> dict[int, frozenset[Population]]:
    found: dict[int, set[Population]] = defaultdict(set)
    rows = session.exec(
        select(HardshipPeriod).where(
            among(HardshipPeriod.household_id, household_ids),
            col(HardshipPeriod.from_on) <= as_of,
            or_(col(HardshipPeriod.to_on).is_(None), col(HardshipPeriod.to_on) >= as_of),
        )
    )
    for row in rows:
        if row.category in POVERTY_RELIEVED:
            found[row.household_id].add(Population.POVERTY_RELIEVED)
        if row.category in MONITORED and (row.risk_cleared_on is None or row.risk_cleared_on > as_of):
            found[row.household_id].add(Population.MONITORED)
    return {household: frozenset(groups) for household, groups in found.items()}
