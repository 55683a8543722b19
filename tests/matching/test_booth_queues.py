"""Even queues, and nobody offered a poorer post for it."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matching.booth_queues import CHOSEN, NEAR, Load, offered

SCORES = st.lists(st.floats(0.01, 10), min_size=1, max_size=12)


def load(booths: int, capacity: float = 10.0) -> Load:
    return Load(np.zeros(booths), np.full(booths, capacity))


@given(SCORES, st.data())
def test_nobody_is_offered_a_poorer_post_before_a_better_one(told: list[float], data: st.DataObject) -> None:
    scores = np.array(sorted(told, reverse=True))
    booths = data.draw(st.lists(st.integers(0, 3), min_size=len(told), max_size=len(told)))
    queued = np.array(data.draw(st.lists(st.floats(0, 50), min_size=4, max_size=4)))
    rows = offered(scores, scores, booths, Load(queued, np.full(4, 5.0)))
    assert len(rows) == len(set(rows)) == min(len(told), len(CHOSEN))
    for at, row in enumerate(rows):
        left = [other for other in range(len(scores)) if other not in rows[:at]]
        best = max(scores[other] for other in left)
        assert scores[row] >= best * (1 - NEAR) - 1e-9


def test_alike_posts_share_the_visitors() -> None:
    four, scores = load(4), np.full(4, 1.0)
    firsts = [offered(scores, scores, [0, 1, 2, 3], four)[0] for _ in range(40)]
    assert all(9 <= firsts.count(booth) <= 11 for booth in range(4))


def test_a_booth_with_more_seats_is_given_more() -> None:
    two = Load(np.zeros(2), np.array([30.0, 10.0]))
    firsts = [offered(np.ones(2), np.ones(2), [0, 1], two, most=1)[0] for _ in range(40)]
    assert firsts.count(0) == 30


def test_a_queue_that_stands_already_counts() -> None:
    two = Load(np.array([5.0, 0.0]), np.full(2, 10.0))
    assert offered(np.array([1.0, 0.95]), np.array([1.0, 0.95]), [0, 1], two, most=1) == [1]
    assert offered(np.array([1.0, 0.85]), np.array([1.0, 0.85]), [0, 1], two, most=1) == [0]


def test_what_a_plan_has_for_others_is_not_put_first_for_a_shorter_queue() -> None:
    """The second is as good for the visitor, but its seat is worth more to somebody else."""
    two = Load(np.array([5.0, 0.0]), np.full(2, 10.0))
    assert offered(np.array([1.0, 1.0]), np.array([0.9, 0.2]), [0, 1], two, most=1) == [0]
