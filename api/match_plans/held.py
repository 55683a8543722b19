"""Decisions by hand that could not be carried out, and why: nothing that somebody decided is dropped without a word."""

from collections.abc import Collection, Iterable
from typing import Any

from models.match_plan import LineState, MatchPlanDecision

SPOKEN_FOR = "已录用、已接受岗位，或在别的方案里已批准，这里不再安排"
_WORDS = {
    "decision_ineligible": "人工指定了岗位，但本人不再符合条件，没有照办",
    "decision_spoken_for": "人工指定了岗位，但本人已录用、已接受岗位，或在别的方案里已批准，没有照办",
    "decision_post_closed": "人工指定的岗位已设为不招人，没有照办",
    "decision_no_seat": "人工指定的岗位现在没有名额，没有照办",
}


def not_held(
    decision: MatchPlanDecision | None,
    vacancy_id: int | None,
    state: LineState,
    closed: Collection[int],
    *,
    spoken_for: bool,
) -> str | None:
    """Why somebody stands elsewhere than was decided, as a code; None where the decision is carried out."""
    if decision is None or decision.vacancy_id is None or decision.vacancy_id == vacancy_id:
        return None
    if state is LineState.INELIGIBLE:
        return "decision_ineligible"
    if spoken_for:
        return "decision_spoken_for"
    return "decision_post_closed" if decision.vacancy_id in closed else "decision_no_seat"


def told(code: str) -> str:
    """The sentence of a code."""
    return _WORDS[code]


def notes_of(codes: Iterable[str | None], spoken_for: int) -> list[dict[str, Any]]:
    """Notes of a plan: of how many people something decided by hand is not carried out, and who has a post by now."""
    found = [code for code in codes if code is not None]
    notes: list[dict[str, Any]] = [
        {"code": code, "people": found.count(code), "sentence": sentence}
        for code, sentence in _WORDS.items()
        if code in found
    ]
    if spoken_for:
        notes.append({"code": "spoken_for", "people": spoken_for, "sentence": SPOKEN_FOR})
    return notes
