"""The audit rows: every change that the object mapper writes is recorded in the same transaction, without being asked.

What changed of a person or a household is sealed under a key of theirs, so that deleting the key deletes it from the
record too.
Commands that write past the mapper call `record` themselves.
"""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event, insert, inspect, select
from sqlalchemy.dialects.postgresql import insert as insert_new
from sqlalchemy.orm import UOWTransaction
from sqlmodel import Session, SQLModel

from api.database import Sessions
from ledger.people import OPENED_KEYS
from models.account import Account, AccountBinding
from models.application import Application
from models.employer import Employer
from models.household import HardshipPeriod, Household, HouseholdKey
from models.intake import Import
from models.record import AuditEvent
from models.sealing import Keyring, Unsealable, new_person_key, open_person_key, seal
from models.spell import EmploymentSpell, Evidence
from models.target import StabilityRule, Target
from models.vacancy import Vacancy
from models.worker import PersonKey, Worker, WorkerSkill, WorkIntention

OF_A_PERSON = (Worker, WorkerSkill, WorkIntention, Application, EmploymentSpell, Evidence)
OF_A_HOUSEHOLD = (Household, HardshipPeriod)
AUDITED = (
    *OF_A_PERSON,
    *OF_A_HOUSEHOLD,
    Employer,
    Vacancy,
    Import,
    Account,
    AccountBinding,
    StabilityRule,
    Target,
)
UNRECORDED = {"id", "created_at", "version", "password_hash", "token_hash"}
"""Columns whose values say nothing or must not be repeated."""

SEALED_ALREADY = {"id_number_sealed", "id_number_index", "phone_sealed", "phone_index"}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who makes the changes of a session."""

    account_id: int | None = None
    request_id: str | None = None


def audited(sessions: Sessions, keyring: Keyring) -> Sessions:
    """Let every session that `sessions` makes record its changes."""

    @event.listens_for(sessions, "after_flush")
    def after_flush(session: Session, _: UOWTransaction) -> None:
        for action, rows in (("create", session.new), ("update", session.dirty), ("delete", session.deleted)):
            for row in rows:
                if isinstance(row, AUDITED):
                    change = _change(row, action)
                    if change:
                        _write(session, keyring, action, row, change)

    return sessions


def record(
    session: Session,
    action: str,
    noun: str,
    row_id: int | None,
    *,
    region: str | None = None,
    change: dict[str, Any] | None = None,
) -> None:
    """Write an audit row for something that did not go through the mapper; `change` holds nothing personal."""
    actor: Actor = session.info.get("actor", Actor())
    # Inline: the service may insert audit rows but not read back those outside its scope.
    session.execute(
        insert(AuditEvent)
        .values(
            account_id=actor.account_id,
            request_id=actor.request_id,
            action=action,
            noun=noun,
            row_id=row_id,
            region=region,
            change=change,
        )
        .inline()
    )


def _change(row: SQLModel, action: str) -> dict[str, Any]:
    change: dict[str, Any] = {}
    state = inspect(row)
    for attribute in state.mapper.column_attrs:
        name = attribute.key
        if name in UNRECORDED:
            continue
        history = state.attrs[name].history
        if name in SEALED_ALREADY:
            if history.has_changes() and name.endswith("_sealed") and (history.added or [None])[0]:
                change[name.removesuffix("_sealed")] = "***"
        elif action != "update":
            value = getattr(row, name)
            if value not in (None, "", [], {}):
                change[name] = value
        elif history.has_changes():
            change[name] = [*(history.deleted or [None]), *(history.added or [None])]
    return change


def _write(session: Session, keyring: Keyring, action: str, row: Any, change: dict[str, Any]) -> None:
    actor: Actor = session.info.get("actor", Actor())
    worker_id = _worker_of(session, row)
    household_id = _household_of(row)
    sealed: bytes | None = None
    plain: dict[str, Any] | None = json.loads(json.dumps(change, default=str, ensure_ascii=False))
    if worker_id is not None or household_id is not None:
        key = (
            _person_key(session, keyring, worker_id)
            if worker_id is not None
            else _household_key(session, keyring, household_id)
        )
        if key is None:
            # The other side of a placement may act without being allowed the person's key: which fields, no values.
            plain = {"fields": sorted(change)}
        else:
            sealed = seal(key, json.dumps(plain, ensure_ascii=False).encode(), "audit_event.change")
            plain = None
    session.execute(
        insert(AuditEvent)
        .values(
            account_id=actor.account_id,
            request_id=actor.request_id,
            action=action,
            noun=row.__tablename__,
            row_id=getattr(row, "id", None),
            worker_id=worker_id,
            household_id=household_id,
            region=_region(session, row, worker_id),
            change=plain,
            sealed_change=sealed,
        )
        .inline()
    )


def _worker_of(session: Session, row: Any) -> int | None:
    if isinstance(row, Worker):
        return row.identity
    if isinstance(row, Evidence):
        spells = EmploymentSpell.__table__  # type: ignore[attr-defined]
        return session.connection().scalar(select(spells.c.worker_id).where(spells.c.id == row.spell_id))
    return getattr(row, "worker_id", None) if isinstance(row, OF_A_PERSON) else None


def _household_of(row: Any) -> int | None:
    if isinstance(row, Household):
        return row.identity
    return row.household_id if isinstance(row, HardshipPeriod) else None


def _household_key(session: Session, keyring: Keyring, household_id: int | None) -> bytes | None:
    """The household's key; the first record of a household makes it."""
    keys = HouseholdKey.__table__  # type: ignore[attr-defined]
    stored = select(keys.c.master_key_id, keys.c.sealed_key).where(keys.c.household_id == household_id)
    connection = session.connection()
    found = connection.execute(stored).first()
    if found is None:
        _, master_key_id, sealed_key = new_person_key(keyring)
        new = {"household_id": household_id, "master_key_id": master_key_id, "sealed_key": sealed_key}
        # Another transaction may have been first; its key is the one that stands.
        connection.execute(insert_new(keys).values(new).on_conflict_do_nothing())
        found = connection.execute(stored).first()
    try:
        return open_person_key(keyring, *found) if found else None
    except Unsealable:
        return None


def _person_key(session: Session, keyring: Keyring, worker_id: int) -> bytes | None:
    cache: dict[int, bytes] = session.info.setdefault(OPENED_KEYS, {})
    if worker_id not in cache:
        found = (
            session.connection()
            .execute(
                select(PersonKey.__table__.c.master_key_id, PersonKey.__table__.c.sealed_key).where(  # type: ignore[attr-defined]
                    PersonKey.__table__.c.worker_id == worker_id  # type: ignore[attr-defined]
                )
            )
            .first()
        )
        if found is None:
            return None
        try:
            cache[worker_id] = open_person_key(keyring, *found)
        except Unsealable:
            return None
    return cache[worker_id]


def _region(session: Session, row: Any, worker_id: int | None) -> str | None:
    if isinstance(row, (EmploymentSpell, Evidence)):
        # Its own `region` is the place of work; the record belongs to the origin's bureau.
        spells = EmploymentSpell.__table__  # type: ignore[attr-defined]
        spell_id = row.spell_id if isinstance(row, Evidence) else row.identity
        return session.connection().scalar(select(spells.c.origin_region).where(spells.c.id == spell_id))
    for name in ("kept_by", "region", "worker_region"):
        value = getattr(row, name, None)
        if value:
            return str(value)
    if isinstance(row, HardshipPeriod):
        households = Household.__table__  # type: ignore[attr-defined]
        return session.connection().scalar(
            select(households.c.region).where(households.c.id == row.household_id)
        )
    if worker_id is not None:
        workers = Worker.__table__  # type: ignore[attr-defined]
        return session.connection().scalar(select(workers.c.region).where(workers.c.id == worker_id))
    return None
