"""Which months a model is judged by, and what stands for a champion that is younger than they."""

from datetime import date
from typing import Any

import numpy as np
import pytest

from api.learned.judging import _serving, months_known
from api.learned.serving import Serving
from matching.past import PastMarket
from tests.matching.learning.town import town

DAY = date(2025, 1, 1)


@pytest.fixture(scope="module")
def past() -> PastMarket:
    made = town(2_000, seed=2)
    return PastMarket(made.market, made.history)


def months(begins: date | None, as_of: date) -> list[str]:
    return [str(each) for each in months_known(begins, as_of)]


def test_the_last_six_months_whose_every_start_is_known() -> None:
    # 240 days before the 1st of January lies the 6th of May: April is the last whole month before it.
    assert months(date(2020, 1, 1), DAY) == [
        f"{at}-01" for at in ("2023-11", "2023-12", "2024-01", "2024-02", "2024-03", "2024-04")
    ]
    last = np.datetime64(months(date(2020, 1, 1), DAY)[-1], "M") + 1
    assert last.astype("datetime64[D]") + 240 <= np.datetime64(DAY)


def test_there_is_a_past_before_each_month_or_there_is_no_month() -> None:
    assert months(date(2024, 2, 10), DAY) == ["2024-03-01", "2024-04-01"]
    assert months(date(2024, 4, 10), DAY) == []
    assert months(None, DAY) == []


def test_a_champion_older_than_a_month_is_itself_there_a_younger_one_as_old_as_it_is_now(
    past: PastMarket, monkeypatch: Any
) -> None:
    asked: list[tuple[Any, int]] = []

    def note(market: Any, history: Any, day: np.datetime64, *, seed: int) -> str:
        latest = max(history.stretches.started.max(), history.applications.applied.max())
        asked.append((day, int(latest <= day)))
        return "stand-in"

    monkeypatch.setattr("api.learned.judging.learn", note)
    champion = Serving(1, date(2024, 10, 1), "the model")  # type: ignore[arg-type]  # only handed on here
    serving = _serving(past, DAY, champion)
    assert serving(np.datetime64("2024-11-01")) == "the model"
    assert asked == []
    # It is 92 days old: what could be learned 92 days before the eve of March, and nothing later.
    assert serving(np.datetime64("2024-03-01")) == "stand-in"
    assert asked == [(np.datetime64("2024-02-29") - 92, 1)]
