"""What a plan's prices are told as, and how they order one person's list."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from api.match_plans.prices import prices_for
from api.match_plans.words import quota_words, seat_words
from models.match_plan import MatchPlanPost, Objective
from models.worker import Worker

from .conftest import Visitor, World, made
from .planned import LEAVES, Planning


@pytest.fixture
def planning(world: World, work: Callable[[], int], session_as: Callable[[str], Session]) -> Planning:
    return Planning(world, work, session_as)


def test_prices_are_told_in_the_unit_of_the_objective() -> None:
    assert seat_words(Objective.STABLE, 0.42) == "再多1个名额，预计多0.4人干满半年"
    assert seat_words(Objective.STABLE, 0.042) == "再多1个名额，预计多0.04人干满半年"
    assert seat_words(Objective.SURPLUS, 312.4) == "再多1个名额，预计大家每月合计多得约312元"
    assert seat_words(Objective.STABLE, 0.0) == "再多名额也没有更合适的人"
    told = quota_words(Objective.STABLE, met=True, most=None, one_more=0.2, whole=1.25)
    assert told == "为了这条要求，预计少1.2人干满半年；再多要求1人，预计少0.2人干满半年"
    told = quota_words(Objective.STABLE, met=False, most=3, one_more=None, whole=3.0)
    assert told == "达不到，最多只能安排3人"
    assert quota_words(Objective.STABLE, met=True, most=None, one_more=0.0, whole=0.0).startswith("没有代价")


def test_who_comes_by_leaves_the_seats_to_those_for_whom_they_are(
    planning: Planning, visitor: Callable[[str], Visitor]
) -> None:
    planning.people(4)
    dear, cheap = planning.posts(1, 6)
    number = planning.plan(objective="surplus")["id"]
    caller = planning.people(1)[0]
    path = f"/v1/workers/{caller}/matches"
    # A draft says nothing to others.
    assert made(planning.west.get(path))["net_of"] is None
    made(planning.approve(number))
    planning.work()
    plain = made(planning.west.get(path, params={"net": False}))
    assert plain["net_of"] is None
    [best, other] = [item["vacancy"]["id"] for item in plain["items"]]
    assert {best, other} == {dear, cheap}
    gap = plain["items"][0]["score"] - plain["items"][1]["score"]
    session = planning.session_as("zhenba")
    post = session.exec(
        select(MatchPlanPost).where(MatchPlanPost.plan_id == number, MatchPlanPost.vacancy_id == best)
    ).one()
    post.price = gap + 1.0
    session.add(post)
    session.commit()
    net = made(planning.west.get(path))
    assert net["net_of"] == number
    assert [item["vacancy"]["id"] for item in net["items"]] == [other, best]
    assert net["items"][1]["score"] == pytest.approx(plain["items"][0]["score"])
    page = visitor("zhenba").get(f"/workers/{caller}")
    assert "有的岗位名额留给了方案里更合适的人" in page
    assert "?net=false" in page
    # A post that the plan does not have keeps its place: the two change theirs around it.
    [between] = planning.posts(1)
    bare = made(planning.west.get(path, params={"net": False}))["items"]
    at = [item["vacancy"]["id"] for item in bare].index(between)
    net = [item["vacancy"]["id"] for item in made(planning.west.get(path))["items"]]
    assert net.index(between) == at
    assert [each for each in net if each != between] == [other, best]
    person = session.get_one(Worker, caller)
    assert prices_for(session, person, date.fromisoformat(LEAVES)) is not None
    assert prices_for(session, person, date.fromisoformat(LEAVES) + timedelta(days=1)) is None


def test_a_plan_by_which_nobody_goes_changes_no_order(planning: Planning) -> None:
    works = planning.people(1)[0]
    planning.posts(1)
    number = planning.plan()["id"]
    elsewhere = planning.world.application(worker_id=works)
    made(planning.west.post(f"/v1/applications/{elsewhere['id']}/start", json={}))
    made(planning.approve(number, works))
    assert planning.read(number)["state"]["code"] == "approved"
    visitor = planning.people(1)[0]
    assert made(planning.west.get(f"/v1/workers/{visitor}/matches"))["net_of"] is None
