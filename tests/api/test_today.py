"""今天要办的: each role sees what waits for it, and every number is the length of the list behind it."""

import html
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from models.spell import EmploymentSpell, SpellKind

from .claiming import Claimants
from .conftest import Bodies, World, made
from .ladder_commands import Ladder

TODAY = date(2021, 9, 20)
_ROW = re.compile(r'<a href="([^"]+)"><b>(\d+)</b><span>([^<]+)</span><small>([^<]*)</small>')
_TOTAL = re.compile(r"共(\d+)[人件条个对家]")


def todo(desk: Any) -> dict[str, tuple[int, str, str]]:
    """By words the number, why, and where it leads."""
    found = _ROW.findall(desk.client.get("/today", headers={"HX-Request": "true"}).text)
    return {
        words: (int(number), why, html.unescape(href))
        for href, number, words, why in ([html.unescape(each) for each in row] for row in found)
    }


def lengths(desk: Any) -> dict[str, int]:
    """Of everything that waits the length of the list to which it leads, which must be the number told."""
    told = todo(desk)
    for words, (number, _, href) in told.items():
        listed = _TOTAL.findall(desk.get(href))
        assert listed[:1] == [str(number)], (words, number, href, listed)
    return {words: number for words, (number, _, _) in told.items()}


@pytest.fixture
def county(world: World, people: Claimants, session_as: Callable[[str], Session]) -> dict[str, int]:
    """One of each: due calls, leavers, whom the sides see differently, public posts, claims, posts."""
    session = session_as("zhenba")

    def spell(days: int, left: int | None = None) -> int:
        worker = int(world.worker()["id"])
        began = TODAY - timedelta(days=days)
        gone = TODAY - timedelta(days=left) if left is not None else None
        row = EmploymentSpell(
            worker_id=worker, kind=SpellKind.FLEXIBLE, region="320612", started_on=began, ended_on=gone,
            observed_until=gone or began, origin_region="610728001",
        )  # fmt: skip
        session.add(row)
        session.commit()
        return row.identity

    at_work = [spell(10), spell(2)]
    spell(50, left=1), spell(50, left=9)
    made(
        world.east.post(f"/v1/spells/{at_work[0]}/confirm", json={"found": "not_at_work", "means": "on_site"})
    )
    ladder = Ladder(world.west, people)
    for began in ("2018-09-30", "2018-11-05", "2017-01-01"):
        ladder.served(began)
    waits, noticed, approved = (people.worker() for _ in range(3))
    people.claimed(waits)
    people.noticed(people.claimed(noticed))
    people.approved(people.claimed(approved))
    people.worker()
    return {"spell": at_work[0]}


def test_the_county_sees_what_waits_for_it(county: dict[str, int], visitor: Callable[[str], Any]) -> None:
    found = lengths(visitor("zhenba"))
    assert found.pop("对疑似重复") > 0, "they all have one name"
    assert found == {
        "人该打随访电话": 2,
        "人离岗还没推荐新岗位": 6,
        "人公益性岗位期满未退出": 1,
        "人公益性岗位即将期满": 2,
        "人核实结果不一致": 1,
        "人可领“外出务工交通补助（测试数据，不是真实政策）”": 1,
        "人可领“稳岗补助（测试数据，不是真实政策）”": 4,
        "条申领等村级核查": 1,
        "条申领公示期满、等审批": 1,
        "条申领已审批、等发放": 1,
    }


def test_the_numbers_in_the_small_print_are_lists_too(
    county: dict[str, int], visitor: Callable[[str], Any]
) -> None:
    desk = visitor("zhenba")
    told = todo(desk)
    assert told["人该打随访电话"][1].startswith("其中过期1人")
    assert _TOTAL.findall(desk.get("/follow-ups?whose=overdue"))[0] == "1"
    assert told["人离岗还没推荐新岗位"][1] == "应在两天内推荐，其中5人已超过"
    assert _TOTAL.findall(desk.get("/follow-ups/leavers?only=late"))[0] == "5"
    assert told["人公益性岗位即将期满"][1] == "其中1人在30天以内"
    assert _TOTAL.findall(desk.get("/public-posts?within=30"))[0] == "1"


def test_a_township_has_its_own_and_no_step_that_is_the_county_s(
    county: dict[str, int], visitor: Callable[[str], Any]
) -> None:
    found = lengths(visitor("jingyang"))
    assert found["人该打随访电话"] == 2 and found["条申领等村级核查"] == 1
    assert not {"条申领公示期满、等审批", "条申领已审批、等发放", "个文件等您确认"} & found.keys()


def test_the_place_of_work_and_its_station_are_to_look_and_see_nothing_of_the_ledger(
    county: dict[str, int],
    world: World,
    people: Claimants,
    visitor: Callable[[str], Any],
    clerk: Callable[[str], TestClient],
) -> None:
    ladder = Ladder(world.west, people)
    station, employer = ladder.station(), ladder.visited()
    made(world.west.post(f"/v1/stations/{station}/staff", json={"username": "station"}))
    path = f"/v1/stations/{station}/visits"
    made(clerk("station").post(path, json={"employer_id": employer, "found": "wages"}))
    east, here = lengths(visitor("tongzhou")), lengths(visitor("station"))
    assert east == {"人要核实是否在岗": 1}
    assert here == {"人要核实是否在岗": 1, "家单位上次走访有问题": 1}
    made(clerk("station").post(path, json={"employer_id": employer, "found": "in_order"}))
    people.spell(
        people.worker(),
        started="2021-09-01",
        ended=None,
        region="320612",
        employer_id=int(people.employer(name="通州另一家厂", region="320612")),
        kind="market",
    )
    assert lengths(visitor("station"))["家单位该走访了"] == 1


def test_who_may_only_look_has_nothing_to_do(county: dict[str, int], visitor: Callable[[str], Any]) -> None:
    auditor = visitor("auditor")
    assert todo(auditor) == {} and "今天没有要办的" in auditor.get("/today")
    assert 'hx-get="/today"' in auditor.get("/")


def test_files_posts_and_applications_that_wait(
    world: World, visitor: Callable[[str], Any], work: Callable[[], int]
) -> None:
    world.application()
    employer = made(world.east.post("/v1/employers", json=Bodies().employer(name="另一家")))["id"]
    made(world.east.post("/v1/vacancies", json=Bodies().vacancy(employer, pay_min=None, pay_max=None)))
    east = visitor("tongzhou")
    assert lengths(east) == {"条推荐等单位答复": 1, "个岗位待补全": 1}
    file = ("名册.csv", "姓名,证件号码,在哪家厂\n测一,,测试厂\n".encode(), "text/csv")
    west = visitor("zhenba")
    answer = west.client.post(
        "/imports",
        data={"form_token": west.token, "as_of": "2021-09-20", "kept_by": "610728"},
        files={"files": file},
    )
    assert answer.status_code == 303, answer.text
    work()
    assert lengths(west)["个文件等您确认"] == 1
