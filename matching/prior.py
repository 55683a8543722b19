"""The documented prior: fixed weights that rank before any outcome is known, and the baseline to beat afterwards.

Two logistic models over the same standardised features z = (x - centre) / scale, clipped to the stated range:

    p_hire        = logistic(base + sum hire * z)
    hazard_i      = logistic(base_i - sum stay * z)       chance of leaving within interval i, given still there
    S(t)          = product of (1 - hazard_i), the interval that t falls into counting by its share
    surplus       = typical surplus + sum yuan * (x - centre)                    yuan a month
    score         = p_hire * S(t*) * sigma * log(1 + exp(surplus / sigma))

**Unknown is neutral.** A centre is what an average post offers an average person, so an unknown feature takes its
average: its z is 0 and the known features decide alone, in the proportions of their weights. (Multiplying them up until
they carry the missing weight as well would order p_hire and S the same and only push both to the extremes.)
Of the two pay features one stands in for the other: with the floor unknown, pay is judged against the usual pay, by
`MOST_WITHOUT_FLOOR` at most; with the pay unknown, the usual pay is judged against the floor. The skills that a post asks
for are had, by a person of whom no skill is known, in the share that an average person has of them (`SHARE_WITH_SKILL`):
seldom. A pair of which nothing is known gets the neutral score.

**Pay does not decide alone.** It counts to 1,500 yuan over the floor and no further, of a range only the lower third
(`usual_pay.offered_pay`), and of somebody who has not said what is wanted, posts at home and in the paired places come first.

The numbers below are starting assumptions of this project, to be replaced by what outcomes teach; none is a measurement.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import numpy as np

from matching import features, skills
from matching.columns import FloatArray, Pairs
from matching.offers import usual_pay
from matching.usual_pay import CREDIBLE_TIMES, PAID_SHARE


@dataclass(frozen=True, slots=True)
class Weight:
    """One row of the table. `hire` and `stay` are log-odds per scale; `logged` features are taken as log(1 + x)."""

    feature: str
    centre: float
    scale: float
    low: float
    high: float
    hire: float
    stay: float
    reason: str
    logged: bool = False


WEIGHTS: tuple[Weight, ...] = (
    Weight("pay_over_floor", 500, 500, -2000, 1500, 0.10, 0.08, "below the floor people say no, or leave"),
    Weight("pay_over_usual", 0, 500, -1000, 1000, 0.06, 0.08, "better pay next door is why people move on"),
    Weight("distance_km", 1100, 500, 0, 2500, 0.00, 0.06, "the farther from home, the more go back"),
    Weight(
        "way_home_yuan",
        470,
        220,
        0,
        1500,
        0.00,
        0.00,
        "counts as money only; what else it does is to be learned",
    ),
    Weight("same_county", 0.2, 0.4, 0, 1, 0.00, 0.06, "children and parents are within reach"),
    Weight("same_province", 0.4, 0.5, 0, 1, 0.00, 0.03, "same speech, same insurance"),
    Weight("paired", 0.5, 0.5, 0, 1, 0.06, 0.06, "a station there helps with arrival and trouble"),
    Weight("near_unasked", 0.3, 0.4, 0, 1, 0.35, 0.15, "not asked yet: first what costs the least to try"),
    Weight("paired_unasked", 0.4, 0.4, 0, 1, 0.20, 0.12, "not asked yet: first where a station helps"),
    Weight("wish", 0.6, 0.4, 0, 1, 0.22, 0.12, "who wants near home and is sent far returns"),
    Weight("lodging", 0.5, 0.5, 0, 1, 0.00, 0.00, "counts as money only"),
    Weight("no_bed", 0.25, 0.5, 0, 1, 0.16, 0.12, "without a bed nobody from afar can start"),
    Weight("meals", 0.5, 0.5, 0, 1, 0.00, 0.00, "counts as money only"),
    Weight("social_insurance", 0.5, 0.5, 0, 1, 0.00, 0.10, "an insured post is a more regular one"),
    Weight("hours_per_week", 54, 10, 36, 84, 0.00, 0.10, "long weeks wear people out"),
    Weight("night_shifts", 0.8, 0.7, 0, 2, 0.00, 0.10, "rotating nights likewise"),
    Weight("required_skills", 0.8, 0.4, 0, 1, 1.00, 0.08, "known to have what the post cannot do without"),
    Weight("preferred_skills", 0.4, 0.4, 0, 1, 0.16, 0.06, "what the employer would like"),
    Weight("same_occupation", 0.3, 0.4, 0, 1, 0.20, 0.12, "the work is known, so is the pay in it"),
    Weight("wanted_occupation", 0.4, 0.5, 0, 1, 0.16, 0.10, "the person asked for it"),
    Weight("experience_months", 24, 1.6, 0, 240, 0.12, 0.08, "has been away at work before", logged=True),
    Weight("education_margin", 0, 1.5, 0, 4, 0.08, 0.00, "more schooling than asked is welcome"),
    Weight("townspeople", 2, 0.8, 0, 50, 0.12, 0.16, "people from home show the ropes", logged=True),
    Weight("days_posted", 30, 30, 0, 90, 0.05, 0.00, "an old notice is often already filled"),
    Weight("seats_left", 5, 1.0, 0, 50, 0.10, 0.00, "more seats, more chances", logged=True),
    Weight("speaks_mandarin", 0.8, 0.4, 0, 1, 0.10, 0.06, "instructions are in Mandarin elsewhere"),
    Weight(
        "firm_leaving",
        0,
        1.0,
        -2,
        2,
        0.00,
        1.00,
        "taken as counted: the ratio is drawn to 0 where little is known",
    ),
    Weight("origin_leaving", 0, 1.0, -2, 2, 0.00, 1.00, "likewise, on top of the firm's"),
    Weight("firm_hiring", 0, 1.0, -2, 2, 1.00, 0.00, "likewise"),
    Weight("firm_offering", 0, 0.3, -2, 2, 0.00, 0.00, "likewise; beside starts, which are counted already"),
    Weight(
        "firm_answering", 0, 0.3, -2, 2, 0.00, 0.00, "a start needs an answer, but starts are counted already"
    ),
    Weight("firm_promptness", 0, 0.3, -2, 2, 0.00, 0.00, "who waits long finds another post; to be learned"),
    Weight("companion_seat", 0.7, 0.5, 0, 1, 0.20, 0.16, "couples and neighbours go together or not at all"),
    Weight("companion_there", 0.5, 0.5, 0, 1, 0.00, 0.16, "who is not alone there stays"),
    Weight("before_festival", 0.1, 0.25, 0, 1, 0.00, 0.00, "the same for all posts of a day; to be learned"),
    Weight("after_festival", 0.1, 0.25, 0, 1, 0.00, 0.00, "likewise"),
)
"""Weights are given as sizes; the feature's declared direction is their sign. A weight of 0 is only to be learned."""

SHARE_WITH_SKILL = 0.1
"""Share of a post's skills that a person has of whom no skill is known; one and the same for all skills, because a
list for one person is made without the others in view."""
MOST_WITHOUT_FLOOR = 250.0
"""Yuan a month by which pay above or below the usual moves the surplus of somebody whose floor is not known."""

BASE_HIRE = 0.30
"""Chance that an application of an average pair leads to a start."""

HAZARDS: tuple[tuple[int, float], ...] = (
    (30, 0.14),
    (91, 0.16),
    (182, 0.14),
    (365, 0.14),
    (547, 0.12),
    (730, 0.10),
)
"""(last day of the interval, chance of leaving within it) for an average pair; half-years after the last go on like it."""


@dataclass(frozen=True, slots=True)
class Yuan:
    """What one unit of a feature is worth to the worker, yuan a month."""

    feature: str
    each: float
    low: float
    high: float
    reason: str


TYPICAL_SURPLUS = 500.0
SURPLUS: tuple[Yuan, ...] = (
    Yuan("pay_over_floor", 1.0, -4000, 1500, "a yuan is a yuan, until there is enough of it"),
    Yuan("way_home_yuan", -2 / 3, 0, 1500, "four returns a year, eight ways in twelve months"),
    Yuan("lodging", 500.0, 0, 1, "a bed in a shared room, for who needs one"),
    Yuan("meals", 400.0, 0, 1, "a canteen month"),
)

_PAY = features.NAMES.index("pay_over_floor")
_USUAL = features.NAMES.index("pay_over_usual")
_PREFERRED = features.NAMES.index("preferred_skills")
_REQUIRED = features.NAMES.index("required_skills")
_ROWS = {row.feature: row for row in WEIGHTS}
_TABLE = [_ROWS[name] for name in features.NAMES]
CENTRE = np.array([row.centre for row in _TABLE])
"""What an average post offers an average person, by feature."""
_SCALE = np.array([row.scale for row in _TABLE])
_LOW, _HIGH = np.array([row.low for row in _TABLE]), np.array([row.high for row in _TABLE])
_LOGGED = np.array([row.logged for row in _TABLE])
_MIDDLE = np.where(_LOGGED, np.log1p(np.maximum(CENTRE, 0.0)), CENTRE)
_SIGN = np.array([feature.direction for feature in features.FEATURES])
HIRE = np.array([row.hire for row in _TABLE]) * _SIGN
"""What each z adds to the log-odds of a start."""
STAY = np.array([row.stay for row in _TABLE]) * _SIGN
"""What each z takes from the log-odds of leaving."""
_YUAN_AT = np.array([features.NAMES.index(row.feature) for row in SURPLUS])
_YUAN = np.array([row.each for row in SURPLUS])
_YUAN_LOW, _YUAN_HIGH = np.array([row.low for row in SURPLUS]), np.array([row.high for row in SURPLUS])


def version() -> str:
    """Names the weights: it changes when any number of the tables does."""
    tables = [
        [asdict(row) for row in WEIGHTS],
        [asdict(row) for row in SURPLUS],
        HAZARDS,
        BASE_HIRE,
        TYPICAL_SURPLUS,
        SHARE_WITH_SKILL,
        MOST_WITHOUT_FLOOR,
        PAID_SHARE,
        CREDIBLE_TIMES,
    ]
    return hashlib.sha256(json.dumps(tables, sort_keys=True).encode()).hexdigest()[:12]


def averages(pairs: Pairs) -> FloatArray:
    """What takes the place of an unknown in each pair, shape (pairs, features)."""
    average = np.tile(CENTRE, (len(pairs), 1))
    over_floor = usual_pay(pairs) - pairs.of_workers("pay_floor")
    average[:, _PAY] = np.where(np.isnan(over_floor), CENTRE[_PAY], over_floor)
    posts = pairs.market.vacancies
    average[skills.asks(pairs, posts.required_skills), _REQUIRED] = SHARE_WITH_SKILL
    average[skills.asks(pairs, posts.preferred_skills), _PREFERRED] = SHARE_WITH_SKILL
    return average


def complete(raw: FloatArray, average: FloatArray) -> FloatArray:
    """The features with every unknown replaced by its average; `raw` is left as it is."""
    known = raw.copy()
    against_usual = CENTRE[_PAY] + np.clip(raw[:, _USUAL], -MOST_WITHOUT_FLOOR, MOST_WITHOUT_FLOOR)
    floor_unknown = np.isnan(raw[:, _PAY]) & ~np.isnan(against_usual)
    known[floor_unknown, _PAY] = against_usual[floor_unknown]
    return np.where(np.isnan(known), average, known)


class Expected(Protocol):
    """What a ranker expects of pairs, one value each: the chance of a start, the surplus in yuan a month, and S(days)."""

    @property
    def p_hire(self) -> FloatArray: ...

    @property
    def surplus(self) -> FloatArray: ...

    def stay(self, days: float) -> FloatArray: ...


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is expected of each pair; all of one length."""

    p_hire: FloatArray
    tie: FloatArray
    """Log-odds by which the hazards of leaving are lower than an average pair's."""
    surplus: FloatArray
    """Yuan a month."""

    def stay(self, days: float) -> FloatArray:
        """S(days): the chance of still being there after so many days."""
        alive = np.ones(len(self.tie))
        begin = 0.0
        for end, hazard in intervals(days):
            share = min(1.0, (days - begin) / (end - begin))
            alive *= (1.0 - _logistic(log_odds(hazard) - self.tie)) ** share
            begin = end
        return alive


def intervals(days: float) -> list[tuple[float, float]]:
    """The hazard intervals that begin before `days`: (last day, hazard)."""
    begins = [0.0, *(float(end) for end, _ in HAZARDS)]
    intervals = [
        (float(end), hazard) for begin, (end, hazard) in zip(begins, HAZARDS, strict=False) if begin < days
    ]
    half_year = HAZARDS[-1][0] - HAZARDS[-2][0]
    while intervals and intervals[-1][0] < days:
        intervals.append((intervals[-1][0] + half_year, HAZARDS[-1][1]))
    return intervals


def standardised(known: FloatArray) -> FloatArray:
    """z of the table, shape (pairs, features): 0 where a feature is what an average pair has."""
    scaled = np.clip(known, _LOW, _HIGH)
    scaled[:, _LOGGED] = np.log1p(scaled[:, _LOGGED])
    z: FloatArray = (scaled - _MIDDLE) / _SCALE
    return z


def standardised_feature(feature: str, values: FloatArray) -> FloatArray:
    """z of one feature; 0 where it is unknown."""
    row = _ROWS[feature]
    scaled = np.clip(np.where(np.isnan(values), row.centre, values), row.low, row.high)
    middle = np.log1p(max(row.centre, 0.0)) if row.logged else row.centre
    z: FloatArray = ((np.log1p(scaled) if row.logged else scaled) - middle) / row.scale
    return z


def surplus(known: FloatArray) -> FloatArray:
    """Yuan a month, shape (pairs,)."""
    money = np.clip(known[:, _YUAN_AT], _YUAN_LOW, _YUAN_HIGH) - CENTRE[_YUAN_AT]
    value: FloatArray = TYPICAL_SURPLUS + (money * _YUAN).sum(axis=1)
    return value


def hire_log_odds(z: FloatArray) -> FloatArray:
    """Of p_hire, shape (pairs,)."""
    odds: FloatArray = log_odds(BASE_HIRE) + (z * HIRE).sum(axis=1)
    return odds


def tie(z: FloatArray) -> FloatArray:
    """Log-odds by which the hazards of leaving are lower than an average pair's, shape (pairs,)."""
    lower: FloatArray = (z * STAY).sum(axis=1)
    return lower


def outlook(known: FloatArray) -> Outlook:
    """The model over completed features."""
    z = standardised(known)
    return Outlook(p_hire=_logistic(hire_log_odds(z)), tie=tie(z), surplus=surplus(known))


def log_odds(chance: Any) -> Any:
    """Of a chance or several."""
    return np.log(chance / (1.0 - chance))


def _logistic(log_odds: FloatArray) -> FloatArray:
    chance: FloatArray = 1.0 / (1.0 + np.exp(-log_odds))
    return chance


def centre(feature: str) -> float:
    """What an average post offers an average person, in the feature's unit."""
    return _ROWS[feature].centre
