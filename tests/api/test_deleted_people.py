"""Whose key was destroyed is never written to again: no list and no call brings the person back; only the person's own
wish does, as a new record."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlmodel import Session
from starlette.testclient import TestClient

from models.worker import Worker
from tests.api.filing import Intake, away, number, workbook

PERSON = {"name": "已删除人", "region": "610728", "id_number": number(1)}


@pytest.fixture
def intake(west: TestClient, work: Callable[[], int]) -> Intake:
    return Intake(west, work)


@pytest.fixture
def deleted(intake: Intake, connection: Connection) -> int:
    """Somebody registered, whose key is destroyed then."""
    answer = intake.client.post("/v1/workers", json=PERSON)
    assert answer.status_code == 201, answer.text
    worker: int = answer.json()["id"]
    connection.execute(text("UPDATE person_key SET sealed_key = '' WHERE worker_id = :id"), {"id": worker})
    return worker


def row(session: Session, worker: int) -> dict[str, Any]:
    session.expire_all()
    return session.get_one(Worker, worker).model_dump()


@pytest.mark.parametrize("changes", [{}, {"姓名": "换了名字", "户编号": "H-9", "村": "别处村"}])
def test_a_later_list_writes_nothing(
    intake: Intake, deleted: int, session_as: Callable[[str], Session], changes: dict[str, str]
) -> None:
    session = session_as("zhenba")
    before = row(session, deleted)
    done = intake.applied(workbook([away(1, **changes), away(2)]))
    first, second = intake.lines(done["id"])
    assert (first["status"]["code"], second["status"]["code"]) == ("skipped", "new")
    assert "资料已按规定删除" in first["reason"]
    assert first["worker_id"] is None
    assert row(session, deleted) == before
    assert intake.client.get("/v1/duplicates?decided=false").json()["total"] == 0


def test_another_countys_list_asks_for_nobody(
    intake: Intake, deleted: int, clerk: Callable[[str], TestClient]
) -> None:
    other = Intake(clerk("yangxian"), intake.work)
    done = other.applied(workbook([away(1), away(2)]))
    assert [line["status"]["code"] for line in other.lines(done["id"])] == ["skipped", "new"]
    assert "资料已按规定删除" in other.lines(done["id"])[0]["reason"]
    assert other.client.get("/v1/handovers").json()["total"] == 0


@pytest.mark.parametrize(
    "change",
    [{"name": "换了名字"}, {"phone": "10000000009"}, {"ethnicity": "汉族"}, {"skills": {"缝纫工": 3}}],
)
def test_a_call_writes_nothing(intake: Intake, deleted: int, change: dict[str, Any]) -> None:
    shown = intake.client.get(f"/v1/workers/{deleted}")
    answer = intake.client.patch(
        f"/v1/workers/{deleted}", json=change, headers={"If-Match": shown.headers["ETag"]}
    )
    assert answer.status_code == 409, answer.text
    assert "资料已按规定删除" in answer.json()["detail"]


def test_registered_again_at_the_persons_own_wish_it_is_a_new_record(
    intake: Intake, deleted: int, session_as: Callable[[str], Session]
) -> None:
    answer = intake.client.post("/v1/workers", json=PERSON)
    assert answer.status_code == 409, answer.text
    assert answer.json()["type"] == "/problems/deleted"
    assert "Location" not in answer.headers
    again = intake.client.post("/v1/workers", json=PERSON | {"after_deletion": True})
    assert again.status_code == 201, again.text
    fresh = again.json()["id"]
    assert fresh != deleted
    old = row(session_as("zhenba"), deleted)
    assert (old["id_number_index"], old["id_number_sealed"], old["restricted"]) == (None, None, True)
    # Lists mean the new record from now on, and nothing of the old one counts.
    done = intake.applied(workbook([away(1, 姓名="已删除人")]))
    assert [(line["status"]["code"], line["worker_id"]) for line in intake.lines(done["id"])] == [
        ("changed", fresh)
    ]
    assert intake.client.post("/v1/workers", json=PERSON | {"after_deletion": True}).status_code == 409


def test_another_county_may_register_the_person_again(
    intake: Intake, deleted: int, clerk: Callable[[str], TestClient]
) -> None:
    theirs = PERSON | {"region": "610723"}
    assert clerk("yangxian").post("/v1/workers", json=theirs).json()["type"] == "/problems/deleted"
    answer = clerk("yangxian").post("/v1/workers", json=theirs | {"after_deletion": True})
    assert answer.status_code == 201, answer.text


def test_the_number_of_somebody_who_was_not_deleted_is_never_released(
    intake: Intake, session_as: Callable[[str], Session]
) -> None:
    made = intake.client.post("/v1/workers", json=PERSON | {"after_deletion": True})
    assert made.status_code == 201
    assert intake.client.post("/v1/workers", json=PERSON | {"after_deletion": True}).status_code == 409
    assert row(session_as("zhenba"), made.json()["id"])["id_number_index"] is not None


def test_the_form_asks_before_it_makes_a_new_record(deleted: int, visitor: Callable[[str], Any]) -> None:
    desk = visitor("zhenba")
    refused = desk.post("/workers", **PERSON)
    assert refused.status_code == 409
    assert 'name="after_deletion"' in refused.text
    assert "资料已按规定删除" in refused.text
    assert "登记" in desk.done("/workers", **PERSON, after_deletion="yes")
