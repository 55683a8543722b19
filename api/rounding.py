"""Numbers as they are told."""

import numpy as np

_DIGITS = 6


def short(value: float | None) -> float | None:
    """So many digits as any machine agrees on."""
    return None if value is None else rounded(value)


def rounded(value: float) -> float:
    """Likewise of what is known."""
    return float(np.round(value, _DIGITS))
