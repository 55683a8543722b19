"""The end of work: a day that somebody told is that day, a month no more than was known, and a mistaken end can be undone."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from .conftest import Visitor, World, made
from .filing import Intake, away, workbook
from .test_evidence import problem, prove
from .test_evidence import spell as placed
from .test_withdrawing import withdraw

__all__ = ["placed"]
AGREED = {"leave_reason": "pay", "against_evidence": True, "against_because": "doubtful"}
UNDONE = {"ended_on": None, "reason": "登记有误"}


@pytest.fixture
def spell(world: World, west: TestClient) -> dict[str, Any]:
    """A person at work since June, of which only the month is known; today is 20 September."""
    worker = world.worker()["id"]
    told = {"working": True, "started": "2021-06-01", "region": "320612", "employer": "测试家纺"}
    spell_id = made(west.post(f"/v1/workers/{worker}/reports", json=told))["decision"]["spell_id"]
    return read(west, spell_id)


def read(west: TestClient, spell_id: int) -> dict[str, Any]:
    return made(west.get(f"/v1/spells/{spell_id}"))


def call(west: TestClient, worker_id: int, status: int = 201, **told: Any) -> Any:
    answer = west.post(f"/v1/workers/{worker_id}/contacts", json=told)
    assert answer.status_code == status, answer.text
    return answer.json()


def seen_until(west: TestClient, worker_id: int) -> str:
    [each] = made(west.get(f"/v1/workers/{worker_id}/timeline"))["spells"]
    return str(each["seen_until"])


def test_a_mistaken_end_leaves_the_observation_as_it_was(west: TestClient, spell: dict[str, Any]) -> None:
    worker, path = spell["worker_id"], f"/v1/spells/{spell['id']}"
    made(prove(west, spell["id"], proof="social_insurance", covers_from="2021-06-18", covers_to="2021-09-10"))
    call(west, worker, found="at_work", contacted_on="2021-09-17")
    before = read(west, spell["id"])
    made(west.post(f"{path}/end", json={"ended_on": "2021-07-01"} | AGREED))
    fresh = made(west.post(f"{path}/correct", json=UNDONE))
    assert (fresh["ended_on"], fresh["observed_until"]) == (None, before["observed_until"])
    assert seen_until(west, worker) == before["observed_until"]
    assert made(west.get(f"/v1/workers/{worker}"))["employed"]


def test_what_was_told_and_taken_back_since_the_end_counts_as_well(
    west: TestClient, east: TestClient, placed: dict[str, Any]
) -> None:
    path = f"/v1/spells/{placed['id']}"
    assert placed["observed_until"] == "2021-08-25"
    flow = made(prove(west, placed["id"], covers_to="2021-09-10"))
    wrong = made(prove(west, placed["id"], proof="certificate", covers_to="2021-09-15"))
    made(west.post(f"{path}/end", json={"ended_on": "2021-08-31"} | AGREED))
    made(withdraw(west, wrong, placed["id"]))
    fresh = made(west.post(f"{path}/correct", json=UNDONE))
    assert fresh["observed_until"] == flow["covers_to"], "what was withdrawn since carries nothing"
    path = f"/v1/spells/{fresh['id']}"
    made(west.post(f"{path}/end", json={"ended_on": "2021-08-31"} | AGREED))
    met = {"found": "at_work", "means": "on_site", "found_on": "2021-09-12"}
    made(east.post(f"{path}/confirm", json=met))
    again = made(west.post(f"{path}/correct", json=UNDONE))
    assert again["observed_until"] == "2021-09-12", "the place of work has met her since"


def test_what_carried_it_on_is_known_again(west: TestClient, placed: dict[str, Any]) -> None:
    path = f"/v1/spells/{placed['id']}"
    made(west.post(f"{path}/end", json={"ended_on": "2021-09-18", "leave_reason": "pay"}))
    made(prove(west, placed["id"], covers_to="2021-09-10"))
    fresh = made(west.post(f"{path}/correct", json=UNDONE))
    assert fresh["observed_until"] == "2021-09-10", "a day of the mistaken end is no observation"
    [flow] = made(west.get(f"/v1/spells/{fresh['id']}/evidence"))["items"]
    made(withdraw(west, flow, fresh["id"]))
    assert read(west, fresh["id"])["observed_until"] == "2021-08-25"


def test_a_day_that_was_told_is_that_day(
    west: TestClient, spell: dict[str, Any], visitor: Callable[[str], Visitor]
) -> None:
    worker = spell["worker_id"]
    call(west, worker, found="left", left_on="2021-08-01", leave_reason="pay", contacted_on="2021-09-20")
    [each] = made(west.get(f"/v1/workers/{worker}/timeline"))["spells"]
    assert (each["from_on"], each["to_on"], each["days"]) == ("2021-06-01", "2021-08-01", 62)
    page = visitor("zhenba").get(f"/workers/{worker}")
    assert "2021年6月至2021年8月1日" in page
    line = visitor("zhenba").get(f"/workers/{worker}/timeline")
    assert "2021年6月至2021年8月1日" in line and "开始只知道月份" in line
    history = made(west.get(f"/v1/workers/{worker}/history"))["items"]
    assert "2021-08-01" in [field["after"] for change in history for field in change["fields"] or ()]
    # A list that knows the month says the same; what begins on the day after shares no day.
    same = {
        "working": False,
        "started": "2021-06-01",
        "ended": "2021-08-01",
        "region": "320612",
        "employer": "测试家纺",
    }
    assert (
        made(west.post(f"/v1/workers/{worker}/reports", json=same))["decision"]["outcome"]["code"] == "agrees"
    )
    after = {
        "working": True,
        "started": "2021-08-02",
        "precision": "day",
        "region": "320612",
        "employer": "后去的厂",
    }
    assert (
        made(west.post(f"/v1/workers/{worker}/reports", json=after))["decision"]["outcome"]["code"] == "opens"
    )


def test_a_month_that_is_not_over_ends_on_the_day_of_the_list(
    west: TestClient, work: Callable[[], int]
) -> None:
    intake = Intake(west, work)
    intake.applied(workbook([away(1)]), as_of="2021-07-31")
    gone = away(1, 是否务工="否", 结束时间="2021年09月")
    intake.applied(workbook([gone]), "走了.xlsx", as_of="2021-09-20")
    [leaver] = made(west.get("/v1/leavers"))["items"]
    worker = leaver["worker"]["id"]
    [spell] = made(west.get(f"/v1/spells?worker_id={worker}"))["items"]
    assert (spell["ended_on"], spell["observed_until"]) == ("2021-09-19", "2021-09-19")
    assert not made(west.get(f"/v1/workers/{worker}"))["employed"]
    # The true day, by a call and by the clerk; another month is for a correction.
    call(west, worker, found="left", left_on="2021-09-12", leave_reason="family")
    told = read(west, spell["id"])
    assert (told["ended_on"], told["observed_until"], told["leave_reason"]["code"]) == (
        "2021-09-12", "2021-09-12", "family",
    )  # fmt: skip
    again = west.post(f"/v1/spells/{spell['id']}/end", json={"ended_on": "2021-09-10", "leave_reason": "pay"})
    problem(again, 409, "already-ended")


def test_a_clerk_tells_the_day_of_a_month_and_no_other(west: TestClient, work: Callable[[], int]) -> None:
    intake = Intake(west, work)
    intake.applied(workbook([away(1, 是否务工="否", 结束时间="2021年09月")]), as_of="2021-09-20")
    [spell] = made(west.get("/v1/spells"))["items"]
    assert (spell["ended_on"], spell["observed_until"]) == ("2021-09-19", "2021-09-19")
    path = f"/v1/spells/{spell['id']}/end"
    problem(west.post(path, json={"ended_on": "2021-08-30", "leave_reason": "pay"}), 409, "already-ended")
    assert (
        made(west.post(path, json={"ended_on": "2021-09-03", "leave_reason": "pay"}))["ended_on"]
        == "2021-09-03"
    )


def test_who_has_not_left_needs_none_of_the_posts_offered_for_it(
    west: TestClient, world: World, work: Callable[[], int]
) -> None:
    begun = world.spell()
    world.vacancy(title="缝纫工")
    made(west.post(f"/v1/spells/{begun['id']}/end", json={"ended_on": "2021-09-20", "leave_reason": "pay"}))
    assert work() == 1
    own = world.vacancy(title="检验工")["id"]
    made(west.post("/v1/applications", json={"worker_id": begun["worker_id"], "vacancy_id": own}))
    made(west.post(f"/v1/spells/{begun['id']}/correct", json=UNDONE))
    found = made(west.get("/v1/applications", params={"worker_id": begun["worker_id"]}))["items"]
    states = {each["vacancy_id"]: each["state"]["code"] for each in found}
    assert states.pop(own) == "proposed", "what a person put forward is hers to take back"
    assert sorted(states.values()) == ["started", "withdrawn"]


def test_nor_who_has_not_left_because_the_list_was_wrong(
    west: TestClient, world: World, work: Callable[[], int]
) -> None:
    world.vacancy(title="缝纫工")
    intake = Intake(west, work)
    intake.applied(workbook([away(1)]), as_of="2021-07-31")
    intake.applied(workbook([away(1, 是否务工="否", 结束时间="2021年08月")]), "走了.xlsx", as_of="2021-09-19")
    work()
    [offer] = made(west.get("/v1/applications", params={"state": "proposed"}))["items"]
    reports = made(west.get("/v1/reports", params={"worker_id": offer["worker_id"]}))["items"]
    [number] = [each["id"] for each in reports if each["decision"]["outcome"]["code"] == "ends"]
    made(west.post(f"/v1/reports/{number}/reverse"))
    assert made(west.get(f"/v1/workers/{offer['worker_id']}"))["employed"]
    [after] = made(west.get("/v1/applications", params={"worker_id": offer["worker_id"]}))["items"]
    assert (after["state"]["code"], after["reason"]["code"]) == ("withdrawn", "mistaken")


def test_a_spell_that_never_was_is_no_doubt(west: TestClient, placed: dict[str, Any]) -> None:
    made(prove(west, placed["id"], proof="stamped_roster"))
    made(west.post(f"/v1/spells/{placed['id']}/end", json={"ended_on": "2021-09-05"} | AGREED))
    assert len(made(west.get("/v1/doubts?rule=D27&state=open"))["items"]) == 1
    made(west.post(f"/v1/spells/{placed['id']}/void", json={"reason": "mistaken"}))
    assert made(west.get("/v1/doubts?rule=D27&state=open"))["items"] == []


def test_another_end_of_the_same_work_is_no_other_work(west: TestClient, work: Callable[[], int]) -> None:
    intake = Intake(west, work)
    intake.applied(workbook([away(1), away(2)]), as_of="2021-07-31")
    other = away(2, 务工企业名称="别的厂", 开始时间="2021年05月")
    rows = [away(1, 是否务工="否", 结束时间="2021年05月"), other]
    intake.applied(workbook(rows), "另一份.xlsx", as_of="2021-09-19")
    made(west.post("/v1/doubts/check", json={"region": "610728"}))
    work()
    found = made(west.get("/v1/doubts?rule=D03"))["items"]
    assert [each["what"] for each in found] == ["从2021年05月开始务工，但上一段还没有填写结束时间"]
