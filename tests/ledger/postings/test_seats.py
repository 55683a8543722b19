"""Numbers of seats, and what looks like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.postings.seats import MOST_SEATS, beyond_range, read_seats


@pytest.mark.parametrize(
    ("field", "seats"),
    [
        ("370人", 370),
        ("10 人", 10),
        ("10人人", 10),
        ("3名", 3),
        ("２０人", 20),
        ("20", 20),
        ("15-30人", 30),
        ("数名人", None),
        ("若干", None),
        ("不限人", None),
        ("人", None),
        ("0人", None),
        ("", None),
        ("99999999人", None),
        ("-5人", None),
        ("－5人", None),
    ],
)
def test_field(field: str, seats: int | None) -> None:
    assert read_seats(field) == seats


@pytest.mark.parametrize(
    ("title", "text", "seats"),
    [
        ("普工", "因扩产招聘20名普工", 20),
        ("普工", "招聘人数：15---30人", 30),
        ("普工", "现招\n20\n名", 20),
        ("缝纫工（50名）/组长（3名）", "", 53),
        ("车工", "1、车工 3名 薪资：4000-6000元\n2、保洁 2名 薪资：2000-2400元", 3),
        (
            "前厅主管/领班/收银员",
            "前厅主管（4名）薪资：4000元\n前厅领班（6名）薪资：3500元\n迎宾/收银员（6名）薪资：3000元\n保洁（9名）薪资：2600元",
            16,
        ),
        ("前厅主管/领班/面点师", "前厅主管（4名）薪资：4000元\n前厅领班（6名）薪资：3500元", None),
        ("普工", "公司现有员工200人，宿舍4人间", None),
        ("主管", "有带领20人团队的经验", None),
        ("普工", "若干名，待遇从优", None),
    ],
)
def test_title_and_text(title: str, text: str, seats: int | None) -> None:
    assert read_seats("若干", title, text) == seats


@pytest.mark.parametrize(
    ("field", "beyond"),
    [("0人", True), ("-5人", True), ("99999999人", True), ("5人", False), ("若干", False)],
)
def test_a_number_beyond_range_is_told_from_none(field: str, beyond: bool) -> None:
    assert beyond_range(field) is beyond


def test_the_field_wins() -> None:
    assert read_seats("5人", "普工", "招聘20名") == 5


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=60))
def test_seats_are_at_least_one(field: str, title: str, text: str) -> None:
    seats = read_seats(field, title, text)
    assert seats is None or 1 <= seats <= MOST_SEATS
