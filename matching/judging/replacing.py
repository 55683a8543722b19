"""Whether what was learned may take the place of what serves: only where it is better beyond doubt, and nobody's loss."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from matching.columns import BoolArray, FloatArray
from matching.judging.estimate import FEWEST, FEWEST_OF_A_KIND, both_kinds, ratio, widened
from matching.regions import IntArray

MARGIN = 0.02
"""A group may lose at most this share of what the champion is worth to it; the whole interval has to lie above that."""


@dataclass(frozen=True, slots=True)
class Served:
    """One of the two on later data: `chance` of a stable start said of each case, `worth` of its plan to each person, also
    `by_each` judge, shape (judges, people), where there are several."""

    name: str
    chance: FloatArray
    worth: FloatArray
    by_each: FloatArray = field(default_factory=lambda: np.zeros((0, 0)))


@dataclass(frozen=True, slots=True)
class Later:
    """Data that came after both were made.

    Cases: whose each is (`worker`), whether it was `stable`, and `weight`, 0 where that is not known. People: who each row of
    a worth is (`person`), and who of them belongs to which of `groups`, named in Chinese.
    """

    worker: IntArray
    stable: FloatArray
    weight: FloatArray
    person: IntArray
    groups: Mapping[str, BoolArray]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the challenger `may` serve, and why, in Chinese; `harmed` are the groups that forbid it."""

    may: bool
    reasons: tuple[str, ...]
    harmed: tuple[str, ...]
    unjudged: tuple[str, ...]


def may_replace(champion: Served, challenger: Served, later: Later) -> Verdict:
    """Better is a smaller squared error of the chance of a stable start, its interval clear of zero.

    Nobody's loss is: in no group may the mean worth be lower by more than `MARGIN` of the champion's, with the whole 95 %
    interval. A group of fewer than `FEWEST` is judged by the mean alone, and told of.
    """
    reasons: list[str] = []
    known = later.weight > 0
    if int(known.sum()) < FEWEST or not both_kinds(later.stable, known):
        reasons.append(
            f"已知结果的报名只有{int(known.sum())}次（至少要{FEWEST}次，留住和没留住的各至少{FEWEST_OF_A_KIND}次），不能比较"
        )
    else:
        error = (champion.chance - later.stable) ** 2 - (challenger.chance - later.stable) ** 2
        gain = ratio(later.weight * error, later.weight, later.worker)
        if gain.low > 0:
            reasons.append(f"在之后的{gain.cases}次报名上，{challenger.name}的预测比{champion.name}更准")
        elif gain.high < 0:
            reasons.append(f"在之后的{gain.cases}次报名上，{challenger.name}的预测不如{champion.name}准")
        else:
            reasons.append(f"在之后的{gain.cases}次报名上，{challenger.name}与{champion.name}看不出差别")
    better = reasons[0].endswith("更准")
    if not len(later.person):
        reasons.append(
            "没有可信的方案估计（评判用的模型看不出谁留得更久，或记录太少），不能确认没有哪个群体吃亏"
        )
        return Verdict(False, tuple(reasons), (), ())
    harmed, unjudged = [], []
    for group, members in later.groups.items():
        if not members.any():
            continue
        one, mean = np.ones(int(members.sum())), float(champion.worth[members].mean())
        change = ratio((challenger.worth - champion.worth)[members], one, later.person[members])
        if len(challenger.by_each):
            change = widened(change, (challenger.by_each - champion.by_each)[:, members].mean(axis=1))
        few = len(np.unique(later.person[members])) < FEWEST
        if few:
            unjudged.append(group)
        if not (change.value if few else change.low) >= -MARGIN * mean:
            harmed.append(group)
    if harmed:
        reasons.append(
            f"不能确认以下群体不吃亏：{'、'.join(harmed)}（按模型估计，允许的下降不超过{MARGIN:.0%}）"
        )
    else:
        reasons.append(f"按模型估计，各监测群体的稳定就业都没有下降超过{MARGIN:.0%}")
    if unjudged:
        reasons.append(f"人数不到{FEWEST}人、只看平均值的群体：{'、'.join(unjudged)}")
    return Verdict(better and not harmed, tuple(reasons), tuple(harmed), tuple(unjudged))
