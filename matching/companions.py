"""Who goes with somebody, where not everybody is among the rows."""

from matching.columns import BoolArray
from matching.regions import IntArray

LOOKING = -3
"""Of a companion who was left out of a market of chosen people, and is to be placed too."""


def looks_too(companion: IntArray) -> BoolArray:
    """Whether there is a companion who is to be placed too."""
    there: BoolArray = (companion >= 0) | (companion == LOOKING)
    return there
