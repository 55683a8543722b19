"""`./wengang stability`: what it writes, and what it rejects and why."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from api.folder.lines import LONGEST_CELL, LONGEST_LINE

from .running import HEADING, THREE, Command, rows, table

ROOT = Path(__file__).resolve().parents[3]


# --- what it writes ------------------------------------------------------------------------------------------------


def test_a_row_a_worker_rule_and_year(stability: Command) -> None:
    yearly = {"id": "每年90天", "min_days": 90, "calendar_year": True}
    ran = stability(
        rows("w1,e1,2023-06-01,2025-02-10,", "w2,e1,2025-11-01,,2025-12-31"),
        rows("w1,610728,1980-01-01", "w2,610728,", "w3,610728,", heading="worker_id,county,birth_date"),
        [THREE, yearly],
    )
    assert ran.status == 0 and ran.rejected == []
    assert list(ran.rows[0]) == ["worker_id", "rule", "stable", "stable_on", "year", "reason"]
    assert [(row["worker_id"], row["rule"], row["stable"], row["stable_on"], row["year"]) for row in ran.rows] == [
        ("w1", "三个月", "1", "2023-08-31", "2023"),
        ("w2", "三个月", "0", "", ""),
        ("w3", "三个月", "0", "", ""),
        ("w1", "每年90天", "1", "2023-08-29", "2023"),
        ("w1", "每年90天", "1", "2024-03-30", "2024"),
        ("w2", "每年90天", "0", "", ""),
        ("w3", "每年90天", "0", "", ""),
    ]  # fmt: skip
    assert ran.rows[0]["reason"] == "自2023年6月1日起连续务工，到2023年8月31日满3个月。"
    assert ran.rows[1]["reason"] == (
        "自2025年11月1日起连续务工，截至2025年12月31日共61天，不满3个月。今年内已来不及。继续在岗到2026年1月31日可以达到。"
    )
    assert (ran.answer["workers"], ran.answer["spells"], ran.answer["in_force"]) == (3, 2, 2)
    assert ran.answer["rules"][0] == {"rule": "三个月", "stable": 1, "not_stable": 2, "rows": 3}


def test_every_column_is_read(stability: Command) -> None:
    heading = (
        "worker_id,employer_id,started_on,ended_on,observed_until,region,monthly_income,kind,precision,"
        "contract_months,arrangement,destination,evidence,spell_id,supersedes,recorded_on,备注"
    )
    proof = "A 2025-01-01..2025-02-28;C 2025-03-01..2025-03-31 seal+telephone+uscc"
    ran = stability(
        rows(
            f"w1,e1,2025-01,2025-03,,320612,1666.67,workshop,month,12,self,paired_east,{proof},s1,,2025-04-01,好",
            "w2,e1,2025-01-01,2025-03-31,,320612,1666.66,market,day,,organised,province,"
            "A 2025-01-01..2025-02-28;C 2025-03-01..2025-03-31 seal+telephone,s2,,,",
            heading=heading,
        ),
        None,
        [
            {"id": "地区", "min_months": 3, "regions": ["3206"]},
            {"id": "收入", "min_months": 3, "min_total_pay": 5000},
            {"id": "月均", "min_months": 3, "min_average_pay": 1667},
            {"id": "类型", "min_months": 3, "kinds": ["workshop"]},
            {"id": "合同", "min_months": 3, "min_contract_months": 12},
            {"id": "方式", "min_months": 3, "arrangement": "self"},
            {"id": "去向", "min_months": 3, "destination": ["paired_east"]},
            {"id": "佐证", "min_months": 3, "min_evidence": "C"},
            {"id": "更好", "min_months": 3, "min_evidence": "B"},
        ],
    )
    fulfilled = {(worker, rule) for worker, rule, mark in ran.marks if mark}
    assert {mark for _, _, mark in ran.marks} == {"2025-03-31", ""}
    assert fulfilled == {
        ("w1", "地区"), ("w2", "地区"), ("w1", "收入"), ("w2", "收入"), ("w1", "类型"), ("w1", "合同"),
        ("w1", "方式"), ("w1", "去向"), ("w1", "佐证"),
    }  # fmt: skip
    assert ran.answer["unknown_columns"] == {"spells.csv": ["备注"]}


def test_total_pay_in_fen_is_rounded_once_to_yuan(stability: Command) -> None:
    # 3 × 1666.49 are 4999.47, that is 4999; 3 × 1666.50 are 4999.5, that is 5000.
    heading = "worker_id,employer_id,started_on,ended_on,monthly_income"
    rule = {**THREE, "min_total_pay": 5000}
    ran = stability(
        rows(*(f"{pay},e,2025-01-01,2025-03-31,{pay}" for pay in ("1666.49", "1666.5")), heading=heading),
        None,
        [rule],
    )
    assert [mark for _, _, mark in ran.marks] == ["", "2025-03-31"]


def test_days_before_the_sixteenth_birthday(stability: Command) -> None:
    spells = rows(*(f"{worker},e1,2025-01-01,2025-06-30," for worker in ("w1", "w2", "w3")))
    workers = rows("w1,610728,2009-04-01", "w2,610728,2009-04-02", heading="worker_id,county,birth_date")
    assert [mark for _, _, mark in stability(spells, workers).marks] == ["2025-06-30", "", "2025-03-31"]
    ran = stability(spells)
    assert [mark for _, _, mark in ran.marks] == ["2025-03-31"] * 3
    assert ran.answer["birth_dates"] is False


def test_who_was_born_before_1949_is_read(stability: Command) -> None:
    ran = stability(
        rows("w1,e,2025-01-01,2025-03-31,"), "worker_id,county,birth_date\nw1,610728,1941-02-03\n"
    )
    assert (ran.rejected, [mark for _, _, mark in ran.marks]) == ([], ["2025-03-31"])


def test_corrections_and_what_was_known(stability: Command) -> None:
    heading = HEADING + ",spell_id,supersedes,recorded_on"
    spells = rows(
        "w1,e1,2025-01-01,2025-06-30,,s1,,2025-07-01",
        "w1,e1,2025-01-01,2025-02-28,,s2,s1,2025-08-01",
        "w1,e1,2025-01-01,2025-05-31,,s3,s2,2025-09-01",
        "w2,e1,2025-01-01,2025-06-30,,,,",
        heading=heading,
    )
    for known_on, mark, superseded, later in (
        ("2025-06-30", "", 0, 3),
        ("2025-07-01", "2025-03-31", 0, 2),
        ("2025-08-31", "", 1, 1),
        ("2025-09-01", "2025-03-31", 2, 0),
    ):
        ran = stability(spells, None, [THREE], "--known-on", known_on)
        assert [found for _, _, found in ran.marks] == [mark, "2025-03-31"], known_on
        assert (ran.answer["superseded"], ran.answer["recorded_later"]) == (superseded, later)
    assert stability(spells).answer["superseded"] == 2


def test_the_same_input_gives_the_same_bytes(stability: Command) -> None:
    spells = rows(
        *(
            f"w{at % 7},e{at % 3},202{at % 4}-0{1 + at % 9}-01,202{at % 4}-0{1 + at % 9}-28,"
            for at in range(300)
        )
    )
    first = stability(spells)
    assert first.content == stability(spells).content and first.rejected


def test_quotation_marks_and_a_broken_row_among_many_change_nothing_else(stability: Command) -> None:
    told = [f"w{at},e{at % 9},2025-0{1 + at % 9}-01,,2025-12-{1 + at % 30:02d}" for at in range(90_000)]
    plain = stability(rows(*told))
    quoted = stability(rows(*('"' + row.replace(",", '","') + '"' for row in told)))
    assert plain.rows == quoted.rows and plain.rejected == quoted.rejected == []
    # In the first block and in the last, which are several megabytes apart.
    told[40_000] += ",more"
    told[-2] = "w89998,e1,2025-02-30,,"
    broken = stability(rows(*told))
    assert broken.left_out == [("spells.csv", "40002", ""), ("spells.csv", "90000", "started_on")]
    missing = {"w40000", "w89998"}
    same = [row for row in plain.rows if row["worker_id"] not in missing]
    assert [row for row in broken.rows if row["worker_id"] not in missing] == same


def test_an_identifier_that_a_spreadsheet_would_calculate_is_neutralised(stability: Command) -> None:
    ran = stability(rows("=1+1,e1,2025-01-01,2025-03-31,", "w2,e1,2025-01-01,2025-03-31,"))
    assert [worker for worker, _, _ in ran.marks] == ["'=1+1", "w2"]


# --- what it rejects -----------------------------------------------------------------------------------------------


def test_of_two_overlapping_rows_in_force_the_later_starting_is_rejected(stability: Command) -> None:
    ran = stability(
        rows(
            "w1,e2,2025-03-31,2025-09-30,",
            "w1,e1,2025-01-01,2025-03-31,",
            "w1,e3,2025-10-01,2025-12-31,",
            "w2,e1,2025-03-31,2025-09-30,",
        )
    )
    assert ran.left_out == [("spells.csv", "2", "started_on")]
    assert [mark for _, _, mark in ran.marks] == ["2025-03-31", "2025-06-30"]


def test_a_corrected_row_overlaps_nothing(stability: Command) -> None:
    heading = HEADING + ",spell_id,supersedes"
    ran = stability(
        rows("w1,e1,2025-01-01,2025-12-31,,s1,", "w1,e1,2025-02-01,2025-12-31,,s2,s1", heading=heading)
    )
    assert (ran.left_out, [mark for _, _, mark in ran.marks]) == ([], ["2025-04-30"])


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (",e1,2025-01-01,2025-03-31,,,,", "worker_id"),
        ("w1,,2025-01-01,2025-03-31,,,,", "employer_id"),
        ("w1,e1,,2025-03-31,,,,", "started_on"),
        ("w1,e1,2025-02-30,2025-03-31,,,,", "started_on"),
        ("w1,e1,1625-02-03,2025-03-31,,,,", "started_on"),
        ("w1,e1,2025-01-01,2024-12-31,,,,", "ended_on"),
        ("w1,e1,2025-01-01,9999999999-12-31,,,,", "ended_on"),
        ("w1,e1,2025-01-01,,2024-12-31,,,", "observed_until"),
        ("w1,e1,2025-01-01,2025-03-31,,s1,,", "spell_id"),
        ("w1,e1,2025-01-01,2025-03-31,,s2,s2,", "supersedes"),
        ("w1,e1,2025-01-01,2025-03-31,,,,A 2025-01-01", "evidence"),
        ("w1,e1,2025-01-01,2025-03-31,,,,E 2025-01-01..2025-03-31", "evidence"),
        ("w1,e1,2025-01-01,2025-03-31,,,,A 2025-03-31..2025-01-01", "evidence"),
        ("w1,e1,2025-01-01,2025-03-31,,,,C 2025-01-01..2025-03-31 seal+phone", "evidence"),
        ("w1,e1,2025-01-01,2025-03-31,,,,,more", ""),
        ('w1,e1,2025-01-01,"2025-03-31"x,,,,', ""),
    ],
)
def test_a_bad_row_costs_itself_only(stability: Command, row: str, column: str) -> None:
    heading = HEADING + ",spell_id,supersedes,evidence"
    good = "w2,e1,2025-01-01,2025-03-31,,s1,,"
    ran = stability(rows(good, row, "w3,e1,2025-01-01,2025-03-31,,,,", heading=heading))
    assert (ran.status, ran.left_out) == (0, [("spells.csv", "3", column)])
    assert {("w2", "三个月", "2025-03-31"), ("w3", "三个月", "2025-03-31")} <= set(ran.marks)
    assert (ran.answer["spells"], ran.answer["in_force"], ran.answer["rejected"]) == (3, 2, 1)
    assert "2025-02-30" not in ran.rejected[0]["reason"]


def test_rows_that_correct_one_another_count_for_nothing(stability: Command) -> None:
    heading = HEADING + ",spell_id,supersedes"
    ran = stability(
        rows(
            "w1,e1,2025-01-01,2025-03-31,,a,b",
            "w1,e1,2025-01-01,2025-03-31,,b,a",
            "w2,e1,2025-01-01,2025-03-31,,c,a",
            "w3,e1,2025-01-01,2025-03-31,,d,nobody",
            heading=heading,
        )
    )
    assert ran.left_out == [("spells.csv", "2", "supersedes"), ("spells.csv", "3", "supersedes")]
    assert [mark for _, _, mark in ran.marks] == ["", "2025-03-31", "2025-03-31"]
    assert ran.answer["unknown_supersedes"] == 2


def test_an_unreadable_birth_date_is_told(stability: Command) -> None:
    ran = stability(
        rows("w1,e1,2025-01-01,2025-03-31,"),
        rows("w1,610728,2009-02-30", "w2,61,2000-01-01", "w3,610728,", "w3,610728,1990-01-01", heading="worker_id,county,birth_date"),
    )  # fmt: skip
    assert ran.left_out == [
        ("workers.csv", "2", "birth_date"),
        ("workers.csv", "3", "county"),
        ("workers.csv", "5", "worker_id"),
    ]
    assert "出生日期未知" in ran.rejected[0]["reason"]


def test_an_income_in_the_wrong_unit(stability: Command) -> None:
    heading = "worker_id,employer_id,started_on,monthly_income"
    ran = stability(
        rows(
            "w1,e,2025-01-01,99999999",
            "w2,e,2025-01-01,-5",
            "w3,e,2025-01-01,1e9999",
            "w4,e,2025-01-01,3000",
            heading=heading,
        )
    )
    assert ran.left_out == [("spells.csv", str(line), "monthly_income") for line in (2, 3, 4)]


def test_a_line_without_end_and_a_quotation_mark_that_is_never_closed(stability: Command) -> None:
    good = "w1,e1,2025-01-01,2025-03-31,\n"
    long = b"w9," + b"x" * (3 * LONGEST_LINE) + b"\n"
    many = b"w8,e,2025-01-01,,\n" * (LONGEST_CELL // 18 + 2)
    ran = stability(
        rows().encode() + long + good.encode() + b'w7,"' + many + good.replace("w1", "w2").encode()
    )
    assert ran.left_out[:2] == [("spells.csv", "2", ""), ("spells.csv", "4", "")]
    assert {("w1", "三个月", "2025-03-31"), ("w2", "三个月", "2025-03-31")} <= set(ran.marks)
    assert "第4行到第" in ran.rejected[1]["reason"]


def test_other_encodings(stability: Command) -> None:
    good = "w1,e1,2025-01-01,2025-03-31,"
    broken = (
        rows(good).encode()
        + "甲,e1,2025-01-01,2025-03-31,\n".encode("gbk")
        + b"w\xed\xa0\x80,e,2025-01-01,,\n"
    )
    ran = stability(broken)
    assert ran.left_out == [("spells.csv", "3", "worker_id"), ("spells.csv", "4", "worker_id")]
    assert "UTF-8" in ran.rejected[0]["reason"]
    assert stability(b"\xef\xbb\xbf" + rows(good).encode()).marks == [("w1", "三个月", "2025-03-31")]
    assert stability(rows(good).replace("\n", "\r\n")).marks == [("w1", "三个月", "2025-03-31")]
    assert stability(rows("w\0001,e1,2025-01-01,2025-03-31,")).marks == [("w1", "三个月", "2025-03-31")]


def test_as_a_process_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "spells.csv").write_text(rows("w1,e1,2025-01-01,2025-03-31,"), encoding="utf-8")
    (tmp_path / "rules.json").write_text(json.dumps([THREE]), encoding="utf-8")
    arguments = [
        "--rules",
        str(tmp_path / "rules.json"),
        "--as-of",
        "2025-12-31",
        "--out",
        str(tmp_path / "o.csv"),
    ]
    command = [sys.executable, "-m", "api.cli", "stability", str(tmp_path), *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0 and "三个月：稳定1人，未达到0人" in done.stdout
    assert "没有 workers.csv" in done.stdout
    assert [row["stable_on"] for row in table(tmp_path / "o.csv")] == ["2025-03-31"]
