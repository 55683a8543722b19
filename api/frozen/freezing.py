"""Freezing: the lines are counted once, every person behind them is sealed, and a hash is taken of all of it."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy import RowMapping, func
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from api.behind import spells_behind
from api.frozen.lines import Frozen, lines_of
from api.presenting import Presenter
from api.schemas.frozen import FrozenContent, FrozenTold
from api.schemas.target import SpellBehind
from api.schemas.worker import WorkerSummary
from ledger.history import person_keys
from models.base import now
from models.bulk import among, insert_rows
from models.frozen import FrozenPerson, FrozenReport, PeriodKind
from models.sealing import Keyring, seal
from models.worker import Worker
from outcomes.progress import Person

CONTEXT = "frozen_person.sealed"
_MARKS = ("line", "worker_id", "region", "stable", "grade")


def freeze(
    session: Session,
    keyring: Keyring,
    present: Presenter,
    *,
    region: str,
    kind: PeriodKind,
    from_on: date,
    as_of: date,
    account_id: int,
    is_demo: bool,
) -> FrozenReport:
    """The report as everything is known at this moment."""
    known_on = now()
    lines = list(lines_of(session, present, region, from_on, as_of))
    content = FrozenContent(lines=[line.told for line in lines]).model_dump(mode="json")
    people = list(_sealed(session, keyring, present, lines))
    row = FrozenReport(
        region=region,
        kind=kind,
        from_on=from_on,
        as_of=as_of,
        known_on=known_on,
        account_id=account_id,
        content=content,
        content_sha256="",
        is_demo=is_demo,
    )
    row.content_sha256 = hash_of(
        row, [person | {"digest": sha256(person["sealed"]).digest()} for person in people]
    )
    session.add(row)
    session.flush()
    insert_rows(
        session.connection(),
        "frozen_person",
        [{"report_id": row.identity, "created_at": known_on} | person for person in people],
    )
    return row


def is_intact(session: Session, row: FrozenReport) -> bool:
    """Whether the report, read again from the first line to the last person, has the hash of its freezing."""
    session.flush()
    rows = session.execute(
        columns(
            *(col(getattr(FrozenPerson, name)) for name in _MARKS),
            func.sha256(FrozenPerson.sealed).label("digest"),
        )
        .where(col(FrozenPerson.report_id) == row.identity)
        .order_by(col(FrozenPerson.line), col(FrozenPerson.worker_id))
    ).mappings()
    return hash_of(row, rows) == row.content_sha256


def hash_of(row: FrozenReport, people: Iterable[Mapping[str, Any] | RowMapping]) -> str:
    """The hash of a report: its head, its content and all its people in order with the digest of what is sealed."""
    head = [row.region, row.kind, row.from_on, row.as_of, row.known_on.astimezone(UTC), row.content]
    digest = sha256(orjson.dumps(head, str, orjson.OPT_SORT_KEYS))
    for person in people:
        marks = [person[name] for name in _MARKS]
        digest.update(orjson.dumps(marks, str) + bytes(person["digest"]))
    return digest.hexdigest()


def _sealed(
    session: Session, keyring: Keyring, present: Presenter, lines: list[Frozen]
) -> Iterator[dict[str, Any]]:
    """A row for everybody of every line, in order."""
    everybody = {person.worker_id for line in lines for person in line.persons}
    keys = person_keys(session, keyring, everybody)
    known = {
        summary.id: summary
        for summary in present.workers(
            list(session.exec(select(Worker).where(among(Worker.id, everybody))).all())
        )
    }
    spells = spells_behind(session, present, (person for line in lines for person in line.persons))
    for line in lines:
        for person in sorted(line.persons, key=lambda each: each.worker_id):
            told = _told(person, known[person.worker_id], spells).model_dump_json().encode()
            key = keys.get(person.worker_id)
            yield {
                "line": line.told.line,
                "worker_id": person.worker_id,
                "region": person.home,
                "stable": person.stable_on is not None,
                "grade": person.grade,
                "sealed": seal(key, told, CONTEXT) if key else b"",
            }


def _told(person: Person, known: WorkerSummary, spells: dict[int, SpellBehind]) -> FrozenTold:
    return FrozenTold(
        name=known.name,
        sex=known.sex,
        place=known.region,
        hardship=known.hardship,
        started_on=person.started_on,
        stable_on=person.stable_on,
        possible_on=person.possible_on,
        reason=person.reason,
        spells=[spells[number] for number in person.spells],
    )
