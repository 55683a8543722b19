"""限制使用, by what is sent: numbers and lists that a form or a command asks for (what is read: `test_restricted_everywhere`)."""

from typing import Any

from sqlalchemy import text
from starlette.testclient import TestClient

from .conftest import World, made
from .test_restricted_everywhere import words


def test_numbers_are_not_shown_to_call_or_to_claim_by(
    world: World, west: TestClient, visitor: Any, session_as: Any
) -> None:
    """The numbers of somebody who is only stored are there to be checked with, not to be called by; no employer's list has
    them (the lists themselves: tests/api/test_employer_rosters.py)."""
    body = world.bodies.worker(name="限制某")
    person = made(west.post("/v1/workers", json=body))["id"]
    desk, path = visitor("zhenba"), f"/workers/{person}/numbers"
    assert all(body["phone"] in desk.post(path, reason=why).text for why in ("call", "claim", "check"))
    session = session_as("zhenba")
    session.connection().execute(text("UPDATE worker SET restricted = true WHERE id = :id"), {"id": person})
    for why in ("call", "claim"):
        refused = desk.post(path, reason=why)
        assert refused.status_code == 409 and "已限制使用" in refused.text, why
        assert body["phone"] not in refused.text and body["id_number"] not in refused.text
    assert body["phone"] in desk.post(path, reason="check").text


def test_an_employers_list_leaves_them_out(world: World, west: TestClient, session_as: Any) -> None:
    post = world.vacancy()
    batch = made(
        west.post("/v1/dispatches", json={"region": "610728", "name": "甲", "departs_on": "2021-09-25"})
    )
    people = []
    for name in ("留名单", "限名单"):
        application = world.application(worker_id=world.worker(name=name)["id"], vacancy_id=post["id"])
        made(world.east.post(f"/v1/applications/{application['id']}/offer"))
        made(west.post(f"/v1/applications/{application['id']}/accept"))
        made(
            west.post(f"/v1/dispatches/{batch['id']}/members", json={"application_ids": [application["id"]]})
        )
        people.append(application["worker_id"])
    path = f"/v1/dispatches/{batch['id']}/rosters/{post['employer_id']}"
    assert "限名单" in words(west.post(path).content)
    session = session_as("zhenba")
    session.connection().execute(
        text("UPDATE worker SET restricted = true WHERE id = :id"), {"id": people[1]}
    )
    shown = words(west.post(path).content)
    assert "限名单" not in shown and "留名单" in shown
