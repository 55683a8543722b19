"""Each world is what it says it is."""

import numpy as np

from matching.simulator.conditions import age_on
from matching.simulator.facts import facts
from matching.simulator.market import Made
from matching.simulator.places import FloatArray, IntArray
from matching.simulator.policy import OLDER
from matching.simulator.truth import TruePairs, Truth

from .conftest import present, whole


def every_pair(made: Made) -> tuple[Truth, TruePairs]:
    truth = Truth(made)
    return truth, truth.pairs(np.arange(len(truth))[:, None], np.arange(len(truth.posts))[None, :])


def stayed(made: Made, days: int) -> FloatArray:
    """The share still there after so many days, by employer; nan of those with few."""
    spell = made.past.spells
    firm = made.posts.firm[spell.post]
    many = np.bincount(firm, minlength=len(made.firms))
    kept = np.bincount(firm, spell.days >= days, minlength=len(made.firms))
    return np.where(many >= 50, kept / np.maximum(many, 1), np.nan)


def spread(values: FloatArray) -> float:
    return float(np.nanmax(values) - np.nanmin(values))


def test_in_nothing_it_is_all_the_same() -> None:
    _, true = every_pair(present("nothing"))
    assert spread(true.stay_180.mean(axis=0)) < 0.05
    assert true.stay_180.std() < 0.01


def test_some_employers_lose_half_within_two_months() -> None:
    kept = stayed(whole("employers"), 60)
    few = kept[~np.isnan(kept)]
    assert 0.05 < (few < 0.5).mean() < 0.2
    assert np.median(few) > 0.65


def test_distance_and_pay_matter_where_they_should() -> None:
    for world, fact_name, sign in (("distance", "distance", -1), ("pay", "pay_over_floor", 1)):
        strengths = {}
        for each in ("distance", "pay", "nothing"):
            truth, true = every_pair(present(each))
            w, v = np.arange(len(truth))[:, None], np.arange(len(truth.posts))[None, :]
            fact = facts(truth.people, truth.made.firms, truth.posts, w, v)
            x = np.broadcast_to(getattr(fact, fact_name), true.stay_180.shape)
            strengths[each] = sign * np.corrcoef(x.ravel(), true.stay_180.ravel())[0, 1]
        assert max(strengths, key=lambda each: strengths[each]) == world
        assert strengths[world] > 0.5


def sent(made: Made) -> tuple[IntArray, FloatArray]:
    """Whether each spell is of a monitored or older person, and how well its employer keeps people."""
    spell = made.past.spells
    who = made.people.monitored | (age_on(made.people.born, made.as_of) >= OLDER + 3)
    return who[spell.worker].astype(np.int64), made.firms.keeping(made.world.staying)[
        made.posts.firm[spell.post]
    ]


def test_the_biased_past_sent_the_monitored_and_older_to_poor_posts() -> None:
    who, keeping = sent(whole("biased"))
    fair, fair_keeping = sent(whole("employers"))
    assert keeping[who == 1].mean() < keeping[who == 0].mean() - 0.5
    assert abs(fair_keeping[fair == 1].mean() - fair_keeping[fair == 0].mean()) < 0.1


def test_being_monitored_or_older_decides_nothing() -> None:
    """So what the past says against them is the posts' doing."""
    truth, true = every_pair(present("biased"))
    sent_there = truth.people.monitored
    by_post = true.stay_180[sent_there].mean(axis=0) - true.stay_180[~sent_there].mean(axis=0)
    assert np.abs(by_post).mean() < 0.03


def test_drift_turns_pay_from_nothing_into_what_decides() -> None:
    made = whole("drift")
    spell = made.past.spells
    fact = facts(made.people, made.firms, made.posts, spell.worker, spell.post)
    kept = spell.days >= 90
    early, late = spell.started < made.as_of - 600, spell.started > made.as_of - 180
    assert late.sum() > 500
    assert np.corrcoef(fact.pay_over_floor[early], kept[early])[0, 1] < 0.0
    assert np.corrcoef(fact.pay_over_floor[late], kept[late])[0, 1] > 0.1
    assert np.corrcoef(fact.distance[early], kept[early])[0, 1] < -0.1


def test_company_and_townspeople_bind() -> None:
    spell = whole("companions").past.spells
    share = [(spell.days[spell.company == company] >= 180).mean() for company in (-1, 0, 1)]
    assert share[0] + 0.1 < share[1] < share[2] - 0.1
