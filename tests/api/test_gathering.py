"""输送批次 and 培训: people put on a list in bulk, who left, who completed, and the registers made of it."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from .conftest import Visitor


def made(answer: Any, status: int = 200) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    body: dict[str, Any] = answer.json()
    return body


@pytest.fixture
def batch(west: TestClient) -> int:
    told = {"region": "610728", "name": "第一批", "departs_on": "2021-09-25", "destination": "320612"}
    return int(made(west.post("/v1/dispatches", json=told), 201)["id"])


@pytest.fixture
def course(west: TestClient) -> int:
    told = {"region": "610728", "name": "缝纫工第一期", "started_on": "2021-09-01", "organiser": "县职教中心"}
    return int(made(west.post("/v1/courses", json=told), 201)["id"])


def accepted(world: Any) -> dict[str, Any]:
    application = world.application()
    for step in ("offer", "accept"):
        client = world.east if step == "offer" else world.west
        made(client.post(f"/v1/applications/{application['id']}/{step}"))
    return dict(application)


def test_the_list_of_a_batch(world: Any, batch: int, west: TestClient) -> None:
    person = world.worker()["id"]
    application = accepted(world)
    told = {"worker_ids": [person, person], "application_ids": [application["id"]]}
    assert made(west.post(f"/v1/dispatches/{batch}/members", json=told)) == {"added": 2, "known": 0}
    assert made(west.post(f"/v1/dispatches/{batch}/members", json=told)) == {"added": 0, "known": 2}
    members = made(west.get(f"/v1/dispatches/{batch}/members"))["items"]
    assert {each["worker"]["id"]: each["vacancy"] for each in members} == {
        person: None,
        application["worker_id"]: "平车工",
    }
    body = {"worker_ids": [person], "departed": False}
    made(west.post(f"/v1/dispatches/{batch}/depart", json={}))
    made(west.post(f"/v1/dispatches/{batch}/depart", json=body))
    found = made(west.get(f"/v1/dispatches/{batch}"))
    assert (found["members"], found["departed"]) == (2, 1)

    listed = made(west.get(f"/v1/registers/batch?batch={batch}"))
    heads = [column["heading"] for column in listed["columns"]]
    lines = [dict(zip(heads, row, strict=True)) for row in listed["rows"]]
    assert [line["座位号"] for line in lines] == [1, 2]
    assert {(line["岗位"], line["出发情况"]) for line in lines} == {(None, "未出发"), ("平车工", "已出发")}
    assert all("*" in line["联系电话"] for line in lines)

    gone = made(west.post(f"/v1/dispatches/{batch}/remove", json={"worker_ids": [person]}))
    assert gone == {"changed": 1}


@pytest.mark.parametrize("by", ["the person", "the employer"])
def test_whose_post_came_to_nothing_is_marked_on_the_list_and_not_sent(
    world: Any, batch: int, west: TestClient, by: str, visitor: Callable[[str], Visitor]
) -> None:
    goes, stays = accepted(world), accepted(world)
    told = {"application_ids": [goes["id"], stays["id"]]}
    made(west.post(f"/v1/dispatches/{batch}/members", json=told))
    assert made(west.get(f"/v1/dispatches/{batch}"))["for_nothing"] == 0
    if by == "the person":
        made(west.post(f"/v1/applications/{stays['id']}/withdraw", json={"reason": "family"}))
    else:
        refusal = {"reason": "skills", "side": "employer"}
        made(world.east.post(f"/v1/applications/{stays['id']}/refuse", json=refusal))
    members = made(west.get(f"/v1/dispatches/{batch}/members"))["items"]
    assert {each["worker"]["id"]: each["for_nothing"] for each in members} == {
        goes["worker_id"]: False,
        stays["worker_id"]: True,
    }
    found = made(west.get(f"/v1/dispatches/{batch}"))
    assert (found["members"], found["for_nothing"]) == (2, 1)
    page = visitor("zhenba").get(f"/dispatches/{batch}")
    assert "有1人不去了" in page and page.count("不去了</span>") == 1
    listed = made(west.get(f"/v1/registers/batch?batch={batch}"))
    at = [column["heading"] for column in listed["columns"]].index("出发情况")
    assert sorted(str(row[at]) for row in listed["rows"]) == ["None", "不去了"]
    # Everybody leaves, but not who has no post there any more; who is named does, whatever the post.
    assert made(west.post(f"/v1/dispatches/{batch}/depart", json={})) == {"changed": 1}
    assert made(west.get(f"/v1/dispatches/{batch}"))["departed"] == 1
    named = {"worker_ids": [stays["worker_id"]]}
    assert made(west.post(f"/v1/dispatches/{batch}/depart", json=named)) == {"changed": 1}
    assert made(west.get(f"/v1/dispatches/{batch}"))["for_nothing"] == 0


def test_who_is_put_forward_again_for_that_post_goes(world: Any, batch: int, west: TestClient) -> None:
    application = accepted(world)
    made(west.post(f"/v1/dispatches/{batch}/members", json={"application_ids": [application["id"]]}))
    made(west.post(f"/v1/applications/{application['id']}/withdraw", json={"reason": "family"}))
    assert made(west.get(f"/v1/dispatches/{batch}"))["for_nothing"] == 1
    again = {"worker_id": application["worker_id"], "vacancy_id": application["vacancy_id"]}
    made(west.post("/v1/applications", json=again), 201)
    assert made(west.get(f"/v1/dispatches/{batch}"))["for_nothing"] == 0


def test_nobody_is_added_where_one_cannot_be(
    world: Any, batch: int, course: int, west: TestClient, clerk: Callable[[str], TestClient]
) -> None:
    person = world.worker()["id"]
    elsewhere = made(clerk("yangxian").post("/v1/workers", json={"name": "别县", "region": "610723"}), 201)[
        "id"
    ]
    proposed = world.application()["id"]
    for body, field in (
        ({"worker_ids": [person, elsewhere]}, "worker_ids"),
        ({"worker_ids": [person], "application_ids": [proposed]}, "application_ids"),
    ):
        answer = west.post(f"/v1/dispatches/{batch}/members", json=body)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == field
        assert "1" in answer.json()["detail"]
    assert (
        west.post(f"/v1/courses/{course}/enrolments", json={"worker_ids": [person, elsewhere]}).status_code
        == 422
    )
    assert made(west.get(f"/v1/dispatches/{batch}"))["members"] == 0
    for path in (f"/v1/dispatches/{batch}", f"/v1/courses/{course}", f"/v1/dispatches/{batch}/members"):
        assert clerk("yangxian").get(path).status_code == 404


def test_a_course_and_its_register(world: Any, course: int, west: TestClient) -> None:
    people = [world.worker()["id"] for _ in range(2)]
    assert made(west.post(f"/v1/courses/{course}/enrolments", json={"worker_ids": people}))["added"] == 2
    refused = west.post(f"/v1/courses/{course}/complete", json={"certificate": "证-1"})
    assert refused.status_code == 422
    told = {"worker_ids": people[:1], "certificate": "证-1"}
    made(west.post(f"/v1/courses/{course}/complete", json=told))
    assert made(west.get(f"/v1/courses/{course}"))["completed"] == 1
    found = made(west.get("/v1/registers/trained?region=610728"))
    heads = [column["heading"] for column in found["columns"]]
    lines = [dict(zip(heads, row, strict=True)) for row in found["rows"]]
    assert {(line["培训班"], line["是否结业"], line["证书编号"]) for line in lines} == {
        ("缝纫工第一期", "是", "证-1"),
        ("缝纫工第一期", None, None),
    }
    quarter = made(west.get("/v1/registers/quarterly?region=610728"))
    assert [row[3] for row in quarter["rows"] if row[1] == "培训人次"] == [2]


def test_edits_keep_to_the_version(batch: int, course: int, west: TestClient) -> None:
    for path, field, wrong in (
        (f"/v1/dispatches/{batch}", "name", {"destination": "999999"}),
        (f"/v1/courses/{course}", "name", {"ended_on": "2021-08-01"}),
    ):
        assert west.patch(path, json={field: "改名"}).status_code == 428
        etag = west.get(path).headers["ETag"]
        assert west.patch(path, json=wrong, headers={"If-Match": etag}).status_code == 422
        assert west.patch(path, json={field: None}, headers={"If-Match": etag}).status_code == 422
        changed = west.patch(path, json={field: "改名"}, headers={"If-Match": etag})
        assert made(changed)["name"] == "改名"
        assert west.patch(path, json={field: "又改"}, headers={"If-Match": etag}).status_code == 412


def test_who_put_whom_on_a_list_is_recorded(
    world: Any, batch: int, west: TestClient, session_as: Any
) -> None:
    person = world.worker()["id"]
    made(west.post(f"/v1/dispatches/{batch}/members", json={"worker_ids": [person]}))
    rows = (
        session_as("zhenba")
        .connection()
        .exec_driver_sql(
            f"SELECT action, change, sealed_change FROM audit_event "
            f"WHERE noun = 'dispatch_member' AND worker_id = {person}"
        )
    )
    [(action, plain, sealed)] = rows
    assert (action, plain) == ("create", None)
    assert sealed is not None
