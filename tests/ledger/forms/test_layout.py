"""Headings as people write them: found, matched, asked for, remembered."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.forms import (
    ALL_FORMS,
    FORMS,
    Cell,
    Layout,
    Unrecognised,
    WrongAnswer,
    apply_mapping,
    form_named,
    read_row,
    recognise,
    restored,
)
from models.intake import ImportKind as Kind


def found(*rows: Sequence[Cell], name: str = "Sheet1", **more: Any) -> Layout:
    return recognise(name, enumerate(rows, 1), **more)


LISTS = [
    (Kind.ROSTER, "序号 姓名 身份证号 电话 乡镇 村组 是否脱贫户 务工地点 务工单位 月工资 外出时间", ""),
    (Kind.ROSTER, "序号 镇办 村 姓名 性别 年龄 身份证号码 联系方式 务工去向 工作单位 月收入（元） 外出务工时间 备注", ""),
    (Kind.ROSTER, "姓名 身份证号 电话", ""),
    (Kind.ROSTER, "姓名 性别 出生年月 文化程度 手机号 就业地点 就业单位 返乡时间", "某某镇外出务工人员花名册"),
    (Kind.ROSTER, "户编号 姓名 身份证 联系号码 三类户 务工厂家 工资收入 上岗时间 务工去向", ""),
    (Kind.AWAY, "户编号 人编号 姓名 证件号码 是否务工 开始时间 务工所在省 务工所在市 务工所在县 务工月收入", ""),
    (Kind.PLANNED, "户编号 人编号 姓名 证件号码 是否计划务工 就业服务需求", ""),
    (Kind.MONITORED, "户编号 人编号 姓名 证件号码 监测对象类别 风险是否已消除 致贫/返贫风险1 致贫/返贫风险2 是否务工 开始时间", ""),
    (Kind.MONITORED, "省 市 县 乡 村 户编号 人编号 姓名 证件号码 健康状况 劳动技能", ""),
    (Kind.HOUSEHOLD, "省 市 县 乡 村 户编号 户类型 监测对象类别 联系电话", ""),
    (Kind.POSTS, "序号 企业名称 工种 招工人数 工资待遇 年龄要求 学历要求 联系人 联系电话", ""),
    (Kind.POSTS, "单位名称 统一社会信用代码 岗位名称 招聘人数 工资 工作地点 学历 年龄 食宿 有效期 职责", ""),
    (Kind.POSTS, "岗位 人数 薪资 要求", "2026年春季用工需求表"),
    (Kind.SOCIAL_INSURANCE, "姓名 证件号码 参保单位 统一社会信用代码 缴费起始月份 缴费终止月份", ""),
    (Kind.SOCIAL_INSURANCE, "序号 社会保障号码 姓名 单位名称 险种类型 费款所属期 缴费基数", ""),
    (Kind.SOCIAL_INSURANCE, "姓名 身份证号 单位 2025年01月 2025年02月 202503 2025-04", ""),
    (Kind.SOCIAL_INSURANCE, "姓名 身份证号 1月 2月 3月", "2025年企业职工养老保险缴费情况"),
    (Kind.PAYROLL, "姓名 证件号码 单位 发放月份 实发工资", ""),
    (Kind.PAYROLL, "序号 姓名 身份证号 月份 应发 实发金额", "南通测试公司工资表"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "headings", "banner"), LISTS, ids=[f"{k}-{i}" for i, (k, _, _) in enumerate(LISTS)]
)
def test_lists_as_they_come(kind: Kind, headings: str, banner: str) -> None:
    row = headings.split(" ")
    layout = found([banner], [], row) if banner else found(row)
    assert layout.kind is kind
    assert layout.heading_row == (3 if banner else 1)
    assert set(layout.unknown.values()) <= {"要求", "应发"}
    assert len(layout.columns) + len(layout.unknown) + len(layout.aside) == len(row)


def test_two_lists_that_cannot_be_told_apart_are_asked_about() -> None:
    layout = found(["甲", "乙", "丙"], ["1", "2", "3"])
    assert (layout.form, layout.kind, layout.columns) == (None, None, {})
    assert layout.unknown == {0: "甲", 1: "乙", 2: "丙"}
    with pytest.raises(WrongAnswer, match="什么表"):
        apply_mapping(layout, {0: "name"})
    layout = found(["甲", "乙", "丙"], ["1", "2", "3"], kind=Kind.ROSTER)
    assert layout.kind is Kind.ROSTER
    assert layout.missing == ("姓名", "身份证号")
    layout = apply_mapping(layout, {0: "name", 1: "id_number", 2: None})
    assert (layout.mapping, layout.unknown, layout.aside, layout.missing) == (
        {0: "name", 1: "id_number"},
        {},
        {2: "丙"},
        (),
    )


@pytest.mark.parametrize("rows", [[], [[""]], [["只有一格"]], [[1.0, 2.0], [3.0, 4.0]]])
def test_a_sheet_without_headings(rows: list[list[Cell]]) -> None:
    with pytest.raises(Unrecognised, match="表头"):
        found(*rows)


def test_the_sheet_that_explains_a_template_is_no_list() -> None:
    with pytest.raises(Unrecognised, match="填写说明"):
        found(["姓名", "身份证号"], name="填写说明")


def test_a_person_is_never_taken_for_headings() -> None:
    with pytest.raises(Unrecognised, match="在最上面加一行表头"):
        found(
            ("测试甲", "990100198503150012", "10000000001", "测试村"),
            ("测试乙", "990100198503150020", "10000000002", "测试村"),
        )


def test_headings_below_the_tenth_row_are_none() -> None:
    with pytest.raises(Unrecognised):
        found(*[[""]] * 10, ["姓名", "身份证号", "电话"])


def test_what_a_bureau_said_before_is_remembered() -> None:
    headings = ["姓名", "身份证号", "哪个厂", "小组长"]
    assert found(headings).unknown == {2: "哪个厂", 3: "小组长"}
    layout = found(headings, memory={"哪个厂": "employer", " 小组长*": None})
    assert (layout.mapping, layout.unknown) == ({0: "name", 1: "id_number", 2: "employer"}, {})
    assert layout.aside == {3: "小组长"}


def test_memory_wins_over_an_alias() -> None:
    layout = found(["姓名", "身份证号", "单位"], memory={"单位": "village"})
    assert layout.mapping[2] == "village"


def test_a_heading_that_comes_twice_counts_once() -> None:
    layout = found(["姓名", "身份证号", "电话", "联系方式", "姓名"])
    assert layout.repeated == {3: "联系方式", 4: "姓名"}
    layout = apply_mapping(layout, {3: "phone"})
    assert layout.mapping == {0: "name", 1: "id_number", 3: "phone"}
    assert layout.repeated == {2: "电话", 4: "姓名"}


@pytest.mark.parametrize(
    ("answers", "why"),
    [({0: "phone", 1: "phone"}, "两列"), ({9: "name"}, "没有表头"), ({0: "nothing"}, "没有这一项")],
)
def test_answers_that_cannot_be(answers: dict[int, str], why: str) -> None:
    with pytest.raises(WrongAnswer, match=why):
        apply_mapping(found(["姓名", "身份证号", "电话"]), answers)


def test_the_same_file_of_the_exchange_folder_by_name_or_by_headings() -> None:
    for form in ALL_FORMS:
        if form.file:
            headings = [column.heading for column in form.columns]
            assert found(headings, name=form.file).form is form
            assert found(headings, name="named otherwise").form is form
    only = ["worker_id"]
    assert found(only, name="open_workers").form is form_named("exchange/open_workers")
    assert found([*only, "county", "extra"], name="workers").unknown == {2: "extra"}


def test_months_as_columns() -> None:
    layout = found(["姓名", "身份证号", 202411.0, date(2024, 12, 1), "2025年1月"], name="社保")
    assert layout.mapping == {
        0: "name",
        1: "id_number",
        2: "months:2024-11",
        3: "months:2024-12",
        4: "months:2025-01",
    }
    assert layout.form is not None
    parsed = read_row(layout.form, layout, 2, ["测试甲", "990100198001010015", "√", "", 320.0])
    assert parsed.values["months"] == (date(2024, 11, 1), date(2025, 1, 1))


def test_a_month_without_a_year_is_asked_about() -> None:
    layout = found(["姓名", "身份证号", "1月", "2月"], name="社保")
    assert layout.unknown == {2: "1月", 3: "2月"}
    layout = apply_mapping(layout, {2: "months:2025-01"})
    assert layout.mapping[2] == "months:2025-01"


@settings(max_examples=150, deadline=None)
@given(
    form=st.sampled_from(ALL_FORMS),
    data=st.data(),
)
def test_a_layout_comes_back_as_it_was_stored(form: Any, data: st.DataObject) -> None:
    columns = data.draw(
        st.lists(st.sampled_from(form.columns), min_size=1, unique_by=lambda column: column.field)
    )
    headings = [column.heading for column in columns] + data.draw(st.lists(st.text(max_size=5), max_size=3))
    try:
        layout = found(headings, kind=form.kind, name=form.file or "x")
    except Unrecognised:
        assert len([heading for heading in headings if heading.strip()]) < 2
        return
    assert layout.form is not None
    assert set(layout.headings) == set(layout.columns) | set(layout.unknown) | set(layout.aside) | set(
        layout.repeated
    )
    again = restored(layout.form, layout.heading_row, layout.headings, layout.mapping)
    assert (again.mapping, again.asked, again.missing) == (layout.mapping, layout.asked, layout.missing)
    everything = {at: name for at, name in layout.mapping.items() if not layout.columns[at].several}
    assert apply_mapping(layout, everything).mapping == layout.mapping


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.lists(
            st.one_of(st.text(max_size=20), st.floats(), st.dates(), st.none(), st.booleans()), max_size=6
        ),
        max_size=14,
    ),
    st.sampled_from([None, *FORMS]),
)
def test_anything_is_a_layout_or_none(rows: list[list[Cell]], kind: Kind | None) -> None:
    try:
        layout = found(*rows, kind=kind)
    except Unrecognised:
        return
    if layout.form is not None:
        for number, cells in enumerate(rows, 1):
            if number > layout.heading_row:
                read_row(layout.form, layout, number, cells, [0])


def test_headings_in_two_rows() -> None:
    layout = found(
        ["某镇外出务工人员花名册"],
        ["序号", "姓名", "身份证号", "务工情况", "", "", "", "家庭", ""],
        ["", "", "", "地点", "单位", "月工资", "工种", "乡镇", "人口"],
        [1.0, "测试甲", "990100198001010015", "江苏南通", "测试公司", 4500.0, "缝纫", "测试镇", 3.0],
    )
    assert layout.kind is Kind.ROSTER
    assert layout.heading_row == 3
    assert layout.mapping == {
        1: "name",
        2: "id_number",
        3: "place",
        4: "employer",
        5: "income",
        7: "township",
    }
    assert layout.unknown == {6: "务工情况工种", 8: "家庭人口"}
    assert layout.headings[0] == "序号"


def test_a_row_of_data_is_no_second_row_of_headings() -> None:
    layout = found(
        ["姓名", "身份证号", "电话", "备注"], ["测试甲", "990100198001010015", "10000000001", "单位"]
    )
    assert layout.heading_row == 1


def test_headings_that_stand_there_again_are_nobody() -> None:
    headings = ["序号", "姓名", "身份证号", "电话"]
    layout = found(headings)
    assert layout.form is not None
    assert read_row(layout.form, layout, 40, headings).skipped
    assert not read_row(layout.form, layout, 41, ["", "姓名", "990100198001010015"]).skipped
    nothing_meant = apply_mapping(layout, dict.fromkeys(layout.headings))
    assert not read_row(layout.form, nothing_meant, 42, ["1", "测试甲"]).skipped
