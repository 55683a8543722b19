"""Many people at once say what each says alone, and what the definition says piece by piece."""

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from outcomes.columns import columns_of
from outcomes.overlaps import overlapping
from outcomes.rules import StabilityRule
from outcomes.spells import Spell
from outcomes.stability import StabilityResult, evaluate_all

from . import piece_by_piece
from .drawn import as_ofs, births, histories, rules

people = st.lists(st.tuples(histories(named=False), births), min_size=1, max_size=6)


def keyed(drawn: list[tuple[list[Spell], date | None]]) -> list[tuple[list[Spell], date | None]]:
    return [
        ([replace(spell, key=(person, at)) for at, spell in enumerate(spells)], birth)
        for person, (spells, birth) in enumerate(drawn)
    ]


def all_at_once(
    drawn: list[tuple[list[Spell], date | None]], rule: StabilityRule, as_of: date
) -> list[list[StabilityResult]]:
    found: list[list[StabilityResult]] = [[] for _ in drawn]
    outcomes = evaluate_all(columns_of(drawn), rule, as_of=as_of)
    for person, result in outcomes.results():
        found[person].append(result)
    assert [result.reason for results in found for result in results] == list(outcomes.reasons())
    return found


@settings(max_examples=250, deadline=None)
@given(people, rules(), as_ofs)
def test_columns_say_what_the_definition_says(
    drawn: list[tuple[list[Spell], date | None]], given_rule: dict[str, Any], as_of: date
) -> None:
    rule, drawn = StabilityRule.from_dict(given_rule), keyed(drawn)
    assert all_at_once(drawn, rule, as_of) == [
        piece_by_piece.evaluate(spells, rule, as_of=as_of, birth_date=birth) for spells, birth in drawn
    ]


@settings(max_examples=100, deadline=None)
@given(people)
def test_no_two_spells_that_are_kept_share_a_day(drawn: list[tuple[list[Spell], date | None]]) -> None:
    together = [spell for spells, _ in drawn for spell in spells]
    kept, rejected = piece_by_piece.without_overlaps(together)
    columns = columns_of([(together, None)])
    ordered = sorted(together, key=lambda spell: spell.first_day)
    found = overlapping(columns)
    assert [spell for spell, out in zip(ordered, found, strict=True) if not out] == kept
    assert [spell for spell, out in zip(ordered, found, strict=True) if out] == rejected
