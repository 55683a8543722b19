"""Each stretch of work once, whatever lists tell of it and whatever was accepted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ledger.records.months import month
from ledger.records.sealed import tells_of_work
from models.spell import Precision


@dataclass(slots=True)
class Stretch:
    told: dict[str, Any]
    report_id: int | None = None
    spell_id: int | None = None


def stretches(
    reports: Sequence[tuple[int, int | None, dict[str, Any]]],
    spells: Sequence[tuple[int, dict[str, Any]]],
    as_of: date,
) -> tuple[list[Stretch], dict[str, Any]]:
    """Each stretch of work once, whatever lists tell of it, and what was told beside: plans, documents."""
    known = dict(spells)
    begun = {_beginning(accepted): number for number, accepted in spells}
    found: dict[Any, Stretch] = {}
    rest: dict[str, Any] = {}
    for report_id, spell_id, told in reports:
        if not tells_of_work(told):
            rest |= told
            continue
        if spell_id not in known and (same := begun.get(_beginning(told))):
            # It waits because it says otherwise of this work, which is no other work for that.
            stretch = found.setdefault(same, Stretch({}, report_id, same))
            stretch.told = told | stretch.told
        else:
            spell_id = spell_id if spell_id in known else None
            stretch = found.setdefault(spell_id or _beginning(told), Stretch({}, spell_id=spell_id))
            stretch.told |= told
            stretch.report_id = report_id
        rest |= {
            name: told[name] for name in ("plans", "needs", "intention", "id_kind", "phone") if name in told
        }
    for spell_id, accepted in spells:
        stretch = found.setdefault(spell_id, Stretch({}, spell_id=spell_id))
        reported_precisely = stretch.told.get("industry"), stretch.told.get("post_kinds")
        stretch.told |= {name: value for name, value in accepted.items() if value is not None}
        stretch.told["ended"] = accepted["ended"]
        for name, value in zip(("industry", "post_kinds"), reported_precisely, strict=True):
            if value:
                stretch.told[name] = value
        stretch.told["working"] = goes_on(stretch.told, as_of)
    ordered = sorted(
        found.values(), key=lambda each: (each.told.get("started") or date.min, each.spell_id or 0)
    )
    if found:
        rest.pop("working", None)
    return ordered, rest


def _beginning(told: dict[str, Any]) -> tuple[int | None, str | None]:
    return month(told["started"]) if told.get("started") else None, told.get("employer")


def goes_on(told: dict[str, Any], as_of: date) -> bool:
    started, ended = told.get("started"), told.get("ended")
    if started is None or month(started) > month(as_of):
        return False
    if ended is None:
        return True
    return bool(ended > as_of if told.get("precision") is Precision.DAY else month(ended) > month(as_of))
