"""A list as a table by `Accept`: the same columns, the whole of it, harmless in a spreadsheet."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from python_calamine import CalamineWorkbook
from sqlalchemy import text
from sqlmodel import Session
from starlette.testclient import TestClient

from api import list_tables, tables
from api.tables import ListTable

from .test_row_security import PASSWORD

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TABLES: dict[str, ListTable] = {
    "workers": list_tables.WORKERS,
    "households": list_tables.HOUSEHOLDS,
    "vacancies": list_tables.VACANCIES,
    "applications": list_tables.APPLICATIONS,
    "doubts": list_tables.DOUBTS,
}


def rows_of(answer: Any) -> list[list[Any]]:
    assert answer.status_code == 200, answer.text
    if answer.headers["Content-Type"].startswith(CSV):
        return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    return list(book.get_sheet_by_index(0).to_python())


@pytest.fixture
def people(world: Any) -> None:
    for number in range(5):
        world.worker(name=f"=测试{number}")
    world.household()
    world.application()


@pytest.mark.parametrize("noun", TABLES)
def test_a_table_has_a_heading_for_every_field(app: FastAPI, noun: str) -> None:
    answers = app.openapi()["paths"][f"/v1/{noun}"]["get"]["responses"]["200"]["content"]
    assert set(answers) == {"application/json", CSV, XLSX}
    schemas = app.openapi()["components"]["schemas"]
    page = schemas[answers["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]]
    item = schemas[page["properties"]["items"]["items"]["$ref"].rsplit("/", 1)[1]]
    assert list(item["properties"]) == list(TABLES[noun].headings)
    assert len(set(TABLES[noun].headings.values())) == len(TABLES[noun].headings)


@pytest.mark.parametrize("medium", [CSV, XLSX])
@pytest.mark.parametrize("noun", TABLES)
def test_the_whole_list_as_a_table(
    people: None, west: TestClient, monkeypatch: pytest.MonkeyPatch, noun: str, medium: str
) -> None:
    monkeypatch.setattr(tables, "_AT_ONCE", 2)
    items = west.get(f"/v1/{noun}?limit=200").json()["items"]
    answer = west.get(f"/v1/{noun}?limit=1", headers={"Accept": medium})
    heads, *rows = rows_of(answer)
    assert heads == list(TABLES[noun].headings.values())
    assert [int(row[0]) for row in rows] == [item["id"] for item in items]
    assert answer.headers["Content-Disposition"].endswith(".csv" if medium == CSV else ".xlsx")
    assert answer.headers["Vary"] == "Accept"


def test_words_for_codes_and_nothing_a_formula(people: None, west: TestClient) -> None:
    for medium, name in ((CSV, "'=测试0"), (XLSX, "=测试0")):
        heads, first, *_ = rows_of(west.get("/v1/workers?sort=id&q=测试", headers={"Accept": medium}))
        line = dict(zip(heads, first, strict=True))
        assert line["姓名"] == name
        assert line["性别"] in ("男", "女")
        assert line["当天是否在岗"] == "否"
        assert "镇巴县" in line["所在地"]
    heads, first, *_ = rows_of(west.get("/v1/households", headers={"Accept": CSV}))
    assert "边缘易致贫户 2020-06-01" in dict(zip(heads, first, strict=True))["帮扶类别时段"]


def test_a_table_of_people_asks_the_right_to_export(
    people: None, west: TestClient, clerk: Callable[[str], TestClient]
) -> None:
    """The auditor reads the ledger and takes nothing out of it; a key takes out what it is for."""
    for noun, table in TABLES.items():
        for medium in (CSV, XLSX):
            answer = clerk("auditor").get(f"/v1/{noun}", headers={"Accept": medium})
            reads = noun != "applications"
            assert answer.status_code == (403 if table.of_people else 200), noun
            assert clerk("auditor").get(f"/v1/{noun}").status_code == (200 if reads else 403)
    assert clerk("auditor").get("/v1/doubts.csv").status_code == 403
    body = {"name": "报送程序", "areas": ["ledger"], "days": 30, "password": PASSWORD}
    for areas, status in ((["ledger"], 403), (["ledger", "files"], 200)):
        key = west.post("/v1/me/keys", json=body | {"areas": areas}).json()["key"]
        program = TestClient(west.app, headers={"Authorization": f"Bearer {key}", "Accept": CSV})
        assert program.get("/v1/workers").status_code == status, areas
        assert program.get("/v1/workers", headers={"Accept": "application/json"}).status_code == 200


def test_filters_and_sort_hold_and_the_scope_does(
    people: None, west: TestClient, clerk: Callable[[str], TestClient]
) -> None:
    by_name = west.get("/v1/workers?sort=-id&limit=200").json()["items"]
    _, *rows = rows_of(west.get("/v1/workers?sort=-id", headers={"Accept": CSV}))
    assert [int(row[0]) for row in rows] == [item["id"] for item in by_name]
    assert rows_of(west.get("/v1/workers?employed=true", headers={"Accept": CSV}))[1:] == []
    assert rows_of(clerk("yangxian").get("/v1/workers", headers={"Accept": XLSX}))[1:] == []
    assert west.get("/v1/workers?sort=nothing", headers={"Accept": CSV}).status_code == 422
    assert west.get("/v1/workers?regoin=61", headers={"Accept": CSV}).status_code == 422


@pytest.mark.parametrize(
    ("accept", "told"),
    [
        ("*/*", "application/json"),
        ("text/html", "application/json"),
        ("text/csv, application/json;q=0.5", CSV),
        ("text/csv;q=0.4, application/json;q=0.5", "application/json"),
        ("application/json, text/csv", "application/json"),
        (f"{XLSX};q=1.0, text/csv;q=0.9, */*;q=0.1", XLSX),
        ("text/csv;q=0", "application/json"),
        ("text/csv;q=x", "application/json"),
    ],
)
def test_what_is_preferred_is_answered(west: TestClient, accept: str, told: str) -> None:
    answer = west.get("/v1/workers", headers={"Accept": accept})
    assert answer.headers["Content-Type"].startswith(told)
    assert answer.headers["Vary"] == "Accept"


def test_a_table_is_whole_or_refused_and_is_recorded(
    people: None, west: TestClient, session_as: Callable[[str], Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(rows_of(west.get("/v1/workers", headers={"Accept": CSV}))) > 5
    recorded = text("SELECT noun, change FROM audit_event WHERE action = 'download'")
    [(noun, change)] = session_as("zhenba").connection().execute(recorded)
    assert (noun, change) == ("worker", {"as": CSV})
    monkeypatch.setattr(tables, "MOST_ROWS", 3)
    refused = west.get("/v1/workers", headers={"Accept": CSV})
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/table-too-long")
    assert west.get("/v1/workers").status_code == 200
