"""Every refusal is an RFC 9457 problem, in Chinese, that names the field and repeats nothing of what was sent."""

import json
import logging
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from starlette.testclient import TestClient

from api.database import service_engine
from api.settings import Settings
from api.wording import field_words
from models.id_number import demo_id_number
from models.worker import Sex

ID_NUMBER = demo_id_number(date(1977, 7, 7), 777, Sex.MALE)
PHONE = "13987654321"
NAME = "诸葛不可说"
SECRETS = (ID_NUMBER, ID_NUMBER[6:14], PHONE, PHONE[3:], NAME, "zhugebukeshuo")


def is_problem(answer: Any, status: int, name: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    body: dict[str, Any] = answer.json()
    assert set(body) == {"type", "title", "status", "detail", "request_id", "errors"}
    assert body["request_id"] == answer.headers["x-request-id"]
    assert (body["type"], body["status"]) == (f"/problems/{name}", status)
    for words in (body["title"], body["detail"], *(found["message"] for found in body["errors"])):
        assert any("\u4e00" <= letter <= "\u9fff" for letter in words), words
    return body


def test_every_status_has_its_shape(
    anonymous: TestClient, world: Any, clerk: Callable[[str], TestClient]
) -> None:
    west, worker = world.west, world.worker()
    path = f"/v1/workers/{worker['id']}"
    is_problem(anonymous.get(path), 401, "not-logged-in")
    wrong = anonymous.post("/v1/token", data={"username": "zhenba", "password": "x"})
    is_problem(wrong, 401, "wrong-password")
    is_problem(clerk("nobody").get(path), 403, "not-allowed")
    is_problem(west.post("/v1/workers", json={"name": "a", "region": "610723"}), 403, "outside-scope")
    is_problem(west.get("/v1/workers/99999"), 404, "not-found")
    is_problem(west.get("/v1/no-such-noun"), 404, "http-404")
    is_problem(west.delete(path), 405, "http-405")
    again = west.post("/v1/workers", json={"name": "a", "region": "610728", "id_number": ID_NUMBER})
    assert again.status_code == 201
    twice = west.post("/v1/workers", json={"name": "a", "region": "610728", "id_number": ID_NUMBER})
    assert is_problem(twice, 409, "already-registered")["errors"][0]["field"] == "id_number"
    is_problem(west.patch(path, json={}, headers={"If-Match": '"77"'}), 412, "stale")
    is_problem(west.post("/v1/workers", json={}), 422, "invalid")
    is_problem(west.patch(path, json={}), 428, "version-required")
    is_problem(
        west.post("/v1/workers", content=b"\xff", headers={"Content-Type": "application/json"}),
        422,
        "invalid",
    )


@pytest.mark.parametrize(
    ("change", "status", "field", "says"),
    [
        ({"id_number": ID_NUMBER[:-1] + ("0" if ID_NUMBER[-1] != "0" else "1")}, 422, "id_number", "校验位"),
        ({"id_number": "12345"}, 422, "id_number", "18位"),
        ({"id_number": "610728" + "20991231" + "0013"}, 422, "id_number", "请对照身份证核对"),
        ({"phone": "12345"}, 422, "phone", "11位手机号"),
        ({"phone": "abc"}, 422, "phone", "11位手机号"),
        ({"region": "610728999"}, 422, "region", "没有这个行政区划代码"),
        ({"region": "６１０７２８"}, 422, "region", "格式不对"),
        ({"region": "٦١٠٧٢٨"}, 422, "region", "格式不对"),
        ({"region": "6107281"}, 422, "region", "格式不对"),
        ({"last_occupation": "9-99"}, 422, "last_occupation", "没有这个职业代码"),
        ({"household_id": 123456}, 422, "household_id", "没有找到这一户"),
        ({"household_id": 2**63}, 422, "household_id", "不能大于"),
        ({"experience_months": 2**31}, 422, "experience_months", "不能大于"),
        ({"experience_months": -1}, 422, "experience_months", "不能小于"),
        ({"experience_months": "NaN"}, 422, "experience_months", "应为整数"),
        ({"disability_grade": 0}, 422, "disability_grade", "不能小于1"),
        ({"birth_date": "2021-02-30"}, 422, "birth_date", "应为日期"),
        ({"birth_date": "0001-01-01"}, 422, "birth_date", "不能小于"),
        ({"birth_date": "9999-12-31"}, 422, "birth_date", "不能大于"),
        ({"birth_date": "2021-09-21"}, 422, "birth_date", "不能晚于今天"),
        ({"name": ""}, 422, "name", "不能为空"),
        ({"name": " \u3000 "}, 422, "name", "不能为空"),
        ({"name": "a\0b"}, 422, "name", "空字符"),
        ({"name": None}, 422, "name", "应为文字"),
        ({"name": "x" * 51}, 422, "name", "太长"),
        ({"education": "博士后"}, 422, "education", "应为以下之一"),
        ({"sex": 1}, 422, "sex", "应为以下之一"),
        ({"skills": {"平车": 6}}, 422, "skills.?", "不能大于5"),
        ({"skills": {"平车": 2**40}}, 422, "skills.?", "不能大于5"),
        (
            {"intention": {"accepted_regions": ["999999"]}},
            422,
            "intention.accepted_regions",
            "区划代码不存在",
        ),
        ({"intention": {"occupations": ["9-99"]}}, 422, "intention.occupations", "职业代码不存在"),
        ({"intention": {"pay_floor": 10**9}}, 422, "intention.pay_floor", "不能大于"),
        ({"nmae": "x"}, 422, "nmae", "没有这个字段"),
        ({"610728199001011234": "x"}, 422, "?", "没有这个字段"),
    ],
)
def test_a_person_that_can_not_be(
    west: TestClient, change: dict[str, Any], status: int, field: str, says: str
) -> None:
    answer = west.post("/v1/workers", json={"name": "测试", "region": "610728"} | change)
    body = is_problem(answer, status, answer.json()["type"].removeprefix("/problems/"))
    assert [found["field"] for found in body["errors"]] == [field]
    assert says in body["errors"][0]["message"], body
    assert west.get("/v1/workers").json()["total"] == 0


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"pay_min": 5000, "pay_max": 4000}, "pay_max"),
        ({"min_age": 40, "max_age": 30}, "max_age"),
        ({"valid_from": "2021-12-01", "valid_until": "2021-11-01"}, "valid_until"),
        ({"employer_id": 999_999}, "employer_id"),
        ({"region": "999999"}, "region"),
        ({"occupation": "9-99"}, "occupation"),
        ({"seats": 0}, "seats"),
        ({"seats": 2**31}, "seats"),
        ({"pay_min": -1}, "pay_min"),
        ({"hours_per_week": 169}, "hours_per_week"),
        ({"title": None}, "title"),
    ],
)
@pytest.mark.parametrize("edit", [False, True])
def test_a_post_that_can_not_be(
    world: Any, east: TestClient, change: dict[str, Any], field: str, edit: bool
) -> None:
    post = world.vacancy()
    before = east.get(f"/v1/vacancies/{post['id']}").content
    if edit:
        answer = east.patch(
            f"/v1/vacancies/{post['id']}", json=change, headers={"If-Match": f'"{post["version"]}"'}
        )
    else:
        answer = east.post("/v1/vacancies", json={"title": "某岗"} | change)
    assert answer.status_code == 422, answer.text
    assert [found["field"] for found in answer.json()["errors"]] == [field]
    assert east.get("/v1/vacancies").json()["total"] == 1
    assert east.get(f"/v1/vacancies/{post['id']}").content == before


@pytest.mark.parametrize(
    "hardship",
    [
        [{"category": "marginal", "from_on": "2021-01-01", "to_on": "2020-12-31"}],
        [{"category": "marginal", "from_on": "2021-01-01"}] * 2,
        [{"category": "marginal", "from_on": "0001-01-01"}],
        [{"category": "rich", "from_on": "2021-01-01"}],
        [{"category": "marginal"}],
    ],
)
def test_hardship_that_can_not_be(west: TestClient, hardship: list[Any]) -> None:
    answer = west.post("/v1/households", json={"number": "1", "region": "610728", "hardship": hardship})
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["field"].startswith("hardship")
    assert west.get("/v1/households").json()["total"] == 0


def test_dates_of_work_that_can_not_be(world: Any, west: TestClient) -> None:
    spell = world.spell()
    for ended_on in ("2021-09-19", "2021-09-21", "0001-01-01", "9999-12-31", "2021-02-30"):
        answer = west.post(
            f"/v1/spells/{spell['id']}/end", json={"ended_on": ended_on, "leave_reason": "not_asked"}
        )
        assert answer.status_code == 422, ended_on
        assert answer.json()["errors"][0]["field"] == "ended_on"
    application = world.application()
    for started_on in ("2021-09-21", "0001-01-01", "9999-12-31", "2021-02-30"):
        answer = west.post(f"/v1/applications/{application['id']}/start", json={"started_on": started_on})
        assert answer.status_code == 422, started_on
        assert answer.json()["errors"][0]["field"] == "started_on"
    assert west.get(f"/v1/spells/{spell['id']}").json()["ended_on"] is None


def test_what_was_sent_is_neither_answered_nor_logged(
    world: Any, west: TestClient, anonymous: TestClient, capsys: pytest.CaptureFixture[str], caplog: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    capsys.readouterr()
    person = {"name": NAME, "region": "610728", "id_number": ID_NUMBER, "phone": PHONE}
    made = west.post("/v1/workers", json=person).json()
    version = {"If-Match": f'"{made["version"]}"'}
    answers = [
        west.post("/v1/workers", json=person),
        west.post("/v1/workers", json=person | {"phone": PHONE + "1"}),
        west.post("/v1/workers", json=person | {"id_number": ID_NUMBER[:-2] + "00"}),
        west.post("/v1/workers", json=person | {"household_id": 98765}),
        west.post("/v1/workers", json=person | {"region": "610728999"}),
        west.post("/v1/workers", json=person | {"region": PHONE}),
        west.post("/v1/workers", json=person | {ID_NUMBER: NAME, NAME: 1}),
        west.post("/v1/workers", json=person | {"skills": {NAME: PHONE, ID_NUMBER: "x"}}),
        west.post("/v1/workers", json=person | {"education": NAME, "sex": ID_NUMBER, "birth_date": PHONE}),
        west.post("/v1/workers", json=person | {"birth_date": {"x": ID_NUMBER}, "intention": NAME}),
        west.post("/v1/workers", json=[person]),
        west.post("/v1/workers", content=json.dumps(person, ensure_ascii=False).encode()[:-1]),
        west.post("/v1/workers", content=json.dumps(person, ensure_ascii=False).encode("gbk")),
        west.post("/v1/workers", json=person, headers={"Idempotency-Key": ID_NUMBER * 20}),
        west.patch(f"/v1/workers/{made['id']}", json={"phone": ID_NUMBER, "name": NAME}, headers=version),
        west.patch(f"/v1/workers/{made['id']}", json={"name": NAME}, headers={"If-Match": PHONE}),
        west.get(f"/v1/workers/{ID_NUMBER}x"),
        west.get(f"/v1/workers/{ID_NUMBER}"),
        west.get(f"/v1/{NAME}/{PHONE}"),
        west.get("/v1/workers", params={"limit": PHONE, "sort": NAME, "cursor": ID_NUMBER, "region": NAME}),
        west.get("/v1/applications", params={"state": NAME, "worker_id": NAME}),
        west.get(f"/v1/regions/{PHONE}"),
        anonymous.get("/v1/workers", params={"q": NAME}, headers={"Authorization": f"Bearer {ID_NUMBER}"}),
        anonymous.post("/v1/token", data={"username": NAME.encode(), "password": ID_NUMBER}),
        anonymous.post("/v1/token", data={"user": NAME.encode(), "pass": ID_NUMBER}),
    ]
    assert all(400 <= answer.status_code < 500 for answer in answers), [a.status_code for a in answers]
    assert west.get("/v1/workers", params={"q": NAME}).json()["items"]
    printed = capsys.readouterr()
    logged = [
        record.getMessage() for record in caplog.records if not record.name.startswith(("http", "asyncio"))
    ]
    for secret in SECRETS:
        for answer in answers:
            assert secret not in answer.text, answer.request.url
            assert secret not in str(answer.headers)
        assert secret not in printed.out + printed.err
        # The test's own client writes down the addresses that it asks; the service does not.
        assert not [said for said in logged if secret in said]
    assert printed.out.count("route=/v1") >= len(answers)


def test_our_own_faults_say_nothing_either(
    app: FastAPI, west: TestClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_: Settings) -> date:
        raise RuntimeError(f"{NAME} {ID_NUMBER}")

    monkeypatch.setattr(Settings, "today", broken)
    client = TestClient(app, raise_server_exceptions=False, headers=dict(west.headers))
    answer = client.get("/v1/workers", params={"q": NAME})
    is_problem(answer, 500, "internal")
    printed = capsys.readouterr()
    for secret in SECRETS:
        assert secret not in answer.text
        assert secret not in printed.out + printed.err


def test_errors_of_the_database_carry_no_values(database: Any) -> None:
    engine = service_engine(database.service)
    with engine.connect() as connection, pytest.raises(Exception) as caught:
        connection.execute(text("SELECT * FROM no_such_table WHERE x = :x"), {"x": ID_NUMBER})
    assert ID_NUMBER not in str(caught.value)
    engine.dispose()


def fields_of(app: FastAPI) -> set[tuple[str, str]]:
    """The fields of every body that is taken, each with the body's schema."""
    schemas = app.openapi()["components"]["schemas"]
    taken = {
        name for name in schemas if name.endswith(("Create", "Update", "Told", "Start", "Refusal", "End"))
    }
    return {(field, name) for name in taken for field in schemas[name].get("properties", {})}


def test_every_field_has_a_chinese_name(app: FastAPI) -> None:
    assert fields_of(app)
    assert {told for told in fields_of(app) if field_words(*told) == told[0]} == set()


def test_every_number_has_its_bounds(app: FastAPI) -> None:
    """A number beyond the column must be refused by its field, before the database refuses it without one."""
    unbounded = set()

    def look(told: dict[str, Any], place: str) -> None:
        for choice in [told, *told.get("anyOf", [])]:
            if choice.get("type") == "integer" and not {"minimum", "maximum"} <= choice.keys():
                unbounded.add(place)
            for name in ("items", "additionalProperties"):
                if isinstance(choice.get(name), dict):
                    look(choice[name], f"{place}.{name}")

    document = app.openapi()
    for name, schema in document["components"]["schemas"].items():
        if name.endswith(("Create", "Update", "Told", "Start", "Refusal", "End")):
            for field, told in schema.get("properties", {}).items():
                look(told, f"{name}.{field}")
    for path, item in document["paths"].items():
        for operation in item.values():
            for parameter in operation.get("parameters", []):
                look(parameter["schema"], f"{path}:{parameter['name']}")
    assert unbounded == set()
