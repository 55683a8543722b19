"""Two ledgers laid side by side: who is in one only, and in whom they differ. Pure: records in, findings out."""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from ledger.comparing.differing import Pair, another_stretch, differing, nearest
from ledger.identity.matching import plain_name
from ledger.records.reported import Reported
from ledger.records.sealed import HOUSEHOLD_FIELDS, PERSON_FIELDS
from models.intake import Standing

_OF_THE_PERSON = PERSON_FIELDS | HOUSEHOLD_FIELDS
_OF_A_STRETCH = (
    "working", "started", "ended", "employer", "region", "income", "industry", "channel", "point_to_point", "form",
    "post_kinds", "certificate",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Theirs:
    """A row of the other list. `key` is the person or household of ours that its number names; None: nobody's."""

    line: int
    reported: Reported
    key: Hashable | None = None
    birth_date: date | None = None


@dataclass(frozen=True, slots=True)
class Ours:
    """A person or household of ours, with a record for each stretch of work."""

    key: Hashable
    records: tuple[Reported, ...]
    worker_id: int | None = None
    household_id: int | None = None
    birth_date: date | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """One finding; `line` is their row, `worker_id` and `household_id` are ours."""

    standing: Standing
    line: int | None = None
    worker_id: int | None = None
    household_id: int | None = None
    differences: dict[str, Pair] = field(default_factory=dict)


@dataclass(slots=True)
class Comparison:
    """All findings, and how many people (or households) the other list has, and of how many both say the same."""

    found: list[Found] = field(default_factory=list)
    theirs: int = 0
    agreeing: int = 0


def compare(
    ours: Iterable[Ours],
    theirs: Sequence[Theirs],
    expected: Callable[[Ours], bool],
    apart: Collection[tuple[int, int]] = (),
) -> Comparison:
    """Compare a list with our ledger, which is gone through once.

    Parameters
    ----------
    ours
        everybody who may be meant, each once.
    expected
        whether one of ours ought to be in such a list; who is not in it is told only then.
    apart
        lines and people of ours of whom somebody has said that they are two.

    A row whose number is nobody's is held against those of the same name and birth date who are in the list under
    no number of theirs; where only one fits, they are the same person and the number is what differs.
    """
    made = Comparison()
    known: dict[Hashable, list[Theirs]] = defaultdict(list)
    strangers: dict[Hashable, list[Theirs]] = defaultdict(list)
    for row in theirs:
        if row.key is not None:
            known[row.key].append(row)
        else:
            strangers[_stranger(row)].append(row)
    alike: dict[Hashable, list[Ours]] = defaultdict(list)
    for each in ours:
        rows = known.pop(each.key, None)
        if rows is not None:
            _lay_beside(made, each, rows)
        elif (same := _namesake(each)) is not None and same in strangers:
            alike[same].append(each)
        elif expected(each):
            made.found.append(_missing(each))
    for same, candidates in alike.items():
        two = any((row.line, each.worker_id) in apart for row in strangers[same] for each in candidates)
        if len(candidates) == 1 and not two:
            _lay_beside(made, candidates[0], strangers.pop(same))
        else:
            made.found += [_missing(each) for each in candidates if expected(each)]
    for rows in (*strangers.values(), *known.values()):
        made.theirs += 1
        made.found += [Found(Standing.ONLY_THERE, row.line) for row in rows]
    return made


def _lay_beside(made: Comparison, ours: Ours, rows: Sequence[Theirs]) -> None:
    made.theirs += 1
    found: list[Found] = []
    told: set[str] = set()
    beside: list[Reported] = []
    for row in rows:
        record = nearest(ours.records, row.reported)
        if another_stretch(record, row.reported):
            found.append(_unknown_stretch(ours, row))
            continue
        beside.append(record)
        pairs = differing(record, row.reported)
        if row.key is not None:
            pairs.pop("id_number", None)  # another number that is known to be theirs
        # Of what several rows say of one person the first is told; work is told by each.
        fresh = {name: pair for name, pair in pairs.items() if name not in told}
        told |= pairs.keys() & _OF_THE_PERSON
        if fresh:
            found.append(Found(Standing.DIFFERS, row.line, ours.worker_id, ours.household_id, fresh))
    if any(row.reported.has_spell for row in rows):
        # A list of work that tells of the person and not of this work of theirs.
        lacking = [each for each in ours.records if each.working and each.has_spell]
        found += [
            Found(Standing.ONLY_HERE, None, ours.worker_id, ours.household_id, _told(each, ours=True))
            for each in lacking
            if not any(each is record for record in beside)
        ]
    made.found += found
    made.agreeing += not found


def _unknown_stretch(ours: Ours, row: Theirs) -> Found:
    differences = _told(row.reported, ours=False)
    return Found(Standing.ONLY_THERE, row.line, ours.worker_id, ours.household_id, differences)


def _told(record: Reported, *, ours: bool) -> dict[str, Pair]:
    """What one side says of a stretch of work that the other does not have."""
    said = {name: getattr(record, name) for name in _OF_A_STRETCH}
    return {
        name: (value, None) if ours else (None, value)
        for name, value in said.items()
        if value not in (None, ())
    }


def _missing(ours: Ours) -> Found:
    return Found(Standing.ONLY_HERE, None, ours.worker_id, ours.household_id)


def _stranger(row: Theirs) -> Hashable:
    """Rows of one stranger stand together; a row that says too little stands for itself."""
    told = row.reported
    if told.name and row.birth_date:
        return (plain_name(told.name), row.birth_date)
    return ("row", row.line)


def _namesake(ours: Ours) -> Hashable | None:
    name = ours.records[0].name if ours.records else None
    return (plain_name(name), ours.birth_date) if name and ours.birth_date else None
