"""workers.csv and spells.csv as the columns that stability rules are evaluated over."""

from array import array
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np

from api.folder.table import BLANK, Encode, Numbering, Rejected, Table, read_table
from ledger.forms.cells import Unclear
from ledger.forms.evidence import MARKS, ToldEvidence, read_evidence
from ledger.forms.exchange import SPELLS, WORKERS
from models.spell import EvidenceGrade, Precision, SpellKind
from outcomes.columns import (
    ARRANGEMENTS,
    DESTINATIONS,
    GRADES,
    KINDS,
    MOST_INCOME,
    UNKNOWN,
    ProofColumns,
    SpellColumns,
)
from outcomes.days import BEFORE_ALL, NEVER, Mask, Whole, month_begins, months, number
from outcomes.overlaps import overlapping
from outcomes.spells import certificate_grade

WORKERS_FILE, SPELLS_FILE = "workers.csv", "spells.csv"
_NOT_COUNTED = "，没有计入，请核对"


class Evidence:
    """What the texts of the evidence column tell, one after the other: `__call__` reads one and numbers it."""

    def __init__(self) -> None:
        self._ends = array("q")
        self._pieces = array("q")

    def __call__(self, text: str) -> int:
        for piece in read_evidence(text):
            self._pieces.extend((GRADES[grade_of(piece)], number(piece.covers_from), number(piece.covers_to)))
        self._ends.append(len(self._pieces) // 3)
        return len(self._ends) - 1

    def of(self, told: Whole) -> ProofColumns:
        """The pieces of each spell, `told` the number of its text."""
        pieces = np.array(self._pieces, dtype=np.int64).reshape(-1, 3)
        ends = np.array(self._ends, dtype=np.int64)
        many = np.diff(ends, prepend=0)
        spells = np.flatnonzero(told != BLANK)
        which = told[spells]
        of = np.repeat(spells, many[which])
        nth = np.arange(len(of)) - np.repeat(np.cumsum(many[which]) - many[which], many[which])
        at = np.repeat(ends[which] - many[which], many[which]) + nth
        order = np.lexsort((pieces[at, 1], of))
        return ProofColumns(of[order], *(pieces[at[order], column] for column in range(3)))


@dataclass(frozen=True)
class Recorded:
    """Which rows are in force. `later` were recorded after the day asked about, `superseded` are corrected by another,
    `astray` correct a row that is not there."""

    in_force: Mask
    later: int
    superseded: int
    astray: int


@dataclass(frozen=True)
class Folder:
    """What a folder tells of people's work as it was known on a day.

    `workers` are the ids in the order of `columns.births`; `spells` counts the rows of spells.csv. `has_workers` is
    whether there is a workers.csv.
    """

    workers: list[str]
    columns: SpellColumns
    spells: int
    recorded: Recorded
    has_workers: bool
    unknown_columns: dict[str, tuple[str, ...]]
    rejected: list[Rejected]


def read_folder(folder: Path, known_on: date | None, tell: Callable[[int, int, str], None]) -> Folder:
    """Read both files; workers.csv may be absent, then nobody's birth date is known.

    Raises
    ------
    Unreadable, OSError
        when spells.csv cannot be read at all, or workers.csv is there and cannot.
    """
    people, regions, names, evidence = Numbering(), Numbering(), Numbering(), Evidence()
    workers = _workers(folder / WORKERS_FILE, people, tell)
    encoders = _encoders(people, names, regions, evidence)
    table = read_table(folder / SPELLS_FILE, SPELLS, encoders, tell)
    tell(0, 0, "核对务工记录")
    table.columns |= _days(table)
    _leave_out_contradictions(table)
    table.leave_out(
        _repeated(table.columns["spell_id"]), "spell_id", f"与前面一行的 spell_id 相同{_NOT_COUNTED}"
    )
    table.leave_out(_circular(table), "supersedes", f"几条记录互相更正{_NOT_COUNTED}")
    recorded = _recorded(table, known_on)
    table.keep(recorded.in_force)
    table.arrange(np.lexsort((table.columns["first"], table.columns["worker_id"])))
    births = np.full(len(people), BEFORE_ALL)
    if workers is not None:
        birth = workers.columns["birth_date"]
        births[workers.columns["worker_id"]] = np.where(birth == BLANK, BEFORE_ALL, birth)
    overlap = overlapping(_columns(table, births, evidence, regions))
    table.leave_out(overlap, "started_on", f"与同一个人开始更早的另一条务工记录日期重叠{_NOT_COUNTED}")
    both = [each for each in (workers, table) if each is not None]
    return Folder(
        workers=list(people),
        columns=_columns(table, births, evidence, regions),
        spells=table.read,
        recorded=recorded,
        has_workers=workers is not None,
        unknown_columns={each.name: each.unknown_columns for each in both},
        rejected=[rejected for each in both for rejected in sorted(each.rejected)],
    )


def _workers(path: Path, people: Numbering, tell: Callable[[int, int, str], None]) -> Table | None:
    if not path.exists():
        return None
    encoders: dict[str, Encode] = {"worker_id": people, "birth_date": number}
    table = read_table(path, WORKERS, encoders, tell)
    table.leave_out(
        _repeated(table.columns["worker_id"]), "worker_id", f"与前面一行的 worker_id 相同{_NOT_COUNTED}"
    )
    table.rejected = [
        replace(each, reason=f"{each.reason}；这个人按出生日期未知计算")
        if each.column == "birth_date"
        else each
        for each in table.rejected
    ]
    return table


def _encoders(
    people: Numbering, names: Numbering, regions: Numbering, evidence: Evidence
) -> dict[str, Encode]:
    return {
        "worker_id": people,
        "employer_id": Numbering(),
        "started_on": _day_or_month,
        "ended_on": _day_or_month,
        "observed_until": _day_or_month,
        "precision": lambda precision: int(precision is Precision.MONTH),
        "region": regions,
        "monthly_income": _fen,
        "kind": KINDS.__getitem__,
        "contract_months": int,
        "arrangement": ARRANGEMENTS.__getitem__,
        "destination": DESTINATIONS.__getitem__,
        "evidence": evidence,
        "spell_id": names,
        "supersedes": names,
        "recorded_on": number,
    }


def _day_or_month(value: tuple[date, Precision]) -> int:
    # The last bit tells that only the month is known.
    return 2 * number(value[0]) + (value[1] is Precision.MONTH)


def _fen(yuan: Decimal) -> int:
    fen = int((yuan * 100).to_integral_value())
    if fen > MOST_INCOME:
        raise Unclear("月收入超过1000万元，请核对单位（应为元/月）")
    return fen


def _days(table: Table) -> dict[str, Whole]:
    """First day, last day and the day of the last observation; whole months where only the month is known."""
    by_month = table.columns["precision"] == 1

    def day(name: str, *, last: bool, blank: int, whole: Mask) -> Whole:
        told = table.columns[name]
        days = np.where(told == BLANK, 0, told) >> 1
        month = months(days)
        edge = month_begins(month + 1) - 1 if last else month_begins(month)
        return np.where(told == BLANK, blank, np.where(((told & 1) == 1) | whole, edge, days))

    nowhere = np.zeros(len(by_month), bool)
    return {
        "first": day("started_on", last=False, blank=0, whole=by_month),
        "last": day("ended_on", last=True, blank=NEVER, whole=by_month),
        # Seen on a day is seen on that day, however exactly the spell is known.
        "observed": day("observed_until", last=True, blank=BEFORE_ALL, whole=nowhere),
    }


def _leave_out_contradictions(table: Table) -> None:
    columns = table.columns
    table.leave_out(columns["last"] < columns["first"], "ended_on", "结束日期早于开始日期，请核对")
    columns = table.columns
    seen_first = (columns["observed"] != BEFORE_ALL) & (columns["observed"] < columns["first"])
    table.leave_out(seen_first, "observed_until", "最后在岗的日期早于开始日期，请核对")


def _repeated(values: Whole) -> Mask:
    """Which values stood in an earlier row."""
    given = np.flatnonzero(values != BLANK)
    _, first = np.unique(values[given], return_index=True)
    repeated: Mask = values != BLANK
    repeated[given[first]] = False
    return repeated


def _corrections(table: Table) -> dict[int, int]:
    """The row that each correcting row corrects, UNKNOWN where it is not there."""
    names, corrects = table.columns["spell_id"], table.columns["supersedes"]
    named, correcting = np.flatnonzero(names != BLANK), np.flatnonzero(corrects != BLANK)
    row_of = np.full(max(names.max(initial=0), corrects.max(initial=0)) + 1, UNKNOWN)
    row_of[names[named]] = named
    return dict(zip(correcting.tolist(), row_of[corrects[correcting]].tolist(), strict=True))


def _circular(table: Table) -> Mask:
    """Rows that correct one another in a circle, or themselves: each corrects one, so a walk ends or comes round."""
    pairs = _corrections(table)
    circular = np.zeros(len(table.line), bool)
    done: set[int] = set()
    for start in pairs:
        walked: dict[int, None] = {}
        at: int | None = start
        while at is not None and at not in done and at not in walked:
            walked[at] = None
            at = pairs.get(at)
        if at in walked:
            path = list(walked)
            circular[[each for each in path[path.index(at) :] if each != UNKNOWN]] = True
        done.update(walked)
    return circular


def _recorded(table: Table, known_on: date | None) -> Recorded:
    """The rows in force are those that were recorded by `known_on` and that no other such row corrects."""
    recorded_on = table.columns["recorded_on"]
    known = np.ones(len(recorded_on), bool)
    if known_on is not None:
        # Nobody knows when a row without that day was recorded: it is taken as always known.
        known = (recorded_on == BLANK) | (recorded_on <= number(known_on))
    pairs = _corrections(table)
    out = np.zeros(len(known), bool)
    out[[row for by, row in pairs.items() if known[by] and row != UNKNOWN]] = True
    out &= known
    astray = sum(row == UNKNOWN for row in pairs.values())
    return Recorded(known & ~out, int((~known).sum()), int(out.sum()), astray)


def _columns(table: Table, births: Whole, evidence: Evidence, regions: Numbering) -> SpellColumns:
    columns = table.columns

    def known(name: str, unknown: int = UNKNOWN) -> Whole:
        return np.where(columns[name] == BLANK, unknown, columns[name])

    return SpellColumns(
        births=births,
        person=columns["worker_id"],
        first=columns["first"],
        last=columns["last"],
        observed=columns["observed"],
        kind=known("kind", KINDS[SpellKind.MARKET]),
        destination=known("destination"),
        arrangement=known("arrangement"),
        region=known("region"),
        employer=columns["employer_id"],
        income=known("monthly_income"),
        contract=known("contract_months"),
        proofs=evidence.of(columns["evidence"]),
        regions=tuple(regions),
        keys=table.line.tolist(),
    )


def grade_of(piece: ToldEvidence) -> EvidenceGrade:
    """What the piece proves: a certificate that lacks a mark no more than a statement."""
    if piece.grade is not EvidenceGrade.C:
        return piece.grade
    return certificate_grade(**{mark: mark in piece.marks for mark in MARKS})
