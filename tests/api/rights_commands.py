"""Commands about people's rights, each with rows on which its right body is carried out."""

from collections.abc import Callable
from typing import Any

from .conftest import made


def _of_worker(**body: Any) -> Callable[[Any], Any]:
    return lambda stage: (stage.west, {"worker_id": stage.worker()}, body)


def _of_review(stage: Any) -> Any:
    path = f"/v1/workers/{stage.worker()}/review-requests"
    asked = made(stage.west.post(path, json={"about": "ranking", "wish": "请人来看"}))
    return stage.west, {"review_id": asked["id"]}, {"outcome": "kept", "answer": "看过了"}


RIGHTS_COMMANDS: dict[str, Callable[[Any], Any]] = {
    "answer_review": _of_review,
    "create_consent": _of_worker(purpose="messages", means="paper", form_number="7", until="2021-12-31"),
    "create_review": _of_worker(about="ranking", wish="请人来看"),
    "erase_worker": _of_worker(reason="request"),
    "withdraw_consent": _of_worker(purpose="ranking"),
}
RIGHTS_CREATING = {"create_consent", "create_review", "erase_worker", "withdraw_consent"}
