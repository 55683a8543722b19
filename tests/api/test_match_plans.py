"""编制方案 over REST: made by a job, with couples together, seats kept, quotas met; settled anew; approved."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from .conftest import Visitor, World, made
from .planned import LEAVES, Planning


@pytest.fixture
def planning(world: World, work: Callable[[], int], session_as: Callable[[str], Session]) -> Planning:
    return Planning(world, work, session_as)


def placed_at(lines: dict[int, dict[str, Any]]) -> dict[int, int]:
    return {worker: line["vacancy"]["id"] for worker, line in lines.items() if line["vacancy"]}


def test_a_plan_places_people_within_the_seats_and_says_why(planning: Planning) -> None:
    people, posts = planning.people(7, monitored=2), planning.posts(2, 1, 2)
    plan = planning.plan(quotas=[{"group": "monitored", "people": 2}])
    assert plan["state"]["code"] == "draft"
    assert (plan["people"], plan["posts"], plan["seats"]) == (7, 3, 5)
    assert plan["plan"]["placed"] == 5
    assert plan["plan"]["groups"]["monitored"] == 2
    assert plan["plan"]["stable"] >= plan["first_come"]["stable"] - 1e-6
    lines, there = planning.lines(plan["id"]), planning.posts_of(plan["id"])
    assert set(lines) == set(people)
    where = placed_at(lines)
    assert {number: sum(at == number for at in where.values()) for number in posts} == {
        number: there[number]["filled"] for number in posts
    }
    assert all(post["filled"] <= post["seats"] for post in there.values())
    expected = sum(line["p_hire"] * line["p_stay_180"] for line in lines.values() if line["vacancy"])
    assert plan["plan"]["stable"] == pytest.approx(expected, abs=0.001)
    assert sum(post["stable"] for post in there.values()) == pytest.approx(expected, abs=0.01)
    assert all(line["reasons"] for line in lines.values() if line["vacancy"])
    [quota] = plan["quotas"]
    assert (quota["asked"], quota["reached"], quota["met"]) == (2, 2, True)
    assert quota["costs"]
    # Seven want five seats: somebody else would fill one more.
    assert any(post["seat_worth"] > 0 and "再多1个名额" in post["worth"] for post in there.values())


def test_couples_go_together_or_not_at_all(planning: Planning) -> None:
    one, other, *_ = planning.people(5)
    planning.together(one, other)
    planning.posts(1, 1, region="320612"), planning.posts(3, region="320613")
    lines = planning.lines(planning.plan()["id"])
    places = {lines[each]["vacancy"] and lines[each]["vacancy"]["region"]["code"] for each in (one, other)}
    assert len(places) == 1
    assert lines[one]["together"] == [planning.west.get(f"/v1/workers/{other}").json()["name"]]
    apart = planning.plan(together=False)
    assert planning.lines(apart["id"])[one]["together"] == []


def test_a_bus_that_would_go_too_empty_does_not_go_and_a_move_settles_it_anew(planning: Planning) -> None:
    people = planning.people(4)
    far, near = planning.posts(3, region="320612"), planning.posts(2, region="320613")
    plan = planning.plan(buses=[{"place": "320612", "least": 5}])
    [bus] = plan["buses"]
    assert (bus["aboard"], bus["least"], bus["place"]["code"]) == (0, 5, "320612")
    assert "凑不够" in bus["words"]
    where = placed_at(planning.lines(plan["id"]))
    assert set(where.values()) == set(near) and len(where) == 2
    assert {each["code"] for each in plan["unplaced"]} <= {"bus", "full"}
    # One who is put there by hand goes all the same, and the bus is told to be short.
    planning.decide(plan["id"], {"kind": "move", "worker_id": people[0], "vacancy_id": far[0]})
    [bus] = planning.read(plan["id"])["buses"]
    assert bus["aboard"] >= 1 and "还不够" in bus["words"]
    enough = planning.plan(buses=[{"place": "3206", "least": 2}])
    [bus] = enough["buses"]
    assert bus["aboard"] >= 2 or bus["aboard"] == 0
    page = planning.west.get(f"/v1/match-plans/{enough['id']}").json()
    assert page["choice"]["buses"][0]["least"] == 2


def test_posts_known_to_the_city_alone_are_no_common_place(planning: Planning) -> None:
    one, other = planning.people(2)
    planning.together(one, other)
    planning.posts(1, region="3202"), planning.posts(1, region="4419")
    assert placed_at(planning.lines(planning.plan()["id"])) == {}
    planning.posts(2, region="3202")
    assert len(placed_at(planning.lines(planning.plan()["id"]))) == 2


def test_an_impossible_quota_names_the_nearest_plan(planning: Planning) -> None:
    planning.people(4, monitored=1), planning.posts(3)
    plan = planning.plan(quotas=[{"group": "monitored", "people": 3}, {"group": "disabled", "percent": 0}])
    assert plan["plan"]["placed"] == 3
    assert plan["plan"]["groups"]["monitored"] == 1
    assert "最多只能安排1人" in plan["shortfalls"][0]
    assert [quota["met"] for quota in plan["quotas"]] == [False, True]
    assert {name: plan["quotas"][0][name] for name in ("most", "one_more", "whole", "costs")} == {
        "most": 1,
        "one_more": None,
        "whole": None,
        "costs": "达不到，最多只能安排1人",
    }


def test_seats_that_a_share_leaves_empty_are_told(
    planning: Planning, visitor: Callable[[str], Visitor]
) -> None:
    [watched, *_] = planning.people(4, monitored=1)
    planning.posts(4)
    plan = planning.plan(quotas=[{"group": "monitored", "percent": 50}])
    assert plan["plan"]["placed"] == 2
    [sentence] = plan["left_empty"]
    assert sentence.startswith("要达到「监测对象至少占50%」，只能安排2人；不设这些比例可以安排4人")
    assert sentence in visitor("zhenba").get(f"/match-plans/{plan['id']}")
    # Without the one who counts nobody could go: settled anew, the sentence is that of the day.
    found = planning.decide(plan["id"], {"kind": "keep_out", "worker_id": watched})
    assert found["plan"]["left_empty"] != [sentence]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"wants": ["near_home"]}, "wants"),
        ({"places": ["11"]}, "vacancy_ids"),
        ({"places": ["320612", "999999"]}, "places.1"),
        ({"worker_ids": [2**40]}, "worker_ids"),
        ({"vacancy_ids": [2**40]}, "vacancy_ids"),
        ({"employer_ids": [2**40]}, "employer_ids"),
        ({"departs_on": "2021-09-19"}, "departs_on"),
        ({"departs_on": "2022-06-01"}, "vacancy_ids"),
        ({"quotas": [{"group": "monitored"}]}, "quotas.0"),
        ({"quotas": [{"group": "monitored", "people": 1, "percent": 1}]}, "quotas.0"),
        ({"quotas": [{"group": "monitored", "percent": 120}]}, "quotas.0.percent"),
    ],
)
def test_what_cannot_be_planned_is_told(planning: Planning, changes: dict[str, Any], field: str) -> None:
    planning.people(1), planning.posts(1)
    answer = planning.west.post("/v1/match-plans", json={"departs_on": LEAVES} | changes)
    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert planning.west.get("/v1/match-plans").json()["total"] == 0


def test_a_preview_counts_and_makes_nothing(planning: Planning) -> None:
    first, *_ = planning.people(3, monitored=1)
    [post, _] = planning.posts(2, 4)
    made(planning.west.post("/v1/applications", json={"worker_id": first, "vacancy_id": post}))
    told = {"departs_on": LEAVES}
    found = made(planning.west.post("/v1/match-plans/preview", json=told))
    assert (found["people"], found["posts"], found["seats"]) == (3, 2, 6)
    assert found["groups"]["monitored"] == 1
    only = made(planning.west.post("/v1/match-plans/preview", json=told | {"groups": ["monitored"]}))
    assert only["people"] == 1
    [asked] = planning.west.get("/v1/applications").json()["items"]
    made(planning.world.east.post(f"/v1/applications/{asked['id']}/offer"))
    hired = made(planning.west.post("/v1/match-plans/preview", json=told))
    assert hired["people"] == 2
    assert "1人" in hired["left_out"][0]
    assert planning.west.get("/v1/match-plans").json()["total"] == 0


def test_moves_and_pins_are_kept_while_the_rest_settles(planning: Planning) -> None:
    people, (good, other) = planning.people(4), planning.posts(2, 2)
    plan = planning.plan()
    where = placed_at(planning.lines(plan["id"]))
    moved = next(worker for worker in people if where[worker] == good)
    found = planning.decide(
        plan["id"],
        {"kind": "move", "worker_id": moved, "vacancy_id": other},
        {"kind": "pin", "worker_id": next(each for each in people if where[each] == other)},
    )
    assert found["changed"] >= 2
    lines = planning.lines(plan["id"])
    after = placed_at(lines)
    assert after[moved] == other
    assert sorted(after.values()) == [good, good, other, other]
    assert lines[moved]["decision"]["code"] == "move"
    assert all(line["reasons"] for line in lines.values())
    assert found["plan"]["plan"]["stable"] == pytest.approx(
        sum(line["p_hire"] * line["p_stay_180"] for line in lines.values()), abs=0.001
    )
    # Both seats there are decided on now.
    third = next(each for each in people if after[each] == good)
    told = {"items": [{"kind": "move", "worker_id": third, "vacancy_id": other}]}
    answer = planning.west.post(f"/v1/match-plans/{plan['id']}/decisions", json=told)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/no-seat-left")
    for number in found["decision_ids"]:
        made(planning.west.post(f"/v1/match-plans/{plan['id']}/decisions/{number}/undo"))
    assert planning.read(plan["id"])["total"] == pytest.approx(plan["total"], abs=1e-5)
    assert placed_at(planning.lines(plan["id"])) == where
    again = planning.west.post(f"/v1/match-plans/{plan['id']}/decisions/{number}/undo")
    assert (again.status_code, again.json()["type"]) == (409, "/problems/already-undone")
    told = planning.west.get(f"/v1/match-plans/{plan['id']}/decisions").json()
    assert [each["undone_by"] for each in told] == ["zhenba", "zhenba"]


def test_keeping_out_and_closing(planning: Planning) -> None:
    first, second = planning.people(2)
    [only] = planning.posts(2)
    number = planning.plan()["id"]
    planning.decide(number, {"kind": "keep_out", "worker_id": first})
    assert placed_at(planning.lines(number)) == {second: only}
    closed = planning.decide(number, {"kind": "close", "vacancy_id": only})
    assert closed["plan"]["plan"]["placed"] == 0
    assert planning.posts_of(number)[only]["closed_by"] == closed["decision_ids"][0]
    made(planning.west.post(f"/v1/match-plans/{number}/decisions/{closed['decision_ids'][0]}/undo"))
    # What was decided before is in force still.
    assert placed_at(planning.lines(number)) == {second: only}


def test_a_plan_is_nobodys_who_may_not_see_its_people(
    planning: Planning, clerk: Callable[[str], TestClient]
) -> None:
    planning.people(1), planning.posts(1)
    path = f"/v1/match-plans/{planning.plan()['id']}"
    for who, expected in (("yangxian", 404), ("jingyang", 404), ("tongzhou", 403), ("hanzhong", 200)):
        client = clerk(who)
        for part in ("", "/persons", "/posts", "/decisions"):
            assert client.get(path + part).status_code == expected, (who, part)
    assert clerk("auditor").get(path).status_code == 200
    told = {"items": [{"kind": "close", "vacancy_id": 1}]}
    assert clerk("auditor").post(f"{path}/decisions", json=told).status_code == 403


def test_the_workbook_has_people_posts_and_what_it_comes_to(planning: Planning) -> None:
    planning.people(2), planning.posts(1)
    number = planning.plan(quotas=[{"group": "monitored", "percent": 0}])["id"]
    answer = planning.west.get(f"/v1/match-plans/{number}/workbook.xlsx")
    assert answer.status_code == 200
    from api.workbooks.reading import sheets

    found = {each.name: [row for _, row in each.rows] for each in sheets(answer.content, name="a.xlsx")}
    assert list(found) == ["人员", "岗位", "说明"]
    assert "测试甲" in str(found["人员"])
    assert "先来先得" in str(found["说明"])


def test_a_plan_that_is_given_up_is_not_made(planning: Planning) -> None:
    planning.people(1), planning.posts(1)
    number = planning.ask()["id"]
    assert made(planning.west.post(f"/v1/match-plans/{number}/discard"))["state"]["code"] == "discarded"
    planning.work()
    plan = planning.read(number)
    assert (plan["state"]["code"], plan["job"]["state"]["code"]) == ("discarded", "cancelled")
    answer = planning.west.post(f"/v1/match-plans/{number}/discard")
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/plan-not-draft")
