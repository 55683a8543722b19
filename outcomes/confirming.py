"""双向核实: what each side found of a spell, whether it agrees with the record, and what waits to be looked at.

Nothing here is kept: who is to look, and where sides differ, follows from the spells and what was found.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select as columns
from sqlalchemy import text
from sqlmodel import Session, and_, col, func, or_, select

from models.bulk import among
from models.confirmation import ConfirmedBy, ConfirmingSide, SpellConfirmation, StillThere
from models.spell import EmploymentSpell, EvidenceGrade, Precision, ProofKind
from outcomes.calendar import month_start

_NAMED = text("SELECT spell_id FROM names_at_work(CAST(:ids AS bigint[]))")
_LOOKED_AT = text(
    "WITH RECURSIVE standing AS (SELECT spell_id AS id FROM spell_confirmation UNION SELECT spell.superseded_by "
    "FROM employment_spell spell JOIN standing ON spell.id = standing.id WHERE spell.superseded_by IS NOT NULL) "
    "SELECT id FROM standing"
)
"""The spells at which somebody looked, and those that stand in their place now."""

_MET = timedelta(days=31)
_HERE = (ConfirmingSide.DESTINATION, ConfirmingSide.STATION)
"""The sides that look where the work is."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one side found on one day."""

    side: ConfirmingSide
    found: StillThere
    found_on: date


@dataclass(frozen=True, slots=True)
class Whose:
    """People of `origin` who work in `place`; an empty place is any, and none."""

    origin: str
    place: str

    def holds(self, spell: EmploymentSpell) -> bool:
        """Whether a spell is one of theirs."""
        return spell.origin_region.startswith(self.origin) and (spell.region or "").startswith(self.place)

    def within(self, region: str, side: ConfirmingSide) -> "Whose | None":
        """Those of a region, of their home or of their place of work, as the side counts; None where there is nobody."""
        own = self.origin if side is ConfirmingSide.ORIGIN else self.place
        if not (own.startswith(region) or region.startswith(own)):
            return None
        smaller = max(own, region, key=len)
        return Whose(smaller, self.place) if side is ConfirmingSide.ORIGIN else Whose(self.origin, smaller)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A spell that one side is to look at. `against`: the findings that the record contradicts."""

    spell: EmploymentSpell
    findings: Mapping[ConfirmingSide, Finding]
    against: tuple[Finding, ...]


def grade_of(side: ConfirmingSide, means: ConfirmedBy) -> EvidenceGrade:
    """C where the place of work or the station met the person at work; what was only heard is D."""
    return EvidenceGrade.C if side in _HERE and means is ConfirmedBy.ON_SITE else EvidenceGrade.D


def kind_of(grade: EvidenceGrade) -> ProofKind:
    """What a finding of this grade is as evidence: somebody saw the person, or somebody said so."""
    return ProofKind.SIGHTING if grade is EvidenceGrade.C else ProofKind.STATEMENT


def proves(
    side: ConfirmingSide, means: ConfirmedBy, since: date | None, found_on: date
) -> list[tuple[EvidenceGrade, date]]:
    """The grade, and from which day on, of what a finding at work proves until its own day.

    Who was met once was not met a season long: what lies further back than the days of `_MET` was heard.
    """
    begins, grade = since or found_on, grade_of(side, means)
    if grade is EvidenceGrade.D or found_on - begins <= _MET:
        return [(grade, begins)]
    return [(grade, found_on), (EvidenceGrade.D, begins)]


def days_of(spell: EmploymentSpell) -> tuple[date, date | None]:
    """The first and the last day of a spell."""
    return first_day(spell.started_on, spell.precision), spell.ended_on


def first_day(started_on: date, precision: Precision) -> date:
    """The first day, or the first of its month where only the month is known."""
    return started_on if precision is Precision.DAY else month_start(started_on)


def contradicted(finding: Finding, first: date, last: date | None) -> bool:
    """Whether the record says otherwise: at work where it has no work, or not at work where it has."""
    recorded = first <= finding.found_on and (last is None or finding.found_on <= last)
    if finding.found is StillThere.UNKNOWN:
        return False
    return recorded != (finding.found is StillThere.AT_WORK)


def latest(findings: Iterable[Finding]) -> dict[ConfirmingSide, Finding]:
    """What each side knows: its latest finding, one that found out nothing only where there is no other."""
    found: dict[ConfirmingSide, Finding] = {}
    for each in findings:
        before = found.get(each.side)
        if before is not None and each.found is StillThere.UNKNOWN:
            continue
        if before is None or before.found is StillThere.UNKNOWN or each.found_on >= before.found_on:
            found[each.side] = each
    return found


def waits(
    side: ConfirmingSide,
    findings: Mapping[ConfirmingSide, Finding],
    against: Sequence[Finding],
    *,
    observed_until: date,
    since: date,
) -> bool:
    """Whether `side` is to look: the home county at what contradicts the record, and at whom nobody has seen since
    `since`; the other two at whom neither has met since then, and where another side has found otherwise since."""
    if side is ConfirmingSide.ORIGIN:
        return bool(against) or observed_until < since
    own = max(
        (each.found_on for each in findings.values() if each.side in _HERE and _told(each)), default=None
    )
    if own is None or own < since:
        return True
    return any(each.side not in _HERE and each.found_on >= own for each in against)


def confirmations(session: Session, spell_ids: Collection[int]) -> dict[int, list[SpellConfirmation]]:
    """What was found of these spells and of those in whose place they stand, in the order of the days."""
    heirs = {number: number for number in spell_ids}
    while heirs:
        rows = session.execute(
            columns(col(EmploymentSpell.id), col(EmploymentSpell.superseded_by)).where(
                # There are few of them; a list is compared one by one.
                col(EmploymentSpell.superseded_by).is_not(None),
                among(EmploymentSpell.superseded_by, heirs),
                ~among(EmploymentSpell.id, heirs),
            )
        ).all()
        if not rows:
            break
        heirs |= {int(old or 0): heirs[int(new or 0)] for old, new in rows}
    found: dict[int, list[SpellConfirmation]] = defaultdict(list)
    query = select(SpellConfirmation).where(among(SpellConfirmation.spell_id, heirs))
    for row in session.exec(query.order_by(col(SpellConfirmation.found_on), col(SpellConfirmation.id))):
        found[heirs[row.spell_id]].append(row)
    return found


def finding_of(row: SpellConfirmation) -> Finding:
    """A row as a finding."""
    return Finding(row.side, row.found, row.found_on)


def waiting(
    session: Session,
    side: ConfirmingSide,
    whose: Sequence[Whose],
    today: date,
    every: int,
    *,
    differing: bool = False,
) -> list[Waiting]:
    """The spells of those people that `side` is to look at; with `differing` only those that a finding contradicts,
    without reading all the others.

    Those first where the record is contradicted, then whom nobody has seen for longest.
    """
    if not whose:
        return []
    since, listed = today - timedelta(days=every), []
    spells = _spells(session, side, whose, today, since, differing)
    found = confirmations(session, [spell.identity for spell in spells])
    for spell in spells:
        findings = latest(map(finding_of, found.get(spell.identity, ())))
        first, last = days_of(spell)
        against = tuple(each for each in findings.values() if contradicted(each, first, last))
        observed = spell.observed_until or spell.started_on
        over = last is not None and last <= today
        if (over or differing) and not against:
            continue
        if waits(side, findings, against, observed_until=observed, since=since):
            listed.append(Waiting(spell, findings, against))
    return sorted(
        listed,
        key=lambda each: (
            not each.against,
            each.spell.observed_until or each.spell.started_on,
            each.spell.identity,
        ),
    )


def _told(finding: Finding) -> bool:
    return finding.found is not StillThere.UNKNOWN


def _spells(
    session: Session,
    side: ConfirmingSide,
    whose: Sequence[Whose],
    today: date,
    since: date,
    differing: bool,
) -> list[EmploymentSpell]:
    """Main spells in force that go on, and those at which somebody looked; for the home county not those that
    were seen since and at which nobody looked; with `differing` only those at which
    somebody looked."""
    home, place = col(EmploymentSpell.origin_region), col(EmploymentSpell.region)
    theirs = (
        and_(
            home.startswith(each.origin, autoescape=True),
            place.startswith(each.place, autoescape=True) if each.place else True,
        )
        for each in whose
    )
    looked_at = col(EmploymentSpell.id).in_(_LOOKED_AT)
    query = select(EmploymentSpell).where(
        col(EmploymentSpell.superseded_at).is_(None),
        col(EmploymentSpell.is_main),
        EmploymentSpell.started_on <= today,
        or_(col(EmploymentSpell.ended_on).is_(None), col(EmploymentSpell.ended_on) > today, looked_at),
        or_(*theirs),
    )
    if differing:
        query = query.where(looked_at)
    elif side is ConfirmingSide.ORIGIN:
        seen = func.coalesce(EmploymentSpell.observed_until, EmploymentSpell.started_on)
        query = query.where(or_(seen < since, looked_at))
    rows = session.exec(query.order_by(col(EmploymentSpell.id))).all()
    # Who is not to be looked for, because her data is only stored, has no name there.
    ids = [row.identity for row in rows]
    named = set(session.connection().scalars(_NAMED, {"ids": ids}))
    return [row for row in rows if row.id in named]
