"""One month of the past: what was learned before it, and what came after."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from matching.columns import BoolArray, DateArray, FloatArray, Market, SmallArray
from matching.eligibility import eligible, on_offer
from matching.judging.foresight import pairs_on
from matching.judging.judge import Judge
from matching.judging.known import as_known, ends_of, market_known, on
from matching.judging.plans import MOST_PAIRS, looking_in, taken_by, worth_of_plans
from matching.judging.ranked import ndcg
from matching.judging.rows import Evidence, Rows
from matching.learning.at_work import companion_counties, townspeople_on
from matching.learning.history import Applications, History, Stretches, stays_known
from matching.learning.ranker import LearnedRanker
from matching.learning.rows import whole_market
from matching.learning.trades import trades_then
from matching.learning.training import Learned, learn
from matching.rankers import FirstComeRanker, NearestRanker, NewestRanker, PriorRanker, RandomRanker, Ranker

MOST_LISTS = 2_000
"""A month with more people who applied is looked at by the lists of so many of them, drawn."""
STABLE_DAYS = 180


@dataclass(frozen=True, slots=True)
class Past:
    """A market with all that happened in it until `end`.

    `known_on` is what of it was on record on a day. `groups` tells who of the workers belongs to which monitored group,
    (`matching.groups.belonging`), by the market of a day; nothing ranks by it. `serving` is what would have served on the first day of a month, None where that is
    the prior: the champion, beside which what was learned the evening before is looked at.
    """

    market: Market
    history: History
    end: np.datetime64
    known_on: Callable[[np.datetime64], History]
    groups: Callable[[Market], Mapping[str, SmallArray]]
    seed: int
    objective: str
    serving: Callable[[np.datetime64], Learned] | None = None


@dataclass(frozen=True, slots=True)
class Month:
    """What a month had to learn from, how much happened in it, and what that shows."""

    first: np.datetime64
    learned_stays: int
    learned_answers: int
    applications: int
    stays: int
    looked: int
    seats: int
    version: str
    evidence: Evidence


def learned_before(past: Past, first: np.datetime64) -> Learned:
    """From what was known when the day began: nothing of that day or later has any part in it."""
    eve = first - np.timedelta64(1, "D")
    return learn(market_known(past.market, eve), as_known(past.known_on(eve), eve), eve, seed=past.seed)


def look_at(past: Past, first: np.datetime64, judge: Judge | None) -> Month:
    """Learn, foresee and compare."""
    until = (first.astype("datetime64[M]") + 1).astype("datetime64[D]")
    eve = first - np.timedelta64(1, "D")
    number = int(first.astype("datetime64[M]").astype(np.int64))
    learned = learned_before(past, first)
    # Where a stay names no post, its employer and place are what is known of it; what it paid was not yet known.
    unpaid = replace(
        past.history,
        stretches=replace(past.history.stretches, income=np.full(len(past.history.stretches), np.nan)),
    )
    whole, placed = whole_market(past.market, unpaid)
    known = as_known(past.known_on(eve), eve).stretches
    there = townspeople_on(known, whole.workers, eve)
    counties = companion_counties(known, whole.workers, whole.vacancies, eve)
    everybody = np.arange(len(whole.workers))
    trades = trades_then(known, whole, everybody, np.full(len(everybody), first))
    workers = replace(whole.workers, companion_county=counties, last_occupation=trades)
    market = replace(whole, workers=workers, as_of=on(first), townspeople=there)
    open_market = _with_taken(market, past.history, first)
    offered = np.flatnonzero(on_offer(open_market)[: len(past.market.vacancies)])
    offer = replace(market, vacancies=market.vacancies.take(offered))
    groups = past.groups(market)
    prior = PriorRanker(past.objective, STABLE_DAYS).fit(offer)
    model: PriorRanker = prior
    if learned.stays or learned.answers:
        model = LearnedRanker(learned, past.objective, STABLE_DAYS).fit(offer)
    foreseeing = {"model": model, "prior": prior}
    if past.serving is not None:
        serving = LearnedRanker(past.serving(first), past.objective, STABLE_DAYS)
        foreseeing["champion"] = serving.fit(offer)
    in_month = _within(past.history.applications.applied, first, until)
    made = past.history.applications.take(in_month)
    began = placed.stretches.take(_within(placed.stretches.started, first, until))
    looking = looking_in(open_market, past.history, first, until, offered, past.seed)
    applied = _applied(past, market, made, foreseeing, number, groups)
    wanted, stable = _lists(past, market, open_market, made, applied, model, prior, number, groups, until)
    worth = (
        worth_of_plans(
            open_market, market, offer, looking, judge, model, prior, past.seed, foreseeing.get("champion")
        )
        if judge is not None and len(looking.people)
        else {}
    )
    people = looking.people if worth else looking.people[:0]
    return Month(
        first=first,
        learned_stays=learned.stays,
        learned_answers=learned.answers,
        applications=len(made),
        stays=len(began),
        looked=len(looking.people),
        seats=int(looking.seats.sum()),
        version=model.version,
        evidence=Evidence(
            applied,
            _stayed(past, market, offer, began, model, prior, judge, number, groups),
            wanted,
            stable,
            Rows.of(people, number, groups, **worth),
        ),
    )


def _within(days: DateArray, first: np.datetime64, until: np.datetime64) -> BoolArray:
    inside: BoolArray = (days >= first) & (days < until)
    return inside


def _with_taken(market: Market, history: History, first: np.datetime64) -> Market:
    posts = market.vacancies
    taken = taken_by(history, len(posts), first).astype(posts.taken.dtype)
    return replace(market, vacancies=replace(posts, taken=taken))


def _applied(
    past: Past, market: Market, made: Applications, foreseeing: Mapping[str, PriorRanker],
    number: int, groups: Mapping[str, SmallArray],
) -> Rows:  # fmt: skip
    ends = ends_of(made, past.history, market.vacancies.employer, past.end, STABLE_DAYS)
    said: dict[str, FloatArray] = {}
    for name, ranker in foreseeing.items():
        if not len(made):
            said |= {name: np.zeros(0), f"stable_{name}": np.zeros(0)}
            continue
        expected = ranker.outlook(pairs_on(ranker, market, made.worker, made.vacancy, made.applied))
        said |= {name: expected.p_hire, f"stable_{name}": expected.p_hire * expected.stay(STABLE_DAYS)}
    return Rows.of(
        made.worker, number, groups, **said,
        started=ends.started, known=ends.start_known, stable=ends.stable, stable_weight=ends.stable_weight,
    )  # fmt: skip


def _stayed(
    past: Past, market: Market, offer: Market, began: Stretches, model: PriorRanker, prior: PriorRanker,
    judge: Judge | None, number: int, groups: Mapping[str, SmallArray],
) -> Rows:  # fmt: skip
    stays = stays_known(began, past.end)
    of = stays.of
    values: dict[str, FloatArray] = {
        "days": stays.days.astype(np.float64),
        "left": stays.left.astype(np.float64),
    }
    for name, ranker in (("model", model), ("prior", prior)):
        expected = (
            ranker.outlook(pairs_on(ranker, market, of.worker, of.vacancy, of.started)) if len(of) else None
        )
        for days in (90, STABLE_DAYS):
            values[f"{name}_{days}"] = expected.stay(days) if expected else np.zeros(0)
    if judge is not None:
        values["judge"] = judge.stays(market, offer, of.worker, of.vacancy, of.started, STABLE_DAYS)
    return Rows.of(of.worker, number, groups, **values)


def _lists(
    past: Past, market: Market, open_market: Market, made: Applications, applied: Rows,
    model: PriorRanker, prior: PriorRanker, number: int, groups: Mapping[str, SmallArray], until: np.datetime64,
) -> tuple[Rows, Rows]:  # fmt: skip
    """NDCG of each person's list on the day of the first application of the month."""
    people, row = np.unique(made.worker, return_inverse=True)
    day = np.full(len(people), np.datetime64("9999-12-31", "D"))
    np.minimum.at(day, row, made.applied)
    nobody = Rows.of(np.zeros(0, np.int64), number, groups)
    posts = market.vacancies
    live = np.flatnonzero(~(posts.valid_from >= until) & ~(posts.valid_until < market.day))
    live = live[live < len(past.market.vacancies)]
    most = min(MOST_LISTS, max(1, MOST_PAIRS // max(1, len(live))))
    if len(people) > most:
        kept = np.sort(np.random.default_rng(past.seed).permutation(len(people))[:most])
        people, day = people[kept], day[kept]
    one, column = (each.ravel() for each in np.indices((len(people), len(live))))
    if not len(one):
        return nobody, nobody
    workers, vacancies, days = people[one], live[column], day[one]
    may = eligible(pairs_on(prior, open_market, workers, vacancies, days))
    one, workers, vacancies, days = one[may], workers[may], vacancies[may], days[may]
    wide = np.int64(len(posts))
    keys = workers * wide + vacancies
    asked = made.worker * wide + made.vacancy
    lasted = asked[(applied.values["stable"] > 0) & (applied.values["stable_weight"] > 0)]
    rankers: tuple[Ranker, ...] = (
        model, prior, RandomRanker(past.seed).fit(market), NewestRanker().fit(market), NearestRanker().fit(market),
        FirstComeRanker().fit(market),
    )  # fmt: skip
    names = ("learned", "prior", "random", "newest", "nearest", "first_come")
    scores = [ranker.score(pairs_on(ranker, market, workers, vacancies, days)) for ranker in rankers]

    def lists(relevant: BoolArray) -> Rows:
        found = [ndcg(score, relevant, one) for score in scores]
        which = found[0][0]
        values = {name: value for name, (_, value) in zip(names, found, strict=True)}
        return Rows.of(people[which], number, groups, **values)

    return lists(np.isin(keys, asked)), lists(np.isin(keys, lasted))
