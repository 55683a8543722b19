"""Who is hired: the employer answers, offers, and the worker says yes."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from matching.simulator.facts import Facts
from matching.simulator.firms import Firms
from matching.simulator.places import FloatArray, IntArray
from matching.simulator.worlds import Hiring


def logistic(log_odds: FloatArray) -> FloatArray:
    """1 / (1 + exp(-x))."""
    chance: FloatArray = 1.0 / (1.0 + np.exp(-log_odds))
    return chance


@dataclass(frozen=True)
class Chances:
    """One value a pair: that the employer answers, offers if answering, that the worker accepts if offered."""

    answer: FloatArray
    offer: FloatArray
    accept: FloatArray

    @cached_property
    def hire(self) -> FloatArray:
        """That an application leads to a start, while there is a seat."""
        return self.answer * self.offer * self.accept


def chances(weights: Hiring, firms: Firms, firm: IntArray, fact: Facts) -> Chances:
    """Of pairs with these facts, at these employers."""
    offer = (
        weights.offer
        + weights.offer_required * (fact.required.astype(float) - 1)
        + weights.offer_preferred * fact.preferred
        + weights.offer_same_trade * fact.same_trade
        + weights.offer_schooling * fact.schooling
        + weights.offer_experience * (fact.experience - 0.7)
        + weights.offer_foreign_speech * fact.foreign_speech
        + weights.offer_employer * firms.pick[firm]
    )
    accept = (
        weights.accept
        + weights.accept_pay_over_floor * fact.pay_over_floor
        + weights.accept_distance * fact.distance
        + weights.accept_no_bed * fact.no_bed
        + weights.accept_hours * fact.hours
        + weights.accept_townspeople * fact.townspeople
    )
    return Chances(np.broadcast_to(firms.answers[firm], offer.shape), logistic(offer), logistic(accept))
