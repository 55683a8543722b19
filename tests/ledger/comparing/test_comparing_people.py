"""Two ledgers side by side: who is where, what differs, what is only spelt otherwise. Pure."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.comparing.differing import differing, nearest
from ledger.comparing.pairing import Comparison, Found, Ours, Theirs, compare
from ledger.comparing.populations import expected
from ledger.comparing.values import plain_pairs, value_of, words_of
from ledger.records.reported import ALL_FIELDS, Reported
from models.education import Education
from models.intake import ImportKind, Standing
from models.spell import Precision
from models.worker import LabourCapability

BORN = date(1985, 3, 15)
NUMBER = "990100198503151234"


def ours(**told: Any) -> Reported:
    return Reported(1, "镇", ALL_FIELDS, **({"name": "测试甲", "id_number": NUMBER} | told))


def theirs(**told: Any) -> Reported:
    full = {"name": "测试甲", "id_number": NUMBER} | told
    return Reported(4, "表", frozenset(full) - {"precision"}, **full)


def everybody(_: Ours) -> bool:
    return True


def standings(made: Comparison, standing: Standing) -> list[Found]:
    return [each for each in made.found if each.standing is standing]


@pytest.mark.parametrize(
    ("field", "here", "there"),
    [
        ("employer", "南通测试有限公司", "南通测试有限责任公司"),
        ("employer", "南通测试（集团）有限公司", "南通测试(集团) 有限公司"),
        ("employer", "ＡＢＣ制衣厂", "abc制衣厂"),
        ("name", "买买提·艾力", "买买提 • 艾力"),
        ("industry", "制造业", "C 制造业"),
        ("phone", "10000000001", "100 0000 0001"),
        ("id_number", NUMBER, NUMBER + "43"),
        ("income", Decimal("4500"), Decimal("4500.00")),
        ("started", date(2021, 3, 8), date(2021, 3, 1)),
        ("region", "320612", "3206"),
        ("health", ("健康", "慢性病"), ("慢性病", "健康")),
        ("destitute", None, False),
        ("risk_cleared", None, False),
    ],
)
def test_what_is_only_written_otherwise_is_no_difference(field: str, here: Any, there: Any) -> None:
    assert differing(ours(**{field: here}), theirs(**{field: there})) == {}


@pytest.mark.parametrize(
    ("field", "here", "there"),
    [
        ("employer", "南通测试有限公司", "南通测验有限公司"),
        ("name", "测试甲", "测试乙"),
        ("phone", "10000000001", "10000000002"),
        ("id_number", NUMBER, "990100198503151242"),
        ("started", date(2021, 3, 8), date(2021, 4, 1)),
        ("region", "3206", "320612"),
        ("income", None, Decimal("4500")),
        ("education", Education.JUNIOR_HIGH, Education.SENIOR_HIGH),
        ("working", False, True),
    ],
)
def test_what_is_told_otherwise_is_a_difference_with_both_values(field: str, here: Any, there: Any) -> None:
    assert differing(ours(**{field: here}), theirs(**{field: there})) == {field: (here, there)}


def test_days_count_where_both_know_them() -> None:
    here = ours(started=date(2021, 3, 8), precision=Precision.DAY)
    there = theirs(started=date(2021, 3, 9), precision=Precision.DAY)
    assert "started" in differing(here, there)


def test_what_the_other_list_left_blank_or_did_not_ask_is_no_difference() -> None:
    assert differing(ours(education=Education.BACHELOR), theirs(education=None)) == {}
    assert differing(ours(education=Education.BACHELOR), theirs()) == {}


def test_a_row_is_held_against_the_same_stretch_of_work() -> None:
    spring = ours(started=date(2021, 3, 1), ended=date(2021, 5, 1), employer="甲厂")
    autumn = ours(started=date(2021, 8, 1), employer="乙厂", working=True)
    told = theirs(started=date(2021, 3, 1), employer="丙厂")
    assert nearest((autumn, spring), told) is spring
    # Without the same month the stretch that goes on is meant by who is said to be at work.
    assert nearest((spring, autumn), theirs(started=date(2021, 9, 1), working=True)) is autumn


def test_each_stands_where_it_belongs() -> None:
    rows = [
        Theirs(1, theirs(), key=1),
        Theirs(2, theirs(name="测试乙"), key=2),
        Theirs(3, theirs(name="外人"), key=None),
    ]
    people = [Ours(number, (ours(),), worker_id=number) for number in (1, 2, 3)]
    made = compare(people, rows, everybody)
    assert (made.theirs, made.agreeing) == (3, 1)
    assert standings(made, Standing.ONLY_HERE) == [Found(Standing.ONLY_HERE, None, 3)]
    assert standings(made, Standing.ONLY_THERE) == [Found(Standing.ONLY_THERE, 3)]
    [differs] = standings(made, Standing.DIFFERS)
    assert (differs.line, differs.worker_id) == (2, 2)
    assert differs.differences == {"name": ("测试甲", "测试乙")}


def test_a_number_that_nobody_has_is_looked_for_by_name_and_birth_date() -> None:
    other = "990100198503151242"
    rows = [Theirs(1, theirs(id_number=other), key=None, birth_date=BORN)]
    one = Ours(1, (ours(),), worker_id=1, birth_date=BORN)
    made = compare([one], rows, everybody)
    [differs] = made.found
    assert (differs.standing, differs.worker_id) == (Standing.DIFFERS, 1)
    assert differs.differences == {"id_number": (NUMBER, other)}
    # Of two who might be meant none is.
    made = compare([one, Ours(2, (ours(),), worker_id=2, birth_date=BORN)], rows, everybody)
    assert [each.standing for each in made.found] == [
        Standing.ONLY_HERE,
        Standing.ONLY_HERE,
        Standing.ONLY_THERE,
    ]
    # Who is in the list under their own number is no namesake.
    made = compare([one], [*rows, Theirs(2, theirs(), key=1)], everybody)
    assert [each.standing for each in made.found] == [Standing.ONLY_THERE]


def test_several_rows_of_one_person_tell_a_personal_field_once_and_work_each() -> None:
    spring = ours(started=date(2021, 3, 1), income=Decimal(4000))
    autumn = ours(started=date(2021, 8, 1), income=Decimal(4000))
    rows = [
        Theirs(1, theirs(started=date(2021, 3, 1), income=Decimal(5000), phone="10000000009"), key=1),
        Theirs(2, theirs(started=date(2021, 8, 1), income=Decimal(6000), phone="10000000009"), key=1),
    ]
    made = compare([Ours(1, (spring, autumn), worker_id=1)], rows, everybody)
    assert [sorted(each.differences) for each in made.found] == [["income", "phone"], ["income"]]
    assert (made.theirs, made.agreeing) == (1, 0)


@given(st.sets(st.integers(0, 30)), st.sets(st.integers(0, 30)))
def test_nobody_is_lost_and_nobody_stands_twice(here: set[int], there: set[int]) -> None:
    rows = [
        Theirs(
            number,
            theirs(name="外人" if number not in here else "测试甲"),
            key=number if number in here else None,
        )
        for number in sorted(there)
    ]
    people = [Ours(number, (ours(),), worker_id=number) for number in sorted(here)]
    made = compare(people, rows, everybody)
    assert {each.worker_id for each in standings(made, Standing.ONLY_HERE)} == here - there
    assert {each.line for each in standings(made, Standing.ONLY_THERE)} == there - here
    assert made.agreeing == len(here & there)
    assert made.theirs == len(there)


@pytest.mark.parametrize(
    ("kind", "record", "wanted"),
    [
        (ImportKind.AWAY, {"working": True}, True),
        (ImportKind.AWAY, {"working": False}, False),
        (ImportKind.PLANNED, {"plans": True}, True),
        (ImportKind.PLANNED, {}, False),
        (ImportKind.MONITORED, {"monitored_kind": "边缘易致贫户", "risk_cleared": False}, True),
        (ImportKind.MONITORED, {"monitored_kind": "边缘易致贫户", "risk_cleared": True}, False),
        (ImportKind.MONITORED, {}, False),
        (ImportKind.ROSTER, {"capability": LabourCapability.ORDINARY}, True),
        (ImportKind.ROSTER, {"capability": LabourCapability.NONE}, False),
        (ImportKind.ROSTER, {"student": True}, False),
        (ImportKind.HOUSEHOLD, {}, True),
    ],
)
def test_who_ought_to_be_in_a_list(kind: ImportKind, record: dict[str, Any], wanted: bool) -> None:
    at_home = [Theirs(1, theirs(working=False))]
    person = Ours(1, (ours(**record),), worker_id=1, birth_date=BORN)
    assert expected(kind, at_home, date(2021, 9, 20))(person) is wanted


def test_a_roster_of_those_away_misses_nobody_who_is_at_home() -> None:
    away = [Theirs(1, theirs(working=True))]
    rule = expected(ImportKind.ROSTER, away, date(2021, 9, 20))
    assert rule(Ours(1, (ours(working=True),)))
    assert not rule(Ours(1, (ours(working=False),)))


def test_values_come_back_as_what_they_were() -> None:
    pairs = {
        "education": (None, Education.BACHELOR),
        "started": (date(2021, 3, 8), date(2021, 4, 1)),
        "income": (Decimal("4500.5"), Decimal(3)),
        "health": ((), ("健康",)),
        "speaks_mandarin": (True, False),
    }
    plain = plain_pairs(pairs)
    for field, (here, there) in pairs.items():
        assert value_of(field, plain[field][0]) == here
        assert value_of(field, plain[field][1]) == there
    assert words_of("education", "bachelor") == "本科"
    assert words_of("started", "2021-03-08") == "2021年03月08日"
    assert words_of("region", "320612") == "江苏省南通市通州区"
    assert words_of("speaks_mandarin", False) == "否"
    assert words_of("income", None) == ""


def test_work_that_one_side_alone_has_is_told_though_both_have_the_person() -> None:
    spring = ours(started=date(2021, 3, 1), ended=date(2021, 5, 1), employer="甲厂", working=False)
    autumn = ours(started=date(2021, 8, 1), employer="乙厂", working=True)
    rows = [
        Theirs(1, theirs(started=date(2021, 3, 1), ended=date(2021, 5, 1), employer="甲厂"), key=1),
        Theirs(2, theirs(started=date(2021, 1, 1), ended=date(2021, 2, 1), employer="丙厂"), key=1),
    ]
    made = compare([Ours(1, (spring, autumn), worker_id=1)], rows, everybody)
    [here], [there] = standings(made, Standing.ONLY_HERE), standings(made, Standing.ONLY_THERE)
    assert (here.worker_id, here.line, here.differences["employer"]) == (1, None, ("乙厂", None))
    assert (there.worker_id, there.line, there.differences["employer"]) == (1, 2, (None, "丙厂"))
    assert (made.theirs, made.agreeing) == (1, 0)


def test_whom_somebody_said_to_be_two_people_are_two() -> None:
    rows = [Theirs(1, theirs(id_number="990100198503151242"), key=None, birth_date=BORN)]
    one = Ours(7, (ours(),), worker_id=7, birth_date=BORN)
    made = compare([one], rows, everybody, {(1, 7)})
    assert [each.standing for each in made.found] == [Standing.ONLY_HERE, Standing.ONLY_THERE]
