"""Asking a database whether it holds what `models.invariants` promises."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, text

from api.seeding.copying import Progress, silent
from models.invariants import Invariant, every_invariant


@dataclass(frozen=True, slots=True)
class Broken:
    """A promise that is not kept, in how many rows, and the numbers of some."""

    invariant: Invariant
    count: int
    examples: tuple[str, ...]


def broken_invariants(
    connection: Connection, tell: Progress = silent, *, asked: Sequence[Invariant] | None = None
) -> list[Broken]:
    """Those that do not hold, of all or of those that are asked, as the tables' owner sees them."""
    asked = every_invariant() if asked is None else asked
    found = []
    for done, invariant in enumerate(asked):
        tell(done, len(asked), "核对数据")
        count, examples = connection.execute(
            text(
                f"SELECT count(*), (array_agg(broken::text))[1:5] FROM ({_plain(invariant.sql)}) AS rows"  # noqa: S608 - ours
            )
        ).one()
        if count:
            found.append(Broken(invariant, count, tuple(examples)))
    return found


def _plain(statement: str) -> str:
    """Nothing in it is a parameter."""
    return statement.replace(":", "\\:").replace("\\:\\:", "::")
