"""The measures by hand, and against counting everything one by one."""

from itertools import pairwise, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.judging.calibration import calibrated
from matching.judging.censoring import seen_before, still_there
from matching.judging.concordance import concordance, uno_weights
from matching.judging.estimate import FEWEST, ratio, total, widened
from matching.judging.queues import by_chance, in_turn
from matching.judging.ranked import ndcg

STAYS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(1, 6), st.booleans(), st.integers(0, 1)), min_size=2, max_size=14
)


def test_concordance_by_hand() -> None:
    """A left after 10 days, B after 20, C was last seen on day 15, D on day 30: of A all others can be compared, of B only D."""
    risk = np.array([0.9, 0.3, 0.5, 0.3])
    days, left = np.array([10, 20, 15, 30]), np.array([True, True, False, False])
    found = concordance(risk, days, left, np.arange(4))
    # A before B, C, D: right three times; B and D are equal: half.
    assert found.value == pytest.approx(3.5 / 4)
    assert found.cases == 4
    # Weighed by who left first: B counts 1 / (2/3)², because C, one of three who were there, was lost sight of before.
    weight = uno_weights(days, left, 100)
    assert weight.tolist() == pytest.approx([1, 2.25, 0, 0])
    assert concordance(risk, days, left, np.arange(4), weight=weight).value == pytest.approx(
        (3 + 0.5 * 2.25) / (3 + 2.25)
    )
    assert uno_weights(days, left, 15).tolist() == pytest.approx([1, 0, 0, 0])


@settings(deadline=None, max_examples=60)
@given(STAYS)
def test_concordance_is_what_counting_pairs_gives(stays: list[tuple[int, int, bool, int]]) -> None:
    risk, days, left, apart = (np.array(column) for column in zip(*stays, strict=True))
    right = pairs = 0.0
    for a in range(len(stays)):
        for b in range(len(stays)):
            later = days[b] > days[a] or (days[b] == days[a] and not left[b])
            if a != b and left[a] and later and apart[a] == apart[b]:
                pairs += 1
                right += 1.0 if risk[a] > risk[b] else 0.5 if risk[a] == risk[b] else 0.0
    found = concordance(risk.astype(float), days, left, np.arange(len(stays)), apart=apart)
    assert np.isnan(found.value) if not pairs else found.value == pytest.approx(right / pairs)


def test_the_interval_of_a_concordance_covers_the_truth() -> None:
    """Risks that say nothing: 0.5 lies in about 95 of 100 intervals."""
    dice = np.random.default_rng(3)
    covered = 0
    for _ in range(200):
        days = dice.integers(1, 300, 80)
        found = concordance(dice.random(80), days, dice.random(80) < 0.6, np.arange(80))
        covered += found.low <= 0.5 <= found.high
    assert 182 <= covered <= 198


def test_ndcg_by_hand() -> None:
    """Wanted are the second and the fourth of the first list; nothing of the second; equal scores share their places."""
    scores = np.array([4.0, 3.0, 2.0, 1.0, 9.0, 8.0, 5.0, 5.0])
    relevant = np.array([False, True, False, True, False, False, True, False])
    lists = np.array([3, 3, 3, 3, 5, 5, 8, 8])
    which, value = ndcg(scores, relevant, lists)
    assert which.tolist() == [3, 8]
    best = 1 + 1 / np.log2(3)
    assert value[0] == pytest.approx((1 / np.log2(3) + 1 / np.log2(5)) / best)
    assert value[1] == pytest.approx((1 + 1 / np.log2(3)) / 2)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 2), st.booleans()), min_size=1, max_size=6), st.integers(1, 4))
def test_ndcg_is_the_mean_over_all_orders_of_equals(rows: list[tuple[int, bool]], top: int) -> None:
    scores, relevant = np.array([r[0] for r in rows], float), np.array([r[1] for r in rows])
    _, value = ndcg(scores, relevant, np.zeros(len(rows), np.int64), top)
    if not relevant.any():
        assert len(value) == 0
        return
    gain = [1 / np.log2(place + 2) for place in range(min(top, len(rows)))]
    sums = [
        sum(g * relevant[row] for g, row in zip(gain, order, strict=False))
        for order in permutations(range(len(rows)))
        if all(scores[a] >= scores[b] for a, b in pairwise(order))
    ]
    assert value[0] == pytest.approx(np.mean(sums) / sum(gain[: int(relevant.sum())]))


def test_who_was_lost_sight_of_is_stood_for_by_the_others() -> None:
    """Four: left on day 2, lost on day 3, left on day 5, still there on day 9. Of three after day 2 one was lost: G = 2/3."""
    days, left = np.array([2, 3, 5, 9]), np.array([True, False, True, False])
    assert seen_before(days, left, np.array([3, 4, 10])).tolist() == pytest.approx([1, 2 / 3, 0])
    stayed, weight = still_there(days, left, 6)
    assert weight.tolist() == pytest.approx([1, 0, 1.5, 1.5])
    # As Kaplan and Meier have it: 3/4 after day 2, half of that after day 5.
    assert (stayed * weight).sum() / weight.sum() == pytest.approx(3 / 8)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(1, 8), st.booleans()), min_size=1, max_size=15), st.integers(1, 8))
def test_the_share_still_there_is_kaplan_meiers(stays: list[tuple[int, bool]], until: int) -> None:
    days, left = np.array([s[0] for s in stays]), np.array([s[1] for s in stays])
    alive = 1.0
    for day in range(1, until + 1):
        here = (days >= day).sum()
        alive *= 1 - ((days == day) & left).sum() / here if here else 1.0
    stayed, weight = still_there(days, left, until)
    if weight.sum():
        assert (stayed * weight).sum() / weight.sum() == pytest.approx(alive)
    else:
        assert not ((days >= until) & ~(left & (days <= until))).any()


def test_nobody_seen_so_long_tells_nothing() -> None:
    _, weight = still_there(np.array([40, 60, 80]), np.array([False, False, True]), 180)
    assert weight.tolist() == [0, 0, 0]


def test_true_chances_are_calibrated_and_others_are_not() -> None:
    dice = np.random.default_rng(1)
    chance = dice.uniform(0.1, 0.9, 4_000)
    happened = (dice.random(4_000) < chance).astype(float)
    one, people = np.ones(4_000), np.arange(4_000)
    good = calibrated(chance, happened, one, people)
    assert good.error.value < 2 * good.by_chance
    assert [each.cases for each in good.bins] == [400] * 10
    bad = calibrated(np.clip(chance + 0.2, 0, 1), happened, one, people)
    assert bad.error.low > 0.15 > 5 * bad.by_chance
    # Each bin is off by the two tenths, by hand: the error is their mean.
    off = [each.predicted - each.observed for each in bad.bins]
    assert bad.error.value == pytest.approx(np.abs(off).mean())


def test_censored_outcomes_do_not_move_what_was_seen() -> None:
    """Half of the stays are lost sight of on a day of chance; the share still there at 90 days stays what it was."""
    dice = np.random.default_rng(2)
    until_left = np.ceil(dice.exponential(130, 20_000)).astype(np.int64)
    lost = dice.integers(1, 300, 20_000)
    days, left = np.minimum(until_left, lost), until_left <= lost
    stayed, weight = still_there(days, left, 90)
    found = ratio(stayed * weight, weight, np.arange(20_000))
    assert found.low < np.exp(-90 / 130) < found.high
    assert abs((days > 90).mean() - np.exp(-90 / 130)) > 0.05


def test_a_ratio_counts_people_and_not_rows() -> None:
    """The same row ten times over tells no more than once."""
    dice = np.random.default_rng(0)
    y = (dice.random(50) < 0.4).astype(float)
    once = ratio(y, np.ones(50), np.arange(50))
    often = ratio(np.repeat(y, 10), np.ones(500), np.repeat(np.arange(50), 10))
    assert (once.value, once.low, once.high) == pytest.approx((often.value, often.low, often.high))
    deviation = y.std(ddof=1) / np.sqrt(50)
    assert once.high - once.value == pytest.approx(2.0096 * deviation, rel=1e-3)
    assert (once.known, ratio(y[:20], np.ones(20), np.arange(20)).known) == (True, False)
    assert FEWEST == 30
    assert total(y, np.arange(50)).value == y.sum()
    assert total(y, np.arange(50)).high - y.sum() == pytest.approx(50 * (once.high - once.value))


def test_judges_that_disagree_widen_an_interval() -> None:
    found = total(np.full(40, 0.5) + np.linspace(-0.1, 0.1, 40), np.arange(40))
    assert widened(found, np.full(5, 20.0)) == found
    wide = widened(found, np.array([19.0, 20, 20, 20, 21]))
    # 4/5 of the squared distances, 1.6, and Student's t of four degrees.
    more = 2.7764 * np.sqrt(1.6)
    assert wide.high - 20 == pytest.approx(np.hypot(found.high - 20, more), rel=1e-4)
    assert widened(found, np.zeros(0)) == found


def test_who_comes_first_takes_what_is_left() -> None:
    """Three people, two posts of one seat; the second likes the same post as the first, the third only that."""
    worker, post = np.array([0, 0, 1, 1, 2]), np.array([0, 1, 0, 1, 0])
    liking = np.array([2.0, 1.0, 5.0, 1.0, 9.0])
    taken = in_turn(3, worker, post, liking, np.array([1, 1]), np.arange(3))
    assert taken.tolist() == [0, 3, -1]
    assert in_turn(3, worker, post, liking, np.array([1, 1]), np.array([2, 1, 0])).tolist() == [-1, 3, 4]
    share = by_chance(3, worker, post, np.array([1, 1]), draws=400, seed=0)
    assert share[[0, 2, 4]].sum() == pytest.approx(1)
    assert share[[1, 3]].sum() == pytest.approx(1)
    # The third gets the one post wanted when first, every other time when second, never when last: 1/3 + 1/6.
    assert share[4] == pytest.approx(0.5, abs=0.08)
