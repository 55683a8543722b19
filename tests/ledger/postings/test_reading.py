"""A line read whole: what comes out of good lines, poor lines and rubbish."""

import json
from datetime import date
from time import process_time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.gazetteer import Gazetteer
from ledger.occupations import read_occupation
from ledger.postings.findings import Ground
from ledger.postings.reading import (
    LONGEST_DESCRIPTION,
    LONGEST_LINE,
    LineStatus,
    Posting,
    Rejected,
    read_posting,
    shift_dates,
)

WHOLE = {
    "title": "缝纫工",
    "posted": "2015-03-01",
    "salary": "3000-5000",
    "region": "江苏省 - 苏州市",
    "gender_req": "不限",
    "education": "初中",
    "headcount": "20人",
    "deadline": "2015-05-31",
    "description": "负责流水线缝纫，计件，长白班，包吃住，缴纳五险，年龄18-50岁。工作地点：吴江区盛泽镇工业园",
    "company": "某某服饰有限公司",
}


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.national()


def read(gazetteer: Gazetteer, **changes: Any) -> Posting:
    posting = read_posting(7, {**WHOLE, **changes}, gazetteer=gazetteer)
    assert isinstance(posting, Posting)
    return posting


def test_a_whole_posting(gazetteer: Gazetteer) -> None:
    posting = read(gazetteer)
    assert posting.status is LineStatus.WHOLE
    assert (posting.line, posting.title, posting.company) == (7, "缝纫工", "某某服饰有限公司")
    assert (posting.pay_min, posting.pay_max, posting.seats, posting.region) == (3000, 5000, 20, "320509")
    assert (posting.schooling.code, posting.min_age, posting.max_age) == ("junior_high", 18, 50)
    assert (posting.lodging, posting.meals, posting.social_insurance, posting.shift) == (
        True,
        True,
        True,
        "day",
    )
    assert posting.source["salary"] == "3000-5000"
    assert posting.open_on(date(2015, 3, 1)) and posting.open_on(date(2015, 5, 31))
    assert not posting.open_on(date(2015, 6, 1))


@pytest.mark.parametrize(
    ("changes", "ground"),
    [
        ({"salary": "面议"}, Ground.MISSING_PAY),
        ({"salary": "", "description": WHOLE["description"] + "月薪可达8000元"}, Ground.MISSING_PAY),
        ({"headcount": "若干"}, Ground.MISSING_SEATS),
        ({"deadline": "1970-01-01"}, Ground.MISSING_VALIDITY),
        ({"posted": "1970-01-01"}, Ground.MISSING_VALIDITY),
        ({"region": "", "description": "负责流水线缝纫，计件工资，长白班"}, Ground.MISSING_PLACE),
        ({"region": "不存在省 - 没有市", "description": "负责流水线缝纫，长白班"}, Ground.MISSING_PLACE),
        ({"region": "安徽省", "description": "负责流水线缝纫，计件工资，长白班"}, Ground.MISSING_PLACE),
        ({"company": ""}, Ground.MISSING_EMPLOYER),
        ({"company": None}, Ground.MISSING_EMPLOYER),
        ({"description": ""}, Ground.MISSING_DUTIES),
        ({"description": "职位描述职位描述职位描述"}, Ground.MISSING_DUTIES),
        ({"title": "1111"}, Ground.MISSING_DUTIES),
    ],
)
def test_what_the_law_wants_and_is_missing(
    gazetteer: Gazetteer, changes: dict[str, Any], ground: Ground
) -> None:
    posting = read(gazetteer, **changes)
    assert posting.status is LineStatus.UNKNOWNS
    assert [finding.ground for finding in posting.unknowns] == [ground]
    assert posting.unknowns[0].phrase and posting.unknowns[0].rewording


def test_a_number_of_seats_beyond_range_is_called_that(gazetteer: Gazetteer) -> None:
    for headcount in ("-5人", "0", "999999人"):
        assert "超出范围" in read(gazetteer, headcount=headcount).unknowns[0].phrase


@pytest.mark.parametrize(
    ("changes", "remark"),
    [
        ({"region": "上海市 - 闸北区"}, "地区原文：闸北区"),
        ({"title": "前厅主管/迎宾/收银员"}, "广告含多个岗位，人数和工资请核对"),
        (
            {"description": "普工（4名）薪资：4000元\n质检员（6名）薪资：3500元，长白班"},
            "广告含多个岗位，人数和工资请核对",
        ),
        ({"education": "大专"}, "学历栏写大专以上，正文写初中以上，以学历栏为准，请与用人单位核对"),
    ],
)
def test_what_a_person_should_look_at_is_remarked(
    gazetteer: Gazetteer, changes: dict[str, Any], remark: str
) -> None:
    text = WHOLE["description"].partition("工作地点")[0] + "初中以上学历"
    assert remark in read(gazetteer, **({"description": text} | changes)).remarks
    assert read(gazetteer).remarks == ()


def test_an_unlawful_demand_holds_an_otherwise_whole_posting_back(gazetteer: Gazetteer) -> None:
    posting = read(gazetteer, gender_req="女")
    assert posting.status is LineStatus.HELD
    assert not posting.unknowns
    assert posting.unlawful[0].field == "gender_req"


def test_a_demand_that_needs_a_reason_does_not_hold(gazetteer: Gazetteer) -> None:
    posting = read(gazetteer, description=WHOLE["description"] + "。身高160以上")
    assert posting.status is LineStatus.WHOLE
    assert posting.findings and not posting.unlawful


@pytest.mark.parametrize(
    ("field", "title", "text", "code"),
    [
        ("上海市 - 松江区", "文员", "", "310117"),
        ("上海市 - 闸北区", "文员", "", "310106"),
        ("上海市 - 卢湾区", "文员", "", "310101"),
        ("上海市 - 南汇区", "文员", "", "310115"),
        ("重庆市 - 江津市", "文员", "", "500116"),
        ("重庆市 - 石柱县", "文员", "", "500240"),
        ("湖北省 - 仙桃市", "文员", "", "429004"),
        ("江苏省 - 常熟市", "文员", "", "320581"),
        ("江苏省 - 苏州市", "导购-太仓", "", "320585"),
        ("江苏省 - 苏州市", "文员", "公司地址：相城区黄桥镇某路8号", "320507"),
        ("江苏省 - 苏州市", "文员", "面试地址：吴江区体育路某大厦", "3205"),
        ("安徽省 - 合肥市", "文员", "公司地址：芜湖路万达广场7号楼", "3401"),
        ("上海市 - 静安区", "文员", "公司地址：徐汇区文定路", "310106"),
        ("安徽省", "文员", "", "34"),
    ],
)
def test_places(gazetteer: Gazetteer, field: str, title: str, text: str, code: str) -> None:
    assert read(gazetteer, region=field, title=title, description=text).region == code


def test_the_title_is_taken_to_an_occupation(gazetteer: Gazetteer) -> None:
    expected = read_occupation("缝纫工")
    assert expected is not None
    assert read(gazetteer).occupation == expected.code


def _line(**changes: Any) -> bytes:
    return json.dumps({**WHOLE, **changes}, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "JSON"),
        (b"{", "JSON"),
        (b"[" * 100_000, "JSON"),
        (b"[1, 2]", "JSON对象"),
        (b'"x"', "JSON对象"),
        (_line().replace(b"2015", b"\x00"), "NUL"),
        (json.dumps(WHOLE, ensure_ascii=False).encode("gbk"), "GBK"),
        (b'{"title": "\xff\xfe\xff"}', "UTF-8"),
        (_line(title=""), "岗位名称"),
        (_line(title="  "), "岗位名称"),
        (_line(title="工" * 101), "岗位名称"),
        (_line(description="工" * 20_001), "岗位描述"),
        (_line(region="苏州" * 300), "地区"),
        (_line(salary=["3000"]), "薪资"),
        (_line(headcount=float("nan")), "招聘人数"),
        (_line(headcount=10**400), "招聘人数"),
        (_line(headcount=10**9).replace(b"1000000000", b"1" * 5000), "JSON"),
        (_line(headcount=10**20), "招聘人数"),
        (_line(posted=True), "发布日期"),
        (b'{"title": "\\u0000"}', "岗位名称"),
        (b'{"title": "\\ud800"}', "岗位名称"),
        (b" " * (LONGEST_LINE + 1), "太长"),
    ],
)
def test_unreadable_lines_are_rejected_with_line_and_field(
    gazetteer: Gazetteer, raw: bytes, words: str
) -> None:
    rejected = read_posting(41, raw, gazetteer=gazetteer)
    assert isinstance(rejected, Rejected)
    assert rejected.status is LineStatus.REJECTED
    assert rejected.reason.startswith("第41行")
    assert words in rejected.reason
    assert "3000" not in rejected.reason


@pytest.mark.parametrize("scrap", ["1 ", "男1女", "1、车工 3名\n", "工资3000元", "(", "<p ", "一"])
def test_the_longest_description_is_read_in_a_moment(gazetteer: Gazetteer, scrap: str) -> None:
    begun = process_time()
    read(gazetteer, description=(scrap * LONGEST_DESCRIPTION)[:LONGEST_DESCRIPTION])
    assert process_time() - begun < 5  # seconds; far above what it takes, far below what a square of it would


def test_emoji_numbers_and_a_byte_order_mark_are_fine(gazetteer: Gazetteer) -> None:
    posting = read_posting(1, b"\xef\xbb\xbf" + _line(title="缝纫工🧵", headcount=20), gazetteer=gazetteer)
    assert isinstance(posting, Posting)
    assert (posting.title, posting.seats) == ("缝纫工🧵", 20)


def test_an_old_posting_is_moved_and_says_so(gazetteer: Gazetteer) -> None:
    moved = shift_dates(read(gazetteer), 30)
    assert (moved.posted_on, moved.valid_until) == (date(2015, 3, 31), date(2015, 6, 30))
    assert "30天" in moved.remarks[-1]
    assert shift_dates(read(gazetteer), 10**8).posted_on is None


@given(st.binary(max_size=200))
def test_never_raises_on_any_bytes(raw: bytes) -> None:
    assert isinstance(read_posting(1, raw, gazetteer=Gazetteer.national()), Posting | Rejected)


_VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=80), st.lists(st.text())
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(WHOLE)), _VALUES), st.booleans())
def test_never_raises_on_any_object(fields: dict[str, Any], titled: bool) -> None:
    row = {**fields, "title": "缝纫工"} if titled else fields
    read_out = read_posting(1, row, gazetteer=Gazetteer.national())
    assert isinstance(read_out, Posting | Rejected)
    if isinstance(read_out, Posting):
        assert (read_out.status is LineStatus.HELD) == bool(read_out.unlawful)
        assert read_out.seats is None or read_out.seats >= 1
