"""A line of a file that may be somebody known: held until a human says, then taken in as was said."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter
from starlette.testclient import TestClient

from models.id_number import demo_id_number
from models.worker import Sex

BORN = date(1976, 7, 8)
NUMBER, NEAR = (demo_id_number(BORN, 407_000 + at, Sex.FEMALE) for at in range(2))
WRONG = NUMBER[:17] + ("1" if NUMBER[17] != "1" else "2")
LINE = {
    "户编号": "行-1", "人编号": "行-11", "户类型": "脱贫户", "姓名": "行上人", "与户主关系": "户主", "民族": "汉族",
    "文化程度": "初中", "健康状况": "健康", "劳动技能": "普通劳动力", "是否务工": "是", "开始时间": "2021年03月",
    "务工所在省": "江苏省", "务工所在市": "南通市", "务工所在县": "通州区", "务工企业名称": "测试家纺", "务工月收入": "4500",
}  # fmt: skip


def workbook(number: str) -> bytes:
    file, row = BytesIO(), LINE | {"证件号码": number}
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("已外出务工信息")
        sheet.write_string(0, 0, "全国防返贫监测和衔接推进乡村振兴信息系统")
        sheet.write_string(1, 0, "已外出务工信息")
        for column, (heading, cell) in enumerate(row.items()):
            sheet.write_string(2, column, heading)
            sheet.write_string(3, column, cell)
    return file.getvalue()


@pytest.fixture
def hold(west: TestClient, work: Callable[[], int]) -> Callable[[str], dict[str, Any]]:
    """Takes in a file of one line; the pair that waits."""

    def make(number: str) -> dict[str, Any]:
        answer = west.post("/v1/imports", files={"file": ("已外出.xlsx", workbook(number))})
        assert answer.status_code == 202, answer.text
        work()
        path = f"/v1/imports/{answer.json()['id']}"
        assert west.get(path).json()["counts"].get("possible") == 1, west.get(path).json()
        assert west.post(f"{path}/apply").status_code == 202
        work()
        [pair] = west.get("/v1/duplicates?decided=false").json()["items"]
        found: dict[str, Any] = pair
        return found

    return make


@pytest.fixture
def known(west: TestClient) -> int:
    answer = west.post("/v1/workers", json={"name": "行上人", "region": "610728001", "id_number": NUMBER})
    assert answer.status_code == 201
    number: int = answer.json()["id"]
    return number


@pytest.mark.parametrize(("number", "likeness"), [(NEAR, "number_slip"), (WRONG, "bad_number")])
def test_the_same_person_takes_what_the_line_says(
    west: TestClient, known: int, hold: Callable[[str], dict[str, Any]], number: str, likeness: str
) -> None:
    pair = hold(number)
    assert (pair["likeness"]["code"], pair["worker"]["id"], pair["other"]) == (likeness, known, None)
    detail = west.get(f"/v1/duplicates/{pair['id']}")
    facts = {fact["field"]: fact["right"] for fact in detail.json()["facts"]}
    assert (facts["name"], facts["ethnicity"]) == ("行上人", "汉族")
    assert number not in detail.text
    assert detail.json()["work_right"][0]["employer"] == "测试家纺"
    answer = west.post(f"/v1/duplicates/{pair['id']}/decide", json={"verdict": "same"})
    assert answer.status_code == 200, answer.text
    assert west.get("/v1/workers?q=行上人").json()["total"] == 1
    assert west.get(f"/v1/workers/{known}").json()["ethnicity"] == "汉族"


def test_somebody_else_is_registered(
    west: TestClient, known: int, hold: Callable[[str], dict[str, Any]]
) -> None:
    pair = hold(NEAR)
    answer = west.post(f"/v1/duplicates/{pair['id']}/decide", json={"verdict": "different"})
    assert answer.status_code == 200, answer.text
    assert west.get("/v1/workers?q=行上人").json()["total"] == 2
    assert west.get("/v1/duplicates?decided=false").json()["total"] == 0
    # It was the same person after all: both records wait to be judged, and can be merged.
    again = west.post(f"/v1/duplicates/{pair['id']}/reopen")
    assert again.status_code == 200, again.text
    both = again.json()
    assert (both["verdict"], both["worker"]["id"]) == (None, known) and both["other"]["id"] != known
    assert west.post(f"/v1/duplicates/{both['id']}/decide", json={"verdict": "same"}).status_code == 200
    assert west.get("/v1/workers?q=行上人").json()["total"] == 1
    merged = west.post(f"/v1/duplicates/{pair['id']}/reopen")
    assert (merged.status_code, merged.json()["type"]) == (409, "/problems/merged-since")


def test_a_number_that_can_be_nobodys_still_has_to_be_mended(
    west: TestClient, known: int, hold: Callable[[str], dict[str, Any]]
) -> None:
    pair = hold(WRONG)
    answer = west.post(f"/v1/duplicates/{pair['id']}/decide", json={"verdict": "different"})
    assert answer.status_code == 200, answer.text
    assert west.get("/v1/workers?q=行上人").json()["total"] == 1
    lines = west.get(f"/v1/imports/{pair['line']['import_id']}/lines").json()["items"]
    assert [line["status"]["code"] for line in lines] == ["rejected"]
    nothing = west.post(f"/v1/duplicates/{pair['id']}/reopen")
    assert (nothing.status_code, nothing.json()["type"]) == (409, "/problems/line-not-taken-in")
