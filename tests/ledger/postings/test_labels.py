"""A hundred real advertisements, labelled by reading them, against what the readers say.

The lines were drawn with a seed from four layers: pay negotiable in the field but money in the text (40), a headcount
that is not a plain number (20), a former, county-level or missing region (14), and the rest (26). They were labelled
from the raw line before the readers were run on them. `labels.csv` holds line, hash of the line's bytes, and labels.

How the labels were set:

* pay: yuan a month for the post in the title. A sum in the salary field is the pay, also where the text differs.
  Otherwise the text: a stated total (综合, 到手, 平均月收入, "= …") before the wage, the wage before a base, pay after
  the trial before pay during it. A stated range is kept with both ends, a base range too. A single base, or a sum
  followed by "+提成" or 以上, has no upper end; 可达 has no lower end. Daily pay is taken 21.75 times. A sum in the title
  counts before the text.
* seats: the field's number; else the numbers beside the title's posts, added up; 若干, 数名, 不限 are empty.
* region: the code in force at the end of 2025 of the place in the region field; a county where the title or a workplace
  address in the text names one inside it. Former districts are the districts that took them in. An interview's or a
  registration's address is no workplace.
* education: the field's level; where the field says 不限, the least that the text asks of the title's post, else `any`.
"""

import csv
import hashlib
from collections import Counter
from pathlib import Path

import pytest

from ledger.gazetteer import Gazetteer
from ledger.postings.reading import read_posting
from ledger.postings.report import outcome

HERE = Path(__file__).parent
ADVERTISEMENTS = HERE.parents[2].parent / "shared" / "data" / "postings" / "postings_2015.jsonl"
NEEDED = 95

pytestmark = pytest.mark.skipif(
    not ADVERTISEMENTS.exists(), reason="the real advertisements are not beside the repository (../shared)"
)


def test_at_least_95_of_100_right_for_each() -> None:
    lines = ADVERTISEMENTS.read_bytes().splitlines()
    with (HERE / "labels.csv").open(encoding="utf-8", newline="") as stream:
        labels = list(csv.DictReader(stream))
    assert len(labels) == 100
    right: Counter[str] = Counter()
    wrong: list[str] = []
    for label in labels:
        raw = lines[int(label["line"]) - 1]
        assert hashlib.sha256(raw).hexdigest() == label["sha256"]
        row = outcome(read_posting(int(label["line"]), raw, gazetteer=Gazetteer.national()))
        same = {
            "pay": (row.pay_min, row.pay_max) == (label["pay_min"], label["pay_max"]),
            "seats": row.seats == label["seats"],
            "region": row.region == label["region"],
            "education": row.education == label["education"],
        }
        right.update(name for name, agrees in same.items() if agrees)
        wrong += [f"line {label['line']}: {name}" for name, agrees in same.items() if not agrees]
    assert all(right[name] >= NEEDED for name in ("pay", "seats", "region", "education")), (right, wrong)


def test_nothing_disappears() -> None:
    lines = ADVERTISEMENTS.read_bytes().splitlines()
    rows = [
        outcome(read_posting(number, raw, gazetteer=Gazetteer.national()))
        for number, raw in enumerate(lines, 1)
    ]
    assert [row.line for row in rows] == list(range(1, len(lines) + 1))
    assert all(row.reason for row in rows if row.status != "whole")
