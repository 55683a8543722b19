"""Where two records of one person say something else, field by field."""

from collections.abc import Callable
from typing import Any

from ledger.comparing.spelling import bare_words, firm_name, industry_name
from ledger.identity.matching import plain_name
from ledger.people import InvalidPhone, read_phone
from ledger.records.differing import differences
from ledger.records.months import month
from ledger.records.reported import Reported

Pair = tuple[Any, Any]
_SPELT: dict[str, Callable[[str], str]] = {
    "employer": firm_name,
    "industry": industry_name,
    "name": plain_name,
    "channel": bare_words,
    "form": bare_words,
    "village": bare_words,
    "county_text": bare_words,
}
_IDENTITY = 18
"""Of a number with a disability certificate's suffix only these digits say who it is."""


def differing(ours: Reported, theirs: Reported) -> dict[str, Pair]:
    """`{field: (ours, theirs)}` of what the other list asked, filled and says otherwise; mere spelling is no difference."""
    found = differences(ours, theirs)
    return {field: pair for field, pair in found.items() if not _alike(field, pair, ours, theirs)}


def nearest(records: tuple[Reported, ...], told: Reported) -> Reported:
    """The record of ours that is about the same stretch of work: of the same first month, else the one that goes on,
    else the one that differs least."""
    begun = month(told.started) if told.started else None
    same = [each for each in records if begun and each.started and month(each.started) == begun]
    candidates = same or [each for each in records if told.working and each.working] or list(records)
    return min(candidates, key=lambda each: len(differing(each, told)))


def another_stretch(ours: Reported, told: Reported) -> bool:
    """Whether the other list tells of work that is none of ours: at another employer, and in other months."""
    if not (ours.has_spell and told.has_spell and ours.started and told.started):
        return False
    if not (ours.employer and told.employer) or firm_name(ours.employer) == firm_name(told.employer):
        return False
    over = ours.ended is not None and month(ours.ended) < month(told.started)
    return over or (told.ended is not None and month(told.ended) < month(ours.started))


def _alike(field: str, pair: Pair, ours: Reported, theirs: Reported) -> bool:
    here, there = pair
    if field in _SPELT and isinstance(there, str):
        return _SPELT[field](here or "") == _SPELT[field](there)
    if field == "phone":
        return _dialled(here) is not None and _dialled(here) == _dialled(there)
    if field == "id_number":
        return here is not None and here[:_IDENTITY].upper() == there[:_IDENTITY].upper()
    if field == "destitute":
        return bool(here) == bool(there)
    if field == "risk_cleared":
        return not (ours.monitored_kind or theirs.monitored_kind)
    return False


def _dialled(phone: str | None) -> str | None:
    try:
        return read_phone(phone) if phone else None
    except InvalidPhone:
        return None
