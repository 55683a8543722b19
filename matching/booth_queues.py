"""Which of a visitor's best posts are offered, so that the queues of a fair's booths stay even.

Nobody is sent to a poorer post for it: only among posts that are as good as the best one left, to within `NEAR` of its
score, the one with the shorter queue comes first.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from matching.columns import FloatArray

NEAR = 0.1
"""Share of the score by which a post may be behind and still count as good as."""

CHOSEN = (0.35, 0.25, 0.15, 0.1, 0.1, 0.05)
"""How likely a visitor is to queue for the post at each place of the card: our own assumption, which only orders queues."""


@dataclass(frozen=True, slots=True)
class Load:
    """Who is expected at each booth, and how many it can talk to; both in people, arrays of the booths.

    `expected` grows as cards are made.
    """

    expected: FloatArray
    capacity: FloatArray

    def crowding(self, booth: int) -> float:
        """People expected for each that the booth can talk to."""
        return float(self.expected[booth] / max(self.capacity[booth], 1e-9))


def offered(
    scores: FloatArray, net: FloatArray, booths: Sequence[int], load: Load, most: int = len(CHOSEN)
) -> list[int]:
    """The rows that are offered, best first; `load` is told whom they will bring.

    Parameters
    ----------
    scores : of the visitor's posts, in the order of the ranking.
    net : what the prices of a plan's seats leave of them; may be below 0.
    booths : the booth of each.
    """
    left, chosen = list(range(len(scores))), list[int]()
    while left and len(chosen) < most:
        first = left[0]
        behind = NEAR * scores[first]
        near = [
            row for row in left if scores[row] >= scores[first] - behind and net[row] >= net[first] - behind
        ]
        pick = min(near, key=lambda row: (load.crowding(booths[row]), row))
        load.expected[booths[pick]] += CHOSEN[min(len(chosen), len(CHOSEN) - 1)]
        chosen.append(pick)
        left.remove(pick)
    return chosen
