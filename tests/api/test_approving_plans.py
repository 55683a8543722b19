"""批准: approved people are put forward and listed; nobody is promised a seat that is not there, whoever else approves."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import create_engine
from sqlmodel import Session
from starlette.testclient import TestClient

from api.app import create_app
from api.audit import audited
from api.database import sessions_of
from api.deps import act_as
from api.match_plans import approving
from api.security import account_by_username, issue_token
from api.settings import Settings
from api.worker.working import work_off
from models.account import TokenKind
from models.sealing import Keyring

from .conftest import Visitor, World, client_of, made
from .planned import Planning


@pytest.fixture
def planning(world: World, work: Callable[[], int], session_as: Callable[[str], Session]) -> Planning:
    return Planning(world, work, session_as)


def test_people_are_approved_one_by_one_and_as_a_whole(planning: Planning) -> None:
    people, (post,) = planning.people(3), planning.posts(3)
    number = planning.plan()["id"]
    first = made(planning.approve(number, people[0]))
    assert (first["approved"], first["no_seat"], first["ineligible"]) == (1, [], [])
    plan = planning.read(number)
    assert plan["state"]["code"] == "draft"
    assert plan["lines"]["approved"] == 1
    fixed = planning.west.post(
        f"/v1/match-plans/{number}/decisions", json={"items": [{"kind": "keep_out", "worker_id": people[0]}]}
    )
    assert (fixed.status_code, fixed.json()["type"]) == (409, "/problems/line-approved")
    made(planning.approve(number))
    assert planning.read(number)["state"]["code"] == "approving"
    planning.work()
    plan = planning.read(number)
    assert (plan["state"]["code"], plan["lines"]["approved"]) == ("approved", 3)
    batch = made(planning.west.get(f"/v1/dispatches/{plan['dispatch_id']}"))
    assert (batch["members"], batch["departs_on"], batch["destination"]["code"]) == (
        3,
        "2021-09-25",
        "320612",
    )
    members = made(planning.west.get(f"/v1/dispatches/{batch['id']}/members"))["items"]
    assert {each["vacancy_id"] for each in members} == {post}
    asked = made(planning.west.get("/v1/applications"))["items"]
    assert {each["state"]["code"] for each in asked} == {"proposed"}
    assert {each["worker_id"] for each in asked} == set(people)
    # They can begin, and the seats are taken then.
    for each in asked:
        made(planning.west.post(f"/v1/applications/{each['id']}/start", json={}))
    assert planning.west.get(f"/v1/vacancies/{post}").json()["seats_left"] == 0


def test_what_was_read_is_what_is_approved(planning: Planning) -> None:
    people, _ = planning.people(2), planning.posts(2)
    plan = planning.plan()
    planning.decide(plan["id"], {"kind": "keep_out", "worker_id": people[0]})
    headers = {"If-Match": f'"{plan["version"]}"'}
    for path, body in (("approve", {"worker_ids": [people[1]]}), ("approve-all", None)):
        answer = planning.west.post(f"/v1/match-plans/{plan['id']}/{path}", json=body, headers=headers)
        assert answer.status_code == 412, answer.text


def test_a_post_that_was_filled_meanwhile_leaves_the_others_approved(
    planning: Planning, visitor: Callable[[str], Visitor]
) -> None:
    planning.people(4, monitored=4)
    first, _ = planning.posts(2, 2)
    number = planning.plan(quotas=[{"group": "monitored", "people": 4}])["id"]
    stranger = planning.world.application(vacancy_id=first)
    made(planning.west.post(f"/v1/applications/{stranger['id']}/start", json={}))
    made(planning.approve(number))
    planning.work()
    plan, lines = planning.read(number), planning.lines(number)
    assert (plan["lines"]["approved"], plan["lines"]["no_seat"]) == (3, 1)
    left = next(line for line in lines.values() if line["state"]["code"] == "no_seat")
    assert left["vacancy"]["id"] == first
    assert "没有空余名额" in left["reasons"][0]["sentence"]
    assert planning.west.get(f"/v1/dispatches/{plan['dispatch_id']}").json()["members"] == 3
    # What it comes to is that of the three.
    there = planning.posts_of(number)
    standing = [line for line in lines.values() if line["state"]["code"] == "approved"]
    expected = sum(line["p_hire"] * line["p_stay_180"] for line in standing)
    assert plan["placed"] == plan["plan"]["placed"] == 3
    assert plan["plan"]["stable"] == pytest.approx(expected, abs=0.001)
    assert plan["plan"]["starts"] == pytest.approx(sum(line["p_hire"] for line in standing), abs=0.001)
    assert plan["total"] == pytest.approx(sum(line["score"] for line in standing), abs=1e-5)
    assert plan["gap"] is None
    assert (plan["first_come"], "1人没有名额了" in plan["not_comparable"]) == (None, True)
    assert sum(post["stable"] for post in there.values()) == pytest.approx(expected, abs=0.001)
    assert (there[first]["seats"], there[first]["filled"], plan["seats"]) == (1, 1, 3)
    assert there[first]["seat_worth"] >= left["score"]
    [quota] = plan["quotas"]
    assert (quota["asked"], quota["reached"], plan["plan"]["groups"]["monitored"]) == (4, 3, 3)
    page = visitor("zhenba").get(f"/match-plans/{number}")
    assert "另编一个方案" in page
    assert "没有更好的安排" not in page


def test_who_has_work_by_now_or_may_not_go_is_told(planning: Planning) -> None:
    works, lost, fine = planning.people(3)
    [post] = planning.posts(3)
    number = planning.plan()["id"]
    elsewhere = planning.world.application(worker_id=works)
    made(planning.west.post(f"/v1/applications/{elsewhere['id']}/start", json={}))
    path = f"/v1/workers/{lost}"
    version = {"If-Match": planning.west.get(path).headers["ETag"]}
    made(planning.west.patch(path, json={"labour_capability": "none"}, headers=version))
    found = made(planning.approve(number, works, lost, fine))
    assert (found["approved"], set(found["ineligible"])) == (1, {works, lost})
    lines = planning.lines(number)
    assert "已经有工作" in lines[works]["reasons"][0]["sentence"]
    assert lines[fine]["application_id"] is not None
    assert lines[fine]["vacancy"]["id"] == post


def test_somebody_who_was_put_forward_before_goes_on_with_that(planning: Planning) -> None:
    [person], [post] = planning.people(1), planning.posts(1)
    standing = planning.world.application(worker_id=person, vacancy_id=post)
    number = planning.plan(vacancy_ids=[post])["id"]
    made(planning.approve(number, person))
    assert planning.lines(number)[person]["application_id"] == standing["id"]


def test_seats_that_one_plan_promised_are_not_promised_by_another(planning: Planning) -> None:
    first, second = planning.people(2)
    [post] = planning.posts(1)
    plans = [planning.plan(worker_ids=[each])["id"] for each in (first, second)]
    assert made(planning.approve(plans[0], first))["approved"] == 1
    assert made(planning.approve(plans[1], second))["no_seat"] == [second]
    # Nor is it offered to a third, and who is approved is planned no more.
    answer = planning.west.post("/v1/match-plans", json={"departs_on": "2021-09-25"})
    assert answer.json()["errors"][0]["field"] == "vacancy_ids"
    told = made(planning.west.post("/v1/match-plans/preview", json={"departs_on": "2021-09-25"}))
    assert told["people"] == 1
    assert len(told["left_out"]) == 2
    assert post


def test_who_is_approved_again_after_a_withdrawal_stands_on_one_list(planning: Planning) -> None:
    person, stays = planning.people(2)
    posts = [*planning.posts(2), *planning.posts(1)]
    plans: list[int] = []
    # Withdrawn, she is sent to the same post by a second plan, then to another by a third.
    for post, others in ((posts[0], [stays]), (posts[0], []), (posts[1], [])):
        for number in plans[-1:]:
            application = planning.lines(number)[person]["application_id"]
            told = {"reason": "mistaken"}
            made(planning.west.post(f"/v1/applications/{application}/withdraw", json=told))
        plans.append(planning.plan(vacancy_ids=[post], worker_ids=[person, *others])["id"])
        assert made(planning.approve(plans[-1], person, *others))["ineligible"] == []

    def listed(number: int) -> set[int]:
        batch = planning.read(number)["dispatch_id"]
        members = made(planning.west.get(f"/v1/dispatches/{batch}/members"))["items"]
        return {each["worker"]["id"] for each in members}

    assert [listed(number) for number in plans] == [{stays}, set(), {person}]


def test_people_who_go_together_are_approved_together(
    planning: Planning, visitor: Callable[[str], Visitor]
) -> None:
    one, other, alone = planning.people(3)
    planning.together(one, other)
    planning.posts(3)
    number = planning.plan()["id"]
    answer = planning.approve(number, one, alone)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/party-split")
    assert "一起选上" in answer.json()["detail"]
    assert planning.west.get(f"/v1/workers/{other}").json()["name"] not in answer.text
    assert planning.read(number)["lines"]["proposed"] == 3
    # On the page ticking one takes both, and says so.
    page = visitor("zhenba")
    assert f'data-with="{other}"' in page.get(f"/match-plans/{number}")
    version = planning.read(number)["version"]
    after = page.done(f"/match-plans/{number}/approve", worker=one, version=version)
    assert "同行的人也一起批准了" in after
    assert planning.read(number)["lines"]["approved"] == 2
    assert made(planning.approve(number, alone))["approved"] == 1


@pytest.mark.parametrize("hindrance", ["seat", "rule", "work"])
def test_where_one_can_not_go_the_other_does_not(planning: Planning, hindrance: str) -> None:
    one, other, alone = planning.people(3)
    planning.together(one, other)
    [post] = planning.posts(3)
    number = planning.plan()["id"]
    if hindrance == "seat":
        # One seat of the three is left for the two: the third was there before.
        for _ in range(2):
            stranger = planning.world.application(vacancy_id=post)
            made(planning.west.post(f"/v1/applications/{stranger['id']}/start", json={}))
    elif hindrance == "work":
        elsewhere = planning.world.application(worker_id=other)
        made(planning.west.post(f"/v1/applications/{elsewhere['id']}/start", json={}))
    else:
        path = f"/v1/workers/{other}"
        version = {"If-Match": planning.west.get(path).headers["ETag"]}
        made(planning.west.patch(path, json={"labour_capability": "none"}, headers=version))
    made(planning.approve(number))
    planning.work()
    lines = planning.lines(number)
    assert lines[alone]["state"]["code"] == "approved"
    assert lines[one]["state"]["code"] == "no_seat"
    assert lines[other]["state"]["code"] == ("no_seat" if hindrance == "seat" else "ineligible")
    assert "同行的人" in lines[one]["reasons"][0]["sentence"]
    asked = made(planning.west.get("/v1/applications"))["items"]
    assert one not in {each["worker_id"] for each in asked}
    assert lines[one]["application_id"] is None


def test_a_batch_does_not_cut_a_party(planning: Planning, monkeypatch: pytest.MonkeyPatch) -> None:
    first, one, other, last = planning.people(4)
    planning.together(one, other)
    planning.together(first, last)
    planning.posts(4)
    number = planning.plan()["id"]
    monkeypatch.setattr(approving, "AT_ONCE", 1)
    path = f"/v1/workers/{last}"
    version = {"If-Match": planning.west.get(path).headers["ETag"]}
    made(planning.west.patch(path, json={"labour_capability": "none"}, headers=version))
    made(planning.approve(number))
    planning.work()
    states = {worker: line["state"]["code"] for worker, line in planning.lines(number).items()}
    assert states == {first: "no_seat", one: "approved", other: "approved", last: "ineligible"}


@pytest.fixture
def committed(clone: Callable[[str], Any], keyring: Keyring, settings: Settings) -> Iterator[FastAPI]:
    """A service whose transactions commit."""
    engine = create_engine(clone("approving").service, pool_size=12)
    yield create_app(settings, sessions=audited(sessions_of(engine), keyring), keyring=keyring)
    engine.dispose()


def test_approvals_at_once_promise_no_seat_and_send_nobody_twice(committed: FastAPI) -> None:
    west, east = (client_of(committed, committed.state.sessions, who) for who in ("zhenba", "tongzhou"))

    def work() -> int:
        return work_off(committed.state.sessions, committed.state.keyring, committed.state.settings)

    planning = Planning(World(west, east), work, lambda _: Session())
    people, (post,) = planning.people(6), planning.posts(2)
    plans = [planning.plan(worker_ids=people[at : at + 2])["id"] for at in (0, 2, 4)]

    def approve(number: int, some: list[int]) -> dict[str, Any]:
        client = TestClient(committed, headers={"Authorization": f"Bearer {_token(committed)}"})
        path = f"/v1/match-plans/{number}"
        version = client.get(path).headers["ETag"]
        return made(client.post(f"{path}/approve", json={"worker_ids": some}, headers={"If-Match": version}))

    with ThreadPoolExecutor(3) as threads:
        found = list(threads.map(approve, plans, [people[at : at + 2] for at in (0, 2, 4)]))
    assert sum(each["approved"] for each in found) == 2
    assert sum(len(each["no_seat"]) for each in found) == 4
    applications = made(west.get("/v1/applications"))["items"]
    assert [each["vacancy_id"] for each in applications] == [post, post]
    # Nor does one person go to two posts, whoever is first.
    [person], posts = planning.people(1), planning.posts(1, 1, 1)
    plans = [planning.plan(worker_ids=[person], vacancy_ids=[each])["id"] for each in posts]
    with ThreadPoolExecutor(3) as threads:
        found = list(threads.map(approve, plans, [[person]] * 3))
    assert sorted(each["approved"] for each in found) == [0, 0, 1]
    assert [each["ineligible"] for each in found].count([person]) == 2


def _token(app: FastAPI) -> str:
    with app.state.sessions() as session, session.begin():
        account_id = account_by_username(session, "zhenba")
        assert account_id is not None
        act_as(session, account_id)
        return issue_token(session, account_id, TokenKind.BEARER)


def test_what_is_approved_is_what_was_read_not_whatever_stands_there(planning: Planning) -> None:
    [person] = planning.people(1)
    planning.posts(1)
    path = f"/v1/match-plans/{planning.plan()['id']}"
    for step, body in (("approve", {"worker_ids": [person]}), ("approve-all", None)):
        answer = planning.west.post(f"{path}/{step}", json=body, headers={"If-Match": "*"})
        assert (answer.status_code, answer.json()["type"]) == (428, "/problems/version-required")
    assert planning.west.get(path).json()["lines"]["proposed"] == 1
