"""Monitored groups: who is chosen, who is seen first, of whom too much is foretold; by hand, and against the truth of drawn cases."""

from datetime import date
from typing import Any

import numpy as np
import pytest

from matching.columns import Market, Vacancies, Workers
from matching.groups import FLAGGED, Groups, belonging
from matching.judging.estimate import difference, quotient
from matching.judging.fairness import fairness
from matching.judging.measures import TOO_FEW, Measure, plain
from matching.judging.ranked import exposure
from matching.judging.rows import Evidence, Rows

NOBODY = np.zeros(0, np.int64)


def rows(belongs: dict[str, Any], **values: Any) -> Rows:
    many = len(next(iter(values.values())))
    told = {name: np.asarray(of, np.int8) for name, of in belongs.items()}
    return Rows.of(np.arange(many), 0, told, **{name: np.asarray(of, float) for name, of in values.items()})


def judged(
    plans: Rows | None = None, applied: Rows | None = None, stayed: Rows | None = None
) -> dict[tuple[str, str], Measure]:
    none = np.zeros(0)
    nothing = Evidence(
        applied or rows({}, model=none, started=none, known=none),
        stayed or rows({}, days=none, left=none, model_90=none, model_180=none),
        rows({}, learned=none),
        rows({}, learned=none),
        plans or rows({}, learned=none),
    )
    return {(each.name, each.group): each for each in fairness(nothing, 180)}


def plan(
    belongs: list[int], chosen: list[int], may: list[int] | None = None
) -> dict[tuple[str, str], Measure]:
    size = len(chosen)
    return judged(
        rows(
            {"relocated": belongs},
            chosen=chosen,
            may=may or [1] * size,
            shown=[1] * size,
            shown_by_chance=[1] * size,
        )
    )


def test_the_impact_ratio_by_hand() -> None:
    """30 of 60 relocated people are placed, 80 of 100 others; of 20 nobody knows whether they were relocated."""
    found = plan([1] * 60 + [0] * 100 + [-1] * 20, [1] * 30 + [0] * 30 + [1] * 80 + [0] * 40)
    told = found["impact", "relocated"]
    assert told.estimate.value == pytest.approx(0.5 / 0.8)
    # Katz: the variance of the logarithm is (1 - p) / (n p) of either side.
    half = 1.975 * np.sqrt(0.5 / 30 + 0.2 / 80)
    assert told.estimate.low == pytest.approx(0.625 * np.exp(-half), rel=0.02)
    assert told.estimate.high == pytest.approx(0.625 * np.exp(half), rel=0.02)
    assert (told.estimate.cases, told.note) == (60, "")


def test_who_may_go_nowhere_by_law_is_not_laid_at_the_ranker() -> None:
    """Half of the group are eligible for no post; of the others as many are placed as elsewhere."""
    found = plan(
        [1] * 80 + [0] * 80, [1] * 20 + [0] * 60 + [1] * 40 + [0] * 40, [1] * 40 + [0] * 40 + [1] * 80
    )
    assert found["impact", "relocated"].estimate.value == pytest.approx(0.5)
    assert found["impact_eligible", "relocated"].estimate.value == pytest.approx(1.0)


@pytest.mark.parametrize(("group", "others"), [(20, 100), (100, 20)])
def test_of_few_people_nothing_is_claimed(group: int, others: int) -> None:
    found = plan([1] * group + [0] * others, [1, 0] * ((group + others) // 2))
    assert found["impact", "relocated"].note == TOO_FEW


def test_nobody_chosen_is_no_ratio_and_no_claim() -> None:
    found = plan([1] * 50 + [0] * 50, [0] * 50 + [1] * 50)["impact", "relocated"]
    assert (np.isnan(found.estimate.value), found.note) == (True, TOO_FEW)
    assert plain(found, float)["value"] is None


def test_a_group_that_nobody_is_known_to_belong_to_is_not_told_of() -> None:
    assert not plan([-1] * 50 + [0] * 50, [1] * 100)


def test_the_interval_of_an_impact_ratio_covers_the_truth() -> None:
    dice, covered = np.random.default_rng(5), 0
    group = np.arange(200) < 70
    for _ in range(300):
        chosen = (dice.random(200) < np.where(group, 0.42, 0.6)).astype(float)
        mine, theirs = group.astype(float), (~group).astype(float)
        told = quotient((mine * chosen, theirs * chosen), (mine, theirs), np.arange(200))
        covered += told.low <= 0.7 <= told.high
    assert 0.92 <= covered / 300 <= 0.98


def test_rows_of_one_person_are_one_case_of_chance() -> None:
    """The same people counted four times are no surer."""
    dice = np.random.default_rng(6)
    people = np.arange(100)
    mine, theirs = (people < 50) * 1.0, (people >= 50) * 1.0
    chosen, off = (dice.random(100) < 0.5) * 1.0, dice.normal(size=100)
    for once in (
        lambda times: quotient(
            (np.tile(mine * chosen, times), np.tile(theirs * chosen, times)),
            (np.tile(mine, times), np.tile(theirs, times)), np.tile(people, times),
        ),
        lambda times: difference(np.tile(off, times), (np.tile(mine, times), np.tile(theirs, times)), np.tile(people, times)),
    ):  # fmt: skip
        one, four = once(1), once(4)
        assert (four.value, four.low, four.high) == pytest.approx((one.value, one.low, one.high))


def test_exposure_is_what_writing_the_lists_down_gives() -> None:
    """Three people, two posts; at the second post two are equal and share the first two places."""
    person, post = np.array([0, 1, 2, 0, 1]), np.array([7, 7, 7, 9, 9])
    found = exposure(4, person, post, np.array([0.2, 0.9, 0.5, 0.3, 0.3]))
    first, second, third = 1.0, 1 / np.log2(3), 0.5
    shared = (first + second) / 2
    assert found["shown"].tolist() == pytest.approx([third + shared, first + shared, second, 0])
    even = (first + second + third) / 3
    assert found["shown_by_chance"].tolist() == pytest.approx([even + shared, even + shared, even, 0])
    assert found["shown"].sum() == pytest.approx(found["shown_by_chance"].sum())


def test_a_group_pushed_to_the_end_of_every_list_is_seen_by_its_exposure() -> None:
    """60 people at 30 posts; those of the group get a score lower by a bit, or none of that."""
    dice = np.random.default_rng(7)
    person, post = (each.ravel() for each in np.indices((60, 30)))
    group = np.arange(60) % 2
    for less, low, high in ((0.0, 0.8, 1.2), (0.3, 0.0, 0.75)):
        shown = exposure(60, person, post, dice.random(1800) - less * group[person])
        found = judged(rows({"female": group}, chosen=np.ones(60), may=np.ones(60), **shown))[
            "exposure", "female"
        ]
        assert low <= found.estimate.value <= high
        assert (found.estimate.high < 1) == bool(less) and found.note == ""


def test_who_is_foretold_too_well_is_found() -> None:
    """Of the group 40 % start and 60 % were said; of the others 50 % were said and started."""
    belongs = [1] * 100 + [0] * 100
    said, started = [0.6] * 100 + [0.5] * 100, [1] * 40 + [0] * 60 + [1] * 50 + [0] * 50
    found = judged(applied=rows({"disabled": belongs}, model=said, started=started, known=np.ones(200)))
    told = found["p_hire_unlike", "disabled"]
    assert told.estimate.value == pytest.approx(0.2)
    half = 1.972 * np.sqrt(0.24 / 100 + 0.25 / 100)
    assert told.estimate.high - told.estimate.value == pytest.approx(half, rel=0.02)


def test_staying_is_compared_among_those_seen_long_enough() -> None:
    """All of the group stay 100 days and are then lost sight of: 90 days are known of them, 180 are not."""
    size = 80
    stayed = rows(
        {"minority": [1] * 40 + [0] * 40},
        days=[100] * 40 + [20, 300] * 20, left=[0] * 40 + [1, 0] * 20, model_90=[0.8] * size, model_180=[0.5] * size,
    )  # fmt: skip
    found = judged(stayed=stayed)
    assert found["stay_90_unlike", "minority"].estimate.value == pytest.approx((0.8 - 1) - (0.8 - 0.5))
    assert found["stay_180_unlike", "minority"].note == TOO_FEW


def test_groups_of_a_market() -> None:
    """Born on the day that makes them 24, 25 and 15 years old; of one nothing is known."""
    born = np.array(["2000-03-01", "2000-03-02", "2010-01-01", "NaT"], "datetime64[D]")
    market = Market(Workers.of([1, 2, 3, 4], birth_date=born), Vacancies.of([1]), date(2025, 3, 1))
    flagged = {name: np.array([1, 0, -1, -1], np.int8) for name in FLAGGED}
    found = belonging(Groups(sex=np.array(["female", "male", "", ""]), **flagged), market)
    assert found["female"].tolist() == [1, 0, -1, -1] and found["male"].tolist() == [0, 1, -1, -1]
    assert found["25-34"].tolist() == [1, 0, -1, -1] and found["16-24"].tolist() == [0, 1, -1, -1]
    assert found["minority"].tolist() == [1, 0, -1, -1]
