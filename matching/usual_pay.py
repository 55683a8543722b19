"""What a post of this kind usually pays in this place: medians over the vacancies on offer."""

from dataclasses import dataclass, replace

import numpy as np

from matching import regions
from matching.columns import FloatArray, Pairs, TextArray, Vacancies
from matching.regions import IntArray

OCCUPATION_DIGITS = 3
"""Posts are compared within the second level of GB/T 6565 (three digits)."""


PAID_SHARE = 1 / 3
"""How far up a stated range the pay is expected to lie. The top is advertised, the bottom is promised."""
CREDIBLE_TIMES = 2
"""Of a range no more than so many times its bottom counts: past that the top is commission that few earn."""


def offered_pay(low: FloatArray, high: FloatArray) -> FloatArray:
    """Yuan a month to be expected: a third of the way up the range, or the one end stated; nan where neither is.

    Both numbers are assumptions of this project, as the prior's weights are.
    """
    low, high = np.where(np.isnan(low), high, low), np.where(np.isnan(high), low, high)
    expected: FloatArray = low + PAID_SHARE * (np.minimum(high, CREDIBLE_TIMES * low) - low)
    return expected


def _keys(region: IntArray, occupation: TextArray) -> list[tuple[tuple[int, str], ...]]:
    """For each vacancy the cells it is compared in, narrowest first."""
    cities = regions.city(region).tolist()
    kinds = occupation.astype(f"U{OCCUPATION_DIGITS}").tolist()
    return [((city, kind), (city, ""), (0, kind), (0, "")) for city, kind in zip(cities, kinds, strict=True)]


@dataclass(frozen=True, slots=True)
class UsualPay:
    """Median pay per (city, occupation group); 0 and '' stand for all."""

    medians: dict[tuple[int, str], float]

    @classmethod
    def learn(cls, vacancies: Vacancies, at_least: int = 5) -> "UsualPay":
        """Medians of every cell with `at_least` stated offers; the cell of all vacancies needs only one."""
        offered = offered_pay(vacancies.pay_min, vacancies.pay_max)
        offers: dict[tuple[int, str], list[float]] = {}
        for pay, keys in zip(offered.tolist(), _keys(vacancies.region, vacancies.occupation), strict=True):
            if pay == pay:
                for key in dict.fromkeys(keys):
                    offers.setdefault(key, []).append(pay)
        return cls(
            {
                key: float(np.median(pays))
                for key, pays in offers.items()
                if len(pays) >= at_least or key == (0, "")
            }
        )

    def attach(self, pairs: Pairs) -> Pairs:
        """The pairs with `usual_pay` filled from the narrowest cell known; nan where no offer states a pay."""
        seen, at = np.unique(pairs.vacancies, return_inverse=True)
        vacancies = pairs.market.vacancies
        keys = _keys(vacancies.region[seen], vacancies.occupation[seen])
        usual = [next((self.medians[key] for key in cells if key in self.medians), np.nan) for cells in keys]
        return replace(pairs, usual_pay=np.array(usual, np.float64)[at])
