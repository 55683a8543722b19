"""A quota that can't be met: which one, and the nearest number that can."""

from fractions import Fraction

import numpy as np
import pytest

from matching.allocation.plan import allocate
from matching.allocation.problem import Edges, Problem, Quota

RELIEVED = np.array([True, True, True, False, False, False])
DISABLED = np.array([False, False, False, True, True, False])


def market(*quotas, seats=(2, 1), **more):
    """Six workers; the first three fit only the first post, the others only the second; the last fits both."""
    worker = np.array([0, 1, 2, 3, 4, 5, 5])
    vacancy = np.array([0, 0, 0, 1, 1, 0, 1])
    edges = Edges(worker, vacancy, np.array([1.0, 2.0, 3.0, 1.0, 2.0, 9.0, 8.0]))
    groups = {"poverty_relieved": RELIEVED, "disabled": DISABLED, "monitored": RELIEVED | DISABLED}
    return Problem(6, np.array(seats), edges, groups=groups, quotas=quotas, **more)


def test_a_quota_that_is_possible_says_nothing():
    plan = allocate(market(Quota("poverty_relieved", 2), Quota("disabled", 1)))
    assert plan.shortfalls == ()
    assert [(result.asked, result.reached) for result in plan.quotas] == [(2, 2), (1, 1)]
    assert plan.total == 2 + 3 + 2


def test_impossible_alone_names_the_greatest_number():
    plan = allocate(market(Quota("poverty_relieved", 3), Quota("disabled", 1)))
    (short,) = plan.shortfalls
    assert (short.code, short.quota.group, short.asked, short.reached, short.most) == (
        "quota_alone",
        "poverty_relieved",
        3,
        2,
        2,
    )
    assert short.sentence == (
        "「脱贫劳动力至少3人」达不到：有合适岗位和名额的脱贫劳动力最多只能安排2人。请把人数改为2人以内，或增加岗位。"
    )
    assert plan.quotas[1].reached == 1
    # What is out of reach costs nothing and is not free either: it has no price.
    assert np.isnan(plan.quotas[0].price)
    assert [each.most for each in plan.quotas] == [2, None]


def test_impossible_together_names_what_each_could_be_alone():
    worker, vacancy = np.array([0, 1, 2, 3]), np.zeros(4, np.int64)
    edges = Edges(worker, vacancy, np.ones(4))
    groups = {
        "poverty_relieved": np.array([True, True, False, False]),
        "disabled": np.array([False, False, True, True]),
    }
    quotas = (Quota("poverty_relieved", 2), Quota("disabled", 2))
    plan = allocate(Problem(4, np.array([3]), edges, groups=groups, quotas=quotas))
    (short,) = plan.shortfalls
    assert (short.code, short.asked, short.reached, short.most) == ("quota_together", 2, 1, 2)
    assert "同时达不到" in short.sentence
    assert (plan.vacancy >= 0).sum() == 3


def test_a_share_asks_by_what_is_placed():
    plan = allocate(market(Quota("poverty_relieved", share=Fraction(2, 3)), seats=(3, 1)))
    assert plan.shortfalls == ()
    (result,) = plan.quotas
    assert result.reached * 3 >= (plan.vacancy >= 0).sum() * 2


def test_a_share_that_pins_make_impossible():
    pinned = np.array([-1, -1, -1, 1, -1, 0])
    plan = allocate(market(Quota("poverty_relieved", share=Fraction(9, 10)), pinned=pinned))
    (short,) = plan.shortfalls
    assert short.quota.share == Fraction(9, 10)
    assert short.most == 1
    assert short.reached == 1
    assert short.asked == 3
    assert "至少占90%" in short.sentence


@pytest.mark.parametrize(
    "wrong", [{}, {"people": 1, "share": Fraction(1, 2)}, {"people": -1}, {"share": Fraction(3, 2)}]
)
def test_what_is_no_quota_is_refused(wrong):
    with pytest.raises(ValueError, match=r"quota|share"):
        Quota("disabled", **wrong)


def test_a_group_that_is_not_given_is_refused():
    with pytest.raises(ValueError, match="no group"):
        market(Quota("relocated", 1))


def test_a_share_of_a_group_of_nobody_does_not_empty_the_plan():
    """It would be kept by placing nobody: it is told as out of reach, and the others are placed."""
    problem = Problem(
        3,
        np.array([3]),
        Edges(np.arange(3), np.zeros(3, np.int64), np.ones(3)),
        groups={"monitored": np.zeros(3, np.bool_)},
        quotas=(Quota("monitored", share=Fraction(1, 5)),),
    )
    plan = allocate(problem)
    assert (plan.vacancy == 0).all()
    assert [(each.asked, each.reached) for each in plan.quotas] == [(1, 0)]
    assert [each.most for each in plan.shortfalls] == [0]


def test_a_share_of_those_who_cannot_go_sends_nobody_home():
    """Who is of the group is kept out, has a post that is full, or has companions without a post: the others go all the same."""
    share = Quota("monitored", share=Fraction(1, 5))
    worker, score = np.arange(5), np.ones(5)
    groups = {"monitored": np.array([True, False, False, False, False])}
    own = np.array([1, 0, 0, 0, 0])

    def plan(seats=(4, 1), **more):
        return allocate(
            Problem(5, np.array(seats), Edges(worker, own, score), groups=groups, quotas=(share,), **more)
        )

    assert (plan().vacancy >= 0).all()
    for made in (
        plan(kept_out=np.array([True, False, False, False, False])),
        plan(seats=(4, 0)),
        plan(closed=np.array([False, True])),
        plan(companion=np.array([1, -1, -1, -1, -1]), place=np.array([0, 1])),
    ):
        placed = int((made.vacancy >= 0).sum())
        assert placed >= 3
        (short,) = made.shortfalls
        assert (short.code, short.asked, short.reached, short.most) == ("quota_alone", 1, 0, 0)
