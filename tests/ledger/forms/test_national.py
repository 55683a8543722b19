"""Sheets of the national system's layout, as lists of cells: what is read, what is refused, what is kept aside."""

from collections.abc import Sequence, Set
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.doubts.checking import doubts
from ledger.doubts.rule import Context
from ledger.doubts.services import services
from ledger.forms import Cell, Complaint, Unclear, Unrecognised, read_sheet
from ledger.forms.cells import text_of
from ledger.forms.national import AWAY, MONITORED, NATIONAL_COLUMNS, PLANNED
from ledger.forms.values import month
from ledger.records.reported import Reported
from models.education import Education
from models.intake import ImportKind
from models.worker import LabourCapability

CONTEXT = Context(date(2025, 9, 20), "610728")
HEADINGS = [column.heading for column in AWAY.columns]
EXAMPLES = [column.example for column in AWAY.columns]


class Row(NamedTuple):
    """A row that came in."""

    kind: ImportKind
    reported: Reported
    others: tuple[tuple[str, str], ...]


def sheet(
    headings: Sequence[str], *rows: Sequence[Cell], name: str = "已外出务工信息", above: int = 2
) -> list[Row | Complaint]:
    banner: list[Sequence[Cell]] = [[name]] * above
    return read([*banner, headings, *rows])


def read(
    rows: Sequence[Sequence[Cell]], formulas: Set[tuple[int, int]] = frozenset()
) -> list[Row | Complaint]:
    results: list[Row | Complaint] = []
    for form, parsed, reported in read_sheet("表", enumerate(rows, 1), formulas=formulas):
        results.extend(parsed.complaints)
        assert (reported is None) is parsed.refused
        if reported:
            results.append(Row(form.kind, reported, parsed.others))
    return results


def only(results: list[Row | Complaint]) -> Row:
    [row] = results
    assert isinstance(row, Row)
    return row


@pytest.mark.parametrize(
    "heading",
    [
        "户编号", "人编号", "户类型", "监测对象类别", "风险是否已消除", "姓名", "证件号码", "证件类型", "与户主关系", "民族", "政治面貌",
        "文化程度", "在校生状况", "健康状况", "劳动技能", "联系电话", "是否务工", "开始时间", "结束时间", "务工所在省", "务工所在市",
        "务工所在县", "务工企业名称", "务工月收入", "所属行业", "就业渠道", "是否点对点输送", "年度交通费补助", "务工形式", "是否计划务工",
        "就业服务需求", "务工意愿", "公益性岗位", "公益性岗位月数", "是否会讲普通话",
    ],
)  # fmt: skip
def test_the_national_systems_fields_are_declared(heading: str) -> None:
    assert MONITORED.named(heading) or PLANNED.named(heading)


def test_a_whole_row() -> None:
    row = only(sheet(HEADINGS, EXAMPLES))
    assert row.kind is ImportKind.AWAY
    reported = row.reported
    assert reported.row == 4
    assert (reported.household, reported.person, reported.name) == ("6107280001", "61072800010001", "测试甲")
    assert (reported.started, reported.ended) == (date(2025, 1, 1), date(2025, 6, 1))
    assert (reported.region, reported.county_text, reported.abroad) == ("320612", None, False)
    assert reported.income == Decimal(4500)
    assert reported.education is Education.JUNIOR_HIGH
    assert reported.capability is LabourCapability.ORDINARY
    assert reported.working is True
    assert reported.lacks("student")
    assert row.others == ()


@pytest.mark.parametrize("above", [0, 1, 2, 5, 9])
def test_headings_are_found_in_the_first_ten_rows(above: int) -> None:
    assert only(sheet(HEADINGS, EXAMPLES, above=above)).reported.row == above + 2


def test_headings_in_row_eleven_are_none() -> None:
    with pytest.raises(Unrecognised, match="表头"):
        sheet(HEADINGS, EXAMPLES, above=10)


@pytest.mark.parametrize(
    ("headings", "name", "kind"),
    [
        (["户编号", "姓名", "开始时间"], "", ImportKind.AWAY),
        (["户编号", "姓名", "是否计划务工"], "", ImportKind.PLANNED),
        (["户编号", "姓名", "劳动技能"], "", ImportKind.MONITORED),
        (["户编号", "户类型", "联系电话"], "户信息", ImportKind.HOUSEHOLD),
        (["户编号", "姓名", "开始时间"], "计划外出务工信息", ImportKind.PLANNED),
    ],
)
def test_kind_of_file(headings: list[str], name: str, kind: ImportKind) -> None:
    assert only(sheet(headings, ["a", "b"], name=name)).kind is kind


def test_a_row_of_nobody_is_refused() -> None:
    headings = ["户编号", "人编号", "姓名", "证件号码", "联系电话"]
    [complaint] = sheet(headings, ["填表人：测试丙", "", "", "", "13800000000"])
    assert isinstance(complaint, Complaint)
    assert (complaint.row, complaint.column, complaint.refused) == (4, "人编号、姓名、证件号码", True)


def test_blanks_aliases_and_units() -> None:
    headings = [" 户编号 ", "*人口编号", "姓 名", "是否已务工", "务工月收入(元)", "务工开始时间\n"]
    reported = only(
        sheet(headings, ["H1  ", "P1\u3000", "测试甲\u200b", "是 ", " 3,500 ", "2025年1月  "])
    ).reported
    assert (reported.household, reported.person, reported.name) == ("H1", "P1", "测试甲")
    assert (reported.working, reported.income, reported.started) == (True, Decimal(3500), date(2025, 1, 1))


def test_columns_nobody_knows_are_kept() -> None:
    row = only(sheet(["户编号", "人编号", "姓名", "备注", "姓名"], ["H", "P", "测试甲", "在家", "测试乙"]))
    assert row.others == (("备注", "在家"), ("姓名", "测试乙"))
    assert row.reported.name == "测试甲"


def test_a_column_that_is_not_there_is_not_blank() -> None:
    reported = only(sheet(["户编号", "人编号", "姓名", "是否务工"], ["H", "P", "测试甲", "是"])).reported
    assert not reported.lacks("income")
    assert doubts([reported], CONTEXT) == []


def test_an_unreadable_cell_is_told_and_not_taken_for_blank() -> None:
    complaint, row = sheet(
        ["户编号", "人编号", "姓名", "务工月收入", "是否务工"], ["H", "P", "测试甲", "三千多", "是"]
    )
    assert isinstance(complaint, Complaint)
    assert isinstance(row, Row)
    assert (complaint.row, complaint.column, complaint.refused) == (4, "务工月收入", False)
    assert "元" in complaint.reason
    assert "三千多" not in complaint.reason
    assert not row.reported.lacks("income")


@pytest.mark.parametrize("number", [6.1e17, 610728198001010000, 150000000000000.0, "6.10728E+17"])
def test_an_id_number_typed_as_a_number_is_refused(number: Cell) -> None:
    [complaint] = sheet(["户编号", "姓名", "证件号码"], ["H", "测试甲", number])
    assert isinstance(complaint, Complaint)
    assert complaint.refused
    assert "文本格式" in complaint.reason


def test_other_numbers_are_read_as_they_stand() -> None:
    reported = only(
        sheet(["户编号", "人编号", "联系电话", "务工月收入"], [61072800010.0, 5, 13800000000.0, 3500.5])
    ).reported
    assert (reported.household, reported.phone, reported.income) == (
        "61072800010",
        "13800000000",
        Decimal("3500.5"),
    )


def test_a_number_that_has_lost_digits_is_not_guessed() -> None:
    with pytest.raises(Unclear, match="文本格式"):
        text_of(6107280001000000000.0)


def test_formulas_refuse_a_row_only_where_they_are_read() -> None:
    rows: list[Sequence[Cell]] = [
        ["户编号", "姓名", "联系电话", "备注"],
        ["H1", "测试甲", "13800000000", "x"],
        ["H2", "测试乙", "13800000001", "x"],
        ["H3", "=测试", "+1", "@x"],
    ]
    first, second, third = read(rows, {(2, 1), (3, 3)})
    assert isinstance(first, Complaint)
    assert (first.row, first.column, first.refused) == (2, "姓名", True)
    assert isinstance(second, Row)
    assert isinstance(third, Row)
    assert (third.reported.name, third.reported.phone, third.others) == ("=测试", "+1", (("备注", "@x"),))


@pytest.mark.parametrize(
    ("cells", "region"),
    [
        (("江苏省", "南通市", "通州区"), "320612"),
        (("广东省", "东莞市", ""), "4419"),
        (("广东省", "东莞市", "东莞市"), "4419"),
        (("重庆市", "县", "奉节县"), "500236"),
        (("重庆市", "市辖区", "万州区"), "500101"),
        (("湖北省", "省直辖县级行政区划", "仙桃市"), "429004"),
        (("北京市", "北京市", "朝阳区"), "110105"),
        (("江苏省", "苏州市", "苏州工业园区"), "3205"),
        (("江苏省", "", ""), "32"),
        (("江苏省", "南通市", "南通市"), "3206"),
        (("海南省", "省直辖县级行政区划", "五指山市"), "469001"),
        (("新疆维吾尔自治区", "自治区直辖县级行政区划", "石河子市"), "659001"),
        (("某省", "某市", "某县"), None),
    ],
)
def test_places(cells: tuple[str, str, str], region: str | None) -> None:
    headings = ["户编号", "人编号", "姓名", "务工所在省", "务工所在市", "务工所在县"]
    row = only(sheet(headings, ["H", "P", "测试甲", *cells]))
    assert row.reported.region == region
    if region is None:
        assert {text for _, text in row.others} == set(cells)


@pytest.mark.parametrize(
    ("whole", "region", "county"),
    [
        ("江苏省南通市通州区", "320612", None),
        ("江苏省/南通市/通州区", "320612", None),
        ("江苏省-苏州市-苏州工业园区", "3205", "苏州工业园区"),
        ("江苏省 南通市", "3206", None),
        ("境外", None, None),
    ],
)
def test_places_in_one_cell(whole: str, region: str | None, county: str | None) -> None:
    reported = only(sheet(["户编号", "人编号", "姓名", "务工所在地"], ["H", "P", "测试甲", whole])).reported
    assert (reported.region, reported.county_text) == (region, county)
    assert reported.abroad is (whole == "境外")


def test_an_end_before_the_start_is_told_and_kept() -> None:
    complaint, row = sheet(
        ["姓名", "人编号", "开始时间", "结束时间"], ["测试甲", "P", "2025年05月", "2025年04月"]
    )
    assert isinstance(complaint, Complaint)
    assert not complaint.refused
    assert isinstance(row, Row)
    assert row.reported.ended == date(2025, 4, 1)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2025年01月", date(2025, 1, 1)),
        ("2025年1月15日", date(2025, 1, 15)),
        ("202512", date(2025, 12, 1)),
        ("20250228", date(2025, 2, 28)),
        ("2025-03-01", date(2025, 3, 1)),
        ("2025.4", date(2025, 4, 1)),
        ("２０２５年０１月", date(2025, 1, 1)),
        ("至今", None),
    ],
)
def test_months(text: str, meant: date | None) -> None:
    assert month(text) == meant


@pytest.mark.parametrize(
    "text", ["2025年13月", "2025年", "1月", "2025115", "20250230", "0001年01月", "2025年01月初", "٢٠٢٥年٠١月"]
)
def test_no_months(text: str) -> None:
    with pytest.raises(Unclear):
        month(text)


CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            "是",
            "否",
            "2025年01月",
            "9901001980010100",
            "公益性岗位",
            "镇巴县",
            "因务工就业不稳",
            "劳务输出",
            "至今",
        ]
    ),
    st.floats(),
    st.integers(),
    st.booleans(),
    st.dates(),
    st.none(),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(CELLS, max_size=len(NATIONAL_COLUMNS)), max_size=12))
def test_nothing_that_stands_in_cells_stops_the_reading_or_the_rules(rows: list[list[Cell]]) -> None:
    headings = [column.heading for column in NATIONAL_COLUMNS]
    results = sheet(headings, *rows)
    records = [row.reported for row in results if isinstance(row, Row)]
    refused = {row.row for row in results if isinstance(row, Complaint) and row.refused}
    filled = [
        cells
        for cells in rows
        if any(cell is not None and (not isinstance(cell, str) or cell.strip()) for cell in cells)
    ]
    assert len(records) + len(refused) == len(filled)
    doubts(records, CONTEXT)
    services(records, CONTEXT)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.text(max_size=20), max_size=6), max_size=14))
def test_any_texts_are_a_sheet_or_none(rows: list[list[str]]) -> None:
    with suppress(Unrecognised):
        list(read_sheet("表", enumerate(rows, 1)))
