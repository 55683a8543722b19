"""Whether a plan may still be held against first come, first served, which was counted once, when the plan was made."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from api.match_plans.fallen import WORDS as FALLEN
from matching.regions import IntArray
from models.match_plan import LineState


def not_comparable(sums: Mapping[str, Any], lines: Mapping[LineState, int]) -> str | None:
    """Why not, in a sentence: people of the plan can't be placed any more (`lines`: how many stand how), or seats are others by
    now; first come, first served still counts those of then. None where both are over the same people and seats."""
    fallen = sum(note["people"] for note in sums.get("notes", []) if note["code"] in FALLEN)
    out, no_seat = fallen + lines.get(LineState.INELIGIBLE, 0), lines.get(LineState.NO_SEAT, 0)
    told = [f"有{count}人{words}" for count, words in ((out, "不能再安排"), (no_seat, "没有名额了")) if count]
    then = sums.get("seats_then")
    if then is not None:
        now = sums["seats"]
        told.append("岗位的名额变了" if now == then else f"名额从{then}个变成{now}个")
    if not told:
        return None
    by = f"{sums['people']}人" + ("" if then is None else f"、{then}个名额")
    return f"编制后{'、'.join(told)}，先来先得的比较按当时的{by}算，不再可比。"


def seats_then(made: IntArray, now: IntArray) -> int | None:
    """How many seats there were when the plan was made, where posts have others now; None where they have the same."""
    return None if np.array_equal(made, now) else int(made.sum())
