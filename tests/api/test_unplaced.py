"""Of everybody without a post a plan says what is true of each, and of a plan that places nobody why."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session

from api.workbooks.reading import sheets

from .conftest import Visitor, World, made
from .planned import LEAVES, Planning


@pytest.fixture
def planning(world: World, work: Callable[[], int], session_as: Callable[[str], Session]) -> Planning:
    return Planning(world, work, session_as)


def _why(lines: dict[int, dict[str, Any]]) -> dict[int, tuple[str, str]]:
    found = {}
    for worker, line in lines.items():
        if line["vacancy"] is None:
            [reason] = line["reasons"]
            found[worker] = reason["code"], reason["sentence"]
    return found


def test_each_without_a_post_is_told_what_is_true_of_them(
    planning: Planning, visitor: Callable[[str], Visitor]
) -> None:
    people = planning.people(3)
    [unschooled] = planning.people(1, education="primary")
    one, other = planning.people(2)
    planning.together(one, other)
    planning.posts(2, min_education="junior_high")
    plan = planning.plan()
    why = _why(planning.lines(plan["id"]))
    assert len(why) == 4
    assert why[unschooled] == ("no_post_education", "1个岗位都不符合条件：学历不够")
    alone = [worker for worker in people if worker in why]
    pair = [worker for worker in (one, other) if worker in why]
    assert (len(alone), len(pair)) in ((1, 2), (3, 0))
    for worker in alone:
        code, sentence = why[worker]
        assert code in ("full", "party")
        assert "差得最少的是" in sentence and "录用并干满半年的可能要到" in sentence
    assert all(why[worker][0] == "together" for worker in pair)
    assert sum(note["people"] for note in plan["unplaced"]) == 4
    assert {note["code"]: note["sentence"] for note in plan["unplaced"]}["no_post_education"] == (
        "没有一个岗位符合条件，最多是因为学历不够"
    )
    assert plan["nobody"] is None
    page = visitor("zhenba").get(f"/match-plans/{plan['id']}")
    assert "有4人没有安排，为什么？" in page
    assert "1个岗位都不符合条件：学历不够" in page


def test_reasons_follow_what_is_decided_by_hand(planning: Planning) -> None:
    first, second = planning.people(2)
    [unschooled] = planning.people(1, education="primary")
    [post] = planning.posts(1, min_education="junior_high")
    number = planning.plan()["id"]
    [left] = set(_why(planning.lines(number))) - {unschooled}
    [placed] = {first, second} - {left}
    told = _why(planning.lines(number))
    out = planning.decide(number, {"kind": "keep_out", "worker_id": placed})["decision_ids"][0]
    assert _why(planning.lines(number)) == {
        placed: ("kept_out", "由人工设为不安排"),
        unschooled: told[unschooled],
    }
    made(planning.west.post(f"/v1/match-plans/{number}/decisions/{out}/undo"))
    assert _why(planning.lines(number)) == told
    moved = planning.decide(number, {"kind": "move", "worker_id": unschooled, "vacancy_id": post})
    why = _why(planning.lines(number))
    assert {why[each][0] for each in (first, second)} == {"by_hand"}
    made(planning.west.post(f"/v1/match-plans/{number}/decisions/{moved['decision_ids'][0]}/undo"))
    assert _why(planning.lines(number)) == told
    planning.decide(number, {"kind": "close", "vacancy_id": post})
    why = _why(planning.lines(number))
    assert {why[each][0] for each in (first, second)} == {"no_seats"}
    assert why[unschooled] == told[unschooled]
    assert {each["code"]: each["people"] for each in planning.read(number)["unplaced"]} == {
        "no_seats": 2,
        "no_post_education": 1,
    }


def test_who_is_held_back_by_a_share_is_told_so(planning: Planning) -> None:
    planning.people(3, monitored=1), planning.posts(3)
    number = planning.plan(quotas=[{"group": "monitored", "percent": 50}])["id"]
    [(code, sentence)] = _why(planning.lines(number)).values()
    assert (code, sentence) == ("share", "有符合条件的岗位和名额，但为了达到要保证的比例没有安排")


def test_a_plan_that_places_nobody_says_why_on_top(
    planning: Planning, visitor: Callable[[str], Visitor]
) -> None:
    planning.people(3)
    planning.posts(2, 1, min_education="college")
    plan = planning.plan()
    assert plan["plan"]["placed"] == 0
    assert plan["nobody"] == ("一个人也没有安排：3人里有3人是因为没有一个岗位符合条件，最多是因为学历不够")
    zhenba = visitor("zhenba")
    assert plan["nobody"] in zhenba.get(f"/match-plans/{plan['id']}")
    book = planning.west.get(f"/v1/match-plans/{plan['id']}/workbook.xlsx")
    assert plan["nobody"] in str(
        [row for sheet in sheets(book.content, name="a.xlsx") for _, row in sheet.rows]
    )


def test_who_wants_no_work_is_not_planned_and_it_is_said(
    planning: Planning, visitor: Callable[[str], Visitor]
) -> None:
    [person] = planning.people(1)
    planning.posts(1)
    for at in range(2):
        planning.world.worker(intention={"wants": "none", "pay_floor": 3000 + at})
    for path in ("", "/preview"):
        answer = planning.west.post(
            f"/v1/match-plans{path}",
            json={"region": "610728", "departs_on": LEAVES, "wants": ["out", "none"]},
        )
        assert answer.status_code == 422
        [error] = answer.json()["errors"]
        assert (error["field"], error["code"]) == ("wants", "wants_none")
        assert "登记为暂不就业的人不安排岗位" in error["message"]
    chosen = planning.west.post(
        "/v1/match-plans/preview", json={"region": "610728", "departs_on": LEAVES, "unasked": True}
    ).json()
    assert (chosen["people"], chosen["left_out"]) == (1, ["有2人登记为暂不就业，不安排"])
    page = visitor("zhenba").post(
        "/match-plans/new", step="preview", region="610728", departs_on=LEAVES, wants="out"
    )
    assert "有2人登记为暂不就业，不安排" in page.text
    assert set(planning.lines(planning.plan()["id"])) == {person}


def test_requirements_out_of_reach_stand_in_one_notice(
    planning: Planning, visitor: Callable[[str], Visitor]
) -> None:
    planning.people(3, monitored=1), planning.posts(2)
    quotas = [{"group": group, "people": 3} for group in ("monitored", "disabled", "relocated")]
    plan = planning.plan(quotas=quotas)
    assert len(plan["shortfalls"]) == 3
    page = visitor("zhenba").get(f"/match-plans/{plan['id']}")
    assert page.count("要求达不到，方案已尽量接近") == 1
    notice = page[page.index("有3条要求达不到") :].partition("</div>")[0]
    assert all(sentence in notice for sentence in plan["shortfalls"])


def test_first_come_is_left_out_once_the_seats_are_others(
    planning: Planning, visitor: Callable[[str], Visitor]
) -> None:
    first, *_ = planning.people(3)
    [post, _] = planning.posts(2, 1)
    number = planning.plan()["id"]
    planning.decide(number, {"kind": "pin", "worker_id": first})
    assert planning.read(number)["first_come"] is not None
    _seats(planning, post, 1)
    planning.decide(number, {"kind": "pin", "worker_id": first})
    plan = planning.read(number)
    assert (plan["seats"], plan["first_come"]) == (2, None)
    assert (
        plan["not_comparable"] == "编制后名额从3个变成2个，先来先得的比较按当时的3人、3个名额算，不再可比。"
    )
    assert plan["not_comparable"] in visitor("zhenba").get(f"/match-plans/{number}")
    _seats(planning, post, 2)
    planning.decide(number, {"kind": "pin", "worker_id": first})
    assert planning.read(number)["first_come"] is not None


def _seats(planning: Planning, post: int, seats: int) -> None:
    path = f"/v1/vacancies/{post}"
    version = {"If-Match": planning.world.east.get(path).headers["ETag"]}
    made(planning.world.east.patch(path, json={"seats": seats}, headers=version))
