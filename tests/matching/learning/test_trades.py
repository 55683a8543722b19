"""What somebody had worked as on a day of the past: told by earlier work, by the record only where that is the older."""

from dataclasses import replace

import numpy as np

from matching.columns import Market, Vacancies, Workers
from matching.learning.at_work import companion_counties
from matching.learning.history import Stretches
from matching.learning.trades import records_are_older, same_trade, trades_before
from matching.learning.training import learn

from .town import DAY, town

TODAY = np.datetime64(DAY, "D")
SEWING, ELECTRIC = "62001", "65101"


def days(*texts):
    return np.array(["NaT" if text is None else text for text in texts], "datetime64[D]")


def stretches():
    """Worker 0 sews from January and is an electrician from July; worker 1's work names no post, worker 2 never worked."""
    return Stretches(
        np.array([0, 0, 1]), np.array([0, 1, -1]), np.array([7, 8, 9]), np.zeros(3, np.int64),
        days("2021-07-01", "2021-01-01", "2021-01-01"), days(None, "2021-06-30", None), days(None, None, None), np.full(3, np.nan),
    )  # fmt: skip


VACANCIES = Vacancies.of([1, 2, 3], occupation=[ELECTRIC, SEWING, ""])


def test_the_last_work_that_began_before_the_day():
    who, on = (
        np.array([0, 0, 0, 0, 1, 2]),
        days("2021-01-01", "2021-01-02", "2021-07-01", "2021-07-02", "2022-01-01", "2022-01-01"),
    )
    assert trades_before(stretches(), VACANCIES, who, on).tolist() == ["", SEWING, SEWING, ELECTRIC, "", ""]


def test_nobody_has_a_trade_without_a_past():
    nothing = stretches().take(slice(0, 0))
    assert trades_before(nothing, VACANCIES, np.array([0, 2]), days("2021-01-01", "2021-01-02")).tolist() == [
        "",
        "",
    ]


def test_how_near_the_post_is_to_it():
    near = same_trade(
        stretches(),
        Market(Workers.of([1, 2, 3], last_occupation=[ELECTRIC, "", SEWING]), VACANCIES, DAY),
        np.array([0, 0, 0, 2]),
        np.array([1, 0, 2, 0]),
        days(*["2021-05-01"] * 4),
    )
    assert near[0] == 1.0
    assert near[1] < 1.0
    assert np.isnan(near[2:]).all()


def pasts(people, *, seed):
    """Each sewed or mended first and the other thing after; and a record that says either, as often for both."""
    dice = np.random.default_rng(seed)
    first = dice.integers(0, 2, people)
    many = Stretches(
        np.repeat(np.arange(people), 2), np.column_stack([first, 1 - first]).ravel(), np.full(2 * people, 7), np.zeros(2 * people, np.int64),
        np.tile(days("2021-01-01", "2021-07-01"), people), np.tile(days("2021-06-30", "2021-12-01"), people),
        days(*[None] * (2 * people)), np.full(2 * people, np.nan),
    )  # fmt: skip
    trades = np.array([ELECTRIC, SEWING, "40303"])
    return many, trades[dice.integers(0, 3, people)], trades[1 - first]


def test_a_record_is_older_where_it_agrees_with_first_and_last_work_alike():
    many, anything, last = pasts(3_000, seed=1)
    assert records_are_older(many, anything, VACANCIES)
    assert not records_are_older(many, last, VACANCIES)
    first = np.where(last == ELECTRIC, SEWING, ELECTRIC)
    assert not records_are_older(many, first, VACANCIES)
    follows = np.random.default_rng(2).random(3_000) < 0.15
    assert not records_are_older(many, np.where(follows, last, anything), VACANCIES)


def test_few_people_show_nothing():
    many, anything, _ = pasts(60, seed=1)
    assert not records_are_older(many, anything, VACANCIES)
    assert not records_are_older(stretches().take(slice(0, 0)), anything, VACANCIES)


def test_work_that_goes_on_shows_nothing():
    many, anything, _ = pasts(3_000, seed=1)
    goes_on = replace(many, ended=np.where(many.started == days("2021-07-01")[0], days(None)[0], many.ended))
    assert not records_are_older(goes_on, anything, VACANCIES)


def test_an_older_record_is_told_of_the_past():
    many, anything, last = pasts(3_000, seed=1)
    people = np.arange(3)
    for recorded, told in ((anything, anything[:3] == ELECTRIC), (last, [np.nan] * 3)):
        market = Market(Workers.of(np.arange(3_000), last_occupation=recorded), VACANCIES, DAY)
        near = same_trade(many, market, people, np.zeros(3, np.int64), days(*["2020-12-01"] * 3))
        assert np.array_equal(near == 1.0, np.array(told) == 1.0)
        assert np.isnan(near).all() == np.isnan(np.array(told, float)).all()


def test_what_was_hired_does_not_teach_who_is_hired():
    """A record tells the trade of the work that people came to have: learning is the same whatever it says."""
    told = town(3_000, seed=7)
    people, posts = told.market.workers, told.market.vacancies
    kept = people.last_occupation.copy()
    for worker, vacancy in zip(told.history.stretches.worker, told.history.stretches.vacancy, strict=True):
        kept[worker] = posts.occupation[vacancy]
    as_kept = replace(
        told.market,
        workers=replace(people, last_occupation=kept, experience_months=np.full(len(people), 120.0)),
    )
    assert (kept != people.last_occupation).mean() > 0.2
    one, other = (learn(market, told.history, TODAY) for market in (told.market, as_kept))
    assert one.stay.line is not None
    assert one.version == other.version


def test_a_companion_who_is_in_no_file():
    alone = Workers.of([1], companion=[-2])
    there = companion_counties(stretches().take(slice(0, 0)), alone, VACANCIES, TODAY)
    assert there.tolist() == [0]
