"""Rows of every kind of list: values, complaints, reports; what stays out and why."""

import time
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.forms import (
    ALL_FORMS,
    EXAMPLE_MARK,
    FORMS,
    Cell,
    Form,
    Layout,
    Parsed,
    Places,
    cells_of,
    read_row,
    recognise,
    reported_of,
)
from ledger.records.reported import ALL_FIELDS, Reported
from models.education import Education
from models.id_number import demo_id_number
from models.intake import ImportKind as Kind
from models.spell import Precision
from models.worker import LabourCapability, Sex

NUMBER = "990100198001010015"


def layout_of(*headings: str, kind: Kind | None = None) -> tuple[Form, Layout]:
    layout = recognise("Sheet1", [(1, headings)], kind=kind)
    assert layout.form is not None
    return layout.form, layout


def row(
    headings: Sequence[str], cells: Sequence[Cell], kind: Kind | None = None, formulas: Sequence[int] = ()
) -> Parsed:
    form, layout = layout_of(*headings, kind=kind)
    return read_row(form, layout, 2, cells, formulas)


def reasons(parsed: Parsed) -> list[tuple[int | None, str, bool]]:
    return [(complaint.at, complaint.column, complaint.refused) for complaint in parsed.complaints]


HAND_MADE = [
    "序号",
    "姓名",
    "身份证号",
    "电话",
    "乡镇",
    "村组",
    "是否脱贫户",
    "务工地点",
    "务工单位",
    "月工资",
    "外出时间",
    "备注",
]


def test_a_roster_made_by_hand() -> None:
    form, layout = layout_of(*HAND_MADE)
    cells = [
        1.0,
        "测试甲 ",
        NUMBER,
        13800000000.0,
        "测试镇",
        "一组",
        "是",
        "江苏南通通州区",
        "测试公司",
        "4,500元",
        date(2025, 3, 15),
        "在外",
    ]
    parsed = read_row(form, layout, 2, cells)
    assert (parsed.complaints, parsed.others) == ((), (("备注", "在外"),))
    reported = reported_of(parsed, "某镇", layout.asked, by_day=form.by_day)
    assert (reported.row, reported.sheet, reported.name, reported.id_number) == (2, "某镇", "测试甲", NUMBER)
    assert (reported.phone, reported.township, reported.village) == ("13800000000", "测试镇", "一组")
    assert (reported.household_kind, reported.employer, reported.income) == (
        "脱贫户",
        "测试公司",
        Decimal(4500),
    )
    assert (reported.started, reported.precision) == (date(2025, 3, 15), Precision.DAY)
    assert (reported.region, reported.abroad) == ("320612", False)
    assert reported.lacks("working") is False
    assert "region" in reported.asked


@pytest.mark.parametrize(
    ("started", "ended", "precision"),
    [
        ("2025年3月", None, Precision.MONTH),
        ("2025-03-15", "2025年6月", Precision.MONTH),
        ("2025-03-15", "2025-06-20", Precision.DAY),
        ("2025-03-01", None, Precision.MONTH),
        (None, None, Precision.MONTH),
    ],
)
def test_days_are_believed_where_every_date_names_one(
    started: str | None, ended: str | None, precision: Precision
) -> None:
    form, layout = layout_of("姓名", "身份证号", "外出时间", "返乡时间")
    parsed = read_row(form, layout, 2, ["测试甲", NUMBER, started, ended])
    assert reported_of(parsed, "", layout.asked, by_day=True).precision is precision


def test_what_is_typed_beside_the_number_must_agree_with_it() -> None:
    headings = ["姓名", "身份证号", "性别", "出生年月"]
    assert row(headings, ["测试甲", NUMBER, "男", "1980-01-01"]).complaints == ()
    parsed = row(headings, ["测试甲", NUMBER, "女", "1981年1月"])
    assert reasons(parsed) == [(2, "性别", False), (3, "出生年月", False)]
    assert not parsed.refused


def test_the_oldest_were_born_before_work_is_told_of() -> None:
    headings = ["姓名", "身份证号", "出生年月", "外出时间"]
    parsed = row(headings, ["测试甲", "", "1938年05月", "1938年05月"])
    assert parsed.values["birth_date"] == date(1938, 5, 1)
    assert [each.column for each in parsed.complaints if "年份" in each.reason] == ["外出时间"]


def test_every_complaint_of_a_row_is_told_at_once() -> None:
    parsed = row(
        ["姓名", "身份证号", "月工资", "外出时间", "电话"],
        ["测试甲", 9.9e17, "三千多", "前年", "=1"],
        formulas=[4, 9],
    )
    assert reasons(parsed) == [
        (4, "电话", True),
        (1, "身份证号", True),
        (2, "月工资", False),
        (3, "外出时间", False),
    ]
    assert parsed.refused
    assert {"income", "started"} <= parsed.unclear
    assert not any(
        "三千" in complaint.reason or "前年" in complaint.reason for complaint in parsed.complaints
    )


def test_texts_like_formulas_are_texts() -> None:
    parsed = row(["姓名", "身份证号", "务工单位", "电话"], ["=测试", NUMBER, "@测试公司", "+8613800000000"])
    assert parsed.complaints == ()
    assert (parsed.values["name"], parsed.values["employer"]) == ("=测试", "@测试公司")


def test_nobodys_row_is_refused_and_a_nameless_one_asked_about() -> None:
    headings = ["姓名", "身份证号", "电话"]
    parsed = row(headings, ["", " ", "13800000000"])
    assert reasons(parsed) == [(0, "姓名、身份证号", True)]
    parsed = row(headings, ["测试甲", "", "13800000000"])
    assert reasons(parsed) == [(1, "身份证号", False)]
    assert row(headings, [" ", None, "\u3000"]).skipped


@pytest.mark.parametrize("form", ALL_FORMS, ids=lambda form: form.code)
def test_the_example_of_a_template_is_nobody(form: Form) -> None:
    headings = [column.heading for column in form.columns]
    layout = recognise(form.file or "x", [(1, headings)], kind=form.kind)
    cells = [column.example for column in form.columns]
    marked = [f"{EXAMPLE_MARK}{cells[0]}", *cells[1:]]
    assert read_row(form, layout, 2, marked).skipped
    assert not read_row(form, layout, 2, cells).skipped
    typed_over = [*marked[:-1], "另填的内容"]
    if len(cells) > 1:
        parsed = read_row(form, layout, 2, typed_over)
        assert parsed.refused
        assert any("示例" in complaint.reason for complaint in parsed.complaints)


REPORTS = st.builds(
    Reported,
    row=st.just(4),
    sheet=st.just("x"),
    household=st.sampled_from([None, "H1"]),
    township=st.sampled_from([None, "测试镇"]),
    village=st.sampled_from([None, "测试村"]),
    name=st.just("测试甲"),
    id_number=st.builds(
        demo_id_number,
        st.dates(date(1950, 1, 1), date(2009, 1, 1)),
        st.integers(0, 999),
        st.sampled_from(Sex),
    ),
    household_kind=st.sampled_from([None, "脱贫户", "一般农户"]),
    risk_cleared=st.sampled_from([None, True, False]),
    health=st.sampled_from([(), ("健康",), ("长期慢性病", "残疾")]),
    education=st.sampled_from([None, *Education]),
    capability=st.sampled_from([None, *LabourCapability]),
    student=st.sampled_from([None, True, False]),
    phone=st.sampled_from([None, "10000000001"]),
    working=st.sampled_from([None, True, False]),
    started=st.one_of(
        st.none(), st.dates(date(2015, 1, 1), date(2026, 1, 1)).map(lambda day: day.replace(day=1))
    ),
    region=st.sampled_from([None, "320612", "4419", "500236", "500101", "429004", "32", "3206"]),
    employer=st.sampled_from([None, "=测试公司", "南通测试有限公司"]),
    income=st.one_of(st.none(), st.decimals(0, 99999, places=2)),
    point_to_point=st.sampled_from([None, True, False]),
    post_kinds=st.sampled_from([(), ("护林员",), ("护林员", "保洁员")]),
    post_months=st.sampled_from([None, 0, 12]),
)


@settings(max_examples=200, deadline=None)
@given(REPORTS)
def test_a_report_written_out_and_read_again_is_the_same(report: Reported) -> None:
    form = FORMS[Kind.AWAY]
    layout = recognise("已外出务工信息", [(1, [column.heading for column in form.columns])])
    cells = cells_of(form, report, Places(), {"home_county": "镇巴县"})
    again = reported_of(read_row(form, layout, 4, cells), "x", layout.asked)
    for name in ALL_FIELDS & layout.asked | {"abroad", "county_text"}:
        assert getattr(again, name) == getattr(report, name), name
    assert cells[[column.field for column in form.columns].index("home_county")] == "镇巴县"


def test_days_are_not_written_where_only_months_are_known() -> None:
    form = FORMS[Kind.AWAY]
    at = [column.field for column in form.columns].index("started")
    report = Reported(1, started=date(2025, 3, 15))
    assert cells_of(form, report, Places())[at] == "2025年03月"


def test_many_rows_take_little_time() -> None:
    """100,000 rows of 30 columns must take no more than ten seconds; a tenth of them has a second and a half here."""
    form = FORMS[Kind.AWAY]
    layout = recognise("x", [(1, [column.heading for column in form.columns])], kind=Kind.AWAY)
    examples: list[Any] = [column.example for column in form.columns]
    fields = [column.field for column in form.columns]
    own = {name: fields.index(name) for name in ("name", "id_number", "person", "phone")}
    begun = time.process_time()
    for number in range(10_000):
        cells = list(examples)
        for name, at in own.items():
            cells[at] = f"{name}{number:014d}"
        parsed = read_row(form, layout, number + 2, cells)
        reported_of(parsed, "x", layout.asked)
    assert time.process_time() - begun < 1.5
