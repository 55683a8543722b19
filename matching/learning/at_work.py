"""Who works where on a day, as the stretches of work tell it."""

import numpy as np

from matching import regions
from matching.columns import BoolArray, Townspeople, Workers
from matching.learning.history import Stretches


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
