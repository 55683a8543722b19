"""回执: an answer that is kept for a repetition tells of nobody who is not named beside it, and goes with them."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Connection, text
from sqlmodel import Session, select
from starlette.testclient import TestClient

from models.id_number import demo_id_number
from models.record import IdempotencyKey
from models.sealing import Keyring, unseal
from models.worker import Sex, Worker

from .conftest import World, made
from .test_bad_commands import COMMANDS, REFUSED, Stage, stage
from .test_bad_input import operations

__all__ = ["stage"]
SessionAs = Callable[[str], Session]


def _of_household(stage: Any) -> Any:
    home = stage.world.household()["id"]
    stage.world.worker(household_id=home)
    return stage.west, {"household_id": home}, {"on": "2021-09-18", "note": "下月上班"}


def _elsewhere(stage: Any) -> Any:
    number = demo_id_number(date(1990, 1, 2), 81_044, Sex.MALE)
    stage.world.worker(id_number=number)
    return stage.clerk("yangxian"), {}, {"name": "测试甲", "region": "610723", "id_number": number}


def _merged(stage: Any) -> Any:
    told = {"kept_id": stage.worker(), "merged_id": stage.worker()}
    return stage.west, {"merge_id": made(stage.west.post("/v1/merges", json=told))["id"]}, None


def _two(stage: Any) -> Any:
    pair = stage.pair()
    made(stage.west.post(f"/v1/duplicates/{pair}/decide", json={"verdict": "different", "note": "两个人"}))
    return stage.west, {"duplicate_id": pair}, None


def _of_application(step: str, who: str, **body: Any) -> Callable[[Any], Any]:
    def told(stage: Any) -> Any:
        application = stage.world.application()
        if step == "accept":
            made(stage.east.post(f"/v1/applications/{application['id']}/offer"))
        return stage.clerk(who), {"application_id": application["id"]}, body or None

    return told


def _of_spell(**body: Any) -> Callable[[Any], Any]:
    return lambda stage: (stage.west, {"spell_id": stage.world.spell()["id"]}, body)


def _explained(stage: Any) -> Any:
    doubt = stage.doubt()
    made(stage.west.post(f"/v1/doubts/{doubt}/explain", json={"reason": "已核实"}))
    return stage.west, {"doubt_id": doubt}, None


OTHERS: dict[str, Callable[[Any], Any]] = {
    "accept_application": _of_application("accept", "zhenba"),
    "contact_household": _of_household,
    "correct_spell": _of_spell(ended_on="2021-09-20", reason="核对"),
    "create_application": lambda stage: (
        stage.west, {}, {"worker_id": stage.worker(), "vacancy_id": stage.world.vacancy()["id"]},
    ),
    "create_employer": lambda stage: (stage.east, {}, stage.world.bodies.employer()),
    "create_household": lambda stage: (stage.west, {}, stage.world.bodies.household()),
    "create_worker": _elsewhere,
    "end_spell": _of_spell(ended_on="2021-09-20", leave_reason="not_asked"),
    "offer_application": _of_application("offer", "tongzhou"),
    "refuse_application": _of_application("refuse", "zhenba", reason="too_far"),
    "reopen_doubt": _explained,
    "reopen_duplicate": _two,
    "shortlist_application": _of_application("shortlist", "tongzhou"),
    "start_application": _of_application("start", "zhenba", started_on="2021-09-20"),
    "undo_merge": _merged,
    "void_spell": _of_spell(reason="mistaken"),
    "withdraw_application": _of_application("withdraw", "zhenba", reason="too_far"),
}  # fmt: skip
"""Commands that `test_bad_commands` has no body for, or that tell of somebody only on other rows."""
NOT_SENT = {
    "call_fair_queue": "a booth's queue, in numbers",
    "end_binding": "under the person's own key",
    "finish_call_request": "under the person's own key",
    "make_fair_cards": "answers with a job",
    "settle_fair": "answers with a job",
    "approve_match_plan": "answers with a job",
    "attach_figure_file": "a file of a figure",
    "close_vacancy": "a post",
    "create_attachment": "a file; sealed under the person's key in tests/api/test_evidence.py",
    "create_claim_roster": "answers with a file, of which numbers alone are kept: below",
    "create_dispatch_roster": "answers with a file, of which numbers alone are kept: below",
    "create_import": "a file",
    "create_spell_evidence": "sealed under the person's key in tests/api/test_evidence.py",
    "create_vacancy": "a post",
    "discard_match_plan": "a plan's sums",
    "pool_application": "numbers and a state, as the steps beside it",
    "publish_vacancy": "a post",
    "refresh_vacancy": "a post",
    "reopen_comparison_row": "as settle_comparison_row",
    "restore_evidence": "sealed under the person's key in tests/api/test_withdrawing.py",
    "reverse_report": "sealed under the person's key",
    "undo_comparison_evidence": "a number",
    "undo_match_plan_decision": "a plan's sums",
}
"""Commands that are not sent here, and why."""
OF_PEOPLE = {
    "agree_handover", "contact_household", "create_merge", "create_worker", "decide_duplicate", "decide_handover",
    "draw_claim_audit", "refuse_handover", "reopen_duplicate", "undo_merge", "withdraw_handover",
}  # fmt: skip
"""Whose answers tell of people by name under the service's own key: always walked, the others in the deep run."""
SENT = COMMANDS | OTHERS
TOLD_ONCE: dict[str, dict[str, None]] = {"invite_account": {"code": None}}
"""What no repetition tells again: a secret is nowhere kept."""


def keeping(app: FastAPI) -> dict[str, tuple[str, dict[str, Any]]]:
    """Every operation that keeps an answer: its path, and what is declared of it."""
    return {
        name: (path, operation)
        for name, method, path, operation in operations(app)
        if "Idempotency-Key" in {each["name"] for each in operation.get("parameters", ())}
    }


def kept(session_as: SessionAs, keyring: Keyring) -> list[tuple[IdempotencyKey, str]]:
    """Answers that lie under the service's key and name nobody beside them, in clear."""
    rows: dict[int, IdempotencyKey] = {}
    for clerk in ("zhenba", "yangxian", "tongzhou", "hanzhong", "auditor", "warden", "station"):
        found = session_as(clerk).exec(select(IdempotencyKey).where(IdempotencyKey.key == "walk"))
        rows |= {row.identity: row for row in found}
    assert rows, "nothing was kept"
    return [
        (
            row,
            unseal(
                keyring.master(row.master_key_id), row.sealed_answer or b"", "idempotency_key.answer"
            ).decode(),
        )
        for row in rows.values()
        if row.worker_id is None and not row.told_of
    ]


def test_every_operation_that_keeps_an_answer_is_walked(app: FastAPI) -> None:
    assert set(keeping(app)) <= SENT.keys() | NOT_SENT.keys()
    assert not SENT.keys() & NOT_SENT.keys()
    assert SENT.keys() >= OF_PEOPLE


@pytest.mark.parametrize(
    "operation_id",
    [pytest.param(name, marks=() if name in OF_PEOPLE else pytest.mark.deep) for name in sorted(SENT)],
)
def test_an_answer_under_the_services_key_names_nobody(
    app: FastAPI, stage: Stage, session_as: SessionAs, keyring: Keyring, operation_id: str
) -> None:
    if operation_id not in keeping(app):
        pytest.skip("keeps no answer")
    path, operation = keeping(app)[operation_id]
    client, named, body = SENT[operation_id](stage)
    filled = path.format(**named)
    headers = {"Idempotency-Key": "walk"}
    if any(each["name"].lower() == "if-match" for each in operation.get("parameters", ())):
        read = filled.removesuffix("/correct-id-number").removesuffix("/approve")
        headers["If-Match"] = f'"{made(client.get(read))["version"]}"'
    answer = client.post(filled, headers=headers, **({} if body is None else {"json": body}))
    if operation_id in REFUSED:
        return
    assert answer.is_success, answer.text
    names = {
        *session_as("zhenba").exec(select(Worker.name)),
        *session_as("yangxian").exec(select(Worker.name)),
    }
    for _, plain in kept(session_as, keyring):
        assert not {name for name in names if name in plain}, operation_id
        assert "10000000001" not in plain
    again = client.post(filled, headers=headers, **({} if body is None else {"json": body}))
    before = answer.json() | TOLD_ONCE.get(operation_id, {})
    assert again.json() == before, "what is named beside it is handed out as before"
    if operation_id in OF_PEOPLE - {"agree_handover"}:  # who is another county's now is not named any more
        assert "测试甲" in again.text, "this command tells of nobody: it proves nothing here"


def test_an_answer_goes_with_anybody_of_whom_it_tells(
    world: World, west: TestClient, session_as: SessionAs
) -> None:
    home = world.household()["id"]
    gone = world.worker(household_id=home, name="要删的")["id"]
    world.worker(household_id=home, name="留下的")
    headers = {"Idempotency-Key": "home"}
    body = {"on": "2021-09-18", "note": "下月上班"}
    first = west.post(f"/v1/households/{home}/contact", json=body, headers=headers)
    assert "要删的" in first.text and "留下的" in first.text
    made(west.post(f"/v1/workers/{gone}/erase", json={"reason": "request"}))
    again = west.post(f"/v1/households/{home}/contact", json=body, headers=headers)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/answer-deleted")
    row = session_as("zhenba").exec(select(IdempotencyKey).where(IdempotencyKey.key == "home")).one()
    assert (row.sealed_answer, row.master_key_id) == (None, None)


def test_who_was_handed_over_is_not_said_to_be_deleted(
    west: TestClient, clerk: Callable[[str], TestClient]
) -> None:
    other = clerk("yangxian")
    number = demo_id_number(date(1990, 1, 2), 81_045, Sex.MALE)
    told = {"name": "移走某", "region": "610728001", "id_number": number}
    headers = {"Idempotency-Key": "moved"}
    made(west.post("/v1/workers", json=told, headers=headers))
    asked = made(other.post("/v1/workers", json=told | {"region": "610723"}))
    made(west.post(f"/v1/handovers/{asked['id']}/agree", json={"answer": "同意"}))
    again = west.post("/v1/workers", json=told, headers=headers)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/answer-elsewhere")
    assert "没有删除" in again.json()["detail"] and "移走某" not in again.text


def test_answers_go_after_thirty_days_and_a_devices_stay(clone: Callable[[str], Any]) -> None:
    from sqlalchemy import create_engine

    database = clone("answers")
    owner, service = create_engine(database.owner), create_engine(database.service)
    put = text(
        "INSERT INTO idempotency_key (created_at, account_id, key, request_hash) "
        "SELECT now() - make_interval(days => :days), id, :key, 'x' FROM account WHERE username = :who"
    )
    with owner.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO account_binding (created_at, account_id, role, region) "
                "SELECT now(), id, 'kiosk', '610728' FROM account WHERE username = 'nobody'"
            )
        )
        for key, who, days in (("old", "zhenba", 31), ("young", "zhenba", 29), ("device", "nobody", 400)):
            connection.execute(put, {"key": key, "who": who, "days": days})
    with service.begin() as connection:
        assert connection.scalar(text("SELECT purge_answers(1)")) == 1, "never sooner than promised"
    with owner.begin() as connection:
        assert set(connection.scalars(text("SELECT key FROM idempotency_key"))) == {"young", "device"}
    owner.dispose()
    service.dispose()


def test_a_list_for_an_employer_keeps_numbers_alone(connection: Connection, keyring: Keyring) -> None:
    from api.employer_rosters import RosterTold

    assert set(RosterTold.model_fields) == {"people", "kept_back"}
    assert json.loads(RosterTold(people=1, kept_back=0).model_dump_json()) == {"people": 1, "kept_back": 0}
