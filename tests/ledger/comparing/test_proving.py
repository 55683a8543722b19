"""Paid months beside spells: what they prove, what they do not, and that nothing is proved twice."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ledger.comparing.proving import Paid, Stretch, covered, lacking, match

FIRM, OTHER = frozenset({"甲厂"}), frozenset({"乙厂"})
JAN, FEB, MAR, APR = (date(2021, month, 1) for month in (1, 2, 3, 4))
UNTIL = date(2021, 9, 20)


def stretch(**told: object) -> Stretch:
    return Stretch(**({"spell_id": 1, "worker_id": 7, "firms": FIRM, "first": date(2021, 1, 11)} | told))  # type: ignore[arg-type]


def test_paid_months_fall_into_the_spell_of_that_employer() -> None:
    made = match([Paid(1, 7, FIRM, (JAN,)), Paid(2, 7, FIRM, (FEB, MAR))], [stretch()])
    [found] = made.matches
    assert found.lines == [1, 2]
    assert found.inside == {1: {JAN, FEB, MAR}}
    assert found.outside == set()
    assert made.unpaid == []


def test_a_credit_code_names_the_employer_as_well_as_the_name() -> None:
    spell = stretch(firms=frozenset({"甲厂", "91320612TEST"}))
    made = match([Paid(1, 7, frozenset({"别名", "91320612TEST"}), (FEB,))], [spell])
    assert made.matches[0].inside == {1: {FEB}}


def test_months_after_the_end_or_at_another_employer_are_outside() -> None:
    spell = stretch(last=date(2021, 2, 10))
    made = match([Paid(1, 7, FIRM, (JAN, FEB, MAR)), Paid(2, 7, OTHER, (FEB,))], [spell])
    first, second = made.matches
    assert (first.inside, first.outside) == ({1: {JAN, FEB}}, {MAR})
    assert (dict(second.inside), second.outside) == ({}, {FEB})


def test_who_works_for_a_paying_employer_and_is_not_paid_is_told() -> None:
    paid = [Paid(1, 7, FIRM, (MAR, APR))]
    absent = stretch(spell_id=2, worker_id=8)
    over_before = stretch(spell_id=3, worker_id=9, last=date(2021, 2, 28))
    elsewhere = stretch(spell_id=4, worker_id=10, firms=OTHER)
    made = match(paid, [stretch(), absent, over_before, elsewhere])
    assert made.unpaid == [absent]


def test_somebody_whom_nobody_knows_stands_alone() -> None:
    made = match([Paid(1, None, FIRM, (JAN,)), Paid(2, None, FIRM, (JAN,))], [stretch()])
    assert [each.lines for each in made.matches] == [[1], [2]]
    assert all(each.outside == {JAN} for each in made.matches)


def test_cover_is_cut_at_the_spell_and_joined_where_months_meet() -> None:
    spell = stretch(last=date(2021, 4, 9))
    assert covered([MAR, JAN, FEB], spell, UNTIL) == [(date(2021, 1, 11), date(2021, 3, 31))]
    assert covered([JAN, MAR, APR], spell, UNTIL) == [
        (date(2021, 1, 11), date(2021, 1, 31)),
        (date(2021, 3, 1), date(2021, 4, 9)),
    ]
    assert covered([date(2021, 9, 1), date(2021, 10, 1)], stretch(), UNTIL) == [(date(2021, 9, 1), UNTIL)]


def test_the_same_list_again_brings_nothing() -> None:
    spans = covered([JAN, FEB], stretch(), UNTIL)
    assert lacking(spans, spans) == []
    assert lacking(spans, []) == spans
    assert lacking([(JAN, date(2021, 4, 30))], [(FEB, date(2021, 2, 28))]) == [
        (JAN, date(2021, 1, 31)),
        (MAR, date(2021, 4, 30)),
    ]


_DAYS = st.integers(0, 60)
_SPANS = st.lists(st.tuples(_DAYS, st.integers(0, 15)), max_size=5)


@given(_SPANS, _SPANS)
def test_what_lacks_is_exactly_what_is_not_covered(
    new: list[tuple[int, int]], old: list[tuple[int, int]]
) -> None:
    def days(spans: list[tuple[date, date]]) -> set[date]:
        return {first + timedelta(step) for first, last in spans for step in range((last - first).days + 1)}

    spans = [(JAN + timedelta(at), JAN + timedelta(at + long)) for at, long in new]
    before = [(JAN + timedelta(at), JAN + timedelta(at + long)) for at, long in old]
    assert days(lacking(spans, before)) == days(spans) - days(before)
