"""A number that belongs to somebody known, beside a wholly different name and household: held until a human says."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.workbooks.reading import sheets as read_sheets
from tests.api.filing import Intake, away, number, workbook

OURS = {"姓名": "王秀兰", "户编号": "NH-1", "村": "测试村"}
STRANGE = {"姓名": "李大勇", "户编号": "NH-2", "村": "别处村", "人编号": "P-2", "民族": "回族"}
WORDS = "证件号码已属于另一人，请核对号码"


@pytest.fixture
def intake(west: TestClient, work: Callable[[], int]) -> Intake:
    return Intake(west, work)


@pytest.fixture
def known(intake: Intake) -> int:
    done = intake.applied(workbook([away(1, **OURS)]), as_of="2021-06-30")
    [line] = intake.lines(done["id"])
    found: int = line["worker_id"]
    return found


def strange(**changes: str) -> bytes:
    return workbook([away(1, **{**STRANGE, **changes})])


def held(intake: Intake, content: bytes) -> tuple[int, dict[str, Any]]:
    """The file, applied, and the pair that waits."""
    done = intake.applied(content, "又一份.xlsx", as_of="2021-07-31")
    assert done["counts"].get("possible") == 1, done["counts"]
    [pair] = intake.client.get("/v1/duplicates?decided=false").json()["items"]
    return done["id"], pair


def worker(intake: Intake, number: int) -> dict[str, Any]:
    found: dict[str, Any] = intake.client.get(f"/v1/workers/{number}").json()
    return found


def decide(intake: Intake, pair: dict[str, Any], verdict: str) -> None:
    answer = intake.client.post(f"/v1/duplicates/{pair['id']}/decide", json={"verdict": verdict})
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, "possible"),
        ({"户编号": ""}, "possible"),
        ({"村": ""}, "possible"),
        ({"户编号": "NH-1"}, "changed"),
        ({"村": "测试村"}, "changed"),
        ({"村": "", "户编号": ""}, "changed"),
        ({"姓名": "王绣兰"}, "changed"),
        ({"姓名": "王秀兰兰"}, "changed"),
        ({"姓名": "李秀兰"}, "changed"),
    ],
)
def test_who_is_held(intake: Intake, known: int, changes: dict[str, str], status: str) -> None:
    found = intake.checked(strange(**changes), "又一份.xlsx", as_of="2021-07-31")
    assert [line["status"]["code"] for line in intake.lines(found["id"])] == [status]


def test_until_somebody_says_nothing_is_written_and_both_stand_side_by_side(
    intake: Intake, known: int
) -> None:
    _, pair = held(intake, strange())
    assert (pair["likeness"]["code"], pair["worker"]["id"], pair["other"]) == ("other_name", known, None)
    assert worker(intake, known)["name"] == "王秀兰"
    detail = intake.client.get(f"/v1/duplicates/{pair['id']}")
    differs = {fact["field"]: fact["differs"] for fact in detail.json()["facts"]}
    assert (differs["name"], differs["household"], differs["village"]) == (True, True, True)
    assert differs["id_number"] is False
    assert number(1) not in detail.text


def test_the_same_person_takes_the_files_name_and_keeps_the_old_one_in_the_history(
    intake: Intake, known: int
) -> None:
    file, pair = held(intake, strange())
    decide(intake, pair, "same")
    found = worker(intake, known)
    assert (found["name"], found["ethnicity"]) == ("李大勇", "回族")
    assert [line["status"]["code"] for line in intake.lines(file)] == ["changed"]
    past = intake.client.get(f"/v1/workers/{known}/history").text
    assert "王秀兰" in past
    assert "李大勇" in past


def test_not_the_same_the_line_is_refused_and_nobody_is_made(intake: Intake, known: int) -> None:
    file, pair = held(intake, strange())
    decide(intake, pair, "different")
    [line] = intake.lines(file)
    assert line["status"]["code"] == "rejected"
    assert [each["reason"] for each in line["complaints"] if each["refused"]] == [WORDS]
    assert worker(intake, known)["name"] == "王秀兰"
    assert intake.client.get("/v1/workers?q=李大勇").json()["total"] == 0
    assert intake.client.get("/v1/duplicates?decided=false").json()["total"] == 0
    # The number mended, the line is somebody of her own.
    path = f"/v1/imports/{file}/lines/{line['line']}"
    answer = intake.client.patch(path, json={"cells": {"id_number": number(2)}})
    assert answer.status_code == 200, answer.text
    assert intake.client.get("/v1/workers?q=李大勇").json()["total"] == 1
    assert worker(intake, known)["name"] == "王秀兰"


def test_a_line_that_is_mended_into_somebody_elses_number_is_held_too(intake: Intake, known: int) -> None:
    wrong = number(2)[:17] + ("1" if number(2)[17] != "1" else "2")
    done = intake.applied(strange(证件号码=wrong), "又一份.xlsx", as_of="2021-07-31")
    [line] = intake.lines(done["id"])
    assert line["status"]["code"] == "rejected"
    path = f"/v1/imports/{done['id']}/lines/{line['line']}"
    answer = intake.client.patch(path, json={"cells": {"id_number": number(1)}})
    assert answer.status_code == 200, answer.text
    [line] = intake.lines(done["id"])
    assert line["status"]["code"] == "possible"
    assert worker(intake, known)["name"] == "王秀兰"
    assert intake.client.get("/v1/duplicates?decided=false").json()["total"] == 1


def test_the_error_workbook_holds_the_line_with_its_reason(intake: Intake, known: int) -> None:
    file, _ = held(intake, strange())
    answer = intake.client.get(f"/v1/imports/{file}/errors.xlsx")
    assert answer.status_code == 200, answer.text
    told = [
        str(cells[0])
        for sheet in read_sheets(answer.content, name="需更正.xlsx")
        for _, cells in sheet.rows
        if str(cells[0]).startswith("原第")
    ]
    assert len(told) == 1
    assert "改好才能入库" in told[0]
    assert "请先判断是不是同一个人" in told[0]
    assert "户或村也不同" in told[0]


def test_two_strangers_under_one_number_in_one_file(intake: Intake) -> None:
    found = intake.checked(workbook([away(1, **OURS), away(1, **STRANGE)]), as_of="2021-06-30")
    first, second = intake.lines(found["id"])
    assert (first["status"]["code"], second["status"]["code"]) == ("new", "rejected")
    assert first["row"] is not None
    assert f"第{first['row']}行" in second["reason"]
    intake.client.post(f"/v1/imports/{found['id']}/apply")
    intake.work()
    assert intake.client.get("/v1/workers?q=王秀兰").json()["total"] == 1
    assert intake.client.get("/v1/workers?q=李大勇").json()["total"] == 0


def test_the_pages_say_what_each_answer_does(
    intake: Intake, known: int, visitor: Callable[[str], Any]
) -> None:
    file, pair = held(intake, strange())
    desk, path = visitor("zhenba"), f"/duplicates/{pair['id']}"
    assert "疑似" in desk.get(f"/imports/{file}")
    page = desk.get(path)
    assert "证件号码相同" in page
    assert "不会用同一个号码再登记一个人" in page
    assert "请核对号码" in desk.done(f"{path}/decide", choice="different")
