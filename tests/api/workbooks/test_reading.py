"""Real files through the real child process: what comes in, and what is refused with a reason, in seconds."""

import struct
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.workbooks.limits import Limits, Unreadable
from api.workbooks.reading import sheets

Rows = list[tuple[int, list[Any]]]
Read = list[tuple[str, set[tuple[int, int]], Rows]]


def read(path: Path, limits: Limits | None = None) -> Read:
    return [(sheet.name, set(sheet.formulas), list(sheet.rows)) for sheet in sheets(path, limits)]


@contextmanager
def refused(reason: str, within: float = 10.0) -> Iterator[None]:
    begun = time.monotonic()
    with pytest.raises(Unreadable, match=reason):
        yield
    assert time.monotonic() - begun < within


@pytest.fixture
def book(tmp_path: Path) -> Iterator[tuple[Any, Path]]:
    path = tmp_path / "book.xlsx"
    yield xlsxwriter.Workbook(path), path


def test_cells_keep_their_places_and_kinds(book: tuple[Any, Path]) -> None:
    workbook, path = book
    first, second = workbook.add_worksheet("已外出"), workbook.add_worksheet("户信息")
    first.write_string(2, 1, "990100198001010015")
    first.write_number(2, 2, 3500)
    first.write_string(3, 1, "=1+1")
    first.write_boolean(4, 3, True)
    month = workbook.add_format({"num_format": 'yyyy"年"mm"月"'})
    first.write_datetime(5, 1, datetime(2025, 1, 1), month)
    second.write_string(9, 3, "x")
    workbook.close()
    assert read(path) == [
        (
            "已外出",
            set(),
            [
                (3, ["", "990100198001010015", 3500.0]),
                (4, ["", "=1+1"]),
                (5, ["", "", "", True]),
                (6, ["", date(2025, 1, 1)]),
            ],
        ),
        ("户信息", set(), [(10, ["", "", "", "x"])]),
    ]


def test_a_sheet_not_walked_to_its_end_hides_nothing_of_the_next(book: tuple[Any, Path]) -> None:
    workbook, path = book
    for name in ("甲", "乙"):
        sheet = workbook.add_worksheet(name)
        for row in range(700):
            sheet.write_string(row, 0, f"{name}{row}")
    workbook.close()
    seen = [(sheet.name, next(sheet.rows)) for sheet in sheets(path)]
    assert seen == [("甲", (1, ["甲0"])), ("乙", (1, ["乙0"]))]


def test_formulas_are_found_wherever_they_reach(book: tuple[Any, Path]) -> None:
    workbook, path = book
    plain, counted = workbook.add_worksheet("无公式"), workbook.add_worksheet("有公式")
    plain.write_string(0, 0, "<f>")
    counted.write_formula(3, 2, "=1+1", value=7)
    counted.write_array_formula(7, 0, 8, 1, "{=A1:B2}")
    workbook.close()
    (_, none, _), (_, some, rows) = read(path)
    assert none == set()
    assert some == {(4, 2), (8, 0), (8, 1), (9, 0), (9, 1)}
    assert rows[0] == (4, ["", "", 7.0])


def test_shared_formulas_and_cells_without_a_reference(xlsx: Callable[..., Path]) -> None:
    path = xlsx(
        '<row r="2"><c r="A2"><f t="shared" ref="A2:A3" si="0">B2</f><v>1</v></c></row>'
        '<row r="3"><c r="A3"><f t="shared" si="0"/><v>1</v></c></row>'
        "<row><c><v>5</v></c><c><f>A4</f><v>5</v></c></row>"
    )
    [(_, formulas, _)] = read(path)
    assert formulas == {(2, 0), (3, 0), (4, 1)}


def test_ods(ods: Callable[..., Path]) -> None:
    text = '<table:table-cell office:value-type="string"><text:p>测试</text:p></table:table-cell>'
    number = (
        '<table:table-cell office:value-type="float" office:value="12"><text:p>12</text:p></table:table-cell>'
    )
    formula = (
        '<table:table-cell table:formula="of:=1" table:number-columns-repeated="2" '
        'office:value-type="float" office:value="1"><text:p>1</text:p></table:table-cell>'
    )
    path = ods(
        '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
        f"<table:table-row><table:table-cell/>{text}{number}</table:table-row>"
        f"<table:table-row>{text}{formula}</table:table-row>"
    )
    assert read(path) == [("表一", {(4, 1), (4, 2)}, [(3, ["", "测试", 12.0]), (4, ["测试", 1.0, 1.0])])]


def test_xls(xls: Callable[..., Path]) -> None:
    assert read(xls()) == [("表一", {(5, 3)}, [(2, ["", "测试", 12.0]), (5, ["", "", "", 7.0])])]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_csv(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "名单.csv"
    path.write_bytes('姓名,备注\r\n\r\n测试甲,"=1, ""x"""\r\n'.encode(encoding))
    assert read(path) == [("名单", set(), [(1, ["姓名", "备注"]), (3, ["测试甲", '=1, "x"'])])]


def test_an_upload_goes_by_the_name_that_its_sender_gave(tmp_path: Path, xlsx: Callable[..., Path]) -> None:
    kept = tmp_path / "upload"
    kept.write_text("姓名,备注\n", encoding="utf-8")
    [sheet] = [(sheet.name, list(sheet.rows)) for sheet in sheets(kept, name="某镇名单.csv")]
    assert sheet == ("某镇名单", [(1, ["姓名", "备注"])])
    with refused("能识别"):
        read(kept)
    with refused("宏"):
        list(sheets(xlsx(), name="a.XLSM"))


def test_an_honest_sheet_with_200_000_styled_blank_rows_comes_in(book: tuple[Any, Path]) -> None:
    workbook, path = book
    sheet = workbook.add_worksheet()
    bordered = workbook.add_format({"border": 1})
    sheet.write_string(0, 0, "姓名")
    for row in range(1, 200_001):
        for column in range(3):
            sheet.write_blank(row, column, None, bordered)
    sheet.write_string(3, 1, "测试甲")
    workbook.close()
    assert read(path) == [("Sheet1", set(), [(1, ["姓名"]), (4, ["", "测试甲"])])]


@pytest.mark.parametrize(("row", "column"), [(1_048_576, 40), (1_048_576, 16_384), (500_000, 10)])
def test_a_sparse_sheet_is_refused(book: tuple[Any, Path], row: int, column: int) -> None:
    """Before the cells between are laid out: the child has no room for them."""
    workbook, path = book
    sheet = workbook.add_worksheet("名单")
    sheet.write_string(0, 0, "a")
    sheet.write_string(row - 1, column - 1, "z")
    workbook.close()
    assert path.stat().st_size < 10_000
    with refused(f"表“名单”只有2个格子有内容，却一直排到第{row}行、第{column}列"):
        read(path, Limits(memory=400 << 20))


def test_a_sparse_sheet_of_another_program_is_refused(xlsx: Callable[..., Path]) -> None:
    text = '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>'
    text += (
        '<x:row><x:c><x:v>1</x:v></x:c></x:row><x:row r="900000"><x:c r="Z900000"><x:v>1</x:v></x:c></x:row>'
    )
    path = xlsx(parts={"xl/worksheets/sheet1.xml": f"{text}</x:sheetData></x:worksheet>"})
    with refused("第900000行、第26列"):
        read(path)


def test_repeated_cells_of_ods_are_not_laid_out(ods: Callable[..., Path]) -> None:
    cell = '<table:table-cell office:value-type="string"{}><text:p>甲</text:p></table:table-cell>'
    far = '<table:table-row table:number-rows-repeated="900000"><table:table-cell/></table:table-row>'
    for rows in (
        f"<table:table-row>{cell.format('')}</table:table-row>{far}"
        f'<table:table-row><table:table-cell table:number-columns-repeated="30"/>{cell.format("")}</table:table-row>',
        '<table:table-row table:number-rows-repeated="1000000">'
        + cell.format(' table:number-columns-repeated="40"')
        + "</table:table-row>",
    ):
        with refused("只有.个格子有内容"):
            read(ods(rows), Limits(memory=400 << 20))
    blank = '<table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>'
    assert read(ods(f"<table:table-row>{cell.format('')}</table:table-row>{blank}")) == [
        ("表一", set(), [(1, ["甲"])])
    ]


def test_a_swollen_part_is_refused_before_it_is_opened(xlsx: Callable[..., Path]) -> None:
    path = xlsx(parts={"xl/worksheets/sheet1.xml": b"<x>" + b" " * (17 << 20)})
    with refused("异常巨大", within=1):
        read(path)


def test_a_directory_that_lies_about_sizes_does_no_harm(xlsx: Callable[..., Path]) -> None:
    """The declared size is made small; the child's memory is what bounds it then."""
    path = xlsx(parts={"xl/worksheets/sheet1.xml": b"<x>" + b" " * (60 << 20)})
    content = bytearray(path.read_bytes())
    for mark, place in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = -1
        while (at := content.find(mark, at + 1)) >= 0:
            if struct.unpack_from("<I", content, at + place)[0] > 1 << 20:
                struct.pack_into("<I", content, at + place, 1000)
    path.write_bytes(content)
    with refused("."):
        read(path, Limits(memory=400 << 20))


def test_a_gibibyte_in_all_is_refused(xlsx: Callable[..., Path]) -> None:
    with refused("异常巨大", within=1):
        read(
            xlsx(parts={f"xl/media/{at}.bin": b"0123456789abcdef" * 1000 for at in range(5)}),
            Limits(unpacked=50_000),
        )


def test_one_long_text_shared_by_every_cell_is_refused(book: tuple[Any, Path]) -> None:
    workbook, path = book
    sheet = workbook.add_worksheet()
    for row in range(200):
        for column in range(12):
            sheet.write_string(row, column, "长" * 32_000)
    workbook.close()
    assert path.stat().st_size < 100_000
    with refused("第1行的内容太长"):
        read(path)


def test_macros_are_refused(xlsx: Callable[..., Path], tmp_path: Path) -> None:
    for path in (
        xlsx(name="a.xlsm"),
        xlsx(parts={"xl/vbaProject.bin": b"x"}),
        xlsx(parts={"[Content_Types].xml": "application/vnd.ms-excel.sheet.macroEnabled.main+xml"}),
    ):
        with refused("宏", within=1):
            read(path)
    old = tmp_path / "a.xls"
    old.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 504 + "_VBA_PROJECT".encode("utf-16-le"))
    with refused("宏", within=1):
        read(old)


def test_encrypted_files_are_refused(
    ods: Callable[..., Path], xlsx: Callable[..., Path], tmp_path: Path
) -> None:
    office = tmp_path / "secret.xlsx"
    office.write_bytes(
        bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le")
    )
    flagged = xlsx()
    content = bytearray(flagged.read_bytes())
    at = -1
    while (at := content.find(b"PK\x01\x02", at + 1)) >= 0:
        content[at + 8] |= 1
    flagged.write_bytes(content)
    for path in (office, flagged, ods("", manifest="<manifest:encryption-data/>")):
        with refused("密码", within=1):
            read(path)


def test_what_is_no_workbook_is_refused(xlsx: Callable[..., Path], tmp_path: Path) -> None:
    whole = xlsx('<row r="1"><c r="A1"><v>1</v></c></row>')
    files: dict[str, bytes] = {
        "empty.xlsx": b"",
        "cut.xlsx": whole.read_bytes()[:600],
        "text.xlsx": b"not a workbook at all",
        "binary.csv": b"a,b\n\xff\xff\x80\n",
        "nul.csv": b"abcdefghij,\x00\n",
        "cut.xls": bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 700,
        "quote.csv": b'a,"b\nc',
    }
    for name, content in files.items():
        path = tmp_path / name
        path.write_bytes(content)
        with refused("[一-龥]"):
            read(path)
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("a.txt", "a")
    with refused("压缩包"):
        read(tmp_path / "other.zip")


def test_an_entity_is_not_expanded(xlsx: Callable[..., Path]) -> None:
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        '<row r="1"><c r="A1" t="str"><f>1</f><v>&b;</v></c></row></sheetData></worksheet>'
    )
    with refused("损坏"):
        read(xlsx(parts={"xl/worksheets/sheet1.xml": bomb}))


def test_time_is_bounded(book: tuple[Any, Path]) -> None:
    workbook, path = book
    sheet = workbook.add_worksheet()
    for row in range(20_000):
        sheet.write_row(row, 0, [f"测试{row}"] * 10)
    workbook.close()
    with refused("超过限制"):
        read(path, Limits(wall=0.01))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(damage=st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 255)), min_size=1, max_size=20))
def test_a_damaged_file_is_read_or_refused(
    xlsx: Callable[..., Path], xls: Callable[..., Path], damage: list[tuple[int, int]]
) -> None:
    for path in (xlsx('<row r="1"><c r="A1"><f>1</f><v>1</v></c></row>'), xls()):
        content = bytearray(path.read_bytes())
        for place, value in damage:
            content[place % len(content)] = value
        path.write_bytes(content)
        try:
            read(path)
        except Unreadable as problem:
            assert "。" not in str(problem)[-1]
