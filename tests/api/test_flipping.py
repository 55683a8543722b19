"""Two people alike but for sex, ethnicity and disability get the same list, and stand alike in every list; for either ranker."""

from datetime import date
from itertools import count
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from api.learned.serving import Serving
from matching.learning.ranker import LearnedRanker
from matching.learning.training import learn
from models.id_number import demo_id_number
from models.worker import Sex
from tests.matching.learning.town import DAY, town

from .conftest import made

Twins = tuple[dict[str, Any], dict[str, Any]]
_numbers = count(1)
OTHERWISE = [
    {"sex": Sex.MALE},
    {"ethnicity": "苗族"},
    {"disability_grade": 2},
    {"sex": Sex.MALE, "ethnicity": "布依族", "disability_grade": 4},
]


@pytest.fixture(scope="module")
def learned() -> LearnedRanker:
    past = town(1_500, seed=4)
    found = learn(past.market, past.history, np.datetime64(DAY), seed=0)
    assert found.stay.line is not None and found.hire.line is not None
    return LearnedRanker(found)


@pytest.fixture(params=["prior", "learned"])
def ranker(request: pytest.FixtureRequest, learned: LearnedRanker, monkeypatch: pytest.MonkeyPatch) -> str:
    """The ranker in force."""
    name: str = request.param
    serving = Serving(1, DAY, learned.learned) if name == "learned" else Serving()
    monkeypatch.setattr("api.recommending.what_serves", lambda *_: serving)
    return name


@pytest.fixture(params=OTHERWISE, ids=str)
def twins(request: pytest.FixtureRequest, world: Any) -> Twins:
    """Two people; the second is otherwise in what may not matter."""

    def person(sex: Sex = Sex.FEMALE, **told: Any) -> dict[str, Any]:
        number = demo_id_number(date(1990, 3, 15), 300_000 + next(_numbers), sex)
        found: dict[str, Any] = world.worker(id_number=number, **{"ethnicity": "汉族"} | told)
        return found

    return person(), person(**request.param)


def plainly(item: dict[str, Any]) -> dict[str, Any]:
    """What a line says but for whom it is of."""
    return {name: item[name] for name in ("score", "p_hire", "p_stay_90", "p_stay_180", "reasons", "flags")}


def test_they_get_the_same_posts_for_the_same_reasons(
    world: Any, west: TestClient, twins: Twins, ranker: str
) -> None:
    for pay in (4200, 5200, 6000):
        world.vacancy(pay_min=pay, pay_max=pay + 500, lodging=pay > 5000)
    one, other = (made(west.get(f"/v1/workers/{each['id']}/matches")) for each in twins)
    assert one["ranker"] == other["ranker"] == ranker
    assert len(one["items"]) == 3 and len({item["score"] for item in one["items"]}) == 3
    assert [item["vacancy"]["id"] for item in one["items"]] == [
        item["vacancy"]["id"] for item in other["items"]
    ]
    assert [plainly(item) for item in one["items"]] == [plainly(item) for item in other["items"]]
    assert one["advice"] == other["advice"]


def test_they_stand_alike_in_the_list_of_a_post(
    world: Any, west: TestClient, twins: Twins, ranker: str
) -> None:
    post = world.vacancy()
    found = made(west.get(f"/v1/vacancies/{post['id']}/matches"))
    of = {item["worker"]["id"]: item for item in found["items"]}
    assert found["ranker"] == ranker
    one, other = (of[each["id"]] for each in twins)
    assert plainly(one) == plainly(other)
    # Of equals the one who was entered first stands first.
    assert other["rank"] == one["rank"] + 1
