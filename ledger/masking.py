"""Two numbers beside each other, masked: where the masks read the same, words say that the numbers do not."""

from collections.abc import Callable

APART = "（遮盖的几位不同）"
"""Stands behind the second of two masked numbers that read the same and are not."""


def masked_apart(mask: Callable[[str], str], one: str, other: str) -> tuple[str, str]:
    """Both numbers as they are shown; an empty one stays empty."""
    shown, beside = (mask(each) if each else "" for each in (one, other))
    return shown, beside + (APART if one != other and shown == beside else "")
