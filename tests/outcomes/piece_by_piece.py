"""The definition of the stability rules for one person, piece by piece in plain Python: what the columns must agree with.

It was the service's own function until the columns took its place. It shares with them the calendar, the rules and
the sentences, and neither how days are clipped, joined, paid and judged nor how the best that may come is found.
"""

from bisect import bisect_left
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from models.age import LEGAL_WORKING_AGE, birthday
from models.spell import EvidenceGrade
from outcomes.calendar import ONE_DAY, full_months, full_on, month_end
from outcomes.days import NEVER, number
from outcomes.pieces import BIT, Refusal, lies_in
from outcomes.reasons import Facts, Reasons
from outcomes.rules import MOST_MONTHS, Counting, EmployerScope, StabilityRule
from outcomes.spells import Proof, Spell
from outcomes.stability import Outlook, StabilityResult

MONTH_UNITS = 28 * 29 * 30 * 31


def open_on(spell: Spell, day: date) -> bool:
    """Whether at the end of `day` the spell has begun and not ended; an end that lies ahead is only a plan."""
    return spell.first_day <= day and (spell.ended_on is None or spell.ended_on > day)


def worked(spell: Spell, as_of: date) -> tuple[date, date] | None:
    """First and last day worked as of 24:00 of `as_of`; None before it began."""
    first, last, seen = spell.first_day, spell.ended_on, spell.observed_until
    if last is None:
        last = max(seen or first, first)
    elif last > as_of and seen is not None:
        last = max(seen, first)
    last = min(last, as_of)
    return (first, last) if last >= first else None


def verified(proofs: Iterable[Proof], at_least: EvidenceGrade) -> list[tuple[date, date]]:
    """The stretches covered by evidence of grade `at_least` or better; periods that overlap or meet are joined."""
    order = list(EvidenceGrade)
    good = (proof for proof in proofs if order.index(proof.grade) <= order.index(at_least))
    joined: list[tuple[date, date]] = []
    for first, last in sorted((proof.covers_from, proof.covers_to) for proof in good):
        if joined and (first - joined[-1][1]).days <= 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined


@dataclass(frozen=True, slots=True)
class Piece:
    """Counted days `first` to `last`, both included. `post` is the employer, `income` yuan a month or unknown."""

    first: date
    last: date
    post: Hashable
    income: int | None
    key: Hashable | None

    @property
    def days(self) -> int:
        """How many days, the first and the last included."""
        return (self.last - self.first).days + 1


def refusal(rule: StabilityRule, spell: Spell) -> Refusal | None:
    """The first condition on the spell as a whole that it does not meet; an unknown fact meets no condition."""
    if rule.kinds is not None and spell.kind not in rule.kinds:
        return Refusal.KIND
    if rule.destination is not None and spell.destination not in rule.destination:
        return Refusal.DESTINATION
    if rule.regions is not None and not any(
        spell.region is not None and lies_in(spell.region, region) for region in rule.regions
    ):
        return Refusal.REGION
    if rule.arrangement is not None and spell.arrangement is not rule.arrangement:
        return Refusal.ARRANGEMENT
    if rule.min_contract_months is not None and (spell.contract_months or 0) < rule.min_contract_months:
        return Refusal.CONTRACT
    return None


def counted(
    spells: Iterable[Spell], rule: StabilityRule, *, as_of: date, birth_date: date | None
) -> tuple[list[Piece], set[Refusal]]:
    """The counted pieces as of 24:00 of `as_of`, in order of time, and why spells gave none.

    Days before the 16th birthday, or before the rule's higher age, do not count; an unknown birth date bars nobody.
    With `min_evidence` only the days count that evidence of that grade or better covers.

    Raises
    ------
    ValueError
        when two counted spells share a day (`outcomes.spells.without_overlaps` tells which to reject).
    """
    age = max(LEGAL_WORKING_AGE, rule.min_age or 0)
    of_age = birthday(birth_date, age) if birth_date else date.min
    wholes: list[tuple[Piece, Spell]] = []
    refusals: set[Refusal] = set()
    for spell in spells:
        span = worked(spell, as_of)
        refused = refusal(rule, spell) if span else Refusal.NOT_BEGUN
        if span and span[1] < of_age:
            refused = refused or Refusal.AGE
        if span is None or refused:
            refusals.add(refused or Refusal.NOT_BEGUN)
            continue
        # An unknown employer can't be shown to be the same as any other: each such spell stands alone.
        post = ("unknown", spell.first_day) if spell.employer is None else ("employer", spell.employer)
        piece = Piece(max(span[0], of_age), span[1], post, spell.monthly_income, spell.key)
        wholes.append((piece, spell))
    wholes.sort(key=lambda each: each[0].first)
    if any(later.first <= earlier.last for (earlier, _), (later, _) in pairwise(wholes)):
        raise ValueError("两段计入的务工记录有重叠的日期，请先更正其中一段。")
    if rule.min_evidence is None:
        return [piece for piece, _ in wholes], refusals
    pieces: list[Piece] = []
    for piece, spell in wholes:
        parts = clip(piece, verified(spell.evidence, rule.min_evidence))
        pieces.extend(parts)
        if not parts:
            refusals.add(Refusal.EVIDENCE)
    return pieces, refusals


def clip(piece: Piece, spans: Iterable[tuple[date, date]]) -> list[Piece]:
    """The parts of a piece inside the given spans."""
    cuts = ((max(piece.first, first), min(piece.last, last)) for first, last in spans)
    return [replace(piece, first=first, last=last) for first, last in cuts if first <= last]


def runs(pieces: Sequence[Piece], rule: StabilityRule) -> list[list[Piece]]:
    """Pieces that count together: of one employer where the rule wants that, no gap longer than it tolerates.

    A gap is whole days without work that counts for the run, whatever else was done on them.
    """
    made: list[list[Piece]] = []
    open_run: dict[Hashable, list[Piece]] = {}
    for piece in pieces:
        post = piece.post if rule.employer is EmployerScope.SAME else None
        run = open_run.get(post)
        gap = (piece.first - run[-1].last).days - 1 if run else 0
        if run is None or (rule.max_gap_days is not None and gap > rule.max_gap_days):
            run = open_run[post] = []
            made.append(run)
        run.append(piece)
    return made


def month_units(first: date, last: date) -> int:
    """Months between two days, both included, in 1 / MONTH_UNITS: each day is one of the days of its own month."""
    whole = (last.year - first.year) * 12 + last.month - first.month
    head = (first.day - 1) * (MONTH_UNITS // month_end(first).day)
    tail = last.day * (MONTH_UNITS // month_end(last).day)
    return whole * MONTH_UNITS + tail - head


def earned_units(run: Sequence[Piece], until: date) -> int:
    """What the run earned through `until`, in yuan / MONTH_UNITS; days of unknown pay add nothing."""
    return sum(
        piece.income * month_units(piece.first, min(piece.last, until))
        for piece in run
        if piece.income is not None and piece.first <= until
    )


def total_pay(run: Sequence[Piece], until: date) -> int:
    """Total pay through `until` in whole yuan, rounded once, half up."""
    return (2 * earned_units(run, until) + MONTH_UNITS) // (2 * MONTH_UNITS)


def income_days(run: Sequence[Piece], until: date) -> tuple[int, int]:
    """Sum of monthly income × worked days, and worked days, through `until`; their quotient is the average pay.

    Days of unknown pay weigh in with nothing, so the quotient never says more than what is known.
    """
    weighted = days = 0
    for piece in run:
        part = (min(piece.last, until) - piece.first).days + 1
        if part > 0:
            weighted += (piece.income or 0) * part
            days += part
    return weighted, days


def total_met(rule: StabilityRule, run: Sequence[Piece], until: date) -> bool:
    """Whether the total through `until` reaches the rule's."""
    return rule.min_total_pay is None or total_pay(run, until) >= rule.min_total_pay


def average_met(rule: StabilityRule, run: Sequence[Piece], until: date) -> bool:
    """Whether the average through `until`, unrounded, reaches the rule's."""
    if rule.min_average_pay is None:
        return True
    weighted, days = income_days(run, until)
    return weighted >= rule.min_average_pay * days


def first_paid_day(rule: StabilityRule, run: Sequence[Piece], since: date) -> date | None:
    """The first day from `since` on at whose end both pay conditions are met; None when the run never gets there.

    Between two changes of income the total only grows and the average moves one way, so a search by halves in each
    piece is exact.
    """
    if total_met(rule, run, since) and average_met(rule, run, since):
        return since
    for piece in run:
        first, last = max(piece.first, since).toordinal(), piece.last.toordinal()
        days = range(first, last + 1)
        at = bisect_left(days, True, key=lambda day: total_met(rule, run, date.fromordinal(day)))
        if at < len(days) and not average_met(rule, run, date.fromordinal(days[at])):
            at = bisect_left(days, True, at, key=lambda day: average_met(rule, run, date.fromordinal(day)))
        if at < len(days):
            return date.fromordinal(days[at])
    return None


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
        return [_result(rule, run, on, as_of, full=True) for run, on in fulfilled]
    ahead, reachable = _ahead(spells, pieces, rule, as_of=as_of, birth_date=birth_date)
    so_far = [run for window in windows for run in runs(window, rule)]
    run = max(so_far, key=lambda run: run[-1].last if ahead else length(run, rule), default=[])
    full = bool(run) and time_full_on(run, rule) is not None
    return [
        _result(rule, run, None, as_of, full=full, refusals=refusals, possible_on=ahead, reachable=reachable)
    ]


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


def _ahead(
    spells: Sequence[Spell],
    pieces: list[Piece],
    rule: StabilityRule,
    *,
    as_of: date,
    birth_date: date | None,
) -> tuple[date | None, bool]:
    """The day if the last spell that may count goes on; and whether this year can still bring it, at best."""
    begun = [spell for spell in spells if spell.first_day <= as_of and refusal(rule, spell) is None]
    last = max(begun, key=lambda spell: spell.first_day, default=None)
    on = None
    if last is not None and open_on(last, as_of):
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
        on = next((each[1] for each in found if each), None)
    past = [part for piece in pieces for part in clip(piece, [(date.min, as_of)])]
    from_day = max(as_of + ONE_DAY, birthday(birth_date, max(16, rule.min_age or 0)) if birth_date else as_of)
    reachable = False
    for post in {piece.post for piece in past} | {"another"}:
        again = [*past]
        if from_day <= date(as_of.year, 12, 31):
            again.append(Piece(from_day, date(as_of.year, 12, 31), post, 10_000_000, None))
        reachable |= any(first_fulfilled(_within(again, year), rule) for year in _years(rule, again))
    return on, reachable


def _result(
    rule: StabilityRule,
    run: Sequence[Piece],
    on: date | None,
    as_of: date,
    *,
    full: bool,
    refusals: Iterable[Refusal] = (),
    possible_on: date | None = None,
    reachable: bool = False,
) -> StabilityResult:
    outlook = Outlook.FULFILLED
    if on is None:
        outlook = Outlook.OPEN if reachable else Outlook.TOO_LATE
        if possible_on and possible_on <= as_of:
            outlook = Outlook.UNPROVED
        elif possible_on and possible_on.year == as_of.year:
            outlook = Outlook.STAYING
    days = length(run, rule)
    average = total = 0
    if run and (rule.min_average_pay or rule.min_total_pay):
        weighted, worked_days = income_days(run, on or run[-1].last)
        average, total = weighted // worked_days, total_pay(run, on or run[-1].last)
    told = Facts(
        number(on) if on else NEVER,
        number(run[0].first) if run else NEVER,
        number(run[-1].last) if run else NEVER,
        days,
        full,
        average,
        total,
        sum(BIT[each] for each in refusals),
        number(possible_on) if possible_on else NEVER,
        reachable,
    )
    sentence = Reasons(rule, number(as_of)).of(told)
    if not run:
        return StabilityResult(on, sentence, outlook, possible_on=possible_on)
    start = run[0].first
    months = full_months(start, start + timedelta(days=days - 1), rule.month_counting)
    keys = tuple(dict.fromkeys(piece.key for piece in run if piece.key is not None))
    return StabilityResult(on, sentence, outlook, start, days, months, possible_on, keys)


def without_overlaps(spells: Sequence[Spell]) -> tuple[list[Spell], list[Spell]]:
    """Split into spells that share no day, by start, and those that must be rejected: of two the later-starting.

    A spell without an end reaches to the day it was last observed.
    """
    kept: list[Spell] = []
    rejected: list[Spell] = []
    taken_to = date.min
    for spell in sorted(spells, key=lambda each: each.first_day):
        if spell.first_day <= taken_to:
            rejected.append(spell)
            continue
        kept.append(spell)
        span = worked(spell, date.max)
        taken_to = span[1] if span else taken_to
    return kept, rejected
