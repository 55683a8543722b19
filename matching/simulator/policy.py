"""The past policy: who applied where.

A person who looks for work sees some of the notices on offer that day and of these applies to the most appealing ones.
"""

import numpy as np

from matching.simulator.conditions import age_on, eligible
from matching.simulator.facts import facts
from matching.simulator.firms import Firms
from matching.simulator.people import People
from matching.simulator.places import IntArray
from matching.simulator.posts import Posts
from matching.simulator.worlds import World

SEEN = 50
"""Notices that one person looks at, at most."""
TRIES = 3
_TRIES_SHARE = (0.35, 0.35, 0.30)
OLDER = 50
_FOLLOWS = 0.85
"""How often somebody prefers what lies where the companion applied."""
_FOLLOWING = 6.0


def choose(
    rng: np.random.Generator,
    world: World,
    people: People,
    firms: Firms,
    posts: Posts,
    who: IntArray,
    day: IntArray,
    live: IntArray,
    beside: IntArray,
) -> IntArray:
    """Up to TRIES vacancies of `live` for each of `who` on their `day`, the most appealing first; -1 where none is left.

    `beside` is the place where the companion has found work, -1 where that is not so.
    """
    n = len(who)
    if not len(live):
        return np.full((n, TRIES), -1)
    seen = _seen(rng, n, live)
    w, on = who[:, None], day[:, None]
    fact = facts(people, firms, posts, w, seen)
    weights, firm = world.policy, posts.firm[seen]
    older = age_on(people.born[who], day) >= OLDER
    sent = np.where((people.monitored[who] | older)[:, None], -1.0, 0.5)
    quality = firms.keeping(world.staying)
    spread = quality.std() or 1.0
    appeal = (
        weights.near * fact.distance
        + weights.old * (on - posts.valid_from[seen]) / 30
        + weights.popular * firms.popular[firm]
        + weights.pay * fact.pay_over_local
        + weights.townspeople * fact.townspeople
        + weights.bias * sent * ((quality - quality.mean()) / spread)[firm]
        + _FOLLOWING * ((posts.place[seen] == beside[:, None]) & (rng.random(n) < _FOLLOWS)[:, None])
        + rng.gumbel(0, 1, seen.shape)
    )
    twice = np.zeros(seen.shape, np.bool_)
    twice[:, 1:] = seen[:, 1:] == seen[:, :-1]
    appeal[twice | ~eligible(people, posts, w, seen, on)] = -np.inf
    best = np.argsort(-appeal, axis=1, kind="stable")[:, :TRIES]
    chosen = np.where(np.isfinite(np.take_along_axis(appeal, best, 1)), np.take_along_axis(seen, best, 1), -1)
    chosen = np.pad(chosen, ((0, 0), (0, TRIES - chosen.shape[1])), constant_values=-1)
    tries = rng.choice(TRIES, n, p=_TRIES_SHARE) + 1
    return np.where(np.arange(TRIES) < tries[:, None], chosen, -1)


def _seen(rng: np.random.Generator, n: int, live: IntArray) -> IntArray:
    if len(live) <= SEEN:
        return np.broadcast_to(live, (n, len(live)))
    return live[np.sort(rng.integers(0, len(live), (n, SEEN)), axis=1)]
