"""May what was learned serve? The question of `replacing`, put to the evidence of past months."""

from collections.abc import Callable

import numpy as np

from matching.columns import FloatArray
from matching.judging.judge import FOLDS
from matching.judging.plans import by_judge
from matching.judging.replacing import Later, Served, Verdict, may_replace
from matching.judging.rows import Evidence, Rows

PRIOR, CHAMPION = "prior", "champion"
"""What serves in the months of the evidence: the documented prior, or the model that `Past.serving` tells of."""


def verdict_on(
    evidence: Evidence,
    words: Callable[[str], str],
    *,
    judged: bool,
    champion: str = PRIOR,
    called: str = "默认权重",
) -> Verdict:
    """`words` names a group in Chinese, `called` the champion; `judged` says whether the judge of plans tells anything."""
    applied, plans = evidence.applied, evidence.plans
    planned = judged and "learned" in plans.values
    people = plans if planned else plans.take(np.zeros(len(plans), np.bool_))
    return may_replace(
        _served(called, applied.values[f"stable_{champion}"], people, champion if planned else None),
        _served("学习模型", applied.values["stable_model"], people, "learned" if planned else None),
        Later(
            applied.worker,
            applied.values["stable"],
            applied.values["stable_weight"],
            people.worker,
            {words(name): members for name, members in people.groups.items()},
        ),
    )


def _served(name: str, chance: FloatArray, people: Rows, plan: str | None) -> Served:
    if plan is None:
        return Served(name, chance, np.zeros(0))
    by_each = np.array([people.values[by_judge(plan, number)] for number in range(FOLDS)])
    return Served(name, chance, people.values[plan], by_each)
