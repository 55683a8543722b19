"""Money that was paid and whose ground fell away: found by itself, listed with its reason, and settled."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from models.spell import SpellKind

from .claiming import TRAVEL, Claimants, refused
from .conftest import Visitor, made
from .test_benefit_pages import words

LIST, RECOVER = "/v1/claims/to-recover", "/v1/claims/recover"


def test_what_was_paid_on_work_that_was_taken_back_is_to_be_recovered(
    people: Claimants, west: TestClient, visitor: Callable[[str], Visitor], clerk: Callable[[str], TestClient]
) -> None:
    mistaken, other = people.worker(), people.worker(name="测试乙")
    claims = people.paid(people.claimed(mistaken, other))
    desk = visitor("zhenba")
    assert made(west.get(LIST))["total"] == 0
    assert "已发放的按现在的记录都符合条件" in words(desk.get("/benefits/claims/to-recover"))
    people.voided(mistaken)
    found = made(west.get(LIST))
    assert (found["total"], found["fen"]) == (1, 50_000)
    assert found["items"][0]["claim"]["worker"]["id"] == mistaken
    assert found["items"][0]["reason"].startswith("按现在的记录不符合条件：")
    assert "1条补贴发了以后不再符合条件" in words(desk.get("/today"))
    assert "已发放，应核实追回按现在的记录不符合条件" in words(desk.get(f"/workers/{mistaken}"))
    assert "应核实追回" not in words(desk.get(f"/workers/{other}"))
    standings = made(west.get(f"/v1/workers/{mistaken}/benefits"))["items"]
    assert [each["benefit"]["code"] for each in standings if each["groundless"]] == [TRAVEL]
    told = {"claim_ids": claims, "recovery": "recovered", "reason": "本人已退回，见收据"}
    assert "有1条不用追回" in refused(west.post(RECOVER, json=told), 409, "claim-step")
    refused(clerk("auditor").post(RECOVER, json=told), 403, "not-allowed")
    page = "/benefits/claims/to-recover"
    assert "1条已发放的，按现在的记录不该发或者发多了，共500元" in words(desk.get(page))
    assert "请先选择" in desk.post(page, recovery="recovered", reason="已退回").text
    mine = found["items"][0]["claim"]["id"]
    assert "都符合条件" in words(desk.done(page, claim=mine, recovery="recovered", reason="已退回"))
    assert made(west.get(LIST))["total"] == 0
    assert "已发放，已追回" in words(desk.get(f"/workers/{mistaken}"))
    [*_, event] = made(west.get(f"/v1/claims/{mine}/events"))["items"]
    assert (event["recovery"]["code"], event["reason"]) == ("recovered", "已退回")
    assert made(west.get(f"/v1/claims/{mine}"))["recovery"]["label"] == "已追回"
    refused(west.post(RECOVER, json=told | {"claim_ids": [mine]}), 409, "claim-step")
    assert made(clerk("yangxian").get(LIST))["total"] == 0


def test_what_was_not_asked_back_is_said_with_its_reason(people: Claimants, west: TestClient) -> None:
    worker = people.worker()
    claims = people.paid(people.claimed(worker))
    people.session.execute(
        text("UPDATE employment_spell SET ended_on = '2021-08-30' WHERE worker_id = :id"), {"id": worker}
    )
    people.session.commit()
    assert made(west.get(LIST))["total"] == 1
    bare = {"claim_ids": claims, "recovery": "waived"}
    refused(west.post(RECOVER, json=bare), 422, "invalid")
    assert made(west.post(RECOVER, json=bare | {"reason": "差一天，局务会定"})) == {"moved": 1, "fen": 50_000}
    assert made(west.get(LIST))["total"] == 0


def test_an_employer_that_was_paid_for_one_too_many_owes_that_one(
    people: Claimants, west: TestClient
) -> None:
    factory = people.employer(kind="community_factory", opened_on=date(2021, 1, 15))
    workers = [made(west.post("/v1/workers", json=people.bodies.worker()))["id"] for _ in range(2)]
    for worker in workers:
        people.spell(
            worker, started="2021-03-01", ended=None, region="610728", employer_id=factory,
            kind=SpellKind.COMMUNITY_FACTORY, contract_months=12,
        )  # fmt: skip
    body = {"benefit": "shaanxi_2017_factory_jobs", "year": 2021, "employer_ids": [factory]}
    people.paid(made(west.post("/v1/claims", json=body)))
    assert made(west.get(LIST))["total"] == 0
    people.voided(workers[0])
    [found] = made(west.get(LIST))["items"]
    assert (found["fen"], found["reason"]) == (100_000, "按现在的记录应发1000元，多发了1000元")


def test_nothing_is_said_of_who_may_only_be_stored_and_a_merged_record_is_the_persons(
    people: Claimants, west: TestClient
) -> None:
    stored, merged, kept = people.worker(), people.worker(), people.worker()
    people.paid(people.claimed(stored, merged))
    people.session.execute(text("UPDATE worker SET restricted = true WHERE id = :id"), {"id": stored})
    people.session.execute(
        text("UPDATE worker SET merged_into = :kept WHERE id = :id"), {"id": merged, "kept": kept}
    )
    people.session.commit()
    assert made(west.get(LIST))["total"] == 0


@pytest.mark.parametrize("step", ["pay", "approve"])
def test_a_claim_that_was_paid_says_so(people: Claimants, step: str) -> None:
    claims = people.paid(people.claimed(people.worker()))
    detail = refused(people.step(step, claims), 409, "claim-step")
    assert "条件已经变化" not in detail
    assert ("已经登记过发放（最近一次是2021年9月20日）" in detail) is (step == "pay")
