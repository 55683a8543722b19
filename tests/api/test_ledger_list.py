"""The ledger searched: by name, pinyin, village, number and what a clerk asks for; filters under a name."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlmodel import Session, select
from starlette.testclient import TestClient

from models.doubt import Doubt, DoubtSeverity
from models.saved_search import SavedSearch
from models.worker import Worker

from .conftest import Visitor, World, made

TOWN = "610728001"


@pytest.fixture
def people(world: World, west: TestClient) -> dict[str, int]:
    """Four people, each found by other filters than the others; the last is at work in the paired district."""
    moved = world.household(
        relocated=True, village="星光村", hardship=[{"category": "relieved", "from_on": "2016-01-01"}]
    )
    plain = world.household(hardship=[])
    found = {
        "王小英": world.worker(
            name="王小英", household_id=moved["id"], sex="female", skills={"缝纫工": 3}, intention={"wants": "near_home"}
        )["id"],
        "李大山": world.worker(
            name="李大山", household_id=plain["id"], education="primary", skills={}, phone="10000000077",
            intention={"wants": "none"},
        )["id"],
        "赵远": world.worker(name="赵远", education="college", region="610728", skills={}, phone=None)["id"],
    }  # fmt: skip
    found["周在岗"] = world.spell()["worker_id"]
    made(west.post(f"/v1/workers/{found['李大山']}/contacts", json={"found": "not_reached"}))
    asked = {"kind": "follow_up", "worker_ids": [found["赵远"]], "due_on": "2021-09-22"}
    made(west.post("/v1/bulk-actions", json=asked))
    return found


def ids(client: TestClient, **asked: Any) -> set[int]:
    return {item["id"] for item in made(client.get("/v1/workers", params=asked))["items"]}


def test_every_filter_finds_whom_it_means(
    west: TestClient, people: dict[str, int], session_as: Callable[[str], Session]
) -> None:
    everybody, one = set(people.values()), people
    session = session_as("zhenba")
    session.add(
        Doubt(
            rule="D1", severity=DoubtSeverity.ERROR, region=TOWN, subject=b"x", worker_id=one["王小英"], what="x",
            found_on=session.get_one(Worker, one["王小英"]).created_at.date(),
            seen_on=session.get_one(Worker, one["王小英"]).created_at.date(),
        )
    )  # fmt: skip
    session.commit()
    assert ids(west) == everybody
    assert ids(west, employed=True) == {one["周在岗"]} == ids(west, destination="east")
    assert ids(west, destination="东部（结对地区）") == {one["周在岗"]}
    assert not ids(west, destination="county") and not ids(west, destination="away")
    assert ids(west, hardship="relieved") == {one["王小英"]} == ids(west, relocated=True)
    assert ids(west, relocated=False) == everybody - {one["王小英"]}
    assert ids(west, wants="near_home") == {one["王小英"]} and ids(west, wants="none") == {one["李大山"]}
    assert ids(west, skill="缝纫") == {one["王小英"]}
    assert ids(west, education="primary") == {one["李大山"]}
    assert ids(west, follow_up=True) == {one["赵远"]}
    assert ids(west, follow_up=False) == everybody - {one["赵远"]}
    assert ids(west, doubt=True) == {one["王小英"]} and one["王小英"] not in ids(west, doubt=False)
    assert ids(west, q="wangxiao") == ids(west, q="小英") == {one["王小英"]}
    assert ids(west, q="wxy") == ids(west, q="W X") == {one["王小英"]} and not ids(west, q="xy")
    assert ids(west, region=TOWN, village="星光村") == {one["王小英"]}
    # Born on 15 March 1985: 36 years old on 20 September 2021.
    assert ids(west, age_from=36, age_to=36) == everybody
    assert not ids(west, age_from=37) and not ids(west, age_to=35)
    assert ids(west, sex="female", employed=False, wants="near_home") == {one["王小英"]}
    answer = west.get("/v1/workers", params={"wants": "nowhere"})
    assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == "wants"
    table = west.get("/v1/workers", params={"wants": "near_home"}, headers={"Accept": "text/csv"}).text
    assert "王小英" in table and "李大山" not in table


def test_a_number_finds_its_person_and_stands_in_no_address(
    west: TestClient,
    world: World,
    people: dict[str, int],
    visitor: Callable[[str], Visitor],
    session_as: Callable[[str], Session],
    clerk: Callable[[str], TestClient],
) -> None:
    body = world.bodies.worker(name="有号码")
    person = made(west.post("/v1/workers", json=body))["id"]
    number = body["id_number"]

    def asked() -> int:
        return session_as("zhenba").connection().scalar(text("SELECT sum(asked) FROM number_lookup")) or 0

    before = asked()
    [found] = made(west.post("/v1/workers/find", json={"number": number.lower()}))
    assert found["id"] == person
    assert [each["id"] for each in made(west.post("/v1/workers/find", json={"number": "100 0000 0077"}))] == [
        people["李大山"]
    ]
    assert asked() == before + 2, "every number that is asked after counts"
    assert made(clerk("yangxian").post("/v1/workers/find", json={"number": number})) == []
    wrong = west.post("/v1/workers/find", json={"number": "1234567"})
    assert wrong.status_code == 422 and "1234567" not in wrong.text

    desk = visitor("zhenba")
    answer = desk.post("/workers/find", number=number)
    assert answer.headers["location"] == f"/workers/{person}"
    # Many have the telephone of the example: they are listed, and the number is shown nowhere.
    several = desk.post("/workers/find", number="10000000001").text
    assert "按号码找到" in several and "10000000001" not in several
    assert "没有人登记这个号码" in desk.post("/workers/find", number="10000000099").text
    half = desk.post("/workers/find", number="61072")
    assert half.status_code == 422 and "完整" in half.text
    # Typed into the wrong box it is not looked for, and not repeated.
    lost = desk.client.get(f"/workers?q={number}")
    assert lost.status_code == 422 and number not in lost.text and "有号码" not in lost.text
    assert lost.headers["HX-Push-Url"] == "false"
    assert 'pattern="' in desk.get("/workers")


def test_a_village_is_found_by_its_name_or_code(
    people: dict[str, int], world: World, visitor: Callable[[str], Visitor]
) -> None:
    desk = visitor("zhenba")
    page = desk.get("/workers?q=星光村")
    assert "王小英" in page and "李大山" not in page and "星光村" in page
    world.worker(
        name="另一乡", region="610728101",
        household_id=world.household(region="610728101", village="星光村", hardship=[])["id"],
    )  # fmt: skip
    page = desk.get("/workers?q=星光村")
    assert "有几个乡镇都有“星光村”" in page and page.count("village=%E6%98%9F") == 2
    assert "另一乡" in desk.get("/workers?region=610728101&village=星光村&village_of=610728101")
    # Half of its name is offered as a village, beside whoever is called so.
    page = desk.get("/workers?q=星光")
    assert "要看的是村里的人吗" in page and page.count("village=%E6%98%9F%E5%85%89%E6%9D%91") == 2
    assert "要看的是村里的人吗" not in desk.get("/workers?q=小英")
    assert "李大山" in desk.get("/workers?q=610728001"), "a code is a place, not a number of anybody"


def test_a_filter_is_kept_shared_removed_and_put_back(
    west: TestClient,
    people: dict[str, int],
    visitor: Callable[[str], Visitor],
    clerk: Callable[[str], TestClient],
    session_as: Callable[[str], Session],
) -> None:
    desk = visitor("zhenba")
    page = desk.get("/workers?q=王&relocated=true")
    assert "按姓名查找的字不会存" in page
    page = desk.done("/workers/searches", name="搬迁户", relocated="true", q="王", shared="true")
    assert "按姓名查找的字没有存" in page and "易地搬迁户" in page
    row = session_as("zhenba").exec(select(SavedSearch)).one()
    assert row.wanted == {"relocated": True} and row.shared
    assert "搬迁户" in desk.get("/workers")
    strip = desk.client.get("/workers/searches", headers={"HX-Request": "true"}).text
    assert "搬迁户 <b>1</b>" in strip and "<html" not in strip
    # Who is of the bureau sees it; the township below and the neighbour do not, and nobody of them changes it.
    assert [each["name"] for each in made(clerk("auditor").get("/v1/worker-searches"))] == ["搬迁户"]
    assert made(clerk("jingyang").get("/v1/worker-searches")) == []
    assert clerk("yangxian").get(f"/v1/worker-searches/{row.id}").status_code == 404
    path = f"/v1/worker-searches/{row.id}"
    etag = {"If-Match": clerk("auditor").get(path).headers["ETag"]}
    assert clerk("auditor").patch(path, json={"name": "别人的"}, headers=etag).status_code == 403
    assert clerk("auditor").post(f"{path}/remove").status_code == 403
    shared = {"name": "乡里的", "wanted": {"employed": False}, "shared": True}
    assert clerk("jingyang").post("/v1/worker-searches", json=shared).status_code == 403
    named = west.post("/v1/worker-searches", json={"name": "王家的", "wanted": {"q": "王"}})
    assert named.status_code == 422, "no name is kept in a filter"
    assert west.post("/v1/worker-searches", json={"name": "空的", "wanted": {}}).status_code == 422
    assert west.post("/v1/worker-searches", json=shared | {"name": "13800138000"}).status_code == 422
    twice = west.post("/v1/worker-searches", json=shared | {"name": "搬迁户"})
    assert twice.status_code == 409 and twice.json()["type"] == "/problems/search-exists"

    assert "搬迁的人" in desk.done(f"/workers/searches/{row.id}/rename", name="搬迁的人")
    assert made(west.get(path))["people"] == 1
    page = desk.done(f"/workers/searches/{row.id}/remove")
    assert "已删除“搬迁的人”" in page and "恢复" in page
    assert "搬迁的人" not in desk.get("/workers")
    assert "搬迁的人" in desk.done(f"/workers/searches/{row.id}/restore")


def test_the_openapi_document_names_every_filter(app: FastAPI) -> None:
    told = app.openapi()["paths"]["/v1/workers"]["get"]["parameters"]
    assert {
        "q", "region", "village", "hardship", "employed", "wants", "age_from", "age_to", "sex", "education", "skill",
        "relocated", "destination", "follow_up", "doubt", "restricted", "limit", "cursor", "sort",
    } <= {each["name"] for each in told}  # fmt: skip


def test_a_colleagues_filter_is_removed_and_not_taken_over(
    people: dict[str, int], visitor: Callable[[str], Visitor], session_as: Callable[[str], Session]
) -> None:
    theirs = session_as("auditor")
    owner = theirs.connection().scalar(text("SELECT app_account()"))
    row = SavedSearch(
        account_id=owner, region="610728", name="同事的", wanted={"employed": False}, shared=True
    )
    theirs.add(row)
    theirs.commit()
    desk = visitor("zhenba")
    page = desk.get("/workers/searches")
    assert f"/workers/searches/{row.id}/remove" in page and f"/workers/searches/{row.id}/keep" not in page
    refused = desk.post(f"/workers/searches/{row.id}/keep")
    assert refused.status_code == 422 and "只有存这个筛选的人" in refused.text
    assert "已删除“同事的”" in desk.done(f"/workers/searches/{row.id}/remove")
