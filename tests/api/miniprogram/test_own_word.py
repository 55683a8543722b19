"""Still there, payslips, difficulties, call-backs: what a person says of herself, and what the bureau sees of it."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from ..stand_in import Fake
from .conftest import Phone, Someone, made

PNG = b"\x89PNG\r\n\x1a\n" + b"a payslip"
NANTONG = {"latitude": 32.065, "longitude": 121.073}


@pytest.fixture
def at_work(world: Any, west: TestClient, bound: Callable[..., Someone]) -> Phone:
    """Somebody bound who has worked in the east since the beginning of September."""
    person = bound()
    post = world.vacancy(valid_from="2021-08-20")
    application = made(
        west.post("/v1/applications", json={"worker_id": person.row["id"], "vacancy_id": post["id"]})
    )
    made(west.post(f"/v1/applications/{application['id']}/start", json={"started_on": "2021-09-01"}))
    return person.phone


def evidence(west: TestClient, spell_id: int) -> list[dict[str, Any]]:
    return list(made(west.get(f"/v1/spells/{spell_id}/evidence"))["items"])


def test_still_there_is_proof_of_grade_d(at_work: Phone, west: TestClient) -> None:
    said = made(at_work.post(f"{at_work.mine}/check-ins"))
    assert (said["grade"]["code"], said["observed_until"], said["county"]) == ("D", "2021-09-20", None)
    assert said["next_on"] == "2021-10-20"
    [proof] = evidence(west, said["spell_id"])
    assert (proof["grade"]["code"], proof["covers_from"], proof["covers_to"]) == (
        "D",
        "2021-09-01",
        "2021-09-20",
    )
    contacts = made(west.get(f"/v1/workers/{at_work.worker_id}/contacts"))
    [contact] = contacts["items"] if isinstance(contacts, dict) else contacts
    assert (contact["means"]["code"], contact["found"]["code"]) == ("wechat", "at_work")
    assert at_work.post(f"{at_work.mine}/check-ins", {"told_on": "2021-09-21"}).status_code == 422
    assert at_work.post(f"{at_work.mine}/check-ins", {"told_on": "2021-08-01"}).status_code == 422


def test_a_place_only_with_a_consent_of_its_own_and_kept_as_county(at_work: Phone, connection: Any) -> None:
    refused = at_work.post(f"{at_work.mine}/check-ins", NANTONG)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/place-not-agreed")
    assert made(at_work.get(f"{at_work.mine}/check-ins"))["items"] == [], "nothing was kept"
    made(at_work.post(f"{at_work.mine}/consents/check_in"))
    said = made(at_work.post(f"{at_work.mine}/check-ins", NANTONG))
    assert said["county"]["code"] == "320612"
    connection.execute(text("SELECT set_config('app.worker', :id, true)"), {"id": str(at_work.worker_id)})
    [row] = connection.execute(text("SELECT * FROM check_in")).mappings().all()
    assert "121.07" not in str(dict(row)) and "32.06" not in str(dict(row))
    sea = made(at_work.post(f"{at_work.mine}/check-ins", {"latitude": 0, "longitude": 0}))
    assert sea["county"] is None
    made(at_work.post(f"{at_work.mine}/consents/check_in/withdraw"))
    assert at_work.post(f"{at_work.mine}/check-ins", NANTONG).status_code == 409
    assert at_work.post(f"{at_work.mine}/check-ins", {"latitude": 32.0}).status_code == 422


def test_who_is_not_at_work_is_told_what_to_do(bound: Callable[..., Someone]) -> None:
    mine = bound().phone
    for path, body in (("check-ins", {}), ("problems", {"difficulty": "pay"})):
        answer = mine.post(f"{mine.mine}/{path}", body)
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/not-at-work")
        assert "要求回电" in answer.json()["detail"]


def test_a_payslip_raises_the_grade_once_a_human_has_looked(at_work: Phone, west: TestClient) -> None:
    def send(month: str = "2021-09", content: bytes = PNG) -> Any:
        return at_work.post(
            f"{at_work.mine}/payslips", data={"month": month}, files={"file": ("工资条.png", content)}
        )

    sent = made(send())
    assert (sent["state"], sent["covers_from"], sent["covers_to"]) == ("waiting", "2021-09-01", "2021-09-20")
    assert send().json()["type"] == "/problems/already-proved"
    assert send("2021-10").status_code == 422
    assert send("2021-06").json()["type"] == "/problems/not-at-work"
    assert send(content=b"MZ no picture").status_code == 422
    [proof] = evidence(west, sent["spell_id"])
    assert (proof["grade"]["code"], len(proof["attachments"])) == ("D", 1)
    [asked] = made(west.get("/v1/payslips"))["items"]
    assert (asked["id"], asked["worker"], len(asked["links"])) == (sent["id"], "测试甲", 1)
    taken = made(west.post(f"/v1/payslips/{sent['id']}/decide", json={"kind": "wage_flow"}))
    assert (taken["grade"]["code"], taken["covers_to"], len(taken["attachments"])) == ("B", "2021-09-20", 1)
    assert made(west.get("/v1/payslips"))["items"] == []
    assert made(at_work.get(f"{at_work.mine}/payslips"))["items"][0]["state"] == "accepted"
    again = west.post(f"/v1/payslips/{sent['id']}/decide", json={"kind": "wage_flow"})
    assert again.json()["type"] == "/problems/already-decided"


def test_a_payslip_of_somebody_else_is_withdrawn(at_work: Phone, west: TestClient) -> None:
    sent = made(
        at_work.post(f"{at_work.mine}/payslips", data={"month": "2021-09"}, files={"file": ("a.png", PNG)})
    )
    assert west.post(f"/v1/payslips/{sent['id']}/decide", json={"kind": "certificate"}).status_code == 422
    made(west.post(f"/v1/payslips/{sent['id']}/decide", json={"reason": "other_person"}))
    assert evidence(west, sent["spell_id"]) == []
    assert made(at_work.get(f"{at_work.mine}/payslips"))["items"][0]["state"] == "refused"


def test_a_difficulty_is_on_the_bureaus_list(at_work: Phone, west: TestClient, fake: Fake) -> None:
    told = made(
        at_work.post(f"{at_work.mine}/problems", {"difficulty": "unpaid", "words": "八月的工资还没有发"})
    )
    assert (told["due_on"], told["state"]["code"]) == ("2021-09-27", "open")
    [task] = made(west.get("/v1/support-tasks"))["items"]
    assert task["difficulty"]["code"] == "unpaid"
    contacts = west.get(f"/v1/workers/{at_work.worker_id}/contacts").text
    assert "八月的工资还没有发" in contacts
    version = {"If-Match": f'"{task["version"]}"'}
    made(west.post(f"/v1/support-tasks/{told['id']}/done", json={"outcome": "已补发"}, headers=version))
    [seen] = made(at_work.get(f"{at_work.mine}/problems"))["items"]
    assert (seen["state"]["code"], seen["outcome"]) == ("done", "已补发")
    assert fake.state.calls["/wxa/msg_sec_check"] == 1


def test_risky_words_are_not_taken_and_wechat_away_keeps_nobody_silent(
    at_work: Phone, fake: Fake, west: TestClient
) -> None:
    risky = at_work.post(f"{at_work.mine}/problems", {"difficulty": "pay", "words": "这是违规测试"})
    assert (risky.status_code, risky.json()["errors"][0]["code"]) == (422, "risky")
    assert made(west.get("/v1/support-tasks"))["items"] == []
    fake.fault("/wxa/msg_sec_check", broken="page")
    made(at_work.post(f"{at_work.mine}/problems", {"difficulty": "pay", "words": "工资少了"}))


def test_please_call_me(bound: Callable[..., Someone], west: TestClient, clerk: Any) -> None:
    mine = bound().phone
    asked = made(mine.post(f"{mine.mine}/calls", {"words": "想问补贴"}))
    assert asked["due_on"] == "2021-09-22"
    again = mine.post(f"{mine.mine}/calls", {"words": "还在吗"})
    assert (again.status_code, again.json()["type"]) == (409, "/problems/already-asked")
    [row] = made(west.get("/v1/call-requests"))["items"]
    assert (row["worker"], row["wish"], row["speaker"]["code"], row["telephone"]) == (
        "测试甲", "想问补贴", "self", "100****0001",
    )  # fmt: skip
    assert made(clerk("yangxian").get("/v1/call-requests"))["items"] == []
    done = made(west.post(f"/v1/call-requests/{asked['id']}/done"))
    assert (done["done_on"], done["done_by"]) == ("2021-09-20", "zhenba")
    assert west.post(f"/v1/call-requests/{asked['id']}/done").status_code == 409
    assert made(west.get("/v1/call-requests"))["total"] == 0
    assert made(mine.get(f"{mine.mine}/calls"))["items"][0]["done_on"] == "2021-09-20"
    made(mine.post(f"{mine.mine}/consents/service/withdraw"))
    made(mine.post(f"{mine.mine}/calls", {"words": "想恢复"}))
    assert made(west.get("/v1/call-requests"))["total"] == 1, "who is only stored may ask for a human"
