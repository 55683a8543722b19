"""Which kinds of work a line of a register or a return includes; each line says so."""

from collections.abc import Iterable

from models.spell import SpellKind


def words(kinds: Iterable[SpellKind]) -> str:
    """The kinds as a sentence says them, in the order of their declaration."""
    wanted = set(kinds)
    return "、".join(kind.label for kind in SpellKind if kind in wanted)
