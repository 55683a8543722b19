"""People who are entitled to the demonstration's benefit, and the way of their claims."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlmodel import Session
from starlette.testclient import TestClient

from models.benefit import BenefitClaim, ClaimBatch
from models.employer import Employer
from models.spell import EmploymentSpell, SpellKind

from .conftest import Bodies, made

TRAVEL, STAY = "demo_travel", "demo_stay"
"""500 yuan for three months out of the province; and one whose amount is not known."""


class Claimants:
    """People of 镇巴 with work from 1 June 2021: on 20 September their three months are full."""

    def __init__(self, west: TestClient, session_as: Callable[[str], Session]) -> None:
        self.west, self.session, self.bodies = west, session_as("zhenba"), Bodies()

    def worker(
        self,
        *,
        started: str = "2021-06-01",
        ended: str | None = "2021-08-31",
        region: str = "320612",
        **more: Any,
    ) -> int:
        """A person with a spell."""
        worker = made(self.west.post("/v1/workers", json=self.bodies.worker(**more)))
        self.spell(int(worker["id"]), started=started, ended=ended, region=region)
        return int(worker["id"])

    def spell(self, worker_id: int, *, started: str, ended: str | None, region: str, **more: Any) -> None:
        """A spell of somebody."""
        row = EmploymentSpell(**{
            "worker_id": worker_id, "region": region, "kind": SpellKind.FLEXIBLE,
            "started_on": date.fromisoformat(started), "ended_on": date.fromisoformat(ended) if ended else None,
            **more,
        })  # fmt: skip
        self.session.add(row)
        self.session.commit()

    def employer(self, **told: Any) -> int:
        """An employer that 镇巴 keeps."""
        row = Employer(**{"name": "镇巴测试社区工厂", "region": "610728", "kept_by": "610728", **told})
        self.session.add(row)
        self.session.commit()
        return row.identity

    def employer_claim(self, employer: int) -> int:
        """A claim of an employer's."""
        told: dict[str, Any] = {"region": "610728", "benefit": "shaanxi_2017_factory_jobs", "year": 2021}
        day, by = date(2021, 9, 20), self.session.connection().scalar(text("SELECT app_account()"))
        batch = ClaimBatch(**told, opened_on=day, account_id=by)
        self.session.add(batch)
        self.session.flush()
        claim = BenefitClaim(**told, batch_id=batch.identity, employer_id=employer, opened_on=day)
        self.session.add(claim)
        self.session.commit()
        return claim.identity

    def claimed(self, *workers: int, benefit: str = TRAVEL, year: int = 2021, **more: Any) -> dict[str, Any]:
        """A batch of claims."""
        body = {"benefit": benefit, "year": year, "worker_ids": list(workers), **more}
        return made(self.west.post("/v1/claims", json=body))

    def claims(self, batch: dict[str, Any]) -> list[int]:
        """The numbers of its claims, oldest first."""
        found = made(self.west.get("/v1/claims", params={"batch_id": batch["id"], "limit": 200}))
        return sorted(item["id"] for item in found["items"])

    def step(self, step: str, claims: list[int], on: str | None = None) -> Any:
        """The answer to a step of several claims."""
        return self.west.post(f"/v1/claims/{step}", json={"claim_ids": claims, **({"on": on} if on else {})})

    def approved(self, batch: dict[str, Any]) -> list[int]:
        """Its claims, approved; their public notice began early enough for that."""
        claims = self.noticed(batch)
        made(self.step("approve", claims))
        return claims

    def paid(self, batch: dict[str, Any]) -> list[int]:
        """Its claims, paid."""
        claims = self.approved(batch)
        made(self.step("pay", claims))
        return claims

    def voided(self, worker_id: int) -> None:
        """Take the work of somebody back."""
        [spell] = made(self.west.get("/v1/spells", params={"worker_id": worker_id}))["items"]
        made(self.west.post(f"/v1/spells/{spell['id']}/void", json={"reason": "mistaken"}))

    def noticed(self, batch: dict[str, Any]) -> list[int]:
        """Its claims, whose public notice is over."""
        claims = self.claims(batch)
        made(self.step("notice", claims))
        self.session.execute(
            text("UPDATE benefit_claim SET notice_on = '2021-09-10' WHERE id = ANY (:ids)"), {"ids": claims}
        )
        self.session.commit()
        return claims

    def audit(self, auditor: TestClient, *steps: str) -> int:
        """The first audit that is drawn from a batch, after `steps`."""
        batch = self.claimed(self.worker())
        self.approved(batch)
        drawn = made(auditor.post("/v1/claim-audits", json={"batch_id": batch["id"]}))
        number = int(drawn["items"][0]["id"])
        for step in steps:
            client = self.west if step == "reply" else auditor
            made(client.post(f"/v1/claim-audits/{number}/{step}", json={"words": "已核对"}))
        return number


def refused(answer: Any, status: int, name: str) -> str:
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert body["type"] == f"/problems/{name}"
    return str(body["detail"])
