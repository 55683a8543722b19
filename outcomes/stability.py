"""Did it last? The one function from a person's spells to whether, and on which day, a stability rule was fulfilled.

Pure: plain records and dates in, dates out. Everything that counts stable employment calls it, so that a target,
a benefit and a check on files can never disagree. What the record said on an earlier date ("known on") is a matter
of which spells are handed in.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from models.spell import EvidenceGrade
from outcomes.calendar import full_months, full_on
from outcomes.counted import Piece, clip, counted, refusal, runs
from outcomes.pay import first_paid_day
from outcomes.reasons import why_fulfilled, why_not
from outcomes.rules import MOST_MONTHS, Counting, StabilityRule
from outcomes.spells import Proof, Spell, open_on


@dataclass(frozen=True, slots=True)
class StabilityResult:
    """What one rule says of one person; `year` is the year of `stable_on`.

    `counted_from`, `days` and `months` (full ones) tell how far the run got that the result is about: the one that
    fulfilled the rule, else the latest where staying can fulfil it, else the longest. `possible_on`, for a rule not
    yet fulfilled: the day it would be if the person stays and the whole of that spell is observed and proved; on or
    before the day of evaluation it means that only an observation or evidence is missing. `spells` are the keys of
    the spells in the run.
    """

    stable_on: date | None
    reason: str
    counted_from: date | None = None
    days: int = 0
    months: int = 0
    possible_on: date | None = None
    spells: tuple[object, ...] = ()

    @property
    def stable(self) -> bool:
        """Whether the rule was fulfilled."""
        return self.stable_on is not None

    @property
    def year(self) -> int | None:
        """The year that the result belongs to."""
        return self.stable_on.year if self.stable_on else None


def evaluate(
    spells: Iterable[Spell], rule: StabilityRule, *, as_of: date, birth_date: date | None = None
) -> list[StabilityResult]:
    """Evaluate one rule over one person's accepted spells, as of 24:00 of `as_of`.

    One result per fulfilled year in a calendar-year rule, one for the first day at whose end any other rule is
    fulfilled; where it never was, exactly one that says why and what staying would bring. (For the current year of
    a rule that was fulfilled in an earlier one, ask with `calendar_year` set to that year.)

    Where the rules of counting leave a case open:

    - A tolerated gap in a continuous rule passes as worked once the person is back, so the months may be full on a
      day inside it.
    - Pay is judged over the run that fills the time, from its first day. If pay is short on the day the time is
      full, the rule is fulfilled on the first later day of the same run at whose end it is enough.
    - Days of unknown pay add nothing to a total and weigh in an average with nothing: known pay may suffice alone.
    - A rule without months or days is fulfilled by the first counted day.
    - Unknown destination, place, arrangement or contract fulfils no condition on it; an unknown birth date bars
      nobody; an unknown employer is the same as no other.

    Raises
    ------
    ValueError
        when two counted spells share a day.
    """
    spells = list(spells)
    pieces, refusals = counted(spells, rule, as_of=as_of, birth_date=birth_date)
    windows = [_within(pieces, year) for year in _years(rule, pieces)]
    fulfilled = [found for window in windows if (found := first_fulfilled(window, rule))]
    if fulfilled:
        return [_result(rule, run, on, why_fulfilled(rule, run, on)) for run, on in fulfilled]
    ahead = _if_staying(spells, rule, as_of=as_of, birth_date=birth_date)
    so_far = [run for window in windows for run in runs(window, rule)]
    run = max(so_far, key=lambda run: run[-1].last if ahead else length(run, rule), default=[])
    possible_on = ahead[1] if ahead else None
    reason = why_not(
        rule,
        run,
        refusals,
        days=length(run, rule),
        time_full=bool(run) and time_full_on(run, rule) is not None,
        as_of=as_of,
        possible_on=possible_on,
    )
    return [replace(_result(rule, run, None, reason), possible_on=possible_on)]


def days_needed(rule: StabilityRule, start: date) -> int:
    """How many days, the first included, a run that begins on `start` must have for the rule's time to be full."""
    if rule.min_months is None:
        return rule.min_days or 1
    return (full_on(start, rule.min_months, rule.month_counting) - start).days + 1


def length(run: Sequence[Piece], rule: StabilityRule) -> int:
    """The days that pass as worked: from first to last in a continuous rule, worked days alone in a cumulative one."""
    if not run:
        return 0
    if rule.counting is Counting.CONTINUOUS:
        return (run[-1].last - run[0].first).days + 1
    return sum(piece.days for piece in run)


def time_full_on(run: Sequence[Piece], rule: StabilityRule) -> date | None:
    """The day at whose end the rule's time is full; None when the run is too short.

    To put a mark off by one day for each day of a gap is to count that many worked days: so the cumulative mark is
    the worked day whose number is the length of the months from the run's first day.
    """
    needed = days_needed(rule, run[0].first)
    if length(run, rule) < needed:
        return None
    if rule.counting is Counting.CONTINUOUS:
        return run[0].first + timedelta(days=needed - 1)
    for piece in run:
        if needed <= piece.days:
            return piece.first + timedelta(days=needed - 1)
        needed -= piece.days
    return None


def first_fulfilled(pieces: Sequence[Piece], rule: StabilityRule) -> tuple[list[Piece], date] | None:
    """The run that fulfils time and pay first, and the day at whose end it does."""
    found: list[tuple[list[Piece], date]] = []
    for run in runs(pieces, rule):
        full = time_full_on(run, rule)
        on = first_paid_day(rule, run, full) if full else None
        if on:
            found.append((run, on))
    return min(found, key=lambda each: each[1], default=None)


def _years(rule: StabilityRule, pieces: Sequence[Piece]) -> Sequence[int | None]:
    if rule.calendar_year is None:
        return [None]
    if rule.calendar_year is not True:
        return [rule.calendar_year]
    return range(pieces[0].first.year, pieces[-1].last.year + 1) if pieces else []


def _within(pieces: Sequence[Piece], year: int | None) -> list[Piece]:
    """The pieces cut at a calendar year, as if work had begun and ended there."""
    if year is None:
        return list(pieces)
    span = (date(year, 1, 1), date(year, 12, 31))
    return [part for piece in pieces for part in clip(piece, [span])]


def _if_staying(
    spells: Sequence[Spell], rule: StabilityRule, *, as_of: date, birth_date: date | None
) -> tuple[list[Piece], date] | None:
    """The run and the day if the last spell that may count goes on, at the same pay, seen and proved as it must be."""
    begun = [spell for spell in spells if spell.first_day <= as_of and refusal(rule, spell) is None]
    last = max(begun, key=lambda spell: spell.first_day, default=None)
    if last is None or not open_on(last, as_of):
        return None
    # Twice the longest rule, and within what a date can be.
    horizon = date(min(as_of.year + 2 * MOST_MONTHS // 12, date.max.year - 1), 12, 31)
    proof = Proof(EvidenceGrade.A, last.first_day, horizon)
    staying = replace(last, ended_on=None, observed_until=horizon, evidence=(proof,))
    before, _ = counted(
        (each for each in begun if each is not last), rule, as_of=as_of, birth_date=birth_date
    )
    after, _ = counted([staying], rule, as_of=horizon, birth_date=birth_date)
    pieces = [*before, *after]
    found = (first_fulfilled(_within(pieces, year), rule) for year in _years(rule, pieces))
    return next((each for each in found if each), None)


def _result(rule: StabilityRule, run: Sequence[Piece], on: date | None, reason: str) -> StabilityResult:
    if not run:
        return StabilityResult(stable_on=on, reason=reason)
    start, days = run[0].first, length(run, rule)
    months = full_months(start, start + timedelta(days=days - 1), rule.month_counting)
    keys = tuple(dict.fromkeys(piece.key for piece in run if piece.key is not None))
    return StabilityResult(on, reason, start, days, months, spells=keys)
