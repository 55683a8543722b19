"""Why somebody has no post in a plan: what is true of each, as far as seats, prices and decisions tell it.

Whoever is placed is worth at least the price of the seat, whoever is not is worth at most that (decision 26): a full post went to
people who are worth more there, unless somebody is worth less than the price, whom a quota or a companion has put there.
"""

from dataclasses import dataclass

import numpy as np

from matching.allocation.plan import Allocation
from matching.allocation.problem import Problem
from matching.columns import BoolArray, FloatArray

_TOLD = 1e-6
"""Of the greatest score: what lies nearer to a price is no difference."""


@dataclass(frozen=True, slots=True)
class Why:
    """Why one has no post. `words.UNPLACED[code]` says it; `nearest` is the post that was least out of reach, -1 none, with the
    score there and the price of a seat."""

    code: str
    nearest: int = -1
    score: float = 0.0
    price: float = 0.0


def unplaced(problem: Problem, made: Allocation) -> dict[int, Why]:
    """By worker without a post the reason; `made` is the plan of `problem`."""
    without = np.flatnonzero(made.vacancy < 0)
    found = {row: Why("no_post") for row in without.tolist()}
    found |= _by_price(problem, made)
    found |= {row: Why(code) for row, code in _parties(problem, made).items()}
    for note in made.notes:
        if note.code.startswith("companion_") and note.code != "companion_not_open":
            found |= {row: Why(note.code) for row in note.rows.tolist() if made.vacancy[row] < 0}
    if problem.kept_out is not None:
        found |= {row: Why("kept_out") for row in np.flatnonzero(problem.kept_out).tolist() if row in found}
    return found


def _by_price(problem: Problem, made: Allocation) -> dict[int, Why]:
    """Of everybody who has a post in question."""
    edges = problem.edges
    rows = np.flatnonzero(made.vacancy[edges.worker] < 0)
    found = {row: Why("no_seats") for row in np.unique(edges.worker[rows]).tolist()}
    rows = rows[_open(problem)[edges.vacancy[rows]]]
    found |= {row: Why("bus") for row in np.unique(edges.worker[rows]).tolist()}
    rows = rows[_reached(problem, made)[edges.vacancy[rows]]]
    net = edges.score[rows] - made.price[edges.vacancy[rows]]
    order = np.lexsort((-net, edges.worker[rows]))
    first = order[np.flatnonzero(np.diff(edges.worker[rows][order], prepend=-1))]
    best, gain = rows[first], net[first]
    held = _shares_hold(problem, gain, _little(problem))
    whose = _whose(problem, made)
    for edge, share in zip(best.tolist(), held.tolist(), strict=True):
        post = int(edges.vacancy[edge])
        code = "share" if share else whose.get(post, "full")
        found[int(edges.worker[edge])] = Why(code, post, float(edges.score[edge]), float(made.price[post]))
    return found


def _whose(problem: Problem, made: Allocation) -> dict[int, str]:
    """By post who has its seats, where it is not simply those who are worth more there."""
    gone = np.flatnonzero(made.vacancy >= 0)
    at, posts = made.vacancy[gone], len(problem.seats)
    by_hand = np.zeros(len(gone), np.bool_) if problem.pinned is None else problem.pinned[gone] == at
    for_others = ~by_hand & (made.score[gone] < made.price[at] - _little(problem))
    asked = np.zeros(len(gone), np.bool_)
    for quota in problem.quotas:
        asked |= problem.groups[quota.group][gone]
    found = dict.fromkeys(np.unique(at[for_others & (made.party[gone] >= 0)]).tolist(), "party")
    found |= dict.fromkeys(np.unique(at[for_others & asked]).tolist(), "quota")
    taken, fixed = np.bincount(at, minlength=posts), np.bincount(at[by_hand], minlength=posts)
    return found | dict.fromkeys(np.flatnonzero((taken > 0) & (taken == fixed)).tolist(), "by_hand")


def _parties(problem: Problem, made: Allocation) -> dict[int, str]:
    """Of everybody who waits with companions and has posts in common with them: the seats there don't suffice, or a share
    holds them back."""
    waiting = (made.party >= 0) & (made.vacancy < 0)
    if not waiting.any() or problem.place is None:
        return {}
    edges = problem.edges
    rows = np.flatnonzero(waiting[edges.worker] & (_open(problem) & _reached(problem, made))[edges.vacancy])
    # Everybody's best at each place, added up by party and place where all who wait have one.
    names, place = np.unique(problem.place, return_inverse=True)
    own, of = np.unique(edges.worker[rows] * len(names) + place[edges.vacancy[rows]], return_inverse=True)
    best = np.full(len(own), -np.inf)
    np.maximum.at(best, of, edges.score[rows] - made.price[edges.vacancy[rows]])
    party = made.party[own // len(names)]
    there, at = np.unique(party * len(names) + own % len(names), return_inverse=True)
    total, many = np.bincount(at, best).astype(np.float64), np.bincount(at)
    size = np.bincount(made.party[waiting])
    whole = many == size[there // len(names)]
    held = whole & _shares_hold(problem, total, _little(problem))
    of_party = there // len(names)
    codes = dict.fromkeys(np.unique(made.party[waiting]).tolist(), "together")
    if problem.buses is not None:
        codes |= dict.fromkeys(codes.keys() - set(of_party[whole].tolist()), "bus")
    codes |= dict.fromkeys(of_party[held].tolist(), "share")
    return {row: codes[int(made.party[row])] for row in np.flatnonzero(waiting).tolist()}


def _shares_hold(problem: Problem, gain: FloatArray, little: float) -> BoolArray:
    """Who would go at these prices, and does not: only a share of the placements holds them back."""
    shares = any(quota.share for quota in problem.quotas)
    held: BoolArray = (gain > little) & shares
    return held


def _open(problem: Problem) -> BoolArray:
    return problem.seats > 0 if problem.closed is None else (problem.seats > 0) & ~problem.closed


def _reached(problem: Problem, made: Allocation) -> BoolArray:
    """The posts to which nobody needs a bus, or whose bus goes."""
    if problem.buses is None:
        return np.ones(len(problem.seats), np.bool_)
    going = np.array([bus.aboard > 0 for bus in made.buses], np.bool_)
    return (problem.buses.of_vacancy < 0) | going[problem.buses.of_vacancy]


def _little(problem: Problem) -> float:
    return _TOLD * float(problem.edges.score.max(initial=0.0))
