"""Rows that are the same to the last cell: told in the preview, found by D26 on import and on demand, never doubled."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, select
from starlette.testclient import TestClient

from models.report import SpellReport
from models.worker import Worker
from tests.api.filing import HEADINGS, Intake, away, workbook


@pytest.fixture
def intake(west: TestClient, work: Callable[[], int]) -> Intake:
    return Intake(west, work)


def wholes(line: dict[str, Any]) -> list[str]:
    return [each["reason"] for each in line["complaints"] if each["column"] == "整行"]


def findings(intake: Intake) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = intake.client.get("/v1/doubts?rule=D26&state=open").json()["items"]
    return found


def look(intake: Intake) -> None:
    """The whole county is looked at on demand."""
    asked = intake.client.post("/v1/doubts/check", json={"region": "610728"})
    assert asked.status_code == 202, asked.text
    intake.work()


def test_the_second_of_two_says_which_row_it_repeats_and_nothing_doubles(
    intake: Intake, session_as: Callable[[str], Session]
) -> None:
    rows = [away(1), away(2), away(1), away(3), away(1)]
    numbered = [row | {"序号": str(at)} for at, row in enumerate(rows, 1)]
    found = intake.checked(workbook(numbered, ("序号", *HEADINGS)))
    lines = intake.lines(found["id"])
    first = lines[0]["row"]
    assert [wholes(line) for line in lines] == [
        [], [], [f"与第{first}行完全相同，不会重复登记"], [], [f"与第{first}行完全相同，不会重复登记"],
    ]  # fmt: skip
    intake.client.post(f"/v1/imports/{found['id']}/apply")
    intake.work()
    session = session_as("zhenba")
    assert len(session.exec(select(Worker.id)).all()) == 3
    assert len(session.exec(select(SpellReport.id)).all()) == 3
    told = {(each["import_line"], each["what"], each["statistics"]["copies"]) for each in findings(intake)}
    expected = {(lines[at]["line"], f"与第{first}行完全相同", 3) for at in (2, 4)}
    assert told == expected
    assert {each["link"] for each in findings(intake)} == {f"/imports/{found['id']}"}
    # Nothing is left to be mended: a reason settles it, and it stays settled.
    assert {each["severity"]["code"] for each in findings(intake)} == {"check"}
    assert {
        "只登记了一次" in each["mend"] and "写明原因即可" in each["mend"] for each in findings(intake)
    } == {True}
    look(intake)
    [kept] = [
        each for each in intake.client.get("/v1/doubts/integrity").json()["items"] if each["rule"] == "D26"
    ]
    assert (kept["statistics"], kept["doubts"]) == ({"copies": 3}, 2)
    assert {
        (each["import_line"], each["what"], each["statistics"]["copies"]) for each in findings(intake)
    } == expected


def test_the_same_row_in_two_files_of_one_kind_and_day(intake: Intake) -> None:
    day = "2021-06-30"
    before = intake.applied(workbook([away(1), away(2)]), "甲镇.xlsx", as_of=day)
    row = intake.lines(before["id"])[1]["row"]
    found = intake.checked(workbook([away(3), away(2)]), "乙镇.xlsx", as_of=day)
    lines = intake.lines(found["id"])
    assert [wholes(line) for line in lines] == [[], [f"与已入库的“甲镇.xlsx”第{row}行完全相同，不会重复登记"]]
    assert findings(intake) == []
    done = intake.client.post(f"/v1/imports/{found['id']}/apply")
    assert done.status_code == 202
    intake.work()
    [finding] = findings(intake)
    assert (finding["import_id"], finding["what"]) == (found["id"], "有1行与同一天的“甲镇.xlsx”完全相同")
    assert (finding["import_line"], finding["statistics"]) == (None, {"lines": 1})
    # Next month's list says the same of her rightly.
    later = intake.checked(workbook([away(2), away(4)]), "下月.xlsx", as_of="2021-07-31")
    assert [wholes(line) for line in intake.lines(later["id"])] == [[], []]
    # Taken back, the file has no rows any more that could be the same.
    answer = intake.client.post(f"/v1/imports/{found['id']}/revert")
    assert answer.status_code in (200, 202), answer.text
    assert findings(intake) == []


def test_one_cell_makes_the_difference_and_a_row_mended_is_none(intake: Intake) -> None:
    found = intake.checked(
        workbook([away(1), away(1, 务工月收入="4501"), away(1, 证件号码="12"), away(1, 证件号码="12")])
    )
    lines = intake.lines(found["id"])
    assert [bool(wholes(line)) for line in lines] == [False, False, False, True]
    path = f"/v1/imports/{found['id']}/lines/{lines[3]['line']}"
    answer = intake.client.patch(path, json={"cells": {"id_number": away(2)["证件号码"]}})
    assert answer.status_code == 200, answer.text
    assert wholes(intake.lines(found["id"])[3]) == []


def test_marks_tell_nothing_of_the_row(intake: Intake, session_as: Callable[[str], Session]) -> None:
    intake.applied(workbook([away(1)]))
    connection = session_as("zhenba").connection()
    marks = connection.scalars(
        text("SELECT content_mark FROM import_line WHERE content_mark IS NOT NULL")
    ).all()
    assert [len(bytes(mark)) for mark in marks] == [32]


def test_the_page_shows_it(intake: Intake, visitor: Callable[[str], Any]) -> None:
    found = intake.applied(workbook([away(1), away(1)]))
    desk = visitor("zhenba")
    assert "完全相同" in desk.get(f"/imports/{found['id']}")
    assert "名单里重复的行" in desk.get("/doubts/list?rule=D26")
