"""Rows of posts, of proofs and of the exchange folder."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest

from ledger.forms import (
    Cell,
    Form,
    Layout,
    Parsed,
    form_named,
    paid_months,
    posting_of,
    read_row,
    recognise,
    reported_of,
    texts_of,
)
from ledger.gazetteer import Gazetteer
from ledger.postings.reading import Posting
from models.education import Education
from models.spell import Precision
from models.vacancy import Shift
from models.worker import Sex

NUMBER = "990100198001010015"


def layout_of(*headings: str) -> tuple[Form, Layout]:
    layout = recognise("Sheet1", [(1, headings)])
    assert layout.form is not None
    return layout.form, layout


def row(headings: Sequence[str], cells: Sequence[Cell]) -> Parsed:
    form, layout = layout_of(*headings)
    return read_row(form, layout, 2, cells)


def complained(parsed: Parsed) -> set[str]:
    return {complaint.column for complaint in parsed.complaints}


POST = [
    "单位名称",
    "岗位名称",
    "招聘人数",
    "工资",
    "工作地点",
    "学历",
    "年龄",
    "食宿",
    "有效期",
    "发布日期",
    "职责",
    "班次",
    "社保",
]


def test_an_employers_list_is_values_and_a_posting() -> None:
    form, layout = layout_of(*POST)
    cells: list[Cell] = [
        "南通测试纺织有限公司", "缝纫工", 20.0, "4500-6000元/月", "江苏省南通市通州区", "初中以上", "18-55", "包吃包住", "2026年3月31日",
        date(2026, 1, 5), "操作平缝机缝制衬衫，负责质量检查", "两班倒", "是",
    ]  # fmt: skip
    parsed = read_row(form, layout, 2, cells)
    assert parsed.complaints == ()
    assert parsed.values["seats"] == 20
    assert parsed.values["pay"] == (4500, 6000)
    assert parsed.values["ages"] == (18, 55)
    assert parsed.values["keep"] == (True, True)
    assert (parsed.values["valid_until"], parsed.values["shift"]) == (date(2026, 3, 31), Shift.TWO)
    posting = posting_of(2, texts_of(layout, cells), gazetteer=Gazetteer.national())
    assert isinstance(posting, Posting)
    assert (posting.pay_min, posting.pay_max, posting.seats, posting.region) == (4500, 6000, 20, "320612")
    assert posting.schooling.minimum is Education.JUNIOR_HIGH
    assert (posting.min_age, posting.max_age) == (18, 55)
    assert (posting.lodging, posting.meals, posting.social_insurance, posting.shift) == (
        True,
        True,
        True,
        Shift.TWO,
    )
    assert (posting.posted_on, posting.valid_until) == (date(2026, 1, 5), date(2026, 3, 31))
    assert posting.unlawful == () == posting.unknowns


def test_what_a_post_leaves_open_is_said_and_an_unlawful_wish_found() -> None:
    form, layout = layout_of(*POST, "性别要求")
    cells = [
        "测试公司",
        "普工",
        "若干",
        "面议",
        "南通",
        "不限",
        "不限",
        "",
        "长期有效",
        "",
        "限女性，仅招本地户籍",
        "",
        "",
        "女",
    ]
    parsed = read_row(form, layout, 2, cells)
    assert complained(parsed) == {"招聘人数", "工资", "有效期"}
    assert not parsed.refused
    posting = posting_of(2, texts_of(layout, cells), gazetteer=Gazetteer.national())
    assert isinstance(posting, Posting)
    assert {finding.ground.value for finding in posting.unlawful} == {"sex", "hukou_region"}
    assert posting.seats is None


@pytest.mark.parametrize(
    ("headings", "cells", "months"),
    [
        (["缴费起始月份", "缴费终止月份"], ["202411", "2025年01月"], ["2024-11", "2024-12", "2025-01"]),
        (["缴费起始月份", "缴费终止月份"], ["2025.1", ""], ["2025-01"]),
        (["费款所属期"], ["202501-202503"], ["2025-01", "2025-02", "2025-03"]),
        (["费款所属期"], ["2025年1月至2025年2月"], ["2025-01", "2025-02"]),
        (["费款所属期"], [202502.0], ["2025-02"]),
        (["2025年1月", "2025年2月", "2025年3月"], ["√", "未缴", 412.5], ["2025-01", "2025-03"]),
        (["费款所属期", "2025年3月"], ["202501", "已缴"], ["2025-01", "2025-03"]),
    ],
)
def test_months_that_a_social_insurance_list_proves(
    headings: list[str], cells: list[Cell], months: list[str]
) -> None:
    parsed = row(["姓名", "证件号码", "参保单位", *headings], ["测试甲", NUMBER, "测试公司", *cells])
    assert parsed.complaints == ()
    assert [f"{month:%Y-%m}" for month in paid_months(parsed.values)] == months


def test_a_payroll() -> None:
    form, layout = layout_of("姓名", "证件号码", "单位", "发放月份", "实发工资")
    parsed = read_row(form, layout, 2, ["测试甲", NUMBER, "测试公司", "2025年6月", 4320.5])
    assert paid_months(parsed.values) == (date(2025, 6, 1),)
    reported = reported_of(parsed, "", layout.asked)
    assert (reported.employer, reported.income, reported.started) == ("测试公司", Decimal("4320.5"), None)
    assert layout.asked == {"name", "id_number", "employer", "income"}


def test_a_worker_of_the_exchange_folder() -> None:
    form = form_named("exchange/workers")
    layout = recognise(
        "workers", [(1, ["worker_id", "county", "sex", "skills", "accepted_regions", "relocated", "colour"])]
    )
    assert layout.form is form
    parsed = read_row(form, layout, 2, ["w1", "610728", "F", "缝纫工:3;电工", "3206;61", "0", "red"])
    assert parsed.values == {
        "worker_id": "w1",
        "county": "610728",
        "sex": Sex.FEMALE,
        "skills": (("缝纫工", 3), ("电工", None)),
        "accepted_regions": ("3206", "61"),
        "relocated": False,
    }
    assert parsed.others == (("colour", "red"),)
    parsed = read_row(form, layout, 3, ["", "镇巴", "X", "", "", "", ""])
    assert parsed.refused
    assert complained(parsed) == {"worker_id", "county", "sex"}


def test_month_precision_of_exchanged_spells() -> None:
    layout = recognise("spells", [(1, ["worker_id", "employer_id", "started_on", "ended_on"])])
    assert layout.form is not None
    parsed = read_row(layout.form, layout, 2, ["w1", "e1", "2025-02", "2025-10-31"])
    assert parsed.values["started_on"] == (date(2025, 2, 1), Precision.MONTH)
    assert parsed.values["ended_on"] == (date(2025, 10, 31), Precision.DAY)
