"""How far from home a post is, and in what divisions home and work lie. An unknown is nan."""

from collections.abc import Callable

import numpy as np

from matching import regions
from matching.columns import BoolArray, FloatArray, Pairs
from matching.eligibility import asked
from matching.regions import IntArray

EARTH_RADIUS_KM = 6371.0
YUAN_A_KM = 0.40
"""Fare of a kilometre as the crow flies: about 0.31 yuan a kilometre of road or line, which is 1.3 times as long. An assumption,
between a coach or a slow train (0.15 to 0.35) and a fast one (0.46, second class)."""
ENDS_YUAN = {"same_province": 20.0, "other_province": 40.0}
"""To the station and from the station, both ends, and a change of trains on the way to another province; an assumption."""


def where_known(known: BoolArray, values: FloatArray | BoolArray | IntArray) -> FloatArray:
    kept: FloatArray = np.where(known, values, np.nan)
    return kept


def distance_km(pairs: Pairs) -> FloatArray:
    """Great-circle distance (haversine) from home to work in km."""
    lon1, lat1, lon2, lat2 = (
        np.radians(values)
        for values in (
            pairs.of_workers("lon"),
            pairs.of_workers("lat"),
            pairs.of_vacancies("lon"),
            pairs.of_vacancies("lat"),
        )
    )
    half = np.sin((lat2 - lat1) / 2) ** 2 + np.cos(lat1) * np.cos(lat2) * np.sin((lon2 - lon1) / 2) ** 2
    km: FloatArray = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
    return km


def _same(pairs: Pairs, level: Callable[[IntArray], IntArray]) -> FloatArray:
    home, work = level(pairs.of_workers("region")), level(pairs.of_vacancies("region"))
    return where_known((home > 0) & (work > 0), home == work)


def same_county(pairs: Pairs) -> FloatArray:
    elsewhere = (_same(pairs, regions.city) == 0) | (_same(pairs, regions.province) == 0)
    return np.where(elsewhere, 0.0, _same(pairs, regions.county))


def same_province(pairs: Pairs) -> FloatArray:
    return _same(pairs, regions.province)


def paired(pairs: Pairs) -> FloatArray:
    home, work = pairs.of_workers("region"), pairs.of_vacancies("region")
    together = np.zeros(len(pairs), np.bool_)
    for origin, destination in pairs.market.pairings:
        (first, last), (begin, end) = regions.span(origin), regions.span(destination)
        together |= (home >= first) & (home <= last) & (work >= begin) & (work <= end)
    known = (home > 0) & (work > 0) & bool(pairs.market.pairings)
    return where_known(known, together)


def near_home(pairs: Pairs) -> FloatArray:
    """1 in the home county, 0.5 in another county of its city, 0 farther away."""
    county, city = same_county(pairs), _same(pairs, regions.city)
    near: FloatArray = np.where(county == 1, 1.0, np.where(city == 1, 0.5, np.where(city == 0, 0.0, np.nan)))
    return near


def near_unasked(pairs: Pairs) -> FloatArray:
    """Of somebody who has not said yet what is wanted; no matter of anybody else."""
    unasked = ~asked(pairs)
    return where_known(unasked, near_home(pairs)) if unasked.any() else np.full(len(pairs), np.nan)


def paired_unasked(pairs: Pairs) -> FloatArray:
    """Likewise, of posts away from home."""
    unasked = ~asked(pairs)
    if not unasked.any():
        return np.full(len(pairs), np.nan)
    return where_known(unasked & (near_home(pairs) == 0), paired(pairs))


def wish(pairs: Pairs) -> FloatArray:
    """How well the place meets "out" or "near home"; a post in the same city but another county meets both by half."""
    near = near_home(pairs)
    wants = pairs.of_workers("wants")
    return np.where(wants == "near_home", near, np.where(wants == "out", 1.0 - near, np.nan))


def way_home_yuan(pairs: Pairs) -> FloatArray:
    """One way from home to work, door to door, as estimated: `YUAN_A_KM` · km + `ENDS_YUAN`; nan where the distance is unknown.

    Where it is not known whether the province is the same, the ends cost the middle of both.
    """
    same = same_province(pairs)
    here, there = ENDS_YUAN["same_province"], ENDS_YUAN["other_province"]
    ends = np.where(np.isnan(same), (here + there) / 2, np.where(same == 1, here, there))
    yuan: FloatArray = YUAN_A_KM * distance_km(pairs) + ends
    return yuan
