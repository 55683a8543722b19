"""Pieces of work that count together, and the first day at whose end a run of them fulfils a rule."""

from dataclasses import dataclass

import numpy as np

from outcomes.days import NEVER, Whole, full_on_each
from outcomes.pay import average_reached, total_reached
from outcomes.pieces import Pieces
from outcomes.rules import Counting, EmployerScope, StabilityRule


@dataclass(frozen=True)
class Runs:
    """Runs of pieces: the pieces in order of runs, where each run begins and ends in them, and `of`, each piece's run.

    Of one run all pieces have one person, one year and, where the rule wants it, one employer; `length` is how many
    days pass as worked: from first to last in a continuous rule, worked days alone in a cumulative one.
    """

    pieces: Pieces
    begin: Whole
    end: Whole
    of: Whole
    length: Whole

    def __len__(self) -> int:
        return len(self.begin)

    @property
    def person(self) -> Whole:
        """Whose run it is."""
        return self.pieces.person[self.begin]

    @property
    def year(self) -> Whole:
        """The calendar year that it is counted in, or 0."""
        return self.pieces.year[self.begin]

    @property
    def start(self) -> Whole:
        """Its first day."""
        return self.pieces.first[self.begin]

    @property
    def last(self) -> Whole:
        """Its last day."""
        return self.pieces.last[self.end - 1]

    def before(self, amounts: Whole) -> Whole:
        """For each piece the sum of `amounts` over the earlier pieces of its run.

        Sums run through all the runs and may wrap; their differences do not.
        """
        sums = np.cumsum(amounts) - amounts
        return sums - sums[self.begin][self.of]

    def earliest(self, days: Whole) -> Whole:
        """For each run the earliest of its pieces' days."""
        return np.minimum.reduceat(days, self.begin) if len(self) else self.begin


def joined(pieces: Pieces, rule: StabilityRule) -> Runs:
    """The runs: of one employer where the rule wants that, no gap longer than it tolerates.

    A gap is whole days without work that counts for the run, whatever else was done on them.
    """
    if rule.employer is EmployerScope.SAME and len(pieces):
        # Each employer's pieces stay in order of days, and so of years.
        span = int(pieces.post.max() - pieces.post.min()) + 1
        pieces = pieces[np.argsort(pieces.person * span + pieces.post, kind="stable")]
    breaks = np.ones(len(pieces), bool)
    breaks[1:] = (pieces.person[1:] != pieces.person[:-1]) | (pieces.year[1:] != pieces.year[:-1])
    if rule.employer is EmployerScope.SAME:
        breaks[1:] |= pieces.post[1:] != pieces.post[:-1]
    if rule.max_gap_days is not None:
        breaks[1:] |= pieces.first[1:] - pieces.last[:-1] - 1 > rule.max_gap_days
    begin = np.flatnonzero(breaks)
    end = np.append(begin[1:], len(pieces))[: len(begin)]
    if rule.counting is Counting.CONTINUOUS:
        length = pieces.last[end - 1] - pieces.first[begin] + 1
    else:
        length = np.add.reduceat(pieces.days, begin) if len(begin) else begin
    return Runs(pieces, begin, end, np.cumsum(breaks) - 1, length)


def marks(runs: Runs, rule: StabilityRule) -> Whole:
    """The first day at whose end each run fulfils the rule's time and pay; NEVER where it does not.

    Pay is judged over the run that fills the time, from its first day. If it is short on the day the time is full,
    the rule is fulfilled on the first later day of the same run at whose end it is enough.
    """
    mark = time_full(runs, rule)
    if rule.min_total_pay is not None:
        mark = np.maximum(mark, total_reached(runs, rule.min_total_pay))
    if rule.min_average_pay is not None:
        mark = average_reached(runs, rule.min_average_pay, mark)
    return mark


def time_full(runs: Runs, rule: StabilityRule) -> Whole:
    """The day at whose end each run's time is full; NEVER where it is too short.

    To put a mark off by one day for each day of a gap is to count that many worked days: so the cumulative mark is
    the worked day whose number is the length of the months from the run's first day. A tolerated gap in a continuous
    rule passes as worked once the person is back, so the months may be full on a day inside it. A rule without
    months or days is fulfilled by the first counted day.
    """
    start = runs.start
    if rule.min_months is None:
        needed = np.full(len(runs), rule.min_days or 1)
    else:
        needed = full_on_each(start, rule.min_months, rule.month_counting) - start + 1
    if rule.counting is Counting.CONTINUOUS:
        return np.where(runs.length >= needed, start + needed - 1, NEVER)
    days = runs.pieces.days
    still = needed[runs.of] - runs.before(days)
    here = (still > 0) & (still <= days)
    return runs.earliest(np.where(here, runs.pieces.first + still - 1, NEVER))
