"""Why people of a plan have no post: the reason of each line, and how many there are of each."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from sqlmodel import Session, col, select

from api.match_plans.explaining import Reasons
from api.match_plans.fallen import WORDS as FALLEN
from api.match_plans.held import why_fallen
from matching.allocation.kept import Kept
from matching.allocation.unplaced import Why
from matching.allocation.words import nobody_placed, one_unplaced, why_unplaced
from matching.eligibility import RULES
from matching.nothing_fits import NothingFits
from models.bulk import among
from models.employer import Employer
from models.match_plan import Objective
from models.vacancy import Vacancy

NO_POST = "no_post"
_LABELS = {f"{NO_POST}_{rule.code}": rule.label for rule in RULES}


def reasons_unplaced(
    session: Session,
    objective: Objective,
    kept: Kept,
    why: Mapping[int, Why],
    nothing: Mapping[int, NothingFits],
) -> dict[int, Reasons]:
    """By row of the plan. `nothing` says of whom no post fits what rules out most."""
    names = _names(session, {int(kept.vacancies[each.nearest]) for each in why.values() if each.nearest >= 0})
    stable = objective is Objective.STABLE
    found = {}
    for row, each in why.items():
        if row in nothing:
            found[row] = _reason(f"{NO_POST}_{nothing[row].rule.code}", nothing[row].sentence)
            continue
        post = names.get(int(kept.vacancies[each.nearest])) if each.nearest >= 0 else None
        found[row] = _reason(each.code, one_unplaced(each.code, post, stable, each.score, each.price))
    return found


def unplaced_sums(reasons: Iterable[Reasons]) -> list[dict[str, Any]]:
    """How many have no post for which reason, most first."""
    counted = Counter(each["code"] for told in reasons for each in told[:1])
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return [{"code": code, "people": people, "sentence": _words(code)} for code, people in ordered]


def nobody(sums: Mapping[str, Any]) -> str | None:
    """Why a plan places nobody at all; None where it places somebody, or nothing is known."""
    told = sums.get("unplaced", [])
    if not told or sums["plan"]["placed"]:
        return None
    return nobody_placed(sums["people"], told[0]["people"], told[0]["sentence"])


def _words(code: str) -> str:
    if code in FALLEN:
        return str(why_fallen(code)["sentence"])
    rule = _LABELS.get(code)
    return why_unplaced(NO_POST if rule else code, rule)


def _reason(code: str, sentence: str) -> Reasons:
    return [{"code": code, "sentence": sentence, "contribution": -1.0}]


def _names(session: Session, vacancy_ids: set[int]) -> dict[int, str]:
    rows = session.exec(
        select(Vacancy.id, Employer.name, Vacancy.title)
        .join(Employer, col(Employer.id) == col(Vacancy.employer_id), isouter=True)
        .where(among(Vacancy.id, vacancy_ids))
    ).all()
    return {number or 0: f"{employer or ''}{title}" for number, employer, title in rows}
