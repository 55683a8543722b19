"""What was judged, as it is written down: measures, months and the verdict as plain numbers and words."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from api.rounding import short
from matching.judging.measures import Measure, enough_in
from matching.judging.month import Month
from matching.judging.replacing import Verdict


def told_month(month: Month, found: Sequence[Measure]) -> dict[str, Any]:
    """One month: what it had to learn from, how much happened in it, and its measures."""
    return {
        "month": str(month.first.astype("datetime64[M]")),
        "enough": enough_in(month.evidence),
        "learned_stays": month.learned_stays,
        "learned_answers": month.learned_answers,
        "version": month.version,
        "applications": month.applications,
        "starts": month.stays,
        "people": month.looked,
        "seats": month.seats,
        "measures": [told_measure(measure) for measure in found],
    }


def told_measure(measure: Measure) -> dict[str, Any]:
    """One measure; a number that there is none of is None."""
    found = measure.estimate
    told: dict[str, Any] = {
        "measure": measure.name,
        "ranker": measure.ranker,
        "group": measure.group,
        "value": _number(found.value),
        "low": _number(found.low),
        "high": _number(found.high),
        "cases": found.cases,
        "note": measure.note,
    }
    if measure.bins:
        told["bins"] = [
            {"predicted": short(each.predicted), "observed": short(each.observed), "cases": each.cases}
            for each in measure.bins
        ]
    return told


def told_verdict(verdict: Verdict) -> dict[str, Any]:
    """Whether it may serve, and why."""
    return {
        "may": verdict.may,
        "reasons": verdict.reasons,
        "harmed": verdict.harmed,
        "unjudged": verdict.unjudged,
    }


def _number(value: float) -> float | None:
    return short(value) if np.isfinite(value) else None
