"""Learning from what was known on a day: who leaves when, and which applications lead to a start."""

import hashlib
from dataclasses import dataclass, fields

import numpy as np

from matching.columns import Firms, FloatArray, Market
from matching.learning.chance import Chance
from matching.learning.hiring import learn_to_hire
from matching.learning.history import History, answers_known
from matching.learning.rows import whole_market
from matching.learning.staying import COUNTIES, learn_to_stay
from matching.learning.tallies import Ratios
from matching.regions import IntArray
from matching.usual_pay import UsualPay


@dataclass(frozen=True, slots=True)
class Learned:
    """The two chances and what is known of employers; `stay` is the chance of leaving within an interval."""

    stay: Chance
    hire: Chance
    firms: Firms
    stays: int
    answers: int

    @property
    def version(self) -> str:
        """Names the numbers that make the chances."""
        parts = [np.round(getattr(self.firms, each.name), 9) for each in fields(self.firms)]
        parts += [chance.line.coef_ for chance in (self.stay, self.hire) if chance.line is not None]
        parts += [np.array([chance.trust, *chance.calibration]) for chance in (self.stay, self.hire)]
        parts += [part for chance in (self.stay, self.hire) for part in chance.leaves()]
        return hashlib.sha256(b"".join(np.ascontiguousarray(part).tobytes() for part in parts)).hexdigest()[
            :12
        ]


def learn(market: Market, history: History, day: np.datetime64, *, seed: int = 0) -> Learned:
    """What was to be learned on `day`. `market` holds every post that the history names, also those long closed."""
    # Whether an application led to a start is asked of what was written down: not of posts made up for want of a name.
    answers = answers_known(history, market.vacancies.employer, day)
    market, history = whole_market(market, history)
    usual = UsualPay.learn(market.vacancies)
    stay = learn_to_stay(market, usual, history, day, seed)
    hire = learn_to_hire(market, usual, history, answers, day, seed)
    told = {
        "leaving": stay.firms, "hiring": hire.firms, "offering": hire.offering,
        "answering": hire.answering, "promptness": hire.promptness,
    }  # fmt: skip
    ids = np.unique(np.concatenate([each.keys for each in told.values()]))
    firms = Firms(
        ids,
        **{
            name: _aligned(ids, each)
            for name, each in told.items()
            if name in ("leaving", "hiring") or len(each.keys)
        },
        origin_employer=stay.origins.keys // COUNTIES,
        origin_county=stay.origins.keys % COUNTIES,
        origin_leaving=stay.origins.values,
    )
    return Learned(stay.chance, hire.chance, firms, stay.stays, hire.answers)


def _aligned(ids: IntArray, known: Ratios) -> FloatArray:
    aligned = np.zeros(len(ids))
    aligned[np.searchsorted(ids, known.keys)] = known.values
    return aligned
