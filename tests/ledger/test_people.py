"""Telephones as people write them, and names as they are sorted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.people import InvalidPhone, mask_phone, read_phone


@pytest.mark.parametrize(
    "typed",
    [
        "13987654321",
        "139 8765 4321",
        "139-8765-4321",
        "+86 139 8765 4321",
        "008613987654321",
        "１３９８７６５４３２１",
        " 13987654321\n",
    ],
)
def test_one_mobile_number_in_many_spellings(typed: str) -> None:
    assert read_phone(typed) == "+8613987654321"


def test_a_fixed_line_with_its_area() -> None:
    assert read_phone("0916-6712345") == "+869166712345"


@pytest.mark.parametrize(
    "typed", ["1398765432", "139876543210", "12345", "abc", "23987654321", "不是号码", "\0", "", "0" * 400]
)
def test_what_can_not_be_dialled(typed: str) -> None:
    with pytest.raises(InvalidPhone) as caught:
        read_phone(typed)
    assert "11位手机号" in str(caught.value)
    assert not typed or typed not in str(caught.value)


@given(tail=st.integers(0, 10**8 - 1))
def test_numbers_of_generated_people_ring_nowhere_and_are_taken(tail: int) -> None:
    assert read_phone(f"100{tail:08d}") == f"+86100{tail:08d}"


@given(text=st.text(max_size=60))
def test_any_text_is_a_number_or_a_refusal(text: str) -> None:
    try:
        number = read_phone(text)
    except InvalidPhone:
        return
    assert number.startswith("+")
    assert number[1:].isascii()
    assert number[1:].isdigit()
    assert read_phone(number) == number


@given(tail=st.integers(0, 10**8 - 1))
def test_a_mask_shows_the_first_three_and_the_last_four(tail: int) -> None:
    assert mask_phone(f"+86139{tail:08d}") == f"139****{tail % 10_000:04d}"


def test_a_number_that_is_no_telephone_shows_nothing_of_itself() -> None:
    assert mask_phone("+8610000000001") == "100****0001"
    assert {mask_phone(short) for short in ("", "12345", "1234567", "+861234567")} == {"****"}
