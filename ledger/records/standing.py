"""Where a household stands, in the words of the national system."""

from datetime import date
from typing import Any

from models.household import MONITORED, POVERTY_RELIEVED, HardshipCategory


def standing(categories: dict[HardshipCategory, tuple[date | None, date | None]]) -> dict[str, Any]:
    """户类型, 监测对象类别 and whether the risk is cleared, as the national system writes them, with their days."""
    monitored = [category for category in HardshipCategory if category in MONITORED & set(categories)]
    since, cleared = categories[monitored[0]] if monitored else (None, None)
    return {
        "household_kind": "脱贫户" if POVERTY_RELIEVED & set(categories) else "一般农户",
        "monitored_kind": monitored[0].label if monitored else None,
        "risk_cleared": cleared is not None if monitored else None,
        "monitored_since": since,
        "risk_cleared_on": cleared,
        "destitute": True if HardshipCategory.DESTITUTE in categories else None,
    }
