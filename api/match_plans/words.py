"""What prices mean, in plain words. The unit is the objective's: people staying 180 days, or yuan a month for the people."""

from matching.allocation.words import out_of_reach
from models.match_plan import Objective

_NOTHING = {Objective.STABLE: 0.005, Objective.SURPLUS: 1.0}
"""Less than this is nothing that one could tell."""


def seat_words(objective: Objective, worth: float) -> str:
    """What one more seat at a post would bring."""
    if worth < _NOTHING[objective]:
        return "再多名额也没有更合适的人"
    return f"再多1个名额，{_more(objective, worth)}"


def quota_words(
    objective: Objective, *, met: bool, most: int | None, one_more: float | None, whole: float | None
) -> str:
    """What a quota costs, all of it and one more person; of one that is not met how many are within reach at most (None:
    not known, since people were refused afterwards), and no cost."""
    if not met:
        return "没有达到" if most is None else out_of_reach(most)
    told = []
    if whole is not None:
        told.append(
            "没有代价：不提这条要求，结果也一样好"
            if whole < _NOTHING[objective]
            else f"为了这条要求，{_less(objective, whole)}"
        )
    if one_more is None:
        told.append("不能再多了")
    elif one_more >= _NOTHING[objective]:
        told.append(f"再多要求1人，{_less(objective, one_more)}")
    return "；".join(told) or "没有代价"


def _more(objective: Objective, amount: float) -> str:
    if objective is Objective.STABLE:
        return f"预计多{_people(amount)}人干满半年"
    return f"预计大家每月合计多得约{amount:.0f}元"


def _less(objective: Objective, amount: float) -> str:
    if objective is Objective.STABLE:
        return f"预计少{_people(amount)}人干满半年"
    return f"预计大家每月合计少得约{amount:.0f}元"


def _people(amount: float) -> str:
    return f"{amount:.1f}" if amount >= 0.1 else f"{amount:.2f}"
