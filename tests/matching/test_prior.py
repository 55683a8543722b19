"""The documented prior: its tables, its probabilities, and what an unknown does to them."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching import offers, places, prior
from matching.columns import Pairs, Townspeople
from matching.features import FEATURES, NAMES
from matching.rankers import PriorRanker
from matching.usual_pay import UsualPay

NEUTRAL_STAY = 0.86 * 0.84 * 0.86 ** ((180 - 91) / (182 - 91))
NEUTRAL = prior.BASE_HIRE * NEUTRAL_STAY * 500 * math.log(1 + math.e)


def score(market, ranker=None):
    return (ranker or PriorRanker().fit(market)).score_vacancies(market, 0, np.array([0]))[0]


def test_the_tables_cover_every_feature_and_feed_what_the_features_declare():
    assert [row.feature for row in prior.WEIGHTS] == list(NAMES)
    worth = {row.feature for row in prior.SURPLUS}
    for feature, row in zip(FEATURES, prior.WEIGHTS, strict=True):
        fed = {"p_hire": row.hire > 0, "stay": row.stay > 0}
        fed["surplus"] = feature.name in worth or (feature.cause == "pay")
        fed_by_weight = {part for part, is_fed in fed.items() if is_fed}
        # A weight of 0 is to be learned; a weight on what the feature does not feed would never be.
        assert fed_by_weight <= feature.feeds, feature.name
        assert (
            fed_by_weight
            or "be learned" in row.reason
            or row.reason == "likewise"
            or "counted already" in row.reason
        )
        assert row.hire >= 0 <= row.stay
        assert row.low <= row.centre <= row.high
        assert row.reason
    for row in prior.SURPLUS:
        assert np.sign(row.each) == FEATURES[NAMES.index(row.feature)].direction


def test_the_version_names_the_weights(monkeypatch):
    before = prior.version()
    monkeypatch.setattr(prior, "WEIGHTS", (replace(prior.WEIGHTS[0], hire=0.5), *prior.WEIGHTS[1:]))
    assert prior.version() != before
    assert len(before) == 12


def test_a_pair_of_which_nothing_is_known_gets_the_neutral_score(one):
    assert score(one()) == pytest.approx(NEUTRAL)


def test_every_feature_moves_the_score_its_declared_way(market):
    """From low to high over the whole table, the others at their averages."""
    pairs = Pairs(market, np.zeros(50, np.int64), np.zeros(50, np.int64))
    ranker = PriorRanker().fit(market)
    average = np.tile(prior.CENTRE, (50, 1))
    for at, (feature, row) in enumerate(zip(FEATURES, prior.WEIGHTS, strict=True)):
        known = average.copy()
        known[:, at] = np.linspace(row.low, row.high, len(pairs))
        steps = np.diff(ranker._log_score(prior.outlook(known))) * feature.direction
        assert (steps >= -1e-12).all(), feature.name
        if row.hire > 0 or row.stay > 0 or feature.name == "way_home_yuan":
            assert steps.sum() > 0, feature.name


BETTER_AND_WORSE = [
    ("vacancy", "pay_min", 6000.0, 2000.0),
    ("worker", "pay_floor", 2000.0, 6000.0),
    ("vacancy", "lodging", 1.0, 0.0),
    ("vacancy", "meals", 1.0, 0.0),
    ("vacancy", "social_insurance", 1.0, 0.0),
    ("vacancy", "hours_per_week", 40.0, 72.0),
    ("vacancy", "shift", ("day", ""), ("three", "")),
    ("vacancy", "occupation", ("62001", ""), ("10100", "")),
    ("vacancy", "seats", (60, -1), (1, -1)),
    ("vacancy", "posted_on", ("2021-09-20", "NaT"), ("2021-06-01", "NaT")),
    ("worker", "wants", ("out", ""), ("near_home", "")),
    ("worker", "skills", ({"平车": 3}, {}), ({"烹饪": 1}, {})),
    ("worker", "experience_months", 120.0, 0.0),
    ("worker", "speaks_mandarin", 1.0, 0.0),
    ("worker", "lon", 119.0, 90.0),
]
WORKER = {
    "region": 612328101000, "lon": 107.9, "lat": 32.5, "pay_floor": 3500.0, "needs_lodging": 1.0, "wants": "",
    "last_occupation": "62001", "skills": {"平车": 2}, "experience_months": 24.0, "speaks_mandarin": 1.0,
}  # fmt: skip
VACANCY = {
    "employer": 7, "region": 320612000000, "lon": 121.1, "lat": 32.1, "pay_min": 4000.0, "occupation": "62002",
    "seats": 5, "preferred_skills": frozenset({"平车"}), "lodging": 1.0, "posted_on": "2021-09-01",
}  # fmt: skip


@pytest.mark.parametrize(("side", "column", "better", "worse"), BETTER_AND_WORSE)
def test_an_unknown_lies_between_better_and_worse(one, side, column, better, worse):
    """Hence it moves towards the average, and is nowhere taken for the worst, or for zero."""
    unknown = better[1] if isinstance(better, tuple) else np.nan
    ranker = PriorRanker().fit(one(WORKER, VACANCY))

    def with_(value):
        sides = {"worker": dict(WORKER), "vacancy": dict(VACANCY)}
        sides[side][column] = value[0] if isinstance(value, tuple) else value
        return score(one(**sides), ranker)

    assert with_(worse) < with_((unknown,)) < with_(better)


@given(
    st.lists(st.floats(-2, 2), min_size=len(NAMES), max_size=len(NAMES)),
    st.sets(st.sampled_from(range(len(NAMES)))),
)
def test_an_unknown_gives_what_an_average_value_gives(sizes, missing):
    raw = np.array([[row.centre + row.scale * size for row, size in zip(prior.WEIGHTS, sizes, strict=True)]])
    average = np.array([[row.centre for row in prior.WEIGHTS]])
    blank, filled = raw.copy(), raw.copy()
    for at in missing:
        blank[0, at], filled[0, at] = np.nan, average[0, at]
    pay, usual = NAMES.index("pay_over_floor"), NAMES.index("pay_over_usual")
    if pay in missing and usual not in missing:
        most = prior.MOST_WITHOUT_FLOOR
        filled[0, pay] = average[0, pay] + min(max(raw[0, usual], -most), most)
    np.testing.assert_array_equal(prior.complete(blank, average), filled)
    assert np.isnan(blank[0, sorted(missing)]).all()


@given(st.integers(0, 2**32 - 1), st.sets(st.sampled_from(range(2, len(NAMES)))))
def test_sharing_out_the_missing_weights_would_give_the_same_order(seed, missing):
    """Among pairs of which the same is known: p_hire orders them as known weights scaled up to the whole do."""
    dice = np.random.default_rng(seed)
    low, high = np.array([(row.low, row.high) for row in prior.WEIGHTS]).T
    raw = low + (high - low) * dice.random((12, len(NAMES)))
    raw[:, sorted(missing)] = np.nan
    average = np.tile([row.centre for row in prior.WEIGHTS], (12, 1))
    shared, known, whole = np.zeros(12), 0.0, 0.0
    for at, (feature, row) in enumerate(zip(FEATURES, prior.WEIGHTS, strict=True)):
        whole += row.hire
        if at not in missing:
            known += row.hire
            value, centre = (
                (np.log1p(raw[:, at]), np.log1p(row.centre)) if row.logged else (raw[:, at], row.centre)
            )
            shared += row.hire * feature.direction * (value - centre) / row.scale
    p_hire = prior.outlook(prior.complete(raw, average)).p_hire
    np.testing.assert_array_equal(np.argsort(p_hire), np.argsort(shared * whole / known))


def test_with_the_pay_unknown_the_usual_pay_stands_against_the_floor(one):
    """A blank pay does not look better than it can be to somebody who asks for much."""
    others = one(WORKER, VACANCY)
    ranker = PriorRanker().fit(others)
    asks_much = {**WORKER, "pay_floor": 7000.0}
    blank = score(one(asks_much, {**VACANCY, "pay_min": np.nan}), ranker)
    assert blank == pytest.approx(score(one(asks_much, {**VACANCY, "pay_min": 4000.0}), ranker))


@given(st.floats(0, 2000), st.floats(0, 2000), st.floats(-4, 4))
def test_staying_only_ever_falls(first, second, tie):
    expected = prior.Outlook(np.array([0.3]), np.array([tie]), np.array([0.0]))
    early, late = sorted((first, second))
    assert 0 < expected.stay(late)[0] <= expected.stay(early)[0] <= 1


def test_staying_follows_the_table():
    average = prior.Outlook(np.array([0.3]), np.array([0.0]), np.array([0.0]))
    assert average.stay(0)[0] == 1
    assert average.stay(30)[0] == pytest.approx(0.86)
    assert average.stay(91)[0] == pytest.approx(0.86 * 0.84)
    assert average.stay(180)[0] == pytest.approx(NEUTRAL_STAY)
    last = prior.HAZARDS[-1]
    assert average.stay(last[0] + 183)[0] == pytest.approx(average.stay(last[0])[0] * (1 - last[1]))


def test_the_stable_objective_is_hire_times_stay(one):
    market = one(WORKER, VACANCY)
    pairs = Pairs.of_worker(market, 0, np.array([0]))
    ranker = PriorRanker(objective="stable", stable_days=90).fit(market)
    expected = ranker.outlook(pairs)
    assert ranker.score(pairs)[0] == pytest.approx((expected.p_hire * expected.stay(90))[0])


@pytest.mark.parametrize(
    "wrong", [{"objective": "clicks"}, {"sigma": 0.0}, {"sigma": np.nan}, {"stable_days": 0}]
)
def test_a_senseless_parameter_is_refused_by_fit(one, wrong):
    with pytest.raises(ValueError, match=r"objective|positive"):
        PriorRanker(**wrong).fit(one())


def test_the_surplus_is_in_yuan(one):
    """One yuan of pay more is one yuan of surplus more."""
    ranker = PriorRanker().fit(one(WORKER, VACANCY))
    low, high = (
        ranker.outlook(Pairs.of_worker(one(WORKER, {**VACANCY, "pay_min": pay}), 0, np.array([0]))).surplus[0]
        for pay in (4000.0, 4321.0)
    )
    assert high - low == pytest.approx(321)


@pytest.mark.parametrize("sigma", [1e-6, 1.0, 500.0, 1e9])
def test_any_sigma_keeps_scores_and_reasons_finite(one, sigma):
    market = one({**WORKER, "pay_floor": 9000.0}, VACANCY)
    ranker = PriorRanker(sigma=sigma).fit(market)
    assert np.isfinite(score(market, ranker))
    assert all(np.isfinite(reason.contribution) for reason in ranker.explain(market, 0, 0))


def test_usual_pay_comes_from_the_narrowest_cell_with_enough_offers(many):
    market = many(3, 300, seed=5)
    posts = market.vacancies
    pairs = UsualPay.learn(posts, at_least=5).attach(Pairs.of_worker(market, 0, np.arange(300)))
    pay = offers.pay(pairs)
    for at in range(0, 300, 17):
        same_city = posts.region // 10**8 == posts.region[at] // 10**8
        same_work = np.array([code[:3] == posts.occupation[at][:3] for code in posts.occupation])
        cells = [same_city & same_work, same_city, same_work, np.ones(300, bool)]
        if posts.region[at] == 0 or not posts.occupation[at]:
            continue
        told = next(pay[cell & ~np.isnan(pay)] for cell in cells if (~np.isnan(pay[cell])).sum() >= 5)
        assert pairs.usual_pay[at] == np.median(told)


def test_distance_is_a_great_circle(one):
    beijing_to_shanghai = one({"lon": 116.4074, "lat": 39.9042}, {"lon": 121.4737, "lat": 31.2304})
    assert places.distance_km(Pairs.of_worker(beijing_to_shanghai, 0, np.array([0])))[0] == pytest.approx(
        1067, abs=3
    )


@given(st.dictionaries(st.tuples(st.integers(1, 9), st.integers(1, 9)), st.integers(1, 50)))
def test_townspeople_are_looked_up_as_in_a_dictionary(counts):
    firms, counties = (grid.ravel() for grid in np.mgrid[0:11, 0:11])
    found = Townspeople.of(counts).look_up(firms, counties)
    assert found.tolist() == [
        counts.get(key, 0) for key in zip(firms.tolist(), counties.tolist(), strict=True)
    ]
