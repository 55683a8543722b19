"""Commands sent twice: one row, the first answer again, and nothing of a person in the clear."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import create_engine, text
from sqlmodel import Session
from starlette.testclient import TestClient

from api.app import create_app
from api.audit import audited
from api.database import owner_connection, sessions_of
from api.deps import act_as
from api.security import account_by_username, issue_token
from api.settings import Settings
from models.account import TokenKind
from models.sealing import Keyring

KEY = {"Idempotency-Key": "a1"}


def people(client: TestClient) -> int:
    total: int = client.get("/v1/workers").json()["total"]
    return total


def test_the_same_command_gets_the_same_answer(west: TestClient, bodies: Any) -> None:
    body = bodies.worker()
    first = west.post("/v1/workers", json=body, headers=KEY)
    again = west.post("/v1/workers", json=body, headers=KEY)
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert first.headers["ETag"] == again.headers["ETag"] == f'"{first.json()["version"]}"'
    assert first.headers["Content-Type"] == again.headers["Content-Type"]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert people(west) == 1


def test_the_answer_is_the_first_even_after_a_change(west: TestClient, bodies: Any) -> None:
    body = bodies.worker()
    first = west.post("/v1/workers", json=body, headers=KEY)
    path = f"/v1/workers/{first.json()['id']}"
    assert (
        west.patch(path, json={"name": "改名"}, headers={"If-Match": first.headers["ETag"]}).status_code
        == 200
    )
    again = west.post("/v1/workers", json=body, headers=KEY)
    assert again.content == first.content
    assert again.headers["ETag"] != west.get(path).headers["ETag"]


@pytest.mark.parametrize(
    "other",
    [
        ("/v1/workers", {"name": "另一人", "region": "610728"}),
        ("/v1/households", {"number": "1", "region": "610728"}),
        ("/v1/employers", {"name": "另一厂", "region": "610728"}),
    ],
)
def test_another_command_under_the_key_is_refused(west: TestClient, bodies: Any, other: Any) -> None:
    body = bodies.worker()
    assert west.post("/v1/workers", json=body, headers=KEY).status_code == 201
    path, told = other
    answer = west.post(path, json=told or body, headers=KEY)
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/key-used"
    assert people(west) == 1


def test_keys_of_two_accounts_are_two_keys(
    west: TestClient, clerk: Callable[[str], TestClient], bodies: Any
) -> None:
    township = clerk("jingyang")
    assert west.post("/v1/workers", json=bodies.worker(), headers=KEY).status_code == 201
    answer = township.post("/v1/workers", json=bodies.worker(), headers=KEY)
    assert answer.status_code == 201
    assert "Idempotent-Replayed" not in answer.headers
    assert people(west) == 2


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"region": "610723"}, {"id_number": "123"}, {"last_occupation": "9"}]
)
def test_a_failed_command_frees_its_key(west: TestClient, bodies: Any, wrong: dict[str, Any]) -> None:
    assert west.post("/v1/workers", json=bodies.worker(**wrong), headers=KEY).status_code in (403, 422)
    assert people(west) == 0
    assert west.post("/v1/workers", json=bodies.worker(), headers=KEY).status_code == 201
    assert people(west) == 1


def test_without_a_key_each_command_is_its_own(west: TestClient) -> None:
    body = {"name": "同名", "region": "610728"}
    ids = {west.post("/v1/workers", json=body).json()["id"] for _ in range(2)}
    assert len(ids) == 2


@pytest.mark.parametrize("key", ["", "k" * 201])
def test_a_key_that_is_none(west: TestClient, bodies: Any, key: str) -> None:
    answer = west.post("/v1/workers", json=bodies.worker(), headers={"Idempotency-Key": key})
    assert answer.status_code == 422
    assert [error["field"].lower() for error in answer.json()["errors"]] == ["idempotency-key"]


def test_commands_are_carried_out_once(world: Any, west: TestClient, east: TestClient) -> None:
    application = world.application()
    path = f"/v1/applications/{application['id']}"
    offered = [east.post(f"{path}/offer", headers=KEY) for _ in range(2)]
    started = [west.post(f"{path}/start", json={}, headers=KEY) for _ in range(2)]
    for first, again in (offered, started):
        assert first.status_code == again.status_code == 200, again.text
        assert first.content == again.content
        assert first.headers["ETag"] == again.headers["ETag"]
    assert west.get(f"/v1/vacancies/{application['vacancy_id']}").json()["seats_left"] == 1
    end = [
        west.post(
            f"/v1/spells/{started[0].json()['spell_id']}/end",
            json={"ended_on": "2021-09-20", "leave_reason": "not_asked"},
            headers={"Idempotency-Key": "end"},
        )
        for _ in range(2)
    ]
    assert end[0].status_code == end[1].status_code == 200
    assert end[0].content == end[1].content


def test_a_file_sent_twice_is_one_import(west: TestClient, work: Callable[[], int]) -> None:
    line = '{"title": "平车工", "company": "某厂"}\n'.encode()
    sent = [
        west.post("/v1/imports", files={"file": ("a.jsonl", line)}, headers={"Idempotency-Key": "f"})
        for _ in range(2)
    ]
    assert sent[0].status_code == sent[1].status_code == 202, sent[1].text
    assert sent[0].content == sent[1].content
    assert sent[1].headers["Idempotent-Replayed"] == "true"
    work()
    assert west.get("/v1/imports").json()["total"] == 1
    other = west.post(
        "/v1/imports", files={"file": ("a.jsonl", line + line)}, headers={"Idempotency-Key": "f"}
    )
    assert other.status_code == 422
    assert west.get("/v1/vacancies").json()["total"] == 1


def test_the_same_file_without_a_key_changes_nothing(west: TestClient, work: Callable[[], int]) -> None:
    line = '{"title": "平车工", "company": "某厂"}\n'.encode()
    first, again = (west.post("/v1/imports", files={"file": ("a.jsonl", line)}) for _ in range(2))
    assert first.json()["id"] == again.json()["id"]
    work()
    assert west.get("/v1/vacancies").json()["total"] == 1


def test_the_parts_of_a_form_are_told_apart(west: TestClient) -> None:
    """What ends one part can't begin the next."""
    line = '{"title": "平车工"}\n'.encode()
    sent = west.post(
        "/v1/imports",
        files={"file": ("a.jsonl", line)},
        data={"as_of": "2021-09-20"},
        headers={"Idempotency-Key": "f"},
    )
    assert sent.status_code == 202
    moved = west.post(
        "/v1/imports", files={"file": ("a.jsonl", line + b"2021-09-20")}, headers={"Idempotency-Key": "f"}
    )
    assert moved.status_code == 422


def test_answers_about_persons_are_sealed(
    west: TestClient, bodies: Any, session_as: Callable[[str], Session]
) -> None:
    body = bodies.worker(name="封存者")
    made = west.post("/v1/workers", json=body, headers=KEY).json()
    connection = session_as("zhenba").connection()
    row = connection.execute(text("SELECT * FROM idempotency_key")).one()._asdict()
    assert row["worker_id"] == made["id"]
    assert row["master_key_id"] is None
    for value in row.values():
        kept = value if isinstance(value, bytes) else str(value).encode()
        for secret in (body["name"], body["id_number"], body["id_number"][:6], body["phone"]):
            assert secret.encode() not in kept


@pytest.fixture
def committed(clone: Callable[[str], Any], keyring: Keyring, settings: Settings) -> Any:
    """A service whose transactions commit, and its owner's address."""
    database = clone("twice")
    engine = create_engine(database.service, pool_size=12)
    app = create_app(settings, sessions=audited(sessions_of(engine), keyring), keyring=keyring)
    yield app, database.owner
    engine.dispose()


def client_of(app: FastAPI) -> TestClient:
    with app.state.sessions() as session, session.begin():
        account_id = account_by_username(session, "zhenba")
        act_as(session, account_id)
        token = issue_token(session, account_id, TokenKind.BEARER)
    return TestClient(app, headers={"Authorization": f"Bearer {token}"})


def test_twins_sent_at_once_make_one_row(committed: Any, bodies: Any) -> None:
    app, _ = committed
    client, body = client_of(app), bodies.worker()
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: client.post("/v1/workers", json=body, headers=KEY), range(8)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotent-Replayed" not in answer.headers for answer in answers) == 1
    assert people(client) == 1


def test_the_answer_goes_with_the_persons_key(committed: Any, bodies: Any) -> None:
    app, owner_address = committed
    client, body = client_of(app), bodies.worker()
    first = client.post("/v1/workers", json=body, headers=KEY)
    assert first.status_code == 201
    with owner_connection(owner_address) as owner:
        owner.execute(text("DELETE FROM person_key"))
    again = client.post("/v1/workers", json=body, headers=KEY)
    assert again.status_code == 409
    assert again.json()["type"] == "/problems/answer-deleted"
    assert body["name"] not in again.text


REPEATABLE = {
    "accept_invitation": "a code that was used says so",
    "change_password": "the password that was in force before is wrong the second time",
    "end_other_sessions": "what is ended stays so",
    "enrol_second_factor": "each asking makes another secret, of which none is in force before it is confirmed",
    "confirm_second_factor": "what is in force is not confirmed again",
    "remove_second_factor": "a one-time password is not taken twice",
    "reinvite_account": "each asking makes another code and voids those before",
    "withdraw_invitation": "what is void stays so",
    "switch_off_account": "what is off says so",
    "switch_on_account": "what is on says so",
    "unlock_account": "what is forgiven stays so",
    "reset_second_factor": "what is taken away stays so",
    "bind_account": "a role that is given already stands",
    "end_account_sessions": "what is ended stays so",
    "create_key": "it asks for the password, and what is sent with a password is not kept to be compared",
    "create_token": "a log-in may not be repeated for its answer",
    "apply_import": "asked again while it is applied, or after, it does nothing",
    "revert_import": "a file that was taken back says so",
    "skip_import_line": "a line that is settled says so",
    "add_dispatch_members": "who is on the list already stays on it",
    "remove_dispatch_members": "who is not on the list is not there to be removed",
    "depart_dispatch": "it sets who left",
    "notice_claims": "a claim that took the step before says so",
    "approve_claims": "a claim that took the step before says so",
    "pay_claims": "a claim that took the step before says so",
    "recover_claims": "a claim of which it was said what came of it says so",
    "refuse_claims": "a claim that is refused says so",
    "find_claim_audit": "what was found before says so",
    "reply_claim_audit": "what was answered before says so",
    "conclude_claim_audit": "what is concluded says so",
    "declare_public_post": "it sets what was declared",
    "revoke_workshop": "what is revoked says so",
    "rate_workshop": "it sets the year's grade",
    "withdraw_fair_booth": "a booth that is given up stays so",
    "revoke_fair_invitation": "what is revoked stays so",
    "revoke_kiosk_device": "what is revoked stays so",
    "add_station_staff": "who works there already goes on",
    "end_station_staff": "who does not work there is not there to be ended",
    "finish_support_task": "what is done says so",
    "take_follow_ups": "whom I call already I go on calling",
    "release_follow_ups": "whom nobody calls stays so",
    "give_follow_ups": "whom they call already they go on calling",
    "take_back_follow_ups": "who is back is nobody's to take back again",
    "add_enrolments": "who takes part already goes on",
    "remove_enrolments": "who does not take part is not there to be removed",
    "complete_course": "it sets who finished",
    "withdraw_figure": "a figure that is out of force says so",
    "preview_comparison_evidence": "it changes nothing",
    "preview_match_plan": "it changes nothing",
}
"""Commands that do no harm when they are sent twice, and why."""

EDITS_WITHOUT_VERSION = {
    "unbind_account": "a role is given and taken, never changed",
    "end_account_session": "a log-in is ended, never changed",
    "end_session": "a log-in is ended, never changed",
    "revoke_key": "a key is revoked, never changed",
    "revoke_account_key": "a key is revoked, never changed",
    "cancel_import": "giving up does not depend on what was read",
    "cancel_job": "asking for the end does not depend on what was read",
    "mend_import_line": "a line is mended once; one that is settled says so",
}


def test_every_command_takes_the_key(app: FastAPI) -> None:
    """POST creates or commands; those that may be repeated as they are need no key."""
    lacking = {
        operation["operationId"]
        for path, item in app.openapi()["paths"].items()
        for method, operation in item.items()
        if method == "post"
        and path.startswith("/v1/")
        and "Idempotency-Key" not in {told["name"] for told in operation.get("parameters", [])}
    }
    assert lacking == set(REPEATABLE)


def test_every_edit_takes_the_version(app: FastAPI) -> None:
    lacking = {
        operation["operationId"]
        for path, item in app.openapi()["paths"].items()
        for method, operation in item.items()
        if method in ("patch", "put", "delete")
        and path.startswith("/v1/")
        and "If-Match" not in {told["name"] for told in operation.get("parameters", [])}
    }
    assert lacking == set(EDITS_WITHOUT_VERSION)
