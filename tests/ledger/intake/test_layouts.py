"""A sheet's headings between the steps of an import: first look, what somebody says, reading rows by it."""

import json

import pytest

from ledger.forms import WrongAnswer
from ledger.intake.layouts import column_of, first_look, lacking, line_reader, only_of, retold
from models.intake import ImportKind

TOP = [(1, ["务工人员花名册"]), (2, ["姓名", "身份证号", "联系方式", "怎么走的", "挣多少"])]


def test_what_is_not_known_is_asked_and_what_was_said_is_kept() -> None:
    sheet = first_look("Sheet1", TOP, {}, None)
    assert (sheet["kind"], sheet["heading_row"], sheet["asking"]) == ("roster", 2, ["3", "4"])
    told = retold(json.loads(json.dumps(sheet)), ImportKind.ROSTER, {"挣多少": "income", "怎么走的": None})
    assert told["asking"] == []
    assert column_of(told, "income") == 4
    again = first_look("Sheet1", TOP, {"挣多少": "income", "怎么走的": None}, None)
    assert again["asking"] == [] and column_of(again, "income") == 4


def test_an_answer_that_cannot_be_is_refused() -> None:
    sheet = first_look("Sheet1", TOP, {}, None)
    with pytest.raises(WrongAnswer):
        retold(sheet, ImportKind.ROSTER, {"挣多少": "no such thing"})
    with pytest.raises(WrongAnswer):
        retold(sheet, ImportKind.ROSTER, {"挣多少": "phone", "怎么走的": "phone"})


def test_part_of_the_answers_leaves_the_rest_asked() -> None:
    sheet = retold(first_look("Sheet1", TOP, {}, None), ImportKind.ROSTER, {"挣多少": "income"})
    assert sheet["asking"] == ["3"]


def test_a_row_is_read_by_what_was_said() -> None:
    sheet = retold(first_look("Sheet1", TOP, {}, None), None, {"挣多少": "income", "怎么走的": None})
    line = line_reader(sheet)(3, ["测试甲", "990100198001010015", "10000000001", "x", "4500"], ())
    assert line.reported is not None
    assert (line.reported.name, line.reported.income) == ("测试甲", 4500)
    refused = line_reader(sheet)(4, ["测试甲", 990100198001010015, "", "", ""], ())
    assert refused.reported is None and refused.complaints[0].refused
    assert line_reader(sheet)(5, ["", None, " "], ()).skipped


def test_a_sheet_without_what_tells_a_person_lacks_it() -> None:
    sheet = first_look("花名册", [(1, ["姓名", "联系方式", "村组"])], {}, ImportKind.ROSTER)
    assert lacking(sheet) == ["身份证号"]


def test_sheets_of_another_kind_are_left_out_and_say_so() -> None:
    people = first_look("Sheet1", TOP, {}, None)
    assert only_of(people, ImportKind.AWAY)["skipped"] == ""
    assert "单独导入" in only_of(people, ImportKind.POSTS)["skipped"]
