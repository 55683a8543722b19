"""One person, one record, over REST: likely doubles, merging and its undoing."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.worker.working import work_off
from models.id_number import demo_id_number
from models.worker import Sex

BORN = date(1973, 4, 5)
# Demonstration numbers of one birth date whose last two characters differ: each valid, near each other.
NUMBER = demo_id_number(BORN, 401_000, Sex.MALE)
NEAR = demo_id_number(BORN, 401_001, Sex.MALE)
Clerk = Callable[[str], TestClient]


def registered(client: TestClient, number: str | None = NUMBER, **facts: Any) -> dict[str, Any]:
    body = {"name": "重名人", "region": "610728001", "id_number": number} | facts
    answer = client.post("/v1/workers", json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


@pytest.fixture
def pair(west: TestClient) -> tuple[int, int, int]:
    """A pair, and the two records."""
    elder = registered(west, phone="10000000001", skills={"平车": 2})
    younger = registered(west, NEAR, ethnicity="汉族", skills={"焊工": 3})
    [found] = younger["possible_duplicates"]
    return found, elder["id"], younger["id"]


def test_the_answer_says_whom_the_new_person_may_be(west: TestClient, pair: tuple[int, int, int]) -> None:
    listed = west.get("/v1/duplicates?decided=false").json()
    assert [item["id"] for item in listed["items"]] == [pair[0]]
    assert listed["items"][0]["likeness"]["code"] == "number_slip"
    assert {listed["items"][0][side]["id"] for side in ("worker", "other")} == set(pair[1:])


def test_both_records_side_by_side_tell_no_number(west: TestClient, pair: tuple[int, int, int]) -> None:
    answer = west.get(f"/v1/duplicates/{pair[0]}")
    detail = answer.json()
    assert detail["number_differs_at"] == [17, 18]
    facts = {fact["field"]: fact for fact in detail["facts"]}
    assert (facts["id_number"]["left"], facts["id_number"]["differs"]) == (NUMBER[:6] + "*" * 12, True)
    assert not facts["name"]["differs"]
    assert facts["ethnicity"] == {
        "field": "ethnicity", "label": "民族", "left": "未登记", "right": "汉族", "differs": False,
    }  # fmt: skip
    assert NUMBER not in answer.text
    assert NEAR not in answer.text
    assert "10000000001" not in answer.text


def test_two_are_different_and_stay_two(west: TestClient, pair: tuple[int, int, int]) -> None:
    path = f"/v1/duplicates/{pair[0]}/decide"
    decided = west.post(path, json={"verdict": "different", "note": "是兄弟"})
    assert decided.json()["verdict"]["code"] == "different"
    assert west.get("/v1/duplicates?decided=false").json()["total"] == 0
    assert west.get("/v1/workers").json()["total"] == 2
    again = west.post(path, json={"verdict": "same"})
    assert (again.status_code, again.json()["type"]) == (409, "/problems/already-decided")


def test_two_are_one_and_the_merged_record_is_nowhere(west: TestClient, pair: tuple[int, int, int]) -> None:
    number, elder, younger = pair
    decided = west.post(f"/v1/duplicates/{number}/decide", json={"verdict": "same", "keep": elder}).json()
    assert west.get("/v1/workers").json()["total"] == 1
    kept = west.get(f"/v1/workers/{elder}").json()
    assert (kept["ethnicity"], kept["skills"]) == ("汉族", {"平车": 2, "焊工": 3})
    gone = west.get(f"/v1/workers/{younger}")
    assert (gone.status_code, gone.json()["type"]) == (404, "/problems/merged")
    assert gone.headers["Location"] == f"/v1/workers/{elder}"
    for typed in (NUMBER, NEAR):
        again = west.post("/v1/workers", json={"name": "重名人", "region": "610728", "id_number": typed})
        assert again.status_code == 409, typed
        assert again.headers["Location"] == f"/v1/workers/{elder}"
    undone = west.post(f"/v1/merges/{decided['merge_id']}/undo")
    assert undone.status_code == 200, undone.text
    assert west.get("/v1/workers").json()["total"] == 2
    assert west.get(f"/v1/workers/{elder}").json()["skills"] == {"平车": 2}
    # Whoever undid it has to say again what the two are.
    assert [item["id"] for item in west.get("/v1/duplicates?decided=false").json()["items"]] == [number]


def test_the_younger_record_may_be_the_one_that_stays(west: TestClient, pair: tuple[int, int, int]) -> None:
    number, elder, younger = pair
    body = {"verdict": "same", "keep": younger}
    assert west.post(f"/v1/duplicates/{number}/decide", json=body).status_code == 200
    assert west.get(f"/v1/workers/{younger}").json()["skills"] == {"平车": 2, "焊工": 3}
    assert west.get(f"/v1/workers/{elder}").json()["type"] == "/problems/merged"
    wrong = west.post(f"/v1/duplicates/{number}/decide", json={"verdict": "same", "keep": 2**40})
    assert wrong.status_code == 409


def test_a_stranger_is_not_the_one_to_keep(west: TestClient, pair: tuple[int, int, int]) -> None:
    answer = west.post(f"/v1/duplicates/{pair[0]}/decide", json={"verdict": "same", "keep": 2**40})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "keep")
    assert west.get("/v1/workers").json()["total"] == 2


def test_a_merge_without_a_pair_and_its_refusals(west: TestClient, clerk: Clerk) -> None:
    one, other = registered(west)["id"], registered(west, NEAR, name="另一名")["id"]
    body = {"kept_id": one, "merged_id": other}
    assert clerk("yangxian").post("/v1/merges", json=body).status_code == 404
    assert clerk("auditor").post("/v1/merges", json=body).status_code == 403
    assert west.post("/v1/merges", json={"kept_id": one, "merged_id": one}).status_code == 422
    first = west.post("/v1/merges", json=body, headers={"Idempotency-Key": "m-1"})
    assert first.status_code == 201
    assert west.post("/v1/merges", json=body, headers={"Idempotency-Key": "m-1"}).json() == first.json()
    again = west.post("/v1/merges", json=body)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/not-mergeable")
    listed = west.get(f"/v1/merges?worker_id={one}").json()["items"]
    assert [item["merged"]["id"] for item in listed] == [other]
    undo = f"/v1/merges/{first.json()['id']}/undo"
    assert west.post(undo).json()["undone_at"]
    assert west.post(undo).json()["type"] == "/problems/not-undoable"


def test_a_search_through_the_region(west: TestClient, app: FastAPI) -> None:
    registered(west)
    [known] = registered(west, None, birth_date=BORN.isoformat())["possible_duplicates"]
    decided = west.post(f"/v1/duplicates/{known}/decide", json={"verdict": "different"})
    assert decided.status_code == 200, decided.text
    answer = west.post("/v1/duplicates/search", json={"region": "610728"})
    assert answer.status_code == 202, answer.text
    assert work_off(app.state.sessions, app.state.keyring, app.state.settings) == 1
    job = west.get(f"/v1/jobs/{answer.json()['id']}").json()
    assert (job["state"]["code"], job["link"]) == ("done", "/duplicates")
    # Whoever was told apart once is not asked about again.
    assert job["result"] == {"found": 0}
    assert west.get("/v1/duplicates?decided=false").json()["total"] == 0
    outside = west.post("/v1/duplicates/search", json={"region": "610723"})
    assert outside.status_code == 403


def test_a_merged_record_is_in_no_market(west: TestClient, pair: tuple[int, int, int], world: Any) -> None:
    number, elder, younger = pair
    vacancy = world.vacancy()
    west.post(f"/v1/duplicates/{number}/decide", json={"verdict": "same", "keep": elder})
    found = west.get(f"/v1/vacancies/{vacancy['id']}/matches?explain=excluded").json()
    ids = {item["worker"]["id"] for item in found["items"]} | {
        item.get("worker_id") for item in found.get("excluded", [])
    }
    assert younger not in ids
