"""Files through the linter: JSON Lines, CSV with the exchange's columns, bad rows told, and the command itself."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from ledger.lint.files import Linted, Unreadable, lint_csv, lint_json_lines

ROOT = Path(__file__).parents[3]
HEADING = "vacancy_id,employer_id,region,title,seats,pay_min,pay_max,valid_until,text"
GOOD = "v1,e1,320612,缝纫工,5,4000,6000,2026-12-31,负责平车缝制，每天八小时"
ADVERTISEMENT = {
    "title": "缝纫工",
    "company": "测试家纺有限公司",
    "region": "江苏省南通市通州区",
    "salary": "4000-6000元/月",
    "headcount": "5人",
    "education": "不限",
    "gender_req": "不限",
    "posted": "2026-01-01",
    "deadline": "2026-12-31",
    "description": "负责家纺产品的平车缝制，计件工资，每天八小时，包住。",
}


def rows(*lines: str) -> Linted:
    return lint_csv("\n".join((HEADING, *lines)).encode())


def said(linted: Linted) -> list[tuple[int, str, str]]:
    return [(line, finding.ground.value, finding.field) for line, finding in linted.findings]


def advertisement(**changed: str) -> bytes:
    return json.dumps(ADVERTISEMENT | changed, ensure_ascii=False).encode()


def test_a_whole_post_has_nothing_wrong() -> None:
    assert said(rows(GOOD)) == []
    assert said(lint_json_lines(advertisement())) == []


def test_what_the_exchange_columns_lack_is_named_by_them() -> None:
    linted = rows("v2,,61,缝纫工,若干,面议,,长期有效,包吃包住，五险一金，年底双薪，奖金多多")
    assert said(linted) == [
        (2, "missing_pay", "pay_min"),
        (2, "missing_seats", "seats"),
        (2, "missing_validity", "valid_until"),
        (2, "missing_place", "region"),
        (2, "missing_employer", "employer_id"),
        (2, "missing_duties", "text"),
    ]


def test_demands_name_title_text_or_the_sources_own_field() -> None:
    linted = lint_json_lines(
        advertisement()
        + b"\n"
        + advertisement(gender_req="女", title="女缝纫工", description="限汉族，负责家纺产品缝制")
    )
    assert said(linted) == [(2, "sex", "gender_req"), (2, "sex", "title"), (2, "ethnicity", "text")]


def test_a_post_closed_to_women_is_known_by_its_occupation_too() -> None:
    heading = HEADING + ",occupation\n"
    for_men = GOOD.replace("缝纫工", "操作工").replace("负责平车缝制", "限男性，负责掘进")
    assert said(lint_csv((heading + for_men + ",\n").encode())) == [(2, "sex", "text")]
    assert said(lint_csv((heading + for_men + ",井下掘进工\n").encode())) == []


def test_rows_are_numbered_as_a_spreadsheet_does_also_below_a_cell_of_two_lines() -> None:
    two_lines = GOOD.replace("负责平车缝制，每天八小时", '"负责平车缝制\n每天八小时"')
    assert said(rows(two_lines, GOOD + "，限女性")) == [(3, "sex", "text")]


def test_bad_rows_are_told_and_the_others_checked() -> None:
    linted = rows(
        "v1,e1,320612,,5,4000,,2026-12-31,负责缝制",
        GOOD + ",多一列",
        GOOD.replace("缝纫工", "女工"),
        'v9,"没有关',
    )
    assert [line for line, _, _ in said(linted)] == [4]
    assert [(bad.line, bad.field) for bad in linted.rejected] == [(2, "title"), (3, None), (5, None)]
    assert linted.lines == 4


def test_gbk_and_a_byte_order_mark_are_read_and_unknown_columns_told() -> None:
    text = HEADING + ",备注\n" + GOOD + ",好\n"
    for content in (text.encode("gb18030"), text.encode("utf-8-sig")):
        linted = lint_csv(content)
        assert (linted.lines, said(linted), linted.unknown_columns) == (1, [], ("备注",))


@pytest.mark.parametrize(
    "content", [b"", b"\xef\xbb\xbf \n", b"PK\x03\x04xxxx", b"a,b\n1,2\n", b"\xff\xff\x81"]
)
def test_what_is_no_list_of_posts_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable):
        lint_csv(content)


def lint(file: Path, out: Path, *more: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "api.cli", "lint", str(file), "--out", str(out), *more],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done.returncode, done.stdout, done.stderr


def test_the_command_writes_findings_and_rejected_rows(tmp_path: Path) -> None:
    file, out = tmp_path / "招聘.jsonl", tmp_path / "问题.csv"
    file.write_bytes(
        advertisement(description="@负责缝制，女性优先") + b"\nnot json\n" + advertisement() + b"\n"
    )
    code, told, _ = lint(file, out)
    assert code == 0 and "共3条" in told and "性别1条" in told
    with out.open(encoding="utf-8", newline="") as stream:
        (finding,) = csv.DictReader(stream)
    assert list(finding) == ["line", "ground", "severity", "field", "phrase", "rule", "rewording"]
    assert (finding["line"], finding["severity"], finding["phrase"]) == ("1", "unlawful", "女性优先")
    with (tmp_path / "rejected.csv").open(encoding="utf-8", newline="") as stream:
        (bad,) = csv.DictReader(stream)
    assert (bad["file"], bad["line"]) == ("招聘.jsonl", "2") and "JSON" in bad["reason"]
    code, summary, _ = lint(file, out, "--json")
    assert code == 0
    assert json.loads(summary) | {"out": "", "rejected_file": ""} == {
        "file": "招聘.jsonl",
        "lines": 3,
        "clean": 1,
        "rejected": 1,
        "findings": 1,
        "lines_by_severity": {"unlawful": 1, "ask": 0, "missing": 0},
        "lines_by_ground": json.loads(summary)["lines_by_ground"],
        "unknown_columns": [],
        "out": "",
        "rejected_file": "",
    }


def test_no_cell_of_the_result_is_a_formula(tmp_path: Path) -> None:
    file, out = tmp_path / "posts.csv", tmp_path / "out.csv"
    file.write_text(f"{HEADING}\n{GOOD.replace('缝纫工', '=1+1女工')}\n{GOOD},+多\n", encoding="utf-8")
    assert lint(file, out)[0] == 0
    for path in (out, tmp_path / "rejected.csv"):
        with path.open(encoding="utf-8", newline="") as stream:
            assert not [
                cell for row in csv.reader(stream) for cell in row if cell.startswith(("=", "+", "-", "@"))
            ]


def test_its_exit_codes(tmp_path: Path) -> None:
    file, out = tmp_path / "posts.csv", tmp_path / "out.csv"
    assert lint(file, out)[0] == 1
    file.write_text("title\n", encoding="utf-8")
    assert lint(file, out)[0] == 1
    file.write_text(f"{HEADING}\n{GOOD}\n", encoding="utf-8")
    assert lint(file, tmp_path / "rejected.csv")[0] == 1
    assert lint(file, file)[0] == 1 and file.read_text(encoding="utf-8").startswith("vacancy_id")
    assert lint(file, out, "--wrong")[0] == 2
    code, _, _ = lint(file, out)
    assert code == 0


def test_objects_may_have_the_exchanges_names_and_what_nobody_knows_is_told() -> None:
    lines = b'{"title":"\xe6\x99\xae\xe5\xb7\xa5","text":"\xe9\x99\x90\xe5\xa5\xb3\xe6\x80\xa7","pay_min":4500,"content":"x"}\n'
    linted = lint_json_lines(lines)
    assert ("sex", "text") in {(finding.ground.value, finding.field) for _, finding in linted.findings}
    assert "missing_pay" not in {finding.ground.value for _, finding in linted.findings}
    assert linted.unknown_columns == ("content",)
    assert (linted.lines, linted.rejected) == (1, [])
