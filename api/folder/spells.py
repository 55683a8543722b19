"""workers.csv and spells.csv as the columns that stability rules are evaluated over."""

from array import array
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np

from api.folder.table import BLANK, NOT_COUNTED, Encode, Numbering, Rejected, Table, read_table
from api.folder.work import SPELLS_FILE, Recorded, fen, read_work
from ledger.forms.evidence import MARKS, ToldEvidence, read_evidence
from ledger.forms.exchange import WORKERS
from models.spell import EvidenceGrade, SpellKind
from outcomes.columns import (
    ARRANGEMENTS,
    DESTINATIONS,
    GRADES,
    KINDS,
    UNKNOWN,
    ProofColumns,
    SpellColumns,
)
from outcomes.days import BEFORE_ALL, Whole, number
from outcomes.overlaps import overlapping
from outcomes.spells import certificate_grade

WORKERS_FILE = "workers.csv"


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
    people, regions, evidence = Numbering(), Numbering(), Evidence()
    workers = _workers(folder / WORKERS_FILE, people, tell)
    table, recorded = read_work(folder / SPELLS_FILE, _encoders(people, regions, evidence), known_on, tell)
    table.arrange(np.lexsort((table.columns["first"], table.columns["worker_id"])))
    births = np.full(len(people), BEFORE_ALL)
    if workers is not None:
        birth = workers.columns["birth_date"]
        births[workers.columns["worker_id"]] = np.where(birth == BLANK, BEFORE_ALL, birth)
    overlap = overlapping(_columns(table, births, evidence, regions))
    table.leave_out(overlap, "started_on", f"与同一个人开始更早的另一条务工记录日期重叠{NOT_COUNTED}")
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
    table.leave_out_repeats("worker_id")
    table.rejected = [
        replace(each, reason=f"{each.reason}；这个人按出生日期未知计算")
        if each.column == "birth_date"
        else each
        for each in table.rejected
    ]
    return table


def _encoders(people: Numbering, regions: Numbering, evidence: Evidence) -> dict[str, Encode]:
    return {
        "worker_id": people,
        "employer_id": Numbering(),
        "region": regions,
        "monthly_income": fen,
        "kind": KINDS.__getitem__,
        "contract_months": int,
        "arrangement": ARRANGEMENTS.__getitem__,
        "destination": DESTINATIONS.__getitem__,
        "evidence": evidence,
    }


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
