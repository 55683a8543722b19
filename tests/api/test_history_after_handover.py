"""After a hand-over: the record with all its past is the new county's; the old one keeps what it did itself, and no
value of it; what was written before is still taken back."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from models.record import AuditEvent
from models.report import SpellReport
from models.worker import PersonKey, Worker
from tests.api.filing import Intake, away, number, workbook

Clerk = Callable[[str], TestClient]
OLD, NEW = "zhenba", "yangxian"


def handed_over(clerk: Clerk, worker: int, id_number: str, name: str = "测试001") -> None:
    """The record goes from the one county to the other."""
    asked = clerk(NEW).post("/v1/workers", json={"name": name, "region": "610723", "id_number": id_number})
    assert asked.status_code == 202, asked.text
    agreed = clerk(OLD).post(f"/v1/handovers/{asked.json()['id']}/agree", json={})
    assert agreed.status_code == 200, agreed.text
    assert clerk(NEW).get(f"/v1/workers/{worker}").status_code == 200


def events(session: Session, worker: int) -> set[int]:
    session.expire_all()
    found = session.exec(select(AuditEvent.id).where(AuditEvent.worker_id == worker))
    return {each for each in found if each is not None}


def patched(client: TestClient, worker: int, **told: Any) -> None:
    etag = client.get(f"/v1/workers/{worker}").headers["ETag"]
    answer = client.patch(f"/v1/workers/{worker}", json=told, headers={"If-Match": etag})
    assert answer.status_code == 200, answer.text


@pytest.fixture
def intake(clerk: Clerk, work: Callable[[], int]) -> Intake:
    return Intake(clerk(OLD), work)


def test_all_of_the_past_is_the_new_countys_and_nothing_after_it_the_old_ones(
    intake: Intake, clerk: Clerk, session_as: Callable[[str], Session]
) -> None:
    done = intake.applied(workbook([away(1)]))
    worker = intake.lines(done["id"])[0]["worker_id"]
    patched(clerk(OLD), worker, ethnicity="回族")
    before = events(session_as(OLD), worker)
    assert before
    handed_over(clerk, worker, number(1))
    with_the_move = events(session_as(OLD), worker)
    patched(clerk(NEW), worker, ethnicity="藏族")
    seen_new, seen_old = events(session_as(NEW), worker), events(session_as(OLD), worker)
    assert before <= with_the_move < seen_new
    assert seen_old == with_the_move
    # Of what it did the old county sees that it did it; the values went with the key.
    assert session_as(OLD).exec(select(PersonKey).where(PersonKey.worker_id == worker)).first() is None
    sealed = session_as(OLD).exec(select(AuditEvent.change).where(col(AuditEvent.id).in_(before))).all()
    assert not [change for change in sealed if change]
    told = clerk(NEW).get(f"/v1/workers/{worker}/history?limit=100").json()["items"]
    assert [event["fields"] for event in told if event["fields"] is None] == []
    values = str(told)
    assert "回族" in values
    assert "藏族" in values
    assert clerk(OLD).get(f"/v1/workers/{worker}/history").status_code == 404


def test_a_merge_from_before_is_undone_by_the_new_county(
    clerk: Clerk, world: Any, session_as: Callable[[str], Session]
) -> None:
    old = clerk(OLD)
    home, other = world.household()["id"], world.household()["id"]
    kept = world.worker(name="测试001", id_number=number(1), household_id=home, relation_to_head="head")["id"]
    merged = world.worker(name="测试001", id_number=number(2), household_id=other, ethnicity="汉族")["id"]
    bare = world.worker(name="测试001", id_number=number(3))["id"]
    post = world.vacancy()["id"]
    applied = old.post("/v1/applications", json={"worker_id": merged, "vacancy_id": post}).json()["id"]
    assert old.post(f"/v1/applications/{applied}/start", json={}).status_code == 200
    made = [
        old.post("/v1/merges", json={"kept_id": kept, "merged_id": each}).json()["id"]
        for each in (merged, bare)
    ]
    handed_over(clerk, kept, number(1))
    for merge in reversed(made):
        assert old.post(f"/v1/merges/{merge}/undo").status_code == 404
        undone = clerk(NEW).post(f"/v1/merges/{merge}/undo")
        assert undone.status_code == 200, undone.text
    session = session_as(NEW)
    session.expire_all()
    rows = {
        each.id: each for each in session.exec(select(Worker).where(col(Worker.id).in_([kept, merged, bare])))
    }
    assert {each.merged_into for each in rows.values()} == {None}
    assert {each.region[:6] for each in rows.values()} == {"610723"}
    # Households stay where they are: the new county gives the people one of its own.
    assert {each.household_id for each in rows.values()} == {None}
    assert rows[merged].ethnicity == "汉族"
    assert rows[kept].ethnicity is None


def test_a_household_that_a_merge_filled_in_does_not_stand_in_the_way(clerk: Clerk, world: Any) -> None:
    kept = world.worker(name="测试001", id_number=number(1))["id"]
    merged = world.worker(
        name="测试001", id_number=number(2), household_id=world.household()["id"], relation_to_head="head"
    )["id"]
    merge = clerk(OLD).post("/v1/merges", json={"kept_id": kept, "merged_id": merged}).json()["id"]
    handed_over(clerk, kept, number(1))
    undone = clerk(NEW).post(f"/v1/merges/{merge}/undo")
    assert undone.status_code == 200, undone.text


def test_a_decision_from_before_is_reversed_by_the_new_county(
    intake: Intake, clerk: Clerk, session_as: Callable[[str], Session]
) -> None:
    done = intake.applied(workbook([away(1)]))
    worker = intake.lines(done["id"])[0]["worker_id"]
    handed_over(clerk, worker, number(1))
    [report] = session_as(NEW).exec(select(SpellReport.id).where(SpellReport.worker_id == worker)).all()
    assert clerk(OLD).post(f"/v1/reports/{report}/reverse").status_code == 404
    answer = clerk(NEW).post(f"/v1/reports/{report}/reverse")
    assert answer.status_code == 200, answer.text


def test_a_list_whose_people_were_handed_over_is_not_taken_back(intake: Intake, clerk: Clerk) -> None:
    done = intake.applied(workbook([away(1), away(2)]))
    worker = intake.lines(done["id"])[0]["worker_id"]
    handed_over(clerk, worker, number(1))
    answer = clerk(OLD).post(f"/v1/imports/{done['id']}/revert")
    assert answer.status_code == 409, answer.text
    assert "1人已移交" in answer.json()["detail"]
    assert intake.read(done["id"])["state"]["code"] == "applied"
    assert clerk(NEW).get(f"/v1/workers/{worker}").json()["name"] == "测试001"
