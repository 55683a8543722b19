"""A small share of lists in which near ties stand in an order that was drawn, so that what is shown is not only what was thought best.

The chance of each line to stand where it stands is told, so that whoever learns from what was shown can weigh it (inverse
propensity). Lines whose scores are farther apart than `NEAR` never change places: nobody is shown something worse.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from matching.ranking import Ranked

NEAR = 0.02
"""Scores of one group lie within this share of its best one."""
LOOKED_BEYOND = 10
"""Lines behind the last shown that may come into question where they nearly tie with it."""


def drawn(
    lines: Sequence[Ranked], limit: int, share: float, dice: np.random.Generator
) -> tuple[tuple[Ranked, ...], tuple[float, ...]]:
    """The first `limit` lines as they are shown, and how likely each stood there.

    `lines` are in the order of their scores, as many as there are up to `LOOKED_BEYOND` behind the limit; in `share` of the lists
    the order within each group of near ties is drawn.
    """
    groups = _groups([line.score or 0.0 for line in lines])
    order = np.arange(len(lines))
    if dice.random() < share:
        order = np.concatenate([np.zeros(0, np.int64), *(dice.permutation(group) for group in groups)])
    size = np.concatenate([np.zeros(0), *(np.full(len(group), float(len(group))) for group in groups)])
    shown = order[:limit].tolist()
    chances = [(1.0 - share) * (row == place) + share / size[place] for place, row in enumerate(shown)]
    return tuple(replace(lines[row], rank=place + 1) for place, row in enumerate(shown)), tuple(chances)


def _groups(scores: Sequence[float]) -> list[list[int]]:
    groups: list[list[int]] = []
    for row, score in enumerate(scores):
        if groups and score >= (1.0 - NEAR) * scores[groups[-1][0]]:
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups
