"""A start that was recorded wrongly: refused where it can't be, taken back or corrected where it was."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session
from starlette.testclient import TestClient

SessionAs = Callable[[str], Session]


def made(answer: Any) -> Any:
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


def problem(answer: Any, status: int, name: str) -> Any:
    assert answer.status_code == status, answer.text
    assert answer.json()["type"] == f"/problems/{name}"
    return answer.json()


@pytest.fixture
def long_offered(world: Any, east: TestClient) -> dict[str, Any]:
    """A post that was on offer for a month before it was published here."""
    return world.vacancy(valid_from="2021-08-20")  # type: ignore[no-any-return]


def started(world: Any, west: TestClient, vacancy: int, on: str, worker: int | None = None) -> Any:
    application = world.application(vacancy_id=vacancy, **({"worker_id": worker} if worker else {}))
    answer = west.post(f"/v1/applications/{application['id']}/start", json={"started_on": on})
    return made(west.get(f"/v1/spells/{made(answer)['spell_id']}"))


def seats_left(east: TestClient, vacancy: int) -> int:
    return int(made(east.get(f"/v1/vacancies/{vacancy}"))["seats_left"])


def test_nobody_begins_before_there_was_a_post(world: Any, west: TestClient) -> None:
    application = world.application()
    answer = west.post(f"/v1/applications/{application['id']}/start", json={"started_on": "2021-09-01"})
    told = problem(answer, 422, "invalid")
    assert told["errors"][0]["field"] == "started_on"
    assert "2021-09-20" in told["detail"]


def test_the_start_is_the_last_that_anybody_saw(world: Any, west: TestClient, long_offered: Any) -> None:
    spell = started(world, west, long_offered["id"], "2021-08-25")
    assert (spell["started_on"], spell["observed_until"]) == ("2021-08-25", "2021-08-25")
    application = west.get("/v1/applications", params={"worker_id": spell["worker_id"]}).json()["items"][0]
    assert application["decided_on"] == "2021-09-20"


def test_nobody_begins_at_a_post_that_is_no_longer_offered(
    world: Any, west: TestClient, east: TestClient
) -> None:
    application = world.application()
    page = f"/v1/vacancies/{application['vacancy_id']}"
    etag = {"If-Match": east.get(page).headers["ETag"]}
    until = {"valid_from": "2021-09-01", "valid_until": "2021-09-10"}
    made(east.patch(page, json=until, headers=etag))
    command = f"/v1/applications/{application['id']}/start"
    problem(west.post(command, json={}), 409, "vacancy-expired")
    made(east.post(page + "/close"))
    problem(west.post(command, json={"started_on": "2021-09-05"}), 409, "not-published")


def test_a_mistaken_start_is_taken_back_once(world: Any, west: TestClient, east: TestClient) -> None:
    vacancy = world.vacancy(seats=1)["id"]
    spell = started(world, west, vacancy, "2021-09-20")
    assert seats_left(east, vacancy) == 0
    problem(west.post(f"/v1/spells/{spell['id']}/void", json={}), 422, "invalid")
    command = {"url": f"/v1/spells/{spell['id']}/void", "json": {"reason": "mistaken"}}
    first = west.post(**command, headers={"Idempotency-Key": "void"})
    assert made(first)["superseded"] is True
    assert west.post(**command, headers={"Idempotency-Key": "void"}).json() == first.json()
    problem(west.post(**command), 409, "already-corrected")
    assert seats_left(east, vacancy) == 1
    [application] = west.get("/v1/applications", params={"worker_id": spell["worker_id"]}).json()["items"]
    assert application["state"]["code"] == "withdrawn"
    assert application["reason"]["code"] == "mistaken"
    assert application["spell_id"] is None
    assert west.get("/v1/spells", params={"worker_id": spell["worker_id"]}).json()["total"] == 0
    assert made(west.get(f"/v1/spells/{spell['id']}"))["superseded"] is True
    # Whoever was taken back may be put forward and begin again.
    again = started(world, west, vacancy, "2021-09-20", worker=spell["worker_id"])
    assert again["id"] != spell["id"]
    assert seats_left(east, vacancy) == 0


def test_a_seat_comes_free_only_once_and_only_of_a_void_spell(
    world: Any, west: TestClient, east: TestClient, session_as: SessionAs
) -> None:
    vacancy = world.vacancy()["id"]
    spell = started(world, west, vacancy, "2021-09-20")
    release = text("SELECT release_seat(:spell)")
    held = session_as("zhenba").connection()
    assert held.scalar(release, {"spell": spell["id"]}) is False
    made(west.post(f"/v1/spells/{spell['id']}/void", json={"reason": "no_show"}))
    assert seats_left(east, vacancy) == 2
    for clerk in ("zhenba", "yangxian", "tongzhou"):
        assert session_as(clerk).connection().scalar(release, {"spell": spell["id"]}) is False
    assert seats_left(east, vacancy) == 2


def test_wrong_days_are_corrected_by_a_new_record(world: Any, west: TestClient, long_offered: Any) -> None:
    spell = started(world, west, long_offered["id"], "2021-09-01")
    command = f"/v1/spells/{spell['id']}/correct"
    fresh = made(west.post(command, json={"started_on": "2021-08-28", "reason": "登记晚了"}))
    assert fresh["id"] != spell["id"]
    assert (fresh["started_on"], fresh["observed_until"], fresh["ended_on"]) == (
        "2021-08-28",
        "2021-08-28",
        None,
    )
    problem(west.post(command, json={"reason": "再来"}), 409, "already-corrected")
    assert made(west.get(f"/v1/spells/{spell['id']}"))["superseded"] is True
    listed = west.get("/v1/spells", params={"worker_id": spell["worker_id"]}).json()
    assert [row["id"] for row in listed["items"]] == [fresh["id"]]
    [application] = west.get("/v1/applications", params={"worker_id": spell["worker_id"]}).json()["items"]
    assert application["spell_id"] == fresh["id"]
    # An end by mistake: recorded, then taken back.
    ended = made(
        west.post(
            f"/v1/spells/{fresh['id']}/end", json={"ended_on": "2021-09-10", "leave_reason": "not_asked"}
        )
    )
    assert ended["observed_until"] == "2021-09-10"
    back = made(west.post(f"/v1/spells/{fresh['id']}/correct", json={"ended_on": None, "reason": "没有离岗"}))
    assert (back["ended_on"], back["observed_until"], back["leave_reason"]) == (None, "2021-08-28", None)
    assert seats_left(west, long_offered["id"]) == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"started_on": "2021-09-21", "reason": "x"}, "started_on"),
        ({"started_on": "2021-08-01", "reason": "x"}, "started_on"),
        ({"ended_on": "2021-09-21", "reason": "x"}, "ended_on"),
        ({"started_on": "2021-09-10", "ended_on": "2021-09-09", "reason": "x"}, "ended_on"),
        ({"started_on": "2021-09-10"}, "reason"),
        ({"started_on": "2021-09-10", "reason": " "}, "reason"),
    ],
)
def test_a_correction_must_be_possible(
    world: Any, west: TestClient, long_offered: Any, body: dict[str, Any], field: str
) -> None:
    spell = started(world, west, long_offered["id"], "2021-09-01")
    told = problem(west.post(f"/v1/spells/{spell['id']}/correct", json=body), 422, "invalid")
    assert told["errors"][0]["field"] == field
    assert made(west.get(f"/v1/spells/{spell['id']}"))["superseded"] is False


def test_a_correction_does_not_run_into_other_work(world: Any, west: TestClient, long_offered: Any) -> None:
    first = started(world, west, long_offered["id"], "2021-08-20")
    made(
        west.post(
            f"/v1/spells/{first['id']}/end", json={"ended_on": "2021-09-05", "leave_reason": "not_asked"}
        )
    )
    second = started(world, west, world.vacancy()["id"], "2021-09-20", worker=first["worker_id"])
    body = {"ended_on": None, "reason": "没有离岗"}
    problem(west.post(f"/v1/spells/{first['id']}/correct", json=body), 409, "already-working")
    assert made(west.get(f"/v1/spells/{second['id']}"))["superseded"] is False


def test_the_place_of_work_reads_a_spell_and_changes_nothing(
    world: Any, west: TestClient, east: TestClient, session_as: SessionAs, clerk: Callable[[str], TestClient]
) -> None:
    spell = started(world, west, world.vacancy()["id"], "2021-09-20")
    connection = session_as("tongzhou").connection()
    read = text("SELECT count(*) FROM employment_spell WHERE id = :id")
    assert connection.scalar(read, {"id": spell["id"]}) == 1
    changed = connection.execute(
        text("UPDATE employment_spell SET ended_on = '2021-09-20' WHERE id = :id"), {"id": spell["id"]}
    )
    assert changed.rowcount == 0
    for command, body in (
        ("end", {"ended_on": "2021-09-20", "leave_reason": "family"}),
        ("void", {"reason": "mistaken"}),
    ):
        assert east.post(f"/v1/spells/{spell['id']}/{command}", json=body).status_code == 403
        assert clerk("yangxian").post(f"/v1/spells/{spell['id']}/{command}", json=body).status_code == 404


def test_what_became_of_a_spell_is_read_by_its_origin(
    world: Any, west: TestClient, session_as: SessionAs
) -> None:
    spell = started(world, west, world.vacancy()["id"], "2021-09-20")
    made(west.post(f"/v1/spells/{spell['id']}/void", json={"reason": "mistaken"}))
    seen = text("SELECT count(*) FROM audit_event WHERE noun = 'employment_spell' AND row_id = :id")
    assert session_as("zhenba").connection().scalar(seen, {"id": spell["id"]}) >= 2
    assert session_as("tongzhou").connection().scalar(seen, {"id": spell["id"]}) == 0
