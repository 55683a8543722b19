"""The numbers of a backtest: every measure of one month, or of several, with its interval, its cases, and whether they are enough."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from matching.columns import BoolArray, FloatArray
from matching.judging.calibration import Bin, calibrated
from matching.judging.censoring import still_there
from matching.judging.concordance import concordance, uno_weights
from matching.judging.estimate import FEWEST, Estimate, both_kinds, ratio, share, total, widened
from matching.judging.judge import FOLDS
from matching.judging.plans import by_judge
from matching.judging.rows import Evidence, Rows
from matching.regions import IntArray

OTHERS = ("prior", "random", "newest", "nearest", "first_come")
PLANS = ("prior", "first_come", "nearest", "random", "bound")
TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True)
class Measure:
    """`note` is "too_few" where the cases are not enough to claim anything by the value."""

    name: str
    ranker: str
    group: str
    estimate: Estimate
    note: str = ""
    bins: tuple[Bin, ...] = ()


def measures(evidence: Evidence, stable_days: int, seed: int) -> list[Measure]:
    """In a fixed order; of groups only those that anybody belongs to."""
    rows = evidence.applied
    found = _chance("p_hire", rows, rows.values["model"], rows.values["started"], rows.values["known"], seed)
    rows = evidence.stayed
    days, left = rows.values["days"].astype(np.int64), rows.values["left"] > 0
    for until in (90, stable_days):
        stayed, weight = seen_until(rows, until)
        found += _chance(f"stay_{until}", rows, rows.values[f"model_{until}"], stayed, weight, seed)
    found += _order(rows, days, left, stable_days)
    for name, lists in (("ndcg_applications", evidence.wanted), ("ndcg_stable", evidence.stable)):
        found += _lists(name, lists)
    found += better(evidence)
    return found + _plans(evidence.plans)


def seen_until(rows: Rows, until: int) -> tuple[FloatArray, FloatArray]:
    """Whether each stay lasted so many days, and its weight; 0 where that was not seen."""
    days, left = rows.values["days"].astype(np.int64), rows.values["left"] > 0
    stayed, weight = np.zeros(len(rows)), np.zeros(len(rows))
    # Months are seen for different lengths, so each has its own chance of being seen so long.
    for month in np.unique(rows.month).tolist():
        of = rows.month == month
        stayed[of], weight[of] = still_there(days[of], left[of], until)
    return stayed, weight


def plain(measure: Measure, number: Callable[[float], float] = float) -> dict[str, Any]:
    """As plain values for JSON and tables; what cannot be told is None. `number` rounds."""

    def told(value: float) -> float | None:
        return number(value) if np.isfinite(value) else None

    found = measure.estimate
    plainly: dict[str, Any] = {
        "measure": measure.name,
        "ranker": measure.ranker,
        "group": measure.group,
        "value": told(found.value),
        "low": told(found.low),
        "high": told(found.high),
        "cases": found.cases,
        "note": measure.note,
    }
    if measure.bins:
        plainly["bins"] = [
            {"predicted": number(each.predicted), "observed": number(each.observed), "cases": each.cases}
            for each in measure.bins
        ]
    return plainly


def _measure(name: str, ranker: str, group: str, estimate: Estimate, *, enough: bool = True) -> Measure:
    return Measure(name, ranker, group, estimate, "" if enough and estimate.known else TOO_FEW)


def _chance(
    name: str, rows: Rows, said: FloatArray, happened: FloatArray, weight: FloatArray, seed: int
) -> list[Measure]:
    """Said, seen and their difference, of all and of each group; the calibration error of all."""
    found = []
    everybody = np.ones(len(rows), np.bool_)
    for group, members in {"": everybody, **rows.groups}.items():
        if group and not members.any():
            continue
        known, people = np.where(members, weight, 0.0), rows.worker
        enough = both_kinds(happened, known > 0)
        for what, value in (("said", said), ("seen", happened), ("gap", said - happened)):
            mean = ratio(known * value, known, people)
            mean = mean if what == "gap" else share(mean)
            found.append(_measure(f"{name}_{what}", "learned", group, mean, enough=enough))
    whole = calibrated(said, happened, weight, rows.worker, seed=seed)
    enough = both_kinds(happened, weight > 0)
    error = _measure(f"{name}_ece", "learned", "", whole.error, enough=enough)
    alone = Estimate(whole.by_chance, np.nan, np.nan, whole.error.cases)
    return [
        *found,
        Measure(error.name, error.ranker, error.group, error.estimate, error.note, whole.bins),
        Measure(f"{name}_ece_by_chance", "learned", "", alone, error.note),
    ]


def _order(rows: Rows, days: IntArray, left: BoolArray, stable_days: int) -> list[Measure]:
    weight = np.zeros(len(rows))
    for month in np.unique(rows.month).tolist():
        of = rows.month == month
        weight[of] = uno_weights(days[of], left[of], stable_days)
    enough = both_kinds((left & (days <= stable_days)).astype(np.float64), np.ones(len(rows), np.bool_))
    columns = {"learned": f"model_{stable_days}", "prior": f"prior_{stable_days}", "judge": "judge"}
    return [
        _measure(
            "concordance", ranker, "",
            share(concordance(1 - rows.values[column], days, left, rows.worker, apart=rows.month, weight=weight)),
            enough=enough,
        )
        for ranker, column in columns.items()
        if column in rows.values
    ]  # fmt: skip


def _lists(name: str, rows: Rows) -> list[Measure]:
    if not len(rows):
        return [Measure(name, "learned", "", ratio(np.zeros(0), np.zeros(0), rows.worker), TOO_FEW)]
    one, mine = np.ones(len(rows)), rows.values["learned"]
    found = [
        _measure(name, ranker, "", share(ratio(rows.values[ranker], one, rows.worker)))
        for ranker in ("learned", *OTHERS)
    ]
    return found + [
        _measure(f"{name}_gain", ranker, "", ratio(mine - rows.values[ranker], one, rows.worker))
        for ranker in OTHERS
    ]


def better(evidence: Evidence) -> list[Measure]:
    """By how much the learned chance of a stable start is nearer to what came than the prior's (difference of Brier scores)."""
    rows = evidence.applied
    weight, stable = rows.values["stable_weight"], rows.values["stable"]
    gain = (rows.values["stable_prior"] - stable) ** 2 - (rows.values["stable_model"] - stable) ** 2
    return [
        _measure(
            "stable_brier_gain", "prior", "", ratio(weight * gain, weight, rows.worker),
            enough=both_kinds(stable, weight > 0),
        )
    ]  # fmt: skip


def _plans(rows: Rows) -> list[Measure]:
    if not len(rows) or "learned" not in rows.values:
        return []
    everybody = np.ones(len(rows), np.bool_)
    found = [_worth("plan", plan, "", rows, plan, None, everybody) for plan in ("learned", *PLANS)]
    found += [_worth("plan_gain", plan, "", rows, "learned", plan, everybody) for plan in PLANS]
    return found + [
        _worth("plan_gain", "prior", group, rows, "learned", "prior", members)
        for group, members in rows.groups.items()
        if members.any()
    ]


def _worth(
    name: str, ranker: str, group: str, rows: Rows, plan: str, less: str | None, members: BoolArray
) -> Measure:
    """What a plan is worth to the members, less another's worth; the interval counts the judges' own error too."""
    values = [rows.values[column][members] for column in _columns(plan)]
    if less:
        values = [
            mine - rows.values[column][members] for mine, column in zip(values, _columns(less), strict=True)
        ]
    by_each = np.array([each.sum() for each in values[1:]])
    return _measure(name, ranker, group, widened(total(values[0], rows.worker[members]), by_each))


def _columns(plan: str) -> list[str]:
    """What a plan is worth, then that by each judge."""
    return [plan, *(by_judge(plan, number) for number in range(FOLDS))]


def judge_tells(found: Sequence[Measure]) -> bool:
    """Whether the judge orders the stays of people it never saw better than chance; if not, nothing that it says is claimed."""
    return any(
        each.name == "concordance" and each.ranker == "judge" and not each.note and each.estimate.low > 0.5
        for each in found
    )


def enough_in(evidence: Evidence) -> bool:
    """Whether a month has enough known outcomes of any kind to say something."""
    applied, stayed = evidence.applied, evidence.stayed
    return max(int((applied.values["known"] > 0).sum()), len(stayed)) >= FEWEST
