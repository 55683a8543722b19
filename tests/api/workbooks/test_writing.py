"""Tables, templates and error workbooks as real files, read by the service's own reader."""

import csv
import io
import re
import tracemalloc
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from stat import S_IMODE
from tempfile import gettempdir

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.workbooks.book import Value, sheet_name, width, workbook
from api.workbooks.mending import Fault, error_workbook
from api.workbooks.plain_sheet import Sheet
from api.workbooks.reading import Cell, Unreadable, sheets
from api.workbooks.templates import template
from api.workbooks.writing import write_csv, write_workbook
from ledger.forms import (
    ALL_FORMS,
    FORMS,
    TO_MEND,
    Form,
    Layout,
    Parsed,
    Unrecognised,
    read_row,
    recognise,
    reported_of,
)
from models.id_number import demo_id_number
from models.intake import ImportKind as Kind
from models.worker import Sex

SHARED = Path("/dev/shm")  # noqa: S108 - looked at, not written to
AWAY, ROSTER = FORMS[Kind.AWAY], FORMS[Kind.ROSTER]
Rows = list[tuple[int, list[Cell]]]


def rows_of(content: bytes, name: str = "a.xlsx") -> dict[str, Rows]:
    return {sheet.name: list(sheet.rows) for sheet in sheets(content, name=name)}


def taken_in(content: bytes, name: str = "a.xlsx") -> tuple[Layout, list[Parsed]]:
    """What an import makes of the file's only list."""
    lists = []
    for title, rows in rows_of(content, name).items():
        try:
            layout = recognise(title, rows)
        except Unrecognised:
            continue
        assert layout.form is not None
        parsed = [
            read_row(layout.form, layout, number, cells)
            for number, cells in rows
            if number > layout.heading_row
        ]
        lists.append((layout, [row for row in parsed if not row.skipped]))
    [only] = lists
    return only


def part(content: bytes, pattern: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [name for name in archive.namelist() if re.fullmatch(pattern, name)]
        return "\n".join(archive.read(name).decode() for name in names)


FIELDS = ("name", "id_number", "phone", "employer", "income")


def roster(
    rows: Iterable[Sequence[Value]], fields: Sequence[str] = FIELDS, banner: Sequence[str] = ()
) -> Sheet:
    columns = [ROSTER.by_field[field] for field in fields]
    return Sheet(
        "花名册",
        [column.heading for column in columns],
        [width(column.heading, column.example) for column in columns],
        rows,
        banner,
        [column.text_only or column.personal for column in columns],
    )


def table(*rows: list[Value], kind: str = "xlsx") -> bytes:
    stream = io.BytesIO()
    sheet = roster(rows, banner=ROSTER.banner)
    if kind == "csv":
        assert write_csv(stream, sheet) == len(rows)
    else:
        assert write_workbook(stream, [sheet]) == [("花名册", len(rows))]
    return stream.getvalue()


NUMBER = demo_id_number(date(1980, 1, 1), 7, Sex.MALE)
PERSON: list[Value] = ["测试甲", NUMBER, "10000000001", "=HYPERLINK(1)", Decimal("4500.5")]


def test_a_table_of_texts_and_numbers() -> None:
    content = table(PERSON, ["@测试乙", None, "", "+1", None])
    [(title, rows)] = rows_of(content).items()
    assert title == "花名册"
    assert rows[2] == (3, ["姓名", "身份证号", "电话", "务工单位", "月工资"])
    assert rows[3] == (4, ["测试甲", NUMBER, "10000000001", "=HYPERLINK(1)", 4500.5])
    assert rows[4] == (5, ["@测试乙", "", "", "+1"])
    sheet = part(content, "xl/worksheets/sheet1.xml")
    assert "<f>" not in sheet
    assert '<autoFilter ref="A3:E5"/>' in sheet
    assert 'state="frozen"' in sheet
    assert re.search(r'<c r="B4" s="1" t="inlineStr">', sheet)
    assert re.search(r'<c r="E4"><v>4500.5</v>', sheet)


def test_our_own_table_comes_in_as_it_went_out() -> None:
    for kind, name in (("xlsx", "a.xlsx"), ("csv", "花名册.csv")):
        layout, [row] = taken_in(table(PERSON, kind=kind), name)
        assert layout.kind is Kind.ROSTER
        assert (row.complaints, row.values["employer"], row.values["id_number"]) == (
            (),
            "=HYPERLINK(1)",
            NUMBER,
        )
        assert row.values["income"] == Decimal("4500.5")


def test_csv_is_for_spreadsheets_and_harmless() -> None:
    content = table(PERSON, ["-1+1", "'=x", "\t=1", "测试", date(2025, 1, 1)], kind="csv")
    assert content.startswith(b"\xef\xbb\xbf")
    head, first, second = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    assert head[1] == "身份证号"
    assert first[1:4] == [NUMBER + "\t", "10000000001", "'=HYPERLINK(1)"]
    assert second == ["'-1+1", "''=x", "'\t=1", "测试", "2025-01-01"]


def test_a_table_without_rows_still_has_headings() -> None:
    [(_, rows)] = rows_of(table()).items()
    assert len(rows) == 3


def test_a_long_text_is_cut_and_says_so() -> None:
    [(_, rows)] = rows_of(table(["甲" * 40_000, None, None, None, None])).items()
    text = rows[3][1][0]
    assert isinstance(text, str)
    assert len(text) == 32_767
    assert text.endswith("（已截断）")


@pytest.mark.parametrize("title", ["a/b:c*d?[e]\\f", "长" * 60, ""])
def test_sheets_have_names_that_are_allowed(title: str) -> None:
    stream = io.BytesIO()
    with workbook(stream) as book:
        book.add_worksheet(sheet_name(title)).write_string(0, 0, "x")
    assert len(rows_of(stream.getvalue())) == 1


def held_open() -> list[Path]:
    """Files on a disk or in shared memory that this process has open."""
    links = [link.resolve() for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    return [path for path in links if path.is_relative_to(gettempdir()) or path.is_relative_to(SHARED)]


class Sunk:
    """Keeps what is written and no more: nobody can wind it back."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def write(self, data: bytes, /) -> int:
        self.parts.append(bytes(data))
        return len(data)


def test_a_long_table_takes_little_memory_and_lies_nowhere_meanwhile() -> None:
    before = held_open()
    stream = Sunk()
    seen: list[int] = []

    def people() -> Iterator[list[Value]]:
        for number in range(20_000):
            yield [f"测试{number}", NUMBER, "10000000001", f"测试公司{number % 900}", number]
        assert held_open() == before
        assert sum(map(len, stream.parts)) > 100_000, "rows go out while others are still to come"

    tracemalloc.start()
    written = write_workbook(stream, [roster(people())], seen=seen.append)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert written == [("花名册", 20_000)]
    assert seen == sorted(seen) and seen[-1] == 20_000
    assert most < 8 << 20
    [(_, rows)] = rows_of(b"".join(stream.parts)).items()
    assert rows[-1] == (20_001, ["测试19999", NUMBER, "10000000001", "测试公司199", 19_999.0])


def test_several_sheets_each_under_its_own_name() -> None:
    stream = io.BytesIO()
    again = Sheet("花/名册", ["甲"], [10], [[date(2025, 1, 31)], [None], ["乙"]])
    assert write_workbook(stream, [roster([PERSON]), roster([]), again]) == [
        ("花名册", 1),
        ("花名册#1", 0),
        ("花－名册", 3),
    ]
    found = rows_of(stream.getvalue())
    assert list(found) == ["花名册", "花名册#1", "花－名册"]
    assert [cells for _, cells in found["花－名册"]] == [["甲"], [date(2025, 1, 31)], ["乙"]]


def test_what_one_sheet_cannot_hold_goes_on_on_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.workbooks.writing._MOST_ROWS", 2)
    stream = io.BytesIO()
    rows = [[f"测试{number}", NUMBER, None, None, None] for number in range(4)]
    assert write_workbook(stream, [roster(rows), roster(rows[:3])]) == [
        ("花名册", 2),
        ("花名册(2)", 2),
        ("花名册#2", 2),
        ("花名册(2)#3", 1),
    ]
    assert all(cells[0][1][0] == "姓名" for cells in rows_of(stream.getvalue()).values())


def test_a_table_that_breaks_off_is_no_workbook() -> None:
    def people() -> Iterator[list[Value]]:
        yield from [PERSON] * 5_000
        raise RuntimeError("the connection broke")

    for sheets_of in ([roster(people())], [roster([PERSON]), roster(people())]):
        stream = io.BytesIO()
        with pytest.raises(RuntimeError, match="broke"):
            write_workbook(stream, sheets_of)
        assert stream.getvalue()
        assert not zipfile.is_zipfile(stream)
        with pytest.raises(Unreadable):
            rows_of(stream.getvalue())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=12), min_size=1, max_size=8))
def test_any_text_comes_back(texts: list[str]) -> None:
    stream = io.BytesIO()
    rows = [["x", *texts[1:]], texts, ["x"]]
    write_workbook(stream, [roster(rows, fields=["name"] * len(texts))])
    [(_, found)] = rows_of(stream.getvalue()).items()
    told = next((cells for number, cells in found if number == 3), [])
    assert told == texts[: len(told)]
    assert not any(texts[len(told) :])


def test_what_a_workbook_of_several_sheets_keeps_meanwhile_nobody_else_can_read() -> None:
    kept: list[tuple[Path, int]] = []

    def lines() -> Iterator[tuple[int, list[Cell], list[Fault]]]:
        yield 2, ["测试甲", NUMBER], [(0, "请核对", False)]
        new = [path.parent for path in held_open() if path not in before]
        kept.extend((path, S_IMODE(path.stat().st_mode)) for path in new)
        raise RuntimeError("the connection broke")

    before = held_open()
    layout = recognise("x", [(1, ["姓名", "身份证号"])])
    with pytest.raises(RuntimeError, match="broke"):
        error_workbook([(ROSTER, layout, lines())])
    assert kept
    assert {mode for _, mode in kept} == {0o700}
    assert not any(path.exists() for path, _ in kept)


@pytest.mark.parametrize("form", ALL_FORMS, ids=lambda form: form.code)
def test_a_template_is_recognised_and_holds_nobody(form: Form) -> None:
    content = template(form)
    layout, rows = taken_in(content)
    assert layout.form is form
    assert (layout.unknown, layout.missing, rows) == ({}, (), [])
    assert len(layout.columns) == len(form.columns)
    sheet = part(content, "xl/worksheets/sheet1.xml")
    lists = sum(bool(column.choices) for column in form.columns)
    assert sheet.count("<dataValidation ") == lists
    notes = part(content, r"xl/comments\d.xml")
    for column in form.columns:
        assert column.note in notes


def test_a_templates_lists_hold_what_may_be_chosen_and_its_cells_are_text() -> None:
    content = template(ROSTER)
    explained = rows_of(content)["填写说明"]
    education = ROSTER.by_field["education"]
    at = explained[0][1].index(education.heading, 5)
    listed = [cells[at] for _, cells in explained[1:] if at < len(cells) and cells[at]]
    assert listed == list(education.choices)
    letter = chr(ord("A") + at)
    sheet = part(content, "xl/worksheets/sheet1.xml")
    assert f"<formula1>'填写说明'!${letter}$2:${letter}${len(listed) + 1}</formula1>" in sheet
    styles = re.findall(r'<col [^>]*style="(\d+)"', sheet)
    assert len(styles) == len(re.findall("<col ", sheet))
    assert 'numFmtId="49"' in part(content, "xl/styles.xml")


def test_a_filled_template_comes_in() -> None:
    stream = io.BytesIO()
    with workbook(stream) as book:
        sheet = book.add_worksheet("劳动力花名册")
        for number, (_, cells) in enumerate(rows_of(template(ROSTER))["劳动力花名册"]):
            for at, cell in enumerate(cells):
                sheet.write_string(number, at, str(cell))
        for column, text in (("name", "测试甲"), ("id_number", NUMBER), ("income", "4500")):
            at = [own.field for own in ROSTER.columns].index(column)
            sheet.write_string(5, at, text)
    layout, [row] = taken_in(stream.getvalue())
    assert row.complaints == ()
    assert reported_of(row, "", layout.asked).income == Decimal(4500)


HEADINGS = ["序号", "姓名", "身份证号码", "联系方式", "月工资", "所在小组", "电话", "外出时间"]
SENT: Rows = [
    (5, [1.0, "测试甲", 990100198001010015.0, "10000000001", "三千多", "一组", "", "2025年1月"]),
    (9, [2.0, "测试乙", NUMBER, 10000000002.0, 3500.0, "=二组", "x", date(2025, 3, 1)]),
    (12, [3.0, "", "", "10000000003"]),
]


def error_sheet() -> tuple[Layout, bytes]:
    layout = recognise("某镇", [(4, HEADINGS)], {"所在小组": "village"})
    assert layout.form is not None
    lines = []
    for number, cells in SENT:
        parsed = read_row(layout.form, layout, number, cells)
        lines.append((number, cells, [(told.at, told.reason, told.refused) for told in parsed.complaints]))
    lines[1][2].append((None, "与台账中另一人的证件号码只差一位，请核对", True))
    return layout, error_workbook([(layout.form, layout, lines)])


def test_an_error_workbook_is_the_senders_own_list() -> None:
    _, content = error_sheet()
    [(_, rows)] = rows_of(content).items()
    assert rows[0][0] == 1
    assert next(cells for number, cells in rows if number == 4) == [TO_MEND, *HEADINGS]
    first, second, third = (cells for number, cells in rows if number > 4)
    assert first[1:4] == [1.0, "测试甲", "990100198001010048"] or first[1:3] == [1.0, "测试甲"]
    assert re.fullmatch("原第5行，改好才能入库：身份证号码：.*文本格式.*；月工资：.*元.*", str(first[0]))
    assert second[1:] == [2.0, "测试乙", NUMBER, 10000000002.0, 3500.0, "=二组", "x", "2025-03-01"]
    assert str(second[0]).startswith("原第9行，改好才能入库：与台账中")
    assert "不知道是谁的" in str(third[0])
    notes = part(content, r"xl/comments\d.xml")
    assert re.findall(r'<comment ref="(\w+)"', notes) == ["D5", "F5", "C7"]
    assert "文本格式" in notes
    assert "三千" not in notes
    sheet, styles = part(content, "xl/worksheets/sheet1.xml"), part(content, "xl/styles.xml")
    bad = re.search(r'<c r="D5" s="(\d+)"', sheet)
    assert bad is not None
    formats = re.findall(r"<xf [^>]*>", styles.split("<cellXfs")[1].split("</cellXfs>")[0])
    assert 'applyFill="1"' in formats[int(bad[1])]
    assert 'numFmtId="49"' in formats[int(bad[1])]
    assert "<f>" not in sheet


def test_the_mended_file_comes_in() -> None:
    _, content = error_sheet()
    [(title, rows)] = rows_of(content).items()
    mended = {
        (5, 3): NUMBER,
        (5, 5): "3200",
        (7, 2): "测试丙",
        (7, 3): demo_id_number(date(1990, 1, 1), 9, Sex.FEMALE),
    }
    stream = io.BytesIO()
    with workbook(stream) as book:
        sheet = book.add_worksheet(title)
        for number, cells in rows:
            cells += [""] * (9 - len(cells))
            for at, cell in enumerate(cells):
                new = mended.get((number, at), cell)
                if isinstance(new, float):
                    sheet.write_number(number - 1, at, new)
                else:
                    sheet.write_string(number - 1, at, str(new))
    layout = recognise(title, rows_of(stream.getvalue())[title], {"所在小组": "village"})
    assert layout.kind is Kind.ROSTER
    assert (layout.unknown, layout.repeated) == ({}, {7: "电话"})
    assert layout.aside == {0: TO_MEND, 1: "序号"}
    _, parsed = taken_in(stream.getvalue())
    assert [row.complaints for row in parsed] == [(), (), ()]
    assert [row.values["name"] for row in parsed] == ["测试甲", "测试乙", "测试丙"]
    assert all(TO_MEND not in dict(row.others) for row in parsed)


@pytest.mark.parametrize("form", ALL_FORMS, ids=lambda form: form.code)
def test_an_error_workbook_of_any_form_is_recognised_again(form: Form) -> None:
    headings = [column.heading for column in form.columns]
    layout = recognise(form.file or "x", [(len(form.banner) + 1, headings)], kind=form.kind)
    cells: list[Cell] = [column.example for column in form.columns]
    again, [row] = taken_in(error_workbook([(form, layout, [(4, cells, [(0, "请核对", False)])])]))
    assert again.form is form
    assert again.fields == layout.fields
    assert row.complaints == ()


def test_an_error_workbook_of_many_rows_is_no_bomb_to_our_own_reader() -> None:
    layout = recognise("x", [(1, ["姓名", "身份证号"])])
    cells: list[Cell] = ["测试甲", NUMBER]
    lines = ((number, cells, [(0, "请核对", True), (1, "请核对", True)]) for number in range(2, 12_002))
    content = error_workbook([(ROSTER, layout, lines)])
    [(_, rows)] = rows_of(content).items()
    assert rows[-1][1] == ["原第12001行，改好才能入库：姓名：请核对；身份证号：请核对", "测试甲", NUMBER]
    assert part(content, r"xl/comments\d.xml").count("<comment ") == 10_000
