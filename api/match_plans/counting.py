"""What a plan comes to: people, expected starts and stays, by post and by group; and its quotas, notes and prices."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from matching.allocation.buses import Bus, buses_to
from matching.allocation.kept import Kept
from matching.allocation.left_empty import left_empty
from matching.allocation.plan import Allocation, allocate
from matching.allocation.problem import Buses, Problem, Quota
from matching.columns import FloatArray
from matching.regions import IntArray


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of a placement of n people at m posts: the edge of each, and by post the people and those expected to stay 180 days."""

    edge: IntArray
    filled: IntArray
    stable: FloatArray
    sums: dict[str, Any]


def outcome(kept: Kept, vacancy: IntArray) -> Outcome:
    """What comes of everybody's going to `vacancy` (rows, -1 nowhere). Who was put where no pair was foreseen is counted as
    placed, and nothing is expected of it."""
    posts = len(kept.vacancies)
    edge, gone = kept.edge_of(vacancy), vacancy >= 0
    known = edge >= 0
    at = edge.clip(0)
    start = np.where(known, kept.p_hire[at], 0.0) if len(kept.p_hire) else np.zeros(len(vacancy))
    stay = np.where(known, start * kept.stay_180[at], 0.0) if len(kept.p_hire) else np.zeros(len(vacancy))
    sums = {
        "placed": int(gone.sum()),
        "starts": round(float(start.sum()), 3),
        "stable": round(float(stay.sum()), 3),
        "groups": {name: int((mask & gone).sum()) for name, mask in kept.problem.groups.items()},
    }
    return Outcome(
        edge,
        np.bincount(vacancy[gone], minlength=posts),
        np.bincount(vacancy[gone], stay[gone], posts).astype(np.float64),
        sums,
    )


def quotas_of(asked: Mapping[str, Any]) -> tuple[Quota, ...]:
    """The quotas of a plan as they were asked for."""
    return tuple(
        Quota(
            told["group"],
            people=told["people"],
            share=None if told["percent"] is None else Fraction(str(told["percent"])) / 100,
        )
        for told in asked["quotas"]
    )


def buses_of(asked: Mapping[str, Any], problem: Problem) -> Buses | None:
    """The buses of a plan as they were asked for; plans of before there were any have none."""
    told = [(each["place"], each["least"]) for each in asked.get("buses", ())]
    return buses_to(problem.place, told) if told and problem.place is not None else None


def bus_sums(buses: Sequence[Bus]) -> list[dict[str, Any]]:
    """What became of each bus, as it is kept."""
    return [asdict(bus) for bus in buses]


def quota_sums(made: Allocation, whole: Sequence[float | None]) -> list[dict[str, Any]]:
    """What became of each quota; `whole` is what each costs beside a plan without it."""
    return [
        {
            "group": each.quota.group,
            "people": each.quota.people,
            "percent": None if each.quota.share is None else float(each.quota.share * 100),
            "asked": each.asked,
            "reached": each.reached,
            "most": each.most,
            "one_more": None if np.isnan(each.price) else round(each.price, 6),
            "whole": cost,
        }
        for each, cost in zip(made.quotas, whole, strict=True)
    ]


def whole_costs(problem: Problem, made: Allocation) -> list[float]:
    """By how much the total would be greater without each quota."""
    costs = []
    for at in range(len(problem.quotas)):
        others = problem.quotas[:at] + problem.quotas[at + 1 :]
        costs.append(round(max(0.0, allocate(replace(problem, quotas=others)).total - made.total), 6))
    return costs


def sums_of(
    problem: Problem, made: Allocation, found: Outcome, whole: Sequence[float | None]
) -> dict[str, Any]:
    """The part of a plan's sums that settling anew changes; `made` is the plan of `problem`."""
    return {
        "plan": found.sums,
        "total": round(made.total, 6),
        "bound": round(made.bound, 6),
        "gap": round(made.gap, 6),
        "quotas": quota_sums(made, whole),
        "buses": bus_sums(made.buses),
        "shortfalls": [each.sentence for each in made.shortfalls],
        "left_empty": left_empty(problem, made),
        "notes": [
            {"code": note.code, "people": len(note.rows), "sentence": note.sentence} for note in made.notes
        ],
    }
