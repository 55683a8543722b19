"""随访: who is to be called and why, what was found, what was promised, and who left."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import Session
from starlette.testclient import TestClient

from api.worker.working import work_off
from models.spell import EmploymentSpell, SpellKind

from .conftest import World
from .filing import Intake, away, workbook

TODAY = date(2021, 9, 20)
At = Callable[..., int]


def made(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json()


@pytest.fixture
def at_work(world: Any, session_as: Callable[[str], Session]) -> At:
    """Makes a person who began so many days ago; answers the person's number."""

    def make(days: int, *, left: int | None = None, **told: Any) -> int:
        worker = int(world.worker(**told)["id"])
        session = session_as("zhenba")
        began = TODAY - timedelta(days=days)
        gone = TODAY - timedelta(days=left) if left is not None else None
        session.add(
            EmploymentSpell(
                worker_id=worker, kind=SpellKind.FLEXIBLE, region="320612", started_on=began, ended_on=gone,
                observed_until=gone or began, origin_region="610728001",
            )
        )  # fmt: skip
        session.commit()
        return worker

    return make


def calls(client: TestClient, **asked: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = made(client.get("/v1/follow-ups", params=asked))["items"]
    return found


def contact(client: TestClient, worker: int, status: int = 201, **told: Any) -> Any:
    return made(client.post(f"/v1/workers/{worker}/contacts", json=told), status)


def test_who_is_due_and_until_when_a_call_puts_it_off(at_work: At, west: TestClient) -> None:
    fresh, late = at_work(1), at_work(10)
    [call] = calls(west)
    assert (call["worker"]["id"], call["due_on"], call["overdue_days"]) == (late, "2021-09-12", 8)
    assert {each["worker"]["id"]: each["due_on"] for each in calls(west, due=False)} == {
        late: "2021-09-12",
        fresh: "2021-09-21",
    }
    contact(west, late, found="not_reached")
    assert calls(west) == []
    assert [(each["due_on"], each["tries"]) for each in calls(west, due=False) if each["tries"]] == [
        ("2021-09-21", 1)
    ]
    contact(west, late, found="at_work", note="一切都好")
    [call] = [each for each in calls(west, due=False) if each["worker"]["id"] == late]
    assert (call["due_on"], call["tries"], call["reached_on"]) == ("2021-10-09", 0, "2021-09-20")


def test_found_at_work_is_proof_of_grade_d_until_that_day(at_work: At, west: TestClient) -> None:
    worker = at_work(10)
    contact(west, worker, found="at_work", contacted_on="2021-09-15")
    contact(west, worker, found="wants_away", contacted_on="2021-09-20")
    [spell] = made(west.get(f"/v1/spells?worker_id={worker}"))["items"]
    assert spell["observed_until"] == "2021-09-20"
    proofs = made(west.get(f"/v1/spells/{spell['id']}/evidence"))["items"]
    assert sorted((each["grade"]["code"], each["covers_from"], each["covers_to"]) for each in proofs) == [
        ("D", "2021-09-10", "2021-09-15"),
        ("D", "2021-09-16", "2021-09-20"),
    ]


def test_a_difficulty_is_a_promise_with_a_day_and_open_once(at_work: At, west: TestClient) -> None:
    worker = at_work(10)
    contact(west, worker, found="in_difficulty", difficulty="lodging", note="宿舍漏雨")
    contact(west, worker, found="in_difficulty", difficulty="lodging", due_on="2021-09-21")
    [task] = made(west.get("/v1/support-tasks?state=open"))["items"]
    assert (task["difficulty"]["code"], task["told_on"], task["due_on"], task["late"]) == (
        "lodging", "2021-09-20", "2021-09-21", False,
    )  # fmt: skip
    path = f"/v1/support-tasks/{task['id']}"
    made(west.post(f"{path}/done", json={"outcome": "已换宿舍"}), 428)
    head = {"If-Match": west.get(path).headers["etag"]}
    done = made(west.post(f"{path}/done", json={"outcome": "已换宿舍"}, headers=head))
    assert (done["state"]["code"], done["done_on"], done["outcome"]) == ("done", "2021-09-20", "已换宿舍")
    made(west.post(f"{path}/done", json={"outcome": "又一次"}, headers=head), 412)
    assert made(west.get("/v1/support-tasks?state=open"))["items"] == []
    contact(west, worker, found="in_difficulty", difficulty="lodging")
    assert len(made(west.get("/v1/support-tasks?state=open"))["items"]) == 1


def test_nobody_leaves_for_a_reason_of_the_service(at_work: At, west: TestClient) -> None:
    worker = at_work(40)
    for reason in ("reproposed", "unanswered", "duplicate", "filled"):
        told = {"found": "left", "left_on": "2021-09-18", "leave_reason": reason}
        answer = west.post(f"/v1/workers/{worker}/contacts", json=told)
        assert answer.status_code == 422 and "离岗原因请选" in answer.text
    contact(west, worker, found="left", left_on="2021-09-18", leave_reason="健康原因")


def test_who_left_waits_for_new_posts(world: Any, at_work: At, west: TestClient) -> None:
    worker = at_work(40)
    contact(west, worker, found="left", left_on="2021-09-18", leave_reason="pay", returned_home=True)
    [spell] = made(west.get(f"/v1/spells?worker_id={worker}"))["items"]
    assert (spell["ended_on"], spell["leave_reason"]["code"]) == ("2021-09-18", "pay")
    [leaver] = made(west.get("/v1/leavers?returned=true"))["items"]
    assert (leaver["worker"]["id"], leaver["left_on"], leaver["offer_by"], leaver["offered"], leaver["late"]) == (
        worker, "2021-09-18", "2021-09-22", 0, False,
    )  # fmt: skip
    assert calls(west, due=False) == []
    made(west.post("/v1/applications", json={"worker_id": worker, "vacancy_id": world.vacancy()["id"]}), 201)
    assert made(west.get("/v1/leavers"))["items"][0]["offered"] == 1


def test_whoever_is_said_to_have_left_is_put_forward_at_once(
    app: FastAPI, world: World, at_work: At, west: TestClient, session_as: Callable[[str], Session]
) -> None:
    begun = world.spell()
    started, best = begun["worker_id"], world.vacancy(title="缝纫工")
    left = {"ended_on": "2021-09-20", "leave_reason": "pay"}
    made(west.post(f"/v1/spells/{begun['id']}/end", json=left))
    worker, waiting = at_work(40), at_work(100, left=2)
    contact(west, worker, found="left", left_on="2021-09-18", leave_reason="pay")
    assert work_off(app.state.sessions, app.state.keyring, app.state.settings) == 2
    offered = {each["worker"]["id"]: each["offered"] for each in made(west.get("/v1/leavers"))["items"]}
    # Not again for the employer whom one has just left; and nobody who left before it was known here.
    assert offered == {started: 1, worker: 2, waiting: 0}
    [proposal] = [
        each
        for each in made(west.get("/v1/applications", params={"worker_id": started}))["items"]
        if each["state"]["code"] == "proposed"
    ]
    assert proposal["vacancy_id"] == best["id"]
    told = made(west.post("/v1/leavers/propose", json={"region": "610728"}), 202)
    assert work_off(app.state.sessions, app.state.keyring, app.state.settings) == 1
    result = made(west.get(f"/v1/jobs/{told['id']}"))
    assert (result["state"]["code"], result["link"]) == ("done", "/follow-ups/leavers")
    offered = {each["worker"]["id"]: each["offered"] for each in made(west.get("/v1/leavers"))["items"]}
    assert offered == {started: 1, worker: 2, waiting: 2}
    assert west.post("/v1/leavers/propose", json={"region": "610723"}).status_code == 403


def test_whose_work_a_file_ends_waits_and_is_put_forward_by_one_job(
    world: World, west: TestClient, work: Callable[[], int]
) -> None:
    """Two who were at work by our record, and one who came in as having left."""
    best, intake = world.vacancy(title="缝纫工"), Intake(west, work)
    intake.applied(workbook([away(1), away(2)]), as_of="2021-07-31")
    assert made(west.get("/v1/leavers"))["items"] == []
    gone = {"是否务工": "否", "结束时间": "2021年08月"}
    rows = [away(1, **gone), away(2, **gone), away(3, **gone)]
    checked = intake.checked(workbook(rows), "走了.xlsx", as_of="2021-09-19")
    made(west.post(f"/v1/imports/{checked['id']}/apply"), 202)
    assert work() == 2, "the file, and one job for all of its leavers"
    found = {each["worker"]["name"]: each for each in made(west.get("/v1/leavers"))["items"]}
    assert {name: each["offered"] for name, each in found.items()} == {
        "测试001": 1, "测试002": 1, "测试003": 0
    }  # fmt: skip
    # It became known by the list, on the list's day.
    assert (found["测试001"]["left_on"], found["测试001"]["offer_by"]) == ("2021-08-31", "2021-09-21")
    proposals = made(west.get("/v1/applications", params={"state": "proposed"}))["items"]
    assert {each["vacancy_id"] for each in proposals} == {best["id"]}


def test_a_leaver_without_an_offer_is_late_on_the_third_day_and_gone_when_at_work_again(
    at_work: At, west: TestClient, session_as: Callable[[str], Session]
) -> None:
    early, late, old = at_work(100, left=2), at_work(100, left=3), at_work(400, left=181)
    found = {each["worker"]["id"]: each["late"] for each in made(west.get("/v1/leavers"))["items"]}
    assert found == {early: False, late: True}
    assert old not in found
    session = session_as("zhenba")
    session.add(
        EmploymentSpell(
            worker_id=late, kind=SpellKind.FLEXIBLE, started_on=TODAY, observed_until=TODAY,
            origin_region="610728001",
        )
    )  # fmt: skip
    session.commit()
    assert [each["worker"]["id"] for each in made(west.get("/v1/leavers"))["items"]] == [early]


def test_a_monitored_household_without_work_is_a_risk_of_poverty(
    world: Any, at_work: At, west: TestClient
) -> None:
    risky, cleared = (
        world.household(hardship=[{"category": "marginal", "from_on": "2020-06-01", **more}])["id"]
        for more in ({}, {"risk_cleared_on": "2021-01-01"})
    )
    one, _ = at_work(50, left=5, household_id=risky), at_work(50, left=5, household_id=cleared)
    assert [each["worker"]["id"] for each in made(west.get("/v1/leavers?at_risk=true"))["items"]] == [one]
    assert made(west.get("/v1/leavers"))["items"][0]["worker"]["id"] == one


def test_who_calls_whom(at_work: At, west: TestClient, clerk: Callable[[str], TestClient]) -> None:
    one, other = at_work(10), at_work(20)
    assert made(west.post("/v1/follow-ups/take", json={"worker_ids": [one, one]})) == {"changed": 1}
    assert [each["worker"]["id"] for each in calls(west, mine=True)] == [one]
    township = clerk("jingyang")
    assert {each["worker"]["id"]: each["caller"] for each in calls(township)} == {one: "zhenba", other: None}
    made(township.post("/v1/follow-ups/take", json={"worker_ids": [one]}))
    made(west.post("/v1/follow-ups/take", json={"worker_ids": [other]}))
    # Only who calls, who gave, or who manages the county's bureau lets go; none of several if one is another's.
    refused = township.post("/v1/follow-ups/release", json={"worker_ids": [one, other]})
    assert refused.status_code == 403 and "有1个由别人随访" in refused.json()["detail"]
    assert [each["worker"]["id"] for each in calls(township, mine=True)] == [one]
    assert made(township.post("/v1/follow-ups/release", json={"worker_ids": [one]})) == {"changed": 1}
    made(township.post("/v1/follow-ups/take", json={"worker_ids": [one, other]}))
    assert calls(west, mine=True) == []
    assert made(west.post("/v1/follow-ups/release", json={"worker_ids": [one, other]})) == {"changed": 2}
    assert calls(township, mine=True) == []


def test_a_promise_is_near_and_told_again_by_the_earlier_day(at_work: At, west: TestClient) -> None:
    worker = at_work(10)
    told = {"found": "in_difficulty", "difficulty": "lodging"}
    far = west.post(f"/v1/workers/{worker}/contacts", json=told | {"due_on": "2021-12-20"})
    assert far.status_code == 422 and "2021-12-19" in far.text
    for given, due in (("2021-12-19", "2021-12-19"), (None, "2021-09-27"), ("2021-11-01", "2021-09-27")):
        contact(west, worker, **told, **({"due_on": given} if given else {}))
        [task] = made(west.get("/v1/support-tasks"))["items"]
        assert task["due_on"] == due


def test_who_has_no_telephone_is_visited_after_the_calls(
    at_work: At, west: TestClient, visitor: Callable[[str], Any]
) -> None:
    without, late = at_work(40, phone=None), at_work(10)
    found = calls(west)
    assert [(each["worker"]["id"], each["has_phone"]) for each in found] == [(late, True), (without, False)]
    page = visitor("zhenba").get("/follow-ups")
    assert page.count("要上门（没有登记电话）") == 1
    assert page.index(f'id="worker-{late}"') < page.index("要上门（") < page.index(f'id="worker-{without}"')


def test_people_are_given_to_a_colleague_and_taken_back(
    at_work: At, west: TestClient, clerk: Callable[[str], TestClient]
) -> None:
    one, other, elsewhere = at_work(10), at_work(20), at_work(10, region="610728101")
    found = {each["name"]: each for each in made(west.get("/v1/follow-ups/callers"))}
    # The county's own and those below it; nobody above, beside, or who may not follow up.
    assert set(found) == {"zhenba", "jingyang"}
    assert [each["code"] for each in found["jingyang"]["regions"]] == ["610728001"]
    assert [each["name"] for each in made(clerk("jingyang").get("/v1/follow-ups/callers"))] == ["jingyang"]
    township = found["jingyang"]["account_id"]
    made(west.post("/v1/follow-ups/take", json={"worker_ids": [one]}))
    give = {"worker_ids": [one, other], "account_id": township}
    answer = west.post("/v1/follow-ups/give", json=give | {"worker_ids": [one, elsewhere]})
    assert answer.status_code == 422 and "有1个不在“jingyang”管的地方" in answer.text
    answer = west.post("/v1/follow-ups/give", json=give | {"account_id": 987654})
    assert answer.status_code == 422 and "请从本单位的随访人员中选择" in answer.text
    assert calls(west, given=True, due=False) == []
    assert made(west.post("/v1/follow-ups/give", json=give)) == {"changed": 2}
    assert made(west.post("/v1/follow-ups/give", json=give)) == {"changed": 0}
    told = {each["worker"]["id"]: (each["caller"], each["given_by"]) for each in calls(west, given=True)}
    assert told == {one: ("jingyang", "zhenba"), other: ("jingyang", "zhenba")}
    mine = clerk("jingyang")
    assert {each["worker"]["id"] for each in calls(mine, mine=True)} == {one, other}
    assert made(mine.post("/v1/follow-ups/take-back", json={"worker_ids": [one]})) == {"changed": 0}
    history = made(west.get(f"/v1/workers/{one}/history"))["items"]
    changed = next(each for each in history if each["noun"]["label"] == "随访分工")
    fields = {each["field"]["label"]: (each["before"], each["after"]) for each in changed["fields"]}
    assert changed["account"] == "zhenba" and fields["由谁随访"] == ("zhenba", "jingyang")

    back = {"worker_ids": [one, other]}
    assert made(west.post("/v1/follow-ups/take-back", json=back)) == {"changed": 2}
    assert made(west.post("/v1/follow-ups/take-back", json=back)) == {"changed": 0}
    assert {each["worker"]["id"]: each["caller"] for each in calls(west) if each["caller"]} == {one: "zhenba"}
    made(west.post("/v1/follow-ups/give", json=give))
    made(mine.post("/v1/follow-ups/take", json={"worker_ids": [one]}))
    # Whom the colleague has taken since is the colleague's.
    assert made(west.post("/v1/follow-ups/take-back", json=back)) == {"changed": 1}
    assert {each["worker"]["id"] for each in calls(mine, mine=True)} == {one}


def test_another_county_sees_and_does_nothing(at_work: At, clerk: Callable[[str], TestClient]) -> None:
    worker, other = at_work(10), clerk("yangxian")
    assert calls(other) == []
    made(other.post("/v1/follow-ups/take", json={"worker_ids": [worker]}), 404)
    contact(other, worker, 404, found="not_reached")
    made(other.get(f"/v1/workers/{worker}/contacts"), 404)


def test_whoever_calls_sees_who_called_before(
    at_work: At, west: TestClient, clerk: Callable[[str], TestClient]
) -> None:
    worker = at_work(10)
    contact(west, worker, found="not_reached", contacted_on="2021-09-19")
    contact(west, worker, found="at_work", note="想家，中秋想回来", means="wechat")
    told = made(clerk("jingyang").get(f"/v1/workers/{worker}/contacts"))
    assert [(each["caller"], each["found"]["code"], each["note"]) for each in told] == [
        ("zhenba", "at_work", "想家，中秋想回来"),
        ("zhenba", "not_reached", ""),
    ]


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"found": "at_work", "contacted_on": "2021-09-21"}, 422),
        ({"found": "in_difficulty"}, 422),
        ({"found": "at_work", "difficulty": "pay"}, 422),
        ({"found": "left"}, 422),
        ({"found": "left", "left_on": "2021-09-18"}, 422),  # and why
        ({"found": "left", "left_on": "2021-09-21", "leave_reason": "pay"}, 422),
        ({"found": "left", "left_on": "2021-09-01", "leave_reason": "pay"}, 422),  # before the first day
        ({"found": "at_work", "returned_home": True}, 422),
        ({"found": "in_difficulty", "difficulty": "pay", "due_on": "2021-09-19"}, 422),
        ({"found": "at_work", "note": "电话改成13812345678"}, 422),
        ({"found": "at_work", "contacted_on": "2021-09-01"}, 409),  # nobody was at work yet
    ],
)
def test_what_cannot_be_is_refused_and_nothing_stays(
    at_work: At, west: TestClient, told: dict[str, Any], status: int
) -> None:
    worker = at_work(10)
    answer = west.post(f"/v1/workers/{worker}/contacts", json=told)
    assert answer.status_code == status, answer.text
    assert "13812345678" not in answer.text
    assert made(west.get(f"/v1/workers/{worker}/contacts")) == []
    [spell] = made(west.get(f"/v1/spells?worker_id={worker}"))["items"]
    assert spell["ended_on"] is None
