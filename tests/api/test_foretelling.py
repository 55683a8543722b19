"""The order of calls by the hazards that were learned; by the region's own stays while nothing was."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from matching.learning.ranker import LearnedRanker
from matching.learning.training import learn
from matching.rankers import PriorRanker
from models.spell import EmploymentSpell, SpellKind
from tests.matching.learning.town import DAY, town

from .conftest import made
from .test_follow_ups import TODAY, calls


@pytest.fixture(scope="module")
def learned() -> LearnedRanker:
    past = town(2_000, seed=5)
    return LearnedRanker(learn(past.market, past.history, np.datetime64(DAY), seed=0))


@pytest.fixture
def at_post(world: Any, session_as: Callable[[str], Session]) -> Callable[..., int]:
    """Makes a person with this pay floor, five days at work at a post that pays 4,500; with `post` false no post is named."""
    post = world.vacancy(lodging=True, seats=9)

    def make(floor: int, *, post_named: bool = True) -> int:
        wish = {"wants": "out", "accepted_regions": ["320612"], "pay_floor": floor, "needs_lodging": True}
        worker = int(world.worker(intention=wish)["id"])
        session = session_as("zhenba")
        began = TODAY - timedelta(days=5)
        session.add(
            EmploymentSpell(
                worker_id=worker, kind=SpellKind.MARKET, region="320612", started_on=began, observed_until=began,
                origin_region="610728001", employer_id=post["employer_id"],
                vacancy_id=post["id"] if post_named else None,
            )
        )  # fmt: skip
        session.commit()
        return worker

    return make


def test_who_is_paid_below_the_floor_is_called_first_once_that_was_learned(
    at_post: Callable[..., int], west: TestClient, learned: LearnedRanker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one who would rather leave was entered last; by the region's stays all are alike and go by number."""
    content, bare, short = at_post(3000), at_post(3000, post_named=False), at_post(6500)
    monkeypatch.setattr("api.foretelling.in_force", lambda *_, **__: PriorRanker())
    before = calls(west)
    assert [call["worker"]["id"] for call in before] == [content, bare, short]
    assert len({round(call["chance"], 6) for call in before}) == 1
    monkeypatch.setattr("api.foretelling.in_force", lambda *_, **__: learned)
    after = {call["worker"]["id"]: call for call in calls(west)}
    assert next(iter(after)) == short
    assert after[short]["chance"] > after[content]["chance"] > 0
    assert after[bare]["chance"] != after[content]["chance"]


def test_nobody_at_work_is_nobody_to_call(
    west: TestClient, learned: LearnedRanker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.foretelling.in_force", lambda *_, **__: learned)
    assert calls(west) == [] and made(west.get("/v1/follow-ups"))["items"] == []
