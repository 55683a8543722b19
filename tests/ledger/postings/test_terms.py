"""Ages, dates, lodging, meals, insurance and shifts."""

from datetime import date

import pytest

from ledger.postings.ages import read_ages
from ledger.postings.dates import read_date, read_validity
from ledger.postings.terms import lodging, meals, shift, social_insurance
from models.vacancy import Shift


@pytest.mark.parametrize(
    ("text", "ages"),
    [
        ("年龄18-45周岁", (18, 45)),
        ("年龄：18---45周岁", (18, 45)),
        ("20岁—40岁", (20, 40)),
        ("年龄在18到38岁之间", (18, 38)),
        ("年龄\n18-35\n岁", (18, 35)),
        ("1.25-35岁，两年经验", (25, 35)),
        ("年龄18-35学历不限", (18, 35)),
        ("不超过35周岁", (None, 35)),
        ("55周岁以内", (None, 55)),
        ("男性，45岁以下", (None, 45)),
        ("年满18周岁", (18, None)),
        ("20周岁（含）以上", (20, None)),
        ("男23-30岁，女18-35岁", (18, 35)),
        ("年龄不限", (None, None)),
        ("40岁左右", (None, None)),
        ("有10-15年工作经验", (None, None)),
        ("18-25人的团队", (None, None)),
    ],
)
def test_ages(text: str, ages: tuple[int | None, int | None]) -> None:
    assert read_ages("普工", text) == ages


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2015-03-01", date(2015, 3, 1)),
        ("2015/3/1", date(2015, 3, 1)),
        ("2015年3月1日", date(2015, 3, 1)),
        ("2015-03-01T08:00:00", date(2015, 3, 1)),
        ("1970-01-01", None),
        ("2015-02-30", None),
        ("长期有效", None),
        ("", None),
    ],
)
def test_dates(text: str, day: date | None) -> None:
    assert read_date(text) == day


@pytest.mark.parametrize(
    ("posted", "deadline", "reason"),
    [
        ("2015-03-01", "2015-04-01", None),
        ("2015-03-01", "2015-03-01", None),
        ("2015-03-01", "1970-01-01", "不是有效的日期"),
        ("2015-03-01", "", "没有写截止日期"),
        ("2015-03-28", "2015-03-26", "早于发布日期"),
        ("2015-03-01", "2027-06-30", "长期有效"),
    ],
)
def test_validity(posted: str, deadline: str, reason: str | None) -> None:
    validity = read_validity(posted, deadline)
    assert (validity.valid_until is None) == (reason is not None)
    assert (validity.reason is None) if reason is None else (reason in (validity.reason or ""))


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("包吃住", (True, True)),
        ("提供食宿，五险", (True, True)),
        ("免费住宿", (True, None)),
        ("提供工作餐，住宿自理", (False, True)),
        ("无住宿", (False, None)),
        ("餐补300元", (None, None)),
        ("从事餐饮住宿行业软件销售", (None, None)),
    ],
)
def test_lodging_and_meals(text: str, offered: tuple[bool | None, bool | None]) -> None:
    assert (lodging(text), meals(text)) == offered


def test_social_insurance_and_shift() -> None:
    assert social_insurance("入职即缴五险") is True
    assert social_insurance("不交社保") is False
    assert social_insurance("待遇从优") is None
    assert shift("长白班，八小时") is Shift.DAY
    assert shift("12小时两班倒") is Shift.TWO
    assert shift("四班三运转") is Shift.THREE
    assert shift("白班或两班倒可选") is None
