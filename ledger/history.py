"""变更记录: every change of a person's or a household's record, sealed under the key of that person or household.

A change is `{field: value}` where a row came or went, `{field: [before, after]}` where it was changed; a field that
names the row (a skill) is told as `[x, x]`. ID numbers and telephones stand in it in clear, since all of it is
sealed: whoever shows them masks them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson
from sqlmodel import Session, select

from ledger.people import OPENED_KEYS
from models.base import now
from models.bulk import among
from models.household import HouseholdKey
from models.sealing import Keyring, Unsealable, open_person_key, seal, unseal
from models.worker import PersonKey

_CONTEXT = "audit_event.change"
_BLANK: tuple[Any, ...] = (None, "", [], {})

UNRECORDED = frozenset({"id", "created_at", "version", "password_hash", "token_hash", "file_name"})
"""Columns whose values say nothing or must not be repeated: what somebody called a file may name a person, and the record
of changes of a file lies under nobody's key."""

DERIVED = frozenset(
    {
        "id_number_index",
        "id_number_index_2",
        "phone_index",
        "phone_index_2",
        "origin_region",
        "worker_region",
        "vacancy_region",
        "seat_released_at",
        "observed_before",
        "digest",
        "sealed_sha256",
    }
)
"""Columns that follow from others, or that the database fills in by itself."""


_DAYS_AS_TEXT = orjson.OPT_PASSTHROUGH_DATETIME


@dataclass(frozen=True, slots=True)
class Written:
    """A change that was written past the mapper: what it was, of whom, and from which line of the file.

    `change` as `change_of` makes it. Of a person where `worker_id` is told, else of a household.
    """

    action: str
    noun: str
    row_id: int | None
    change: dict[str, Any]
    region: str | None = None
    worker_id: int | None = None
    household_id: int | None = None
    import_line: int | None = None
    import_id: int | None = None


def change_of(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> dict[str, Any]:
    """The change from one state of a row's columns to another; None is no row.

    Sealed columns are told in clear under the name without `_sealed`. Empty where nothing changed.
    """
    if before is None or after is None:
        row = before if after is None else after
        return {name: value for name, value in (row or {}).items() if _told(name) and value not in _BLANK}
    return {
        name: [before.get(name), value]
        for name, value in after.items()
        if _told(name) and before.get(name) != value
    }


@cache
def _told(name: str) -> bool:
    return name not in UNRECORDED and name not in DERIVED and not name.endswith("_sealed")


def sealed_change(key: bytes, change: Mapping[str, Any]) -> bytes:
    """The change, sealed."""
    return seal(key, orjson.dumps(change, str, _DAYS_AS_TEXT), _CONTEXT)


def opened_change(key: bytes, sealed: bytes) -> dict[str, Any]:
    """The change again; days, amounts and codes are text by now.

    Raises
    ------
    models.sealing.Unsealable
        when it was altered or is another's.
    """
    opened: dict[str, Any] = orjson.loads(unseal(key, sealed, _CONTEXT))
    return opened


def change_rows(
    keys: Mapping[int, bytes],
    changes: Iterable[Written],
    *,
    household_keys: Mapping[int, bytes] | None = None,
    account_id: int | None,
    request_id: str | None = None,
    import_id: int | None = None,
) -> list[dict[str, Any]]:
    """Rows of `audit_event` for `models.bulk.insert_rows`: one for each change that changed something.

    Of a person or household without a key in `keys` or `household_keys` only the names of the fields are told; what
    is neither's, an employer, is told in clear.
    """
    at = now()
    rows: list[dict[str, Any]] = []
    for told in changes:
        if not told.change:
            continue
        key = (
            keys.get(told.worker_id)
            if told.worker_id is not None
            else (household_keys or {}).get(told.household_id or 0)
        )
        rows.append(
            {
                "created_at": at,
                "account_id": account_id,
                "request_id": request_id,
                "action": told.action,
                "noun": told.noun,
                "row_id": told.row_id,
                "worker_id": told.worker_id,
                "household_id": told.household_id,
                "import_id": import_id if told.import_id is None else told.import_id,
                "import_line": told.import_line,
                "region": told.region,
                "change": _plain(told, key),
                "sealed_change": sealed_change(key, told.change) if key else None,
            }
        )
    return rows


def _plain(told: Written, key: bytes | None) -> dict[str, Any] | None:
    if key:
        return None
    if told.worker_id is None and told.household_id is None:
        return told.change
    return {"fields": sorted(told.change)}


def person_keys(session: Session, keyring: Keyring, worker_ids: Iterable[int]) -> dict[int, bytes]:
    """The keys of many people, opened once a session; who has none, or one that can't be opened, is left out."""
    cache: dict[int, bytes] = session.info.setdefault(OPENED_KEYS, {})
    wanted = set(worker_ids)
    missing = [worker_id for worker_id in wanted if worker_id not in cache]
    for at in range(0, len(missing), 10_000):
        stored = session.connection().execute(
            select(PersonKey.worker_id, PersonKey.master_key_id, PersonKey.sealed_key).where(
                among(PersonKey.worker_id, missing[at : at + 10_000])
            )
        )
        for worker_id, master_key_id, sealed_key in stored:
            try:
                cache[worker_id] = open_person_key(keyring, master_key_id, sealed_key)
            except Unsealable:
                continue
    return {worker_id: cache[worker_id] for worker_id in wanted if worker_id in cache}


def household_keys(session: Session, keyring: Keyring, household_ids: Iterable[int]) -> dict[int, bytes]:
    """The keys of households; who has none yet, or one that can't be opened, is left out."""
    found: dict[int, bytes] = {}
    stored = session.connection().execute(
        select(HouseholdKey.household_id, HouseholdKey.master_key_id, HouseholdKey.sealed_key).where(
            among(HouseholdKey.household_id, set(household_ids))
        )
    )
    for household_id, master_key_id, sealed_key in stored:
        try:
            found[household_id] = open_person_key(keyring, master_key_id, sealed_key)
        except Unsealable:
            continue
    return found
