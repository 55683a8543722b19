"""The term clock of public posts: which spells are one placement, on which day its term ends, and who must leave.

Arithmetic over one person's spells; it knows no table and no day but the one it is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from models.age import age_on
from models.coded import Coded
from models.public_post import CadreRelation
from models.retirement import retirement_month, track_of
from outcomes.calendar import full_on, month_end, month_start, shift
from outcomes.ladder.post_rules import PostRule


class Exit(Coded):
    """Why somebody stands on the exit list."""

    OVERDUE = "overdue", "期满未退出"
    TOO_MANY = "too_many", "安置次数超过上限"
    CADRE = "cadre", "本人是村干部"
    CADRE_FAMILY = "cadre_family", "村干部家属"
    OVER_AGE = "over_age", "超龄"
    ENDING = "ending", "即将期满"


_YEARS_BEYOND = 5
_BARRED = {CadreRelation.CADRE: Exit.CADRE, CadreRelation.FAMILY: Exit.CADRE_FAMILY}


@dataclass(frozen=True, slots=True)
class Stint:
    """One public-post spell: first and last day, None while it lasts."""

    first: date
    last: date | None = None
    key: int | None = None


@dataclass(frozen=True, slots=True)
class Extension:
    """A term that was extended, by the spell that it was recorded of; of several the last one given counts."""

    key: int
    until: date


@dataclass(frozen=True, slots=True)
class Term:
    """One placement: the how-manieth it is, its first day, and the last day of its term.

    `regular` is the last day by the rule alone, `ended` the last day worked, None while it lasts. `to_retirement`:
    the rule lets it last until retirement.
    """

    number: int
    began: date
    regular: date
    until: date
    ended: date | None
    to_retirement: bool
    stints: tuple[Stint, ...]


def placements(stints: Sequence[Stint], gap_days: int) -> list[tuple[Stint, ...]]:
    """The spells, in order, put together where no more than `gap_days` days lie between one and the next."""
    made: list[list[Stint]] = []
    for stint in sorted(stints, key=lambda each: each.first):
        last = made[-1][-1].last if made else None
        if made and (last is None or (stint.first - last).days - 1 <= gap_days):
            made[-1].append(stint)
        else:
            made.append([stint])
    return [tuple(run) for run in made]


def terms(
    rule: PostRule,
    stints: Sequence[Stint],
    *,
    born: date | None,
    sex: str,
    extensions: Sequence[Extension] = (),
) -> list[Term]:
    """Each placement of one person with its term, the first one first."""
    made = []
    for number, run in enumerate(placements(stints, rule.same_placement_gap_days), start=1):
        began = run[0].first
        regular, to_retirement = _regular(rule, began, born, sex)
        keys = {stint.key for stint in run}
        extended = [each.until for each in extensions if each.key in keys]
        until = max(regular, extended[-1]) if extended else regular
        made.append(Term(number, began, regular, until, run[-1].last, to_retirement, run))
    return made


def _regular(rule: PostRule, began: date, born: date | None, sex: str) -> tuple[date, bool]:
    """The term's last day by the rule, and whether it is that of retirement."""
    plain = full_on(began, rule.term_months)
    if born is None or not rule.near_retirement_years:
        return plain, False
    retiring = _retiring(born, sex)
    near = month_start(began) <= retiring <= shift(month_start(began), 12 * rule.near_retirement_years)
    last = month_end(retiring)
    return (last, True) if near and last > plain else (plain, False)


def latest_extension(term: Term, *, born: date | None, sex: str) -> date:
    """The last day until which a term may be made to last: some years after its own end, or retirement where that is
    later. Counted from the term by the rule, so that extending again reaches no further."""
    last = shift(term.regular, 12 * _YEARS_BEYOND)
    return last if born is None else max(last, month_end(_retiring(born, sex)))


def _retiring(born: date, sex: str) -> date:
    # The post's class is not known: the later age is taken, as `models.retirement` does for an unknown occupation.
    return retirement_month(born, track_of(sex, ""))


def serving(term: Term, on: date) -> bool:
    """Whether the person is in the post on the day."""
    return any(stint.first <= on and (stint.last is None or stint.last >= on) for stint in term.stints)


def exits(
    rule: PostRule, term: Term, *, born: date | None, on: date, cadre: CadreRelation | None = None
) -> tuple[Exit, ...]:
    """Why somebody who serves on the day must leave, or soon will; the most pressing first."""
    found = []
    if on > term.until:
        found.append(Exit.OVERDUE)
    if term.number > rule.max_placements:
        found.append(Exit.TOO_MANY)
    if cadre in _BARRED:
        found.append(_BARRED[cadre])
    if born is not None and age_on(born, on) >= rule.flag_age:
        found.append(Exit.OVER_AGE)
    if on <= term.until < on + timedelta(days=rule.notice_days):
        found.append(Exit.ENDING)
    return tuple(found)
