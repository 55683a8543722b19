"""Plans and their tasks entered over REST: by whose they are, held to what can be counted and what was divided."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from .conftest import made
from .test_dividing import problem

PLAN = {
    "title": "镇巴县2022年劳务协作工作计划",
    "issuer": "镇巴县人社局",
    "document_number": "镇人社发〔2021〕30号",
    "published_on": "2021-09-01",
    "partner": "320612",
}
TASK = {
    "label": "转移就业",
    "sentence": "全年转移就业400人。",
    "indicator": "transfer",
    "number": 400,
    "from_on": "2021-01-01",
    "to_on": "2021-12-31",
}


@pytest.fixture
def plan(west: TestClient) -> str:
    """The address of a plan of 镇巴's."""
    return f"/v1/plans/{made(west.post('/v1/plans', json=PLAN))['id']}"


def told(answer: Any) -> str:
    assert answer.status_code == 422, answer.text
    body = answer.json()
    return body["detail"] + "".join(each["message"] for each in body["errors"])


def test_a_plan_is_entered_with_its_tasks_and_counted_and_divided_like_any(
    west: TestClient, plan: str, visitor: Callable[[str], Any]
) -> None:
    task = made(west.post(f"{plan}/targets", json=TASK))
    assert (task["unit"], task["measure"]["code"], task["region"]["code"]) == ("人", "flow", "610728")
    poor = {
        "label": "其中脱贫劳动力", "population": "poverty_relieved", "number": 150, "parent_id": task["id"]
    }  # fmt: skip
    made(west.post(f"{plan}/targets", json=TASK | poor))
    made(west.post(f"/v1/targets/{task['id']}/parts", json={"region": "610728001", "figure": 60}))
    found = made(west.get(plan))
    assert (found["tasks"], found["numbered"], found["partner"]["code"]) == (1, 1, "320612")
    assert [each["target"]["number"] for each in found["items"][0]["targets"]] == [400, 150]
    page = visitor("jingyang").get(plan.removeprefix("/v1"))
    assert PLAN["title"] in page and "分到<b>60</b>人" in page


def test_a_plan_and_a_task_are_altered_by_whose_they_are(
    west: TestClient, plan: str, clerk: Callable[[str], TestClient]
) -> None:
    task = made(west.post(f"{plan}/targets", json=TASK))
    path = f"/v1/targets/{task['id']}"
    assert west.patch(plan, json={"title": "新名称"}).status_code == 428
    head = {"If-Match": west.get(plan).headers["ETag"]}
    changed = made(west.patch(plan, json={"title": "新名称", "partner": None}, headers=head))
    assert (changed["title"], changed["partner"], changed["version"]) == ("新名称", None, 2)
    assert west.patch(plan, json={"title": "又改"}, headers=head).status_code == 412
    head = {"If-Match": west.get(path).headers["ETag"]}
    assert made(west.patch(path, json={"number": 420, "at_least": True}, headers=head))["number"] == 420
    head = {"If-Match": west.get(path).headers["ETag"]}
    for name, status, kind in (
        ("yangxian", 403, "outside-scope"), ("jingyang", 403, "not-allowed"), ("tongzhou", 403, "not-allowed")
    ):  # fmt: skip
        other = clerk(name)
        problem(other.patch(path, json={"number": 1}, headers=head), status, kind)
        problem(other.patch(plan, json={"title": "别人的"}, headers=head), status, kind)
        problem(other.post(f"{plan}/targets", json=TASK), status, kind)
    problem(clerk("yangxian").post("/v1/plans", json=PLAN | {"region": "610728"}), 403, "outside-scope")
    city = clerk("hanzhong")
    assert made(city.post("/v1/plans", json=PLAN | {"region": "610728"}))["region"]["code"] == "610728"
    assert made(west.get(path))["number"] == 420


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"to_on": "2020-12-31"}, "截止日期不能早于开始日期"),
        ({"number": 0}, "任务数"),
        ({"number": None, "at_least": True}, "没有写明数量的任务"),
        ({"kinds": ["public_post"]}, "不统计乡村公益性岗位"),
        ({"indicator": "fairs", "population": "monitored"}, "不分人群"),
        ({"indicator": "fairs", "rule": "reference_3_months"}, "没有稳定口径"),
        ({"rule": "no_such"}, "没有这个稳定口径"),
        ({"parent_id": 987654}, "同一计划的另一项任务"),
        ({"sentence": ""}, "计划原文"),
        ({"label": None}, "任务名称"),
    ],
)
def test_a_task_that_cannot_be_is_refused_in_words(
    west: TestClient, plan: str, wrong: dict[str, Any], words: str
) -> None:
    assert words in told(west.post(f"{plan}/targets", json=TASK | wrong))
    assert made(west.get(plan))["tasks"] == 0


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"partner": "310000"}, "没有与这个地区的结对关系"),
        ({"published_on": "2021-09-21"}, "印发日期不能晚于今天"),
        ({"title": ""}, "计划名称"),
        ({"issuer": None}, "印发单位"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_in_words(
    west: TestClient, wrong: dict[str, Any], words: str
) -> None:
    assert words in told(west.post("/v1/plans", json=PLAN | wrong))


def test_a_number_does_not_fall_below_what_was_made_part_of_it(west: TestClient, plan: str) -> None:
    task = made(west.post(f"{plan}/targets", json=TASK))["id"]
    part = made(west.post(f"{plan}/targets", json=TASK | {"number": 150, "parent_id": task}))["id"]
    made(west.post(f"/v1/targets/{task}/parts", json={"region": "610728001", "figure": 60}))

    def patch(task_id: int, **body: Any) -> Any:
        path = f"/v1/targets/{task_id}"
        return west.patch(path, json=body, headers={"If-Match": west.get(path).headers["ETag"]})

    assert "不能小于其中的任务数150" in told(patch(task, number=149))
    made(patch(part, number=50))
    assert "不能小于已分给一个地区的数60" in told(patch(task, number=59))
    assert "已经分解" in told(patch(task, number=None))
    assert "不能大于所属任务的400" in told(patch(part, number=401))
    assert "自己是“其中”" in told(west.post(f"{plan}/targets", json=TASK | {"parent_id": part, "number": 1}))
    assert made(patch(task, number=60))["number"] == 60


def test_a_plan_is_entered_once(west: TestClient) -> None:
    key = {"Idempotency-Key": "plan-1"}
    first, again = (made(west.post("/v1/plans", json=PLAN, headers=key)) for _ in range(2))
    assert first == again
    titles = [each["title"] for each in made(west.get("/v1/plans"))["items"]]
    assert titles.count(PLAN["title"]) == 1
