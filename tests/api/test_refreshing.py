"""Posts that nobody has refreshed or that have ended: not offered anywhere, shown to their keeper, one press to mend."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from api.offering import Standing, on_offer, standings_of, wants_refreshing
from api.routes.bureau.vacancies import occupation_name
from ledger.vacancies import lint, relint
from matching.market import load_vacancies
from models.taxonomy import Occupation
from models.vacancy import Vacancy

TODAY = date(2021, 9, 20)


def made(answer: Any) -> Any:
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


@pytest.fixture
def posts(world: Any, session_as: Callable[[str], Session]) -> dict[str, int]:
    """One post in each standing, told apart by its title."""
    days = {
        "新": (0, 60),
        "刷新满90天": (90, 60),
        "久未刷新": (91, 60),
        "快要久未刷新": (80, 60),
        "已过期": (10, -1),
        "今天到期": (10, 0),
        "快过期": (10, 13),
        "不急": (10, 14),
    }
    numbers = {}
    connection = session_as("tongzhou").connection()
    for title, (refreshed, valid) in days.items():
        numbers[title] = world.vacancy(title=title)["id"]
        connection.execute(
            text(
                "UPDATE vacancy SET refreshed_on = :on, valid_until = :until, valid_from = '2021-01-01' WHERE id = :id"
            ),
            {
                "on": TODAY - timedelta(days=refreshed),
                "until": TODAY + timedelta(days=valid),
                "id": numbers[title],
            },
        )
    return numbers


def test_one_definition_of_being_on_offer(
    posts: dict[str, int], session_as: Callable[[str], Session], west: TestClient
) -> None:
    session = session_as("zhenba")
    for days in (90, 30):
        offered = set(session.exec(select(Vacancy.id).where(on_offer(TODAY, days))).all()) & set(
            posts.values()
        )
        market = set(load_vacancies(session, TODAY, refreshed_within_days=days).id) & set(posts.values())
        assert offered == market, days
    off = {posts["久未刷新"], posts["已过期"]}
    assert off == set(posts.values()) - {
        item["id"] for item in made(west.get("/v1/vacancies?offered=true&limit=200"))["items"]
    }
    told = standings_of(session, TODAY, list(posts.values()))
    assert told[posts["久未刷新"]] is Standing.UNREFRESHED
    assert told[posts["刷新满90天"]] is Standing.ON_OFFER


def test_what_the_keeper_has_to_ask_about(
    posts: dict[str, int], session_as: Callable[[str], Session], east: TestClient, west: TestClient
) -> None:
    wanting = {title for title, number in posts.items() if title not in ("新", "不急")}
    found = session_as("zhenba").exec(select(col(Vacancy.title)).where(wants_refreshing(TODAY))).all()
    assert set(found) & set(posts) == wanting
    mine = made(east.get("/v1/vacancies?wants_refresh=true&kept_by_me=true&limit=200"))["items"]
    assert {item["title"] for item in mine} == wanting
    assert made(west.get("/v1/vacancies?wants_refresh=true&kept_by_me=true"))["items"] == []


def test_many_at_once(posts: dict[str, int], east: TestClient, west: TestClient) -> None:
    body = {"ids": [posts["久未刷新"], posts["快过期"], posts["已过期"], 987654321]}
    told = made(east.post("/v1/vacancies/refresh", json=body))
    assert told["refreshed"] == [posts["久未刷新"], posts["快过期"]]
    assert {each["id"]: each["reason"][:4] for each in told["refused"]} == {
        posts["已过期"]: "有效期已",
        987654321: "没有这个",
    }
    ended = made(
        east.post("/v1/vacancies/refresh", json={"ids": [posts["已过期"]], "valid_until": "2021-12-01"})
    )
    assert ended == {"refreshed": [posts["已过期"]], "refused": []}
    again = made(east.get(f"/v1/vacancies/{posts['已过期']}"))
    assert (again["valid_until"], again["refreshed_on"]) == ("2021-12-01", "2021-09-20")
    # The end of one that has not come to it stays its own.
    assert made(east.get(f"/v1/vacancies/{posts['快过期']}"))["valid_until"] == "2021-10-03"
    others = made(west.post("/v1/vacancies/refresh", json={"ids": [posts["新"]]}))
    assert others["refreshed"] == []


def test_one_that_has_ended_is_not_refreshed_by_itself(posts: dict[str, int], east: TestClient) -> None:
    answer = east.post(f"/v1/vacancies/{posts['已过期']}/refresh")
    assert answer.status_code == 409
    assert "有效期" in answer.json()["detail"]


def test_a_post_that_law_closes_to_women_may_ask_for_men(session_as: Callable[[str], Session]) -> None:
    words = "工人", "限男性，负责井下作业。"
    assert [found["phrase"] for found in lint(*words)] == ["限男性"]
    assert lint(*words, "采煤工") == []
    # The national list is what the routes look the occupation's name up in.
    session = session_as("tongzhou")
    [some] = session.exec(select(Occupation).order_by(Occupation.code).limit(1)).all()
    post = Vacancy(title="工人", kept_by="320612", occupation=some.code)
    assert occupation_name(session, post) == some.name
    assert occupation_name(session, Vacancy(title="工人", kept_by="320612")) == ""
    post.text = words[1]
    relint(post, occupation="采煤工")
    assert post.unlawful_demands == []
    relint(post, occupation=some.name)
    assert len(post.unlawful_demands) == 1
