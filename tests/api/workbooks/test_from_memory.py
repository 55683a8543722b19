"""Files given by their bytes: no disk holds them, and lists in every format are read alike."""

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
import xlsxwriter

from api.workbooks.limits import Limits, Unreadable
from api.workbooks.reading import Cell, sheets
from ledger.forms import paid_months, read_row, recognise
from models.id_number import demo_id_number
from models.intake import ImportKind as Kind
from models.worker import Sex

NUMBER = "990100198001010048"
LIST: list[list[str | float | None]] = [
    ["某镇外出务工人员花名册"],
    ["序号", "姓名", "身份证号", "电话", "务工地点", "月工资", "外出时间"],
    [1.0, "测试甲", NUMBER, 10000000001.0, "江苏省南通市通州区", 4500.0, "2025年3月"],
    [2.0, "=测试乙", 990100198001010048.0, "10000000002", "", "", ""],
]


def read(content: bytes, name: str) -> list[tuple[str, set[tuple[int, int]], list[tuple[int, list[Cell]]]]]:
    return [(sheet.name, set(sheet.formulas), list(sheet.rows)) for sheet in sheets(content, name=name)]


def as_xlsx(rows: Sequence[Sequence[str | float | None]]) -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("表一")
    for number, cells in enumerate(rows):
        for at, cell in enumerate(cells):
            if isinstance(cell, str):
                sheet.write_string(number, at, cell)
            elif cell is not None:
                sheet.write_number(number, at, cell)
    book.close()
    return stream.getvalue()


def as_ods(rows: Sequence[Sequence[str | float | None]]) -> str:
    def cell(value: str | float | None) -> str:
        if value is None or value == "":
            return "<table:table-cell/>"
        if isinstance(value, str):
            return f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'
        return f'<table:table-cell office:value-type="float" office:value="{value!r}"><text:p>{value}</text:p></table:table-cell>'

    return "".join(f"<table:table-row>{''.join(map(cell, cells))}</table:table-row>" for cells in rows)


def as_csv(rows: Sequence[Sequence[str | float | None]], encoding: str) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    for cells in rows:
        writer.writerow([f"{cell:.0f}" if isinstance(cell, float) else cell for cell in cells])
    return stream.getvalue().encode(encoding)


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods", "utf-8", "utf-8-sig", "gbk"])
def test_the_same_list_in_every_format(kind: str, xls: Callable[..., Path], ods: Callable[..., Path]) -> None:
    match kind:
        case "xlsx":
            content, name = as_xlsx(LIST), "a.xlsx"
        case "xls":
            content, name = xls(LIST).read_bytes(), "a.xls"
        case "ods":
            content, name = ods(as_ods(LIST)).read_bytes(), "a.ods"
        case _:
            content, name = as_csv(LIST, kind), "名单.csv"
    [(title, formulas, rows)] = read(content, name)
    layout = recognise(title, rows)
    assert (layout.kind, layout.heading_row, formulas) == (Kind.ROSTER, 2, set())
    assert layout.form is not None
    first, second = (read_row(layout.form, layout, number, cells) for number, cells in rows[2:])
    assert first.complaints == ()
    assert (first.values["name"], first.values["id_number"], first.values["phone"]) == (
        "测试甲",
        NUMBER,
        "10000000001",
    )
    assert (first.values["income"], first.values["region"]) == (4500, "320612")
    assert second.values["name"] == "=测试乙"
    # In a CSV file there are no numbers: the digits are what was written.
    assert second.refused is (kind in ("xlsx", "xls", "ods"))


def test_bytes_are_read_as_the_file_is(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(as_xlsx(LIST))
    from_disk = [(sheet.name, set(sheet.formulas), list(sheet.rows)) for sheet in sheets(path)]
    assert read(path.read_bytes(), "a.xlsx") == from_disk


def test_what_is_refused_on_disk_is_refused_in_memory(xlsx: Callable[..., Path]) -> None:
    bomb = xlsx(parts={"xl/worksheets/sheet1.xml": b"<x>" + b" " * (17 << 20)}).read_bytes()
    whole = as_xlsx(LIST)
    for content, name, why in [
        (bomb, "a.xlsx", "异常巨大"),
        (whole, "a.xlsm", "宏"),
        (whole[:900], "a.xlsx", "不完整"),
        (b"", "a.xlsx", "空的"),
        (b"\x00\x01", "a.csv", "能识别"),
    ]:
        with pytest.raises(Unreadable, match=why):
            read(content, name)
    with pytest.raises(Unreadable, match="MB"):
        list(sheets(whole, Limits(file=1 << 10), name="a.xlsx"))


def test_nothing_stays_open_when_the_reading_is_given_up(tmp_path: Path) -> None:
    own = Path("/proc/self/fd")
    before = len(list(own.iterdir()))
    for _ in range(3):
        walking = sheets(as_xlsx(LIST), name="a.xlsx")
        next(walking)
        walking.close()
    assert len(list(own.iterdir())) == before


def test_200_000_styled_blank_rows_between_two_people() -> None:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("花名册")
    bordered = book.add_format({"border": 1})
    for at, heading in enumerate(("姓名", "身份证号", "电话")):
        sheet.write_string(0, at, heading)
    for row in range(1, 200_001):
        for column in range(3):
            sheet.write_blank(row, column, None, bordered)
    for row in (3, 200_001):
        sheet.write_string(row, 0, f"测试{row}")
        sheet.write_string(row, 1, NUMBER)
    book.close()
    [(title, _, rows)] = read(stream.getvalue(), "a.xlsx")
    layout = recognise(title, rows)
    assert layout.form is not None
    people = [read_row(layout.form, layout, number, cells) for number, cells in rows[1:]]
    assert [(person.row, person.values["name"], person.complaints) for person in people] == [
        (4, "测试3", ()),
        (200_002, "测试200001", ()),
    ]


def test_a_social_insurance_export_in_csv() -> None:
    number = demo_id_number(date(1985, 5, 5), 3, Sex.FEMALE)
    text = f"社会保障号码,姓名,单位名称,险种类型,费款所属期,缴费基数\r\n{number},测试甲,测试公司,工伤保险,202501-202503,4500\r\n"
    [(title, _, rows)] = read(text.encode("gbk"), "导出.csv")
    layout = recognise(title, rows)
    assert layout.kind is Kind.SOCIAL_INSURANCE
    assert layout.form is not None
    parsed = read_row(layout.form, layout, *rows[1])
    assert len(paid_months(parsed.values)) == 3
    assert parsed.complaints == ()
