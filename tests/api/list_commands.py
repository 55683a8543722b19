"""Commands about the ledger's filters and about many people, each with rows on which its right body is carried out."""

from collections.abc import Callable
from typing import Any

from .conftest import made

SEARCH = {"name": "没上班的", "wanted": {"employed": False, "age_from": 16, "region": "610728"}}


def _of_number(stage: Any) -> Any:
    body = stage.world.bodies.worker()
    made(stage.west.post("/v1/workers", json=body))
    return stage.west, {}, {"number": body["id_number"]}


def _of_search(stage: Any) -> Any:
    kept = made(stage.west.post("/v1/worker-searches", json=SEARCH))
    return stage.west, {"search_id": kept["id"]}, {"name": "没上班的人", "shared": True}


LIST_COMMANDS: dict[str, Callable[[Any], Any]] = {
    "find_workers": _of_number,
    "create_worker_search": lambda stage: (stage.west, {}, SEARCH),
    "update_worker_search": _of_search,
    "create_bulk_action": lambda stage: (
        stage.west, {}, {"kind": "follow_up", "worker_ids": [stage.worker()], "due_on": "2021-09-27"},
    ),
}  # fmt: skip
