"""两本账对账: a staged list beside our ledger, as a job; what the last comparison found and nobody settled gives way."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import select as columns
from sqlalchemy import text
from sqlmodel import Session, col, select

from api.jobs.running import JobFailed, Running
from api.payments import compare_payments
from ledger.comparing.pairing import Comparison, Found, Ours, Theirs, compare
from ledger.comparing.populations import away_only, expected
from ledger.comparing.values import plain_pairs
from ledger.doubts.thresholds import Thresholds
from ledger.identity.duplicates import Possible, keep_for_import
from ledger.identity.likeness import near, plain_number
from ledger.identity.matching import find_people, find_recoded
from ledger.intake.columns import fitting
from ledger.intake.context import ever_assigned
from ledger.intake.layouts import Line
from ledger.intake.lines import Reader, staged_lines
from ledger.intake.sealing import key_of
from ledger.records.own import Own, own_households, own_records
from ledger.records.reported import Reported
from models.base import now
from models.bulk import insert_rows
from models.id_number import InvalidIdNumber, read_id_number
from models.identity import Likeness, PossibleDuplicate, Verdict
from models.intake import (
    PROOF_KINDS,
    ComparisonRow,
    Import,
    ImportKind,
    ImportPurpose,
    ImportState,
    LineStatus,
)
from models.sealing import Keyring, seal
from models.worker import Worker

KIND = "compare"
CONTEXT = "comparison_row.differences"
_ONE_BY_ONE = 100
"""Up to so many lines are fetched each by itself; of more the file is walked through."""

_EVERY: tuple[LineStatus | None, ...] = (None, *LineStatus)
_NOT_READY = "文件还没有读完或表头还没有对应，请先在导入页办完，再对账。"


def compare_import(job: Running) -> dict[str, Any]:
    """Compare one list; done in one transaction, so that a job that is run again begins anew.

    Raises
    ------
    JobFailed
        when the list cannot be compared; the message says what to do first.
    """
    import_id = int(job.argument["import_id"])
    with job.transaction() as (session, _):
        row = session.get_one(Import, import_id, with_for_update=True)
        if row.purpose is not ImportPurpose.COMPARE or row.state is not ImportState.READY or row.kind is None:
            raise JobFailed(_NOT_READY)
        key = key_of(job.keyring, row)
        lines, unread = _read(job, session, row, key)
        demonstration = job.settings.demonstration
        theirs = identified(
            session, job.keyring, lines, today=job.settings.today(), demonstration=demonstration
        )
        job.progress(len(lines), len(lines), "正在与本台账逐人对照", now=True)
        if row.kind in PROOF_KINDS:
            made = compare_payments(session, row, lines, theirs, Thresholds.of(job.settings.doubt_thresholds))
        else:
            ours = _ours(session, job.keyring, row, theirs)
            made = compare(ours, theirs, expected(row.kind, theirs, row.as_of), _apart(session, import_id))
            keep_for_import(session, import_id, _slips(made))
        _write(session, key, row, made)
        row.counts = _sums(row, made, unread, theirs)
        session.add(row)
    return {"link": f"/comparisons/{import_id}", "found": len(made.found)}


def _apart(session: Session, import_id: int) -> set[tuple[int, int]]:
    """Lines and people of whom somebody has said that they are two."""
    rows = session.exec(
        select(PossibleDuplicate.import_line, PossibleDuplicate.worker_id).where(
            PossibleDuplicate.import_id == import_id, PossibleDuplicate.verdict == Verdict.DIFFERENT
        )
    )
    return {(line, worker_id) for line, worker_id in rows if line is not None}


def _slips(made: Comparison) -> list[Possible]:
    """Of one name and birth date, and numbers that differ by a slip: somebody has to say whether they are one person."""
    found = []
    for each in made.found:
        if each.line is None or each.worker_id is None or "id_number" not in each.differences:
            continue
        ours, theirs = (plain_number(number or "") for number in each.differences["id_number"])
        if not ours:
            found.append(Possible(each.line, each.worker_id, Likeness.NO_NUMBER))
        elif near(ours, theirs):
            found.append(Possible(each.line, each.worker_id, Likeness.NUMBER_SLIP))
    return found


def read_lines(
    session: Session, row: Import, key: bytes, *, only: Collection[int] | None = None
) -> Iterator[tuple[int, Line]]:
    """The lines of a list as they are read, all or `only` these; those above the headings are none."""
    for number, line in _lines(session, row, key, only):
        if not line.skipped:
            yield number, _of_a_person(line) if row.kind in PROOF_KINDS else line


def _lines(
    session: Session, row: Import, key: bytes, only: Collection[int] | None
) -> Iterator[tuple[int, Line]]:
    reader, after = Reader(row.sheets, key), 0
    if only is not None and len(only) <= _ONE_BY_ONE:
        for line in sorted(set(only)):
            yield from reader.read(
                staged_lines(session, row.identity, after=line - 1, statuses=_EVERY, count=1)
            )
        return
    wanted = None if only is None else set(only)
    while staged := staged_lines(session, row.identity, after=after, statuses=_EVERY):
        after = staged[-1][0]
        yield from reader.read([each for each in staged if wanted is None or each[0] in wanted])


def _of_a_person(line: Line) -> Line:
    """A row of payments as a record: whose they are, and who paid."""
    if line.reported is not None or any(each.refused for each in line.complaints):
        return line
    told: dict[str, Any] = {
        name: line.extra.get(name) for name in ("name", "id_number", "employer", "income")
    }
    return replace(line, reported=Reported(0, asked=frozenset(told), **told))


def identified(
    session: Session,
    keyring: Keyring,
    lines: Sequence[tuple[int, Line]],
    *,
    today: date,
    demonstration: bool,
) -> list[Theirs]:
    """Whom each line names: by the number, by a former number, or a household by its own."""
    numbers: dict[int, str] = {}
    births: dict[int, date | None] = {}
    for number, line in lines:
        told = line.reported
        births[number] = line.extra.get("birth_date")
        if told is None or told.id_number is None:
            continue
        try:
            read = read_id_number(
                told.id_number, ever_assigned=ever_assigned, born_by=today, demonstration=demonstration
            )
        except InvalidIdNumber:
            continue
        numbers[number], births[number] = read.number, read.birth_date
    people = find_people(session, keyring, list(numbers.values()))
    strange = [
        (numbers[number], line.reported.name or "")
        for number, line in lines
        if line.reported is not None and number in numbers and numbers[number] not in people
    ]
    people |= find_recoded(session, keyring, strange)
    return [
        Theirs(
            number,
            fitting(line.reported)[0],
            _key(line.reported, people.get(numbers.get(number, ""))),
            births[number],
        )
        for number, line in lines
        if line.reported is not None
    ]


def _key(told: Reported, worker_id: int | None) -> object:
    if told.name is None and told.id_number is None:
        return ("household", told.household)
    return worker_id


def _read(job: Running, session: Session, row: Import, key: bytes) -> tuple[list[tuple[int, Line]], int]:
    lines: list[tuple[int, Line]] = []
    unread = 0
    total = row.counts.get("lines", 0)
    for number, line in read_lines(session, row, key):
        if line.reported is None:
            unread += bool(line.complaints)
        else:
            lines.append((number, line))
        if number % 1_000 == 0:
            job.progress(number, total, f"已读取{number}行")
    return lines, unread


def _ours(session: Session, keyring: Keyring, row: Import, theirs: Sequence[Theirs]) -> Iterator[Ours]:
    """Everybody of the list's region, and those of elsewhere whom it names and we may see; households where it names some."""
    households = any(isinstance(each.key, tuple) for each in theirs)
    if row.kind is not ImportKind.HOUSEHOLD or any(not isinstance(each.key, tuple) for each in theirs):
        yield from _people(session, keyring, row, theirs)
    if households:
        for own in own_households(session, as_of=row.as_of, region=row.region):
            key = ("household", own.reported.household)
            yield Ours(key, (own.reported,), household_id=own.household_id)


def _people(session: Session, keyring: Keyring, row: Import, theirs: Sequence[Theirs]) -> Iterator[Ours]:
    births = _births(session, row.region)
    seen: set[object] = set()
    for records in _by_person(own_records(session, keyring, as_of=row.as_of, region=row.region)):
        seen.add(records[0].worker_id)
        yield _one(records, births)
    elsewhere = sorted({each.key for each in theirs if isinstance(each.key, int)} - seen)
    for records in _by_person(own_records(session, keyring, as_of=row.as_of, worker_ids=elsewhere)):
        yield _one(records, births)


def _by_person(records: Iterator[Own]) -> Iterator[list[Own]]:
    for _, group in groupby(records, key=lambda own: own.worker_id):
        yield list(group)


def _one(records: Sequence[Own], births: dict[int, date]) -> Ours:
    first = records[0]
    worker_id = first.worker_id or 0
    return Ours(
        worker_id,
        tuple(own.reported for own in records),
        worker_id,
        first.household_id,
        births.get(worker_id),
    )


def _births(session: Session, region: str) -> dict[int, date]:
    rows = session.connection().execute(
        columns(col(Worker.id), col(Worker.birth_date)).where(
            col(Worker.region).startswith(region, autoescape=True), col(Worker.birth_date).is_not(None)
        )
    )
    return {worker_id: born for worker_id, born in rows if worker_id is not None and born is not None}


def _write(session: Session, key: bytes, row: Import, made: Comparison) -> None:
    connection, at = session.connection(), now()
    connection.execute(
        text("DELETE FROM comparison_row WHERE import_id = :id AND settlement IS NULL"), {"id": row.identity}
    )
    settled = {
        tuple(each)
        for each in connection.execute(
            columns(
                col(ComparisonRow.standing),
                col(ComparisonRow.line),
                col(ComparisonRow.worker_id),
                col(ComparisonRow.household_id),
            ).where(col(ComparisonRow.import_id) == row.identity)
        )
    }
    insert_rows(
        connection,
        "comparison_row",
        [
            {
                "created_at": at,
                "import_id": row.identity,
                "line": found.line,
                "worker_id": found.worker_id,
                "household_id": found.household_id if found.worker_id is None else None,
                "standing": found.standing,
                "fields": sorted(found.differences),
                "sealed_differences": sealed_differences(key, found) if found.differences else None,
                "taken": [],
                "note": "",
            }
            for found in made.found
            if (
                found.standing,
                found.line,
                found.worker_id,
                found.household_id if found.worker_id is None else None,
            )
            not in settled
        ],
    )


def sealed_differences(key: bytes, found: Found) -> bytes:
    """Both values of each field, under the list's key."""
    return seal(key, json.dumps(plain_pairs(found.differences), ensure_ascii=False).encode(), CONTEXT)


def _sums(row: Import, made: Comparison, unread: int, theirs: Sequence[Theirs]) -> dict[str, int]:
    people: dict[str, set[object]] = defaultdict(set)
    for found in made.found:
        whose = found.worker_id or found.household_id or f"line {found.line}"
        people[found.standing.value].add(whose)
    kept = {name: count for name, count in row.counts.items() if not name.startswith("compared:")}
    sums = {f"compared:{standing}": len(whose) for standing, whose in people.items()}
    told = {"compared:theirs": made.theirs, "compared:agreeing": made.agreeing, "compared:unread": unread}
    return kept | told | sums | {"compared:away_only": int(away_only(theirs))}
