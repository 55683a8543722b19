"""A few pairs side by side: of each what a list would say of it, and what rules it out."""

from dataclasses import dataclass, replace

import numpy as np

from matching.columns import Pairs
from matching.eligibility import Exclusion, exclusions
from matching.places import distance_km
from matching.rankers import Ranker
from matching.ranking import Ranked, lines
from matching.regions import IntArray
from matching.told import townspeople


@dataclass(frozen=True, slots=True)
class Beside:
    """One pair. `line` is as in a list: without scores and reasons where a rule rules the pair out, or where the person does
    not want to be scored; its rank is the place among those compared. `townspeople`: 0 is nobody, or too few to tell."""

    line: Ranked
    out: tuple[Exclusion, ...]
    distance_km: float | None
    townspeople: int


def side_by_side(ranker: Ranker, pairs: Pairs, ids: IntArray) -> list[Beside]:
    """The pairs in their order; `ids` are the numbers of the side of which there are several."""
    ruled_out: list[list[Exclusion]] = [[] for _ in range(len(pairs))]
    for each in exclusions(pairs):
        ruled_out[each.index].append(each)
    allowed = np.array([not out for out in ruled_out], np.bool_)
    scored = allowed & ~pairs.of_workers("unranked")
    told: dict[int, Ranked] = {}
    for rows, with_scores in ((np.flatnonzero(scored), True), (np.flatnonzero(~scored), False)):
        some = pairs.take(rows)
        scores = ranker.score(some) if with_scores else None
        told |= zip(rows.tolist(), lines(ranker, some, rows, ids[rows], scores), strict=True)
    far, home = distance_km(pairs), townspeople(pairs)
    return [
        Beside(
            replace(told[row], rank=row + 1),
            tuple(ruled_out[row]),
            None if np.isnan(far[row]) else float(far[row]),
            int(home[row]),
        )
        for row in range(len(pairs))
    ]
