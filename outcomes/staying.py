"""What may still come of a rule: the day it is fulfilled if people stay, and whether it can be at all this year."""

from dataclasses import fields
from datetime import date

import numpy as np

from outcomes.columns import MOST_INCOME, UNKNOWN, SpellColumns
from outcomes.days import NEVER, Mask, Whole, number, year_begins, years
from outcomes.pieces import Pieces, counted, within_years, worked_until
from outcomes.rules import MOST_MONTHS, EmployerScope, StabilityRule
from outcomes.runs import joined, marks

_YEARS_TO_A_LEAP_YEAR = 8
"""At most so many years pass between two leap years."""


def ahead(
    columns: SpellColumns,
    rule: StabilityRule,
    as_of: date,
    since: Whole,
    unmet: Whole,
    so_far: Pieces,
    whom: Mask,
) -> tuple[Whole, Mask]:
    """For each person asked about: the day if she stays, NEVER where staying brings nothing, and whether it can still be.

    Who stays goes on with the last spell that may count, at the same pay, seen and proved as it must be. At best she
    works, from tomorrow to the end of the year, with any employer she had, at any pay, on all the rule's conditions.

    Parameters
    ----------
    since, unmet : first day that counts, by person; each spell's `outcomes.pieces.refusals`.
    so_far : what has been counted.
    """
    today = number(as_of)
    stays = _staying(columns, today, unmet, whom)
    # Twice the longest rule, and within what a date can be.
    horizon = number(date(min(as_of.year + 2 * MOST_MONTHS // 12, date.max.year - 1), 12, 31))
    last = worked_until(columns, today)
    # Nobody else is looked at, nor anything that begins later than the spell that goes on.
    last[~whom[columns.person] | (columns.first > today)] = -NEVER
    proved = np.zeros(len(last), bool)
    proved[stays] = True
    last[stays] = _as_long_as_it_matters(columns, rule, as_of, since, stays, horizon)
    pieces, _ = counted(columns, rule, last, since, unmet, proved)
    possible = np.full(columns.people, NEVER)
    going = np.zeros(columns.people, bool)
    going[columns.person[stays]] = True
    _keep_earliest(possible, pieces[going[pieces.person]], rule)
    best = np.full(columns.people, NEVER)
    at_best = _at_best(pieces, so_far, rule, as_of, since, whom, going)
    _keep_earliest(best, at_best, rule)
    return possible, best < NEVER


def _staying(columns: SpellColumns, today: int, unmet: Whole, whom: Mask) -> Whole:
    """The last spell that has begun and may count, of each person, where it is still open."""
    may = np.flatnonzero((columns.first <= today) & (unmet == 0) & whom[columns.person])
    person = columns.person[may]
    final = np.ones(len(may), bool)
    final[:-1] = person[1:] != person[:-1]
    last = may[final]
    return last[columns.last[last] > today]


def _as_long_as_it_matters(
    columns: SpellColumns, rule: StabilityRule, as_of: date, since: Whole, stays: Whole, horizon: int
) -> Whole:
    """How far each spell must go on. Whole calendar years at one pay are all alike but for a day: a few of them do."""
    if rule.calendar_year is not True:
        return np.full(len(stays), horizon)
    grown = years(np.maximum(since[columns.person[stays]], number(as_of)))
    return np.minimum(horizon, year_begins(grown + 2 + _YEARS_TO_A_LEAP_YEAR) - 1)


def _at_best(
    staying: Pieces,
    so_far: Pieces,
    rule: StabilityRule,
    as_of: date,
    since: Whole,
    whom: Mask,
    going: Mask,
) -> Pieces:
    """The pieces to the end of the year, with a supposed one from tomorrow on for each person and employer."""
    today, end = number(as_of), number(date(as_of.year, 12, 31))
    past = _together(staying[going[staying.person]], so_far[(whom & ~going)[so_far.person]])
    cut = Pieces(
        past.person, past.first, np.minimum(past.last, today), past.year, past.post, past.income, past.spell
    )
    past = cut[cut.first <= cut.last]
    alone = np.flatnonzero(whom)
    person, post = alone, np.full(len(alone), UNKNOWN)
    if rule.employer is EmployerScope.SAME:
        had = np.unique(np.stack([past.person, past.post]), axis=1)
        person, post = np.append(person, had[0]), np.append(post, had[1])
    first = np.maximum(since[person], today + 1)
    many = len(person)
    supposed = Pieces(
        person, first, np.full(many, end), np.zeros(many, np.int64), post,
        np.full(many, MOST_INCOME), np.full(many, UNKNOWN),
    )  # fmt: skip
    both = _together(past, supposed[first <= end])
    return both[np.lexsort((both.first, both.person))]


def _together(one: Pieces, other: Pieces) -> Pieces:
    return Pieces(
        *(np.concatenate([getattr(one, field.name), getattr(other, field.name)]) for field in fields(one))
    )


def _keep_earliest(days: Whole, pieces: Pieces, rule: StabilityRule) -> None:
    runs = joined(within_years(pieces, rule.calendar_year), rule)
    np.minimum.at(days, runs.person, marks(runs, rule))
