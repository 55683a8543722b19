"""A plan's numbers as bytes, so that it can be settled anew without ranking anybody again."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from matching.allocation.problem import Edges, Problem
from matching.columns import FloatArray
from matching.regions import IntArray

_GROUP = "group_"
_ARRAYS = (
    "workers", "vacancies", "seats", "place", "companion", "edge_worker", "edge_vacancy", "edge_score",
    "p_hire", "stay_90", "stay_180",
)  # fmt: skip


class Unreadable(ValueError):
    """The bytes are none of ours, or not all of them."""


@dataclass(frozen=True, slots=True)
class Kept:
    """`problem` before any decision or quota; `workers` and `vacancies` are the numbers of its rows, ascending; the
    chances stand one an edge."""

    workers: IntArray
    vacancies: IntArray
    problem: Problem
    p_hire: FloatArray
    stay_90: FloatArray
    stay_180: FloatArray

    def edge_of(self, vacancy: IntArray) -> IntArray:
        """The edge by which each worker goes to `vacancy` (rows, -1 nowhere); -1 where there is none."""
        edges, posts = self.problem.edges, np.int64(max(1, len(self.vacancies)))
        keys = edges.worker * posts + edges.vacancy
        order = np.argsort(keys, kind="stable")
        wanted = np.arange(len(vacancy)) * posts + vacancy
        at = np.searchsorted(keys[order], wanted)
        hit = at < len(keys)
        found = order[np.minimum(at, len(keys) - 1)] if len(keys) else np.zeros(len(vacancy), np.int64)
        hit &= (vacancy >= 0) & (keys[found] == wanted if len(keys) else False)
        return np.where(hit, found, -1)


def pack(kept: Kept) -> bytes:
    """Everything of `kept` but pins, closures and quotas, compressed; no pickle."""
    problem = kept.problem
    if problem.place is None or problem.companion is None:
        raise ValueError("the places of the posts and the companions are wanted")
    out = io.BytesIO()
    np.savez_compressed(
        out,
        allow_pickle=False,
        workers=kept.workers,
        vacancies=kept.vacancies,
        seats=problem.seats,
        place=problem.place,
        companion=problem.companion,
        edge_worker=problem.edges.worker.astype(np.int32),
        edge_vacancy=problem.edges.vacancy.astype(np.int32),
        edge_score=problem.edges.score,
        p_hire=kept.p_hire.astype(np.float32),
        stay_90=kept.stay_90.astype(np.float32),
        stay_180=kept.stay_180.astype(np.float32),
        **{_GROUP + name: mask for name, mask in problem.groups.items()},
    )
    return out.getvalue()


def unpack(content: bytes) -> Kept:
    """What `pack` packed.

    Raises
    ------
    Unreadable
        when these are other bytes.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as read:
            given: Mapping[str, np.ndarray] = {name: read[name] for name in read.files}
        told = {name: given[name] for name in _ARRAYS}
        problem = Problem(
            workers=len(told["workers"]),
            seats=told["seats"],
            edges=Edges(
                told["edge_worker"].astype(np.int64),
                told["edge_vacancy"].astype(np.int64),
                told["edge_score"],
            ),
            place=told["place"],
            groups={
                name.removeprefix(_GROUP): mask for name, mask in given.items() if name.startswith(_GROUP)
            },
            companion=told["companion"],
        )
    except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile) as wrong:
        raise Unreadable("no plan's numbers") from wrong
    return Kept(
        told["workers"],
        told["vacancies"],
        problem,
        *(told[name].astype(np.float64) for name in ("p_hire", "stay_90", "stay_180")),
    )
