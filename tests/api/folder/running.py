"""What tests of `./wengang stability` have in common."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HEADING = "worker_id,employer_id,started_on,ended_on,observed_until"
THREE = {"id": "三个月", "min_months": 3, "counting": "continuous"}


@dataclass(frozen=True)
class Ran:
    """What came of one command."""

    status: int
    said: str
    answer: dict[str, Any]
    rows: list[dict[str, str]]
    rejected: list[dict[str, str]]
    content: bytes

    @property
    def marks(self) -> list[tuple[str, str, str]]:
        """Worker, rule and mark of each row."""
        return [(row["worker_id"], row["rule"], row["stable_on"]) for row in self.rows]

    @property
    def left_out(self) -> list[tuple[str, str, str]]:
        """File, line and column of each rejected row."""
        return [(row["file"], row["line"], row["column"]) for row in self.rejected]


Command = Callable[..., Ran]


def table(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def rows(*told: str, heading: str = HEADING) -> str:
    return "\n".join((heading, *told)) + "\n"
