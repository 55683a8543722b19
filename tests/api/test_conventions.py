"""What every route keeps, so that a program guesses right the first time."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlmodel import Session
from starlette.testclient import TestClient

LISTS = [
    "workers",
    "households",
    "employers",
    "vacancies",
    "applications",
    "spells",
    "targets",
    "pairings",
    "imports",
]


def made(answer: Any) -> Any:
    assert answer.status_code in (200, 201, 202), answer.text
    return answer.json()


def operations(app: FastAPI) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method, path, operation)
        for path, item in app.openapi()["paths"].items()
        for method, operation in item.items()
        if path.startswith("/v1/")
    ]


@pytest.fixture
def numbers(world: Any, west: TestClient) -> dict[str, Any]:
    """Rows as the examples speak of them: somebody has been at work since the beginning of September."""
    application, begun = (
        world.application(),
        world.application(vacancy_id=world.vacancy(valid_from="2021-08-20")["id"]),
    )
    started = made(west.post(f"/v1/applications/{begun['id']}/start", json={"started_on": "2021-09-01"}))
    spell = made(west.get(f"/v1/spells/{started['spell_id']}"))
    return {
        "worker_id": application["worker_id"], "vacancy_id": application["vacancy_id"],
        "application_id": application["id"], "spell_id": spell["id"], "target_id": 1, "import_id": 1, "job_id": 1,
        "figure_id": 1, "frozen_id": 1, "match_plan_id": 1, "model_id": 1, "decision_id": 1, "part_id": 1, "plan_id": 1,
        "export_id": 1, "dispatch_id": 1, "course_id": 1, "fair_id": 1, "booth_id": 1, "invitation_id": 1, "device_id": 1, "station_id": 1, "task_id": 1, "review_id": 1, "call_id": 1, "duplicate_id": 1, "merge_id": 1, "handover_id": 1,
        "evidence_id": 1, "attachment_id": 1, "account_id": 1, "binding_id": 1, "token_id": 1, "key_id": 1,
        "doubt_id": 1, "report_id": 1, "row_id": 1, "line": 1, "day": 1, "kind": "people",
        "household_id": world.household()["id"], "batch_id": 1, "claim_id": 1, "audit_id": 1, "employer_id": spell["employer_id"], "code": "610728",
    }  # fmt: skip


def test_a_parameter_that_no_route_knows_is_named(
    app: FastAPI, west: TestClient, numbers: dict[str, Any]
) -> None:
    for method, path, operation in operations(app):
        answer = west.request(method, path.format(**numbers), params={"regoin": "610728"}, json={})
        assert answer.status_code == 422, operation["operationId"]
        assert "regoin" in [error["field"] for error in answer.json()["errors"]], operation["operationId"]
    odd = west.get("/v1/workers", params={"张三": "1"})
    assert odd.status_code == 422
    assert "张三" not in odd.text


def test_every_example_passes_its_own_routes_validation(
    app: FastAPI, west: TestClient, numbers: dict[str, Any]
) -> None:
    schemas, tried = app.openapi()["components"]["schemas"], 0
    for method, path, operation in operations(app):
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if content is None:
            continue
        example = schemas[content["schema"]["$ref"].rsplit("/", 1)[1]]["example"]
        answer = west.request(method, path.format(**numbers), json=example, headers={"If-Match": '"1"'})
        # Whom the example names need not be here; what it writes must be right.
        unknown = (
            [error for error in answer.json()["errors"] if error["code"] == "unknown"]
            if answer.status_code == 422
            else []
        )
        told = answer.status_code != 422 or answer.json()["type"].endswith("-unknown") or unknown
        assert told, answer.text
        tried += 1
    assert tried > 12


def test_the_person_of_the_example_can_be_registered(app: FastAPI, west: TestClient) -> None:
    example = app.openapi()["components"]["schemas"]["WorkerCreate"]["example"]
    made(west.post("/v1/workers", json=example))


def test_the_token_says_how_it_is_asked_for_and_refused(app: FastAPI) -> None:
    operation = app.openapi()["paths"]["/v1/token"]["post"]
    assert "401" in operation["responses"]
    assert operation["requestBody"]["content"]["application/x-www-form-urlencoded"]["example"]["username"]


@pytest.mark.parametrize("noun", LISTS)
@pytest.mark.parametrize("sort", ["created_at", "-created_at"])
def test_every_list_is_sorted_by_its_making(world: Any, west: TestClient, noun: str, sort: str) -> None:
    world.application(), world.application(), world.spell(), world.household(), world.household()
    whole = made(west.get(f"/v1/{noun}", params={"sort": sort, "limit": 200}))["items"]
    seen, cursor = [], None
    for _ in range(len(whole)):
        asked = {"sort": sort, "limit": 3} | ({"cursor": cursor} if cursor else {})
        page = made(west.get(f"/v1/{noun}", params=asked))
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None or len(seen) > 6:
            break
    assert seen == [item["id"] for item in whole][: len(seen)]


def test_instants_carry_the_offset_of_china(app: FastAPI, west: TestClient, world: Any) -> None:
    file = {"file": ("a.jsonl", '{"title": "缝纫工"}'.encode())}
    first = made(west.post("/v1/imports", files=file))
    assert first["created_at"].endswith("+08:00")
    assert first["region"] == {"code": "610728", "name": "陕西省汉中市镇巴县"}
    assert first["repeated"] is False
    again = made(west.post("/v1/imports", files=file))
    assert (again["id"], again["repeated"]) == (first["id"], True)
    matches = made(west.get(f"/v1/workers/{world.worker()['id']}/matches"))
    assert matches["created_at"].endswith("+08:00")


def test_people_behind_a_number_page_by_cursor(west: TestClient) -> None:
    page = made(west.get("/v1/targets/1/persons", params={"limit": 1}))
    assert page["next_cursor"] is None
    assert west.get("/v1/targets/1/persons", params={"after": 3}).status_code == 422
    for cursor in ("x", "W10", "3", "WyJpZCIsbnVsbCwiYSJd", "WyJpZCIsbnVsbCx0cnVlXQ"):
        assert west.get("/v1/targets/1/persons", params={"cursor": cursor}).status_code == 422


def test_a_region_that_is_not_there_is_told_before_whose_it_is(west: TestClient) -> None:
    for path, body in (
        ("workers", {"name": "甲", "region": "999999"}),
        ("households", {"number": "1", "region": "999999"}),
        ("employers", {"name": "甲厂", "region": "610728", "kept_by": "999999"}),
        ("vacancies", {"title": "甲", "kept_by": "999999"}),
    ):
        answer = west.post(f"/v1/{path}", json=body)
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/region-unknown"), path


def test_words_beside_every_code(world: Any, west: TestClient, east: TestClient) -> None:
    employer = made(east.post("/v1/employers", json=world.bodies.employer(industry="18")))
    assert employer["industry"]["label"] and employer["kept_by"]["name"].endswith("通州区")
    worker = world.worker(last_occupation="61101")
    assert worker["last_occupation"]["label"]


def test_skills_are_replaced_and_the_record_says_so(world: Any, west: TestClient, session_as: Any) -> None:
    worker = world.worker(skills={"平车": 3, "电工": None})
    etag = {"If-Match": f'"{worker["version"]}"'}
    told = {"skills": {"平车": 4, "焊工": 2}}
    changed = made(west.patch(f"/v1/workers/{worker['id']}", json=told, headers=etag))
    assert changed["skills"] == {"平车": 4, "焊工": 2}
    assert changed["version"] > worker["version"]
    removed = text("SELECT count(*) FROM audit_event WHERE action = 'delete' AND worker_id = :id")
    assert session_as("zhenba").connection().scalar(removed, {"id": worker["id"]}) == 1


def test_filters_of_people_and_spells(world: Any, west: TestClient) -> None:
    household = world.household()
    poor, spell = world.worker(household_id=household["id"])["id"], world.spell()

    def ids(**asked: Any) -> set[int]:
        return {item["id"] for item in made(west.get("/v1/workers", params=asked | {"limit": 200}))["items"]}

    assert ids(hardship="marginal") == {poor} == ids(hardship="边缘易致贫户")
    assert ids(hardship="destitute") == set()
    assert ids(employed=True) == {spell["worker_id"]}
    assert spell["worker_id"] not in ids(employed=False) and poor in ids(employed=False)
    of_employer = made(west.get("/v1/spells", params={"employer_id": spell["employer_id"]}))
    assert [row["id"] for row in of_employer["items"]] == [spell["id"]]
    assert made(west.get("/v1/spells", params={"employer_id": 999}))["total"] == 0


def test_employers_and_households_are_edited_under_their_version(
    world: Any, west: TestClient, east: TestClient
) -> None:
    employer = made(east.post("/v1/employers", json=world.bodies.employer()))
    path = f"/v1/employers/{employer['id']}"
    assert east.patch(path, json={"size": 9}).status_code == 428
    etag = {"If-Match": f'"{employer["version"]}"'}
    assert west.patch(path, json={"size": 9}, headers=etag).status_code == 403
    changed = made(east.patch(path, json={"size": 9}, headers=etag))
    assert changed["size"] == 9
    assert east.patch(path, json={"size": 9}, headers=etag).status_code == 412
    household = world.household()
    path, etag = f"/v1/households/{household['id']}", {"If-Match": f'"{household["version"]}"'}
    periods = [{"category": "relieved", "from_on": "2016-01-01", "to_on": "2020-12-31"}]
    told = made(west.patch(path, json={"hardship": periods, "relocated": True}, headers=etag))
    assert [period["category"]["code"] for period in told["hardship"]] == ["relieved"]
    assert told["relocated"] is True and told["version"] > household["version"]


def test_seats_below_those_taken_say_so(world: Any, west: TestClient, east: TestClient) -> None:
    vacancy = world.vacancy()["id"]
    for _ in range(2):
        application = world.application(vacancy_id=vacancy)["id"]
        made(west.post(f"/v1/applications/{application}/start", json={}))
    page = f"/v1/vacancies/{vacancy}"
    answer = east.patch(page, json={"seats": 1}, headers={"If-Match": east.get(page).headers["ETag"]})
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/seats-taken")


def test_a_draft_is_its_keepers_alone(world: Any, west: TestClient, east: TestClient) -> None:
    employer = made(east.post("/v1/employers", json=world.bodies.employer()))["id"]
    draft = made(east.post("/v1/vacancies", json=world.bodies.vacancy(employer)))["id"]
    assert west.get(f"/v1/vacancies/{draft}").status_code == 404
    assert draft not in [item["id"] for item in made(west.get("/v1/vacancies"))["items"]]
    made(east.post(f"/v1/vacancies/{draft}/publish"))
    assert west.get(f"/v1/vacancies/{draft}").status_code == 200


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("workers", {"name": "\u200b\u2060", "region": "610728"}, "name"),
        ("workers", {"name": "ㅤ", "region": "610728"}, "name"),
        ("workers", {"name": "甲", "region": "610728", "phone": "+1 212 555 0123"}, "phone"),
        ("households", {"number": "1", "region": "610728",
            "hardship": [{"category": "marginal", "from_on": "2021-09-21"}]}, "hardship.0.from_on"),
        ("households", {"number": "1", "region": "610728", "hardship": [
            {"category": "marginal", "from_on": "2021-01-02", "risk_cleared_on": "2021-01-01"}]}, "hardship"),
        ("vacancies", {"title": "甲", "pay_min": 0}, "pay_min"),
        ("employers", {"name": "甲厂", "region": "610728", "uscc": "91310115591693856B"}, "uscc"),
        ("employers", {"name": "甲厂", "region": "610728", "opened_on": "2021-09-21"}, "opened_on"),
    ],
)  # fmt: skip
def test_what_can_not_be_is_refused(west: TestClient, path: str, body: dict[str, Any], field: str) -> None:
    answer = west.post(f"/v1/{path}", json=body)
    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]


@pytest.mark.parametrize(("field", "typed"), [("sex", "male"), ("birth_date", "1985-03-16")])
def test_what_is_typed_against_the_id_number_is_asked_about(
    west: TestClient, bodies: Any, field: str, typed: str
) -> None:
    answer = west.post("/v1/workers", json=bodies.worker(**{field: typed}))
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert typed not in answer.text
    made(west.post("/v1/workers", json=bodies.worker(sex="female", birth_date="1985-03-15")))


def test_household_and_members_are_of_one_county(
    world: Any, clerk: Callable[[str], TestClient], west: TestClient
) -> None:
    city, household = clerk("hanzhong"), world.household()
    worker = world.worker(household_id=household["id"])
    path, etag = f"/v1/workers/{worker['id']}", {"If-Match": f'"{worker["version"]}"'}
    answer = city.patch(path, json={"region": "610723"}, headers=etag)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/household-elsewhere")
    elsewhere = {"name": "乙", "region": "610723", "household_id": household["id"]}
    assert city.post("/v1/workers", json=elsewhere).status_code == 422
    moved = f"/v1/households/{household['id']}", {"region": "610723"}, {"If-Match": '"1"'}
    assert city.patch(moved[0], json=moved[1], headers=moved[2]).status_code == 422
    assert made(city.patch(path, json={"region": "610723", "household_id": None}, headers=etag))


def test_a_restricted_person_is_shown_as_such_and_not_edited(
    world: Any, west: TestClient, session_as: Callable[[str], Session]
) -> None:
    worker = world.worker()["id"]
    session_as("zhenba").connection().execute(
        text("UPDATE worker SET restricted = true WHERE id = :id"), {"id": worker}
    )
    shown = west.get(f"/v1/workers/{worker}")
    assert shown.json()["restricted"] is True
    assert worker not in {item["id"] for item in made(west.get("/v1/workers"))["items"]}
    [listed] = made(west.get("/v1/workers", params={"restricted": True}))["items"]
    assert (listed["id"], listed["restricted"]) == (worker, True)
    etag = {"If-Match": shown.headers["ETag"]}
    answer = west.patch(f"/v1/workers/{worker}", json={"education": "primary"}, headers=etag)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/restricted")


def test_no_hardship_stands_in_the_clear(world: Any, session_as: Callable[[str], Session]) -> None:
    household = world.household(number="不可见之号")
    connection = session_as("zhenba").connection()
    rows = connection.execute(
        text("SELECT audit_event::text, change, sealed_change FROM audit_event WHERE household_id = :id"),
        {"id": household["id"]},
    ).all()
    assert len(rows) == 2
    assert all(row.change is None and row.sealed_change for row in rows)
    assert not any("不可见" in row[0] or "marginal" in row[0] for row in rows)
    assert connection.scalar(text("SELECT count(*) FROM household_key")) == 1
    assert session_as("yangxian").connection().scalar(text("SELECT count(*) FROM household_key")) == 0
