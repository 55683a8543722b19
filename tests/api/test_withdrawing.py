"""佐证 that was entered by mistake: it proves nothing any more, stays to be read, and can be put in force again."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from models.record import AuditEvent
from models.spell import Evidence
from outcomes.benefits.people import people_of

from .conftest import Visitor, made
from .test_evidence import PDF, problem, prove, spell

__all__ = ["spell"]
Clerk = Callable[[str], TestClient]


def withdraw(client: TestClient, told: dict[str, Any], spell_id: int, **changes: Any) -> Any:
    body = {"reason": "other_person"} | changes
    return client.post(f"/v1/spells/{spell_id}/evidence/{told['id']}/withdraw", json=body)


def restore(client: TestClient, told: dict[str, Any], spell_id: int) -> Any:
    return client.post(f"/v1/spells/{spell_id}/evidence/{told['id']}/restore")


def in_force(client: TestClient, spell_id: int, **params: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = made(client.get(f"/v1/spells/{spell_id}/evidence", params=params))["items"]
    return items


def test_it_counts_as_if_it_had_never_been_there(west: TestClient, spell: dict[str, Any]) -> None:
    path, line = f"/v1/spells/{spell['id']}", f"/v1/workers/{spell['worker_id']}/timeline"
    told = made(prove(west, spell["id"], ("流水.pdf", PDF)))
    before = made(west.get(line))
    assert (before["spells"][0]["verified_days"], made(west.get(path))["observed_until"]) == (
        15, "2021-09-15",
    )  # fmt: skip
    gone = made(withdraw(west, told, spell["id"]))
    assert gone["withdrawn"]["because"] == {"code": "other_person", "label": "是别人的材料"}
    assert gone["withdrawn"]["by"]
    after = made(west.get(line))
    assert (after["spells"][0]["verified_days"], after["spells"][0]["evidence"]) == (0, [])
    assert made(west.get(path))["observed_until"] == spell["observed_until"]
    assert after["stability"]["days"] < before["stability"]["days"]
    assert in_force(west, spell["id"]) == []
    assert [each["id"] for each in in_force(west, spell["id"], withdrawn=True)] == [told["id"]]
    problem(withdraw(west, told, spell["id"]), 409, "evidence-withdrawn")

    again = made(restore(west, told, spell["id"]))
    assert again["withdrawn"] is None
    restored = made(west.get(line))
    before["spells"][0]["spell"]["version"] = restored["spells"][0]["spell"]["version"]
    assert restored == before
    problem(restore(west, told, spell["id"]), 409, "evidence-in-force")


def test_the_paper_is_opened_from_the_history_alone(
    west: TestClient, clerk: Clerk, spell: dict[str, Any], session_as: Callable[[str], Session]
) -> None:
    told = made(prove(west, spell["id"], ("流水.pdf", PDF)))
    link = told["attachments"][0]["link"]
    gone = made(withdraw(west, told, spell["id"]))
    problem(west.get(f"{link}?reason=check"), 409, "evidence-withdrawn")
    assert gone["attachments"][0]["link"] == f"{link}?withdrawn=true"
    assert west.get(f"{link}?withdrawn=true&reason=check").content == PDF
    attach = f"/v1/spells/{spell['id']}/evidence/{told['id']}/attachments"
    problem(west.post(attach, files={"file": ("二.pdf", PDF + b"2")}), 409, "evidence-withdrawn")
    events = session_as("zhenba").exec(
        select(AuditEvent).where(AuditEvent.noun == "evidence").order_by(col(AuditEvent.id))
    )
    assert [(row.action, row.row_id) for row in events] == [
        ("create", told["id"]), ("update", told["id"]),
    ]  # fmt: skip
    changes = made(west.get(f"/v1/workers/{spell['worker_id']}/history"))["items"]
    [change] = [each for each in changes if each["noun"]["code"] == "evidence" and each["action"]["code"] == "update"]  # fmt: skip
    assert [field["field"]["label"] for field in change["fields"]] == ["撤回原因"]
    assert "是别人的材料" in [field["after"] for field in change["fields"]]


def test_who_may_enter_may_withdraw(west: TestClient, clerk: Clerk, spell: dict[str, Any]) -> None:
    told = made(prove(west, spell["id"]))
    problem(withdraw(clerk("tongzhou"), told, spell["id"]), 403, "not-allowed")
    problem(withdraw(clerk("yangxian"), told, spell["id"]), 404, "not-found")
    problem(withdraw(west, told, spell["id"], reason="whim"), 422, "invalid")
    problem(withdraw(west, {"id": told["id"] + 1}, spell["id"]), 404, "not-found")
    assert in_force(west, spell["id"])[0]["withdrawn"] is None


def test_the_place_of_work_cannot_even_in_the_database(
    west: TestClient, spell: dict[str, Any], session_as: Callable[[str], Session]
) -> None:
    made(prove(west, spell["id"]))
    east = session_as("tongzhou").connection()
    assert east.execute(text("SELECT count(*) FROM evidence")).scalar() == 1
    take = "UPDATE evidence SET withdrawn_at = now(), withdrawn_because = 'untrue'"
    assert east.execute(text(take)).rowcount == 0
    with pytest.raises(ProgrammingError, match="permission denied"):
        session_as("zhenba").connection().execute(text("UPDATE evidence SET covers_to = '2021-12-31'"))


def test_two_that_rest_on_each_other(west: TestClient, spell: dict[str, Any]) -> None:
    path = f"/v1/spells/{spell['id']}"
    first = made(prove(west, spell["id"], covers_to="2021-09-10"))
    second = made(prove(west, spell["id"], covers_to="2021-09-18"))
    made(withdraw(west, first, spell["id"]))
    assert made(west.get(path))["observed_until"] == "2021-09-18"
    made(withdraw(west, second, spell["id"]))
    assert made(west.get(path))["observed_until"] == spell["observed_until"]
    made(restore(west, first, spell["id"]))
    assert made(west.get(path))["observed_until"] == "2021-09-10"


def test_what_somebody_saw_stays_seen(
    west: TestClient, east: TestClient, spell: dict[str, Any], session_as: Callable[[str], Session]
) -> None:
    path = f"/v1/spells/{spell['id']}"
    paper = made(prove(west, spell["id"], covers_to="2021-09-18"))
    met = {"found": "at_work", "means": "on_site", "found_on": "2021-09-12"}
    made(east.post(f"{path}/confirm", json=met))
    made(withdraw(west, paper, spell["id"]))
    assert made(west.get(path))["observed_until"] == "2021-09-12"
    [seen] = in_force(west, spell["id"])
    assert (seen["label"], seen["kind"]["code"]) == ("C级：现场见到本人在岗", "sighting")
    made(west.post(f"/v1/workers/{spell['worker_id']}/contacts", json={"found": "at_work", "means": "visit"}))
    [called] = [each for each in in_force(west, spell["id"]) if each["kind"]["code"] == "visit"]
    assert called["label"] == "D级：上门或服务站走访"
    made(withdraw(west, called, spell["id"]))
    assert made(west.get(path))["observed_until"] == "2021-09-20", "the call itself stays"


def test_withdrawn_stays_so_when_the_spell_is_corrected(west: TestClient, spell: dict[str, Any]) -> None:
    told = made(prove(west, spell["id"], ("流水.pdf", PDF)))
    other = made(prove(west, spell["id"], covers_to="2021-09-12"))
    made(withdraw(west, told, spell["id"]))
    correct = {"started_on": "2021-08-26", "reason": "核对"}
    fresh = made(west.post(f"/v1/spells/{spell['id']}/correct", json=correct))
    assert [each["covers_to"] for each in in_force(west, fresh["id"])] == ["2021-09-12"]
    [copy] = in_force(west, fresh["id"], withdrawn=True)
    assert west.get(f"{copy['attachments'][0]['link']}&reason=check").content == PDF
    problem(withdraw(west, other, spell["id"]), 409, "already-corrected")
    made(restore(west, copy, fresh["id"]))
    assert len(in_force(west, fresh["id"])) == 2
    assert west.get(f"{told['attachments'][0]['link']}?reason=check").status_code == 200, (
        "one paper, wherever it stands"
    )


def test_it_is_not_restored_against_the_record(west: TestClient, spell: dict[str, Any]) -> None:
    told = made(prove(west, spell["id"]))
    made(withdraw(west, told, spell["id"]))
    made(prove(west, spell["id"]))
    problem(restore(west, told, spell["id"]), 409, "already-proved")
    [twin] = in_force(west, spell["id"])
    made(withdraw(west, twin, spell["id"], reason="twice"))
    made(
        west.post(f"/v1/spells/{spell['id']}/end", json={"ended_on": "2021-09-10", "leave_reason": "family"})
    )
    problem(restore(west, told, spell["id"]), 409, "evidence-contradicted")


def test_a_claim_is_judged_again(west: TestClient, spell: dict[str, Any], session_as: Callable[[str], Session]) -> None:  # fmt: skip
    """Who is entitled is told by evidence in force."""
    told = made(prove(west, spell["id"]))
    made(withdraw(west, told, spell["id"]))
    session = session_as("zhenba")
    assert session.exec(select(Evidence)).one().withdrawn_because is not None
    found = people_of(session, {}, date(2021, 9, 20), worker_ids=[spell["worker_id"]])
    assert [each.evidence for each in found[spell["worker_id"]].spells] == [()]


def test_on_the_page(west: TestClient, visitor: Callable[[str], Visitor], spell: dict[str, Any]) -> None:
    told = made(prove(west, spell["id"], ("流水.pdf", PDF)))
    desk, path = visitor("zhenba"), f"/spells/{spell['id']}/evidence/{told['id']}"
    page = f"/workers/{spell['worker_id']}"
    assert "撤回这条佐证" in desk.get(f"{page}/timeline")
    answer = desk.post(f"{path}/withdraw", reason="")
    assert (answer.status_code, "请选择为什么撤回" in answer.text) == (422, True)
    shown = desk.done(f"{path}/withdraw", reason="wrong_days")
    assert "另有1条佐证已经撤回" in shown
    assert "还没有佐证" in desk.get(page)
    history = desk.get(f"{page}/history")
    assert "撤回：起止日期填错" in history
    assert f'action="{path}/attachments/{told["attachments"][0]["id"]}"' in history
    paper = f"{path}/attachments/{told['attachments'][0]['id']}"
    assert desk.client.get(paper, params={"reason": "check"}).status_code == 409
    assert "有佐证的<b>15</b>天" in desk.done(f"{path}/restore")
    assert "已撤回的佐证" not in desk.get(f"{page}/history")
