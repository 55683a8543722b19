"""Why people and seats are left although both are there: shares of the placements that few can fill hold everybody else back."""

from dataclasses import replace

from matching.allocation.plan import Allocation, allocate
from matching.allocation.problem import Problem
from matching.allocation.words import GROUPS, quota_words


def left_empty(problem: Problem, made: Allocation) -> list[str]:
    """At most one sentence: how many go without the shares, and which shares these have. Empty where no share is the reason."""
    shares = [quota for quota in problem.quotas if quota.share is not None]
    placed = int((made.vacancy >= 0).sum())
    if not shares or placed >= min(problem.workers, int(problem.seats.sum())):
        return []
    free = allocate(replace(problem, quotas=tuple(each for each in problem.quotas if each.share is None)))
    people = int((free.vacancy >= 0).sum())
    if people <= placed:
        return []
    reached = []
    for quota in shares:
        many = int((problem.groups[quota.group] & (free.vacancy >= 0)).sum())
        reached.append(f"{GROUPS[quota.group]}{many}人（{many / people:.0%}）")
    less = f"只能安排{placed}人" if placed else "一个人也不能安排"
    return [
        f"要达到{'、'.join(f'「{quota_words(quota)}」' for quota in shares)}，{less}；不设这些比例可以安排{people}人，"
        f"其中{'、'.join(reached)}。请降低比例，或增加他们能去的岗位。"
    ]
