"""Simulated: lists out of a hundred thousand posts, or a million, or a million people, beside the peers.

    python -m benchmarks.serving lists --posts 10000 100000 [--trust 0.5] [--asked 400] [--peers numpy sklearn postgres duckdb polars]
    python -m benchmarks.serving people --people 1000000 --posts 2000
    python -m benchmarks.serving batch --people 100000 --posts 100000

`lists`: the ten best posts of one person. Each person is asked of every way in turn, so that all share the same minutes; seconds are of
the processor (of this process and of PostgreSQL's), the mean and the 99th of a hundred. What is found of the best ten is told by scoring
every eligible pair. The peers are handed the same table (`benchmarks/peers`), pick 300 by the model's own line, and all but the
scikit-learn ones finish with our compiled score. `people`: the fifty best people for one post. `batch`: the twenty best posts of everybody.
`--trust` says how much of the trees is believed: where learning trusts none a score is cheaper than it may ever be.

DuckDB and Polars are no part of the service: `uv sync --group bench`, or `pip install --target FOLDER duckdb polars` and FOLDER on PYTHONPATH.
"""

import argparse
import gc
import importlib.util
import os
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from benchmarks.simulated import market_of, told
from matching.serving.index import Index, highest_first
from matching.serving.known import Known

Rows = NDArray[np.int64]
_SELDOM = 20
"""Slow ways are asked of one in so many people."""


@dataclass
class Way:
    """One way to a list: `ask` gives the rows of the best; `beside` is what others than this process have used of the processor."""

    name: str
    ask: Callable[[int], Rows]
    beside: Callable[[], float] = lambda: 0.0
    every: int = 1
    seconds: list[float] = field(default_factory=list)
    found: int = 0
    wanted: int = 0

    def time(self, row: int, truth: Rows) -> None:
        """Ask once."""
        before, elsewhere = time.process_time_ns(), self.beside()
        rows = self.ask(row)
        self.seconds.append((time.process_time_ns() - before) / 1e9 + self.beside() - elsewhere)
        self.found += len(np.intersect1d(rows, truth))
        self.wanted += len(truth)


def main() -> None:
    """Simulate, learn, ask, print."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("what", choices=("lists", "people", "batch"))
    arguments.add_argument("--posts", type=int, nargs="+", default=[100_000])
    arguments.add_argument("--people", type=int, default=20_000)
    arguments.add_argument("--asked", type=int, default=400)
    arguments.add_argument("--past", type=int, default=20_000)
    arguments.add_argument("--world", default="mixed")
    arguments.add_argument("--seed", type=int, default=7)
    arguments.add_argument("--trust", type=float, default=None)
    arguments.add_argument("--peers", nargs="*", default=["numpy", "sklearn", "postgres", "duckdb", "polars"])
    asked = arguments.parse_args()
    # Polars is imported later, and looks then.
    os.environ["POLARS_MAX_THREADS"] = "1"
    with threadpool_limits(1):
        _run(asked)


def _run(asked: argparse.Namespace) -> None:
    for posts in asked.posts:
        with _step(f"simulated and learned, {asked.people} people, {posts} posts"):
            market, ranker, people, offered = market_of(
                asked.world, asked.seed, asked.people, posts, asked.past, asked.trust
            )
        print(f"world {asked.world}, seed {asked.seed}: {told(ranker)}")
        with _step("rules and features looked up"):
            known = Known(market, ranker, people, offered)
        {"lists": _lists, "people": _people, "batch": _batch}[asked.what](known, asked)
        del market, ranker, known
        gc.collect()


def _lists(known: Known, asked: argparse.Namespace) -> None:
    with _step("indexed"):
        index = Index(known)
    with _step("how far to look found"):
        index.best([0], 10)
    print(f"at most {index.looks(10)[0]} guesses scored, margin {index.looks(10)[1]:.4f}; {_size(index)} MB")
    dice = np.random.default_rng(asked.seed + 1)
    rows = dice.permutation(len(known.workers))[: asked.asked].tolist()
    with ExitStack() as stack:
        ways = [Way("the index", lambda row: index.best([row], 10).rows[0])]
        ways.append(
            Way("every pair, compiled", lambda row: index.best([row], 10, exact=True).rows[0], every=2)
        )
        ways += _peers(known, index, asked.peers, stack)
        eligible = []
        for row in rows[:3]:
            for way in ways:
                way.ask(row)
        for nth, row in enumerate(rows):
            truth, many = _truth(index, row, 10)
            eligible.append(many)
            turn = nth % len(ways)
            for way in [*ways[turn:], *ways[:turn]]:
                if nth % way.every == 0:
                    way.time(row, truth)
    print(f"{np.mean(eligible):.0f} of {len(known.vacancies)} posts eligible on average")
    _table(ways, 10)


def _people(known: Known, asked: argparse.Namespace) -> None:
    with _step("indexed"):
        index = Index(known, people_listed=True)
    with _step("how far to look found"):
        index.best([0], 50)
    print(f"at most {index.looks(50)[0]} guesses scored, margin {index.looks(50)[1]:.4f}; {_size(index)} MB")
    dice = np.random.default_rng(asked.seed + 1)
    ways = [
        Way("the index", lambda row: index.best([row], 50).rows[0]),
        Way("every pair, compiled", lambda row: index.best([row], 50, exact=True).rows[0], every=_SELDOM),
    ]
    for row in dice.permutation(len(known.vacancies))[: asked.asked].tolist():
        truth, _ = _truth(index, row, 50)
        for way in ways:
            way.time(row, truth)
    _table(ways, 50)


def _batch(known: Known, asked: argparse.Namespace) -> None:
    with _step("indexed"):
        index = Index(known)
    with _step("how far to look found"):
        index.best([0], 20)
    everybody = np.arange(len(known.workers))
    begun, clock = time.process_time(), time.perf_counter()
    best = index.best(everybody, 20)
    seconds, clock = time.process_time() - begun, time.perf_counter() - clock
    each = seconds / len(everybody)
    print(
        f"{len(everybody)} people, the 20 best each: {seconds:.1f} s of the processor, {clock:.1f} s of the clock,"
        f" {1e6 * each:.0f} µs a person, {best.looked.mean():.0f} pairs scored each;"
        f" a million people on two cores: {1e6 * each / 2 / 60:.1f} minutes"
    )
    way = Way("the batch", lambda row: best.rows[row])
    dice = np.random.default_rng(asked.seed + 1)
    for row in dice.permutation(len(everybody))[: asked.asked].tolist():
        way.time(row, _truth(index, row, 20)[0])
    print(f"recall@20 {way.found / way.wanted:.4f} of {len(way.seconds)} people; at most {_memory()} MB")


def _truth(index: Index, row: int, limit: int) -> tuple[Rows, int]:
    rows, scores = index.every(row)
    return rows[highest_first(scores, index.ids[rows], limit)], len(rows)


def _peers(known: Known, index: Index, names: list[str], stack: ExitStack) -> Iterator[Way]:
    """Each peer that can be had."""
    if not names:
        return
    from benchmarks.peers.frames import Numpy, Polars
    from benchmarks.peers.prepared import Prepared
    from benchmarks.peers.sklearn_finish import SklearnFinish
    from benchmarks.peers.sql import Duck, postgres

    with _step("the peers' table made ready"):
        prepared = Prepared(known, known.ranker.usual_pay_)

    def ten(rows: Rows, scores: NDArray[np.float64]) -> Rows:
        return rows[highest_first(scores, index.ids[rows], 10)]

    def finished(peer: Any) -> Callable[[int], Rows]:
        def ask(row: int) -> Rows:
            rows = peer.best(prepared.question(row))
            return ten(rows, known.score(np.full(len(rows), row), rows))

        return ask

    arrays = Numpy(prepared)
    if "numpy" in names:
        yield Way("NumPy, finished compiled", finished(arrays))
    if "sklearn" in names:
        finish = SklearnFinish(known)

        def reranked(row: int) -> Rows:
            rows = arrays.best(prepared.question(row))
            return ten(rows, finish.scores(np.full(len(rows), row), rows))

        def every(row: int) -> Rows:
            rows = prepared.columns["id"][arrays.free(prepared.question(row))].astype(np.int64)
            return ten(rows, finish.scores(np.full(len(rows), row), rows))

        yield Way("NumPy + scikit-learn re-rank 300", reranked, every=4)
        yield Way("scikit-learn over all pairs", every, every=_SELDOM)
    if "postgres" in names:
        with _step("PostgreSQL filled"):
            server = stack.enter_context(postgres(prepared))
        print(server.plan(prepared.question(0)))
        yield Way("PostgreSQL", finished(server), server.seconds)
    for name, module, peer in (("duckdb", "duckdb", Duck), ("polars", "polars", Polars)):
        if name in names and importlib.util.find_spec(module) is None:
            print(
                f"没有安装 {module}，这一行不比较。{module} is not installed: pip install --target FOLDER {module}"
            )
        elif name in names:
            yield Way(peer.name, finished(peer(prepared)))


def _table(ways: list[Way], limit: int) -> None:
    print(f"| way | asked | mean, ms | 99th of 100 | times the index | recall@{limit} |")
    print("|---|---|---|---|---|---|")
    first = float(np.mean(ways[0].seconds))
    for way in ways:
        mean = float(np.mean(way.seconds))
        print(
            f"| {way.name} | {len(way.seconds)} | {1e3 * mean:.2f} | {1e3 * np.quantile(way.seconds, 0.99):.2f}"
            f" | {mean / first:.1f} | {way.found / max(way.wanted, 1):.4f} |"
        )
    print(f"at most {_memory()} MB; load {os.getloadavg()[0]:.1f}", flush=True)


def _size(index: Index) -> int:
    """Megabytes of the index's own arrays."""
    return sum(each.nbytes for each in index._blocks if isinstance(each, np.ndarray)) // 2**20


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


@contextmanager
def _step(words: str) -> Iterator[None]:
    begun = time.process_time()
    yield
    print(f"{words}: {time.process_time() - begun:.1f} s of the processor, {_memory()} MB", flush=True)


if __name__ == "__main__":
    main()
