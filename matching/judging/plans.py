"""What plans for a month would have been worth: who looked for work in it, and the seats free on its first day."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from matching import regions
from matching.allocation.plan import allocate
from matching.allocation.problem import Edges, Problem
from matching.columns import FloatArray, Market
from matching.eligibility import eligible
from matching.judging.foresight import pairs_on
from matching.judging.judge import Judge
from matching.judging.queues import by_chance, in_turn
from matching.judging.ranked import exposure
from matching.learning.history import History
from matching.rankers import NearestRanker, PriorRanker
from matching.regions import IntArray

DRAWS = 20
"""Of chance."""
MOST_PAIRS = 1_000_000
"""A month with more pairs of people and posts is looked at by a draw of its people, with as large a share of the seats."""


@dataclass(frozen=True, slots=True)
class Looking:
    """Who looked for work, in the order of their coming, and the posts with their free `seats`."""

    people: IntArray
    posts: IntArray
    seats: IntArray


def taken_by(history: History, posts: int, day: np.datetime64) -> IntArray:
    """How many started at each post before `day`: a seat that somebody took is not offered again."""
    spells = history.stretches
    began = spells.vacancy[(spells.vacancy >= 0) & (spells.vacancy < posts) & (spells.started < day)]
    return np.bincount(began, minlength=posts)


def looking_in(
    market: Market, history: History, first: np.datetime64, until: np.datetime64, offered: IntArray, seed: int
) -> Looking:
    """Who applied, or began somewhere, from `first` to before `until`; `market` tells what seats are taken."""
    people = np.concatenate([history.applications.worker, history.stretches.worker])
    days = np.concatenate([history.applications.applied, history.stretches.started])
    inside = (days >= first) & (days < until)
    people, days = people[inside], days[inside]
    order = np.lexsort((people, days))
    _, came = np.unique(people[order], return_index=True)
    people = people[order][np.sort(came)]
    told = market.vacancies.seats[offered].astype(np.int64)
    # A post that names no number of seats has one.
    seats = np.where(told < 0, 1, told - market.vacancies.taken[offered]).clip(0)
    many = max(1, MOST_PAIRS // max(1, len(offered)))
    if len(people) > many:
        dice = np.random.default_rng(seed)
        seats = np.floor(seats * (many / len(people)) + dice.random(len(seats))).astype(np.int64)
        people = people[np.sort(dice.permutation(len(people))[:many])]
    return Looking(people, offered, seats)


def worth_of_plans(
    open_market: Market, market: Market, offer: Market, looking: Looking, judge: Judge,
    learned: PriorRanker, prior: PriorRanker, seed: int, champion: PriorRanker | None = None,
) -> Mapping[str, FloatArray]:  # fmt: skip
    """Expected stable placements of each person of `looking`, by plan: as the judge estimates who never saw the person, and `by_judge`.

    Beside them of each person, for judging fairness: whether the learned plan places the person (`chosen`), whether any post
    is left by law and conditions (`may`), and what the posts' lists show (`matching.judging.ranked.exposure`).

    Parameters
    ----------
    open_market : in which seats are taken, for the conditions; `market` with all its seats, as rankers learned to see it.
    offer : the market of the posts on offer, of which the usual pay is.
    learned, prior, champion : the rankers whose plans are made; the plans of chance and of queues need none but the prior's surplus.

    Companions are kept together in the plans of the rankers; the others and `bound` are free of that.
    """
    people, posts = len(looking.people), len(looking.posts)
    row, column = (each.ravel() for each in np.indices((people, posts)))
    workers, vacancies = looking.people[row], looking.posts[column]
    may = eligible(pairs_on(prior, open_market, workers, vacancies, np.full(len(row), market.day)))
    row, column, workers, vacancies = row[may], column[may], workers[may], vacancies[may]
    days = np.full(len(row), market.day)
    worth, by_each = judge.worth(market, offer, workers, vacancies, days, learned.stable_days)
    rankers = {"learned": learned, "prior": prior} | ({"champion": champion} if champion else {})
    pairs = {name: pairs_on(ranker, market, workers, vacancies, days) for name, ranker in rankers.items()}
    nearest = NearestRanker().fit(market)
    scores = {name: ranker.score(pairs[name]) for name, ranker in rankers.items()}
    order = np.arange(people)

    def planned(score: FloatArray, *, together: bool) -> FloatArray:
        made = allocate(_problem(market, looking, Edges(row, column, score), together=together))
        chosen: FloatArray = (made.vacancy[row] == column).astype(np.float64)
        return chosen

    def queued(liking: FloatArray) -> FloatArray:
        taken = in_turn(people, row, column, liking, looking.seats, order)
        chosen = np.zeros(len(row))
        chosen[taken[taken >= 0]] = 1.0
        return chosen

    shares = {
        **{name: planned(scores[name], together=True) for name in rankers},
        "first_come": queued(prior.outlook(pairs["prior"]).surplus if len(row) else np.zeros(0)),
        "nearest": queued(nearest.score(pairs["prior"])),
        "random": by_chance(people, row, column, looking.seats, draws=DRAWS, seed=seed),
        "bound": planned(worth, together=False),
    }
    found: dict[str, FloatArray] = {
        "chosen": np.bincount(row, shares["learned"], people).astype(np.float64),
        "may": (np.bincount(row, minlength=people) > 0).astype(np.float64),
        **exposure(people, row, column, scores["learned"]),
    }
    for plan, share in shares.items():
        found[plan] = np.bincount(row, share * worth, people).astype(np.float64)
        for number, one in enumerate(by_each):
            found[by_judge(plan, number)] = np.bincount(row, share * one, people).astype(np.float64)
    return found


def by_judge(plan: str, number: int) -> str:
    """The name of what a plan is worth by the judge of that number."""
    return f"{plan}@{number}"


def _problem(market: Market, looking: Looking, edges: Edges, *, together: bool) -> Problem:
    at = np.full(len(market.workers), -2, np.int64)
    at[looking.people] = np.arange(len(looking.people))
    companion = market.workers.companion[looking.people]
    problem = Problem(
        workers=len(looking.people),
        seats=looking.seats,
        edges=edges,
        place=regions.in_common(market.vacancies.region[looking.posts]),
    )
    if not together:
        return problem
    return replace(problem, companion=np.where(companion >= 0, at[companion.clip(0)], companion))
