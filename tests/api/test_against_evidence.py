"""Work that is ended or corrected against its own proof: asked once, then done, shown and looked into."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from .conftest import Visitor, made
from .test_evidence import problem, prove, spell
from .test_withdrawing import in_force, withdraw

__all__ = ["spell"]
EARLY = {"ended_on": "2021-09-05", "leave_reason": "family"}
AGREED = {"against_evidence": True, "against_because": "paid_later"}


@pytest.fixture
def roster(west: TestClient, spell: dict[str, Any]) -> dict[str, Any]:
    """A roster says that the person was there until 15 September."""
    return made(prove(west, spell["id"], proof="stamped_roster"))


def doubts(west: TestClient) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = made(west.get("/v1/doubts?rule=D27&state=open"))["items"]
    return items


def test_it_is_asked_once_and_then_done(
    west: TestClient, spell: dict[str, Any], roster: dict[str, Any], work: Callable[[], int]
) -> None:
    path = f"/v1/spells/{spell['id']}"
    told = problem(west.post(f"{path}/end", json=EARLY), 409, "against-evidence")
    assert "B级：盖章名册，2021-09-01至2021-09-15" in told["detail"]
    assert [each["field"] for each in told["errors"]] == ["against_evidence"]
    assert made(west.get(path))["ended_on"] is None
    unsaid = west.post(f"{path}/end", json=EARLY | {"against_evidence": True})
    assert problem(unsaid, 422, "invalid")["errors"][0]["field"] == "against_because"
    assert doubts(west) == []

    assert made(west.post(f"{path}/end", json=EARLY | AGREED))["ended_on"] == "2021-09-05"
    [doubt] = doubts(west)
    assert "到2021-09-05为止" in doubt["what"] and "2021-09-15还在岗" in doubt["what"]
    assert doubt["link"] == f"/workers/{spell['worker_id']}/timeline"
    [each] = made(west.get(f"/v1/workers/{spell['worker_id']}/timeline"))["spells"]
    assert [proof["beyond"] for proof in each["evidence"]] == [True]
    assert each["verified_days"] == 5, "what lies beyond counts for nothing"
    changes = made(west.get(f"/v1/workers/{spell['worker_id']}/history"))["items"]
    assert "离岗后补发工资、补缴社保" in [
        field["after"] for change in changes for field in change["fields"] or ()
    ]  # fmt: skip

    # The next look at everything finds the same case, once; without the evidence it is mended.
    made(west.post("/v1/doubts/check", json={"region": "610728"}))
    work()
    assert [each["id"] for each in doubts(west)] == [doubt["id"]]
    made(withdraw(west, roster, spell["id"]))
    assert doubts(west) == []


def test_a_month_that_was_paid_says_nothing_of_the_day(west: TestClient, spell: dict[str, Any]) -> None:
    made(prove(west, spell["id"], proof="wage_flow"))
    made(west.post(f"/v1/spells/{spell['id']}/end", json=EARLY))
    assert [each["beyond"] for each in in_force(west, spell["id"])] == [False]
    assert doubts(west) == []


def test_the_month_after_does(west: TestClient, spell: dict[str, Any]) -> None:
    made(prove(west, spell["id"], proof="social_insurance"))
    late = {"ended_on": "2021-08-31", "leave_reason": "pay"}
    problem(west.post(f"/v1/spells/{spell['id']}/end", json=late), 409, "against-evidence")
    made(west.post(f"/v1/spells/{spell['id']}/end", json=late | AGREED))
    assert "社保缴费记录" in doubts(west)[0]["what"]


def test_a_correction_and_a_call_ask_too(
    west: TestClient, spell: dict[str, Any], roster: dict[str, Any]
) -> None:
    path = f"/v1/spells/{spell['id']}"
    later = {"started_on": "2021-09-04", "reason": "核对"}
    problem(west.post(f"{path}/correct", json=later), 409, "against-evidence")
    left = {"found": "left", "left_on": "2021-09-10", "leave_reason": "not_asked"}
    contacts = f"/v1/workers/{spell['worker_id']}/contacts"
    problem(west.post(contacts, json=left), 409, "against-evidence")
    fresh = made(west.post(f"{path}/correct", json=later | AGREED))
    assert "从2021-09-04开始" in doubts(west)[0]["what"]
    made(west.post(contacts, json=left | AGREED))
    [doubt] = doubts(west)
    assert "到2021-09-10为止" in doubt["what"]
    back = {"started_on": "2021-08-25", "ended_on": "2021-09-15", "reason": "弄错了"}
    made(west.post(f"/v1/spells/{fresh['id']}/correct", json=back))
    assert doubts(west) == [], "the record agrees with its proof again"


def test_why_somebody_left_is_said_by_whoever_ends_it(west: TestClient, spell: dict[str, Any]) -> None:
    path = f"/v1/spells/{spell['id']}/end"
    problem(west.post(path, json={"ended_on": "2021-09-05"}), 422, "invalid")
    ended = made(west.post(path, json={"ended_on": "2021-09-05", "leave_reason": "没有问到"}))
    assert ended["leave_reason"] == {"code": "not_asked", "label": "没有问到"}


def test_on_the_page_it_is_one_question(
    visitor: Callable[[str], Visitor], spell: dict[str, Any], roster: dict[str, Any]
) -> None:
    desk, path = visitor("zhenba"), f"/spells/{spell['id']}/end"
    page = f"/workers/{spell['worker_id']}"
    assert "与佐证不一致，仍按这个日期登记吗" not in desk.get(page)
    answer = desk.post(path, ended_on="2021-09-05", reason="")
    assert (answer.status_code, "请先选择原因" in answer.text) == (422, True)
    answer = desk.post(path, ended_on="2021-09-05", reason="family")
    assert answer.status_code == 409
    assert "与佐证不一致，仍按这个日期登记吗" in answer.text
    assert "B级：盖章名册，2021-09-01至2021-09-15" in answer.text
    assert 'value="2021-09-05"' in answer.text and 'value="family" selected' in answer.text
    shown = desk.done(
        path, ended_on="2021-09-05", reason="family", against_evidence="true", against_because="doubtful"
    )
    assert "超出记录" in shown and "佐证超出务工记录" in shown + desk.get("/doubts")
    assert "超出记录" in desk.get(f"{page}/timeline")
