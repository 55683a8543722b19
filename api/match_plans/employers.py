"""The posts of a plan taken together by employer."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.schemas.match_plan import PostPublic


@dataclass(slots=True)
class FirmSums:
    """What a plan has at one employer, beside first come, first served."""

    name: str
    seats: int = 0
    filled: int = 0
    stable: float = 0.0
    first_come: int = 0
    first_come_stable: float = 0.0


def by_employer(posts: Sequence[PostPublic]) -> list[FirmSums]:
    """One row an employer, where most go first."""
    found: dict[str, FirmSums] = {}
    for post in posts:
        name = post.vacancy.employer or "单位未写明"
        sums = found.setdefault(name, FirmSums(name))
        sums.seats += post.seats
        sums.filled += post.filled
        sums.stable += post.stable
        sums.first_come += post.first_come
        sums.first_come_stable += post.first_come_stable
    return sorted(found.values(), key=lambda each: (-max(each.filled, each.first_come), each.name))
