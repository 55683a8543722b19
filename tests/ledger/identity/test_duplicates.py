"""Who may be one person: the name, the birth date, the village, and how near the numbers are."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, col, select
from stdnum.iso7064 import mod_11_2

from ledger.identity.duplicates import (
    Told,
    keep_for_import,
    keep_for_worker,
    possible,
    search,
    waiting_for,
)
from ledger.identity.likeness import near, plain_number, same_village
from models.id_number import demo_id_number
from models.identity import Likeness, PossibleDuplicate, Verdict
from models.intake import Import
from models.sealing import Keyring
from models.worker import Sex, Worker

BIRTH = date(1971, 2, 3)
NUMBER = demo_id_number(BIRTH, 320_000, Sex.MALE)
# Another sequence and its check character: two characters differ, both numbers are valid.
SLIP = next(
    number
    for at in range(10)
    if (number := NUMBER[:16] + str(at) + mod_11_2.calc_check_digit(NUMBER[:16] + str(at))) != NUMBER
)
FAR = demo_id_number(BIRTH, 320_444, Sex.FEMALE)
Scoped = Callable[[str], Session]
Enter = Callable[..., Worker]


def told(number: str, key: int = 1, **facts: object) -> Told:
    return Told(
        **{
            "key": key,
            "name": "台账人",
            "village": "东风村",
            "birth": BIRTH,
            "number": number,
            "region": "610728",
        }
        | facts  # type: ignore[arg-type]
    )


def exchanged(number: str, at: int) -> str:
    return number[:at] + number[at + 1] + number[at] + number[at + 2 :]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (NUMBER, NUMBER, False),
        (NUMBER, SLIP, True),
        (NUMBER, FAR, False),
        (NUMBER, NUMBER[:-1], True),
        (NUMBER, NUMBER[:-2], True),
        (NUMBER, NUMBER[:-3], False),
        (NUMBER, NUMBER + "1", True),
        (NUMBER, exchanged(NUMBER, 9), True),
        ("123456", "213465", True),
        ("123456", "214365", False),
        ("11010419000101997X", "110102190001019970", True),
        ("110104190001019970", "610728190001019970", False),
    ],
)
def test_two_slips_and_no_more(one: str, other: str, expected: bool) -> None:
    assert near(one, other) is expected
    assert near(other, one) is expected


@given(
    text=st.text("0123456789X", min_size=15, max_size=20),
    at=st.integers(0, 14),
    letter=st.sampled_from("0123456789X"),
)
def test_one_character_changed_is_near(text: str, at: int, letter: str) -> None:
    changed = text[:at] + letter + text[at + 1 :]
    assert near(text, changed) is (changed != text)


def test_numbers_are_compared_without_what_does_not_count() -> None:
    assert plain_number(" 9901 00-19710203 001x ") == "99010019710203001X"
    assert plain_number("９９０１００１９７１０２０３００１ｘ44") == "99010019710203001X"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("610728001", "东风村"), ("610728", "东风村委会"), True),
        (("610728001", "东风村"), ("610728001", "红旗村"), False),
        (("610728001", "东风村"), ("610728101", "东风村"), False),
        (("610728001", "东风村"), ("610728001", None), True),
        (("610728001001", None), ("610728001002", None), False),
        (("610728", None), ("610723", None), False),
    ],
)
def test_villages(one: tuple[str, str | None], other: tuple[str, str | None], same: bool) -> None:
    assert same_village(one, other) is same


@pytest.mark.parametrize(
    ("row", "likeness"),
    [
        (told(SLIP), Likeness.NUMBER_SLIP),
        (told(SLIP, village=None), Likeness.NUMBER_SLIP),
        (told(""), Likeness.NO_NUMBER),
        (told(exchanged(NUMBER, 9)), Likeness.BAD_NUMBER),
        (told(exchanged(NUMBER, 9), birth=None), Likeness.BAD_NUMBER),
        (told(NUMBER[:-1], birth=None), Likeness.BAD_NUMBER),
        (told(FAR), None),
        (told("", birth=None), None),
        (told("", birth=date(1971, 2, 4)), None),
        (told("", name="台账仁"), None),
        (told("", village="红旗村"), None),
        (told(SLIP, region="610728101"), None),
        (told("123"), None),
    ],
)
def test_whom_a_line_may_mean(
    session_as: Scoped, keyring: Keyring, enter: Enter, row: Told, likeness: Likeness | None
) -> None:
    session = session_as("zhenba")
    worker = enter(session, id_number=NUMBER, village="东风村")
    found = possible(session, keyring, [row])
    assert [(each.worker_id, each.likeness) for each in found] == (
        [(worker.identity, likeness)] if likeness else []
    )
    assert possible(session, keyring, [row], without={worker.identity}) == []


def test_merged_restricted_and_people_of_elsewhere_are_nobodys_twins(
    session_as: Scoped, keyring: Keyring, enter: Enter
) -> None:
    there = session_as("yangxian")
    enter(there, id_number=NUMBER, region="610723")
    session = session_as("zhenba")
    kept = enter(session)
    merged, restricted = enter(session, id_number=SLIP), enter(session)
    merged.merged_into, restricted.restricted = kept.identity, True
    session.flush()
    found = possible(session, keyring, [told("", region="61")])
    assert [each.worker_id for each in found] == [kept.identity]


def test_a_line_is_laid_beside_a_person_once(session_as: Scoped, keyring: Keyring, enter: Enter) -> None:
    session = session_as("zhenba")
    worker = enter(session, id_number=NUMBER, village="东风村")
    row = Import(file_name="a.xlsx", file_sha256="0", region="610728", as_of=date(2021, 9, 20))
    session.add(row)
    session.flush()
    found = possible(session, keyring, [told(SLIP, key=7), told("", key=9)])
    assert keep_for_import(session, row.identity, found) == 2
    assert keep_for_import(session, row.identity, found) == 0
    pairs = session.exec(select(PossibleDuplicate).order_by(col(PossibleDuplicate.import_line))).all()
    assert [(pair.worker_id, pair.import_line, pair.likeness) for pair in pairs] == [
        (worker.identity, 7, Likeness.NUMBER_SLIP),
        (worker.identity, 9, Likeness.NO_NUMBER),
    ]


def test_a_person_is_laid_beside_the_elder_record(session_as: Scoped, keyring: Keyring, enter: Enter) -> None:
    session = session_as("zhenba")
    elder, younger = enter(session, id_number=NUMBER), enter(session, id_number=SLIP)
    [pair] = keep_for_worker(session, keyring, younger)
    assert (pair.worker_id, pair.other_id) == (elder.identity, younger.identity)
    assert keep_for_worker(session, keyring, elder) == [pair]


def test_a_search_finds_each_pair_once_and_asks_nothing_twice(
    session_as: Scoped, keyring: Keyring, enter: Enter
) -> None:
    session = session_as("zhenba")
    elder, younger = enter(session, id_number=NUMBER), enter(session, id_number=SLIP)
    nameless = enter(session, id_number=None, birth_date=BIRTH)
    enter(session, id_number=FAR)
    enter(session, id_number=None, birth_date=BIRTH, region="610728101")
    *_, last = search(session, keyring, "610728")
    assert last[2] == 3 + 1
    pairs = {(pair.worker_id, pair.other_id) for pair in waiting_for(session, younger.identity)}
    assert pairs == {(elder.identity, younger.identity), (younger.identity, nameless.identity)}
    for pair in waiting_for(session, elder.identity):
        pair.verdict, pair.decided_at = Verdict.DIFFERENT, pair.created_at
    session.flush()
    *_, again = search(session, keyring, "610728")
    assert again[2] == 0
    assert [row[2] for row in search(session, keyring, "610728101")] in ([], [0])
