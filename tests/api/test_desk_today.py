"""今天: the most urgent first, alerts, and posts that are refreshed in one press."""

import html
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from api.pages.todo import Urgency
from models.spell import EmploymentSpell, SpellKind
from models.vacancy import Vacancy
from outcomes.leavers import counted, leavers

from .conftest import Visitor, World, made

TODAY = date(2021, 9, 20)
_HEAD = re.compile(r'<h3 class="todo-head (\w+)">([^<]+)</h3>')


def words(page: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", page))


@pytest.fixture
def gone(world: World, session_as: Callable[[str], Session]) -> Callable[..., int]:
    """Somebody who left so many days ago, or is still there."""
    session = session_as("zhenba")

    def leave(days: int | None, **told: Any) -> int:
        worker = int(world.worker(**told)["id"])
        left = TODAY - timedelta(days=days) if days is not None else None
        began = TODAY - timedelta(days=70)
        session.add(
            EmploymentSpell(
                worker_id=worker, kind=SpellKind.FLEXIBLE, region="320612", started_on=began,
                ended_on=left, observed_until=left or began, origin_region="610728001",
            )
        )  # fmt: skip
        session.commit()
        return worker

    return leave


def test_leavers_are_counted_in_the_database_as_the_list_tells_them(
    gone: Callable[..., int], world: World, west: TestClient, session_as: Callable[[str], Session]
) -> None:
    monitored, cleared = (
        world.household(hardship=[{"category": "marginal", "from_on": "2020-06-01", **more}])["id"]
        for more in ({}, {"risk_cleared_on": "2021-01-01"})
    )
    at_risk = gone(9, household_id=monitored)
    gone(9, household_id=cleared)
    gone(1)
    home = gone(None)
    told = {"means": "phone", "found": "left", "left_on": "2021-09-15", "returned_home": True}
    made(west.post(f"/v1/workers/{home}/contacts", json=told | {"leave_reason": "family"}))
    offered = gone(9)
    made(west.post("/v1/applications", json={"worker_id": offered, "vacancy_id": int(world.vacancy()["id"])}))
    session = session_as("zhenba")
    listed = leavers(session, "", TODAY)
    found = counted(listed, TODAY)
    assert found.waiting == sum(not each.offered for each in listed) > 0
    assert found.late == sum(each.late(TODAY) for each in listed) > 0
    assert found.returned == sum(each.returned for each in listed) == 1
    assert [each.worker_id for each in listed if each.at_risk] == [at_risk] and found.at_risk == 1
    assert not leavers(session, "320612", TODAY)


def test_what_is_urgent_stands_first_and_leads_to_a_list_of_as_many(
    gone: Callable[..., int], world: World, visitor: Callable[[str], Visitor]
) -> None:
    household = world.household()["id"]
    gone(1, household_id=household)
    world.application()
    desk = visitor("zhenba")
    page = desk.get("/today")
    heads = [head for head, _ in _HEAD.findall(page)]
    order = [each.value for each in Urgency]
    assert heads == [each for each in order if each in heads] and heads[0] == "now"
    assert "1人离岗，有返贫风险监测对象户" in words(page)
    assert page.index("人离岗，有返贫风险") < page.index("人离岗还没推荐新岗位")
    listed = desk.get("/follow-ups/leavers?only=at_risk")
    assert "有<b>1</b>人" in listed and "返贫风险" in listed
    assert "返乡回流" not in words(page), "nobody has"


def test_a_day_without_anything_says_so_and_what_would_stand_there(visitor: Callable[[str], Visitor]) -> None:
    page = words(visitor("auditor").get("/today"))
    assert "今天没有要办的" in page and "到期的电话" in page
    assert "还招人吗" not in page


def test_a_post_that_ends_is_refreshed_in_one_press(
    world: World, visitor: Callable[[str], Visitor], session_as: Callable[[str], Session]
) -> None:
    post = int(world.vacancy(title="快到期的岗位", valid_until="2021-09-21")["id"])
    world.vacancy(title="还早的岗位", valid_until="2021-12-31")
    east = visitor("tongzhou")
    page = east.get("/today")
    assert "1个岗位要问还招不招人" in words(page)
    assert "快到期的岗位" in page and "还早的岗位" not in page
    assert "共1个岗位要问单位还招不招人" in east.get("/vacancies")
    press = re.search(r'name="ids" value="(\d+)">.*?name="valid_until" value="([^"]+)"', page)
    assert press is not None and int(press[1]) == post
    answer = east.post("/vacancies/refresh", ids=post, valid_until=press[2], back="home")
    assert answer.headers["location"] == "/?done=refreshed_many"
    session = session_as("tongzhou")
    row = session.get(Vacancy, post)
    assert row is not None and row.refreshed_on == TODAY
    # Another bureau's posts are not asked of me, and who may not write posts is not asked at all.
    assert "快到期的岗位" not in visitor("zhenba").get("/today")
