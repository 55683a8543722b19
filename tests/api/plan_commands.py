"""Commands about plans, each with rows on which its right body is carried out."""

from collections.abc import Callable
from typing import Any

from .planned import Planning

CHOICE = {
    "region": "610728",
    "departs_on": "2021-09-25",
    "quotas": [{"group": "monitored", "percent": 20}],
}


def draft(stage: Any) -> tuple[int, int]:
    """A draft, and somebody in it."""
    planning = Planning(stage.world, stage.intake.work, stage.session_as)
    [person], _ = planning.people(1), planning.posts(2)
    return int(planning.plan()["id"]), person


def _choosing(**more: Any) -> Callable[[Any], Any]:
    def told(stage: Any) -> Any:
        draft(stage)
        return stage.west, {}, CHOICE | more

    return told


def _deciding(stage: Any) -> Any:
    number, person = draft(stage)
    return stage.west, {"match_plan_id": number}, {"items": [{"kind": "keep_out", "worker_id": person}]}


def _approving(stage: Any) -> Any:
    number, person = draft(stage)
    return stage.west, {"match_plan_id": number}, {"worker_ids": [person]}


PLAN_COMMANDS: dict[str, Callable[[Any], Any]] = {
    "approve_match_plan_persons": _approving,
    "create_match_plan": _choosing(name="第一批", seed=1),
    "decide_match_plan": _deciding,
    "preview_match_plan": _choosing(),
}
