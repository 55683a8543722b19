"""A plan's numbers as bytes: what is read is what was written, and other bytes are refused."""

import io

import numpy as np
import pytest

from matching.allocation.kept import Kept, Unreadable, pack, unpack
from matching.allocation.plan import allocate
from matching.allocation.problem import Edges, Problem


def a_market(seed: int, people: int = 40, posts: int = 6) -> Kept:
    dice = np.random.default_rng(seed)
    worker, vacancy = (each.ravel() for each in np.indices((people, posts)))
    some = dice.random(len(worker)) < 0.6
    worker, vacancy = worker[some], vacancy[some]
    companion = np.full(people, -1)
    companion[[0, 1]] = 1, 0
    problem = Problem(
        workers=people,
        seats=dice.integers(1, 6, posts),
        edges=Edges(worker, vacancy, dice.random(len(worker))),
        place=dice.integers(0, 2, posts),
        groups={"monitored": dice.random(people) < 0.3},
        companion=companion,
    )
    chances = dice.random((3, len(worker))).astype(np.float32).astype(np.float64)
    return Kept(np.arange(people) * 3 + 5, np.arange(posts) * 2 + 9, problem, *chances)


@pytest.mark.parametrize("seed", range(3))
def test_what_is_read_is_what_was_written(seed: int) -> None:
    kept = a_market(seed)
    read = unpack(pack(kept))
    for name in ("workers", "vacancies", "p_hire", "stay_90", "stay_180"):
        np.testing.assert_array_equal(getattr(read, name), getattr(kept, name))
    made, again = allocate(kept.problem), allocate(read.problem)
    np.testing.assert_array_equal(made.vacancy, again.vacancy)
    assert made.total == again.total


def test_other_bytes_are_refused() -> None:
    whole = pack(a_market(0))
    objects, lacking = io.BytesIO(), io.BytesIO()
    np.savez(objects, workers=np.array([{"a": 1}], dtype=object))
    np.savez(lacking, workers=np.zeros(1))
    for content in (b"", b"nothing", whole[:200], objects.getvalue(), lacking.getvalue()):
        with pytest.raises(Unreadable):
            unpack(content)


def test_an_edge_is_found_by_where_somebody_goes() -> None:
    kept = a_market(1)
    edges = kept.problem.edges
    made = allocate(kept.problem)
    found = kept.edge_of(made.vacancy)
    gone = made.vacancy >= 0
    assert (found[~gone] == -1).all()
    assert (edges.worker[found[gone]] == np.flatnonzero(gone)).all()
    assert (edges.vacancy[found[gone]] == made.vacancy[gone]).all()
    lacking = np.full(kept.problem.workers, -1)
    for worker in range(kept.problem.workers):
        missing = set(range(6)) - set(edges.vacancy[edges.worker == worker].tolist())
        if missing:
            lacking[worker] = min(missing)
    assert (kept.edge_of(lacking) == -1).all()
