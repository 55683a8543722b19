"""Named stability rules: those that counties really have, and plain ones, kept as data in `known_rules.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from outcomes.rules import StabilityRule

_FILE = Path(__file__).with_suffix(".toml")


@dataclass(frozen=True, slots=True)
class KnownRule:
    """A rule with the name that people know it by and what they must know besides. `fields`: a rules.json's."""

    name: str
    note: str
    fields: Mapping[str, Any]
    rule: StabilityRule


@cache
def known_rules() -> Mapping[str, KnownRule]:
    """The named rules by id."""
    entries = tomllib.loads(_FILE.read_text(encoding="utf-8"))["rule"]
    return {entry["id"]: _known(entry) for entry in entries}


def _known(entry: Mapping[str, Any]) -> KnownRule:
    given = {name: value for name, value in entry.items() if name not in ("name", "note")}
    return KnownRule(entry["name"], entry.get("note", ""), given, StabilityRule.from_dict(given))
