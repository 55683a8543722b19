"""疑点 as the overview counts them: by township, by rule."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from api.schemas.doubt import DoubtCount
from ledger.doubts.rule import Severity
from models.doubt import DoubtState


@dataclass(slots=True)
class Tally:
    """How many of each kind are left in one place, or of one rule."""

    name: str
    query: str
    severity: Severity | None = None
    left: dict[Severity, int] = field(default_factory=lambda: defaultdict(int))
    explained: int = 0

    @property
    def open(self) -> int:
        """All that wait."""
        return sum(self.left.values())

    @property
    def errors(self) -> int:
        """Those that must be put right."""
        return self.left[Severity.ERROR]

    def add(self, counted: DoubtCount) -> None:
        """Count what the database counted."""
        if counted.state is DoubtState.OPEN:
            self.left[counted.severity] += counted.count
        elif counted.state is DoubtState.EXPLAINED:
            self.explained += counted.count


def tallied(items: Iterable[DoubtCount], name: Any, query: Any) -> list[Tally]:
    found: dict[str, Tally] = {}
    for item in items:
        told = urlencode(query(item))
        found.setdefault(told, Tally(name(item), told, item.severity)).add(item)
    tallies = [tally for tally in found.values() if tally.open or tally.explained]
    return sorted(tallies, key=lambda tally: (-tally.errors, -tally.open, tally.query))
