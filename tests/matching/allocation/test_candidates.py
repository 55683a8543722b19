"""Which pairs a plan is made over."""

import numpy as np

from matching.allocation.candidates import IN_PLACES, thinned
from matching.allocation.parties import Parties
from matching.allocation.problem import Edges

POSTS = 40
PLACE = np.arange(POSTS) % 4


def every(people):
    dice = np.random.default_rng(0)
    worker, vacancy = np.divmod(dice.permutation(people * POSTS), POSTS)
    # The first place is everybody's best, the last everybody's worst.
    return Edges(worker, vacancy, dice.random(people * POSTS) + 10.0 - PLACE[vacancy])


def test_everybodys_best_are_kept_in_order():
    edges = every(5)
    kept = thinned(edges, each=6)
    assert np.bincount(kept.worker).tolist() == [6] * 5
    assert (np.diff(kept.worker * POSTS + kept.vacancy) > 0).all()
    for worker in range(5):
        best = np.sort(edges.score[edges.worker == worker])[-6:]
        assert sorted(kept.score[kept.worker == worker].tolist()) == best.tolist()


def test_whom_a_quota_asks_for_keeps_more():
    kept = thinned(every(2), in_groups=np.array([False, True]), each=6)
    assert np.bincount(kept.worker).tolist() == [6, POSTS]


def test_companions_keep_some_in_every_place_that_they_share():
    edges = every(3)
    # Worker 1 has nowhere to go in the last place.
    edges = edges.take((edges.worker != 1) | (PLACE[edges.vacancy] != 3))
    kept = thinned(edges, place=PLACE, found=Parties(np.array([0, 0, -1]), np.array([2])), each=4)
    for worker in (0, 1):
        counts = np.bincount(PLACE[kept.vacancy[kept.worker == worker]], minlength=4)
        assert counts.tolist() == [4, IN_PLACES, IN_PLACES, 0]
    assert (kept.worker == 2).sum() == 4
