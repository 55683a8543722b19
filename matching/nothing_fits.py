"""Of people for whom no post comes into question: which rule rules out most."""

from dataclasses import dataclass

import numpy as np

from matching.columns import Market, Pairs
from matching.eligibility import RULES, Rule
from matching.regions import IntArray

_AT_ONCE = 1_000_000
_OF_THE_PERSON = ("restricted", "legal_age", "capability", "wants_none")


@dataclass(frozen=True, slots=True)
class NothingFits:
    """`rule` rules out `many` of `posts`, more than any other."""

    rule: Rule
    many: int
    posts: int
    sentence: str


def nothing_fits(market: Market, workers: IntArray, vacancies: IntArray) -> list[NothingFits]:
    """Of each of these workers; of rules that rule out as many, the one that is told first."""
    if not len(vacancies):
        return []
    counts = np.zeros((len(workers), len(RULES)), np.int64)
    step = max(1, _AT_ONCE // len(vacancies))
    for begin in range(0, len(workers), step):
        some = workers[begin : begin + step]
        pairs = Pairs(market, np.repeat(some, len(vacancies)), np.tile(vacancies, len(some)))
        for nth, rule in enumerate(RULES):
            counts[begin : begin + step, nth] = rule.rules_out(pairs).reshape(len(some), -1).sum(axis=1)
    posts, first = len(vacancies), int(vacancies[0])
    found = []
    for worker, row in zip(workers.tolist(), counts, strict=True):
        nth = int(row.argmax())
        rule, many = RULES[nth], int(row[nth])
        if not many:
            # The conditions of a person or a post were changed after the pairs were looked up.
            told = "资料或岗位条件在编制以后改过，请重新编制方案"
        elif rule.code in _OF_THE_PERSON:
            told = rule.sentence(market, worker, first)
        elif many == posts:
            told = f"{posts}个岗位都不符合条件：{rule.label}"
        else:
            told = f"{posts}个岗位都不符合条件，其中{many}个是因为{rule.label}"
        found.append(NothingFits(rule, many, posts, told))
    return found
