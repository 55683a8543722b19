"""批量操作: one act on many, person by person; who was not done and why; taken back within a day."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from api.bulk import asking, doing
from api.jobs.running import Cancelled, JobFailed, Running
from models.application import Application
from models.bulk_action import BulkAction
from models.notice import CallRequest, CallWhy
from models.record import AuditEvent

from .conftest import Visitor, World, made

BULKS = "/v1/bulk-actions"


def items(client: TestClient, bulk: Any, **asked: Any) -> dict[str, tuple[str, str | None]]:
    found = made(client.get(f"{BULKS}/{bulk['id']}/items", params=asked))["items"]
    return {each["worker"]["name"]: (each["state"]["code"], each["reason"]) for each in found}


def test_put_forward_for_one_post_but_for_whom_a_rule_rules_out(
    west: TestClient, east: TestClient, world: World, session_as: Callable[[str], Session]
) -> None:
    post = world.vacancy(max_age=40, title="平车工")
    young = world.worker(name="合适的")
    old = world.worker(
        name="超龄的", id_number=None, birth_date="1970-01-01", sex="male", intention={"wants": "out"}
    )
    known = world.worker(name="推荐过的")
    made(west.post("/v1/applications", json={"worker_id": known["id"], "vacancy_id": post["id"]}))
    people = [young["id"], old["id"], known["id"]]
    told = {"kind": "propose", "worker_ids": people, "vacancy_id": post["id"]}
    first = west.post(BULKS, json=told, headers={"Idempotency-Key": "b1"})
    bulk = made(first)
    assert west.post(BULKS, json=told, headers={"Idempotency-Key": "b1"}).content == first.content
    assert bulk["people"] | {"waiting": 0} == {
        "waiting": 0, "done": 1, "known": 1, "refused": 1, "undone": 0, "kept": 0,
    }  # fmt: skip
    assert items(west, bulk) == {
        "合适的": ("done", None),
        "超龄的": ("refused", "年龄不符"),
        "推荐过的": ("known", "已经推荐过这个岗位"),
    }
    assert "姓名" not in bulk["filter_words"] and bulk["filter_words"] == "选中的3人"
    session = session_as("zhenba")
    made_one = session.exec(select(Application).where(Application.worker_id == young["id"])).one()
    audit = select(AuditEvent.action).where(
        AuditEvent.noun == "application", AuditEvent.row_id == made_one.id
    )
    assert session.exec(audit).all() == ["create"], "recorded as a single act is"
    # The employer answers one; of the others nothing came.
    second = world.worker(name="第二个")
    more = made(west.post(BULKS, json=told | {"worker_ids": [second["id"]]}))
    made(east.post(f"/v1/applications/{made_one.id}/offer"))
    undone = made(west.post(f"{BULKS}/{bulk['id']}/undo"))
    assert (undone["people"]["undone"], undone["people"]["kept"]) == (0, 1)
    assert items(west, bulk, state="kept") == {"合适的": ("kept", "已经办到“已录用”")}
    assert made(west.post(f"{BULKS}/{more['id']}/undo"))["people"]["undone"] == 1
    mine = made(west.get("/v1/applications", params={"worker_id": second["id"]}))["items"][0]
    assert (mine["state"]["code"], mine["reason"]["code"]) == ("withdrawn", "mistaken")
    again = west.post(f"{BULKS}/{more['id']}/undo")
    assert again.status_code == 409 and again.json()["type"] == "/problems/bulk-undone"


def test_calls_are_arranged_by_a_filter_and_taken_off_by_the_county(
    west: TestClient,
    world: World,
    clerk: Callable[[str], TestClient],
    session_as: Callable[[str], Session],
    visitor: Callable[[str], Visitor],
) -> None:
    people = [world.worker(name=f"回访{at}") for at in "甲乙丙"]
    township = clerk("jingyang")
    told = {"kind": "follow_up", "wanted": {"employed": False}, "due_on": "2021-09-25"}
    bulk = made(township.post(BULKS, json=told))
    assert bulk["people"]["done"] == 3 and bulk["filter_words"] == "没有在岗"
    calls = made(west.get("/v1/call-requests"))["items"]
    assert {(each["why"]["code"], each["due_on"]) for each in calls} == {("arranged", "2021-09-25")}
    assert made(township.post(BULKS, json=told))["people"]["known"] == 3, "one open call a person"
    made(west.post(f"/v1/call-requests/{calls[0]['id']}/done"))
    # The neighbour sees nothing of it, the county takes it back: but for who was called since.
    assert clerk("yangxian").get(f"{BULKS}/{bulk['id']}").status_code == 404
    assert clerk("yangxian").post(f"{BULKS}/{bulk['id']}/undo").status_code == 404
    page = visitor("zhenba").done(f"/bulk-actions/{bulk['id']}/undo")
    assert "撤销<b>2</b>人" in page and "已经打过，或改过" in page and f"/workers/{people[0]['id']}" in page
    left = select(CallRequest).where(CallRequest.why == CallWhy.ARRANGED)
    assert len(session_as("zhenba").exec(left).all()) == 1
    gone = select(AuditEvent).where(AuditEvent.noun == "call_request", AuditEvent.action == "delete")
    assert len(session_as("zhenba").exec(gone).all()) == 2


def test_a_class_and_a_fair(
    west: TestClient, world: World, work: Callable[[], int], visitor: Callable[[str], Visitor]
) -> None:
    people = [world.worker(name=f"参训{at}")["id"] for at in "甲乙"]
    course = made(
        west.post("/v1/courses", json={"region": "610728", "name": "缝纫班", "started_on": "2021-09-21"})
    )["id"]
    desk = visitor("zhenba")
    page = desk.post("/bulk-actions/choose", kind="enrol", worker=people).text
    assert "选中的2人" in page and "缝纫班" in page
    page = desk.done("/bulk-actions", kind="enrol", worker=people, course_id=course)
    assert "已办<b>2</b>人" in page
    made(west.post(f"/v1/courses/{course}/complete", json={"worker_ids": people[:1], "completed": True}))
    number = made(west.get(BULKS))["items"][0]["id"]
    page = desk.done(f"/bulk-actions/{number}/undo")
    assert "已登记结业情况" in page and "撤销<b>1</b>人" in page
    assert len(made(west.get(f"/v1/courses/{course}/enrolments"))["items"]) == 1

    fair = {"region": "610728", "name": "秋季专场", "kind": "special", "held_on": "2021-09-28"}
    fair_id = made(west.post("/v1/fairs", json=fair))["id"]
    bulk = made(west.post(BULKS, json={"kind": "invite", "worker_ids": people, "fair_id": fair_id}))
    assert bulk["people"]["done"] == 2 and work() >= 1, "cards are made for whoever was invited"
    again = made(west.post(BULKS, json={"kind": "invite", "worker_ids": people, "fair_id": fair_id}))
    assert again["people"]["known"] == 2
    assert made(west.post(f"{BULKS}/{bulk['id']}/undo"))["people"]["undone"] == 2
    invited = made(west.get(f"/v1/fairs/{fair_id}/invitations"))["items"]
    assert all(each["revoked_at"] for each in invited)


def test_many_are_seen_to_by_a_job_block_by_block(
    west: TestClient, world: World, work: Callable[[], int], monkeypatch: pytest.MonkeyPatch,
    visitor: Callable[[str], Visitor],
) -> None:  # fmt: skip
    monkeypatch.setattr(asking, "AT_ONCE", 2)
    monkeypatch.setattr(doing, "BLOCK", 2)
    for at in "甲乙丙丁戊":
        world.worker(name=f"多人{at}")
    bulk = made(west.post(BULKS, json={"kind": "follow_up", "wanted": {}, "due_on": "2021-09-25"}))
    assert bulk["people"]["waiting"] == 5 and bulk["job"]["state"]["code"] == "queued"
    early = west.post(f"{BULKS}/{bulk['id']}/undo")
    assert early.status_code == 409 and early.json()["type"] == "/problems/bulk-under-way"
    desk = visitor("zhenba")
    assert 'hx-trigger="every 1s"' in desk.get(f"/bulk-actions/{bulk['id']}")
    work()
    done = made(west.get(f"{BULKS}/{bulk['id']}"))
    assert done["people"]["done"] == 5 and done["job"] is None and done["may_be_undone"]
    assert desk.client.get(f"/bulk-actions/{bulk['id']}/progress").headers["HX-Redirect"]
    job = made(west.get("/v1/jobs"))["items"][0]
    assert (job["state"]["code"], job["result"]["done"]) == ("done", 5)
    undone = made(west.post(f"{BULKS}/{bulk['id']}/undo"))
    assert undone["job"]["state"]["code"] == "queued"
    work()
    assert made(west.get(f"{BULKS}/{bulk['id']}"))["people"]["undone"] == 5


def test_all_are_named_by_their_number_before(
    world: World, visitor: Callable[[str], Visitor], session_as: Callable[[str], Session]
) -> None:
    world.worker(name="第一个")
    desk = visitor("zhenba")
    asked = {"kind": "follow_up", "all": "true", "employed": "false", "due_on": "2021-09-25"}
    page = desk.post("/bulk-actions/choose", **asked).text
    assert "现在共<b>1</b>人" in page and 'name="count" value="1"' in page and "安排回访：1人" in page
    world.worker(name="后来的")
    again = desk.post("/bulk-actions", count=1, **asked)
    assert again.status_code == 422 and "现在是2人，不是1人，没有办理" in again.text
    assert 'name="count" value="2"' in again.text
    assert desk.post("/bulk-actions", **asked).status_code == 422, "without a number nobody has agreed"
    assert session_as("zhenba").exec(select(BulkAction)).all() == []
    assert "已办<b>2</b>人" in desk.done("/bulk-actions", count=2, **asked)


def test_a_job_that_stopped_is_gone_on_with_or_undone(
    west: TestClient, world: World, work: Callable[[], int], monkeypatch: pytest.MonkeyPatch,
    visitor: Callable[[str], Visitor], clerk: Callable[[str], TestClient],
) -> None:  # fmt: skip
    monkeypatch.setattr(asking, "AT_ONCE", 2)
    monkeypatch.setattr(doing, "BLOCK", 2)
    people = [world.worker(name=f"停{at}")["id"] for at in "甲乙丙丁戊"]
    fair = {"region": "610728", "name": "秋季专场", "kind": "special", "held_on": "2021-09-28"}
    fair_id = made(west.post("/v1/fairs", json=fair))["id"]
    desk = visitor("zhenba")
    told = {"kind": "invite", "worker_ids": people, "fair_id": fair_id}
    path = f"/bulk-actions/{made(west.post(BULKS, json=told))['id']}"
    number = path.rpartition("/")[2]
    # It waits still: it ends at once, nobody was done, and the others of the county know it.
    assert "停止" in desk.get(path)
    page = desk.done(f"{path}/stop")
    assert "没有办完" in page and "继续办其余的5人" in page and "还有5人没有办" in page
    seen = made(clerk("hanzhong").get(f"{BULKS}/{number}"))
    assert not seen["under_way"] and seen["stopped_why"] == "已取消" and seen["may_go_on"]
    # Gone on with, and stopped after the first block: two are invited, and get their cards.
    assert made(west.post(f"{BULKS}/{number}/go-on"))["under_way"]
    assert made(clerk("hanzhong").get(f"{BULKS}/{number}"))["under_way"]
    with monkeypatch.context() as stopping:
        stopping.setattr(Running, "progress", _stop)
        work()
    half = made(west.get(f"{BULKS}/{number}"))
    assert (half["people"]["done"], half["people"]["waiting"], half["finished_at"]) == (2, 3, None)
    assert half["may_be_undone"] and half["may_go_on"] and not half["under_way"]
    kinds = [each["kind"] for each in made(west.get("/v1/jobs"))["items"]]
    assert any("fair" in str(kind) for kind in kinds), "whoever was invited gets a card"
    # A failure is told with its reason; what was done by then can be taken back, and after that nothing goes on.
    desk.done(f"{path}/go-on")
    with monkeypatch.context() as failing:
        failing.setattr(doing, "work", _fail)
        work()
    page = desk.get(path)
    assert "请换一个时间再试" in page and "继续办其余的3人" in page and "撤销这2人的" in page
    page = desk.done(f"{path}/undo")
    assert "撤销<b>2</b>人" in page and "继续办" not in page
    late = west.post(f"{BULKS}/{number}/go-on")
    assert late.status_code == 409 and late.json()["type"] == "/problems/bulk-nothing-left"


def _stop(*_: Any, **__: Any) -> None:
    raise Cancelled


def _fail(*_: Any, **__: Any) -> int:
    raise JobFailed("请换一个时间再试。")


def test_what_may_not_be_asked(
    west: TestClient, world: World, clerk: Callable[[str], TestClient], session_as: Callable[[str], Session]
) -> None:
    person = world.worker()["id"]
    told = {"kind": "follow_up", "worker_ids": [person], "due_on": "2021-09-25"}
    assert clerk("auditor").post(BULKS, json=told).status_code == 403
    assert clerk("yangxian").post(BULKS, json=told).status_code == 404
    for wrong in (
        {"worker_ids": None}, {"wanted": {}}, {"due_on": None}, {"due_on": "2020-01-01"}, {"course_id": 1},
        {"kind": "enrol"}, {"caller_id": 999_999},
    ):  # fmt: skip
        body = {name: value for name, value in (told | wrong).items() if value is not None}
        answer = west.post(BULKS, json=body)
        assert answer.status_code == 422, wrong
    elsewhere = {"kind": "propose", "worker_ids": [person], "vacancy_id": 2**40}
    assert west.post(BULKS, json=elsewhere).status_code == 404
    bulk = made(west.post(BULKS, json=told))
    session = session_as("zhenba")
    row = session.exec(select(BulkAction).where(col(BulkAction.id) == bulk["id"])).one()
    assert row.finished_at is not None
    row.finished_at -= timedelta(hours=25)
    session.add(row)
    session.commit()
    late = west.post(f"{BULKS}/{bulk['id']}/undo")
    assert late.status_code == 409 and late.json()["type"] == "/problems/bulk-too-late"
    assert session_as("zhenba").connection().scalar(text("SELECT count(*) FROM call_request")) == 1
