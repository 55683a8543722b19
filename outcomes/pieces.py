"""Which days of people's spells count under a rule, cut into pieces of one person, one employer and one income."""

from dataclasses import dataclass, fields

import numpy as np

from models.age import LEGAL_WORKING_AGE
from models.coded import Coded
from outcomes.columns import ARRANGEMENTS, DESTINATIONS, GRADES, KINDS, UNKNOWN, SpellColumns, among
from outcomes.days import BEFORE_ALL, NEVER, Mask, Whole, birthdays, year_begins, years
from outcomes.rules import StabilityRule


class Refusal(Coded):
    """Why a spell counts for nothing under a rule; the label completes a sentence about it."""

    NOT_BEGUN = "not_begun", "尚未上岗"
    KIND = "kind", "就业类型不计入"
    DESTINATION = "destination", "务工去向不符合或不清楚"
    REGION = "region", "务工地不符合或不清楚"
    ARRANGEMENT = "arrangement", "组织方式不符合或不清楚"
    CONTRACT = "contract", "合同期限不够或不清楚"
    AGE = "age", "当时未满年龄"
    EVIDENCE = "evidence", "没有达到等级的佐证"


BIT = {refusal: 1 << at for at, refusal in enumerate(Refusal)}
"""Each reason as a bit, so that one number holds all of a person's."""


@dataclass(frozen=True)
class Pieces:
    """Counted days `first` to `last`, both included, ordered by person and day.

    `year` is the calendar year that they are counted in, 0 where years are not told apart; `post` the employer;
    `income` fen a month, UNKNOWN where not known; `spell` the position in the columns, UNKNOWN of what is supposed.
    """

    person: Whole
    first: Whole
    last: Whole
    year: Whole
    post: Whole
    income: Whole
    spell: Whole

    def __len__(self) -> int:
        return len(self.person)

    def __getitem__(self, chosen: Whole | Mask) -> "Pieces":
        return Pieces(*(getattr(self, field.name)[chosen] for field in fields(self)))

    @property
    def days(self) -> Whole:
        """How many days each has, the first and the last included."""
        return self.last - self.first + 1


def of_age(columns: SpellColumns, rule: StabilityRule) -> Whole:
    """The first day on which each person's work may count; an unknown birth date bars nobody."""
    known = columns.births > BEFORE_ALL
    found = np.full(columns.people, BEFORE_ALL)
    found[known] = birthdays(columns.births[known], max(LEGAL_WORKING_AGE, rule.min_age or 0))
    return found


def worked_until(columns: SpellColumns, as_of: int) -> Whole:
    """The last day worked as of 24:00 of `as_of`; before the first day where the spell has not begun.

    An end that has come is a fact, whenever the person was last seen. One that lies ahead is only a plan: the spell
    is open and counts to the earlier of `as_of` and the day it was last observed. Never observed since it began, of
    a spell without any end only the first day is known; one with a planned end is taken at its word until `as_of`.
    """
    seen = np.maximum(columns.observed, columns.first)
    planned = columns.last > as_of
    unseen = (columns.observed == BEFORE_ALL) & (columns.last < NEVER)
    return np.minimum(np.where(planned & ~unseen, seen, columns.last), as_of)


def lies_in(region: str, whole: str) -> bool:
    """Whether a region code lies in another of any level; `610000` and `610100` are read as `61` and `6101`."""
    return _bare(region).startswith(_bare(whole))


def _bare(code: str) -> str:
    while len(code) in (4, 6) and code.endswith("00"):
        code = code[:-2]
    return code


def refusals(columns: SpellColumns, rule: StabilityRule) -> Whole:
    """The bit of the first condition on the spell as a whole that each does not meet; 0 where it meets all.

    An unknown fact meets no condition.
    """
    conditions: list[tuple[Refusal, Mask]] = []
    if rule.kinds is not None:
        conditions.append((Refusal.KIND, among(columns.kind, (KINDS[kind] for kind in rule.kinds))))
    if rule.destination is not None:
        allowed = (DESTINATIONS[destination] for destination in rule.destination)
        conditions.append((Refusal.DESTINATION, among(columns.destination, allowed)))
    if rule.regions is not None:
        inside = [any(lies_in(code, whole) for whole in rule.regions) for code in columns.regions]
        # The last entry is that of UNKNOWN.
        conditions.append((Refusal.REGION, np.array([*inside, False])[columns.region]))
    if rule.arrangement is not None:
        conditions.append((Refusal.ARRANGEMENT, columns.arrangement == ARRANGEMENTS[rule.arrangement]))
    if rule.min_contract_months is not None:
        conditions.append((Refusal.CONTRACT, columns.contract >= rule.min_contract_months))
    found = np.zeros(len(columns.person), np.int64)
    for refusal, met in reversed(conditions):
        found[~met] = BIT[refusal]
    return found


def counted(
    columns: SpellColumns, rule: StabilityRule, last: Whole, since: Whole, refused: Whole, proved: Mask | None
) -> tuple[Pieces, Whole]:
    """The counted pieces, and each spell's refusal once age and evidence are looked at as well.

    Parameters
    ----------
    last : last day worked of each spell; it has not begun where that is before its first.
    since : first day that counts, by person.
    refused : what `refusals` says.
    proved : spells that are taken as proved from the first day to the last, whatever the evidence.

    Raises
    ------
    ValueError
        when two counted spells of one person share a day (`outcomes.overlaps` tells which to reject).
    """
    begun = last >= columns.first
    grown = last >= since[columns.person]
    refused = np.where(
        begun, np.where((refused == 0) & ~grown, BIT[Refusal.AGE], refused), BIT[Refusal.NOT_BEGUN]
    )
    spell = np.flatnonzero(refused == 0)
    person = columns.person[spell]
    first = np.maximum(columns.first[spell], since[person])
    until = last[spell]
    if ((person[1:] == person[:-1]) & (first[1:] <= until[:-1])).any():
        raise ValueError("两段计入的务工记录有重叠的日期，请先更正其中一段。")
    if rule.min_evidence is not None:
        spell, first, until = _verified(columns, rule, spell, first, until, proved)
        nowhere = refused == 0
        nowhere[spell] = False
        refused[nowhere] = BIT[Refusal.EVIDENCE]
        person = columns.person[spell]
    year = np.zeros(len(spell), np.int64)
    return Pieces(person, first, until, year, columns.employer[spell], columns.income[spell], spell), refused


def _verified(
    columns: SpellColumns, rule: StabilityRule, spell: Whole, first: Whole, last: Whole, proved: Mask | None
) -> tuple[Whole, Whole, Whole]:
    """The stretches of each spell that good evidence covers; periods that overlap or meet are joined."""
    proofs = columns.proofs
    taken = proofs.grade <= GRADES[rule.min_evidence]
    of, begins, ends = proofs.spell[taken], proofs.covers_from[taken], proofs.covers_to[taken]
    if proved is not None and proved.any():
        supposed = np.flatnonzero(proved)
        rest = ~proved[of]
        of = np.concatenate([of[rest], supposed])
        begins = np.concatenate([begins[rest], np.full(len(supposed), BEFORE_ALL)])
        ends = np.concatenate([ends[rest], np.full(len(supposed), NEVER)])
        order = np.argsort(of, kind="stable")
        of, begins, ends = of[order], begins[order], ends[order]
    # Furthest day covered so far, spell by spell: each spell's days lie beyond all days of the one before.
    shift = of * (4 * NEVER)
    furthest = np.maximum.accumulate(ends + shift) - shift
    opens = np.ones(len(of), bool)
    opens[1:] = (of[1:] != of[:-1]) | (begins[1:] > furthest[:-1] + 1)
    heads = np.flatnonzero(opens)
    tails = np.append(heads[1:], len(of))[: len(heads)] - 1
    of, begins, ends = of[heads], begins[heads], furthest[tails]
    # Where each spell's piece stands; its stretches are cut to it.
    place = np.full(len(columns.person), UNKNOWN)
    place[spell] = np.arange(len(spell))
    at = place[of]
    known = at != UNKNOWN
    of, at = of[known], at[known]
    begins, ends = np.maximum(begins[known], first[at]), np.minimum(ends[known], last[at])
    some = begins <= ends
    return of[some], begins[some], ends[some]


def within_years(pieces: Pieces, calendar_year: bool | int | None) -> Pieces:
    """The pieces cut at calendar years, or at the one year that counts, as if work had begun and ended there."""
    if not calendar_year:
        return pieces
    if calendar_year is True:
        begin, end = years(pieces.first), years(pieces.last)
        many = end - begin + 1
        parts = pieces[np.repeat(np.arange(len(pieces)), many)]
        nth = np.arange(len(parts)) - np.repeat(np.cumsum(many) - many, many)
        year = np.repeat(begin, many) + nth
    else:
        parts, year = pieces, np.full(len(pieces), int(calendar_year))
    first = np.maximum(parts.first, year_begins(year))
    last = np.minimum(parts.last, year_begins(year + 1) - 1)
    cut = Pieces(parts.person, first, last, year, parts.post, parts.income, parts.spell)
    return cut[first <= last]
