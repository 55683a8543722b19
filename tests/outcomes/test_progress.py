"""What a task counts: work at home where it says so, factories by their day and their keeper."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

Login = Callable[[str], TestClient]


def made(answer: Any) -> Any:
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


def target(client: TestClient, region: str, indicator: str, year: str) -> dict[str, Any]:
    items = made(client.get("/v1/targets", params={"limit": 200}))["items"]
    return next(  # type: ignore[no-any-return]
        item
        for item in items
        if item["region"]["code"] == region
        and item["indicator"]["code"] == indicator
        and item["from_on"][:4] <= year <= item["to_on"][:4]
        and item["population"]["code"] == "rural"
    )


def progress(client: TestClient, task: dict[str, Any], **asked: str) -> dict[str, Any]:
    return made(client.get(f"/v1/targets/{task['id']}/progress", params=asked))  # type: ignore[no-any-return]


def at_work(keeper: TestClient, west: TestClient, kept_by: str, place: str, kind: str = "workshop") -> None:
    """One more person who begins at such an employer with work at `place`."""
    employer = {"name": "测试厂", "kind": kind, "region": kept_by, "kept_by": kept_by}
    post = {
        "employer_id": made(keeper.post("/v1/employers", json=employer))["id"],
        "title": "平车工", "region": place, "kept_by": kept_by, "seats": 2, "pay_min": 4000,
        "valid_until": "2021-12-31", "text": "负责平车缝制。",
    }  # fmt: skip
    vacancy = made(keeper.post("/v1/vacancies", json=post))["id"]
    made(keeper.post(f"/v1/vacancies/{vacancy}/publish"))
    worker = made(west.post("/v1/workers", json={"name": "测试甲", "region": "610728001"}))["id"]
    told = {"worker_id": worker, "vacancy_id": vacancy}
    application = made(west.post("/v1/applications", json=told))["id"]
    made(west.post(f"/v1/applications/{application}/start", json={}))


@pytest.mark.parametrize(
    ("username", "kept_by", "place", "started", "without_place"),
    [
        ("zhenba", "610728", "610728", 1, 0),
        ("zhenba", "610728", "610728001", 1, 0),
        ("tongzhou", "320612", "320612", 0, 0),
        ("yangxian", "610723", "610723", 0, 0),
        ("zhenba", "610728", "6107", 0, 1),
    ],
)
def test_near_home_is_work_in_the_own_county(
    login: Login, username: str, kept_by: str, place: str, started: int, without_place: int
) -> None:
    west = login("zhenba")
    task = target(west, "610728", "near_home", "2021")
    assert {"code": "workshop", "label": "就业帮扶车间"} in task["kinds"]
    at_work(login(username), west, kept_by, place)
    found = progress(west, task)
    assert (found["started"], found["without_place"]) == (started, without_place)
    people = made(west.get(found["links"]["started"]))
    assert people["total"] == started


def test_factories_count_once_from_their_day_where_their_own_bureau_keeps_them(login: Login) -> None:
    city, county = login("hanzhong"), login("zhenba")
    task = target(county, "610925", "community_factories", "2021")
    assert progress(county, task)["started"] == 0
    told = {"name": "岚皋测试厂", "kind": "community_factory", "region": "610925"}
    # Nobody registers a factory for another county, whatever the region says.
    refused = login("tongzhou").post("/v1/employers", json=told)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "region"
    assert county.post("/v1/employers", json=told).status_code == 422
    assert city.post("/v1/employers", json=told | {"kept_by": "610925"}).status_code == 403
    assert progress(county, task)["started"] == 0


def test_a_factory_counts_from_the_day_it_opened(
    login: Login, connection: Any, session_as: Callable[[str], Any]
) -> None:
    """The plan with factories is another county's; its rows are written as that county's clerk would."""
    from sqlmodel import Session

    from models.target import Target
    from outcomes.progress import started_count

    county = login("zhenba")
    task = target(county, "610925", "community_factories", "2021")
    session: Session = session_as("zhenba")
    row = session.get_one(Target, task["id"])
    here = Target(**row.model_dump() | {"region": "610728"})
    uscc = "91310115591693856A"
    for body in (
        {"name": "甲厂", "opened_on": "2021-03-01"},
        {"name": "甲厂", "opened_on": "2021-04-01"},
        {"name": "乙厂", "uscc": uscc, "opened_on": "2021-09-01"},
        {"name": "丙厂"},
    ):
        made(county.post("/v1/employers", json=body | {"kind": "community_factory", "region": "610728"}))
    counts = [
        started_count(session, here, here.from_on.replace(year=2021, month=month, day=day))
        for month, day in ((2, 28), (3, 1), (8, 31), (9, 1), (9, 20))
    ]
    assert counts == [0, 1, 1, 2, 3]


def test_where_starting_counts_the_last_start_by_the_reference_rule_stands_beside_it(login: Login) -> None:
    """Three months that are full on 31 December begin on 1 October; who begins on the 2nd is not stable this year."""
    client = login("zhenba")
    task = target(client, "610728", "near_home", "2021")
    found = progress(client, task)
    assert (found["latest_start"], found["rule"]["is_reference"]) == ("2021-12-31", True)
    assert found["reference_start"] == "2021-10-01"
    # What the ledger cannot count has no rule beside it.
    assert progress(client, target(client, "610728", "task", "2021"))["reference_start"] is None
