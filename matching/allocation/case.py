"""A problem made ready for the flow: decisions of people carried out, scores as integers, workers sorted into kinds."""

from dataclasses import dataclass, replace

import numpy as np

from matching.allocation.flow import Net
from matching.allocation.parties import Choices, Parties, choices, parties
from matching.allocation.problem import Edges, Problem
from matching.allocation.quotas import Needs, Settled, kinds, settle
from matching.columns import BoolArray, FloatArray
from matching.regions import IntArray

TOP = 100_000_000
"""The best score as an integer. Rounding can cost each placed person half of 1/TOP of the best score, and as much in the plan
it is compared with."""


@dataclass(frozen=True, slots=True)
class Case:
    """What is left to decide. `edges` are sorted by worker, then vacancy; pinned workers and closed vacancies are not among them."""

    problem: Problem
    edges: Edges
    gain: IntArray
    """The edges' scores in units of 1/scale."""
    scale: float
    seats: IntArray
    kind: IntArray
    needs: Needs
    pinned: IntArray
    """Vacancy of each worker whose pin is carried out; -1 none."""
    unheld: dict[str, IntArray]
    """Decisions that can't be carried out: code to workers."""
    parties: Parties
    choices: Choices
    decided: BoolArray
    """Parties of whom a pinned member goes already: the others follow if there is room."""

    def settle(
        self, rows: BoolArray | IntArray, *, bonus: IntArray | None = None, load: IntArray | None = None
    ) -> Settled | None:
        """The best plan over these edges under the quotas; `bonus` is added to every edge of a worker."""
        return settle(
            lambda least, most: self.net(rows, least, most, bonus=bonus, load=load), self.needs, float(TOP)
        )

    def net(
        self,
        rows: BoolArray | IntArray,
        least: IntArray,
        most: int | None,
        *,
        bonus: IntArray | None = None,
        load: IntArray | None = None,
    ) -> Net:
        """The net over these edges."""
        worker = self.edges.worker[rows]
        gain = self.gain[rows] if bonus is None else self.gain[rows] + bonus[worker]
        buses = self.problem.buses
        return Net(
            workers=self.problem.workers,
            worker=worker,
            vacancy=self.edges.vacancy[rows],
            gain=gain,
            seats=self.seats,
            kind=self.kind,
            least=least,
            most=most,
            bus=None if buses is None or load is None else buses.of_vacancy,
            load=None if buses is None else load,
        )

    def narrowed(self, usable: BoolArray, net: FloatArray, most: int) -> "Case":
        """The case over the best edges by `net`: so many of each worker, of a member of a party so many at each of its places."""
        rows = np.flatnonzero(usable)
        key = (
            self.edges.worker[rows] * np.int64(len(self.choices) + 1) + self.choices.choice_of_edge[rows] + 1
        )
        order = np.lexsort((-net[rows], key))
        first = np.flatnonzero(np.diff(key[order], prepend=-1))
        rank = np.arange(len(rows)) - np.repeat(first, np.diff(np.r_[first, len(rows)]))
        keep = np.zeros(len(usable), np.bool_)
        keep[rows[order[rank < most]]] = True
        return replace(
            self, edges=self.edges.take(keep), gain=self.gain[keep], choices=self.choices.among(keep)
        )


def ready(problem: Problem) -> Case:
    """Carry out pins, holds and closures, and round the scores."""
    people, posts = problem.workers, len(problem.seats)
    closed = np.zeros(posts, np.bool_) if problem.closed is None else problem.closed
    out = np.zeros(people, np.bool_) if problem.kept_out is None else problem.kept_out
    pinned, unheld = _pins(problem, closed, out)
    wished = np.zeros(people, np.bool_) if problem.pinned is None else problem.pinned >= 0
    seats = np.where(closed, 0, problem.seats - np.bincount(pinned[pinned >= 0], minlength=posts))
    edges = problem.edges
    edges = edges.take(
        np.argsort(edges.worker.astype(np.int64) * max(posts, 1) + edges.vacancy, kind="stable")
    )
    # A post without a free seat stays, so that its price and what a seat there would bring are found.
    edges = edges.take(~out[edges.worker] & ~wished[edges.worker] & ~closed[edges.vacancy])
    scale = TOP / max(float(problem.edges.score.max(initial=0.0)), 1e-300)
    gain = np.rint(edges.score * scale).astype(np.int64)
    names = sorted({quota.group for quota in problem.quotas})
    kind, member = kinds([problem.groups[name] for name in names], people)
    placed = pinned >= 0
    needs = Needs(
        of_kind=member[:, [names.index(quota.group) for quota in problem.quotas]],
        people=tuple(quota.people for quota in problem.quotas),
        share=tuple(quota.share for quota in problem.quotas),
        had=np.array([problem.groups[quota.group][placed].sum() for quota in problem.quotas], np.int64),
        had_all=int(placed.sum()),
    )
    found = parties(problem)
    waiting, fixed = _pinned_parties(problem, found, pinned)
    place = np.zeros(posts, np.int64) if problem.place is None else problem.place
    options = choices(edges, place, waiting, fixed, seats)
    return Case(
        problem, edges, gain, scale, seats, kind, needs, pinned, unheld, waiting, options, fixed != -1
    )


def _pins(problem: Problem, closed: BoolArray, out: BoolArray) -> tuple[IntArray, dict[str, IntArray]]:
    """Pins that can be carried out, in the order of the workers where seats don't suffice; and those that can't, by reason."""
    nobody = np.full(problem.workers, -1, np.int64)
    if problem.pinned is None:
        return nobody, {}
    wished = problem.pinned.astype(np.int64)
    held = np.flatnonzero((wished >= 0) & out)
    shut = np.flatnonzero((wished >= 0) & ~out & closed[wished])
    who = np.flatnonzero((wished >= 0) & ~out & ~closed[wished])
    order = np.argsort(wished[who], kind="stable")
    who = who[order]
    first = np.searchsorted(wished[who], wished[who])
    fits = np.arange(len(who)) - first < problem.seats[wished[who]]
    nobody[who[fits]] = wished[who[fits]]
    unheld = {"pin_kept_out": held, "pin_closed": shut, "pin_without_seat": np.sort(who[~fits])}
    return nobody, {code: rows for code, rows in unheld.items() if len(rows)}


def _pinned_parties(problem: Problem, found: Parties, pinned: IntArray) -> tuple[Parties, IntArray]:
    """The parties less their pinned members, and the place that these have decided (-1 none; -2 two places: nobody can join)."""
    fixed = np.full(len(found), -1, np.int64)
    size = found.size.copy()
    if problem.place is not None:
        for worker in np.flatnonzero((pinned >= 0) & (found.of_worker >= 0)).tolist():
            party = found.of_worker[worker]
            place = problem.place[pinned[worker]]
            fixed[party] = place if fixed[party] in (-1, place) else -2
            size[party] -= 1
    return Parties(found.of_worker, size), fixed
