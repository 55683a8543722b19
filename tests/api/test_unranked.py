"""不要推荐排序: no score is computed or kept of who does not want one; and a human looks when somebody asks."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, select
from starlette.testclient import TestClient

from matching.rankers import PriorRanker
from models.match_plan import MatchPlanPerson
from models.ranking import RankingItem

from .conftest import World, made
from .test_consents import problem, say

SessionAs = Callable[[str], Session]
SCORES = ("score", "p_hire", "p_stay_90", "p_stay_180")


def unscored(items: Any) -> bool:
    return all(each[name] is None for each in items for name in SCORES) and not any(
        each["reasons"] for each in items
    )


def test_nothing_is_scored_for_who_does_not_want_it(
    world: World, west: TestClient, session_as: SessionAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = world.worker()["id"]
    world.vacancy()
    made(say(west, worker, "ranking", no=True))

    def refuse(*_: Any) -> Any:
        raise AssertionError("a score was computed")

    for name in ("score", "outlook", "contributions"):
        monkeypatch.setattr(PriorRanker, name, refuse)
    found = made(west.get(f"/v1/workers/{worker}/matches"))
    assert found["switched_off"] and found["ranker"] is None and found["items"]
    assert unscored(found["items"])
    kept = session_as("zhenba").exec(select(RankingItem)).all()
    assert kept and all(getattr(row, name) is None for row in kept for name in SCORES)
    assert all(row.reasons == [] for row in kept)


def test_behind_the_ranked_people_of_a_post_stand_those_who_want_no_score(
    world: World, west: TestClient
) -> None:
    people = [world.worker()["id"] for _ in range(3)]
    post = world.vacancy()["id"]
    made(say(west, people[0], "ranking", no=True))
    items = made(west.get(f"/v1/vacancies/{post}/matches"))["items"]
    assert [item["rank"] for item in items] == [1, 2, 3]
    assert items[-1]["worker"]["id"] == people[0] and unscored(items[-1:])
    assert all(item["score"] is not None for item in items[:2])
    made(say(west, people[0], "ranking"))
    items = made(west.get(f"/v1/vacancies/{post}/matches"))["items"]
    assert all(item["score"] is not None for item in items)


def test_a_plan_leaves_them_to_a_human_and_forgets_what_it_thought(
    world: World, west: TestClient, session_as: SessionAs, work: Callable[[], int]
) -> None:
    first, second, stays = (world.worker()["id"] for _ in range(3))
    world.vacancy(seats=5)
    made(say(west, first, "ranking", no=True))
    plan = made(west.post("/v1/match-plans", json={"departs_on": "2021-09-25"}))["id"]
    work()
    session = session_as("zhenba")

    def lines() -> dict[int, MatchPlanPerson]:
        session.expire_all()
        return {row.worker_id: row for row in session.exec(select(MatchPlanPerson))}

    assert set(lines()) == {second, stays}, "who wants no score is not in the plan"
    told = made(west.post("/v1/match-plans/preview", json={"departs_on": "2021-09-25"}))
    assert "有1人不要推荐排序" in str(told["left_out"])
    assert lines()[second].score is not None
    # Of a draft the switch forgets what is there, and who used it falls out of the plan.
    made(say(west, second, "ranking", no=True))
    row = lines()[second]
    assert [getattr(row, name) for name in SCORES] == [None] * 4 and row.reasons == []
    keep = {"items": [{"kind": "keep_out", "worker_id": stays}]}
    made(west.post(f"/v1/match-plans/{plan}/decisions", json=keep))
    row = lines()[second]
    assert row.vacancy_id is None and [getattr(row, name) for name in SCORES] == [None] * 4
    assert row.reasons[0]["sentence"] == "本人不要推荐排序，由工作人员直接推荐，这里不再安排"


def test_who_left_is_put_forward_by_a_human(world: World, west: TestClient, work: Callable[[], int]) -> None:
    spell = world.spell()
    world.vacancy(title="包装工")
    made(say(west, spell["worker_id"], "ranking", no=True))
    end = {"ended_on": "2021-09-20", "leave_reason": "pay"}
    made(west.post(f"/v1/spells/{spell['id']}/end", json=end))
    made(west.post("/v1/leavers/propose", json={"region": "610728"}))
    work()
    applications = made(west.get("/v1/applications", params={"worker_id": spell["worker_id"]}))["items"]
    assert [item["state"]["code"] for item in applications] == ["started"]


def test_a_human_looks_by_a_day_and_answers_in_words(
    world: World, west: TestClient, clerk: Callable[[str], TestClient], session_as: SessionAs, on: Any
) -> None:
    worker = world.worker()["id"]
    path = f"/v1/workers/{worker}/review-requests"
    asked = made(west.post(path, json={"about": "ranking", "wish": "为什么没有离家近的"}))
    assert (asked["asked_on"], asked["due_on"]) == ("2021-09-20", "2021-10-05")
    assert made(clerk("yangxian").get("/v1/review-requests"))["items"] == []
    assert clerk("yangxian").get(f"/v1/review-requests/{asked['id']}").status_code == 404
    on("2021-10-08")
    [waits] = made(west.get("/v1/review-requests"))["items"]
    assert waits["overdue_days"] == 3
    given = {"outcome": "changed", "answer": "意愿地区登记错了，已更正"}
    assert clerk("auditor").post(f"/v1/review-requests/{asked['id']}/answer", json=given).status_code == 403
    made(west.post(f"/v1/review-requests/{asked['id']}/answer", json=given))
    problem(west.post(f"/v1/review-requests/{asked['id']}/answer", json=given), 409, "already-answered")
    assert made(west.get("/v1/review-requests"))["items"] == []
    [told] = west.get(path).json()
    assert (told["answer"], told["outcome"]["label"], told["answered_by"]) == (
        given["answer"],
        "已经改正",
        "zhenba",
    )
    # What was said goes with the person's key.
    stored = session_as("zhenba").connection().execute(text("SELECT * FROM review_request")).one()
    assert "离家" not in str(stored) and "登记错" not in str(stored)


def test_a_clerk_finds_it_among_what_waits(world: World, visitor: Callable[[str], Any]) -> None:
    worker = world.worker()["id"]
    desk = visitor("zhenba")
    assert "人工复核等您答复" not in desk.get("/today")
    told = {"about": "plan", "wish": "请人来看方案", "speaker": "self"}
    assert "会按期答复" in desk.done(f"/workers/{worker}/reviews", **told)
    assert "件人工复核等您答复" in desk.get("/today")
    page = desk.get("/reviews")
    assert "请人来看方案" in page
    number = page.split("/reviews/")[1].split("/")[0]
    refused = desk.post(f"/reviews/{number}/answer", outcome="kept")
    assert refused.status_code == 422
    assert "没有等待答复的" in desk.done(f"/reviews/{number}/answer", outcome="kept", answer="已经看过方案")
    assert "已经看过方案" in desk.get(f"/workers/{worker}/rights")


def test_the_switch_holds_until_the_day_that_was_agreed(world: World, west: TestClient, on: Any) -> None:
    worker = world.worker()["id"]
    world.vacancy()
    made(say(west, worker, "ranking", until="2021-09-21"))
    assert not made(west.get(f"/v1/workers/{worker}/matches"))["switched_off"]
    on(str(date(2021, 9, 22)))
    assert made(west.get(f"/v1/workers/{worker}/matches"))["switched_off"]
