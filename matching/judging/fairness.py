"""Whether a ranker and its plan treat monitored groups alike: who is chosen, who is seen first, of whom too much is foretold.

A group is compared with all who are known not to belong to it, not with the best-off group: of five age bands the best-off
is the luckiest, so that the others look worse than they are. Who is unknown is in neither.

| measure | what it is |
|---|---|
| `impact` | share of the group that the plan places, over the share of the others; of everybody who looked for work |
| `impact_eligible` | likewise of those whom the law and the posts' conditions leave at least one post |
| `exposure` | the places of the group in the posts' lists, over what an order of chance among the same eligible people gives |
| `p_hire_unlike`, … | said less seen of the group, less the same of the others: 0 where the chances are as true of either |

Four fifths (`BELOW`) of the impact ratio are a convention of another country (29 CFR 1607.4 D, United States): worth a look, never
a verdict, and no rule of ours.
`exposure` counts a place k as 1 / log2(1 + k) (Singh and Joachims, KDD 2018), of the first ten (`ranked.exposure`).
"""

import numpy as np

from matching.columns import FloatArray
from matching.judging.estimate import (
    FEWEST,
    FEWEST_OF_A_KIND,
    Estimate,
    both_kinds,
    difference,
    quotient,
    ratio,
)
from matching.judging.measures import TOO_FEW, Measure, seen_until
from matching.judging.rows import Evidence, Rows
from matching.regions import IntArray

BELOW = 0.8
"""Four fifths."""


def fairness(evidence: Evidence, stable_days: int) -> list[Measure]:
    """In a fixed order; of groups only those that anybody belongs to. Plain numbers of them: `measures.plain`."""
    found = [*_chosen(evidence.plans), *_seen_first(evidence.plans)]
    rows = evidence.applied
    found += _unlike(
        "p_hire",
        rows,
        rows.values["model"] - rows.values["started"],
        rows.values["started"],
        rows.values["known"],
    )
    rows = evidence.stayed
    for until in (90, stable_days):
        stayed, weight = seen_until(rows, until)
        found += _unlike(f"stay_{until}", rows, rows.values[f"model_{until}"] - stayed, stayed, weight)
    return found


def _compared(rows: Rows) -> list[tuple[str, FloatArray, FloatArray]]:
    """Each group that anybody belongs to: its name, 1 for who belongs, 1 for who is known not to."""
    return [
        (group, (of == 1).astype(np.float64), (of == 0).astype(np.float64))
        for group, of in rows.belongs.items()
        if (of == 1).any()
    ]


def _chosen(rows: Rows) -> list[Measure]:
    if "chosen" not in rows.values:
        return []
    found = []
    for name, asked in (("impact", np.ones(len(rows))), ("impact_eligible", rows.values["may"])):
        for group, members, others in _compared(rows):
            chosen = rows.values["chosen"]
            mine, theirs = asked * members, asked * others
            told = quotient((mine * chosen, theirs * chosen), (mine, theirs), rows.worker)
            enough = all(_enough(chosen, each, rows.worker) for each in (mine, theirs))
            found.append(_measure(name, group, told, enough=enough))
    return found


def _seen_first(rows: Rows) -> list[Measure]:
    if "shown" not in rows.values:
        return []
    found = []
    for group, members, _ in _compared(rows):
        told = ratio(members * rows.values["shown"], members * rows.values["shown_by_chance"], rows.worker)
        people = len(np.unique(rows.worker[(members > 0) & (rows.values["shown_by_chance"] > 0)]))
        found.append(_measure("exposure", group, told, enough=people >= FEWEST))
    return found


def _unlike(
    name: str, rows: Rows, off: FloatArray, happened: FloatArray, weight: FloatArray
) -> list[Measure]:
    found = []
    for group, members, others in _compared(rows):
        mine, theirs = weight * members, weight * others
        told = difference(off, (mine, theirs), rows.worker)
        enough = all(
            both_kinds(happened, each > 0) and int((each > 0).sum()) >= FEWEST for each in (mine, theirs)
        )
        found.append(_measure(f"{name}_unlike", group, told, enough=enough))
    return found


def _enough(chosen: FloatArray, asked: FloatArray, people: IntArray) -> bool:
    """Whether there are enough people, and enough of them chosen and not chosen. A share that everybody has is known too."""
    inside = asked > 0
    yes = int((chosen[inside] > 0).sum())
    return len(np.unique(people[inside])) >= FEWEST and yes >= FEWEST_OF_A_KIND


def _measure(name: str, group: str, told: Estimate, *, enough: bool) -> Measure:
    return Measure(name, "learned", group, told, "" if enough and told.known else TOO_FEW)
