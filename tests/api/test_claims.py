"""The payment file, the audit of claims, and what employers get."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

from python_calamine import CalamineWorkbook
from sqlalchemy import text
from sqlmodel import select
from starlette.testclient import TestClient

from models.benefit import BenefitClaim
from models.household import HardshipCategory, HardshipPeriod, Household
from models.spell import Evidence, EvidenceGrade, SpellKind
from models.worker import Worker
from outcomes.benefits.auditing import risks_of
from outcomes.benefits.catalogue import known_benefits

from .claiming import STAY, TRAVEL, Claimants, refused
from .conftest import made


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
    # Numbers, so that they can be added up in the sheet.
    assert lines[1][6] == 500.0 and isinstance(lines[1][6], float)
    assert lines[-1][6:8] == [1000.0, 100_000]
    assert sheets["汇总"][-1][2] == 1000.0
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


def test_nobody_is_paid_whose_work_was_taken_back_meanwhile(people: Claimants, west: TestClient) -> None:
    workers = [people.worker(name=f"测试{name}") for name in "甲乙丙"]
    batch = people.claimed(*workers)
    claims = people.noticed(batch)
    [spell] = made(west.get("/v1/spells", params={"worker_id": workers[0]}))["items"]
    made(west.post(f"/v1/spells/{spell['id']}/void", json={"reason": "mistaken"}))
    detail = refused(people.step("approve", claims), 409, "claim-step")
    assert "有1条申领的条件已经变化" in detail and "没有办理任何一条" in detail
    made(west.post("/v1/claims/refuse", json={"claim_ids": claims[:1], "reason": "务工记录有误"}))
    made(people.step("approve", claims[1:]))
    people.session.execute(text("UPDATE worker SET restricted = true WHERE id = :id"), {"id": workers[1]})
    people.session.commit()
    assert "有1条" in refused(people.step("pay", claims[1:]), 409, "claim-step")
    assert made(people.step("pay", claims[2:]))["moved"] == 1


def test_the_approver_neither_draws_nor_the_auditor_answers(
    people: Claimants, west: TestClient, clerk: Callable[[str], TestClient]
) -> None:
    batch = people.claimed(people.worker())
    people.approved(batch)
    assert "别人抽查" in refused(
        west.post("/v1/claim-audits", json={"batch_id": batch["id"], "seed": "mine"}), 409, "claim-step"
    )


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
    assert people.employer(name="镇巴测试车间", kind="workshop") != factory
    page = made(west.get("/v1/benefits/employers"))
    found = page["items"]
    # The other has nobody poverty-relieved: it is counted, and listed where that is asked.
    assert [item["employer"]["id"] for item in found] == [factory] and page["fewer"] == 1
    every = made(west.get("/v1/benefits/employers", params={"least": 0}))
    # A workshop has no benefit of its own; whose posts are public ones is no key employer.
    people.employer(name="镇巴测试管理站", kind="public_post")
    assert (every["total"], every["without_benefit"], page["without_benefit"]) == (2, 1, 0)
    assert made(west.get("/v1/benefits/employers", params={"least": 0}))["total"] == 2
    assert made(west.get("/v1/benefits/employers", params={"least": 2}))["total"] == 0
    assert found[0]["relieved"] == 1
    behind = f"/v1/benefits/employers/{factory}/workers"
    at_work = made(west.get(behind, params={"who": "at_work"}))
    assert at_work["total"] == found[0]["relieved"] and at_work["items"][0]["started_on"] == "2021-03-01"
    assert made(west.get(behind, params={"who": "after_3"}))["total"] == found[0]["after_3"]["cases"] == 0
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
    refused(other.get(behind), 404, "not-found")
    assert len(made(west.get(f"/v1/employers/{factory}/benefits"))["items"]) == 2
    assert made(west.get("/v1/claims", params={"employer_id": factory}))["items"][0]["employer"]["label"]


def test_key_employers_stand_by_how_many_they_have_and_how_well_they_keep_them(
    people: Claimants, west: TestClient
) -> None:
    household = Household(number="TEST-K", region="610728001")
    people.session.add(household)
    people.session.flush()
    people.session.add(
        HardshipPeriod(
            household_id=household.identity, category=HardshipCategory.RELIEVED, from_on=date(2020, 1, 1)
        )
    )
    people.session.commit()
    many, keeps, few = (people.employer(name=f"镇巴测试{name}", kind="workshop") for name in "甲乙丙")

    def at(employer: int, count: int, ended: str | None) -> None:
        for _ in range(count):
            told = people.bodies.worker(household_id=household.identity)
            number = made(west.post("/v1/workers", json=told))["id"]
            people.spell(
                number, started="2021-03-01", ended=ended, region="610728", employer_id=employer,
                kind=SpellKind.WORKSHOP, observed_until=date(2021, 9, 20) if ended is None else None,
            )  # fmt: skip

    at(many, 3, None)
    at(many, 3, "2021-04-30")
    at(keeps, 2, None)
    at(keeps, 3, "2021-08-30")
    at(few, 1, None)
    path = "/v1/benefits/employers"
    items = made(west.get(path))["items"]
    assert [(each["employer"]["id"], each["relieved"]) for each in items] == [(many, 3), (keeps, 2), (few, 1)]
    assert [each["after_3"] for each in items] == [
        {"cases": 6, "stayed": 3, "share": 0.5},
        {"cases": 5, "stayed": 5, "share": 1.0},
        {"cases": 1, "stayed": 1, "share": None},
    ]
    # Six months from 1 March are full on 31 August: who left on the 30th had not stayed.
    assert items[1]["after_6"] == {"cases": 5, "stayed": 2, "share": 0.4}
    kept = made(west.get(path, params={"sort": "-after_3"}))["items"]
    assert [each["employer"]["id"] for each in kept] == [keeps, few, many]
    first = made(west.get(path, params={"limit": 1}))
    rest = made(west.get(path, params={"limit": 1, "cursor": first["next_cursor"]}))
    assert rest["items"][0]["employer"]["id"] == keeps and rest["total"] == 3
    behind = made(west.get(f"{path}/{many}/workers", params={"who": "after_3"}))
    assert sum(each["after_3"] for each in behind["items"]) == 3 and behind["total"] == 6
    refused(west.get(path, params={"sort": "name"}), 422, "invalid")


def test_a_claim_of_a_record_that_went_up_in_another_is_that_persons(
    people: Claimants, west: TestClient
) -> None:
    kept, merged = people.worker(), people.worker()
    people.claimed(merged)
    row = people.session.get_one(Worker, merged)
    row.merged_into = kept
    people.session.add(row)
    people.session.commit()
    assert made(west.get(f"/v1/benefits/{TRAVEL}/entitled"))["total"] == 0
    body = {"benefit": TRAVEL, "year": 2021, "worker_ids": [kept]}
    refused(west.post("/v1/claims", json=body), 409, "already-claimed")
    standing = made(west.get(f"/v1/workers/{kept}/benefits"))["items"][0]
    assert standing["claim"]["state"]["code"] == "village_check"


def test_the_file_of_a_batch_names_nobody_who_is_only_stored(people: Claimants, west: TestClient) -> None:
    worker = people.worker()
    batch = people.claimed(worker)
    people.approved(batch)
    row = people.session.get_one(Worker, worker)
    row.restricted = True
    people.session.add(row)
    people.session.commit()
    lines = book(west.get(f"/v1/claims/batches/{batch['id']}/payment-file"))["发放明细"]
    assert "测试甲" not in str(lines) and lines[1][2] == ""
    assert lines[-1][7] == 50_000
