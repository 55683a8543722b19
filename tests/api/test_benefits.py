"""政策待遇 over REST: who is entitled, who has not claimed, the way of a claim, the payment file, the audit."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from starlette.testclient import TestClient

from models.worker import Worker

from .claiming import STAY, TRAVEL, Claimants, refused
from .conftest import made


def paid(people: Claimants, on: Callable[[str], None], batch: dict[str, Any]) -> list[int]:
    """Its claims, all the way: notice on 20 September, five days, approved and paid on the 25th."""
    claims = people.claims(batch)
    made(people.step("notice", claims))
    on("2021-09-25")
    made(people.step("approve", claims))
    made(people.step("pay", claims))
    return claims


def test_the_benefits_are_listed_with_what_is_known(west: TestClient) -> None:
    found = {item["code"]: item for item in made(west.get("/v1/benefits"))["items"]}
    assert found["yushe_2025"]["amounts"] == "金额未知"
    assert found["yushe_2025"]["amount_known"] is False
    assert found["chongxin_2024"]["amounts"] == "400元；600元；300元；200元"
    assert found["qiandongnan_stay"]["rule_is_ours"] is True
    mine = {item["code"] for item in made(west.get("/v1/benefits", params={"region": "610728"}))["items"]}
    assert mine == {TRAVEL, STAY, "shaanxi_2017_factory_jobs", "shaanxi_2017_factory_rent"}


def test_a_person_is_entitled_or_not_yet_or_paid(
    people: Claimants, west: TestClient, on: Callable[[str], None]
) -> None:
    full, short = people.worker(), people.worker(started="2021-06-02", ended="2021-08-31")
    near = people.worker(region="610728")

    def of(worker: int) -> dict[str, Any]:
        items = made(west.get(f"/v1/workers/{worker}/benefits"))["items"]
        return {item["benefit"]["code"]: item for item in items}

    assert set(of(full)) == {TRAVEL, STAY}
    entitled = of(full)[TRAVEL]
    assert entitled["state"]["code"] == "entitled"
    assert (entitled["amount"]["fen"], entitled["since"]) == (50_000, "2021-08-31")
    assert of(full)[STAY]["amount"] == {"fen": None, "most": None, "words": "金额未知"}
    assert "不满3个月" in of(short)[TRAVEL]["missing"][0]
    assert of(near)[TRAVEL]["missing"] == ["务工地点不属于“其他省外、结对东部地区”，或没有登记"]
    assert of(near)[STAY]["state"]["code"] == "entitled"
    batch = people.claimed(full)
    assert of(full)[TRAVEL]["claim"]["state"]["code"] == "village_check"
    paid(people, on, batch)
    assert (of(full)[TRAVEL]["state"]["code"], of(full)[TRAVEL]["amount"]["fen"]) == ("paid", 50_000)
    # Paid for this year: not again in the next, for this benefit.
    next_year = made(west.get(f"/v1/workers/{full}/benefits", params={"year": 2022, "as_of": "2022-12-31"}))
    assert "2021年已领过500元" in next_year["items"][0]["missing"][0]


def test_who_is_entitled_and_has_not_claimed(
    people: Claimants, west: TestClient, clerk: Callable[[str], TestClient]
) -> None:
    workers = [people.worker() for _ in range(3)] + [people.worker(region="610728001", started="2021-08-01")]
    path = f"/v1/benefits/{TRAVEL}/entitled"
    found = made(west.get(path, params={"limit": 2}))
    assert [item["worker"]["id"] for item in found["items"]] == workers[:2]
    assert (found["total"], found["sum"]) == (3, {"count": 3, "fen": 150_000, "most": 0, "unknown": 0})
    more = made(west.get(path, params={"limit": 2, "cursor": found["next_cursor"]}))
    assert [item["worker"]["id"] for item in more["items"]] == [workers[2]] and more["next_cursor"] is None
    people.claimed(workers[0])
    assert made(west.get(path))["sum"]["fen"] == 100_000
    summed = {
        item["benefit"]["code"]: item["sum"] for item in made(west.get("/v1/benefits/unclaimed"))["items"]
    }
    assert summed[TRAVEL] == {"count": 2, "fen": 100_000, "most": 0, "unknown": 0}
    assert summed[STAY] == {"count": 3, "fen": 0, "most": 0, "unknown": 3}
    assert made(west.get(path, params={"region": "610728002"}))["total"] == 0
    refused(west.get(path, params={"region": "610723"}), 403, "outside-scope")
    assert made(clerk("yangxian").get(path, params={"region": "610723"}))["total"] == 0
    assert made(west.get(path, params={"year": 2019}))["total"] == 0
    refused(west.get("/v1/benefits/nonsense/entitled"), 404, "not-found")


def test_who_is_only_stored_is_nowhere(people: Claimants, west: TestClient) -> None:
    worker = people.worker()
    row = people.session.get_one(Worker, worker)
    row.restricted = True
    people.session.add(row)
    people.session.commit()
    assert made(west.get(f"/v1/benefits/{TRAVEL}/entitled"))["total"] == 0
    assert made(west.get(f"/v1/workers/{worker}/benefits"))["items"] == []
    body = {"benefit": TRAVEL, "year": 2021, "worker_ids": [worker]}
    refused(west.post("/v1/claims", json=body), 422, "invalid")


def test_a_claim_twice_is_refused_and_once_refused_may_come_again(
    people: Claimants, west: TestClient
) -> None:
    first, second = people.worker(), people.worker()
    batch = people.claimed(first)
    body = {"benefit": TRAVEL, "year": 2021, "worker_ids": [second, first]}
    assert "1个已经申领过" in refused(west.post("/v1/claims", json=body), 409, "already-claimed")
    # All or none: the other has no claim either.
    assert made(west.get("/v1/claims", params={"worker_id": second}))["total"] == 0
    refusal = {"claim_ids": people.claims(batch), "reason": "公示期间有人反映情况不实"}
    assert made(west.post("/v1/claims/refuse", json=refusal))["moved"] == 1
    refused(west.post("/v1/claims/refuse", json=refusal), 409, "claim-step")
    assert made(west.post("/v1/claims", json=body))["claims"] == 2


def test_the_database_refuses_the_second_claim_by_itself(people: Claimants, west: TestClient) -> None:
    worker = people.worker()
    people.claimed(worker)
    connection = people.session.connection()
    with pytest.raises(Exception, match="uq_benefit_claim_worker_in_force"), connection.begin_nested():
        connection.execute(
            text(
                "INSERT INTO benefit_claim (created_at, batch_id, worker_id, region, benefit, year, state, reason, "
                "opened_on, is_demo) SELECT now(), batch_id, worker_id, region, benefit, year, 'village_check', '', "
                "opened_on, false FROM benefit_claim"
            )
        )


def test_only_who_is_entitled_claims_and_the_amount_is_the_benefits(
    people: Claimants, west: TestClient
) -> None:
    short, full = people.worker(ended="2021-08-30"), people.worker()
    body = {"benefit": TRAVEL, "year": 2021, "worker_ids": [short]}
    assert "1个还不能享受" in refused(west.post("/v1/claims", json=body), 422, "invalid")
    body["worker_ids"] = [full]
    refused(west.post("/v1/claims", json={**body, "amount": 60_000}), 422, "invalid")
    refused(west.post("/v1/claims", json={**body, "benefit": "shaanxi_2017_factory_jobs"}), 422, "invalid")
    refused(west.post("/v1/claims", json={**body, "benefit": "no_such"}), 422, "invalid")
    refused(west.post("/v1/claims", json={**body, "costs": 5}), 422, "invalid")
    refused(west.post("/v1/claims", json={**body, "worker_ids": [2**40]}), 422, "invalid")
    refused(west.post("/v1/claims", json={**body, "worker_ids": []}), 422, "invalid")
    assert made(west.post("/v1/claims", json={**body, "amount": 50_000}))["fen"] == 50_000


def test_the_way_of_a_claim(people: Claimants, west: TestClient, on: Callable[[str], None]) -> None:
    batch = people.claimed(people.worker(), people.worker())
    assert (batch["counts"], batch["fen"]) == ({"village_check": 2}, 100_000)
    claims = people.claims(batch)
    refused(people.step("approve", claims), 409, "claim-step")
    refused(people.step("pay", claims), 409, "claim-step")
    refused(people.step("notice", claims, "2021-09-21"), 422, "invalid")
    refused(people.step("notice", claims, "2021-09-19"), 409, "claim-step")
    assert made(people.step("notice", claims)) == {"moved": 2, "fen": 100_000}
    refused(people.step("notice", [claims[0], claims[0]]), 409, "claim-step")
    on("2021-09-24")
    assert "公示期还没有满" in refused(people.step("approve", claims), 409, "claim-step")
    on("2021-09-25")
    assert made(people.step("approve", claims[:1])) == {"moved": 1, "fen": 50_000}
    # One of two is not where the step begins: none takes it.
    refused(people.step("pay", claims), 409, "claim-step")
    assert made(people.step("pay", claims[:1]))["moved"] == 1
    refused(people.step("pay", claims[:1]), 409, "claim-step")
    refused(people.step("pay", [2**40]), 422, "invalid")
    again = made(west.get(f"/v1/claims/batches/{batch['id']}"))
    assert again["counts"] == {"paid": 1, "public_notice": 1}
    events = made(west.get(f"/v1/claims/{claims[0]}/events"))["items"]
    assert [(event["to_state"]["code"], event["on"], event["by"]) for event in events] == [
        ("village_check", "2021-09-20", "zhenba"), ("public_notice", "2021-09-20", "zhenba"),
        ("approved", "2021-09-25", "zhenba"), ("paid", "2021-09-25", "zhenba"),
    ]  # fmt: skip


def test_an_amount_that_is_not_known_is_told_before_approval(
    people: Claimants, west: TestClient, on: Callable[[str], None]
) -> None:
    batch = people.claimed(people.worker(), benefit=STAY)
    assert (batch["fen"], batch["unknown"]) == (0, 1)
    claims = people.claims(batch)
    made(people.step("notice", claims))
    on("2021-09-30")
    assert "还没有金额" in refused(people.step("approve", claims), 409, "claim-step")
    path = f"/v1/claims/{claims[0]}"
    assert west.patch(path, json={"amount": 31_850}).status_code == 428
    version = west.get(path).headers["ETag"]
    told = west.patch(path, json={"amount": 31_850}, headers={"If-Match": version})
    assert made(told)["amount"] == 31_850
    refused(west.patch(path, json={"amount": 1}, headers={"If-Match": version}), 412, "stale")
    made(people.step("approve", claims))
    late = west.patch(path, json={"amount": 1}, headers={"If-Match": west.get(path).headers["ETag"]})
    refused(late, 409, "claim-step")


def test_a_claim_is_seen_where_its_person_is_registered_and_moves_with_her(
    people: Claimants, clerk: Callable[[str], TestClient]
) -> None:
    batch = people.claimed(people.worker())
    claims = people.claims(batch)
    other = clerk("yangxian")
    assert made(other.get("/v1/claims"))["total"] == 0
    refused(other.get(f"/v1/claims/{claims[0]}"), 404, "not-found")
    refused(other.get(f"/v1/claims/batches/{batch['id']}"), 404, "not-found")
    refused(other.post("/v1/claims/notice", json={"claim_ids": claims}), 422, "invalid")
    assert made(clerk("jingyang").get("/v1/claims"))["total"] == 1
    refused(clerk("jingyang").post("/v1/claims/approve", json={"claim_ids": claims}), 403, "not-allowed")
    refused(clerk("tongzhou").get("/v1/claims"), 403, "not-allowed")


def test_the_same_key_opens_one_batch(people: Claimants, west: TestClient) -> None:
    body = {"benefit": TRAVEL, "year": 2021, "worker_ids": [people.worker()]}
    headers = {"Idempotency-Key": "one"}
    first, again = (west.post("/v1/claims", json=body, headers=headers) for _ in range(2))
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json() and again.headers["Idempotent-Replayed"] == "true"


def test_a_benefit_of_the_countys_own_file(
    app: FastAPI, settings: Any, people: Claimants, west: TestClient, tmp_path: Any
) -> None:
    file = tmp_path / "own.toml"
    file.write_text(
        '[[benefit]]\ncode = "own"\nname = "本县补贴"\nregion = "610728"\nfrom_year = 2021\nparty = "worker"\n'
        'tiers = [{ rule = "reference_3_months", amount_yuan = 120 }]\n',
        encoding="utf-8",
    )
    people.worker()
    app.state.settings = settings.model_copy(update={"benefits_file": file})
    assert made(west.get("/v1/benefits/own/entitled"))["sum"]["fen"] == 12_000
