"""Frozen reports: unchanged whatever is corrected later, and the same on page, API and workbook to the last person."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import Connection, text
from sqlmodel import Session
from starlette.testclient import TestClient

from .conftest import Visitor, World, made
from .test_dividing import problem, target

Clerk = Callable[[str], TestClient]


@pytest.fixture
def world_at_work(west: TestClient, world: World) -> list[dict[str, Any]]:
    """Two people who went east this month, and proof of one."""
    told = world.bodies.employer(kind="enterprise")
    employer = made(world.east.post("/v1/employers", json=told))["id"]
    body = world.bodies.vacancy(employer, valid_from="2021-08-20")
    vacancy = made(world.east.post("/v1/vacancies", json=body))["id"]
    made(world.east.post(f"/v1/vacancies/{vacancy}/publish"))
    spells = []
    for _ in range(2):
        application = world.application(vacancy_id=vacancy)
        told = {"started_on": "2021-09-01"}
        started = made(west.post(f"/v1/applications/{application['id']}/start", json=told))
        spells.append(made(west.get(f"/v1/spells/{started['spell_id']}")))
    return spells


def line(report: dict[str, Any], label: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in report["items"] if each["label"] == label)
    return found


def people(client: TestClient, report: dict[str, Any], number: int, **asked: Any) -> list[dict[str, Any]]:
    path = f"/v1/frozen-reports/{report['id']}/lines/{number}/persons"
    items: list[dict[str, Any]] = made(client.get(path, params={"limit": 200} | asked))["items"]
    return items


def test_what_is_corrected_later_changes_nothing(
    west: TestClient, world: World, world_at_work: list[dict[str, Any]], clerk: Clerk
) -> None:
    task = target(west, "出台脱贫人口稳定就业政策")
    typed = {"figure": 1, "as_of": "2021-09-10", "proof": "镇政发〔2021〕8号"}
    figure = made(west.post(f"/v1/targets/{task}/figures", json=typed))
    frozen = made(west.post("/v1/frozen-reports", json={"kind": "month", "period": "2021-09"}))
    assert (frozen["from_on"], frozen["as_of"], frozen["intact"]) == ("2021-09-01", "2021-09-20", True)
    east = line(frozen, "本期转移到结对东部地区就业人数")
    assert (east["done"], line(frozen, "本期转移就业人数")["done"]) == (2, 2)
    assert [(part["region"]["code"], part["started"]) for part in east["parts"]] == [("610728001", 2)]
    assert line(frozen, "出台脱贫人口稳定就业政策")["typed"]["figure"] == 1
    assert line(frozen, "就地就近转移就业")["number"] == 370
    before = people(west, frozen, east["line"])

    gone, other = world_at_work
    made(west.post(f"/v1/spells/{gone['id']}/void", json={"reason": "mistaken"}))
    told = {"ended_on": "2021-09-15", "leave_reason": "family"}
    made(west.post(f"/v1/spells/{other['id']}/end", json=told))
    made(west.post(f"/v1/figures/{figure['id']}/withdraw", json={"reason": "重复"}))
    path = f"/v1/workers/{other['worker_id']}"
    made(west.patch(path, json={"name": "改了名"}, headers={"If-Match": west.get(path).headers["ETag"]}))
    world.spell()

    again = made(west.get(f"/v1/frozen-reports/{frozen['id']}"))
    assert again == frozen
    assert people(west, frozen, east["line"]) == before
    assert {each["told"]["name"] for each in before} == {"测试甲"}
    assert {each["told"]["spells"][0]["ended_on"] for each in before} == {None}
    anew = made(west.post("/v1/frozen-reports", json={"kind": "month", "period": "2021-09"}))
    [left] = people(west, anew, line(anew, east["label"])["line"])
    assert (left["worker_id"], left["told"]["name"]) == (other["worker_id"], "改了名")
    assert left["told"]["spells"][0]["ended_on"] == "2021-09-15"
    assert all(each["label"] != "出台脱贫人口稳定就业政策" for each in anew["items"])
    assert anew["content_sha256"] != frozen["content_sha256"]

    assert clerk("yangxian").get(f"/v1/frozen-reports/{frozen['id']}").status_code == 404
    assert made(clerk("hanzhong").get(f"/v1/frozen-reports/{frozen['id']}"))["intact"]
    for wrong, status, name in (
        ({"period": "2021-10"}, 422, "invalid"),
        ({"kind": "quarter", "period": "2021-09"}, 422, "invalid"),
        ({"region": "610723"}, 403, "outside-scope"),
    ):
        problem(west.post("/v1/frozen-reports", json=wrong), status, name)
    problem(clerk("jingyang").post("/v1/frozen-reports", json={}), 403, "not-allowed")


def test_page_api_and_workbook_agree_to_the_last_person(
    west: TestClient, world_at_work: list[dict[str, Any]]
) -> None:
    frozen = made(west.post("/v1/frozen-reports", json={"kind": "quarter", "period": "2021Q3"}))
    answer = west.get(f"/v1/frozen-reports/{frozen['id']}/workbook.xlsx")
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    rows = book.get_sheet_by_name("汇总").to_python()
    heads = next(at for at, row in enumerate(rows) if row[0] == "序号")
    told = [dict(zip(rows[heads], row, strict=True)) for row in rows[heads + 1 :]]
    assert [(row["任务或指标"], None if row["已做到"] == "" else row["已做到"]) for row in told] == [
        (each["label"], each["done"]) for each in frozen["items"]
    ]
    sheets = {name.split(".")[0]: name for name in book.sheet_names}
    counted = [each for each in frozen["items"] if each["started"] and not each["things"]]
    assert counted
    for each in counted:
        listed = [row[0] for row in book.get_sheet_by_name(sheets[str(each["line"])]).to_python()[1:]]
        assert listed == [person["worker_id"] for person in people(west, frozen, each["line"])]
        assert len(listed) == each["started"] == sum(part["started"] for part in each["parts"])
        assert len(people(west, frozen, each["line"], stable=True)) == each["stable"]
        for grade, count in each["verified"].items():
            assert len(people(west, frozen, each["line"], grade=grade)) == count


def test_entries_behind_a_figure_are_kept_and_followed(
    west: TestClient, visitor: Callable[[str], Visitor]
) -> None:
    fair = {"region": "610728", "name": "苏陕协作专场", "kind": "special", "held_on": "2021-09-10"}
    made(west.post("/v1/fairs", json=fair))
    frozen = made(west.post("/v1/frozen-reports", json={"kind": "month", "period": "2021-09"}))
    held = next(each for each in frozen["items"] if each["things"] and each["target_id"] is None)
    assert (held["done"], held["things"][0]["name"]) == (1, "苏陕协作专场（专题招聘）")
    path, desk = f"/frozen-reports/{frozen['id']}", visitor("zhenba")
    assert f'{path}/lines/{held["line"]}">1<' in desk.get(path)
    page = desk.get(f"{path}/lines/{held['line']}")
    assert "苏陕协作专场" in page and "没有人" not in page and f"有<b>1</b>{held['unit']}" in page
    book = CalamineWorkbook.from_filelike(io.BytesIO(west.get(f"/v1{path}/workbook.xlsx").content))
    [name] = [name for name in book.sheet_names if name.startswith(f"{held['line']}.")]
    [_, row] = book.get_sheet_by_name(name).to_python()
    assert [row[0], row[3]] == ["苏陕协作专场（专题招聘）", 1]
    # The name leads to the entry as it was frozen, never to today's record.
    assert f"{path}/lines/{held['line']}#thing-1" in desk.get(path)
    assert 'id="thing-1"' in page and "/fairs" not in page.partition("计入了哪些")[2]


def test_entries_are_told_apart_by_regions_where_they_have_one(
    west: TestClient, visitor: Callable[[str], Visitor]
) -> None:

    def fair(region: str, name: str) -> None:
        told = {"region": region, "name": name, "kind": "special", "held_on": "2021-09-10"}
        made(west.post("/v1/fairs", json=told))

    def frozen() -> tuple[str, list[dict[str, Any]], list[list[Any]]]:
        told = made(west.post("/v1/frozen-reports", json={"kind": "month", "period": "2021-09"}))
        held = line(told, "本期招聘活动场次")
        path = f"/frozen-reports/{told['id']}"
        book = CalamineWorkbook.from_filelike(io.BytesIO(west.get(f"/v1{path}/workbook.xlsx").content))
        rows = [row for row in book.get_sheet_by_name("分地区").to_python() if row[1] == "本期招聘活动场次"]
        return f"{path}/lines/{held['line']}", held["parts"], rows

    fair("610728", "全县专场")
    path, parts, [row] = frozen()
    assert [(part["region"]["code"], part["started"]) for part in parts] == [("610728", 1)]
    assert (row[5], row[7]) == (1, "登记在本级，没有分到各地")
    fair("610728001", "乡镇专场")
    path, parts, rows = frozen()
    assert [(part["region"]["code"], part["started"]) for part in parts] == [("610728001", 1), ("610728", 1)]
    assert sum(row[5] for row in rows) == 2
    assert "登记在本级，没有分到各地" in visitor("zhenba").get(path)


def test_a_part_of_what_is_kept_above_it_is_not_said_to_be_nothing(clerk: Clerk) -> None:
    other = clerk("yangxian")
    number = target(other, "在洋县组织大型专题招聘活动")
    made(other.post(f"/v1/targets/{number}/parts", json={"region": "610723001", "figure": 1}))
    fair = {"region": "610723", "name": "全县专场", "kind": "special", "held_on": "2021-09-10"}
    made(other.post("/v1/fairs", json=fair))
    told = made(other.post("/v1/frozen-reports", json={"kind": "month", "period": "2021-09"}))
    [part, rest] = line(told, "在洋县组织大型专题招聘活动")["parts"]
    assert (part["figure"], part["started"], part["note"]) == (1, None, "登记在上一级，没有分到各地")
    assert (rest["region"]["code"], rest["started"]) == ("610723", 1)
    path = f"/v1/frozen-reports/{told['id']}/workbook.xlsx"
    book = CalamineWorkbook.from_filelike(io.BytesIO(other.get(path).content))
    rows = book.get_sheet_by_name("分地区").to_python()
    assert [row[5] for row in rows if row[1] == "在洋县组织大型专题招聘活动"] == ["—", 1]


def test_a_changed_report_is_found_out_and_nobody_may_change_one(
    west: TestClient, world_at_work: list[dict[str, Any]], session_as: Callable[[str], Session]
) -> None:
    frozen = made(west.post("/v1/frozen-reports", json={"kind": "month"}))
    connection: Connection = session_as("zhenba").connection()
    for statement in (
        "UPDATE frozen_report SET as_of = as_of",
        "UPDATE frozen_person SET stable = true",
        "DELETE FROM frozen_person",
    ):
        with pytest.raises(Exception, match="permission denied"), connection.begin_nested():
            connection.execute(text(statement))
    connection.execute(
        text(
            "INSERT INTO frozen_person (created_at, report_id, line, worker_id, region, stable, sealed) "
            "SELECT now(), report_id, 99, worker_id, region, true, sealed FROM frozen_person LIMIT 1"
        )
    )
    assert made(west.get(f"/v1/frozen-reports/{frozen['id']}"))["intact"] is False


def test_whose_data_is_deleted_stays_a_number(
    west: TestClient, world_at_work: list[dict[str, Any]], connection: Connection
) -> None:
    frozen = made(west.post("/v1/frozen-reports", json={"kind": "month"}))
    east = line(frozen, "本期转移到结对东部地区就业人数")
    deleted = world_at_work[0]["worker_id"]
    connection.execute(text("UPDATE person_key SET sealed_key = '' WHERE worker_id = :id"), {"id": deleted})
    found = {each["worker_id"]: each for each in people(west, frozen, east["line"])}
    assert found[deleted]["readable"] == {"code": "deleted", "label": "已删除"}
    assert found[deleted]["told"] is None
    assert found[world_at_work[1]["worker_id"]]["told"] is not None
    again = made(west.get(f"/v1/frozen-reports/{frozen['id']}"))
    assert again["intact"] and line(again, east["label"])["done"] == 2
