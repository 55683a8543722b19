"""What a plan's prices are told as, and how they order one person's list."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from api.match_plans.words import quota_words, seat_words
from models.match_plan import MatchPlanPost, Objective

from .conftest import World, made
from .planned import Planning


@pytest.fixture
def planning(world: World, work: Callable[[], int], session_as: Callable[[str], Session]) -> Planning:
    return Planning(world, work, session_as)


def test_prices_are_told_in_the_unit_of_the_objective() -> None:
    assert seat_words(Objective.STABLE, 0.42) == "再多1个名额，预计多0.4人干满半年"
    assert seat_words(Objective.STABLE, 0.042) == "再多1个名额，预计多0.04人干满半年"
    assert seat_words(Objective.SURPLUS, 312.4) == "再多1个名额，预计大家每月合计多得约312元"
    assert seat_words(Objective.STABLE, 0.0) == "再多名额也没有更合适的人"
    told = quota_words(Objective.STABLE, met=True, one_more=0.2, whole=1.25)
    assert told == "为了这条要求，预计少1.2人干满半年；再多要求1人，预计少0.2人干满半年"
    assert "达不到" in quota_words(Objective.STABLE, met=False, one_more=None, whole=3.0)
    assert quota_words(Objective.STABLE, met=True, one_more=0.0, whole=0.0).startswith("没有代价")


def test_who_comes_by_leaves_the_seats_to_those_for_whom_they_are(planning: Planning) -> None:
    planning.people(4)
    dear, cheap = planning.posts(1, 6)
    number = planning.plan(objective="surplus")["id"]
    visitor = planning.people(1)[0]
    path = f"/v1/workers/{visitor}/matches"
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
    # A plan that is given up says nothing any more.
    made(planning.west.post(f"/v1/match-plans/{number}/discard"))
    assert made(planning.west.get(path))["net_of"] is None
