"""政策待遇 over REST: who is entitled, who has not claimed, the way of a claim, the payment file, the audit."""

from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from fastapi import FastAPI
from python_calamine import CalamineWorkbook
from sqlalchemy import text
from sqlmodel import Session, select
from starlette.testclient import TestClient

from api.deps import get_today
from models.benefit import BenefitClaim
from models.household import HardshipCategory, HardshipPeriod, Household
from models.spell import Evidence, EvidenceGrade, SpellKind
from models.worker import Worker
from outcomes.benefits.auditing import risks_of
from outcomes.benefits.catalogue import known_benefits

from .claiming import STAY, TRAVEL, Claimants
from .conftest import made


@pytest.fixture
def people(west: TestClient, session_as: Callable[[str], Session]) -> Claimants:
    return Claimants(west, session_as)


@pytest.fixture
def on(app: FastAPI) -> Iterator[Callable[[str], None]]:
    """Sets the business date."""

    def set_to(day: str) -> None:
        app.dependency_overrides[get_today] = lambda: date.fromisoformat(day)

    yield set_to
    app.dependency_overrides.clear()


def refused(answer: Any, status: int, name: str) -> str:
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert body["type"] == f"/problems/{name}"
    return str(body["detail"])


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


def book(answer: Any) -> dict[str, list[list[Any]]]:
    assert answer.status_code == 200, answer.text
    opened = CalamineWorkbook.from_filelike(BytesIO(answer.content))
    return {name: opened.get_sheet_by_name(name).to_python() for name in opened.sheet_names}


def test_the_payment_file_reconciles_and_hides_numbers(
    people: Claimants, west: TestClient, on: Callable[[str], None], clerk: Callable[[str], TestClient]
) -> None:
    number = people.bodies.worker()["id_number"]
    batch = people.claimed(people.worker(id_number=number), people.worker())
    path = f"/v1/claims/batches/{batch['id']}/payment-file"
    refused(west.get(path), 409, "claim-step")
    claims = people.claims(batch)
    made(people.step("notice", claims))
    on("2021-09-25")
    made(people.step("approve", claims))
    made(people.step("pay", claims[:1]))
    sheets = book(west.get(path))
    lines = sheets["发放明细"]
    assert lines[1][1] == "测试甲" and "*" in lines[1][2] and number not in str(lines)
    assert lines[-1][6:8] == ["1000.00", 100_000]
    assert sum(line[7] for line in lines[1:-1]) == lines[-1][7] == sheets["汇总"][-1][3] == 100_000
    assert [row[:2] for row in sheets["汇总"][1:]] == [["已审批", 1], ["已发放", 1], ["合计", 2]]
    refused(west.get(path, params={"masked": False}), 422, "invalid")
    full = book(west.get(path, params={"masked": False, "reason": "交银行发放补贴"}))
    assert full["发放明细"][1][2] == number
    refused(clerk("auditor").get(path), 403, "not-allowed")


def test_an_audit_is_drawn_answered_and_concluded(
    people: Claimants, west: TestClient, on: Callable[[str], None], clerk: Callable[[str], TestClient]
) -> None:
    batch = people.claimed(*[people.worker() for _ in range(3)])
    auditor, body = clerk("auditor"), {"batch_id": batch["id"], "seed": "2021-09"}
    refused(auditor.post("/v1/claim-audits", json=body), 409, "claim-step")
    claims = people.claims(batch)
    made(people.step("notice", claims))
    on("2021-09-25")
    made(people.step("approve", claims))
    drawn = made(auditor.post("/v1/claim-audits", json=body))
    # Of three a fifth is one, and two are the least.
    assert (drawn["claims"], drawn["drawn"], drawn["seed"]) == (3, 2, "2021-09")
    assert {item["claim"]["id"] for item in drawn["items"]} < set(claims)
    assert drawn["items"][0]["risk"] == 3 and drawn["items"][0]["risk_reasons"] == ["没有C级以上佐证"]
    refused(auditor.post("/v1/claim-audits", json=body), 409, "claim-step")
    path = f"/v1/claim-audits/{drawn['items'][0]['id']}"
    words = {"words": "合同复印件没有盖章，请补"}
    assert "别人抽查" in refused(west.post(f"{path}/find", json=words), 409, "claim-step")
    refused(west.post(f"{path}/reply", json=words), 409, "claim-step")
    refused(auditor.post(f"{path}/conclude", json={"conclusion": "sound"}), 409, "claim-step")
    assert made(auditor.post(f"{path}/find", json=words))["state"]["code"] == "found"
    refused(auditor.post(f"{path}/reply", json=words), 403, "not-allowed")
    assert made(west.post(f"{path}/reply", json={"words": "已补盖章的复印件"}))["state"]["code"] == "replied"
    refused(west.post(f"{path}/conclude", json={"conclusion": "sound"}), 409, "claim-step")
    done = made(auditor.post(f"{path}/conclude", json={"conclusion": "mended"}))
    assert (done["state"]["label"], done["conclusion"]["label"]) == ("已结论", "已更正")
    assert made(auditor.get("/v1/claim-audits", params={"state": "concluded"}))["total"] == 1


def test_risk_falls_with_proof(people: Claimants, west: TestClient) -> None:
    proved, other = people.worker(), people.worker()
    spell = people.session.connection().scalar(
        text("SELECT id FROM employment_spell WHERE worker_id = :worker"), {"worker": proved}
    )
    people.session.add(
        Evidence(
            spell_id=spell, grade=EvidenceGrade.C, covers_from=date(2021, 6, 1), covers_to=date(2021, 6, 30)
        )
    )
    people.session.commit()
    people.claimed(proved, other, benefit=STAY)
    claims = people.session.exec(select(BenefitClaim)).all()
    risks = risks_of(people.session, claims, known_benefits(demonstration=True))
    told = {claim.worker_id: risks[claim.identity] for claim in claims}
    assert told == {
        proved: [(1, "金额由人工填写")],
        other: [(2, "没有C级以上佐证"), (1, "金额由人工填写")],
    }


def test_key_employers_with_what_they_are_entitled_to(
    people: Claimants, west: TestClient, clerk: Callable[[str], TestClient]
) -> None:
    factory = people.employer(kind="community_factory", opened_on=date(2021, 1, 15))
    at = {"employer_id": factory, "kind": SpellKind.COMMUNITY_FACTORY, "contract_months": 12}
    household = Household(number="TEST-R", region="610728001")
    people.session.add(household)
    people.session.flush()
    people.session.add(
        HardshipPeriod(
            household_id=household.identity, category=HardshipCategory.RELIEVED, from_on=date(2020, 1, 1)
        )
    )
    people.session.commit()
    for worker in range(3):
        more = {"household_id": household.identity} if worker == 0 else {}
        number = made(west.post("/v1/workers", json=people.bodies.worker(**more)))["id"]
        people.spell(number, started="2021-03-01", ended=None, region="610728", **at)
    found = made(west.get("/v1/benefits/employers"))["items"]
    assert [item["employer"]["id"] for item in found] == [factory]
    standings = {item["benefit"]["code"]: item for item in found[0]["benefits"]}
    jobs, rent = standings["shaanxi_2017_factory_jobs"], standings["shaanxi_2017_factory_rent"]
    assert (jobs["state"]["code"], jobs["heads"], jobs["amount"]["fen"]) == ("entitled", 3, 300_000)
    assert (rent["state"]["code"], rent["relieved"], rent["workers"]) == ("entitled", 1, 3)
    assert rent["amount"]["fen"] is None
    body = {
        "benefit": "shaanxi_2017_factory_rent",
        "year": 2021,
        "employer_ids": [factory],
        "costs": 1_234_567,
    }
    batch = made(west.post("/v1/claims", json=body))
    assert batch["fen"] == 617_283
    refused(west.post("/v1/claims", json=body), 409, "already-claimed")
    other = clerk("yangxian")
    assert made(other.get("/v1/benefits/employers"))["items"] == []
    assert made(other.get("/v1/claims"))["total"] == 0
    refused(other.get(f"/v1/employers/{factory}/benefits"), 404, "not-found")
    assert len(made(west.get(f"/v1/employers/{factory}/benefits"))["items"]) == 2
    assert made(west.get("/v1/claims", params={"employer_id": factory}))["items"][0]["employer"]["label"]


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
