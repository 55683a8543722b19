"""分解 and 填报: a task divided by regions and counted part by part, figures typed with their proof, and plan pages."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session
from starlette.testclient import TestClient

from .conftest import made

Clerk = Callable[[str], TestClient]


def target(client: TestClient, label: str) -> int:
    items = client.get("/v1/targets", params={"limit": 200}).json()["items"]
    return int(next(item["id"] for item in items if item["label"] == label))


@pytest.fixture
def task(west: TestClient) -> int:
    """镇巴's 370."""
    return target(west, "就地就近转移就业")


def begin(west: TestClient, region: str) -> int:
    """One more person of the region who begins at a workshop at home."""
    employer = {"name": "镇巴车间", "kind": "workshop", "region": "610728"}
    post = {
        "employer_id": made(west.post("/v1/employers", json=employer))["id"], "title": "平车工", "region": "610728",
        "seats": 2, "pay_min": 4000, "valid_until": "2021-12-31", "text": "负责平车缝制。",
    }  # fmt: skip
    vacancy = made(west.post("/v1/vacancies", json=post))["id"]
    made(west.post(f"/v1/vacancies/{vacancy}/publish"))
    worker = made(west.post("/v1/workers", json={"name": "测试甲", "region": region}))["id"]
    application = made(west.post("/v1/applications", json={"worker_id": worker, "vacancy_id": vacancy}))["id"]
    made(west.post(f"/v1/applications/{application}/start", json={}))
    return int(worker)


def problem(answer: Any, status: int, name: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.json()["type"] == f"/problems/{name}"


def test_a_task_is_divided_and_every_part_counts_like_the_whole(west: TestClient, task: int) -> None:
    path = f"/v1/targets/{task}/parts"
    for region in ("610728001", "610728001", "610728101"):
        begin(west, region)
    first = west.post(path, json={"region": "610728001", "figure": 200})
    assert made(first)["difference"] is None
    made(west.post(path, json={"region": "610728101", "figure": 100}))
    found = west.get(path).json()
    assert (found["whole"], found["parts"], found["difference"], found["exceeds"]) == (370, 300, 70, False)
    assert {item["region"]["code"]: item["started"] for item in found["items"]} == {
        "610728001": 2,
        "610728101": 1,
    }
    assert west.get(f"/v1/targets/{task}/progress").json()["started"] == 3
    # Parts may make more than the whole together, one alone may not; one region has one part; it lies inside.
    made(west.post(path, json={"region": "610728102", "figure": 100}))
    found = west.get(path).json()
    assert (found["difference"], found["exceeds"]) == (-30, True)
    problem(west.post(path, json={"region": "610728103", "figure": 371}), 422, "part-too-large")
    problem(west.post(path, json={"region": "610728101", "figure": 5}), 409, "part-exists")
    for outside in ("610728", "610723", "6107"):
        problem(west.post(path, json={"region": outside, "figure": 5}), 422, "part-outside")
    problem(west.post(path, json={"region": "610728999", "figure": 5}), 422, "region-unknown")

    one = f"{path}/{first.json()['id']}"
    assert west.patch(one, json={"figure": 150}).status_code == 428
    etag = west.get(one).headers["ETag"]
    assert made(west.patch(one, json={"figure": 150}, headers={"If-Match": etag}))["figure"] == 150
    assert west.patch(one, json={"figure": 151}, headers={"If-Match": etag}).status_code == 412
    etag = west.get(one).headers["ETag"]
    problem(west.patch(one, json={"figure": 371}, headers={"If-Match": etag}), 422, "part-too-large")
    assert west.delete(one, headers={"If-Match": etag}).status_code == 204
    assert west.get(one).status_code == 404
    assert west.get(path).json()["parts"] == 200
    made(west.post(path, json={"region": "610728001", "figure": 90}))


def test_a_citys_task_is_the_citys_to_divide(clerk: Clerk) -> None:
    """Two levels: a county's part is the city's to give, a township's the county's."""
    city, county, other = clerk("hanzhong"), clerk("zhenba"), clerk("yangxian")
    task = target(county, "就地就近转移就业")
    made(city.post(f"/v1/targets/{task}/parts", json={"region": "610728001", "figure": 100}))
    path = f"/v1/targets/{task}/parts"
    problem(other.post(path, json={"region": "610728101", "figure": 1}), 403, "outside-scope")
    problem(clerk("jingyang").post(path, json={"region": "610728001", "figure": 1}), 403, "not-allowed")
    # What lies elsewhere is not told, and nothing of a sum of which only some is seen.
    made(county.post(path, json={"region": "610728101", "figure": 300}))
    hidden = {"covered": False, "parts": None, "difference": None, "exceeds": None}
    township = clerk("jingyang").get(path).json()
    for seen in (township, other.get(path).json()):
        assert seen | hidden == seen
    assert other.get(path).json()["items"] == []
    [part] = township["items"]
    assert (part["figure"], part["whole"]["code"]) == (100, "610728")
    whole = county.get(path).json()
    assert (whole["covered"], whole["parts"], whole["difference"], whole["exceeds"]) == (True, 400, -30, True)
    assert other.get(f"/v1/targets/{task}/progress").json()["forecast"] is None


def test_a_figure_is_typed_with_proof_and_superseded_not_deleted(west: TestClient, clerk: Clerk) -> None:
    task, counted = target(west, "出台脱贫人口稳定就业政策"), target(west, "就地就近转移就业")
    path = f"/v1/targets/{task}/figures"
    told = {"figure": 1, "as_of": "2021-06-30", "proof": "镇政发〔2021〕8号"}
    first = made(west.post(path, json=told))
    assert (first["by"], first["superseded_at"]) == ("zhenba", None)
    second = made(west.post(path, json=told | {"figure": 2}))
    later = made(west.post(path, json=told | {"figure": 3, "as_of": "2021-09-01"}))
    listed = {item["id"]: item for item in west.get(path).json()["items"]}
    assert listed[first["id"]]["superseded_by"] == second["id"]
    assert [listed[each["id"]]["superseded_at"] for each in (second, later)] == [None, None]

    def standing(as_of: str) -> Any:
        found = west.get(f"/v1/targets/{task}/progress", params={"as_of": as_of}).json()
        assert found["done"] is None
        return found["typed"] and found["typed"]["figure"]

    assert [standing(day) for day in ("2021-06-29", "2021-06-30", "2021-09-20")] == [None, 2, 3]
    made(west.post(f"/v1/figures/{later['id']}/withdraw", json={"reason": "填错任务"}))
    problem(
        west.post(f"/v1/figures/{later['id']}/withdraw", json={"reason": "再撤"}), 409, "figure-superseded"
    )
    assert standing("2021-09-20") == 2

    problem(west.post(f"/v1/targets/{counted}/figures", json=told), 409, "counted-by-ledger")
    for path_asked in ("progress", "persons", "parts"):
        asked = west.get(f"/v1/targets/{task}/{path_asked}", params={"as_of": "2021-09-22"})
        assert asked.status_code == 422 and "时点不能晚于今天" in asked.json()["detail"]
    for wrong in ({"proof": " "}, {"as_of": "2021-09-21"}, {"as_of": "2020-12-31"}, {"figure": -1}):
        problem(west.post(path, json=told | wrong), 422, "invalid")
    problem(west.post(path, json=told | {"region": "610723"}), 403, "outside-scope")
    problem(west.post(path, json=told | {"proof": "电话13900000000"}), 422, "invalid")
    assert clerk("yangxian").get(path).json()["items"] == []


def test_the_proof_is_sealed_and_comes_back_whole(
    west: TestClient, clerk: Clerk, session_as: Callable[[str], Session]
) -> None:
    task = target(west, "出台脱贫人口稳定就业政策")
    figure = made(west.post(f"/v1/targets/{task}/figures", json={"figure": 1, "proof": "8号文"}))["id"]
    path, content = f"/v1/figures/{figure}/file", b"%PDF-1.7 " + "出台".encode() * 500
    for name, wrong in (("a.pdf", b"no"), ("a.pdf", b""), ("a.xlsx", b"PK\x03\x04"), ("a.png", content[1:])):
        problem(west.post(path, files={"file": (name, wrong)}), 422, "invalid")
    # What it is is told by what it holds, as with every paper.
    kept = made(west.post(path, files={"file": ("政策.pdf", content)}))["file"]
    assert (kept["name"], kept["size"]) == ("政策.pdf", len(content))
    problem(west.post(path, files={"file": ("政策.pdf", content)}), 409, "figure-proved")
    answer = west.get(path)
    assert answer.content == content
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert clerk("yangxian").get(path).status_code == 404
    sealed = session_as("zhenba").connection().scalar(text("SELECT sealed FROM figure_file"))
    assert sealed is not None and "出台".encode() not in bytes(sealed)


def test_every_plan_tells_of_every_task(west: TestClient, task: int) -> None:
    begin(west, "610728001")
    plans = west.get("/v1/plans").json()["items"]
    assert [plan["tasks"] for plan in plans] == [3, 4, 10, 9, 7]
    whole = west.get(f"/v1/plans/{plans[0]['id']}").json()
    last = whole["items"][-1]
    assert last["number"] == 3 and "实现转移就业370人" in last["sentence"]
    first, poor = last["targets"]
    assert (first["done"], first["stable"], first["rule"]["is_reference"], poor["done"]) == (1, 0, True, 0)
    assert first["target"]["number"] == 370
    indicators = west.get("/v1/indicators").json()["items"]
    assert len(indicators) == 15
    assert {each["indicator"]["code"] for each in indicators if each["subject"]["code"] == "typed"} == {
        "sponsored_students",
        "task",
    }
