"""Which kinds of work a line of a register or a return includes; each line says so."""

from collections.abc import Iterable

from models.spell import SpellKind

TRANSFER = frozenset(
    {
        SpellKind.MARKET,
        SpellKind.WORKSHOP,
        SpellKind.COMMUNITY_FACTORY,
        SpellKind.EMPLOYMENT_BASE,
        SpellKind.FLEXIBLE,
    }
)
"""转移就业: off the farm and in pay, near or far. Public posts are never in it, nor is 以工代赈 or a business of one's own."""

MARKET_TRANSFER = frozenset({SpellKind.MARKET, SpellKind.FLEXIBLE})
"""市场化转移就业: what the pairing's return counts by destination; workshops and factories have lines of their own."""


def words(kinds: Iterable[SpellKind]) -> str:
    """The kinds as a sentence says them, in the order of their declaration."""
    wanted = set(kinds)
    return "、".join(kind.label for kind in SpellKind if kind in wanted)
