"""What was judged, as it is written down: measures, months and the verdict as plain numbers and words."""

from collections.abc import Sequence
from typing import Any

from api.rounding import rounded
from matching.judging.measures import Measure, enough_in, plain
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
        "measures": [plain(measure, rounded) for measure in found],
    }


def told_verdict(verdict: Verdict) -> dict[str, Any]:
    """Whether it may serve, and why."""
    return {
        "may": verdict.may,
        "reasons": verdict.reasons,
        "harmed": verdict.harmed,
        "unjudged": verdict.unjudged,
    }
