"""The ladder over REST: public posts, workshops and training to order."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from models.id_number import demo_id_number
from models.public_post import JobOffer, OfferAnswer, Rung
from models.spell import SpellKind
from models.training import TO_ORDER
from models.worker import Sex
from outcomes.ladder import counts
from outcomes.ladder.workshops import Headcount

from .claiming import Claimants
from .conftest import World, made
from .ladder_commands import Ladder


@pytest.fixture
def ladder(west: TestClient, people: Claimants) -> Ladder:
    return Ladder(west, people)


def refused(answer: Any, status: int = 409) -> str:
    assert answer.status_code == status, answer.text
    return str(answer.json()["detail"])


def test_a_public_post_only_after_the_higher_rungs(
    ladder: Ladder, west: TestClient, east: TestClient, world: World
) -> None:
    worker, keeper = ladder.person(offered=False), ladder.keeper()
    body = {"worker_id": worker, "employer_id": keeper, "post_kind": "护林员", "cadre_relation": "none"}
    words = refused(west.post("/v1/public-posts", json=body))
    assert "没有推荐过市场岗位的记录" in words and "没有推荐过帮扶车间" in words and "先推荐" in words

    # An application to a workshop in the east counts, once somebody has said no; until then it is waited for.
    application = world.application(worker_id=worker)
    checked = made(west.get(f"/v1/workers/{worker}/public-post-check"))
    todo = {each["code"]: each["reason"] for each in checked["checks"] if each["verdict"]["code"] == "failed"}
    assert set(todo) == {"cadre", "offered_market", "offered_workshop"}
    assert "还没有答复" in todo["offered_workshop"] and not checked["may"]
    assert checked["unconfirmed"]
    made(west.post(f"/v1/applications/{application['id']}/refuse", json={"reason": "too_far"}))
    told = {"rung": "market", "what": "某厂缝纫工", "answer": "refused", "reason": "family"}
    made(west.post(f"/v1/workers/{worker}/job-offers", json=told))
    offers = made(west.get(f"/v1/workers/{worker}/job-offers"))
    assert {(each["rung"]["code"], each["reason"]["code"]) for each in offers} == {
        ("market", "family"),
        ("workshop", "too_far"),
    }

    # What is too short says how long it must be; what is no code says which there are.
    short = refused(west.post(f"/v1/workers/{worker}/job-offers", json=told | {"what": "厂"}), 422)
    assert "至少填2个字" in short
    other = refused(west.post(f"/v1/workers/{worker}/job-offers", json=told | {"rung": "sea"}), 422)
    assert "应为以下之一：市场岗位、帮扶车间、社区工厂（代码：market、workshop）" in other

    # A reason is of whoever said no, and no slip of the pen; the day is one on which she could be at work.
    path = f"/v1/workers/{worker}/job-offers"
    for wrong in (
        *({"reason": reason} for reason in ("mistaken", "reproposed", "duplicate", "unanswered", "no_show")),
        *({"answer": "turned_down", "reason": reason} for reason in ("family", "duplicate", "mistaken")),
        {"offered_on": "1999-12-31"},
    ):
        refused(west.post(path, json=told | wrong), 422)
    young = ladder.person(offered=False, id_number=demo_id_number(date(2004, 9, 1), 91_001, Sex.MALE))
    path = f"/v1/workers/{young}/job-offers"
    assert (
        west.post(path, json=told | {"offered_on": "2020-08-31"}).json()["errors"][0]["code"] == "too_young"
    )
    made(west.post(path, json=told | {"offered_on": "2020-09-01"}))
    # What earlier versions let in as mistaken does not count.
    for rung, reason in (("market", "mistaken"), ("workshop", "unanswered")):
        old = {"rung": Rung(rung), "what": "某厂", "offered_on": date(2021, 9, 1), "reason": reason}
        ladder.claimants.session.add(JobOffer(worker_id=young, answer=OfferAnswer.REFUSED, **old))
    ladder.claimants.session.commit()
    checked = made(west.get(f"/v1/workers/{young}/public-post-check"))
    verdicts = {each["code"]: each["verdict"]["code"] for each in checked["checks"]}
    assert verdicts["offered_market"] == verdicts["offered_workshop"] == "failed"

    assert "村干部" in refused(west.post("/v1/public-posts", json=body | {"cadre_relation": "family"}))
    assert refused(west.post("/v1/public-posts", json=body | {"employer_id": 2**40}), 422)
    placed = made(west.post("/v1/public-posts", json=body, headers={"Idempotency-Key": "p-1"}))
    assert placed == made(west.post("/v1/public-posts", json=body, headers={"Idempotency-Key": "p-1"}))
    assert (placed["term"]["number"], placed["term"]["until"]) == (1, "2024-09-19")
    assert (placed["cadre_relation"]["code"], placed["exits"], placed["days_left"]) == ("none", [], 1095)
    spell = made(west.get(f"/v1/spells/{placed['spell_id']}"))
    assert (spell["kind"]["code"], spell["region"]["code"]) == ("public_post", "610728")
    assert "重叠" in west.post("/v1/public-posts", json=body).json()["title"]

    # Corrected days are another row; what was declared follows to it, and so does a longer term.
    told = {"until": "2024-12-31", "reason": "policy", "basis": "12号文"}
    path = f"/v1/public-posts/{placed['spell_id']}"
    assert refused(west.post(f"{path}/extend", json=told | {"until": "2024-09-19"}), 422)
    assert "最多延到" in refused(west.post(f"{path}/extend", json=told | {"until": "2100-12-31"}), 422)
    assert made(west.post(f"{path}/extend", json=told))["term"]["until"] == "2024-12-31"
    told = {"started_on": "2021-09-01", "reason": "核对"}
    made(west.post(f"/v1/spells/{placed['spell_id']}/correct", json=told))
    [listed] = made(west.get("/v1/public-posts"))["items"]
    assert listed["spell_id"] != placed["spell_id"]
    assert (listed["term"]["regular"], listed["term"]["until"]) == ("2024-08-31", "2024-12-31")
    assert listed["cadre_relation"]["code"] == "none"
    # A slip is taken back with its reason: the clock is as before, by the rule of the corrected days.
    now = f"/v1/public-posts/{listed['spell_id']}"
    slip = {"until": "2025-12-31", "reason": "hardship", "basis": "13号文"}
    assert made(west.post(f"{now}/extend", json=slip))["term"]["until"] == "2025-12-31"
    assert "撤回延期" in refused(west.post(f"{now}/extend", json=slip | {"reason": "withdrawn"}), 422)
    back = {"reason": "登记错了人"}
    assert made(west.post(f"{now}/withdraw-extension", json=back))["term"]["until"] == "2024-12-31"
    assert made(west.post(f"{now}/withdraw-extension", json=back))["term"]["until"] == "2024-08-31"
    assert "没有可以撤回的延期" in west.post(f"{now}/withdraw-extension", json=back).json()["title"]
    assert made(west.post(f"{now}/extend", json=slip))["term"]["until"] == "2025-12-31"
    refused(west.post(f"{now}/withdraw-extension", json={"reason": "错"}), 422)
    assert "更正后的记录" in refused(west.post(f"{path}/declare", json={"cadre_relation": "cadre"}))
    told = {
        (change["noun"]["label"], field["field"]["label"], str(field["after"]))
        for change in made(west.get(f"/v1/workers/{worker}/history", params={"limit": 100}))["items"]
        for field in change["fields"] or ()
    }
    assert {
        ("推荐记录", "原因", "家里离不开"),
        ("公益性岗位申报", "与村干部的关系", "都不是"),
        ("公益性岗位延期", "延至", "2024-12-31"),
        ("公益性岗位延期", "原因", "撤回延期"),
    } <= told


def test_the_exit_list(
    ladder: Ladder, west: TestClient, clerk: Callable[[str], TestClient], session_as: Callable[[str], Session]
) -> None:
    overdue = ladder.served("2018-09-01", name="期满")
    ending = ladder.served("2018-10-15", name="将满")
    old = demo_id_number(date(1950, 1, 2), 91_000, Sex.MALE)
    over_age = ladder.served("2021-01-01", name="超龄", id_number=old)
    within = ladder.served("2021-01-01", name="期内")
    left = ladder.served("2018-01-01", "2021-06-30", name="已退")
    page = made(west.get("/v1/public-posts"))
    assert [(each["spell_id"], [one["code"] for one in each["exits"]]) for each in page["items"]] == [
        (overdue, ["overdue"]),
        (ending, ["ending"]),
        (over_age, ["over_age"]),
        (within, []),
    ]
    first = made(west.get("/v1/public-posts", params={"limit": 3}))
    rest = made(west.get("/v1/public-posts", params={"limit": 3, "cursor": first["next_cursor"]}))
    assert [each["spell_id"] for each in rest["items"]] == [within]
    only = made(west.get("/v1/public-posts", params={"exit": "overdue"}))
    assert [each["spell_id"] for each in only["items"]] == [overdue]
    assert made(clerk("yangxian").get("/v1/public-posts"))["total"] == 0
    assert (
        clerk("yangxian")
        .post(f"/v1/public-posts/{within}/declare", json={"cadre_relation": "none"})
        .status_code
        == 404
    )
    assert "已经退出" in refused(
        west.post(
            f"/v1/public-posts/{left}/extend",
            json={"until": "2023-01-01", "reason": "policy", "basis": "12号"},
        )
    )
    # What was declared at the first contract holds for the next one of the same placement.
    again = ladder.served("2021-01-01", "2021-08-31", name="续签")
    made(west.post(f"/v1/public-posts/{again}/declare", json={"cadre_relation": "none"}))
    spell = made(west.get(f"/v1/spells/{again}"))
    more = {"kind": SpellKind.PUBLIC_POST, "employer_id": spell["employer_id"], "region": "610728"}
    ladder.claimants.spell(spell["worker_id"], started="2021-09-01", ended=None, **more)
    [renewed] = [
        each
        for each in made(west.get("/v1/public-posts"))["items"]
        if each["worker"]["id"] == spell["worker_id"]
    ]
    assert (renewed["term"]["number"], renewed["term"]["until"]) == (1, "2023-12-31")
    assert renewed["spell_id"] != again and renewed["cadre_relation"]["code"] == "none"
    declared = made(west.post(f"/v1/public-posts/{within}/declare", json={"cadre_relation": "family"}))
    assert declared["cadre_relation"]["label"] == "村干部家属"
    # Who may not be there is on the exit list; to lift a declaration needs a reason, also of a later contract.
    assert [each["code"] for each in declared["exits"]] == ["cadre_family"]
    made(west.post(f"/v1/public-posts/{again}/declare", json={"cadre_relation": "cadre"}))
    listed = made(west.get("/v1/public-posts", params={"exit": "cadre"}))["items"]
    assert [each["spell_id"] for each in listed] == [renewed["spell_id"]]
    path = f"/v1/public-posts/{renewed['spell_id']}/declare"
    assert west.post(path, json={"cadre_relation": "none"}).json()["errors"][0]["field"] == "reason"
    refused(west.post(path, json={"cadre_relation": "family", "reason": "mistaken"}), 422)
    lifted = made(west.post(path, json={"cadre_relation": "none", "reason": "left_office"}))
    assert (lifted["exits"], lifted["cadre_relation"]["code"]) == ([], "none")
    history = made(west.get(f"/v1/workers/{spell['worker_id']}/history", params={"limit": 100}))["items"]
    assert ("原因", "已不再任职") in {
        (field["field"]["label"], str(field["after"]))
        for change in history
        for field in change["fields"] or ()
    }
    assert counts.in_public_post(session_as("zhenba"), ["610728"], date(2021, 1, 1), date(2021, 9, 20)) == 5


def test_a_workshop_is_recognised_by_who_works_there(
    ladder: Ladder, west: TestClient, clerk: Callable[[str], TestClient], session_as: Callable[[str], Session]
) -> None:
    short = ladder.workshop(relieved=1)
    assert "1人，认定要求5人" in refused(west.post(f"/v1/workshops/{short}/recognise", json={"form": "home"}))
    employer = ladder.workshop(relieved=5, others=2)
    path = f"/v1/workshops/{employer}"
    assert refused(west.post(f"{path}/rate", json={"year": 2021, "grade": "passed"}))
    made(west.post(f"{path}/recognise", json={"form": "plant", "recognised_on": "2021-03-01"}))
    assert refused(west.post(f"{path}/recognise", json={"form": "plant"}))
    made(west.post(f"{path}/rate", json={"year": 2021, "grade": "passed"}))
    rated = made(west.post(f"{path}/rate", json={"year": 2021, "grade": "excellent"}))
    assert [each["grade"]["code"] for each in rated["ratings"]] == ["excellent"]
    assert rated["headcount"] == {"workers": 7, "relieved": 5}
    assert (rated["short"], rated["recognition"]["headcount"]["relieved"]) == (False, 5)
    there = made(west.get(f"{path}/workers"))
    assert [each["relieved"] for each in there["items"]] == [True] * 5 + [False] * 2
    rest = made(
        west.get(
            f"{path}/workers",
            params={
                "limit": 6,
                "cursor": made(west.get(f"{path}/workers", params={"limit": 6}))["next_cursor"],
            },
        )
    )
    assert (len(rest["items"]), rest["total"]) == (1, 7)
    listed = made(west.get("/v1/workshops", params={"recognised": True}))
    assert [each["id"] for each in listed["items"]] == [employer]
    other = clerk("yangxian")
    assert made(other.get("/v1/workshops"))["total"] == 0
    assert other.post(f"{path}/rate", json={"year": 2021, "grade": "failed"}).status_code == 403

    year = (["610728"], date(2021, 1, 1), date(2021, 9, 20))
    session = session_as("zhenba")
    assert counts.workshop_headcount(session, *year) == Headcount(8, 6)
    assert counts.workshops_recognised(session, *year) == 1
    made(west.post(f"{path}/revoke", json={"reason": "停产半年", "revoked_on": "2021-09-20"}))
    assert counts.workshops_recognised(session, *year) == 0
    assert counts.workshops_recognised(session, ["610728"], date(2021, 1, 1), date(2021, 9, 19)) == 1
    assert made(west.get(path))["recognition"] is None
    made(west.post(f"{path}/recognise", json={"form": "plant"}))


def test_a_class_to_order_ends_at_its_post(
    world: World, people: Claimants, west: TestClient, session_as: Callable[[str], Session]
) -> None:
    post = world.vacancy()
    told = {
        "region": "610728", "name": "家纺订单班", "kind": "to_order", "vacancy_id": post["id"], "skill": "绗缝",
        "skill_level": 3, "started_on": "2021-03-01", "ended_on": "2021-04-01",
    }  # fmt: skip
    assert refused(west.post("/v1/courses", json=told | {"skill": None}), 422)
    for kind in TO_ORDER:
        assert "对应的岗位" in refused(
            west.post("/v1/courses", json=told | {"kind": kind, "vacancy_id": None}), 422
        )
    for far in ({"started_on": "2023-09-21", "ended_on": None}, {"ended_on": "2099-01-01"}):
        assert "两年" in refused(west.post("/v1/courses", json=told | far), 422)
    course = made(west.post("/v1/courses", json=told))["id"]
    placed, elsewhere, before, failed = (world.worker(skills={"绗缝": 4})["id"] for _ in range(4))
    made(
        west.post(
            f"/v1/courses/{course}/enrolments", json={"worker_ids": [placed, elsewhere, before, failed]}
        )
    )
    employer = post["employer_id"]
    at = {"kind": SpellKind.MARKET, "employer_id": employer, "region": "320612"}
    people.spell(placed, started="2021-05-01", ended=None, vacancy_id=post["id"], **at)
    people.spell(elsewhere, started="2021-06-01", ended=None, **at)
    people.spell(before, started="2021-02-01", ended="2021-02-20", vacancy_id=post["id"], **at)
    learner = world.worker(skills={})["id"]
    made(west.post(f"/v1/courses/{course}/enrolments", json={"worker_ids": [learner]}))
    body = {"worker_ids": [learner], "certificate": "证-9"}
    stranger = world.worker(skills={})["id"]
    wrong = {"worker_ids": [learner, stranger]}
    assert "不在这个班" in refused(west.post(f"/v1/courses/{course}/complete", json=wrong), 422)
    assert made(west.get(f"/v1/courses/{course}"))["completed"] == 0
    patched = west.patch(f"/v1/courses/{course}", json={"vacancy_id": None}, headers={"If-Match": '"1"'})
    assert "对应的岗位" in refused(patched, 422)
    made(west.post(f"/v1/courses/{course}/complete", json=body))
    made(west.post(f"/v1/courses/{course}/complete", json={"worker_ids": [placed]}))
    made(west.post(f"/v1/courses/{course}/complete", json={"worker_ids": [failed], "completed": False}))
    assert made(west.get(f"/v1/workers/{learner}"))["skills"] == {"绗缝": 3}
    assert made(west.get(f"/v1/workers/{placed}"))["skills"] == {"绗缝": 4}  # never lower than known
    found = made(west.get(f"/v1/courses/{course}"))
    assert (found["enrolled"], found["began_at_post"], found["began_at_employer"]) == (5, 1, 2)
    assert found["vacancy"].endswith("平车工")
    listed = made(west.get(f"/v1/courses/{course}/enrolments"))["items"]
    assert {each["worker"]["id"]: each["began_on"] for each in listed if each["began_on"]} == {
        placed: "2021-05-01",
        elsewhere: "2021-06-01",
    }
    made(west.post("/v1/courses", json={"region": "610728", "name": "技能班", "started_on": "2021-09-01"}))
    session = session_as("zhenba")
    year = (["610728"], date(2021, 1, 1), date(2021, 12, 31))
    assert [times for _, times in counts.trainings(session, *year)] == [5]
    assert [found.identity for found, _ in counts.trainings(session, *year, TO_ORDER)] == [course]
    assert counts.trainings(session, ["610728"], date(2021, 3, 2), date(2021, 12, 31), TO_ORDER) == []


def test_who_came_back_to_found(
    people: Claimants, west: TestClient, session_as: Callable[[str], Session]
) -> None:
    own = {"kind": SpellKind.SELF_EMPLOYED, "region": "610728"}
    returned = people.worker(started="2019-03-01", ended="2020-12-31")
    stayed, said = (int(made(west.post("/v1/workers", json=people.bodies.worker()))["id"]) for _ in range(2))
    for worker, channel in ((returned, None), (stayed, None), (said, "返乡创业")):
        people.spell(worker, started="2021-03-01", ended=None, channel=channel, **own)
    listed = made(west.get("/v1/entrepreneurs"))["items"]
    assert {each["worker"]["id"]: each["returned"] for each in listed} == {
        returned: True,
        stayed: False,
        said: True,
    }
    assert made(west.get("/v1/entrepreneurs", params={"returned": True}))["total"] == 2
    session = session_as("zhenba")
    assert counts.returned_entrepreneurs(session, ["610728"], date(2021, 1, 1), date(2021, 9, 20)) == 2
    assert counts.returned_entrepreneurs(session, ["610728"], date(2021, 4, 1), date(2021, 9, 20)) == 0


def test_who_was_declared_a_cadre_is_placed_again_with_the_reason(ladder: Ladder, west: TestClient) -> None:
    first = ladder.served("2021-03-01", "2021-09-10")
    worker = made(west.get(f"/v1/spells/{first}"))["worker_id"]
    made(west.post(f"/v1/public-posts/{first}/declare", json={"cadre_relation": "cadre"}))
    for rung in ("market", "workshop"):
        told = {"rung": rung, "what": "某厂缝纫工", "answer": "refused", "reason": "family"}
        made(west.post(f"/v1/workers/{worker}/job-offers", json=told))
    body = {
        "worker_id": worker,
        "employer_id": ladder.keeper(),
        "post_kind": "护林员",
        "cadre_relation": "none",
    }
    words = refused(west.post("/v1/public-posts", json=body), 422)
    assert "改为‘都不是’的原因" in words and "已不再任职或申报有误" in words
    again = made(west.post("/v1/public-posts", json=body | {"reason": "left_office"}))
    assert (again["term"]["number"], again["cadre_relation"]["code"], again["exits"]) == (1, "none", [])
