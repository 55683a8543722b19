"""抽查: which of an approver's claims are looked at again: a fifth, the riskier sooner, and the same draw for the same seed."""

from collections.abc import Hashable, Mapping
from hashlib import sha256
from math import log
from typing import TypeVar

Claim = TypeVar("Claim", bound=Hashable)
SHARE_PERCENT, LEAST, MOST = 20, 2, 20


def sample_size(claims: int) -> int:
    """How many of so many claims are drawn: a fifth, rounded up, at least 2 and at most 20, and never more than there are."""
    return min(claims, max(LEAST, min(MOST, -(-claims * SHARE_PERCENT // 100))))


def draw(risks: Mapping[Claim, int], seed: str) -> list[Claim]:
    """The claims that are drawn, in the order of the draw; `risks` are whole numbers from 1, by claim.

    Weighted without replacement (Efraimidis and Spirakis 2006): each claim draws u from the seed and its own number
    and the least -ln(u) / risk come first, so that twice the risk is twice as likely to be the next. Nothing depends
    on the order or on a random generator's version: whoever has the seed can draw again.

    Raises
    ------
    ValueError
        for a risk below 1.
    """
    if any(risk < 1 for risk in risks.values()):
        raise ValueError("risks begin at 1")
    order = sorted(risks, key=lambda claim: (-log(_uniform(seed, claim)) / risks[claim], str(claim)))
    return order[: sample_size(len(risks))]


def _uniform(seed: str, claim: Hashable) -> float:
    """A number above 0 and below 1."""
    digest = sha256(f"{seed}\n{claim}".encode()).digest()
    return (int.from_bytes(digest[:6]) + 0.5) / 2**48
