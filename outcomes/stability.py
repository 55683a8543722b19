"""Did it last? From people's spells to whether, and on which day, a stability rule was fulfilled.

Pure: columns and dates in, columns out. Everything that counts stable employment calls it, for one person or a
million, so that a target, a benefit and a check on files can never disagree. What the record said on an earlier date
("known on") is a matter of which spells are handed in.
"""

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

import numpy as np

from models.coded import Coded
from outcomes.columns import UNKNOWN, SpellColumns, columns_of
from outcomes.days import NEVER, Whole, day_of, full_months_each, number
from outcomes.pay import earned, known_income, rounded_yuan
from outcomes.pieces import counted, of_age, refusals, within_years, worked_until
from outcomes.reasons import Facts, Reasons
from outcomes.rules import StabilityRule
from outcomes.runs import Runs, joined, marks, time_full
from outcomes.spells import Spell
from outcomes.staying import ahead


class Outlook(Coded):
    """前景: what may still come of a rule for a person, as of the day of evaluation."""

    FULFILLED = "fulfilled", "已达到"
    UNPROVED = "unproved", "补上核实或佐证即达到"
    STAYING = "staying", "继续在岗今年可以达到"
    OPEN = "open", "今年还来得及"
    TOO_LATE = "too_late", "今年已来不及"


_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class StabilityResult:
    """What one rule says of one person; `year` is the year of `stable_on`.

    `counted_from`, `days` and `months` (full ones) tell how far the run got that the result is about: the one that
    fulfilled the rule, else the latest where staying can fulfil it, else the longest. `possible_on`, for a rule not
    yet fulfilled: the day it would be if the person stays and the whole of that spell is observed and proved; on or
    before the day of evaluation it means that only an observation or evidence is missing. `outlook` says what may
    still come of it in the year of the evaluation. `spells` are the keys of the spells in the run.
    """

    stable_on: date | None
    reason: str
    outlook: Outlook
    counted_from: date | None = None
    days: int = 0
    months: int = 0
    possible_on: date | None = None
    spells: tuple[Hashable, ...] = ()

    @property
    def stable(self) -> bool:
        """Whether the rule was fulfilled."""
        return self.stable_on is not None

    @property
    def year(self) -> int | None:
        """The year that the result belongs to."""
        return self.stable_on.year if self.stable_on else None


@dataclass(frozen=True)
class Outcomes:
    """What one rule says of many people: one row a person and year of the mark, one row without a mark otherwise.

    Ordered by person and mark. Days are NEVER where there is none; `run` is the position in `runs`, UNKNOWN where no
    day counts; `until` the day through which pay is told; `refused` the bits of `outcomes.pieces.BIT` over all spells
    of the person; `reachable` whether the rule can still be fulfilled in the year of `as_of`, at best.
    """

    columns: SpellColumns
    rule: StabilityRule
    as_of: int
    runs: Runs
    person: Whole
    mark: Whole
    possible: Whole
    reachable: Whole
    run: Whole
    time_full: Whole
    refused: Whole

    def __len__(self) -> int:
        return len(self.person)

    @property
    def fulfilled(self) -> list[int]:
        """The people for whom the rule was fulfilled, one entry for each mark."""
        found: list[int] = self.person[self.mark < NEVER].tolist()
        return found

    def reasons(self) -> Iterator[str]:
        """Why, in one Chinese sentence, row by row."""
        return map(Reasons(self.rule, self.as_of).of, self._facts())

    def outlook(self, row: int) -> Outlook:
        """What may still come of it."""
        possible = int(self.possible[row])
        if self.mark[row] < NEVER:
            return Outlook.FULFILLED
        if possible <= self.as_of:
            return Outlook.UNPROVED
        if possible < NEVER and day_of(possible).year == day_of(self.as_of).year:
            return Outlook.STAYING
        return Outlook.OPEN if self.reachable[row] else Outlook.TOO_LATE

    def results(self) -> Iterator[tuple[int, StabilityResult]]:
        """Person and result of each row."""
        runs, reasons = self.runs, Reasons(self.rule, self.as_of)
        for row, (facts, full) in enumerate(self._with_full_months()):
            start, stable_on, possible_on = (
                day_of(day) if day < NEVER else None for day in (facts.start, facts.mark, facts.possible)
            )
            keys = dict[Hashable, None]()
            if start is not None:
                run = self.run[row]
                spells = runs.pieces.spell[runs.begin[run] : runs.end[run]]
                keys = dict.fromkeys(self.columns.keys[spell] for spell in spells.tolist())
                keys.pop(None, None)
            yield (
                int(self.person[row]),
                StabilityResult(
                    stable_on, reasons.of(facts), self.outlook(row), start, facts.days, full,
                    possible_on, tuple(keys),
                ),
            )  # fmt: skip

    def of_year(self, year: int) -> "Outcomes":
        """Those rows alone whose mark lies in that year."""
        rows = np.flatnonzero(
            (self.mark >= number(date(year, 1, 1))) & (self.mark <= number(date(year, 12, 31)))
        )
        names = ("person", "mark", "possible", "reachable", "run", "time_full", "refused")
        return replace(self, **{name: getattr(self, name)[rows] for name in names})

    def _with_full_months(self) -> Iterator[tuple[Facts, int]]:
        """The facts of each row with the full months of its run, 0 where no day counts; counted some rows at a time."""
        rows = self._facts()
        while told := list(islice(rows, _AT_ONCE)):
            start = np.array([facts.start for facts in told], np.int64)
            days = np.array([facts.days for facts in told], np.int64)
            counts = start < NEVER
            months = np.zeros(len(told), np.int64)
            months[counts] = full_months_each(
                start[counts], start[counts] + days[counts] - 1, self.rule.month_counting
            )
            yield from zip(told, months.tolist(), strict=True)

    def _facts(self) -> Iterator[Facts]:
        """What the sentence of each row is made of."""
        counts = self.run != UNKNOWN
        run = self.run[counts]
        told = {"start": NEVER, "last": NEVER, "days": 0, "average": 0, "total": 0}
        columns = {name: np.full(len(self), blank) for name, blank in told.items()}
        columns["start"][counts] = self.runs.start[run]
        columns["last"][counts] = last = self.runs.last[run]
        columns["days"][counts] = self.runs.length[run]
        if self.rule.min_average_pay is not None or self.rule.min_total_pay is not None:
            until = np.where(self.mark[counts] < NEVER, self.mark[counts], last)
            columns["average"][counts], columns["total"][counts] = _pay(self.runs, run, until)
        return map(
            Facts,
            *(
                column.tolist()
                for column in (
                    self.mark, columns["start"], columns["last"], columns["days"], self.time_full,
                    columns["average"], columns["total"], self.refused, self.possible, self.reachable,
                )
            ),
        )  # fmt: skip


def evaluate_all(columns: SpellColumns, rule: StabilityRule, *, as_of: date) -> Outcomes:
    """Evaluate one rule over many people's accepted spells, as of 24:00 of `as_of`.

    One row per fulfilled year in a calendar-year rule, one for the first day at whose end any other rule is
    fulfilled; where it never was, exactly one that says why and what staying would bring. (For the current year of
    a rule that was fulfilled in an earlier one, ask with `calendar_year` set to that year.)

    Where the rules of counting leave a case open, `outcomes.runs` and `outcomes.pay` say what is done. Unknown
    destination, place, arrangement or contract fulfils no condition on it; an unknown birth date bars nobody; an
    unknown employer is the same as no other.

    Raises
    ------
    ValueError
        when two counted spells of one person share a day.
    """
    today = number(as_of)
    since, unmet = of_age(columns, rule), refusals(columns, rule)
    pieces, refused = counted(columns, rule, worked_until(columns, today), since, unmet, None)
    runs = joined(within_years(pieces, rule.calendar_year), rule)
    mark = marks(runs, rule)
    found = _first_of_each(mark, runs.start, _group(runs, rule))
    found = found[mark[found] < NEVER]
    open_ended = np.ones(columns.people, bool)
    open_ended[runs.person[found]] = False
    possible, reachable = ahead(columns, rule, as_of, since, unmet, pieces, open_ended)
    # Who did not fulfil it: the run that is furthest on, else the longest.
    short = np.flatnonzero(open_ended[runs.person])
    value = np.where(possible[runs.person[short]] < NEVER, runs.last[short], runs.length[short])
    longest = short[_first_of_each(-value, runs.start[short], runs.person[short])]
    run = np.full(columns.people, UNKNOWN)
    run[runs.person[longest]] = longest
    full = np.zeros(len(runs), np.int64)
    full[longest] = time_full(runs, rule)[longest] < NEVER
    without = np.flatnonzero(open_ended)
    bits = np.zeros(columns.people, np.int64)
    np.bitwise_or.at(bits, columns.person, refused)
    person = np.concatenate([runs.person[found], without])
    marked = np.concatenate([mark[found], np.full(len(without), NEVER)])
    of_run = np.concatenate([found, run[without]])
    order = np.lexsort((marked, person))
    person, marked, of_run = person[order], marked[order], of_run[order]
    return Outcomes(
        columns=columns,
        rule=rule,
        as_of=today,
        runs=runs,
        person=person,
        mark=marked,
        possible=possible[person],
        reachable=reachable[person],
        run=of_run,
        time_full=np.append(full, 0)[of_run],
        refused=bits[person],
    )


def evaluate(
    spells: Iterable[Spell], rule: StabilityRule, *, as_of: date, birth_date: date | None = None
) -> list[StabilityResult]:
    """Evaluate one rule over one person's accepted spells: `evaluate_all` for one.

    Raises
    ------
    ValueError
        when two counted spells share a day.
    """
    return [
        result for _, result in evaluate_all(columns_of([(spells, birth_date)]), rule, as_of=as_of).results()
    ]


def _group(runs: Runs, rule: StabilityRule) -> Whole:
    """One number for each person, and each year where every year is judged by itself."""
    if rule.calendar_year is not True:
        return runs.person
    return runs.person * 10_000 + runs.year


def _first_of_each(value: Whole, start: Whole, group: Whole) -> Whole:
    """The position of the least value of each group; of equals the one that starts first."""
    order = np.lexsort((start, value, group))
    ordered = group[order]
    heads = np.ones(len(order), bool)
    heads[1:] = ordered[1:] != ordered[:-1]
    return order[heads]


def _pay(runs: Runs, run: Whole, until: Whole) -> tuple[Whole, Whole]:
    """Average and total pay, in whole yuan, of each run through a day of its own."""
    pieces = runs.pieces
    # The last piece that has begun by then: days of a later run lie beyond all of an earlier one.
    step = 2 * NEVER
    at = np.searchsorted(runs.of * step + pieces.first, run * step + until, side="right") - 1
    last = np.minimum(until, pieces.last[at])
    chosen = pieces[at]
    days = runs.before(pieces.days)[at] + last - chosen.first + 1
    weighted = runs.before(known_income(pieces) * pieces.days)[at] + known_income(chosen) * (
        last - chosen.first + 1
    )
    total = runs.before(earned(pieces, pieces.last))[at] + earned(chosen, last)
    return weighted // (100 * days), rounded_yuan(total)
