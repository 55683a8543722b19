"""Groups that are monitored and may have quotas: beside the market's columns, never among them, so that nothing ranks by them."""

from dataclasses import dataclass

import numpy as np

from matching.columns import BoolArray, Market, Pairs, SmallArray, TextArray
from matching.eligibility import ages

QUOTA_GROUPS = ("poverty_relieved", "monitored", "relocated", "disabled")
AGE_BANDS = ((16, "16-24"), (25, "25-34"), (35, "35-44"), (45, "45-54"), (55, "55+"))
"""The first year of age of each band, and its name."""
SEXES = ("female", "male")
FLAGGED = ("minority", *QUOTA_GROUPS)
"""The monitored groups of which somebody is, or is not, or nobody knows."""


@dataclass(frozen=True, slots=True)
class Groups:
    """One value a worker: 1 belongs, 0 does not, -1 unknown; `sex` is "female", "male" or "" for unknown.

    `minority` is 少数民族, any but 汉族. `poverty_relieved` are 脱贫户 and 脱贫不稳定户; `monitored` 脱贫不稳定户, 边缘易致贫户 and 突发严重困难户; `disabled` is a
    grade above 0.
    """

    sex: TextArray
    minority: SmallArray
    poverty_relieved: SmallArray
    monitored: SmallArray
    relocated: SmallArray
    disabled: SmallArray

    def members(self, group: str) -> BoolArray:
        """Who is known to belong to one of `FLAGGED`."""
        found: BoolArray = getattr(self, group) == 1
        return found


def age_bands(market: Market) -> TextArray:
    """The band of each worker's age on the market's day; '' unknown or below the first."""
    people = np.arange(len(market.workers))
    age = ages(Pairs(market, people, np.zeros(len(people), np.int64)))
    firsts = [first for first, _ in AGE_BANDS]
    names = np.array(["", *(name for _, name in AGE_BANDS)])
    # An unknown age sorts behind every number.
    return names[np.where(np.isnan(age), 0, np.searchsorted(firsts, age, side="right"))]


def belonging(groups: Groups, market: Market) -> dict[str, SmallArray]:
    """Of every monitored group who belongs to it (1), who does not (0), and of whom nobody knows (-1), one value a worker.

    The groups are the two sexes, the age bands on the market's day, and `FLAGGED`.
    """
    bands = age_bands(market)
    told: dict[str, SmallArray] = {sex: _one_of(groups.sex, sex) for sex in SEXES}
    told |= {name: _one_of(bands, name) for _, name in AGE_BANDS}
    return told | {name: getattr(groups, name) for name in FLAGGED}


def _one_of(values: TextArray, name: str) -> SmallArray:
    return np.where(values == "", -1, values == name).astype(np.int8)
