"""What a post offers and asks, as measured on pairs: pay, lodging, hours, shifts, occupation, schooling, seats. An unknown is nan."""

from collections.abc import Callable

import numpy as np

from matching.columns import FloatArray, Pairs, TextArray
from matching.places import same_county, same_province, where_known
from matching.usual_pay import offered_pay

_NIGHTS = {"day": 0.0, "two": 1.0, "three": 2.0}
KINSHIP = ((5, 1.0), (3, 0.6), (1, 0.3))
"""What two occupations have in common: digits of GB/T 6565 (small, middle, big class), and what that counts."""


def usual_pay(pairs: Pairs) -> FloatArray:
    """The usual pay of each pair's vacancy; nan where nobody has learned it."""
    return np.full(len(pairs), np.nan) if pairs.usual_pay is None else pairs.usual_pay


def pay(pairs: Pairs) -> FloatArray:
    """Yuan a month offered, one value a pair."""
    return offered_pay(pairs.of_vacancies("pay_min"), pairs.of_vacancies("pay_max"))


def pay_over_floor(pairs: Pairs) -> FloatArray:
    over: FloatArray = pay(pairs) - pairs.of_workers("pay_floor")
    return over


def pay_over_usual(pairs: Pairs) -> FloatArray:
    return pay(pairs) - usual_pay(pairs)


def lodging(pairs: Pairs) -> FloatArray:
    """1 offered to who needs it, 0 not offered to who needs it; half as far from the middle where the need is not known."""
    offered, needs = pairs.of_vacancies("lodging"), pairs.of_workers("needs_lodging")
    weight = np.where(np.isnan(needs), 0.5, needs)
    return where_known(weight > 0, 0.5 + (offered - 0.5) * weight)


def no_bed(pairs: Pairs) -> FloatArray:
    """1 for who needs a bed where none is offered, 0 for who has one there or needs none; half where the need is not known.

    In the home county nobody needs one. Other than `lodging`, what is worth so much a month to who needs it, this tells
    whether anything stands in the way: of who needs no bed that is known.
    """
    offered, needs = pairs.of_vacancies("lodging"), pairs.of_workers("needs_lodging")
    weight = np.where(same_county(pairs) == 1, 0.0, np.where(np.isnan(needs), 0.5, needs))
    return np.where(weight == 0, 0.0, (1.0 - offered) * weight)


def meals(pairs: Pairs) -> FloatArray:
    values: FloatArray = pairs.of_vacancies("meals")
    return values


def social_insurance(pairs: Pairs) -> FloatArray:
    values: FloatArray = pairs.of_vacancies("social_insurance")
    return values


def hours(pairs: Pairs) -> FloatArray:
    values: FloatArray = pairs.of_vacancies("hours_per_week")
    return values


def night_shifts(pairs: Pairs) -> FloatArray:
    shift = pairs.of_vacancies("shift")
    nights = np.full(len(pairs), np.nan)
    for code, value in _NIGHTS.items():
        nights[shift == code] = value
    return nights


def same_occupation(pairs: Pairs) -> FloatArray:
    """1 the same small class of GB/T 6565, 0.6 the same middle class, 0.3 the same big class, 0 another. Of the past only what
    somebody tells of it: the record may be of the work that came after (`matching.learning.trades`)."""
    if pairs.then is not None:
        return pairs.then.known("same_occupation")
    return occupations_meet(pairs.of_workers("last_occupation"), pairs.of_vacancies("occupation"))


def occupations_meet(last: TextArray, offered: TextArray) -> FloatArray:
    """How near each two codes are; nan where one is ''."""
    return where_known((last != "") & (offered != ""), _of_kinds(last, offered, kinship))


def wanted_occupation(pairs: Pairs) -> FloatArray:
    """1 a post within what the person asked for; else as near as the nearest of it."""
    wanted = pairs.market.workers.wanted_occupations
    people, person = np.unique(pairs.workers, return_inverse=True)
    asked = np.array([";".join(wanted[row]) for row in people.tolist()])[person]
    offered = pairs.of_vacancies("occupation")
    return where_known((asked != "") & (offered != ""), _of_kinds(asked, offered, _nearest))


def kinship(one: str, other: str) -> float:
    """What two codes of GB/T 6565 have in common, 0 to 1; a code of fewer digits is no nearer than it tells."""
    return next(
        (value for digits, value in KINSHIP if len(one) >= digits and one[:digits] == other[:digits]), 0.0
    )


def _nearest(asked: str, offered: str) -> float:
    codes = asked.split(";")
    return 1.0 if offered.startswith(tuple(codes)) else max(kinship(code, offered) for code in codes)


def _of_kinds(ours: TextArray, theirs: TextArray, value: Callable[[str, str], float]) -> FloatArray:
    """`value` of each pair of words, each meeting of two looked at once."""
    left, of_left = np.unique(ours, return_inverse=True)
    right, of_right = np.unique(theirs, return_inverse=True)
    cells, at = np.unique(of_left * len(right) + of_right, return_inverse=True)
    ours_told, theirs_told = left.tolist(), right.tolist()
    found = [value(ours_told[c // len(right)], theirs_told[c % len(right)]) for c in cells.tolist()]
    return np.array(found, np.float64)[at]


def experience(pairs: Pairs) -> FloatArray:
    if pairs.then is not None:
        # The months that are on record may be those of the work that came after.
        return np.full(len(pairs), np.nan)
    values: FloatArray = pairs.of_workers("experience_months")
    return values


def education_margin(pairs: Pairs) -> FloatArray:
    has, wanted = pairs.of_workers("education").astype(float), pairs.of_vacancies("min_education")
    return where_known((has >= 0) & (wanted >= 0), has - wanted)


def days_posted(pairs: Pairs) -> FloatArray:
    days = (pairs.day - pairs.of_vacancies("posted_on")).astype(float)
    known = ~np.isnat(pairs.of_vacancies("posted_on"))
    if pairs.then is not None:
        # How old a notice was that has been refreshed since, nobody wrote down.
        known &= days >= 0
    return where_known(known, np.maximum(days, 0.0))


def seats_left(pairs: Pairs) -> FloatArray:
    if pairs.then is not None:
        # Nobody wrote down how many were left on a day long ago; how many there were in all is another thing.
        return np.full(len(pairs), np.nan)
    seats = pairs.of_vacancies("seats").astype(float)
    return where_known(seats >= 0, np.maximum(seats - pairs.of_vacancies("taken"), 0.0))


def speaks_mandarin(pairs: Pairs) -> FloatArray:
    """Speaking Mandarin, where the work is in another province; no matter elsewhere."""
    return where_known(same_province(pairs) == 0, np.asarray(pairs.of_workers("speaks_mandarin")))


def companion_seat(pairs: Pairs) -> FloatArray:
    """Whether there is a seat for the companion too; no matter to who has none."""
    left = seats_left(pairs)
    return where_known((pairs.of_workers("companion") != -1) & ~np.isnan(left), left >= 2)
