"""What a record told differs in from our own."""

import unicodedata
from datetime import date
from typing import Any

from ledger.records.months import month
from ledger.records.reported import ALL_FIELDS, Reported
from models.spell import Precision

_COMPARED = tuple(sorted(ALL_FIELDS - {"township"}))
_PARTS_OF_PLACE = frozenset({"region", "county_text"})


def differences(own: Reported, told: Reported) -> dict[str, tuple[Any, Any]]:
    """The fields in which `told` says something else: `{field: (ours, theirs)}`.

    What the source did not ask or left blank is no difference. Dates count by month where either side knows no more;
    a place told less exactly than ours is the same place; order and repetition in lists say nothing.
    """
    exact = own.precision is Precision.DAY and told.precision is Precision.DAY
    found = {}
    for field in _COMPARED:
        ours, theirs = getattr(own, field), getattr(told, field)
        if theirs in (None, (), "") or (field not in told.asked and not _asked_with_others(field, told)):
            continue
        if not _same(field, ours, theirs, exact=exact):
            found[field] = (ours, theirs)
    return found


def _asked_with_others(field: str, told: Reported) -> bool:
    return field in _PARTS_OF_PLACE and "region" in told.asked


def _same(field: str, ours: Any, theirs: Any, *, exact: bool) -> bool:
    if isinstance(theirs, date) and isinstance(ours, date):
        return ours == theirs if exact else month(ours) == month(theirs)
    if isinstance(theirs, tuple):
        return set(ours or ()) == set(theirs)
    if field == "region":
        return ours is not None and str(ours).startswith(str(theirs))
    if field == "id_number":
        return plain(ours) == plain(theirs)
    if isinstance(theirs, str) and isinstance(ours, str):
        return plain(ours) == plain(theirs)
    return bool(ours == theirs)


def plain(text: str | None) -> str:
    """A text as it is compared: wide forms narrowed, without blanks, capitals alike."""
    return "".join(unicodedata.normalize("NFKC", text or "").split()).upper()
