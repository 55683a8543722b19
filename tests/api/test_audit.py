"""Every change leaves its row in the same transaction, sealed where it tells of a person."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from api.app import create_app
from api.audit import AUDITED, audited
from api.database import owner_connection, sessions_of
from api.deps import act_as
from api.security import account_by_username, issue_token
from api.settings import Settings
from ledger.history import opened_change, person_keys
from models.account import TokenKind
from models.record import AuditEvent
from models.registry import metadata
from models.sealing import Keyring, Unsealable, open_person_key, unseal
from models.worker import Worker

from .unaudited import UNAUDITED

REFERENCE_DATA = {"region", "industry", "occupation", "occupation_alias", "pairing", "daily_run"}


class Database:
    """A service whose transactions commit, and its owner's eyes."""

    def __init__(self, service: Any, owner_address: str) -> None:
        self.service, self.owner_address = service, owner_address

    def client(self, username: str) -> TestClient:
        with self.service.state.sessions() as session, session.begin():
            account_id = account_by_username(session, username)
            assert account_id is not None
            act_as(session, account_id)
            token = issue_token(session, account_id, TokenKind.BEARER)
        return TestClient(self.service, headers={"Authorization": f"Bearer {token}"})

    def events(self) -> list[Any]:
        with owner_connection(self.owner_address) as owner:
            return list(owner.execute(text("SELECT * FROM audit_event ORDER BY id")))

    def scalar(self, question: str) -> Any:
        with owner_connection(self.owner_address) as owner:
            return owner.scalar(text(question))


@pytest.fixture(scope="module")
def committed(
    clone: Callable[[str], Any], keyring: Keyring, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    database = clone("audited")
    engine = create_engine(database.service)
    settings = Settings(data_folder=tmp_path_factory.mktemp("data"))
    app = create_app(settings, sessions=audited(sessions_of(engine), keyring), keyring=keyring)
    yield Database(app, database.owner)
    engine.dispose()


def told(event: Any, keyring: Keyring, owner_address: str) -> dict[str, Any]:
    """What an event says, unsealed."""
    if event.sealed_change is None:
        return dict(event.change or {})
    with owner_connection(owner_address) as owner:
        found = owner.execute(
            text("SELECT master_key_id, sealed_key FROM person_key WHERE worker_id = :id"),
            {"id": event.worker_id},
        ).one_or_none()
    if found is None:
        raise Unsealable("destroyed")
    key = open_person_key(keyring, *found)
    opened: dict[str, Any] = json.loads(unseal(key, event.sealed_change, "audit_event.change"))
    return opened


def test_the_whole_loop_is_recorded(committed: Database, keyring: Keyring, bodies: Any) -> None:
    west, east = committed.client("zhenba"), committed.client("tongzhou")
    before = len(committed.events())

    def new() -> list[tuple[str, str]]:
        nonlocal before
        events = committed.events()[before:]
        before += len(events)
        return [(event.action, event.noun) for event in events]

    household = west.post("/v1/households", json=bodies.household()).json()["id"]
    assert set(new()) == {("create", "household"), ("create", "hardship_period")}
    worker = west.post("/v1/workers", json=bodies.worker(household_id=household)).json()
    assert set(new()) == {("create", "worker"), ("create", "worker_skill"), ("create", "work_intention")}
    etag = {"If-Match": f'"{worker["version"]}"'}
    changed = west.patch(f"/v1/workers/{worker['id']}", json={"phone": "10000000077"}, headers=etag)
    assert changed.status_code == 200
    assert new() == [("update", "worker")]
    etag = {"If-Match": changed.headers["ETag"]}
    assert west.patch(
        f"/v1/workers/{worker['id']}", json={"intention": {"wants": "out"}}, headers=etag
    ).is_success
    assert ("update", "work_intention") in new()
    employer = east.post("/v1/employers", json=bodies.employer()).json()["id"]
    assert new() == [("create", "employer")]
    post = east.post("/v1/vacancies", json=bodies.vacancy(employer)).json()["id"]
    assert new() == [("create", "vacancy")]
    east.post(f"/v1/vacancies/{post}/publish")
    assert new() == [("update", "vacancy")]
    told_of = {"worker_id": worker["id"], "vacancy_id": post}
    application = west.post("/v1/applications", json=told_of).json()["id"]
    assert ("create", "application") in new()
    east.post(f"/v1/applications/{application}/offer")
    assert new() == [("update", "application")]
    outbox = committed.scalar("SELECT count(*) FROM outbox_message WHERE topic <> 'notice'")
    started = west.post(f"/v1/applications/{application}/start", json={}).json()
    assert set(new()) == {("update", "application"), ("create", "employment_spell"), ("take_seat", "vacancy")}
    assert committed.scalar("SELECT count(*) FROM outbox_message WHERE topic <> 'notice'") == outbox + 1
    west.post(
        f"/v1/spells/{started['spell_id']}/end", json={"ended_on": "2021-09-20", "leave_reason": "not_asked"}
    )
    assert new() == [("update", "employment_spell")]
    west.post("/v1/imports", files={"file": ("a.jsonl", '{"title": "缝纫工"}'.encode())})
    assert ("create", "import") in new()


def test_a_row_says_who_when_which_request_and_where(committed: Database, bodies: Any) -> None:
    west = committed.client("zhenba")
    answer = west.post("/v1/workers", json=bodies.worker())
    event = next(event for event in reversed(committed.events()) if event.noun == "worker")
    assert event.row_id == event.worker_id == answer.json()["id"]
    assert event.request_id == answer.headers["X-Request-Id"]
    assert event.region == "610728001"
    assert event.account_id == committed.scalar("SELECT id FROM account WHERE username = 'zhenba'")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/workers", {"name": "不成", "region": "610728", "household_id": 987654}),
        ("/v1/workers", {"name": "不成", "region": "610728", "last_occupation": "9"}),
        ("/v1/households", {"number": "R", "region": "610728", "hardship": [
            {"category": "marginal", "from_on": "2021-01-01", "to_on": "2020-01-01"}]}),
        ("/v1/applications", {"worker_id": 987654, "vacancy_id": 1}),
    ],
)  # fmt: skip
def test_what_is_rolled_back_leaves_no_row(committed: Database, path: str, body: dict[str, Any]) -> None:
    west = committed.client("zhenba")
    before = (len(committed.events()), committed.scalar("SELECT count(*) FROM household"))
    assert west.post(path, json=body).status_code in (404, 422)
    assert (len(committed.events()), committed.scalar("SELECT count(*) FROM household")) == before


def test_a_start_that_fails_at_the_last_step_leaves_nothing(committed: Database, bodies: Any) -> None:
    """Two for one seat: the second's application, spell, audit and message all go."""
    west, east = committed.client("zhenba"), committed.client("tongzhou")
    employer = east.post("/v1/employers", json=bodies.employer()).json()["id"]
    post = east.post("/v1/vacancies", json=bodies.vacancy(employer, seats=1)).json()["id"]
    east.post(f"/v1/vacancies/{post}/publish")
    applications = [
        west.post(
            "/v1/applications",
            json={
                "worker_id": west.post("/v1/workers", json=bodies.worker()).json()["id"],
                "vacancy_id": post,
            },
        ).json()["id"]
        for _ in range(2)
    ]
    assert west.post(f"/v1/applications/{applications[0]}/start", json={}).is_success
    tables = ("audit_event", "outbox_message", "employment_spell", "application_event", "idempotency_key")
    before = [committed.scalar(f"SELECT count(*) FROM {table}") for table in tables]
    refused = west.post(
        f"/v1/applications/{applications[1]}/start", json={}, headers={"Idempotency-Key": "s"}
    )
    assert refused.status_code == 409
    assert refused.json()["type"] == "/problems/no-seat-left"
    assert [committed.scalar(f"SELECT count(*) FROM {table}") for table in tables] == before
    assert west.get(f"/v1/applications/{applications[1]}").json()["state"]["code"] == "proposed"


def test_nothing_personal_stands_in_the_clear(committed: Database, keyring: Keyring, bodies: Any) -> None:
    west = committed.client("zhenba")
    body = bodies.worker(name="欧阳不可见", phone="10012345678")
    body["skills"] = {"不可见之技": 3}
    body["intention"]["reason"] = "不可见之由"
    worker = west.post("/v1/workers", json=body, headers={"Idempotency-Key": "n"}).json()
    changed = west.patch(
        f"/v1/workers/{worker['id']}",
        json={"name": "司马不可见", "phone": "10087654321", "ethnicity": "不可见族"},
        headers={"If-Match": f'"{worker["version"]}"'},
    )
    assert changed.status_code == 200
    secrets = [body["id_number"], body["id_number"][6:14], "1985-03-15", "12345678", "87654321", "不可见"]
    with owner_connection(committed.owner_address) as owner:
        for table in ("audit_event", "outbox_message", "idempotency_key"):
            kept = [
                str(row) for row in owner.execute(text(f'SELECT "{table}"::text FROM "{table}"')).scalars()
            ]
            raw = [
                value
                for row in owner.execute(text(f'SELECT * FROM "{table}"'))
                for value in row
                if isinstance(value, bytes)
            ]
            for secret in secrets:
                assert not [row for row in kept if secret in row], table
                assert not [value for value in raw if secret.encode() in value], table
    events = [event for event in committed.events() if event.worker_id == worker["id"]]
    opened = [told(event, keyring, committed.owner_address) for event in events]
    assert any(change.get("name") == "欧阳不可见" for change in opened)
    assert any(change.get("name") == ["欧阳不可见", "司马不可见"] for change in opened)
    # Also what a number was before is kept, under the person's key alone, so that a mend can be traced.
    assert ["+8610012345678", "+8610087654321"] in [change.get("phone") for change in opened]
    assert body["id_number"] in [change.get("id_number") for change in opened]


def test_without_the_persons_key_the_record_can_not_be_read(
    committed: Database, keyring: Keyring, bodies: Any
) -> None:
    west = committed.client("zhenba")
    worker = west.post("/v1/workers", json=bodies.worker()).json()["id"]
    events = [event for event in committed.events() if event.worker_id == worker]
    assert all(told(event, keyring, committed.owner_address) for event in events)
    with owner_connection(committed.owner_address) as owner:
        owner.execute(text("DELETE FROM person_key WHERE worker_id = :id"), {"id": worker})
    for event in events:
        with pytest.raises(Unsealable):
            told(event, keyring, committed.owner_address)
    shown = west.get(f"/v1/workers/{worker}")
    assert shown.status_code == 200, shown.text
    assert shown.json()["id_number"] == shown.json()["phone"] == "已删除"
    edited = west.patch(
        f"/v1/workers/{worker}", json={"phone": "10000000001"}, headers={"If-Match": shown.headers["ETag"]}
    )
    assert edited.status_code == 409, edited.text


def test_a_region_reads_its_own_record_only(committed: Database, bodies: Any) -> None:
    worker = committed.client("zhenba").post("/v1/workers", json=bodies.worker()).json()["id"]
    seen = {}
    for username in ("zhenba", "hanzhong", "yangxian", "tongzhou", "nobody"):
        with committed.service.state.sessions() as session, session.begin():
            account_id = account_by_username(session, username)
            act_as(session, account_id)
            seen[username] = session.connection().scalar(
                text("SELECT count(*) > 0 FROM audit_event WHERE worker_id = :id"), {"id": worker}
            )
    assert seen == {"zhenba": True, "hanzhong": True, "yangxian": False, "tongzhou": False, "nobody": False}


def test_every_record_of_a_household_is_seen_by_its_region(committed: Database, bodies: Any) -> None:
    committed.client("zhenba").post("/v1/households", json=bodies.household())
    nowhere = [event.noun for event in committed.events() if event.region is None and event.action != "login"]
    assert nowhere == []


def test_every_table_is_recorded_or_says_why_not() -> None:
    recorded = {model.__tablename__ for model in AUDITED}
    assert recorded & UNAUDITED.keys() == set()
    assert recorded | UNAUDITED.keys() | REFERENCE_DATA == set(metadata.tables)


def test_logging_in_is_recorded(
    client: TestClient, session_as: Callable[[str], Session], connection: Connection
) -> None:
    assert client.get("/v1/me").status_code == 200
    # The service may add such a row and not read it: it belongs to no region.
    assert session_as("zhenba").connection().scalar(text("SELECT count(*) FROM audit_event")) == 0


def test_what_was_not_loaded_is_recorded_as_it_was(
    client: TestClient, session_as: Callable[[str], Session], keyring: Keyring, bodies: Any
) -> None:
    """A column that the session had let go of is no empty one."""
    number = client.post("/v1/workers", json=bodies.worker(ethnicity="苗族")).json()["id"]
    session = session_as("zhenba")
    worker = session.get_one(Worker, number)
    session.expire(worker)
    worker.ethnicity = "汉族"
    session.info["import"] = (None, 17)
    session.flush()
    event = session.exec(
        select(AuditEvent).where(AuditEvent.worker_id == number).order_by(col(AuditEvent.id).desc())
    ).first()
    assert event and event.sealed_change and event.import_line == 17
    key = person_keys(session, keyring, [number])[number]
    assert opened_change(key, event.sealed_change)["ethnicity"] == ["苗族", "汉族"]
