"""ID numbers: what is one, what it says, and that a fault never repeats it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.id_number import (
    IdNumberFault,
    InvalidIdNumber,
    demo_id_number,
    mask_id_number,
    read_id_number,
)
from models.worker import Sex

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
BIRTHS = st.dates(date(1900, 1, 1), date(2020, 12, 31))


def check(body: str) -> str:
    """The check character, by the standard's own table."""
    return "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11]


def a_number(birth: str = "19800315", order: str = "124", area: str = "610728") -> str:
    return area + birth + order + check(area + birth + order)


def read(text: str, **options: bool):
    return read_id_number(text, ever_assigned=lambda code: code == "610728", **options)


def fault_of(text: str, **options: bool) -> IdNumberFault:
    with pytest.raises(InvalidIdNumber) as caught:
        read(text, **options)
    assert text not in str(caught.value)
    return caught.value.fault


@given(birth=BIRTHS, order=st.integers(0, 999))
def test_a_right_number_says_birth_and_sex(birth: date, order: int) -> None:
    number = a_number(f"{birth:%Y%m%d}", f"{order:03d}")
    told = read(number)
    assert told.number == number
    assert told.birth_date == birth
    assert told.sex is (Sex.MALE if order % 2 else Sex.FEMALE)
    assert not told.is_demo
    assert not told.was_old


@given(at=st.integers(0, 17), other=st.sampled_from("0123456789X"))
def test_one_wrong_character_is_never_taken(at: int, other: str) -> None:
    number = a_number()
    wrong = number[:at] + other + number[at + 1 :]
    if wrong != number:
        with pytest.raises(InvalidIdNumber):
            read(wrong)


@given(at=st.integers(0, 16))
def test_two_exchanged_neighbours_are_noticed(at: int) -> None:
    number = a_number()
    wrong = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    if wrong != number:
        with pytest.raises(InvalidIdNumber):
            read(wrong)


@given(birth=st.dates(date(1910, 1, 1), date(1999, 12, 31)), order=st.integers(0, 999))
def test_fifteen_digits_become_eighteen(birth: date, order: int) -> None:
    told = read(f"610728{birth:%y%m%d}{order:03d}")
    assert told.was_old
    assert told.number == a_number(f"{birth:%Y%m%d}", f"{order:03d}")
    assert told == read(told.number) or told.was_old


@pytest.mark.parametrize("suffix", ["44", "4401"])
def test_a_disability_suffix_is_kept_apart(suffix: str) -> None:
    told = read(a_number() + suffix)
    assert told.number == a_number()
    assert told.disability_suffix == suffix


@pytest.mark.parametrize("suffix", ["4", "440", "44011", "4X", "X1"])
def test_other_suffixes_are_not_numbers(suffix: str) -> None:
    assert fault_of(a_number() + suffix) is IdNumberFault.FORMAT


def test_small_and_large_x_are_the_same_number() -> None:
    order = next(f"{n:03d}" for n in range(1000) if check("61072819800315" + f"{n:03d}") == "X")
    number = a_number(order=order)
    assert number.endswith("X")
    assert read(number.lower()) == read(number)


@pytest.mark.parametrize("typed", [" {} ", "{}\n", "\t{}", "\u3000{}"])
def test_white_space_around_does_not_matter(typed: str) -> None:
    assert read(typed.format(a_number())).number == a_number()


def test_spaces_and_hyphens_inside_do_not_matter() -> None:
    number = a_number()
    assert read(f"{number[:6]} {number[6:14]}-{number[14:]}").number == number


def test_full_width_digits_are_the_same_number() -> None:
    wide = a_number().translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)} | {ord("X"): "Ｘ"})
    assert read(wide).number == a_number()


@pytest.mark.parametrize("digits", ["٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९"])
def test_digits_of_other_scripts_are_no_number(digits: str) -> None:
    other = a_number().translate({ord(str(n)): digits[n] for n in range(10)})
    assert fault_of(other) is IdNumberFault.FORMAT


@pytest.mark.parametrize("text", ["", "X", "0" * 17, "1" * 400, "\0" * 18, "身份证号码", "²" * 18, "😀" * 18])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(InvalidIdNumber) as caught:
        read(text)
    assert caught.value.fault is IdNumberFault.FORMAT


@pytest.mark.parametrize("birth", ["19800230", "20211301", "00000101", "18991231", "19800015"])
def test_a_birth_date_that_does_not_exist(birth: str) -> None:
    assert fault_of(a_number(birth)) is IdNumberFault.BIRTH_DATE


def test_an_area_that_was_never_assigned() -> None:
    assert fault_of(a_number(area="619999")) is IdNumberFault.REGION


@given(birth=BIRTHS, sequence=st.integers(0, 494_999), sex=st.sampled_from(Sex))
def test_demo_numbers_only_in_demonstration_mode(birth: date, sequence: int, sex: Sex) -> None:
    number = demo_id_number(birth, sequence, sex)
    assert fault_of(number) is IdNumberFault.DEMO_ONLY
    told = read(number, demonstration=True)
    assert (told.birth_date, told.sex, told.is_demo) == (birth, sex, True)


def test_demo_numbers_of_one_birth_date_differ() -> None:
    drawn = [demo_id_number(date(1980, 1, 1), n, sex) for n in range(1500) for sex in Sex]
    assert len(set(drawn)) == len(drawn)


@given(birth=BIRTHS, order=st.integers(0, 999))
def test_a_mask_shows_the_area_alone(birth: date, order: int) -> None:
    masked = mask_id_number(a_number(f"{birth:%Y%m%d}", f"{order:03d}"))
    assert masked == "610728************"
