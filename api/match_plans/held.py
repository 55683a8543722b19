"""Decisions by hand that could not be carried out, and why: nothing that somebody decided is dropped without a word."""

from collections.abc import Collection, Iterable
from typing import Any

from api.match_plans.fallen import WORDS as FALLEN
from models.match_plan import LineState, MatchPlanDecision

_WORDS = {
    "decision_ineligible": "人工指定了岗位，但本人不再符合条件，没有照办",
    **{f"decision_{code}": f"人工指定了岗位，但本人{words}，没有照办" for code, words in FALLEN.items()},
    "decision_post_closed": "人工指定的岗位已设为不招人，没有照办",
    "decision_no_seat": "人工指定的岗位现在没有名额，没有照办",
}


def not_held(
    decision: MatchPlanDecision | None,
    vacancy_id: int | None,
    state: LineState,
    closed: Collection[int],
    *,
    fallen: str | None,
) -> str | None:
    """Why somebody stands elsewhere than was decided, as a code; None where the decision is carried out. `fallen` is the
    code of why somebody can't be placed any more (`api.match_plans.fallen`)."""
    if decision is None or decision.vacancy_id is None or decision.vacancy_id == vacancy_id:
        return None
    if state is LineState.INELIGIBLE:
        return "decision_ineligible"
    if fallen is not None:
        return f"decision_{fallen}"
    return "decision_post_closed" if decision.vacancy_id in closed else "decision_no_seat"


def told(code: str) -> str:
    """The sentence of a code."""
    return _WORDS[code]


def why_fallen(code: str) -> dict[str, Any]:
    """Why somebody is placed no more, as the reason of a line."""
    return {"code": code, "sentence": f"{FALLEN[code]}，这里不再安排", "contribution": -1.0}


def notes_of(codes: Iterable[str | None], fallen: Collection[str]) -> list[dict[str, Any]]:
    """Notes of a plan: of how many people something decided by hand is not carried out, and who can't be placed any more,
    by the code of each (`fallen`)."""
    found = [code for code in codes if code is not None]
    notes: list[dict[str, Any]] = [
        {"code": code, "people": found.count(code), "sentence": sentence}
        for code, sentence in _WORDS.items()
        if code in found
    ]
    gone = list(fallen)
    return notes + [
        {"code": code, "people": gone.count(code), "sentence": why_fallen(code)["sentence"]}
        for code in FALLEN
        if code in gone
    ]
