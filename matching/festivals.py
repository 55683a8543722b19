"""The Spring Festival, by which people go out to work and come home; the days are those of the Chinese calendar (GB/T 33661)."""

import numpy as np

from matching.columns import DateArray, FloatArray

FESTIVALS: DateArray = np.array(
    [
        "2000-02-05",
        "2001-01-24",
        "2002-02-12",
        "2003-02-01",
        "2004-01-22",
        "2005-02-09",
        "2006-01-29",
        "2007-02-18",
        "2008-02-07",
        "2009-01-26",
        "2010-02-14",
        "2011-02-03",
        "2012-01-23",
        "2013-02-10",
        "2014-01-31",
        "2015-02-19",
        "2016-02-08",
        "2017-01-28",
        "2018-02-16",
        "2019-02-05",
        "2020-01-25",
        "2021-02-12",
        "2022-02-01",
        "2023-01-22",
        "2024-02-10",
        "2025-01-29",
        "2026-02-17",
        "2027-02-06",
        "2028-01-26",
        "2029-02-13",
        "2030-02-03",
        "2031-01-23",
        "2032-02-11",
        "2033-01-31",
        "2034-02-19",
        "2035-02-08",
        "2036-01-28",
        "2037-02-15",
        "2038-02-04",
        "2039-01-24",
        "2040-02-12",
        "2041-02-01",
        "2042-01-22",
        "2043-02-10",
        "2044-01-30",
        "2045-02-17",
        "2046-02-06",
        "2047-01-26",
        "2048-02-14",
        "2049-02-02",
        "2050-01-23",
    ],
    "datetime64[D]",
)
"""First days of the lunar year; before and after the table nothing is known."""


def days_to_festival(days: DateArray) -> FloatArray:
    """From each day to the next Spring Festival, 0 on it; nan where it is not in the table."""
    at = np.searchsorted(FESTIVALS, days)
    found = FESTIVALS[np.minimum(at, len(FESTIVALS) - 1)]
    known = (at > 0) & (at < len(FESTIVALS))
    to: FloatArray = np.where(known, (found - days).astype(np.float64), np.nan)
    return to


def days_after_festival(days: DateArray) -> FloatArray:
    """From the last Spring Festival to each day, 0 on it; nan where it is not in the table."""
    at = np.searchsorted(FESTIVALS, days, side="right") - 1
    found = FESTIVALS[np.maximum(at, 0)]
    known = (at >= 0) & (at < len(FESTIVALS) - 1)
    after: FloatArray = np.where(known, (days - found).astype(np.float64), np.nan)
    return after


def share_near(begins: FloatArray, ends: FloatArray, low: float, high: float) -> FloatArray:
    """Which part of the days from `begins` to before `ends` (since 1970) lies from `low` to before `high` days after a Spring
    Festival, elementwise."""
    first = FESTIVALS.astype(np.float64)
    opening, closing = first + low, first + high
    # Days inside before a day: those of the windows that are over, and what has gone by of the one that runs.
    widths = np.concatenate(([0.0], np.cumsum(closing - opening)))

    def until(day: FloatArray) -> FloatArray:
        at = np.searchsorted(opening, day, side="right")
        running = np.minimum(day - opening[np.maximum(at - 1, 0)], high - low)
        inside: FloatArray = np.where(at > 0, widths[np.maximum(at - 1, 0)] + running, 0.0)
        return inside

    share: FloatArray = (until(ends) - until(begins)) / (ends - begins)
    return share
