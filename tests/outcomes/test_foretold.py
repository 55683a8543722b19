"""Hazards told one by one are held to what was seen of employers, months and weeks."""

from dataclasses import dataclass

import numpy as np
import pytest

from outcomes.days import Whole
from outcomes.foretold import Foretold, fitted_to
from outcomes.leaving import Chances, Stays, Waits

TODAY = 18_890


@dataclass(frozen=True)
class Steady:
    """A hazard a day for each stay."""

    daily: Chances

    def between(self, first: Whole, last: Whole) -> Chances:
        chances: Chances = self.daily * (last - first)
        return chances


def made(
    daily: Chances, days: Whole, left: Whole, employer: Whole, started: Whole | None = None
) -> tuple[Stays, Foretold]:
    many = len(days)
    began = np.full(many, TODAY - 400) if started is None else started
    stays = Stays(began, np.ones(many, np.int64), days, left.astype(bool), np.zeros(many, np.int64), employer)
    return stays, fitted_to(
        stays, Steady(daily), employers=int(employer.max()) + 1, ahead=(TODAY, TODAY + 30)
    )


def chances(known: Foretold, stays: Stays, ahead: int = 30) -> Chances:
    waits = Waits(stays.started, stays.days, stays.days + ahead, stays.group, stays.employer)
    told: Chances = known.chances(waits, np.random.default_rng(0), 400).mean(axis=1)
    return told


def test_what_fits_the_stays_is_taken_as_it_is_told() -> None:
    """People leave as foretold, at employers that do not differ: the chances are exp(-hazard), each person's own."""
    dice = np.random.default_rng(1)
    daily = np.where(np.arange(2_000) % 2, 0.001, 0.004)
    days = np.minimum(dice.geometric(1 - np.exp(-daily)), 300)
    stays, known = made(daily, days, days < 300, np.arange(2_000) % 20)
    told = chances(known, stays)
    for which in (0, 1):
        rows = (np.arange(2_000) % 2 == which) & ~stays.left
        assert told[rows].mean() == pytest.approx(np.exp(-30 * (0.001, 0.004)[1 - which]), abs=0.02)


def test_an_employer_that_loses_more_than_was_foretold_is_believed_less() -> None:
    """All are foretold alike; from one firm of ten three times as many leave."""
    dice = np.random.default_rng(2)
    firm = np.arange(2_000) % 10
    real = np.where(firm == 0, 0.006, 0.002)
    days = np.minimum(dice.geometric(1 - np.exp(-real)), 250)
    stays, known = made(np.full(2_000, 0.002), days, days < 250, firm)
    leaving = 1 - chances(known, stays)
    assert leaving[firm == 0].mean() > 2 * leaving[firm != 0].mean()


def test_the_order_among_people_is_that_of_their_hazards() -> None:
    dice = np.random.default_rng(3)
    daily = dice.uniform(0.0005, 0.005, 300)
    stays, known = made(daily, dice.integers(1, 400, 300), np.zeros(300), np.zeros(300, np.int64))
    assert np.array_equal(np.argsort(chances(known, stays)), np.argsort(-daily))


def test_a_stay_that_begins_today_and_one_long_over_have_chances_too() -> None:
    stays, known = made(np.array([0.01, 0.01]), np.array([1, 3_000]), np.zeros(2), np.zeros(2, np.int64))
    told = chances(known, stays)
    assert ((told > 0) & (told < 1)).all() and told[0] == pytest.approx(told[1])
