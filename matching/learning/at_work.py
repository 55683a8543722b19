"""Who works where on a day, as the stretches of work tell it."""

import numpy as np

from matching import regions
from matching.columns import BoolArray, DateArray, FloatArray, Townspeople, Vacancies, Workers
from matching.learning.history import SUCCESS_WITHIN_DAYS, Stretches
from matching.regions import IntArray


def in_force(stretches: Stretches, day: np.datetime64) -> BoolArray:
    """Which stretches run on `day`: begun, and not over before it. One without an end runs on."""
    running: BoolArray = (stretches.started <= day) & ~(stretches.ended < day)
    return running


def at_work(stretches: Stretches, people: int, day: np.datetime64) -> BoolArray:
    """Which of so many workers have a stretch in force on `day`."""
    busy = np.zeros(people, np.bool_)
    busy[stretches.worker[in_force(stretches, day)]] = True
    return busy


def townspeople_on(stretches: Stretches, workers: Workers, day: np.datetime64) -> Townspeople:
    """How many people of each home county work at each employer on `day`; each once at an employer."""
    running = stretches.take(in_force(stretches, day) & (stretches.employer > 0))
    county = regions.county(workers.region)[running.worker]
    rows = np.column_stack((running.employer, county, running.worker))[county > 0]
    both, count = np.unique(np.unique(rows, axis=0)[:, :2], axis=0, return_counts=True)
    return Townspeople(both[:, 0].copy(), both[:, 1].copy(), count.astype(np.int64))


def counties_of_work(stretches: Stretches, vacancies: Vacancies) -> IntArray:
    """Six-digit county of each stretch, else of the post that it names; 0 unknown."""
    posts = np.append(regions.county(vacancies.region), 0)
    named = posts[np.where(stretches.vacancy >= 0, stretches.vacancy, len(vacancies))]
    own = regions.county(stretches.region)
    return np.where(own > 0, own, named)


def companion_counties(
    stretches: Stretches, workers: Workers, vacancies: Vacancies, day: np.datetime64
) -> IntArray:
    """Where each worker's companion is at work on `day`, 0 where no work is known (`Workers.companion_county`)."""
    running = stretches.take(in_force(stretches, day))
    at = np.zeros(len(workers), np.int64)
    at[running.worker] = counties_of_work(running, vacancies)
    there: IntArray = np.where(workers.companion >= 0, at[workers.companion.clip(0)], 0)
    return there


def companion_was_there(
    who: IntArray, counties: IntArray, days: DateArray,
    stretches: Stretches, workers: Workers, vacancies: Vacancies, known_on: np.datetime64,
) -> FloatArray:  # fmt: skip
    """Whether the companion of each `who` was at work in this county (six digits) on that day, or began there within
    `SUCCESS_WITHIN_DAYS`: who goes together asks together, and not both begin at once. nan without a companion, and where
    those days were not over when it was `known_on`."""
    companion = workers.companion[who]
    order = np.argsort(stretches.worker, kind="stable")
    theirs = stretches.take(order)
    county = counties_of_work(theirs, vacancies)
    first = np.searchsorted(theirs.worker, companion)
    many = np.where(companion >= 0, np.searchsorted(theirs.worker, companion, side="right") - first, 0)
    # One line for each asked and each stretch of the companion's.
    asked = np.repeat(np.arange(len(who)), many)
    row = np.arange(len(asked)) - np.repeat(np.cumsum(many) - many, many) + np.repeat(first, many)
    begins = days[asked]
    at_work = (theirs.started[row] <= begins + SUCCESS_WITHIN_DAYS) & ~(theirs.ended[row] < begins)
    same = at_work & (county[row] == counties[asked])
    there = np.bincount(asked[same], minlength=len(who)) > 0
    somewhere = np.bincount(asked[at_work], minlength=len(who)) > 0
    over = days + SUCCESS_WITHIN_DAYS <= known_on
    known = (companion >= 0) & (counties > 0) & (there | somewhere | over)
    return np.where(known, there.astype(np.float64), np.nan)
