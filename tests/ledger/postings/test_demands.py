"""Unlawful demands, and the words that look like them and are none."""

import pytest

from ledger.postings.demands import find_demands
from ledger.postings.findings import Ground, Severity

UNLAWFUL = [
    ("限男性", Ground.SEX),
    ("要求：女，能吃苦", Ground.SEX),
    ("女士优先", Ground.SEX),
    ("性别要求：男", Ground.SEX),
    ("1.男 20-45岁", Ground.SEX),
    ("45周岁以下女性", Ground.SEX),
    ("男18-50岁，女18-45岁", Ground.SEX),
    ("只要女的", Ground.SEX),
    ("1.男从事车床十年以上", Ground.SEX),
    ("限35岁以下男士", Ground.SEX),
    ("男女不限，女性优先", Ground.SEX),
    ("客房服务员（女）", Ground.SEX),
    ("未婚，能出差", Ground.MARRIAGE_OR_CHILDBIRTH),
    ("已婚已育优先", Ground.MARRIAGE_OR_CHILDBIRTH),
    ("三年内不打算生育", Ground.MARRIAGE_OR_CHILDBIRTH),
    ("限汉族", Ground.ETHNICITY),
    ("少数民族勿扰", Ground.ETHNICITY),
    ("回民勿扰", Ground.ETHNICITY),
    ("无宗教信仰", Ground.RELIGION),
    ("本地人优先", Ground.HUKOU_REGION),
    ("沪籍，熟悉路况", Ground.HUKOU_REGION),
    ("要求本地户口", Ground.HUKOU_REGION),
    ("外省市户籍优先考虑", Ground.HUKOU_REGION),
    ("某省人勿扰，河南人勿扰", Ground.HUKOU_REGION),
    ("无乙肝", Ground.CARRIER_OR_HEALTH),
    ("身体健康，无传染病", Ground.CARRIER_OR_HEALTH),
    ("残疾人勿扰", Ground.DISABILITY),
    ("四肢健全", Ground.DISABILITY),
]
HARMLESS = [
    "男女不限，18-45周岁",
    "性别不限",
    "男、女不限",
    "男/女 20-40岁",
    "销售女性用品，面向女性客户",
    "女装导购，服务女宾",
    "联系人：张女士",
    "男女宿舍分开",
    "每天在美女旁上班",
    "户籍不限，民族不限",
    "汉族或少数民族均可",
    "女性职工享受产假",
    "婚姻状况不限，已婚未婚均可",
    "年龄18-45岁，身体健康，退伍军人优先",
    "缴纳养老、生育保险，享婚假、产假",
    "带户口簿和身份证复印件",
    "可招收残疾人员",
    "外地员工可安排住宿",
    "熟悉本地路况，负责江苏地区业务",
    "须办理健康证",
]


@pytest.mark.parametrize(("text", "ground"), UNLAWFUL)
def test_unlawful(text: str, ground: Ground) -> None:
    found = list(find_demands(gender="不限", title="普工", text=text))
    assert ground in {finding.ground for finding in found if finding.severity is Severity.UNLAWFUL}
    for finding in found:
        assert finding.field == "text"
        assert finding.phrase and finding.rule and finding.rewording


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless(text: str) -> None:
    found = find_demands(gender="不限", title="普工", text=text)
    assert not [finding.phrase for finding in found if finding.severity is Severity.UNLAWFUL]


@pytest.mark.parametrize("text", ["无犯罪记录", "全日制本科毕业", "身高170cm以上", "无色盲", "党员优先"])
def test_milder_demands_ask_for_a_reason(text: str) -> None:
    (finding,) = find_demands(gender="", title="保安", text=text)
    assert finding.severity is Severity.ASK


def test_the_field_and_the_title_are_named() -> None:
    found = find_demands(gender="女", title="高薪聘女网络销售", text="")
    assert [finding.field for finding in found] == ["gender_req", "title"]
    assert found[0].phrase == "性别要求：女"


def test_a_lone_word_takes_its_clause_along() -> None:
    (finding,) = find_demands(gender="不限", title="普工", text="1、女 20-30岁，能吃苦")
    assert finding.phrase == "女 20-30岁"


def test_a_phrase_is_said_once_a_field() -> None:
    assert len(find_demands(gender="不限", title="普工", text="限男性；限男性")) == 1
