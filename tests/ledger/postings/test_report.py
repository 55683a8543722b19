"""The outcome table and its sums."""

import csv
import io

from ledger.gazetteer import Gazetteer
from ledger.postings.reading import read_posting
from ledger.postings.report import COLUMNS, counts, outcome, write_csv

LINES = [
    {
        "title": "普工",
        "company": "甲公司",
        "region": "江苏省 - 苏州市",
        "salary": "3000-5000",
        "headcount": "5人",
        "education": "不限",
        "posted": "2015-03-01",
        "deadline": "2015-04-01",
        "description": "负责包装和搬运，长白班，月休四天",
    },
    {"title": "普工", "gender_req": "男", "salary": "8000以上"},
    {"title": "普工", "description": "负责包装和搬运，月休四天"},
    {"salary": "3000"},
]


def _read() -> list[object]:
    return [
        read_posting(number, line, gazetteer=Gazetteer.national()) for number, line in enumerate(LINES, 1)
    ]


def test_rows() -> None:
    whole, held, unknown, rejected = (outcome(read) for read in _read())  # type: ignore[arg-type]
    assert (whole.status, whole.pay_min, whole.pay_max, whole.seats) == ("whole", "3000", "5000", "5")
    assert (whole.region, whole.education, whole.reason) == ("3205", "any", "")
    assert (held.status, held.pay_min, held.pay_max, held.education) == ("held", "8000", "", "")
    assert held.reason.startswith("违法限制（性别）")
    assert unknown.status == "unknowns" and "缺薪酬" in unknown.reason
    assert rejected.status == "rejected" and rejected.reason.startswith("第4行")


def test_sums() -> None:
    sums = counts(_read())  # type: ignore[arg-type]
    assert sums.lines == 4
    assert sums.by_status == {"whole": 1, "unknowns": 1, "held": 1, "rejected": 1}
    assert sums.held == {"sex": 1}
    assert sums.unknowns["missing_seats"] == 2
    assert sums.unknowns["missing_pay"] == 1


def test_csv_holds_every_line_and_no_formula() -> None:
    stream = io.StringIO(newline="")
    dangerous = read_posting(5, {"title": "普工", "gender_req": "男"}, gazetteer=Gazetteer.national())
    rows = [outcome(read) for read in (*_read(), dangerous)]  # type: ignore[arg-type]
    write_csv(rows, stream)
    table = list(csv.DictReader(io.StringIO(stream.getvalue())))
    assert tuple(table[0]) == COLUMNS
    assert [row["line"] for row in table] == ["1", "2", "3", "4", "5"]
    assert not any(value.startswith(("=", "+", "-", "@")) for row in table for value in row.values())
