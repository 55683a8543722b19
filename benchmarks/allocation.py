"""The plan beside its peers, and prices at work at a fair of three days.

    python -m benchmarks.allocation peers --people 3000 --posts 900
    python -m benchmarks.allocation peers --people 100000 --posts 5000 --seeds 1
    python -m benchmarks.allocation rules --people 3000 --posts 900
    python -m benchmarks.allocation fair --posts 150 --each 40 --known 0.8

`peers`: seconds of the processor and how far each stays below the best plan. `rules`: the same for quotas, companions, a manual
move. `fair`: people come one after the other; what each way reaches of what could have been
reached by knowing everybody before.
Markets are generated: posts differ in quality, people in what suits them, each has the `--each` best pairs.
"""

import argparse
import heapq
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from matching.allocation.desk import net_scores
from matching.allocation.plan import allocate, resettle
from matching.allocation.problem import Edges, Problem, Quota

Numbers = NDArray[np.int64]
T = TypeVar("T")
TRAITS = 6
QUALITY, SUITING, CHANCE = 0.3, 0.15, 0.15
"""What the logarithm of a score is made of: how good the post is, how it suits the person, the rest."""


@dataclass(frozen=True, slots=True)
class Posts:
    """Posts of one fair or county."""

    quality: NDArray[np.float64]
    suits: NDArray[np.float64]
    seats: Numbers
    place: Numbers


def posts_of(count: int, people: int, dice: np.random.Generator) -> Posts:
    """Posts with about 0.9 seats a person; a few are much better than the rest."""
    shares = dice.pareto(1.5, count) + 0.3
    seats = np.maximum(np.rint(shares / shares.sum() * people * 0.9), 1).astype(np.int64)
    return Posts(
        dice.normal(size=count), dice.normal(size=(count, TRAITS)), seats, dice.integers(0, 30, count)
    )


def edges_of(posts: Posts, people: int, each: int, dice: np.random.Generator) -> Edges:
    """The best pairs of so many new people, best first within a person; each looks at a part of the posts."""
    count = len(posts.seats)
    looked = min(count, 15 * each)
    vacancy, score = np.empty((people, each), np.int64), np.empty((people, each))
    for first in range(0, people, 5_000):
        size = min(5_000, people - first)
        person = dice.normal(size=(size, TRAITS))
        # A stride through a shuffled order: other posts for everybody, none twice.
        start, order = dice.integers(0, count, size), dice.permutation(count)
        seen = order[(start[:, None] + np.arange(looked)) % count]
        worth = QUALITY * posts.quality[seen] + SUITING * np.einsum("pt,pvt->pv", person, posts.suits[seen])
        worth = np.exp(worth + CHANCE * dice.normal(size=worth.shape))
        top = np.argsort(-worth, axis=1)[:, :each]
        vacancy[first : first + size] = np.take_along_axis(seen, top, 1)
        score[first : first + size] = np.take_along_axis(worth, top, 1)
    return Edges(np.repeat(np.arange(people), each), vacancy.ravel(), score.ravel())


def problem_of(people: int, posts: int, each: int, seed: int) -> Problem:
    dice = np.random.default_rng(seed)
    made = posts_of(posts, people, dice)
    groups = {
        "poverty_relieved": dice.random(people) < 0.4,
        "monitored": dice.random(people) < 0.12,
        "disabled": dice.random(people) < 0.04,
    }
    return Problem(people, made.seats, edges_of(made, people, each, dice), place=made.place, groups=groups)


def greedy(problem: Problem) -> float:
    """The best pair first."""
    return _taken(problem, np.argsort(-problem.edges.score, kind="stable"))


def first_come(problem: Problem) -> float:
    """Everybody in turn takes the best that is left."""
    return _taken(problem, np.lexsort((-problem.edges.score, problem.edges.worker)))


def _taken(problem: Problem, order: Numbers) -> float:
    left, free, total = problem.seats.tolist(), [True] * problem.workers, 0.0
    edges = problem.edges
    for worker, vacancy, score in zip(
        edges.worker[order].tolist(), edges.vacancy[order].tolist(), edges.score[order].tolist(), strict=True
    ):
        if free[worker] and left[vacancy]:
            free[worker], total = False, total + score
            left[vacancy] -= 1
    return total


def dense(problem: Problem) -> float:
    """scipy's linear_sum_assignment over seats written out one by one."""
    value = np.zeros((problem.workers, len(problem.seats)))
    value[problem.edges.worker, problem.edges.vacancy] = problem.edges.score
    wide = np.repeat(value, np.minimum(problem.seats, problem.workers), axis=1)
    rows, columns = linear_sum_assignment(wide, maximize=True)
    return float(wide[rows, columns].sum())


def auction(problem: Problem, part: float = 0.02) -> float:
    """Bertsekas' auction with seats as one heap a post; bids rise by `part` of the mean score, so it ends within that of the best."""
    edges = problem.edges
    ends = np.searchsorted(edges.worker, np.arange(problem.workers + 1)).tolist()
    vacancy, score = edges.vacancy.tolist(), edges.score.tolist()
    step = part * float(edges.score.mean())
    seats, held = problem.seats.tolist(), [[] for _ in problem.seats]
    ahead = list(range(problem.workers - 1, -1, -1))
    while ahead:
        worker = ahead.pop()
        best, second, at = 0.0, 0.0, -1
        for edge in range(ends[worker], ends[worker + 1]):
            post = vacancy[edge]
            net = score[edge] - (held[post][0][0] if len(held[post]) == seats[post] and seats[post] else 0.0)
            if net > best:
                best, second, at = net, best, edge
            elif net > second:
                second = net
        if at < 0 or not seats[vacancy[at]]:
            continue
        post = vacancy[at]
        entry = (score[at] - second + step, worker, score[at])
        if len(held[post]) == seats[post]:
            ahead.append(heapq.heapreplace(held[post], entry)[1])
        else:
            heapq.heappush(held[post], entry)
    return sum(gain for post in held for _, _, gain in post)


def seconds(work: Callable[[], T]) -> tuple[float, T]:
    begun = time.process_time()
    found = work()
    return time.process_time() - begun, found


def interval(values: list[float]) -> str:
    """Mean and its 95 % interval."""
    error = 1.96 * np.std(values, ddof=1) / np.sqrt(len(values)) if len(values) > 1 else np.nan
    return f"{np.mean(values):.3f} ± {error:.3f}"


def peers(options: argparse.Namespace) -> None:
    ways: dict[str, Callable[[Problem], float]] = {
        "the plan": lambda problem: allocate(problem).total,
        "auction": auction,
        "greedy": greedy,
        "first come": first_come,
    }
    if options.people <= 5_000:
        ways["linear_sum_assignment"] = dense
    spent: dict[str, list[float]] = {name: [] for name in ways}
    below: dict[str, list[float]] = {name: [] for name in ways}
    for seed in range(options.seeds):
        problem = problem_of(options.people, options.posts, options.each, seed)
        best = 0.0
        for name, way in ways.items():
            took, total = seconds(lambda way=way, problem=problem: way(problem))
            best = best or total
            spent[name].append(took)
            below[name].append(100 * (1 - total / best))
    for name in ways:
        print(f"{name:24} {interval(spent[name])} s   {interval(below[name])} % below the plan")


def rules(options: argparse.Namespace) -> None:
    spent: dict[str, list[float]] = {}
    gaps: dict[str, list[float]] = {}
    for seed in range(options.seeds):
        plain = problem_of(options.people, options.posts, options.each, seed)
        people = plain.workers
        dice = np.random.default_rng(seed)
        who = dice.permutation(people)[: people // 10 * 2 if options.many else people // 20 * 2]
        companion = np.full(people, -1)
        companion[who[::2]] = who[1::2]
        free = allocate(plain)
        placed = {name: int((mask & (free.vacancy >= 0)).sum()) for name, mask in plain.groups.items()}
        size = {name: int(mask.sum()) for name, mask in plain.groups.items()}
        aim = {name: (placed[name] + size[name]) // 2 for name in placed}
        cases = {
            "nothing else": plain,
            "one quota": replace(plain, quotas=(Quota("poverty_relieved", aim["poverty_relieved"]),)),
            "a share": replace(plain, quotas=(Quota("poverty_relieved", share=Fraction(42, 100)),)),
            "three that overlap, one a share": replace(
                plain,
                quotas=(
                    Quota("poverty_relieved", aim["poverty_relieved"]),
                    Quota("disabled", aim["disabled"]),
                    Quota("monitored", share=Fraction(13, 100)),
                ),
            ),
            "companions": replace(plain, companion=companion),
            "companions and a quota": replace(
                plain, companion=companion, quotas=(Quota("poverty_relieved", aim["poverty_relieved"]),)
            ),
        }
        for name, problem in cases.items():
            took, plan = seconds(lambda problem=problem: allocate(problem))
            spent.setdefault(name, []).append(took)
            gaps.setdefault(name, []).append(100 * plan.gap)
            if name == "companions":
                moved = int(np.flatnonzero(plan.vacancy >= 0)[0])
                pin = np.array([[moved, (plan.vacancy[moved] + 1) % options.posts]])
                took, _ = seconds(lambda problem=problem, pin=pin: resettle(problem, pinned=pin))
                spent.setdefault("… one moved by hand", []).append(took)
                gaps.setdefault("… one moved by hand", []).append(100 * plan.gap)
    for name in spent:
        print(
            f"{name:34} {interval(spent[name])} s, at most {max(spent[name]):.2f}   gap {interval(gaps[name])} %, at most {max(gaps[name]):.4f}"
        )


def fair(options: argparse.Namespace) -> None:
    """Three days, people in any order; what each way reaches of the plan that knew everybody before."""
    ways = {
        "greedy": 0,
        "prices of the first morning": 1,
        "prices of every morning": 3,
        "prices of every hour": 24,
    }
    reached: dict[str, list[float]] = {way: [] for way in ways}
    for seed in range(options.seeds):
        dice = np.random.default_rng(seed)
        posts = posts_of(options.posts, options.people, dice)
        coming = edges_of(posts, options.people, options.each, dice)
        best = allocate(Problem(options.people, posts.seats, coming)).total
        for way, plans in ways.items():
            total = visit(posts, coming, plans, options, np.random.default_rng(seed + 10_000))
            reached[way].append(100 * total / best)
    for way in ways:
        print(
            f"{way:30} {interval(reached[way])} % of what hindsight reaches, at least {min(reached[way]):.1f}"
        )


def expected(
    posts: Posts, coming: Edges, first: int, options: argparse.Namespace, dice: np.random.Generator
) -> Edges:
    """Who is expected from person `first` on: `options.known` of those who will come, and strangers for the others (who in
    truth are other people): registered who stay away, and no word of those who come unregistered."""
    each, people = options.each, options.people - first
    rows = slice(first * each, options.people * each)
    strangers = edges_of(posts, people, each, dice)
    known = np.repeat(np.random.default_rng(99).random(options.people)[first:] < options.known, each)
    return Edges(
        coming.worker[rows] - first,
        np.where(known, coming.vacancy[rows], strangers.vacancy),
        np.where(known, coming.score[rows], strangers.score),
    )


def visit(
    posts: Posts, coming: Edges, plans: int, options: argparse.Namespace, dice: np.random.Generator
) -> float:
    """What the fair reaches in all, each person taking the seat of the best score less its price, if that is above 0.

    The prices are planned anew `plans` times over the three days, for who is still expected and what is still free.
    """
    left, total = posts.seats.copy(), 0.0
    price = np.zeros(len(left))
    each = options.each
    anew = {int(part[0]) for part in np.array_split(np.arange(options.people), plans)} if plans else set()
    for worker in range(options.people):
        if worker in anew:
            crowd = [expected(posts, coming, worker, options, dice) for _ in range(options.draws)]
            size = options.people - worker
            # Several crowds like the one to come, and as many times the seats: one plan, whose prices chance moves less.
            together = Edges(
                np.concatenate([edges.worker + at * size for at, edges in enumerate(crowd)]),
                np.concatenate([edges.vacancy for edges in crowd]),
                np.concatenate([edges.score for edges in crowd]),
            )
            price = allocate(Problem(size * options.draws, left * options.draws, together)).price
        mine = slice(worker * each, (worker + 1) * each)
        vacancy = coming.vacancy[mine]
        net = np.where(left[vacancy] > 0, net_scores(coming.score[mine], vacancy, price), -np.inf)
        at = int(net.argmax())
        if net[at] > 0:
            left[vacancy[at]] -= 1
            total += float(coming.score[mine][at])
    return total


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("what", choices=("peers", "rules", "fair"))
    parser.add_argument("--people", type=int, default=3_000)
    parser.add_argument("--posts", type=int, default=900)
    parser.add_argument("--each", type=int, default=20)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--draws", type=int, default=3, help="expected crowds whose prices are averaged")
    parser.add_argument("--known", type=float, default=0.8, help="share of visitors expected by name")
    parser.add_argument(
        "--many", action="store_true", help="a fifth of all people are companions, not a tenth"
    )
    options = parser.parse_args()
    {"peers": peers, "rules": rules, "fair": fair}[options.what](options)


if __name__ == "__main__":
    main()
