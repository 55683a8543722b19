"""变更记录 read: every change of a person or a household, and the record as it was at any time.

The present is what the tables hold; the past is the present with every later change undone, the latest first.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Session, SQLModel, col, select

from ledger.history import DERIVED, UNRECORDED, household_keys, opened_change, person_keys
from ledger.masking import masked_apart
from ledger.people import mask_phone
from models.application import Application, ApplicationEvent
from models.base import metadata
from models.household import HardshipPeriod, Household
from models.id_number import mask_id_number
from models.identity import WorkerMerge
from models.record import AuditEvent
from models.sealing import Keyring, Unsealable, unseal
from models.spell import EmploymentSpell, Evidence
from models.worker import Worker, WorkerSkill, WorkIntention

_CHINA = ZoneInfo("Asia/Shanghai")
_OF_A_PERSON: tuple[type[SQLModel], ...] = (
    Worker,
    WorkerSkill,
    WorkIntention,
    EmploymentSpell,
    Evidence,
    Application,
)
_OF_A_HOUSEHOLD: tuple[type[SQLModel], ...] = (Household, HardshipPeriod)
_MASKED = {"id_number": mask_id_number, "phone": mask_phone}
UNKNOWN = "***"
"""Stands for a value that the record does not tell."""

Rows = dict[str, dict[Any, dict[str, Any]]]
"""By table and by row: the columns, as JSON tells them."""


@dataclass(frozen=True, slots=True)
class Event:
    """One change. `fields` is None where it was sealed under a key that is destroyed, and holds `UNKNOWN` for values
    that were not the writer's to know."""

    number: int
    at: datetime
    account_id: int | None
    action: str
    noun: str
    row_id: int | None
    import_id: int | None
    import_line: int | None
    fields: dict[str, tuple[Any, Any]] | None


@dataclass(slots=True)
class Past:
    """A record as it was: columns by name, numbers masked unless they were asked for. `complete` is False where a
    change since can't be read, or does not say what was before."""

    at: datetime
    worker: dict[str, Any] = field(default_factory=dict)
    skills: dict[str, int | None] = field(default_factory=dict)
    intention: dict[str, Any] | None = None
    household: dict[str, Any] | None = None
    hardship: list[dict[str, Any]] = field(default_factory=list)
    spells: list[dict[str, Any]] = field(default_factory=list)
    evidence: list[dict[str, Any]] = field(default_factory=list)
    applications: list[dict[str, Any]] = field(default_factory=list)
    complete: bool = True


def end_of(on: date | datetime) -> datetime:
    """The instant that is meant: 24:00 of a day in China."""
    if isinstance(on, datetime):
        return on
    return datetime.combine(on + timedelta(days=1), time.min, _CHINA) - timedelta(microseconds=1)


def events_of(session: Session, keyring: Keyring, worker_id: int, *, masked: bool = True) -> list[Event]:
    """The changes of a person, of what belongs to the person, and of households until the person left them.

    Newest first.
    """
    key = person_keys(session, keyring, [worker_id]).get(worker_id)
    rows = session.exec(select(AuditEvent).where(AuditEvent.worker_id == worker_id)).all()
    own = [_event(row, key) for row in rows]
    present = session.exec(select(Worker.household_id).where(Worker.id == worker_id)).first()
    homes = _homes(sorted(own, key=lambda event: event.number), present)
    keys = household_keys(session, keyring, homes)
    for household_id, until in homes.items():
        query = select(AuditEvent).where(
            AuditEvent.household_id == household_id, col(AuditEvent.worker_id).is_(None)
        )
        own += [_event(row, keys.get(household_id)) for row in session.exec(query) if row.created_at <= until]
    found = sorted(own, key=lambda event: event.number, reverse=True)
    return [_masked(event) for event in found] if masked else found


def household_events(session: Session, keyring: Keyring, household_id: int) -> list[Event]:
    """The changes of a household, newest first."""
    key = household_keys(session, keyring, [household_id]).get(household_id)
    query = select(AuditEvent).where(AuditEvent.household_id == household_id)
    return [_event(row, key) for row in session.exec(query.order_by(col(AuditEvent.id).desc()))]


def worker_as_of(
    session: Session, keyring: Keyring, worker_id: int, on: date | datetime, *, masked: bool = True
) -> Past | None:
    """The person's record as it was; None before it was begun.

    A day means 24:00 of that day in China.
    """
    at = end_of(on)
    key = person_keys(session, keyring, [worker_id]).get(worker_id)
    rows = _present(session, key, worker_id)
    events = events_of(session, keyring, worker_id, masked=False)
    for table, number in _merged_since(session, key, worker_id, at):
        rows.get(table, {}).pop(number, None)
    past = Past(at, complete=key is not None)
    past.complete &= _undo(
        rows, [event for event in events if event.at > at], {"household", "hardship_period"}
    )
    worker = rows["worker"].get(worker_id)
    if worker is None:
        return None
    past.worker = _mask(worker) if masked else worker
    past.skills = {str(row["skill"]): row.get("level") for row in rows["worker_skill"].values()}
    past.intention = next(iter(rows["work_intention"].values()), None)
    past.spells = _listed(rows["employment_spell"])
    past.evidence = _listed(rows["evidence"])
    past.applications = _listed(_steps(session, rows["application"], at))
    if worker.get("household_id") is not None:
        home = household_as_of(session, keyring, worker["household_id"], at)
        if home is not None:
            past.household, past.hardship = home.household, home.hardship
            past.complete &= home.complete
    return past


def household_as_of(
    session: Session, keyring: Keyring, household_id: int, on: date | datetime
) -> Past | None:
    """The household's record as it was, with its hardship periods; None before it was begun."""
    at = end_of(on)
    rows: Rows = {}
    for table in _OF_A_HOUSEHOLD:
        name = "id" if table is Household else "household_id"
        rows[_name(table)] = _read(session, table, getattr(table, name) == household_id, None)
    past = Past(at)
    events = household_events(session, keyring, household_id)
    past.complete = _undo(rows, [event for event in events if event.at > at], set())
    past.household = rows["household"].get(household_id)
    past.hardship = sorted(_listed(rows["hardship_period"]), key=lambda row: str(row.get("from_on")))
    return past if past.household is not None else None


def _event(row: AuditEvent, key: bytes | None) -> Event:
    change: Mapping[str, Any] | None
    if row.sealed_change is not None:
        try:
            change = opened_change(key, row.sealed_change) if key else None
        except Unsealable:
            change = None
    else:
        change = row.change or {}
    fields: dict[str, tuple[Any, Any]] | None = None
    if change is not None and row.sealed_change is None and set(change) == {"fields"}:
        fields = {str(name): (UNKNOWN, UNKNOWN) for name in change["fields"]}
    elif change is not None:
        fields = {name: _sides(row.action, value) for name, value in change.items()}
    return Event(
        row.identity, row.created_at, row.account_id, row.action, row.noun, row.row_id,
        row.import_id, row.import_line, fields,
    )  # fmt: skip


def _sides(action: str, value: Any) -> tuple[Any, Any]:
    if action == "update" and isinstance(value, list) and len(value) == 2:
        return value[0], value[1]
    return (value, None) if action == "delete" else (None, value)


def _homes(events: Sequence[Event], present: int | None) -> dict[int, datetime]:
    """The households that the person was ever in, and until when."""
    homes: dict[int, datetime] = {}
    for event in events:
        if event.noun == "worker" and event.fields and "household_id" in event.fields:
            left = event.fields["household_id"][0]
            if isinstance(left, int):
                homes[left] = event.at
    if present is not None:
        homes[present] = datetime.max.replace(tzinfo=_CHINA)
    return homes


def _undo(rows: Rows, later: Iterable[Event], passed_over: set[str]) -> bool:
    """Undo changes, the latest first; whether all of them could be."""
    complete = True
    for event in later:
        of_table = rows.get(event.noun)
        if of_table is None or event.noun in passed_over:
            continue
        if event.fields is None:
            complete = False
            continue
        number = event.row_id if event.row_id is not None else _skill(event)
        if event.action == "create":
            of_table.pop(number, None)
        elif event.action == "delete":
            of_table[number] = _blank(event.noun) | ({"id": event.row_id} if event.row_id is not None else {})
            of_table[number] |= {name: before for name, (before, _) in event.fields.items()}
        elif number in of_table:
            for name, (before, _) in event.fields.items():
                of_table[number][name] = None if before == UNKNOWN else before
                complete &= before != UNKNOWN or event.noun == "application"
    return complete


def _blank(table: str) -> dict[str, Any]:
    """A row of which nothing was told."""
    return {
        column.name: [] if isinstance(column.type, ARRAY) else None
        for column in metadata.tables[table].columns
        if column.name not in UNRECORDED and column.name not in DERIVED
    }


def _skill(event: Event) -> Any:
    before, after = (event.fields or {}).get("skill", (None, None))
    return after if before is None else before


def _present(session: Session, key: bytes | None, worker_id: int) -> Rows:
    rows: Rows = {}
    for table in _OF_A_PERSON:
        if table is Worker:
            condition = col(Worker.id) == worker_id
        elif table is Evidence:
            condition = col(Evidence.spell_id).in_(
                select(EmploymentSpell.id).where(EmploymentSpell.worker_id == worker_id)
            )
        else:
            condition = table.worker_id == worker_id  # type: ignore[attr-defined]
        rows[_name(table)] = _read(session, table, condition, key)
    return rows


def _name(table: type[SQLModel]) -> str:
    return str(table.__tablename__)


def _read(
    session: Session, table: type[SQLModel], condition: Any, key: bytes | None
) -> dict[Any, dict[str, Any]]:
    found: dict[Any, dict[str, Any]] = {}
    rows = session.connection().execute(metadata.tables[_name(table)].select().where(condition))
    for row in rows.mappings():
        told: dict[str, Any] = {"id": row["id"]} if "id" in row else {}
        for name, value in row.items():
            if name in UNRECORDED or name in DERIVED:
                continue
            if name.endswith("_sealed"):
                name = name.removesuffix("_sealed")
                value = _clear(key, value, f"{_name(table)}.{name}")
            told[name] = json.loads(json.dumps(value, default=str, ensure_ascii=False))
        found[row["id"] if "id" in row else row["skill"]] = told
    return found


def _clear(key: bytes | None, sealed: bytes | None, context: str) -> str | None:
    if sealed is None:
        return None
    try:
        return unseal(key, bytes(sealed), context).decode() if key else UNKNOWN
    except Unsealable:
        return UNKNOWN


def _steps(
    session: Session, applications: dict[Any, dict[str, Any]], at: datetime
) -> dict[Any, dict[str, Any]]:
    """Applications in the state that they were in: the other side's steps are told by the log of steps."""
    steps = session.exec(
        select(ApplicationEvent)
        .where(col(ApplicationEvent.application_id).in_(applications), ApplicationEvent.at <= at)
        .order_by(col(ApplicationEvent.id))
    )
    for step in steps:
        told = applications[step.application_id]
        told["state"], told["reason"] = step.to_state.value, step.reason
    return applications


def _merged_since(
    session: Session, key: bytes | None, worker_id: int, at: datetime
) -> Iterable[tuple[str, int]]:
    """Rows that came from another record that went up in this one after `at`."""
    if key is None:
        return
    merges = session.exec(
        select(WorkerMerge).where(
            WorkerMerge.kept_id == worker_id,
            WorkerMerge.created_at > at,
            col(WorkerMerge.undone_at).is_(None),
        )
    )
    for merge in merges:
        note = json.loads(unseal(key, merge.sealed_before, "worker_merge.before"))
        for table, numbers in note.get("moved", {}).items():
            for number in numbers:
                yield table, number


def _listed(rows: dict[Any, dict[str, Any]]) -> list[dict[str, Any]]:
    return [rows[number] for number in sorted(rows)]


def _masked(event: Event) -> Event:
    if not event.fields or not _MASKED.keys() & event.fields.keys():
        return event
    fields = {name: _hidden(name, before, after) for name, (before, after) in event.fields.items()}
    return replace(event, fields=fields)


def _hidden(name: str, before: Any, after: Any) -> tuple[Any, Any]:
    both = [each for each in (before, after) if isinstance(each, str) and each != UNKNOWN]
    if name in _MASKED and len(both) == 2:
        return masked_apart(_MASKED[name], *both)
    return _hide(name, before), _hide(name, after)


def _mask(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _hide(name, value) for name, value in row.items()}


def _hide(name: str, value: Any) -> Any:
    return _MASKED[name](value) if name in _MASKED and isinstance(value, str) and value != UNKNOWN else value
