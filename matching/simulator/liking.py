"""What a vacancy is worth to a worker, in yuan a month over the least that would be taken."""

from matching.simulator.facts import Facts
from matching.simulator.people import People
from matching.simulator.places import FloatArray, IntArray
from matching.simulator.posts import Posts

TRAVEL = 270.0
"""Yuan a month per thousand kilometres: four returns a year."""
BED, MEALS, HOURS, NIGHTS, OWN_TRADE, TOWNSPEOPLE = 500.0, 350.0, 250.0, 200.0, 200.0, 200.0


def utility(people: People, posts: Posts, w: IntArray, v: IntArray, fact: Facts) -> FloatArray:
    """Yuan a month, one value a pair; below 0 the worker would rather stay."""
    worth: FloatArray = (
        posts.pay[v] - people.pay_floor[w]
        - TRAVEL * fact.distance - BED * fact.no_bed + MEALS * posts.meals[v]
        - HOURS * fact.hours - NIGHTS * fact.nights
        + OWN_TRADE * fact.same_trade + TOWNSPEOPLE * fact.townspeople
    )  # fmt: skip
    return worth
