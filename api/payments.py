"""社保缴费名单 and 工资发放名单 beside the spells that we hold: compared, and what they prove kept as evidence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select as columns
from sqlmodel import Session, col, or_, select

from ledger.comparing.differing import differing
from ledger.comparing.oddities import WHAT_TO_DO, Odd, Row, oddities
from ledger.comparing.pairing import Comparison, Found, Theirs
from ledger.comparing.proving import Match, Paid, Proofs, Stretch, match
from ledger.comparing.spelling import firm_name
from ledger.comparing.values import MONTHS
from ledger.doubts.thresholds import Thresholds
from ledger.forms.proofs import paid_months
from ledger.intake.layouts import Line
from ledger.records.reported import Reported
from ledger.records.sealed import PERSON_FIELDS
from models.employer import Employer
from models.intake import Import, ImportKind, Standing
from models.spell import EmploymentSpell, EvidenceGrade
from models.worker import Worker

_BATCH = 5_000
_GRADES = list(EvidenceGrade)


@dataclass(frozen=True, slots=True)
class Held:
    """An accepted main spell as a stretch, with what evidence needs to know of it."""

    stretch: Stretch
    employer: str
    region: str
    observed_until: date | None


def compare_payments(
    session: Session,
    row: Import,
    lines: Sequence[tuple[int, Line]],
    theirs: Sequence[Theirs],
    limits: Thresholds,
) -> Comparison:
    """Who is paid where we know of no work, who works and is not paid, where months or names differ, and what can't be
    quite so."""
    held = spells_held(session, row, theirs)
    rows = paid_rows(row, lines, theirs)
    proofs = match((each.paid for each in rows), (each.stretch for each in held.values()))
    made = Comparison()
    told = {each.line: each.reported for each in theirs}
    names = _names(session, [found.worker_id for found in proofs.matches if found.worker_id])
    people: dict[object, bool] = {}
    for found in proofs.matches:
        finding = _finding(found, held, told, names)
        whose = found.worker_id or f"line {found.lines[0]}"
        people[whose] = people.get(whose, True) and finding is None
        if finding is not None:
            made.found.append(finding)
    made.found += [Found(Standing.ONLY_HERE, None, each) for each in _unpaid(proofs)]
    made.theirs, made.agreeing = len(people), sum(people.values())
    made.found += _to_look_at(odd_rows(row, rows, held, limits))
    return made


def odd_rows(row: Import, rows: Sequence[Row], held: dict[int, Held], limits: Thresholds) -> list[Odd]:
    """What can't be quite so in the rows of this list."""
    return oddities(
        rows,
        (each.stretch for each in held.values()),
        until=row.as_of,
        pay=row.kind is ImportKind.PAYROLL,
        least=limits.income_min,
        most=limits.income_max,
    )


def _to_look_at(odd: Iterable[Odd]) -> list[Found]:
    """One finding a line, with all that is odd about it."""
    found: dict[int, Found] = {}
    for each in odd:
        of_line = found.setdefault(each.line, Found(Standing.ODD, each.line, each.worker_id))
        of_line.differences[each.oddity.value] = (WHAT_TO_DO[each.oddity], each.said)
    return list(found.values())


def standing_on(row: Import) -> date | None:
    """The day of a roster, which tells who was there on it; None of a list of payments."""
    return row.as_of if row.kind is ImportKind.STAFF else None


def paid_rows(row: Import, lines: Sequence[tuple[int, Line]], theirs: Sequence[Theirs]) -> list[Row]:
    """The payments that the lines tell of; a line without months proves nothing and is compared all the same."""
    keys = {each.line: each.key for each in theirs}
    rows = []
    for number, line in lines:
        told = line.reported
        if told is None or number not in keys:
            continue
        key, uscc = keys[number], line.extra.get("uscc")
        firms = {firm_name(told.employer), *([str(uscc)] if uscc else [])} - {""}
        months = paid_months(dict(line.extra), standing_on(row))
        paid = Paid(number, key if isinstance(key, int) else None, frozenset(firms), months)
        field = "income" if row.kind is ImportKind.PAYROLL else "base"
        heading = line.headings.get(field)
        rows.append(
            Row(
                paid,
                line.extra.get(field),
                unread=any(each.column == heading for each in line.complaints),
                joined=line.extra.get("joined"),
                left=line.extra.get("left"),
            )
        )
    return rows


def spells_held(session: Session, row: Import, theirs: Iterable[Theirs]) -> dict[int, Held]:
    """The main spells in force of the list's region, and of whom else it names, by number."""
    named = sorted({each.key for each in theirs if isinstance(each.key, int)})
    found: dict[int, Held] = {}
    of_region = col(EmploymentSpell.origin_region).startswith(row.region, autoescape=True)
    stored_only = set(session.exec(select(Worker.id).where(col(Worker.restricted))))
    for at in range(0, max(len(named), 1), _BATCH):
        wanted = col(EmploymentSpell.worker_id).in_(named[at : at + _BATCH])
        rows = session.connection().execute(
            columns(
                col(EmploymentSpell.id),
                col(EmploymentSpell.worker_id),
                col(EmploymentSpell.started_on),
                col(EmploymentSpell.ended_on),
                col(EmploymentSpell.observed_until),
                col(Employer.name),
                col(Employer.uscc),
                col(EmploymentSpell.origin_region),
            )
            .join(Employer, col(Employer.id) == col(EmploymentSpell.employer_id))
            .where(
                col(EmploymentSpell.superseded_at).is_(None),
                col(EmploymentSpell.is_main),
                or_(of_region, wanted) if at == 0 else wanted,
            )
        )
        for spell_id, worker_id, first, last, seen, name, uscc, region in rows:
            if worker_id in stored_only:
                continue
            firms = frozenset({firm_name(name), *([uscc] if uscc else [])})
            stretch = Stretch(spell_id or 0, worker_id, firms, first, last)
            found[stretch.spell_id] = Held(stretch, name, region, seen)
    return found


def _finding(
    found: Match, held: dict[int, Held], told: dict[int, Reported], names: dict[int, str]
) -> Found | None:
    line = found.lines[0]
    if found.worker_id is None:
        return Found(Standing.ONLY_THERE, line)
    outside = _months(found.outside)
    if not found.inside:
        return Found(
            Standing.ONLY_THERE, line, found.worker_id,
            differences={"employer": (None, told[line].employer), MONTHS: (None, outside)},
        )  # fmt: skip
    ours = Reported(0, asked=told[line].asked, name=names.get(found.worker_id))
    differences = {
        field: pair
        for field, pair in differing(ours, told[line]).items()
        if field == "name" and field in PERSON_FIELDS
    }
    if outside:
        spans = tuple(_span(held[spell_id].stretch) for spell_id in sorted(found.inside))
        differences[MONTHS] = (spans, outside)
    return Found(Standing.DIFFERS, line, found.worker_id, differences=differences) if differences else None


def _unpaid(proofs: Proofs) -> list[int]:
    """Each person once, and none who is paid by the list for other work."""
    return list(dict.fromkeys(each.worker_id for each in proofs.unpaid))


def _months(months: Iterable[date]) -> tuple[str, ...]:
    return tuple(f"{month:%Y-%m}" for month in sorted(months))


def _span(stretch: Stretch) -> str:
    return f"{stretch.first:%Y-%m}至{stretch.last:%Y-%m}" if stretch.last else f"{stretch.first:%Y-%m}起"


def _names(session: Session, worker_ids: Sequence[int]) -> dict[int, str]:
    wanted = sorted(set(worker_ids))
    found: dict[int, str] = {}
    for at in range(0, len(wanted), _BATCH):
        rows = session.exec(
            select(Worker.id, Worker.name).where(col(Worker.id).in_(wanted[at : at + _BATCH]))
        )
        found |= {worker_id or 0: name for worker_id, name in rows}
    return found
