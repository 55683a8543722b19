"""What is kept while nothing has changed: seen anew by whoever may see the change, and by nobody of another scope."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from api import remembered as module
from api.remembered import remembered

from .conftest import World, made

DAY = date(2021, 9, 20)


@pytest.fixture
def asked(session_as: Callable[[str], Session]) -> Callable[..., tuple[int, Any]]:
    """Asks as a clerk; how often it was reckoned by then, and what was answered."""
    times: list[int] = []

    def ask(who: str, what: Any = DAY, seconds: int = 600) -> tuple[int, Any]:
        session = session_as(who)

        def reckon() -> int:
            times.append(1)
            return len(times)

        answer = remembered(session, ("counted", what), reckon, seconds=seconds)
        return len(times), answer

    return ask


def test_it_is_reckoned_anew_after_a_change_and_not_before(
    asked: Callable[..., tuple[int, Any]], world: World, west: TestClient, clerk: Callable[[str], TestClient]
) -> None:
    person = world.worker()["id"]
    assert asked("zhenba") == (1, 1) == asked("zhenba")
    # Another scope, another day and another question are others.
    assert asked("yangxian") == (2, 2)
    assert asked("zhenba", date(2021, 9, 21)) == (3, 3)
    assert asked("zhenba") == (3, 1), "what others asked changes nothing"
    made(west.post(f"/v1/workers/{person}/contacts", json={"found": "not_reached"}))
    assert asked("zhenba") == (4, 4)
    assert asked("yangxian") == (4, 2), "of what changed elsewhere nothing is seen here"
    made(west.get("/v1/workers"))
    assert asked("zhenba") == (4, 4)


def test_it_is_not_kept_for_ever_nor_of_everything(
    asked: Callable[..., tuple[int, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert asked("zhenba", seconds=0) == (1, 1) and asked("zhenba", seconds=0) == (2, 2)
    assert asked("zhenba") == (3, 3)
    monkeypatch.setattr(module, "MOST", 1)
    assert asked("zhenba", "another") == (4, 4)
    assert asked("zhenba") == (5, 5), "the longest unasked for goes first"
    monkeypatch.setattr(module.time, "monotonic", lambda: 10.0**9)
    assert asked("zhenba") == (6, 6)
