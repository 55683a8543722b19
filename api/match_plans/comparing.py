"""Whether a plan may still be held against first come, first served, which was counted once, when the plan was made."""

from collections.abc import Mapping
from typing import Any

from api.match_plans.fallen import WORDS as FALLEN
from models.match_plan import LineState


def not_comparable(sums: Mapping[str, Any], lines: Mapping[LineState, int]) -> str | None:
    """Why not, in a sentence: people of the plan can't be placed any more (`lines`: how many stand how), whom first come,
    first served still counts. None where both are over the same people."""
    fallen = sum(note["people"] for note in sums.get("notes", []) if note["code"] in FALLEN)
    out, no_seat = fallen + lines.get(LineState.INELIGIBLE, 0), lines.get(LineState.NO_SEAT, 0)
    told = [f"{count}人{words}" for count, words in ((out, "不能再安排"), (no_seat, "没有名额了")) if count]
    if not told:
        return None
    return f"编制后有{'、'.join(told)}，先来先得的比较按当时的{sums['people']}人算，不再可比。"
