"""Phrases that restrict and phrases that only look like it, ground by ground; then rule, rewording and severity."""

import csv
import re
import time
from pathlib import Path

import pytest

from ledger.postings.demands import find_demands
from ledger.postings.findings import Ground, Severity

with (Path(__file__).parent / "phrases.csv").open(encoding="utf-8", newline="") as stream:
    PHRASES = [(row["ground"], row["severity"], row["phrase"]) for row in csv.DictReader(stream)]
DEMANDS = [(Ground(ground), Severity(severity), phrase) for ground, severity, phrase in PHRASES if ground]
HARMLESS = [phrase for ground, _, phrase in PHRASES if not ground]
AROUND = ["{}", "任职要求：1、年龄18-45岁；2、{}；3、服从安排。"]


def grounds(text: str, severity: Severity | None = None) -> set[Ground]:
    found = find_demands(gender="不限", title="普工", text=text)
    return {finding.ground for finding in found if severity in (None, finding.severity)}


@pytest.mark.parametrize("ground", sorted({ground for ground, _, _ in DEMANDS}))
def test_demands_are_found(ground: Ground) -> None:
    missed = [
        around.format(text)
        for its_ground, severity, text in DEMANDS
        for around in AROUND
        if its_ground is ground and ground not in grounds(around.format(text), severity)
    ]
    assert not missed


def test_what_only_looks_like_a_demand_is_none() -> None:
    wrongly = {
        around.format(text): grounds(around.format(text))
        for text in HARMLESS
        for around in AROUND
        if grounds(around.format(text))
    }
    assert not wrongly


@pytest.mark.parametrize(
    "title", ["女装导购", "男鞋针车工", "女子会所前台", "妇产科护士", "男女服务员", "美女之家美容店店员", "普工（男女不限）", "婚纱店店员", "回族餐厅服务员", "女生宿舍管理员"]
)  # fmt: skip
def test_harmless_titles(title: str) -> None:
    assert not find_demands(gender="", title=title, text="")


@pytest.mark.parametrize("title", ["女文员", "普工(男)", "招女工", "男保安", "急聘女收银", "洗碗阿姨", "前台小姐", "女客服周末双休", "男技师", "高薪聘男公关"])  # fmt: skip
def test_titles_for_one_sex(title: str) -> None:
    found = find_demands(gender="", title=title, text="")
    assert {(finding.ground, finding.field) for finding in found} == {(Ground.SEX, "title")}


def test_a_reason_in_the_sentence_answers_the_question() -> None:
    assert not grounds("无色盲，需辨认线缆颜色")
    assert grounds("无色盲，能吃苦") == {Ground.CARRIER_OR_HEALTH}


def test_a_post_that_law_closes_to_women_may_ask_for_men_in_its_title_only() -> None:
    assert not find_demands(gender="男", title="煤矿井下采煤工", text="限男性，女性勿扰")
    assert find_demands(gender="女", title="煤矿井下采煤工", text="")
    assert find_demands(gender="男", title="搬运工", text="井下作业")
    assert not find_demands(gender="", title="操作工", occupation="矿井掘进工", text="限男性")


def test_every_phrase_is_as_written_with_law_and_something_to_paste() -> None:
    for _, _, text in DEMANDS:
        for finding in find_demands(gender="不限", title="普工", text=text):
            assert finding.phrase and finding.phrase in text
            assert re.search(r"第.{1,4}条", finding.rule)
            assert "“" in finding.rewording or "删去" in finding.rewording


def test_a_rewording_keeps_the_age() -> None:
    (finding,) = find_demands(gender="不限", title="普工", text="女，20-30岁，能吃苦")
    assert "男女不限" in finding.rewording
    (finding,) = find_demands(gender="不限", title="普工", text="1、女 20-30岁，能吃苦")
    assert "“20-30岁，男女不限”" in finding.rewording


@pytest.mark.parametrize(
    "text",
    [
        "男" * 20_000,
        "女18" * 6_000,
        "无、" * 10_000,
        "有本地" * 6_000,
        "男18岁以下" * 3_000,
        "汉族、" * 6_000,
    ],
)
def test_no_text_makes_it_slow(text: str) -> None:
    start = time.perf_counter()
    find_demands(gender="", title="普工", text=text)
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize(("text", "ground"), [("回民勿扰", Ground.ETHNICITY), ("女孩子优先", Ground.SEX)])
def test_one_demand_is_one_ground(text: str, ground: Ground) -> None:
    assert grounds(text) == {ground}
