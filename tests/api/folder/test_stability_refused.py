"""`./wengang stability` where nothing can be done, with rules that cannot be used, and over files broken in every way."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .running import HEADING, THREE, Command, rows

# --- nothing could be done -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        None,
        b"",
        b"\n\n",
        b"\x00" * 100,
        b"worker_id,employer_id\nw1,e1\n",
        b"worker_id,worker_id,employer_id,started_on\nw1,w1,e1,2025-01-01\n",
        b'"worker_id,employer_id,started_on\nw1,e1,2025-01-01\n',
        rows("w1,e1,2025-01-01,,").encode("utf-16"),
        rows("w1,e1,2025-99-01,,").encode(),
        b"PK\x03\x04" + b"\xff" * 500,
    ],
)
def test_nothing_to_evaluate_is_status_1(stability: Command, content: bytes | None) -> None:
    ran = stability(content)
    assert (ran.status, ran.answer, ran.rows) == (1, {}, [])
    assert "spells.csv" in ran.said


def test_a_folder_without_rows_is_no_fault(stability: Command) -> None:
    ran = stability(rows(), "worker_id,county\nw1,610728\n")
    assert (ran.status, ran.marks) == (0, [("w1", "三个月", "")])


def test_results_never_replace_the_spells(stability: Command, tmp_path: Path) -> None:
    content = rows("w1,e1,2025-01-01,,")
    ran = stability(content, None, [THREE], "--out", str(tmp_path / "spells.csv"))
    assert ran.status == 1 and (tmp_path / "spells.csv").read_text() == content


# --- rules that cannot be used -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ([THREE, {"id": "乱", "min_months": 3, "min_days": 90}], "第2条口径“乱”：口径字段“min_months”有误"),
        ([{"id": "乱", "min_month": 3}], "第1条口径“乱”：口径字段“min_month”有误"),
        ([{"id": "乱", "kinds": []}], "口径字段“kinds”有误"),
        ([{"id": "乱", "calendar_year": 2025, "min_months": 13}], "口径字段“calendar_year”有误"),
        ('[{"id": "乱", "min_days": 3, "min_days": 90}]', "口径字段“min_days”有误：写了两次"),
        ([THREE, THREE], "第2条口径“三个月”：字段“id”与前面的一条相同"),
        ([{"min_months": 3}], "第1条口径：口径字段“id”有误"),
        ([{"id": "\ud800"}], "字段“id”有误"),
        ([], "至少有一条"),
        ({"id": "一条"}, "应是一个列表"),
        ([3], "第1条口径应写成"),
        ("[{]", "第1行第3个字附近"),
        ("", "不是有效的 JSON"),
        ("[" * 100_000, "套得太深"),
        ('[{"id": "大", "min_days": ' + "9" * 5000 + "}]", "不能读取的数字"),
        ('[{"id": "大", "min_days": NaN}]', "不能读取的数字"),
        ('[{"id": "大", "min_days": 1e400}]', "口径字段“min_days”有误"),
    ],
)  # fmt: skip
def test_rules_that_cannot_be_used_are_wrong_usage(stability: Command, rules: Any, said: str) -> None:
    ran = stability(rows("w1,e1,2025-01-01,,"), None, rules)
    assert (ran.status, ran.answer, ran.content) == (2, {}, b"")
    assert said in ran.said


def test_a_wrong_date_and_missing_rules_are_wrong_usage(stability: Command, tmp_path: Path) -> None:
    spells = rows("w1,e1,2025-01-01,,")
    assert stability(spells, as_of="2025-02-30").status == 2
    assert stability(spells, None, [THREE], "--known-on", "gestern").status == 2
    assert stability(spells, None, [THREE], "--rules", str(tmp_path / "none.json")).status == 2


# --- broken in every way -------------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        b"w1", b"w2", b"e1", b"2025-01-01", b"2025-03-31", b"2025-10", b"9999-12-31", b"0000-00-00", b"-1", b"9" * 400,
        b"1e309", b"nan", b'"', b'""', b",", b"\n", b"\r", b"\r\n", b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"\xf0\x9f\x98\x80",
        "甲".encode("gbk"), "　".encode(), b"=cmd", b"'", b";", b"A 2025-01-01..2025-03-31", b"C ..", b"s1", b"s2", b"\\",
        b"worker_id", b"market", b"\t", b"3000.505", "٣".encode(), "２０２５-01-01".encode(),
    ]
)  # fmt: skip
BROKEN = st.lists(PIECES | st.binary(max_size=6), max_size=60).map(b"".join)
LINE = st.lists(PIECES, max_size=18).map(b",".join)
FULL = (HEADING + ",evidence,spell_id,supersedes,recorded_on,monthly_income,kind,region,precision\n").encode()


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        BROKEN,
        BROKEN.map(lambda rest: FULL + rest),
        st.lists(LINE).map(lambda lines: FULL + b"\n".join(lines)),
    )
)
def test_whatever_lies_in_the_file_no_row_is_lost_in_silence(stability: Command, content: bytes) -> None:
    ran = stability(content, b"worker_id,county,birth_date\n" + content)
    assert ran.status in (0, 1)
    if ran.status == 1:
        assert ran.said
        return
    told = ran.answer
    left_out = {line for file, line, _ in ran.left_out if file == "spells.csv"}
    assert told["spells"] == told["in_force"] + told["superseded"] + told["recorded_later"] + len(left_out)
    assert len({row["worker_id"] for row in ran.rows}) == len(ran.rows) == told["workers"]
    assert all(row["reason"] for row in ran.rows) and all(row["reason"] for row in ran.rejected)
