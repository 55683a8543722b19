"""The loop once through, over REST: register, publish, match, put forward, start, count."""

from datetime import date
from itertools import count
from typing import Any

import pytest
from starlette.testclient import TestClient

from models.id_number import demo_id_number
from models.worker import Sex

_numbers = count(1)


def id_number(birth: date = date(1985, 3, 15), sex: Sex = Sex.FEMALE) -> str:
    return demo_id_number(birth, 400_000 + next(_numbers), sex)


def worker_body(**changes: Any) -> dict[str, Any]:
    return {
        "name": "测试甲",
        "region": "610728001",
        "id_number": id_number(),
        "phone": "10000000001",
        "education": "junior_high",
        "labour_capability": "ordinary",
        "skills": {"平车": 3},
        "intention": {
            "wants": "near_home",
            "accepted_regions": ["610728"],
            "pay_floor": 4000,
            "needs_lodging": True,
        },
    } | changes


@pytest.fixture
def vacancy(client: TestClient) -> dict[str, Any]:
    """A workshop's post in the person's own county: what the county's plan counts."""
    employer = client.post(
        "/v1/employers", json={"name": "测试家纺有限公司", "kind": "workshop", "region": "610728"}
    )
    assert employer.status_code == 201, employer.text
    made = client.post(
        "/v1/vacancies",
        json={
            "employer_id": employer.json()["id"],
            "title": "平车工",
            "region": "610728",
            "seats": 2,
            "pay_min": 4500,
            "pay_max": 6500,
            "lodging": True,
            "required_skills": ["平车"],
            "valid_until": "2021-12-31",
            "text": "负责家纺产品平车缝制,计件工资,包住。",
        },
    )
    assert made.status_code == 201, made.text
    published = client.post(f"/v1/vacancies/{made.json()['id']}/publish")
    assert published.status_code == 200, published.text
    return published.json()


def test_the_loop(client: TestClient, vacancy: dict[str, Any]) -> None:
    worker = client.post("/v1/workers", json=worker_body())
    assert worker.status_code == 201, worker.text
    person = worker.json()
    assert person["birth_date"] == "1985-03-15"
    assert person["sex"] == {"code": "female", "label": "女"}
    assert person["id_number"].endswith("************")
    target = next(
        item
        for item in client.get("/v1/targets", params={"limit": 200}).json()["items"]
        if item["region"]["code"] == "610728" and item["number"] == 370
    )
    before = client.get(f"/v1/targets/{target['id']}/progress").json()

    matches = client.get(f"/v1/workers/{person['id']}/matches").json()
    assert [item["vacancy"]["id"] for item in matches["items"]] == [vacancy["id"]]
    assert matches["items"][0]["reasons"]
    back = client.get(f"/v1/vacancies/{vacancy['id']}/matches").json()
    assert [item["worker"]["id"] for item in back["items"]] == [person["id"]]

    application = client.post(
        "/v1/applications", json={"worker_id": person["id"], "vacancy_id": vacancy["id"]}
    )
    assert application.status_code == 201, application.text
    started = client.post(f"/v1/applications/{application.json()['id']}/start", json={})
    assert started.status_code == 200, started.text
    assert started.json()["state"]["code"] == "started"
    assert client.get(f"/v1/vacancies/{vacancy['id']}").json()["seats_left"] == 1

    after = client.get(f"/v1/targets/{target['id']}/progress").json()
    assert after["started"] == before["started"] + 1
    people = client.get(after["links"]["started"]).json()
    assert person["id"] in [item["worker"]["id"] for item in people["items"]]
    spells = client.get("/v1/spells", params={"worker_id": person["id"]}).json()["items"]
    assert [spell["kind"]["code"] for spell in spells] == ["workshop"]
