"""Rules as data that differ between places and years: which one is that of a place on a day."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalRule:
    """Where and when a rule is in force; `unconfirmed` says what of it stands in no text that we have."""

    id: str
    name: str
    region: str
    from_on: date
    to_on: date | None = None
    unconfirmed: tuple[str, ...] = ()


Rule = TypeVar("Rule", bound=LocalRule)


def entries(file: Path) -> list[dict[str, Any]]:
    """The rules of a file, lists as tuples."""
    found = tomllib.loads(file.read_text(encoding="utf-8"))["rule"]
    return [
        {name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()}
        for entry in found
    ]


def ruling(rules: Sequence[Rule], region: str, day: date) -> Rule:
    """The rule of the smallest place around `region` that is in force on the day; before any was, the oldest there."""
    there = [rule for rule in rules if region.startswith(rule.region)]
    now = [rule for rule in there if rule.from_on <= day and (rule.to_on is None or day <= rule.to_on)]
    if now:
        return max(now, key=lambda rule: len(rule.region))
    return min(there, key=lambda rule: rule.from_on)
