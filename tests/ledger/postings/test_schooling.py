"""Schooling: at least a level, no limit, or unknown."""

import pytest

from ledger.postings.schooling import read_schooling


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("不限", "any"),
        ("初中以下", "any"),
        ("小学", "primary"),
        ("初中", "junior_high"),
        ("高中以上", "senior_high"),
        ("中专/中技", "secondary_vocational"),
        ("大专", "college"),
        ("本科以上", "bachelor"),
        ("硕士", "postgraduate"),
        ("", ""),
        ("见面谈", ""),
    ],
)
def test_field(field: str, code: str) -> None:
    assert read_schooling(field).code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("初中及以上文化程度，能吃苦", "junior_high"),
        ("高中/中专以上学历", "senior_high"),
        ("学历要求：大专", "college"),
        ("大专（含）以上学历，本科优先", "college"),
        ("大专以上学历，特别优秀者可放宽至高中学历", "senior_high"),
        ("技校，职业高中毕业", "secondary_vocational"),
        ("大专或中专应届毕业生", "secondary_vocational"),
        ("无学历要求，有激情即可", "any"),
        ("学历不限", "any"),
        ("大专以上学历者优先", ""),
        ("欢迎大中专应届毕业生", ""),
        ("英语达到大学四级", ""),
        ("某文化公司诚聘", ""),
    ],
)
def test_text(text: str, code: str) -> None:
    assert read_schooling("", "普工", text).code == code


def test_a_level_in_the_field_wins_and_its_no_limit_yields() -> None:
    assert read_schooling("大专", "文员", "高中以上学历").code == "college"
    assert read_schooling("不限", "文员", "高中以上学历").code == "senior_high"
    assert read_schooling("不限", "文员", "能吃苦").code == "any"
    assert read_schooling("初中以下", "文员", "高中以上学历").code == "any"


@pytest.mark.parametrize(
    ("field", "text", "remark"),
    [
        ("大专", "高中以上学历", "学历栏写大专以上，正文写高中以上，以学历栏为准，请与用人单位核对"),
        ("不限", "高中以上学历", "学历栏写不限，正文写高中以上，以正文为准，请与用人单位核对"),
        ("大专", "大专以上学历", None),
        ("大专", "能吃苦", None),
        ("", "高中以上学历", None),
    ],
)
def test_where_field_and_text_differ_a_person_is_told(field: str, text: str, remark: str | None) -> None:
    assert read_schooling(field, "文员", text).remark == remark


def test_another_posts_schooling_is_not_taken() -> None:
    text = "一、会计：1名，大专以上学历\n二、普工：20名，初中以上学历"
    assert read_schooling("不限", "普工", text).code == "junior_high"
