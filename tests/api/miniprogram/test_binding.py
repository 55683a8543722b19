"""Who may speak for whom: by proof, by family, after a human has looked; and what nobody learns."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from starlette.testclient import TestClient

from api.database import Sessions
from models.id_number import demo_id_number
from models.worker import Sex

from .conftest import Phone, Someone, made


def test_another_telephone_waits_for_a_human(
    world: Any, west: TestClient, phone: Callable[..., Phone]
) -> None:
    body = world.bodies.worker(phone="10000000021")
    person = made(west.post("/v1/workers", json=body))
    mine = phone("10000000022")
    mine.log_in()
    mine.verify()
    waiting = mine.bind(person, body["id_number"])
    assert (waiting["state"]["code"], waiting["worker_id"]) == ("waiting", None)
    assert mine.get(f"/people/{person['id']}").status_code == 404
    [only] = made(mine.get("/me"))["people"]
    assert (only["name"], only["worker_id"]) == (None, None), "of whom she only asked for nothing is told"
    [asked] = made(west.get("/v1/bindings"))["items"]
    assert (asked["id"], asked["name"], asked["telephone"]) == (
        waiting["binding_id"],
        "测试甲",
        "100****0022",
    )
    made(west.post(f"/v1/bindings/{waiting['binding_id']}/decide", json={"agreed": True}))
    assert made(mine.get(f"/people/{person['id']}"))["telephone"] == "100****0021"
    mine.worker_id = person["id"]
    assert made(mine.post(f"{mine.mine}/telephone"))["telephone"] == "100****0022"
    assert made(west.get(f"/v1/workers/{person['id']}"))["phone"] == "100****0022"


def test_a_refusal_lets_nobody_in(world: Any, west: TestClient, phone: Callable[..., Phone]) -> None:
    body = world.bodies.worker(phone="10000000021")
    person = made(west.post("/v1/workers", json=body))
    mine = phone("10000000022")
    mine.log_in()
    mine.verify()
    number = mine.bind(person, body["id_number"])["binding_id"]
    made(west.post(f"/v1/bindings/{number}/decide", json={"agreed": False}))
    assert made(mine.get("/me"))["people"] == []
    again = west.post(f"/v1/bindings/{number}/decide", json={"agreed": True})
    assert (again.status_code, again.json()["type"]) == (409, "/problems/already-decided")


def test_family_by_the_telephone_of_the_household(
    world: Any, west: TestClient, phone: Callable[..., Phone]
) -> None:
    home = world.household()["id"]
    old = world.bodies.worker(name="测试父", phone=None, household_id=home)
    father = made(west.post("/v1/workers", json=old))
    world.worker(name="测试女", phone="10000000031", household_id=home)
    daughter = phone("10000000031")
    daughter.log_in()
    daughter.verify()
    alone = daughter.post("/bindings", {"name": "测试父", "id_number": old["id_number"], "speaker": "self"})
    assert made(alone)["state"]["code"] == "waiting", "it is not his telephone"
    made(daughter.post(f"/bindings/{alone.json()['binding_id']}/end"))
    told = daughter.bind(father, old["id_number"], speaker="family")
    assert told["state"]["code"] == "in_force"
    assert made(daughter.get(f"/people/{father['id']}"))["speaker"]["code"] == "family"
    refused = daughter.post(f"/people/{father['id']}/telephone")
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/person-needed")
    place = daughter.post(f"/people/{father['id']}/consents/check_in")
    assert place.status_code == 422, "to places he agrees himself"
    assert made(daughter.post(f"/people/{father['id']}/consents/messages"))["speaker"]["code"] == "family"


def test_a_name_and_a_number_that_do_not_belong_together_tell_nothing(
    world: Any, west: TestClient, phone: Callable[..., Phone]
) -> None:
    body = world.bodies.worker(phone="10000000041")
    made(west.post("/v1/workers", json=body))
    mine = phone("10000000041")
    mine.log_in()
    mine.verify()
    stranger = demo_id_number(date(1990, 1, 1), 400_001, Sex.FEMALE)
    wrong = mine.post("/bindings", {"name": "别的人", "id_number": body["id_number"]})
    unknown = mine.post("/bindings", {"name": "测试甲", "id_number": stranger})
    told = [{**each.json(), "request_id": ""} for each in (wrong, unknown)]
    assert told[0] == told[1]
    assert wrong.status_code == 404
    assert body["id_number"] not in wrong.text


def test_nobody_sees_anybody_else(
    world: Any, west: TestClient, bound: Callable[..., Someone], sessions: Sessions
) -> None:
    one = bound(phone="10000000051", name="测试一")
    other = bound(phone="10000000052", name="测试二")
    theirs = world.application(worker_id=other.row["id"])["id"]
    mine = one.phone
    for path in ("", "/matches", "/vacancies", "/applications", "/spells", "/benefits", "/consents"):
        assert mine.get(f"/people/{other.row['id']}{path}").status_code == 404, path
    assert mine.post(f"{mine.mine}/applications/{theirs}/accept").status_code == 404
    for path in (f"/v1/workers/{one.row['id']}", "/v1/workers", "/v1/me"):
        assert mine.client.get(path).status_code == 401, "the token opens this door alone"
    answer = mine.client.get("/mp/v1/me", headers={"Authorization": west.headers["Authorization"]})
    assert answer.status_code == 401, "and a bureau's token does not open it"


@pytest.mark.parametrize(
    "table",
    [
        "worker",
        "application",
        "employment_spell",
        "person_key",
        "consent",
        "contact",
        "worker_binding",
        "ranking_item",
    ],
)
def test_the_database_shows_one_person_alone(
    world: Any, bound: Callable[..., Someone], app: FastAPI, table: str
) -> None:
    """Whatever a query says: in a session that speaks for one person there is nobody else."""
    one, other = bound(phone="10000000051", name="测试一"), bound(phone="10000000052", name="测试二")
    world.vacancy()
    for person in (one, other):
        mine = person.phone
        made(mine.get(f"{mine.mine}/matches"))
        made(mine.post(f"{mine.mine}/consents/messages"))
        started = world.application(worker_id=person.row["id"])
        made(world.west.post(f"/v1/applications/{started['id']}/start", json={}))
        made(world.west.post(f"/v1/workers/{person.row['id']}/contacts", json={"found": "at_work"}))
    column = "id" if table == "worker" else "worker_id"
    with app.state.sessions() as session, session.begin():
        connection = session.connection()
        connection.execute(
            text(
                "SELECT set_config('app.worker', :id, true), set_config('app.regions', '{}', true), set_config('app.account', '', true)"
            ),
            {"id": str(one.row["id"])},
        )
        seen = set(connection.scalars(text(f'SELECT {column} FROM "{table}"')))
        assert seen == {one.row["id"]}
        for place in ("household", "dispatch", "import", "doubt", "export"):
            assert connection.scalar(text(f'SELECT count(*) FROM "{place}"')) == 0


def test_the_database_lets_nobody_write_more_than_a_persons_own_word(
    bound: Callable[..., Someone], app: FastAPI
) -> None:
    one = bound()
    with app.state.sessions() as session, session.begin():
        connection = session.connection()
        connection.execute(
            text(
                "SELECT set_config('app.worker', :id, true), set_config('app.regions', '{}', true), set_config('app.account', '', true)"
            ),
            {"id": str(one.row["id"])},
        )
        for statement in (
            "UPDATE worker SET name = 'x'",
            "UPDATE worker SET region = '610723'",
            "INSERT INTO worker_skill (worker_id, skill) VALUES (:id, 'x')",
            "UPDATE work_intention SET pay_floor = 1",
            "UPDATE person_key SET sealed_key = ''",
            "INSERT INTO employment_spell (created_at, worker_id, kind, started_on, is_main, precision, is_demo) "
            "VALUES (now(), :id, 'flexible', '2021-01-01', true, 'day', false)",
            "INSERT INTO worker_binding (created_at, account_id, worker_id, speaker, state, asked_on, is_demo) "
            "VALUES (now(), 1, :id, 'self', 'waiting', '2021-01-01', false)",
        ):
            with pytest.raises(Exception), connection.begin_nested():  # noqa: B017 - whichever way it refuses
                done = connection.execute(text(statement), {"id": one.row["id"]})
                assert done.rowcount > 0


def test_leaving(bound: Callable[..., Someone], west: TestClient) -> None:
    person = bound()
    mine = person.phone
    [binding] = made(mine.get("/me"))["people"]
    other = mine.client.headers["Authorization"]
    mine.log_in()
    made(mine.client.post("/mp/v1/logout"))
    assert mine.get("/me").status_code == 401
    mine.client.headers["Authorization"] = other
    assert mine.get("/me").status_code == 200, "the other log-in goes on"
    made(mine.post(f"/bindings/{binding['binding_id']}/end"))
    assert mine.get(mine.mine).status_code == 404
    made(mine.client.post("/mp/v1/logout", params={"everywhere": True}))
    assert mine.get("/me").status_code == 401
