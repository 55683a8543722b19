"""What one record gives to the one that it goes up in, and takes back."""

import json
from typing import Any

from pydantic import ConfigDict, TypeAdapter
from sqlmodel import Session, select

from ledger.gazetteer import county_of
from ledger.identity.likeness import plain_number
from ledger.people import put, reveal
from models.sealing import Keyring, index_columns, seal, unseal
from models.worker import INDEXES, Worker, WorkerSkill

_BYTES = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")
_NOT_FILLED = frozenset(
    {
        "id",
        "created_at",
        "version",
        "region",
        "name",
        "name_pinyin",
        "merged_into",
        "restricted",
        "is_demo",
        "household_id",
        "relation_to_head",
        "id_number_sealed",
        *INDEXES,
        "phone_sealed",
    }
)
"""Columns that are the record's own, or are filled in by a rule of their own."""

_OF_NUMBER = INDEXES[:2]
_BLANK: tuple[Any, ...] = (None, "", [])


def columns(worker: Worker) -> dict[str, Any]:
    """The record as plain values."""
    return {
        name: adapter(name).dump_python(getattr(worker, name), mode="json")
        for name in Worker.model_fields
        if name not in ("id", "created_at", "version", *INDEXES)
    }


def restore(
    session: Session, keyring: Keyring, worker: Worker, before: dict[str, Any], after: dict[str, Any]
) -> None:
    """Put back what the merge changed, and nothing that was changed since."""
    with session.no_autoflush:
        for name, value in before.items():
            if value != after[name] and name not in INDEXES:
                setattr(worker, name, adapter(name).validate_json(json.dumps(value)))
        # The look-up key may be another one by now.
        number, phone = reveal(session, keyring, worker)
    put(worker, index_columns(keyring, "id_number", plain_number(number or "")))
    put(worker, index_columns(keyring, "phone", phone))


def adapter(name: str) -> TypeAdapter[Any]:
    """Writes and reads one column's values."""
    annotation: Any = Worker.model_fields[name].annotation
    return TypeAdapter(annotation, config=_BYTES)


def fill(kept: Worker, mine: dict[str, Any], merged: Worker, theirs: dict[str, Any]) -> None:
    """What only the merged record says."""
    for name in mine.keys() - _NOT_FILLED:
        if mine[name] in _BLANK and theirs[name] not in _BLANK:
            setattr(kept, name, getattr(merged, name))
    of_one_county = county_of(kept.region) == county_of(merged.region)
    if kept.household_id is None and theirs["household_id"] is not None and of_one_county:
        kept.household_id, kept.relation_to_head = theirs["household_id"], merged.relation_to_head


def give_number(merged: Worker, kept: Worker, other_key: bytes, key: bytes) -> dict[str, Any] | None:
    """Where only the merged record has a number it is the kept one's from now on: taken off here, put on later."""
    if kept.id_number_sealed is not None or merged.id_number_sealed is None:
        return None
    number = unseal(other_key, merged.id_number_sealed, "worker.id_number")
    given = {name: getattr(merged, name) for name in _OF_NUMBER}
    put(merged, dict.fromkeys(("id_number_sealed", *_OF_NUMBER)))
    return given | {"id_number_sealed": seal(key, number, "worker.id_number")}


def set_number(session: Session, kept: Worker, numbered: dict[str, Any] | None) -> None:
    if numbered is not None:
        put(kept, numbered)
        session.flush()


def give_phone(kept: Worker, merged: Worker, other_key: bytes, key: bytes) -> None:
    if kept.phone_sealed is None and merged.phone_sealed is not None:
        kept.phone_sealed = seal(key, unseal(other_key, merged.phone_sealed, "worker.phone"), "worker.phone")
        put(kept, {name: getattr(merged, name) for name in INDEXES if name not in _OF_NUMBER})


def give_skills(session: Session, kept_id: int, merged_id: int) -> dict[str, list[int | None] | None]:
    """Skills that the kept person lacks, or whose level is unknown there: what they were, or None for none."""
    mine = {row.skill: row for row in session.exec(skills(kept_id))}
    given: dict[str, list[int | None] | None] = {}
    for row in session.exec(skills(merged_id)).all():
        own = mine.get(row.skill)
        if own is None:
            session.add(WorkerSkill(worker_id=kept_id, skill=row.skill, level=row.level))
            given[row.skill] = None
        elif own.level is None and row.level is not None:
            given[row.skill] = [None]
            own.level = row.level
    return given


def take_skills(session: Session, kept_id: int, given: dict[str, list[int | None] | None]) -> None:
    for row in session.exec(skills(kept_id)).all():
        if row.skill in given:
            level = given[row.skill]
            if level is None:
                session.delete(row)
            else:
                row.level = level[0]


def skills(worker_id: int) -> Any:
    return select(WorkerSkill).where(WorkerSkill.worker_id == worker_id)
