"""A truth laid down number by number, to be worked through by hand."""

from typing import Any

import numpy as np

from matching.simulator.places import FloatArray, IntArray
from matching.simulator.truth import TruePairs, Truth


class Given(Truth):
    """Workers w1, w2, … and vacancies v1, v2, … with the given stable chances; where one is 0 the pair is not eligible."""

    def __init__(
        self,
        stable: Any,
        seats: list[int],
        *,
        companions: list[int] | None = None,
        county: list[int] | None = None,
        utility: Any = None,
        available: list[int] | None = None,
    ) -> None:
        self._stable = np.array(stable, np.float64)
        people, posts = self._stable.shape
        self._utility = np.array(utility, np.float64) if utility is not None else np.zeros((people, posts))
        self._available = np.array(available if available is not None else [0] * people)
        self.worker_ids = [f"w{at + 1}" for at in range(people)]
        self.vacancy_ids = [f"v{at + 1}" for at in range(posts)]
        self.seats = np.array(seats)
        self.companion = np.array(companions if companions is not None else [-1] * people)
        self.county = np.array(county if county is not None else list(range(posts)))
        self.posts = range(posts)  # type: ignore[assignment]  # only counted

    def __len__(self) -> int:
        return len(self._stable)

    @property
    def available(self) -> IntArray:
        return self._available

    def pairs(self, workers: IntArray, vacancies: IntArray) -> TruePairs:
        stable: FloatArray = self._stable[workers, vacancies]
        return TruePairs(
            stable > 0,
            stable,
            np.ones(stable.shape),
            np.ones(stable.shape),
            self._utility[workers, vacancies],
        )
