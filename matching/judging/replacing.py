"""Whether what was learned may take the place of what serves: only where it is better beyond doubt, and nobody's loss."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from matching.columns import BoolArray, FloatArray
from matching.judging.doubly_robust import FEWEST_EFFECTIVE, Drawn, Policy, change, worth
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
    policy: Policy | None = None
    """What it would have done with the cases of `Later.drawn`."""


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
    drawn: Drawn | None = None
    """Decisions that were drawn by chances written down, and who of them belongs to which of `drawn_groups`, named alike."""
    drawn_groups: Mapping[str, BoolArray] = field(default_factory=dict)


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
    interval. It is estimated doubly robustly where decisions were drawn by known chances and enough of them speak for both
    (`FEWEST_EFFECTIVE`), else by the judges' model, and the verdict says which. By the model a group of fewer than `FEWEST` is
    judged by the mean alone, and told of. Of whom neither can be told is not known to be unharmed.
    """
    better, said = _better(champion, challenger, later)
    reasons = [said]
    groups = {name: later.groups.get(name) for name in (*later.groups, *later.drawn_groups)}
    robust: list[str] = []
    harmed: list[str] = []
    unjudged: list[str] = []
    blind = False
    for group, members in groups.items():
        drawn = _by_chances(champion, challenger, later, group)
        if drawn is not None:
            robust.append(group)
            lost = drawn
        elif members is not None and members.any() and len(later.person):
            lost, few = _by_model(champion, challenger, later, members)
            unjudged += [group] if few else []
        else:
            drawn_members = later.drawn_groups.get(group)
            blind |= drawn_members is not None and bool(drawn_members.any())
            continue
        harmed += [group] if lost else []
    reasons += _how(later, robust)
    if blind or not (len(later.person) or robust):
        reasons.append(
            "没有可信的方案估计（评判用的模型看不出谁留得更久，或记录太少），不能确认没有哪个群体吃亏"
        )
        return Verdict(False, tuple(reasons), tuple(harmed), tuple(unjudged))
    by = "按模型估计" if not robust else "按抽取的推荐的实际结果"
    by += "，其余按模型估计" if robust and len(robust) < len(groups) else ""
    if harmed:
        reasons.append(f"不能确认以下群体不吃亏：{'、'.join(harmed)}（{by}，允许的下降不超过{MARGIN:.0%}）")
    else:
        reasons.append(f"{by}，各监测群体的稳定就业都没有下降超过{MARGIN:.0%}")
    if unjudged:
        reasons.append(f"人数不到{FEWEST}人、只看平均值的群体：{'、'.join(unjudged)}")
    return Verdict(better and not harmed, tuple(reasons), tuple(harmed), tuple(unjudged))


def _better(champion: Served, challenger: Served, later: Later) -> tuple[bool, str]:
    known = later.weight > 0
    many = int(known.sum())
    if many >= FEWEST and not both_kinds(later.stable, known):
        return False, (
            f"已知结果的{many}次报名里，留住的和没留住的没有各到{FEWEST_OF_A_KIND}次，没有对照，不能比较"
        )
    if many < FEWEST:
        return False, (
            f"已知结果的报名只有{many}次（至少要{FEWEST}次，留住和没留住的各至少{FEWEST_OF_A_KIND}次），不能比较"
        )
    error = (champion.chance - later.stable) ** 2 - (challenger.chance - later.stable) ** 2
    gain = ratio(later.weight * error, later.weight, later.worker)
    start = f"在之后的{gain.cases}次报名上，{challenger.name}"
    if gain.low > 0:
        return True, f"{start}的预测比{champion.name}更准"
    if gain.high < 0:
        return False, f"{start}的预测不如{champion.name}准"
    return False, f"{start}与{champion.name}看不出差别"


def _by_chances(champion: Served, challenger: Served, later: Later, group: str) -> bool | None:
    """Whether the group may lose, by what was drawn; None where too little of it speaks for both."""
    members = later.drawn_groups.get(group)
    if later.drawn is None or members is None or champion.policy is None or challenger.policy is None:
        return None
    found = change(later.drawn, champion.policy, challenger.policy, members)
    if found.effective < FEWEST_EFFECTIVE or not found.value.known:
        return None
    now = worth(later.drawn, champion.policy, members).value.value
    return not found.value.low >= -MARGIN * max(now, 0.0)


def _by_model(champion: Served, challenger: Served, later: Later, members: BoolArray) -> tuple[bool, bool]:
    """Whether the group may lose, as the judges estimate, and whether its people are few."""
    one, mean = np.ones(int(members.sum())), float(champion.worth[members].mean())
    found = ratio((challenger.worth - champion.worth)[members], one, later.person[members])
    if len(challenger.by_each):
        found = widened(found, (challenger.by_each - champion.by_each)[:, members].mean(axis=1))
    few = len(np.unique(later.person[members])) < FEWEST
    return not (found.value if few else found.low) >= -MARGIN * mean, few


def _how(later: Later, robust: list[str]) -> list[str]:
    if later.drawn is None or not len(later.drawn):
        return ["过去给谁推荐什么不是按记录在案的机会抽取的，谁会吃亏只能按模型估计（做不了双重稳健估计）"]
    if not robust:
        return [
            "按机会抽取的推荐太少，或与要比较的办法差得太远，谁会吃亏只能按模型估计（双重稳健估计不可用）"
        ]
    return [f"用抽取的推荐的实际结果核对过的群体（双重稳健估计）：{'、'.join(robust)}"]
