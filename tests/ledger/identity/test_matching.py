"""Who is meant by a number: now, formerly, under another code of the county, and outside of one's regions."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlmodel import Session
from stdnum.iso7064 import mod_11_2

from ledger.gazetteer import Gazetteer
from ledger.identity.matching import (
    elsewhere,
    find_people,
    find_recoded,
    keep_number,
    related_prefixes,
    same_name,
)
from ledger.people import NewWorker, register
from models.id_number import demo_id_number, read_id_number
from models.identity import NumberOrigin
from models.sealing import Keyring
from models.worker import Sex, Worker

ScopedSession = Callable[[str], Session]
NUMBERS = [demo_id_number(date(1970, 1, 2), 200_000 + at, Sex.MALE) for at in range(6)]
# A district that became part of another. Whoever was born in 1900 with sequence 997 is nobody's neighbour any more.
_FORMER = "110104"


def numbered(prefix: str, rest: str = "19000101997") -> str:
    return prefix + rest + mod_11_2.calc_check_digit(prefix + rest)


def person(
    session: Session, keyring: Keyring, number: str, name: str = "同号人", region: str = "610728"
) -> int:
    new = NewWorker(name=name, region=region, id_number=number)
    known = Gazetteer.national().ever_assigned
    return register(session, keyring, new, ever_assigned=known, demonstration=True).identity


def test_a_number_finds_its_person_however_it_was_written(
    session_as: ScopedSession, keyring: Keyring
) -> None:
    session = session_as("zhenba")
    ends_in_x = next(
        number
        for at in range(100)
        if (number := demo_id_number(date(1970, 1, 3), at, Sex.MALE)).endswith("X")
    )
    worker = person(session, keyring, ends_in_x)
    wide = ends_in_x.translate(str.maketrans("0123456789X", "０１２３４５６７８９ｘ"))
    for written in (ends_in_x.lower(), f" {ends_in_x[:6]} {ends_in_x[6:]}", wide, ends_in_x + "43"):
        number = read_id_number(written, ever_assigned=lambda _: True, demonstration=True).number
        assert find_people(session, keyring, [number]) == {ends_in_x: worker}


def test_fifteen_digits_are_the_same_number(session_as: ScopedSession, keyring: Keyring) -> None:
    session = session_as("zhenba")
    worker = person(session, keyring, NUMBERS[0])
    old = NUMBERS[0][:6] + NUMBERS[0][8:17]
    number = read_id_number(old, ever_assigned=lambda _: True, demonstration=True).number
    assert find_people(session, keyring, [number]) == {NUMBERS[0]: worker}


def test_a_number_kept_for_somebody_leads_to_them(session_as: ScopedSession, keyring: Keyring) -> None:
    session = session_as("zhenba")
    worker = person(session, keyring, NUMBERS[0])
    keep_number(session, keyring, worker, NUMBERS[1], NumberOrigin.MISTYPED)
    session.flush()
    assert find_people(session, keyring, NUMBERS) == {NUMBERS[0]: worker, NUMBERS[1]: worker}


def test_a_merged_record_leads_to_the_one_that_stays(session_as: ScopedSession, keyring: Keyring) -> None:
    session = session_as("zhenba")
    kept, merged = person(session, keyring, NUMBERS[0]), person(session, keyring, NUMBERS[1])
    keep_number(session, keyring, merged, NUMBERS[2], NumberOrigin.MISTYPED)
    session.get_one(Worker, merged).merged_into = kept
    session.flush()
    assert find_people(session, keyring, NUMBERS[:3]) == dict.fromkeys(NUMBERS[:3], kept)


def test_many_numbers_in_pieces(session_as: ScopedSession, keyring: Keyring) -> None:
    session = session_as("zhenba")
    worker = person(session, keyring, NUMBERS[3])
    many = [demo_id_number(date(1980, 1, 1), at, Sex.FEMALE) for at in range(12_000)]
    assert find_people(session, keyring, [*many, NUMBERS[3]]) == {NUMBERS[3]: worker}


def test_of_other_counties_only_that_there_is_somebody(session_as: ScopedSession, keyring: Keyring) -> None:
    there = session_as("yangxian")
    other = person(there, keyring, NUMBERS[0], region="610723")
    keep_number(there, keyring, other, NUMBERS[1], NumberOrigin.MISTYPED)
    there.flush()
    session = session_as("zhenba")
    mine = person(session, keyring, NUMBERS[2])
    assert find_people(session, keyring, NUMBERS) == {NUMBERS[2]: mine}
    assert elsewhere(session, keyring, NUMBERS) == set(NUMBERS[:2])
    assert elsewhere(session_as("hanzhong"), keyring, NUMBERS) == set()
    assert elsewhere(session_as("nobody"), keyring, NUMBERS) == set()


def test_codes_of_one_county() -> None:
    assert {_FORMER, "110102"} <= related_prefixes(_FORMER)
    assert related_prefixes("110102") == related_prefixes(_FORMER)
    assert related_prefixes("610728") >= {"610728"}
    assert "610723" not in related_prefixes("610728")
    assert related_prefixes("990100") == {"990100"}
    # 万州: the municipality of 1997 gave the county, its city and its three districts another province's digits.
    assert "512201" in related_prefixes("500101")


def test_another_code_of_the_county_and_the_same_name_is_the_same_person(
    session_as: ScopedSession, keyring: Keyring
) -> None:
    session = session_as("zhenba")
    worker = person(session, keyring, numbered(_FORMER), name="宣 武人")
    now = numbered("110102")
    assert find_people(session, keyring, [now]) == {}
    assert find_recoded(session, keyring, [(now, "宣武人")]) == {now: worker}


@pytest.mark.parametrize(
    ("number", "name"),
    [
        (numbered("110102"), "别人"),
        (numbered("110102", "19000102997"), "宣武人"),
        (numbered("110102", "19000101995"), "宣武人"),
        (numbered("110105"), "宣武人"),
    ],
)
def test_another_name_birth_sequence_or_county_is_somebody_else(
    session_as: ScopedSession, keyring: Keyring, number: str, name: str
) -> None:
    session = session_as("zhenba")
    person(session, keyring, numbered(_FORMER), name="宣武人")
    assert find_recoded(session, keyring, [(number, name)]) == {}


def test_two_who_fit_are_nobody(session_as: ScopedSession, keyring: Keyring) -> None:
    session = session_as("zhenba")
    # 万县市 and 万县 (both 万州 now) gave the same sequence to two of one name.
    one, other = sorted(related_prefixes("500101") - {"500101"})[:2]
    for prefix in (one, other):
        person(session, keyring, numbered(prefix), name="万州人")
    assert find_recoded(session, keyring, [(numbered("500101"), "万州人")]) == {}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("买买提·艾力", "买买提 • 艾力", True),
        ("张 三", "张三", True),
        ("张三", "张叁", False),
        ("ＡＢ", "ab", True),
    ],
)
def test_names_as_they_are_written(one: str, other: str, same: bool) -> None:
    assert same_name(one, other) is same
