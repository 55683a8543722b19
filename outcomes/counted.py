"""Which days of a person's spells count under a rule, cut into pieces of one employer and one income."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from models.age import LEGAL_WORKING_AGE, birthday
from models.coded import Coded
from outcomes.rules import EmployerScope, StabilityRule
from outcomes.spells import Spell, verified, worked


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
    if rule.regions is not None and not any(lies_in(spell.region, region) for region in rule.regions):
        return Refusal.REGION
    if rule.arrangement is not None and spell.arrangement is not rule.arrangement:
        return Refusal.ARRANGEMENT
    if rule.min_contract_months is not None and (spell.contract_months or 0) < rule.min_contract_months:
        return Refusal.CONTRACT
    return None


def lies_in(region: str | None, whole: str) -> bool:
    """Whether a region code lies in another of any level; `610000` and `610100` are read as `61` and `6101`."""
    return region is not None and _bare(region).startswith(_bare(whole))


def _bare(code: str) -> str:
    while len(code) in (4, 6) and code.endswith("00"):
        code = code[:-2]
    return code


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
    for number, spell in enumerate(spells):
        span = worked(spell, as_of)
        refused = refusal(rule, spell) if span else Refusal.NOT_BEGUN
        if span and span[1] < of_age:
            refused = refused or Refusal.AGE
        if span is None or refused:
            refusals.add(refused or Refusal.NOT_BEGUN)
            continue
        # An unknown employer can't be shown to be the same as any other: each such spell stands alone.
        post = ("unknown", number) if spell.employer is None else ("employer", spell.employer)
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
