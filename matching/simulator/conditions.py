"""The hard conditions of the exchange, on what the folder tells: an unknown rules nobody out."""

import numpy as np

from matching.simulator import places
from matching.simulator.people import RANKS, People
from matching.simulator.places import BoolArray, IntArray
from matching.simulator.posts import NO_LIMIT, Posts

WORKING_AGE = 16


def age_on(born: IntArray, day: IntArray | int) -> IntArray:
    """Completed years."""
    date, birth = np.asarray(day).astype("datetime64[D]"), born.astype("datetime64[D]")
    month, birth_month = date.astype("datetime64[M]"), birth.astype("datetime64[M]")
    months = month.astype(np.int64) - birth_month.astype(np.int64)
    before = (date - month).astype(np.int64) < (birth - birth_month).astype(np.int64)
    years: IntArray = (months - before) // 12
    return years


def eligible(people: People, posts: Posts, w: IntArray, v: IntArray, day: IntArray | int) -> BoolArray:
    """Which pairs may be put together on a day; the indices, and `day`, are broadcast against each other."""
    age, asked, required, oldest = (
        age_on(people.born[w], day),
        posts.min_rank[v],
        posts.required[v],
        posts.max_age[v],
    )
    schooling = np.where(people.tells_schooling, RANKS[people.schooling], 99)[w]
    skills = people.skills[w]
    fits: BoolArray = (
        (posts.valid_from[v] <= day)
        & (posts.valid_until[v] >= day)
        & (people.available[w] <= posts.valid_until[v])
        & (age >= np.maximum(posts.min_age[v], WORKING_AGE))
        & ((oldest == NO_LIMIT) | (age <= oldest))
        & (schooling >= asked)
        & ((skills == 0) | ((skills & required) == required))
        & places.ACCEPTED[people.home[w], people.wish[w], posts.place[v]]
    )
    return fits
