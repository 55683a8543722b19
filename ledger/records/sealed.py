"""Which fields of a reported record are kept where, and the sealed part: what it tells of work and plans."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Any

import orjson

from ledger.people import InvalidPhone, read_phone
from ledger.records.reported import ALL_FIELDS, Reported
from models.sealing import Keyring, person_digest
from models.spell import Precision

PERSON_FIELDS = frozenset(
    {
        "person", "name", "id_number", "relation", "ethnicity", "political_status", "education", "student",
        "health", "capability", "speaks_mandarin", "phone",
    }
)  # fmt: skip
"""Kept in `worker`."""

HOUSEHOLD_FIELDS = frozenset(
    {
        "household", "township", "village", "household_kind", "monitored_kind", "risk_cleared", "monitored_since",
        "risk_cleared_on", "risks", "measures", "destitute",
    }
)  # fmt: skip
"""Kept in `household`, in its hardship periods, or told by the region."""

WORK_FIELDS = (ALL_FIELDS - PERSON_FIELDS - HOUSEHOLD_FIELDS) | {"precision", "abroad", "noted"}
"""Kept as they were reported, sealed: `spell_report.sealed_record`."""

_WORK = tuple(sorted(WORK_FIELDS))
_work_of = attrgetter(*_WORK)
_DATES = ("started", "ended")
_MONEY = ("income", "travel_subsidy")
_SEVERAL = ("post_kinds", "noted")


def record_bytes(reported: Reported) -> bytes:
    """The work part as canonical JSON: equal records give equal bytes, unknown fields are left out.

    A telephone that nobody can dial cannot be kept with the person: it stays here, as it was written.
    """
    kept = dict(zip(_WORK, _work_of(reported), strict=True))
    kept["phone"] = reported.phone if reported.phone and not _dialled(reported.phone) else None
    told = {
        name: value for name, value in kept.items() if value not in (None, (), False) or name == "working"
    }
    if told.get("working") is None:
        told.pop("working", None)
    for name in ("point_to_point", "plans"):
        if kept[name] is False:
            told[name] = False
    if reported.precision is Precision.MONTH:
        told.pop("precision", None)
    return orjson.dumps(told, str, orjson.OPT_SORT_KEYS)


def record_of(content: bytes) -> dict[str, Any]:
    """The fields that `record_bytes` kept, as `Reported` takes them."""
    told: dict[str, Any] = orjson.loads(content)
    for name in _DATES:
        if name in told:
            told[name] = date.fromisoformat(told[name])
    for name in _MONEY:
        if name in told:
            told[name] = Decimal(told[name])
    for name in _SEVERAL:
        if name in told:
            told[name] = tuple(told[name])
    if "precision" in told:
        told["precision"] = Precision.read(told["precision"])
    return told


def digest(keyring: Keyring, worker_id: int, content: bytes) -> bytes:
    """A keyed digest of one person's record: the same record of the same person, the same 32 bytes."""
    return person_digest(keyring, "report", worker_id, content)


def tells_of_work(record: Mapping[str, Any]) -> bool:
    """Whether a kept record tells of a stretch of work."""
    return any(record.get(name) for name in ("started", "employer", "region", "county_text"))


def _dialled(phone: str) -> bool:
    try:
        read_phone(phone)
    except InvalidPhone:
        return False
    return True
