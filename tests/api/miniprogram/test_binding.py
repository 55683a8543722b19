"""Who may speak for whom: by proof, by family, after a human has looked; and what nobody learns."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from fastapi import FastAPI
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from starlette.testclient import TestClient

from api.database import Sessions, owner_connection
from ledger.identity.matching import plain_name
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


def test_family_by_the_telephone_of_the_household_waits_for_a_human(
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
    assert (told["state"]["code"], told["worker_id"]) == ("waiting", None), (
        "for somebody else a human decides"
    )
    assert daughter.get(f"/people/{father['id']}").status_code == 404
    [asked] = made(west.get("/v1/bindings"))["items"]
    assert asked["proof"]["code"] == "household", "what speaks for it is shown to whoever decides"
    made(west.post(f"/v1/bindings/{told['binding_id']}/decide", json={"agreed": True}))
    assert (
        made(west.get("/v1/bindings", params={"state": "in_force"}))["items"][0]["proof"]["code"] == "checked"
    )
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


_ROW_SECURITY = "violates row-level security policy"


@pytest.mark.parametrize(
    ("statement", "refused"),
    [
        ("UPDATE worker SET name = 'x'", "not a person's own to change"),
        ("UPDATE worker SET region = '610723'", "not a person's own to change"),
        ("UPDATE work_intention SET pay_floor = 1", None),
        ("UPDATE person_key SET sealed_key = ''", None),
        ("INSERT INTO worker_skill (worker_id, skill, level) VALUES (:id, '电工', 1)", _ROW_SECURITY),
        (
            "INSERT INTO employment_spell (id, created_at, worker_id, kind, started_on, is_main, precision, is_demo) "
            "VALUES (nextval('employment_spell_id_seq'), now(), :id, 'flexible', '2021-01-01', true, 'day', false)",
            _ROW_SECURITY,
        ),
        (
            "INSERT INTO worker_binding (created_at, account_id, worker_id, speaker, state, asked_on, is_demo) "
            "VALUES (now(), 1, :id, 'self', 'waiting', '2021-01-01', false)",
            "permission denied for table worker_binding",
        ),
        ("UPDATE worker_binding SET state = 'ended'", "permission denied for table worker_binding"),
    ],
)
def test_the_database_lets_nobody_write_more_than_a_persons_own_word(
    bound: Callable[..., Someone], app: FastAPI, statement: str, refused: str | None
) -> None:
    """`None`: there is a row, and no right to change it: none is changed."""
    one = bound()
    with app.state.sessions() as session, session.begin():
        connection = session.connection()
        connection.execute(
            text(
                "SELECT set_config('app.worker', :id, true), set_config('app.regions', '{}', true), set_config('app.account', '', true)"
            ),
            {"id": str(one.row["id"])},
        )
        if refused is None:
            table = statement.split()[1]
            told = {"id": one.row["id"]}
            assert connection.scalar(text(f"SELECT count(*) FROM {table} WHERE worker_id = :id"), told) == 1
            assert connection.execute(text(statement), told).rowcount == 0
        else:
            with pytest.raises(ProgrammingError, match=refused) as caught, connection.begin_nested():
                connection.execute(text(statement), {"id": one.row["id"]})
            assert isinstance(caught.value.orig, InsufficientPrivilege)


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


@pytest.mark.parametrize("how", ["refused", "ended by the bureau", "ended by herself"])
def test_what_the_bureau_refused_or_ended_asking_again_does_not_undo(
    bound: Callable[..., Someone], world: Any, west: TestClient, phone: Callable[..., Phone], how: str
) -> None:
    """Though name, number and telephone are those of the ledger."""
    body = world.bodies.worker(phone="10000000023")
    person = made(west.post("/v1/workers", json=body))
    mine = phone("10000000022" if how == "refused" else "10000000023")
    mine.log_in()
    mine.verify()
    number = mine.bind(person, body["id_number"])["binding_id"]
    if how == "refused":
        made(west.post(f"/v1/bindings/{number}/decide", json={"agreed": False}))
        version = {"If-Match": f'"{person["version"]}"'}
        made(west.patch(f"/v1/workers/{person['id']}", json={"phone": "10000000022"}, headers=version))
    elif how == "ended by the bureau":
        made(west.post(f"/v1/bindings/{number}/end"))
    else:
        made(mine.post(f"/bindings/{number}/end"))
    again = mine.bind(person, body["id_number"])
    assert again["state"]["code"] == ("in_force" if how == "ended by herself" else "waiting")


def test_she_sees_who_speaks_for_her_and_ends_it(
    bound: Callable[..., Someone], speaks: Callable[..., Phone], west: TestClient
) -> None:
    person = bound(phone="10000000024")
    mine, son = person.phone, speaks(person, "family", "10000000025")
    seen = made(mine.get(f"{mine.mine}/bindings"))["items"]
    assert [(each["speaker"]["code"], each["telephone"], each["mine"]) for each in seen] == [
        ("self", "100****0024", True),
        ("family", "100****0025", False),
    ]
    refused = son.get(f"{son.mine}/bindings")
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/person-needed")
    assert son.post(f"{son.mine}/bindings/{seen[0]['binding_id']}/end").status_code == 403
    made(mine.post(f"{mine.mine}/bindings/{seen[1]['binding_id']}/end"))
    assert son.get(son.mine).status_code == 404
    again = son.bind(person.row, person.number, speaker="family")
    assert again["state"]["code"] == "waiting"
    assert len(made(mine.get(f"{mine.mine}/bindings"))["items"]) == 2
    other = bound(phone="10000000026", name="测试别")
    [theirs] = made(other.phone.get(f"{other.phone.mine}/bindings"))["items"]
    assert mine.post(f"{mine.mine}/bindings/{theirs['binding_id']}/end").status_code == 404
    history = made(west.get(f"/v1/workers/{person.row['id']}/history"))["items"]
    told = [each["action"]["code"] for each in history if each["noun"]["code"] == "worker_binding"]
    assert told.count("end") == 1, "on record where the bureau finds it"


def test_who_speaks_for_several_sees_of_each_her_own(
    bound: Callable[..., Someone], speaks: Callable[..., Phone]
) -> None:
    one, other = bound(phone="10000000027"), bound(phone="10000000028", name="测试娃")
    asked = one.phone.bind(other.row, other.number, speaker="guardian")
    one.phone.worker_id = one.row["id"]
    seen = made(one.phone.get(f"{one.phone.mine}/bindings"))["items"]
    assert asked["binding_id"] not in {each["binding_id"] for each in seen}
    assert len(seen) == 1


def test_a_wechat_account_is_closed_and_opened_by_a_bureau(
    bound: Callable[..., Someone], west: TestClient, clerk: Callable[[str], TestClient], fake: Any
) -> None:
    person = bound(phone="10000000029")
    mine = person.phone
    [binding] = made(west.get("/v1/bindings", params={"state": "in_force"}))["items"]
    path = f"/v1/bindings/{binding['id']}/account"
    assert binding["account_active"] is True
    assert clerk("yangxian").post(path, json={"active": False}).status_code == 404
    closed = made(west.post(path, json={"active": False}))
    assert (closed["account_active"], closed["state"]["code"]) == (False, "in_force")
    assert mine.get("/me").status_code == 401
    shut = mine.client.post("/mp/v1/login", json={"code": fake.login_code(mine.openid)})
    assert (shut.status_code, shut.json()["type"]) == (403, "/problems/account-closed")
    again = west.post(path, json={"active": False})
    assert (again.status_code, again.json()["type"]) == (409, "/problems/already-switched")
    made(west.post(path, json={"active": True}))
    mine.log_in()
    assert made(mine.get(mine.mine))["name"] == person.row["name"]


@pytest.mark.parametrize("name", ["买买提·艾力", "买买提 • 艾力", "张三", "ＡＢＣ", "O'Neil", "艾力-买买提"])
def test_the_database_reads_a_name_as_we_do_under_any_locale(database: Any, name: str) -> None:
    """Under the locale C no Chinese character is a letter: what is taken away is listed."""
    with owner_connection(database.owner) as owner:
        assert owner.scalar(text('SELECT plain_name(:name COLLATE "C")'), {"name": name}) == plain_name(name)


def test_a_name_is_the_same_however_its_dot_is_written(
    world: Any, west: TestClient, phone: Callable[..., Phone]
) -> None:
    body = world.bodies.worker(name="测试买·艾力", phone="10000000048")
    person = made(west.post("/v1/workers", json=body))
    mine = phone("10000000048")
    mine.log_in()
    mine.verify()
    assert mine.bind(person, body["id_number"], name="测试买 • 艾力")["state"]["code"] == "in_force"
