"""What a list of payments proves: paid months laid beside the stretches of work that we hold. Pure."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

Span = tuple[date, date]
"""First and last day, both included."""


@dataclass(frozen=True, slots=True)
class Paid:
    """A row of a list of payments. `firms` are the marks of who paid: the name as it is compared, the credit code.

    `months` are first days of months. `worker_id` is None where the number is nobody's whom we may see.
    """

    line: int
    worker_id: int | None
    firms: frozenset[str]
    months: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """An accepted main spell in force; `last` is the last day worked, None while it goes on."""

    spell_id: int
    worker_id: int
    firms: frozenset[str]
    first: date
    last: date | None = None


@dataclass(slots=True)
class Match:
    """The payments of one employer for one person: which months fall into which spell, and which into none."""

    lines: list[int]
    worker_id: int | None
    inside: dict[int, set[date]] = field(default_factory=lambda: defaultdict(set))
    outside: set[date] = field(default_factory=set)


@dataclass(slots=True)
class Proofs:
    """All of a list: `unpaid` are spells with an employer of the list, in its months, for which it has no payment."""

    matches: list[Match]
    unpaid: list[Stretch]


def match(paid: Iterable[Paid], stretches: Iterable[Stretch]) -> Proofs:
    """Lay a list of payments beside the spells."""
    by_worker: dict[int, list[Stretch]] = defaultdict(list)
    for stretch in stretches:
        by_worker[stretch.worker_id].append(stretch)
    groups: dict[object, Match] = {}
    paying: dict[str, list[date]] = {}
    seen: set[int] = set()
    for row in paid:
        for firm in row.firms:
            _reach(paying, firm, row.months)
        whose: object = row.line if row.worker_id is None else (row.worker_id, row.firms)
        found = groups.setdefault(whose, Match([], row.worker_id))
        found.lines.append(row.line)
        own = [each for each in by_worker.get(row.worker_id or 0, ()) if each.firms & row.firms]
        for month in row.months:
            held = next((each for each in own if _touches(each, month)), None)
            if held is None:
                found.outside.add(month)
            else:
                found.inside[held.spell_id].add(month)
                seen.add(held.spell_id)
    unpaid = [
        each
        for spells in by_worker.values()
        for each in spells
        if each.spell_id not in seen and any(_overlaps(each, paying.get(firm)) for firm in each.firms)
    ]
    return Proofs(list(groups.values()), unpaid)


def covered(months: Iterable[date], stretch: Stretch, until: date) -> list[Span]:
    """The days that paid months prove of a spell, joined where they meet; none after `until` or outside the spell."""
    found: list[Span] = []
    for month in sorted(months):
        first = max(month, stretch.first)
        last = min(_end(month), stretch.last or date.max, until)
        if last < first:
            continue
        if found and first <= found[-1][1] + timedelta(days=1):
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def lacking(spans: Iterable[Span], before: Sequence[Span]) -> list[Span]:
    """The parts of `spans` that no span of `before` covers: the same list again brings nothing."""
    rest = list(spans)
    for first, last in before:
        cut: list[Span] = []
        for begin, end in rest:
            if last < begin or end < first:
                cut.append((begin, end))
                continue
            if begin < first:
                cut.append((begin, first - timedelta(days=1)))
            if last < end:
                cut.append((last + timedelta(days=1), end))
        rest = cut
    return rest


def _touches(stretch: Stretch, month: date) -> bool:
    return stretch.first <= _end(month) and (stretch.last is None or stretch.last >= month)


def _reach(paying: dict[str, list[date]], firm: str, months: Sequence[date]) -> None:
    if months:
        known = paying.setdefault(firm, [months[0], months[-1]])
        known[0], known[1] = min(known[0], *months), max(known[1], *months)


def _overlaps(stretch: Stretch, months: Sequence[date] | None) -> bool:
    if months is None:
        return False
    first, last = months
    return stretch.first <= _end(last) and (stretch.last is None or stretch.last >= first)


def _end(month: date) -> date:
    return month.replace(day=monthrange(month.year, month.month)[1])
