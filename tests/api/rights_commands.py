"""Commands about people's rights, each with rows on which its right body is carried out."""

from collections.abc import Callable
from datetime import date
from typing import Any

from api.miniprogram.binding import ask_binding
from api.miniprogram.saying import PAYSLIP
from models.consent import Speaker
from models.spell import Evidence, EvidenceGrade, ProofKind

from .conftest import made


def _of_worker(**body: Any) -> Callable[[Any], Any]:
    return lambda stage: (stage.west, {"worker_id": stage.worker()}, body)


def _of_review(stage: Any) -> Any:
    path = f"/v1/workers/{stage.worker()}/review-requests"
    asked = made(stage.west.post(path, json={"about": "ranking", "wish": "请人来看"}))
    return stage.west, {"review_id": asked["id"]}, {"outcome": "kept", "answer": "看过了"}


def _of_binding(stage: Any) -> Any:
    body = stage.world.bodies.worker()
    made(stage.west.post("/v1/workers", json=body))
    session = stage.session_as("zhenba")
    found, _, _ = ask_binding(
        session, stage.keyring, number=body["id_number"], name=body["name"], speaker=Speaker.SELF,
        telephone=None, today=date(2021, 9, 20),
    )  # fmt: skip
    session.commit()
    return stage.west, {"binding_id": found}, {"agreed": True}


def _of_payslip(stage: Any) -> Any:
    day = date(2021, 9, 20)
    session = stage.session_as("zhenba")
    row = Evidence(
        spell_id=stage.world.spell()["id"], grade=EvidenceGrade.D, kind=ProofKind.STATEMENT, covers_from=day,
        covers_to=day, source=PAYSLIP,
    )  # fmt: skip
    session.add(row)
    session.flush()
    number = row.identity
    session.commit()
    return stage.west, {"evidence_id": number}, {"kind": "wage_flow"}


RIGHTS_COMMANDS: dict[str, Callable[[Any], Any]] = {
    "answer_review": _of_review,
    "decide_binding": _of_binding,
    "decide_payslip": _of_payslip,
    "create_consent": _of_worker(purpose="messages", means="paper", form_number="7", until="2021-12-31"),
    "create_review": _of_worker(about="ranking", wish="请人来看"),
    "erase_worker": _of_worker(reason="request"),
    "withdraw_consent": _of_worker(purpose="ranking"),
}
RIGHTS_CREATING = {"create_consent", "create_review", "erase_worker", "withdraw_consent"}
