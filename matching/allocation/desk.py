"""One person at a desk: what a plan's prices say of the choice."""

from matching.columns import FloatArray
from matching.regions import IntArray


def net_scores(score: FloatArray, vacancy: IntArray, price: FloatArray) -> FloatArray:
    """The scores of one person (or of several) less the price of the seat: what is best for all is best first.

    Prices come from a plan of those who are expected. Where all are below 0 the seats are worth more to others.
    """
    net: FloatArray = score - price[vacancy]
    return net
