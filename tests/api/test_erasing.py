"""删除: due after the term, approved by a human, for good; what was counted stays."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session
from starlette.testclient import TestClient

from api.database import owner_connection
from models.disclosure import KEPT_YEARS
from models.id_number import demo_id_number
from models.worker import Sex

from .conftest import World, made
from .test_consents import problem, say

SessionAs = Callable[[str], Session]


LATER = "2090-01-01"
"""After the term of whatever was done before, whenever these tests are run."""


def due(client: TestClient) -> list[int]:
    return [each["worker_id"] for each in made(client.get("/v1/erasures/due"))["items"]]


def test_who_is_due_and_who_is_not(world: World, west: TestClient, on: Any) -> None:
    idle, called, spoken = (world.worker()["id"] for _ in range(3))
    at_work = world.spell()["worker_id"]
    assert due(west) == []
    on(LATER)
    assert set(due(west)) == {idle, called, spoken}, "an open spell keeps a person"
    made(west.post(f"/v1/workers/{called}/contacts", json={"found": "not_reached"}))
    made(say(west, spoken, "messages"))
    assert due(west) == [idle] and at_work != idle


def test_what_hangs_on_a_merged_record_is_the_persons(
    world: World, west: TestClient, connection: Connection
) -> None:
    kept, gone = world.worker()["id"], world.spell()["worker_id"]
    connection.execute(
        text("UPDATE worker SET merged_into = :kept WHERE id = :gone"), {"kept": kept, "gone": gone}
    )
    problem(west.post(f"/v1/workers/{kept}/erase", json={"reason": "request"}), 409, "kept-by-law")


def test_who_is_deleted_holds_no_seat_any_more(
    world: World, west: TestClient, connection: Connection
) -> None:
    application = world.application()
    made(west.post(f"/v1/workers/{application['worker_id']}/erase", json={"reason": "request"}))
    state = text("SELECT state FROM application WHERE id = :id")
    assert connection.scalar(state, {"id": application["id"]}) == "withdrawn"


def test_after_the_term_a_human_approves_and_nothing_can_be_read(
    world: World, west: TestClient, connection: Connection, clerk: Callable[[str], TestClient], on: Any
) -> None:
    body = world.bodies.worker(name="将删某")
    worker = made(west.post("/v1/workers", json=body))["id"]
    made(say(west, worker, "ranking", no=True, told_on="2011-09-01"))
    problem(west.post(f"/v1/workers/{worker}/erase", json={"reason": "term"}), 409, "kept-by-law")
    on(LATER)
    assert clerk("jingyang").post(f"/v1/workers/{worker}/erase", json={"reason": "term"}).status_code == 403
    done = made(west.post(f"/v1/workers/{worker}/erase", json={"reason": "term"}))
    assert (done["approved_by"], done["reason"]["label"]) == ("zhenba", "保存期限已满")
    problem(west.post(f"/v1/workers/{worker}/erase", json={"reason": "term"}), 409, "restricted")
    left = made(west.get(f"/v1/workers/{worker}"))
    assert (left["name"], left["id_number"], left["birth_date"], left["restricted"]) == (
        "已删除",
        "已删除",
        None,
        True,
    )
    assert left["intention"] is None and left["skills"] == {}
    kept = connection.scalar(text("SELECT to_jsonb(worker)::text FROM worker WHERE id = :id"), {"id": worker})
    assert "将删" not in kept
    assert (
        connection.scalar(text("SELECT count(*) FROM person_key WHERE worker_id = :id"), {"id": worker}) == 0
    )
    # What was said stays for its own term, nameless; nobody brings the person back by a list or by hand.
    assert [
        each["purpose"]["code"] for each in made(west.get(f"/v1/workers/{worker}/consents"))["items"]
    ] == ["ranking"]
    problem(west.post("/v1/workers", json=body), 409, "deleted")
    assert [each["worker_id"] for each in made(west.get("/v1/erasures"))["items"]] == [worker]
    problem(say(west, worker, "service"), 409, "restricted")


def test_who_asks_is_deleted_at_once_unless_something_must_be_proved(world: World, west: TestClient) -> None:
    asks, worked = world.worker()["id"], world.spell()["worker_id"]
    problem(west.post(f"/v1/workers/{worked}/erase", json={"reason": "request"}), 409, "kept-by-law")
    made(west.post(f"/v1/workers/{asks}/erase", json={"reason": "request"}))
    assert made(west.get(f"/v1/workers/{asks}"))["name"] == "已删除"


def test_frozen_numbers_stay_and_say_deleted(
    world: World, west: TestClient, connection: Connection, on: Any
) -> None:
    worker = world.spell()["worker_id"]
    report = made(west.post("/v1/frozen-reports", json={"kind": "month"}))
    lines = made(west.get(f"/v1/frozen-reports/{report['id']}"))["items"]
    paths = [f"/v1/frozen-reports/{report['id']}/lines/{line['line']}/persons" for line in lines]
    path = next(each for each in paths if made(west.get(each))["items"])
    [before] = made(west.get(path))["items"]
    assert before["told"]["name"] == "测试甲"
    connection.execute(
        text("UPDATE employment_spell SET ended_on = '2021-09-20', observed_until = '2021-09-20'")
    )
    on(LATER)
    made(west.post(f"/v1/workers/{worker}/erase", json={"reason": "term"}))
    [after] = made(west.get(path))["items"]
    assert (after["told"], after["readable"]["label"]) == (None, "已删除")
    again = made(west.get(f"/v1/frozen-reports/{report['id']}"))["items"]
    assert again == lines


def test_nobody_erases_past_the_door(world: World, session_as: SessionAs) -> None:
    """The door wants an approval of the caller's own."""
    worker = world.worker()["id"]
    session = session_as("zhenba")
    with pytest.raises(Exception, match="not approved by the caller"), session.begin_nested():
        session.connection().execute(text("SELECT erase_person(:id)"), {"id": worker})


def test_disclosures_outlive_the_person_and_the_owner(
    clone: Callable[[str], Any], cluster: Any, keyring: Any
) -> None:
    clone("keeping")
    with owner_connection(cluster.owner_url("keeping")) as owner:
        rows = (
            "INSERT INTO worker (id, created_at, region, name, name_pinyin, health, restricted, is_demo) "
            "VALUES (1, now(), '610728', 'x', 'x', '{}', false, false)",
            "INSERT INTO employer (id, created_at, name, kind, region, kept_by, is_demo) "
            "VALUES (1, now(), 'x', 'enterprise', '320612', '320612', false)",
            "INSERT INTO vacancy (id, created_at, title, region, kept_by, employer_id, state, seats_taken, required_skills, "
            "preferred_skills, missing, unlawful_demands, text, is_demo) "
            "VALUES (1, now(), 'x', '320612', '320612', 1, 'draft', 0, '{}', '{}', '{}', '[]', '', false)",
            "INSERT INTO application (id, created_at, worker_id, vacancy_id, worker_region, vacancy_region, state, "
            "applied_on) VALUES (1, now(), 1, 1, '610728', '320612', 'proposed', now())",
        )
        for statement in rows:
            owner.execute(text(statement))
        told = text(
            "INSERT INTO disclosure (created_at, worker_id, employer_id, fields, reason, basis, application_id, told_on, "
            "is_demo) VALUES (now() - make_interval(years => :years, days => :days), 1, 1, '{name}', 'proposal', "
            "'contract', 1, now(), false)"
        )
        for days in (-1, 1):
            owner.execute(told, {"years": KEPT_YEARS, "days": days})
        for statement in (
            "DELETE FROM disclosure WHERE created_at > now() - interval '3 years'",
            "UPDATE disclosure SET fields = '{sex}'",
            "TRUNCATE disclosure",
        ):
            with pytest.raises(IntegrityError, match="kept for three years"), owner.begin_nested():
                owner.execute(text(statement))
        gone = text("DELETE FROM disclosure WHERE created_at < now() - interval '3 years'")
        assert owner.execute(gone).rowcount == 1


def test_a_childs_number_is_shown_when_a_guardian_has_agreed(
    world: World, west: TestClient, visitor: Callable[[str], Any]
) -> None:
    number = demo_id_number(date(2010, 3, 1), 778, Sex.FEMALE)
    child = world.worker(id_number=number, intention=None)["id"]
    desk = visitor("zhenba")
    refused = desk.post(f"/workers/{child}/numbers", reason="check")
    assert refused.status_code == 409 and "需要监护人同意" in refused.text and number not in refused.text
    made(say(west, child, "service", speaker="guardian", means="paper", form_number="9"))
    assert number in desk.post(f"/workers/{child}/numbers", reason="check").text


def test_a_clerk_approves_on_the_page(world: World, visitor: Callable[[str], Any], on: Any) -> None:
    worker = world.worker(name="到期某")["id"]
    desk = visitor("zhenba")
    assert "现在没有到期的人" in desk.get("/erasures")
    refused = desk.post(f"/workers/{worker}/erase", reason="term")
    assert refused.status_code == 409 and "保存期限未满" in refused.text
    on(LATER)
    assert "到期某" in desk.get("/erasures")
    page = desk.done(f"/workers/{worker}/erase", reason="term")
    assert "已永久删除" in page and "到期某" not in page
    other = world.worker()["id"]
    assert "已永久删除" in desk.done(f"/workers/{other}/erase", reason="request")
