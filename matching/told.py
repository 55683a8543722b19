"""What the past tells of pairs: who of home works there, how an employer keeps people and answers, where the companion is, what time
of the year it is. An unknown is nan."""

from collections.abc import Callable

import numpy as np

from matching import regions
from matching.columns import DateArray, FloatArray, Pairs
from matching.companions import looks_too
from matching.festivals import days_after_festival, days_to_festival
from matching.places import where_known
from matching.regions import IntArray

SMALLEST_SHOWN_GROUP = 3
"""Townspeople fewer than this are not counted at all: one or two could be told apart."""
FESTIVAL_DAYS = 60.0
"""How far from the Spring Festival a day is still said to be near it."""


def townspeople(pairs: Pairs) -> IntArray:
    """People of the worker's county now at the vacancy's employer; 0 below `SMALLEST_SHOWN_GROUP`."""
    counties = regions.county(pairs.of_workers("region"))
    people = (
        pairs.market.townspeople.look_up(pairs.of_vacancies("employer"), counties)
        if pairs.then is None
        else pairs.then.townspeople
    )
    return np.where((people >= SMALLEST_SHOWN_GROUP) & (counties > 0), people, 0)


def townspeople_known(pairs: Pairs) -> FloatArray:
    known = (pairs.of_workers("region") > 0) & (
        pairs.then is not None or len(pairs.market.townspeople.count) > 0
    )
    return where_known(known, townspeople(pairs))


def of_firm(column: str, feature: str) -> Callable[[Pairs], FloatArray]:
    """A column of what was learned of employers (`matching.columns.Firms`), as the named feature tells it of pairs of other days."""

    def value(pairs: Pairs) -> FloatArray:
        if pairs.then is not None:
            return pairs.then.known(feature)
        return pairs.market.firms.look_up(column, pairs.of_vacancies("employer"))

    return value


def origin_leaving(pairs: Pairs) -> FloatArray:
    """How the people of the worker's county leave an employer, beside all others there."""
    counties = regions.county(pairs.of_workers("region"))
    if pairs.then is not None:
        return where_known(counties > 0, pairs.then.known("origin_leaving"))
    found = pairs.market.firms.of_origin(pairs.of_vacancies("employer"), counties)
    return where_known(counties > 0, found)


def companion_there(pairs: Pairs) -> FloatArray:
    """Whether the companion is at work in the county of the post; no matter to who has none.

    Who both look for work go together or not at all, so a companion of whom no work is known is there.
    """
    if pairs.then is not None:
        return pairs.then.known("companion_there")
    at, work = pairs.of_workers("companion_county"), regions.county(pairs.of_vacancies("region"))
    companion = pairs.of_workers("companion")
    there = np.where(at > 0, at == work, True)
    return where_known((at > 0) & (work > 0) | (at == 0) & looks_too(companion), there)


def before_festival(pairs: Pairs) -> FloatArray:
    """1 on the day of the next Spring Festival, 0 `FESTIVAL_DAYS` before it and earlier."""
    return _near(days_to_festival(_days(pairs)))


def after_festival(pairs: Pairs) -> FloatArray:
    """1 on the day of the last Spring Festival, 0 `FESTIVAL_DAYS` after it and later."""
    return _near(days_after_festival(_days(pairs)))


def _days(pairs: Pairs) -> DateArray:
    days: DateArray = np.broadcast_to(np.asarray(pairs.day, "datetime64[D]"), (len(pairs),))
    return days


def _near(days: FloatArray) -> FloatArray:
    near: FloatArray = np.maximum(0.0, 1.0 - days / FESTIVAL_DAYS)
    return near
