"""Titles as employers write them, and how often the reading of real ones is right."""

import csv
import hashlib
import json
import math
from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.occupations import SIMILAR_ENOUGH, read_occupation
from models.reference import occupation_aliases, occupations

LABELS = Path(__file__).with_name("occupation_labels.csv")
POSTINGS = Path(__file__).parents[3] / "shared" / "data" / "postings" / "postings_2015.jsonl"


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("普工", "69903"),
        ("普 工", "69903"),
        ("操作工", "699"),
        ("平车工", "61101"),
        ("缝纫熟练工", "61101"),
        ("羊毛衫套口工", "61101"),
        ("急聘电焊工（五险一金）", "60402"),
        ("叉车工/拖车工", "62405"),
        ("保安", "30202"),
        ("保洁员", "40713"),
        ("家庭保洁师（静安区）", "40712"),
        ("传菜员", "40305"),
        ("江北收银员", "40101"),
        ("仓管", "40201"),
        ("高薪招聘电话销售+双休", "40102"),
        ("C6140车工", "60401"),
        ("CNC技术员", "60401"),
        ("html5", "20213"),
        ("电话销售（50名）/销售主管，经理（3名）", "40102"),
        ("注 塑 工（若干名）", "60902"),
        ("ＣＮＣ", "60401"),
    ],
)
def test_titles_of_factories_and_services(title: str, code: str) -> None:
    match = read_occupation(title)
    assert match is not None
    assert (match.code, match.how, match.similarity) == (code, "alias", 1.0)


def test_the_head_at_the_end_decides() -> None:
    for title, code in {"设计总监助理": "30102", "总经理助理": "30102", "办公室文员": "30102"}.items():
        match = read_occupation(title)
        assert match is not None
        assert match.code == code, title


@pytest.mark.parametrize(
    "title", ["店长", "副店长", "物流经理", "业务主管", "实验室主任", "仓库主管", "车间主任", "厨师长"]
)
def test_who_leads_a_team_leads_no_firm(title: str) -> None:
    match = read_occupation(title)
    assert match is not None
    assert match.how == "alias" and match.code != "10501"


@pytest.mark.parametrize("title", ["总经理", "副总经理", "厂长"])
def test_who_leads_a_firm(title: str) -> None:
    match = read_occupation(title)
    assert match is not None and match.code == "10501"


def test_a_title_beside_the_table_is_compared_with_it() -> None:
    match = read_occupation("流量大客户部")
    assert match is not None
    assert match.how == "similar"
    assert match.code == "40102"
    assert SIMILAR_ENOUGH <= match.similarity <= 1


@pytest.mark.parametrize(
    "title",
    [
        "",
        "1111",
        "储备干部",
        "工资过万等你来挑战",
        "2300+提成+奖金 双休",
        "无责底薪+万元提成+双休",
        "中国移动",
        "\x00",
        "😀",
    ],
)
def test_slogans_and_firms_name_no_occupation(title: str) -> None:
    assert read_occupation(title) is None


def test_the_alias_table_is_sound() -> None:
    codes = {row.code for row in occupations()}
    aliases = [row.alias for row in occupation_aliases()]
    assert len(aliases) == len(set(aliases)) >= 250
    for row in occupation_aliases():
        assert row.code in codes
        assert len(row.alias) >= 2
        assert row.alias == "".join(row.alias.lower().split())


def wilson(right: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share."""
    z, share = 1.96, right / of
    middle = share + z * z / (2 * of)
    reach = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    scale = 1 + z * z / of
    return (middle - reach) / scale, (middle + reach) / scale


@pytest.mark.skipif(not POSTINGS.exists(), reason="needs the advertisements in ../shared, which no user has")
def test_reading_of_real_titles_is_right_often_enough(record_property: Callable[[str, object], None]) -> None:
    with POSTINGS.open(encoding="utf-8") as lines:
        titles = [json.loads(line)["title"] for line in lines]
    with LABELS.open(encoding="utf-8", newline="") as file:
        labels = list(csv.DictReader(file))
    assert len(labels) == 100
    answered = right = missed = 0
    for label in labels:
        title = titles[int(label["line"]) - 1]
        assert hashlib.sha256(title.encode()).hexdigest() == label["title_sha256"]
        match, accepted = read_occupation(title), label["codes"].split(";")
        answered += match is not None
        right += match is not None and match.code in accepted
        missed += match is None and accepted != [""]
    covered = sum(read_occupation(title) is not None for title in titles)
    record_property("precision", (right, answered, wilson(right, answered)))
    record_property("coverage", (covered, len(titles), wilson(covered, len(titles))))
    assert wilson(right, answered)[0] > 0.9
    assert covered / len(titles) > 0.93
    assert missed <= 1
