"""`./wengang doubts` as a process: a county's export of 3,000 rows with planted doubts, and files that are none."""

import csv
import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import typer
import xlsxwriter

from api.cli.verbs import app
from ledger.forms.national import AWAY
from models.id_number import demo_id_number
from models.worker import Sex

ROOT = Path(__file__).resolve().parents[3]
COLUMNS = AWAY.columns
FIELDS = [column.field for column in COLUMNS]
PLACES = [
    ("江苏省", "南通市", "通州区"),
    ("陕西省", "西安市", "雁塔区"),
    ("广东省", "东莞市", ""),
    ("重庆市", "县", "奉节县"),
]
Row = dict[str, Any]


@dataclass(frozen=True)
class Ran:
    """What came of one command."""

    status: int
    said: str
    answer: dict[str, Any]
    found: list[dict[str, str]]
    rejected: list[dict[str, str]]


@pytest.fixture
def doubts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run the command over a file; the results lie in a folder of their own."""

    def run(file: Path, *extra: str, home: str = "610728") -> Ran:
        out = tmp_path / "out" / "doubts.csv"
        out.parent.mkdir(exist_ok=True)
        try:
            status = int(app(arguments(file, out, *extra, home=home), standalone_mode=False) or 0)
        except typer.TyperException:
            status = 2
        said = capsys.readouterr()
        answer = json.loads(said.out) if said.out else {}
        return Ran(status, said.err, answer, table(out), table(out.with_name("rejected.csv")))

    return run


def arguments(file: Path, out: Path, *extra: str, home: str = "610728") -> list[str]:
    dates = ["--as-of", "2025-09-30", "--home", home]
    return ["doubts", str(file), *dates, "--out", str(out), "--json", *extra]


def table(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def person(number: int, **change: Any) -> Row:
    chosen = random.Random(number)  # noqa: S311 - test data
    birth = date(1966 + chosen.randrange(35), 1 + chosen.randrange(12), 1 + chosen.randrange(28))
    province, city, county = PLACES[number % 4]
    row = {
        "village": f"测试村{number // 100}",
        "household": f"H{number // 3}",
        "person": f"P{number}",
        "household_kind": "脱贫户",
        "name": "测试甲",
        "id_number": demo_id_number(birth, number, Sex.MALE),
        "health": "健康",
        "capability": "普通劳动力",
        "phone": f"138{number:08d}",
        "working": "是",
        "started": f"202{chosen.randrange(3, 6)}年0{chosen.randrange(1, 10)}月 ",
        "place_province": province,
        "place_city": city,
        "place_county": county,
        "employer": f"测试公司{chosen.randrange(90)}",
        "income": str(chosen.randrange(2000, 8000)),
        "industry": "制造业",
        "channel": "自发外出务工",
        "point_to_point": "否",
    }
    return row | change


def write(path: Path, rows: Sequence[Row], *, name: str = "已外出务工信息") -> Path:
    workbook = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_numbers": False})
    sheet = workbook.add_worksheet(name)
    sheet.write_string(0, 0, name)
    sheet.write_string(1, 0, "导出日期：2025年09月30日")
    for at, column in enumerate(COLUMNS):
        sheet.write_string(2, at, column.heading)
    for number, row in enumerate(rows, 3):
        for field, value in row.items():
            if isinstance(value, tuple):
                sheet.write_formula(number, FIELDS.index(field), value[0], value=value[1])
            elif value != "":
                sheet.write(number, FIELDS.index(field), value)
    workbook.close()
    return path


def test_a_county_of_3000_rows(doubts: Callable[..., Ran], tmp_path: Path) -> None:
    rows = [person(number) for number in range(3000)]
    planted: list[tuple[int, str, dict[str, Any]]] = [
        (10, "D01", {"employer": "", "point_to_point": ""}),
        (20, "D02", {"place_county": "市辖区"}),
        (30, "D04", {"working": "否"}),
        (40, "D05", {"started": "2022年08月"}),
        (50, "D06", {"channel": "公益性岗位"}),
        (60, "D09", {"post_kinds": "护林员"}),
        (70, "D11", {"student": "九年级"}),
        (80, "D13", {"capability": "丧失劳动力"}),
        (90, "D17", {"income": "45000"}),
        (100, "D18", {"phone": "0916-671234"}),
        (110, "D22", {"id_number": rows[110]["id_number"][:-2]}),
    ]
    for at, _, change in planted:
        rows[at] |= change
    rows[201]["person"] = rows[200]["person"]
    rows[200] |= {"started": "2024年01月", "ended": "2025年03月"}
    rows[201] |= {"started": "2025年03月"}
    rows[2999] = dict(rows[2998])
    ran = doubts(write(tmp_path / "county.xlsx", rows))
    expected = {(at + 4, number) for at, number, _ in planted} | {(205, "D03"), (3003, "D26")}
    assert {(int(row["row"]), row["rule"]) for row in ran.found} == expected
    assert list(ran.found[0]) == ["row", "person", "rule", "severity", "what", "mend"]
    assert next(row for row in ran.found if row["rule"] == "D17")["person"] == "P90"
    assert all(row["what"] and row["mend"] for row in ran.found)
    assert (ran.status, ran.rejected) == (0, [])
    assert (ran.answer["rows"], ran.answer["checked"], ran.answer["findings"]) == (3000, 3000, len(expected))
    assert ran.answer["by_rule"] == dict(sorted(Counter(number for _, number in expected).items()))


def test_rejected_rows_and_cells(doubts: Callable[..., Ran], tmp_path: Path) -> None:
    rows = [
        person(0, employer=("=A1", "测试公司")),
        person(1, id_number=int("990100198001010015")),
        person(2, started="前年"),
        person(3, employer="=HYPERLINK(1)", person="@P3", income=""),
    ]
    ran = doubts(write(tmp_path / "county.xlsx", rows))
    assert ran.status == 0
    assert [(row["line"], row["column"]) for row in ran.rejected] == [
        ("4", "务工企业名称"),
        ("5", "证件号码"),
        ("6", "开始时间"),
    ]
    assert list(ran.rejected[0]) == ["file", "line", "column", "reason"]
    assert (ran.answer["rejected"], ran.answer["unread_cells"], ran.answer["checked"]) == (2, 1, 2)
    [finding] = ran.found
    assert (finding["row"], finding["person"], finding["rule"]) == ("7", "'@P3", "D01")
    assert "990100" not in json.dumps([ran.answer, ran.rejected, ran.said])


def test_csv_in_gbk(doubts: Callable[..., Ran], tmp_path: Path) -> None:
    path = tmp_path / "county.csv"
    lines = ["人编号,姓名,户编号,是否务工,务工月收入", "P1,测试甲,H1,是,", "P2,测试乙,H1,是,3000"]
    path.write_bytes("\r\n".join(lines).encode("gbk"))
    ran = doubts(path)
    assert [(row["row"], row["person"], row["rule"]) for row in ran.found] == [("2", "P1", "D01")]


def test_nothing_to_check_is_status_1(doubts: Callable[..., Ran], tmp_path: Path) -> None:
    refused = write(tmp_path / "refused.xlsx", [person(1, id_number=990100198001010015.0)])
    strange = tmp_path / "strange.csv"
    strange.write_text("甲,乙\n1,2\n", encoding="utf-8")
    cut = tmp_path / "cut.xlsx"
    cut.write_bytes(refused.read_bytes()[:2000])
    for file in (refused, strange, cut, tmp_path / "none.xlsx", tmp_path):
        ran = doubts(file)
        assert (ran.status, ran.answer, ran.found) == (1, {}, []), file
        assert ran.said
    [rejected] = doubts(refused).rejected
    assert "文本格式" in rejected["reason"]


def test_as_a_process_of_its_own(tmp_path: Path) -> None:
    out = tmp_path / "doubts.csv"
    file = write(tmp_path / "county.xlsx", [person(1, phone="123")])
    command = [sys.executable, "-m", "api.cli", *arguments(file, out)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["by_rule"] == {"D18": 1}
    assert [row["rule"] for row in table(out)] == ["D18"]


@pytest.mark.parametrize("home", ["61", "6107", "999999", "镇巴", "610728001"])
def test_a_home_that_is_no_county_is_wrong_usage(
    doubts: Callable[..., Ran], tmp_path: Path, home: str
) -> None:
    ran = doubts(write(tmp_path / "county.xlsx", [person(1)]), home=home)
    assert ran.status == 2
    assert "--home" in ran.said


def test_a_city_without_counties_may_be_home(doubts: Callable[..., Ran], tmp_path: Path) -> None:
    ran = doubts(write(tmp_path / "county.xlsx", [person(2, channel="就业帮扶车间")]), home="4419")
    assert (ran.status, ran.found) == (0, [])


def test_a_wrong_date_is_wrong_usage(doubts: Callable[..., Ran], tmp_path: Path) -> None:
    assert doubts(write(tmp_path / "county.xlsx", [person(1)]), "--as-of", "2025-13-01").status == 2


def test_results_never_replace_the_file(doubts: Callable[..., Ran], tmp_path: Path) -> None:
    file = write(tmp_path / "county.xlsx", [person(1)])
    before = file.read_bytes()
    assert doubts(file, "--out", str(file)).status == 1
    assert file.read_bytes() == before
