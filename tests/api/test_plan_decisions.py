"""What somebody decided by hand and can't be carried out is told, and who has a post by now is proposed no more."""

from collections.abc import Callable

import pytest
from sqlmodel import Session

from api.workbooks.reading import sheets
from models.worker import Worker

from .conftest import Visitor, World, made
from .planned import Planning


@pytest.fixture
def planning(world: World, work: Callable[[], int], session_as: Callable[[str], Session]) -> Planning:
    return Planning(world, work, session_as)


def _notes(planning: Planning, number: int) -> dict[str, int]:
    return {each["code"]: each["people"] for each in planning.read(number)["notes"]}


def test_a_decision_for_which_there_is_no_seat_any_more_is_told(
    planning: Planning, visitor: Callable[[str], Visitor]
) -> None:
    first, second = planning.people(2)
    post, _ = planning.posts(1, 1)
    number = planning.plan()["id"]
    planning.decide(number, {"kind": "move", "worker_id": first, "vacancy_id": post})
    # The first leaves the seat, the second takes it, and what was decided before comes back.
    [out] = planning.decide(number, {"kind": "keep_out", "worker_id": first})["decision_ids"]
    planning.decide(number, {"kind": "move", "worker_id": second, "vacancy_id": post})
    assert "decision_no_seat" not in _notes(planning, number)
    made(planning.west.post(f"/v1/match-plans/{number}/decisions/{out}/undo"))
    lines = planning.lines(number)
    at = {worker: line["vacancy"]["id"] for worker, line in lines.items()}
    [refused] = [worker for worker in (first, second) if at[worker] != post]
    [held] = {first, second} - {refused}
    assert lines[held]["not_held"] is None
    assert lines[refused]["not_held"] == "人工指定的岗位现在没有名额，没有照办"
    assert _notes(planning, number)["decision_no_seat"] == 1
    assert visitor("zhenba").get(f"/match-plans/{number}").count("人工指定的岗位现在没有名额，没有照办") == 2


def test_a_move_that_leaves_every_sum_as_it_was_is_a_change(planning: Planning) -> None:
    [person] = planning.people(1)
    posts = planning.posts(1, 1)
    number = planning.plan()["id"]
    versions = [planning.read(number)["version"]]
    for post in (*posts, *posts):
        planning.decide(number, {"kind": "move", "worker_id": person, "vacancy_id": post})
        versions.append(planning.read(number)["version"])
    assert versions == sorted(set(versions))


def test_closing_a_post_says_who_was_fixed_there(planning: Planning) -> None:
    [person] = planning.people(1)
    [post] = planning.posts(1)
    number = planning.plan()["id"]
    planning.decide(number, {"kind": "pin", "worker_id": person})
    closed = planning.decide(number, {"kind": "close", "vacancy_id": post})
    assert {each["code"]: each["people"] for each in closed["plan"]["notes"]} == {"decision_post_closed": 1}
    assert "不招人" in planning.lines(number)[person]["not_held"]
    made(planning.west.post(f"/v1/match-plans/{number}/decisions/{closed['decision_ids'][0]}/undo"))
    assert planning.lines(number)[person]["not_held"] is None
    assert _notes(planning, number) == {}


def test_who_is_approved_in_another_plan_is_proposed_no_more(planning: Planning) -> None:
    gone, pinned, stays = planning.people(3)
    planning.posts(3, 3)
    number, other = (planning.plan()["id"] for _ in range(2))
    planning.decide(number, {"kind": "pin", "worker_id": pinned})
    made(planning.approve(other, gone, pinned))
    planning.decide(number, {"kind": "pin", "worker_id": stays})
    lines = planning.lines(number)
    assert {worker: line["state"]["code"] for worker, line in lines.items()} == {
        gone: "unplaced",
        pinned: "unplaced",
        stays: "proposed",
    }
    assert "别的方案里已批准" in lines[gone]["reasons"][0]["sentence"]
    assert "没有照办" in lines[pinned]["not_held"]
    assert _notes(planning, number) == {"decision_spoken_for": 1, "spoken_for": 2}
    # Those of the other plan itself stay where they are.
    planning.decide(other, {"kind": "pin", "worker_id": stays})
    found = planning.lines(other)
    assert [found[each]["state"]["code"] for each in (gone, pinned)] == ["approved", "approved"]


def test_who_can_not_go_any_more_falls_out_and_is_told_why(
    planning: Planning, session_as: Callable[[str], Session], visitor: Callable[[str], Visitor]
) -> None:
    works, merged, withdrawn, listed, left, right, stays = planning.people(7)
    planning.together(left, right)
    planning.posts(7)
    number = planning.plan()["id"]
    elsewhere = planning.world.application(worker_id=works)
    made(planning.west.post(f"/v1/applications/{elsewhere['id']}/start", json={}))
    another = planning.world.application(worker_id=left)
    made(planning.west.post(f"/v1/applications/{another['id']}/start", json={}))
    other = {"region": "610728", "name": "别的批次", "departs_on": "2021-09-30"}
    batch = made(planning.west.post("/v1/dispatches", json=other))
    made(planning.west.post(f"/v1/dispatches/{batch['id']}/members", json={"worker_ids": [listed]}))
    session = session_as("zhenba")
    session.get_one(Worker, merged).merged_into = stays
    session.get_one(Worker, withdrawn).restricted = True
    session.commit()
    settled = planning.decide(number, {"kind": "pin", "worker_id": stays})
    assert settled["changed"] == 6
    lines = planning.lines(number)
    assert {who for who, line in lines.items() if line["vacancy"]} == {stays}
    told = {
        who: line["reasons"][0]["code"] for who, line in lines.items() if line["state"]["code"] == "unplaced"
    }
    assert told == {
        works: "works", merged: "merged", listed: "on_a_list", left: "works", right: "companion_kept_out",
    }  # fmt: skip
    assert withdrawn not in lines, "who is only stored is counted, and not listed"
    assert _notes(planning, number) == {
        "companion_kept_out": 1, "merged": 1, "restricted": 1, "works": 2, "on_a_list": 1,
    }  # fmt: skip
    page = visitor("zhenba").get(f"/match-plans/{number}")
    assert "已经有工作，这里不再安排" in page
    # First come, first served was counted over people of whom five can go no more: nothing is held against it.
    plan = planning.read(number)
    sentence = "编制后有5人不能再安排，先来先得的比较按当时的7人算，不再可比。"
    assert (plan["first_come"], plan["not_comparable"]) == (None, sentence)
    assert page.replace(sentence, "").count("先来先得") == 0
    answer = planning.west.get(f"/v1/match-plans/{number}/workbook.xlsx")
    rows = [str(row) for sheet in sheets(answer.content, name="a.xlsx") for _, row in sheet.rows]
    assert [sentence in row for row in rows if "先来先得" in row] == [True]
    # Off the other list, the person is placed again, and nobody else is.
    made(planning.west.post(f"/v1/dispatches/{batch['id']}/remove", json={"worker_ids": [listed]}))
    planning.decide(number, {"kind": "pin", "worker_id": stays})
    assert {who for who, line in planning.lines(number).items() if line["vacancy"]} == {stays, listed}


def test_whom_a_move_displaces_is_said_before_it_is_made(
    planning: Planning, visitor: Callable[[str], Visitor]
) -> None:
    people, (post, other) = planning.people(3), planning.posts(1, 1)
    number = planning.plan()["id"]
    at = {
        worker: line["vacancy"] and line["vacancy"]["id"] for worker, line in planning.lines(number).items()
    }
    [holder] = [worker for worker in people if at[worker] == post]
    [waits] = [worker for worker in people if at[worker] is None]
    path = f"/v1/match-plans/{number}/persons/{waits}/options/{post}"
    foreseen = made(planning.west.get(path))
    assert foreseen["carried_out"]
    assert [each["worker_id"] for each in foreseen["moved"] if each["displaced"]] == [holder]
    assert foreseen["moved"][0]["name"] == "测某某"
    page = visitor("zhenba").get(f"/match-plans/{number}/persons/{waits}/posts/{post}")
    assert "要让出名额的有<b>1</b>人" in page
    assert "先看会影响谁" in visitor("zhenba").get(f"/match-plans/{number}/persons/{waits}")
    # Nothing has changed by looking; what was foreseen is what comes.
    assert at == {
        worker: line["vacancy"] and line["vacancy"]["id"] for worker, line in planning.lines(number).items()
    }
    planning.decide(number, {"kind": "move", "worker_id": waits, "vacancy_id": post})
    after = planning.lines(number)
    assert {
        each["worker_id"]: each["after"] and each["after"]["id"] for each in foreseen["moved"]
    }.items() <= {worker: line["vacancy"] and line["vacancy"]["id"] for worker, line in after.items()}.items()
    assert planning.read(number)["plan"]["stable"] == foreseen["stable"]
    # Both posts are one place each: to where somebody is fixed by hand nobody is moved.
    third = next(each for each in people if after[each]["vacancy"] is None)
    refused = planning.west.get(f"/v1/match-plans/{number}/persons/{third}/options/{post}")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/no-seat-left")
    assert other


def test_who_can_not_be_placed_holds_no_seat_and_is_decided_on_no_more(
    planning: Planning, visitor: Callable[[str], Visitor]
) -> None:
    fell, refused, one, other = planning.people(4)
    first, second = planning.posts(1, 1)
    number = planning.plan()["id"]
    planning.decide(
        number,
        {"kind": "move", "worker_id": fell, "vacancy_id": first},
        {"kind": "move", "worker_id": refused, "vacancy_id": second},
    )
    for worker in (fell, refused):
        elsewhere = planning.world.application(worker_id=worker)
        made(planning.west.post(f"/v1/applications/{elsewhere['id']}/start", json={}))
    assert made(planning.approve(number, refused))["ineligible"] == [refused]
    path = f"/v1/match-plans/{number}/decisions"
    for told in ({"kind": "pin"}, {"kind": "move", "vacancy_id": first}, {"kind": "keep_out"}):
        answer = planning.west.post(path, json={"items": [{"worker_id": refused} | told]})
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/line-not-proposed")
    page = visitor("zhenba").get(f"/match-plans/{number}?state=ineligible")
    assert f"/workers/{refused}" in page
    assert f"/persons/{refused}" not in page
    assert 'name="kind" value="keep_out"' not in page
    # The seats that the two were given by hand are free for others: offered, and given.
    offered = made(planning.west.get(f"/v1/match-plans/{number}/persons/{one}/options"))
    assert {each["vacancy"]["id"] for each in offered} == {first, second}
    planning.decide(
        number,
        {"kind": "move", "worker_id": one, "vacancy_id": first},
        {"kind": "move", "worker_id": other, "vacancy_id": second},
    )
    lines = planning.lines(number)
    assert [lines[each]["vacancy"]["id"] for each in (one, other)] == [first, second]
