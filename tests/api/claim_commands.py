"""The commands of claims and of their audit, each with rows on which its right body is carried out."""

from collections.abc import Callable
from typing import Any

from .claiming import STAY, TRAVEL

Told = tuple[Any, dict[str, Any], dict[str, Any]]


def _of_claims(step: str, **more: Any) -> Callable[[Any], Told]:
    """A claim that stands where `step` begins."""

    def told(stage: Any) -> Told:
        batch = stage.claimants.claimed(stage.claimants.worker())
        ready = {"approve": stage.claimants.noticed, "pay": stage.claimants.approved}
        return stage.west, {}, {"claim_ids": ready.get(step, stage.claimants.claims)(batch), **more}

    return told


def _of_amount(stage: Any) -> Told:
    batch = stage.claimants.claimed(stage.claimants.worker(), benefit=STAY)
    return stage.west, {"claim_id": stage.claimants.claims(batch)[0]}, {"amount": 31_850}


def _of_draw(stage: Any) -> Told:
    batch = stage.claimants.claimed(stage.claimants.worker())
    stage.claimants.approved(batch)
    return stage.clerk("auditor"), {}, {"batch_id": batch["id"], "seed": "2021-09"}


def _of_audit(who: str, *steps: str, **body: Any) -> Callable[[Any], Told]:
    def told(stage: Any) -> Told:
        return stage.clerk(who), {"audit_id": stage.claimants.audit(stage.clerk("auditor"), *steps)}, body

    return told


def _of_recovery(stage: Any) -> Told:
    worker = stage.claimants.worker()
    claims = stage.claimants.paid(stage.claimants.claimed(worker))
    stage.claimants.voided(worker)
    return stage.west, {}, {"claim_ids": claims, "recovery": "recovered", "reason": "已退回"}


CLAIM_COMMANDS: dict[str, Callable[[Any], Told]] = {
    "approve_claims": _of_claims("approve"),
    "conclude_claim_audit": _of_audit("auditor", "find", "reply", conclusion="sound"),
    "create_claims": lambda stage: (
        stage.west,
        {},
        {"benefit": TRAVEL, "year": 2021, "worker_ids": [stage.claimants.worker()]},
    ),
    "draw_claim_audit": _of_draw,
    "find_claim_audit": _of_audit("auditor", words="合同没有盖章"),
    "notice_claims": _of_claims("notice"),
    "pay_claims": _of_claims("pay"),
    "recover_claims": _of_recovery,
    "refuse_claims": _of_claims("refuse", reason="情况不实"),
    "reply_claim_audit": _of_audit("zhenba", "find", words="已补"),
    "update_claim": _of_amount,
}
"""By operation who sends it, what its address names, and a body that is carried out; given the stage of
`test_bad_commands`."""
