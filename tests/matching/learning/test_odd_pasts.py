"""Pasts that are written down as bureaus do: everybody on one bus, work without a post, a model that differs in its trees alone."""

from copy import deepcopy
from dataclasses import replace

import numpy as np
import pytest

from matching.columns import Firms, Pairs
from matching.learning.history import stays_known
from matching.learning.ranker import LearnedRanker
from matching.learning.splitting import day_of_cut
from matching.learning.training import learn

from .town import DAY, Town, town

TODAY = np.datetime64(DAY, "D")


@pytest.fixture(scope="module")
def made() -> Town:
    return town(3_000, seed=21)


def scores(some: Town, history):
    market = some.market
    learned = learn(market, history, TODAY)
    pairs = Pairs(market, np.arange(200), np.arange(200) % len(market.vacancies))
    return learned, LearnedRanker(learned).fit(market).score(pairs)


@pytest.mark.parametrize("share", [0.26, 0.6, 1.0])
def test_who_left_by_one_bus_is_learned_from(made: Town, share: float) -> None:
    """Of 80 starts the last so many were on one day, as on the day of a dispatch."""
    some = np.argsort(made.history.stretches.started, kind="stable")[:80]
    stretches = made.history.stretches.take(some)
    bus = stretches.started.max()
    last = np.arange(len(some)) >= round(len(some) * (1 - share))
    started = np.where(last, bus, stretches.started)
    ended = np.where(stretches.ended < started, np.datetime64("NaT"), stretches.ended)
    stretches = replace(stretches, started=started, ended=ended)
    learned, told = scores(made, replace(made.history, stretches=stretches))
    assert learned.stays == len(stays_known(stretches, TODAY).days)
    assert np.isfinite(told).all() and (told >= 0).all()
    assert np.isfinite(learned.stay.calibration).all()


def test_the_cut_leaves_something_behind_it() -> None:
    days = np.array(["2024-01-01"] * 30 + ["2024-03-01"] * 20, "datetime64[D]")
    assert day_of_cut(days, TODAY) == np.datetime64("2024-01-01")
    assert day_of_cut(days[30:].repeat(2), TODAY) == np.datetime64("2024-03-01"), "all on one day"
    assert day_of_cut(days[:29], TODAY) is None


def test_work_that_names_no_post_counts_for_the_application_at_its_employer(made: Town) -> None:
    """A start without a post's number is a start: where none names one, as many applications led to one as before."""
    named, _ = scores(made, made.history)
    stretches = made.history.stretches
    bare = replace(stretches, vacancy=np.full(len(stretches), -1))
    learned, told = scores(made, replace(made.history, stretches=bare))
    pairs = Pairs(made.market, np.arange(200), np.arange(200) % len(made.market.vacancies))

    def hired(which) -> float:
        return float(LearnedRanker(which).fit(made.market).outlook(pairs).p_hire.mean())

    assert learned.answers == pytest.approx(named.answers, rel=0.05)
    assert hired(learned) == pytest.approx(hired(named), rel=0.15)
    assert np.isfinite(told).all()


def test_models_that_differ_in_their_trees_have_two_versions() -> None:
    big = town(6_000, seed=5)
    learned = learn(big.market, big.history, TODAY)
    assert learned.hire.trees is not None
    other = deepcopy(learned)
    assert other.version == learned.version
    other.hire.trees._predictors[0][0].nodes["value"] += 0.1
    assert other.version != learned.version


def test_an_employer_of_whom_nothing_is_known_is_asked_about_as_it_was_learned_of(made: Town) -> None:
    learned, _ = scores(made, made.history)
    firms = learned.firms
    assert firms.look_up("leaving", np.array([999_999])).tolist() == [0.0]
    assert firms.of_origin(np.array([999_999]), np.array([610728])).tolist() == [0.0]
    nobody = Firms(firms.id, firms.leaving, firms.hiring)
    assert np.isnan(nobody.look_up("promptness", firms.id)).all(), "where nothing was learned of any"
