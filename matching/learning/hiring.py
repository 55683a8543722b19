"""Learning which applications lead to a start, and how employers hire and answer."""

from dataclasses import dataclass

import numpy as np

from matching import prior
from matching.columns import FloatArray, Market
from matching.learning.chance import Asked, Chance
from matching.learning.history import (
    ANSWERED,
    PROMPT_DAYS,
    SUCCESS_WITHIN_DAYS,
    Answers,
    Applications,
    History,
    Outcome,
)
from matching.learning.rows import Seen, counties_of, seen, townspeople_then
from matching.learning.splitting import (
    DAYS_A_MONTH,
    HALF_LIVES,
    LAST_DAYS,
    chosen,
    day_of_cut,
    drawn,
    freshness,
)
from matching.learning.tallies import NO_RATIOS, Ratios, Tally, month_of
from matching.learning.trades import same_trade
from matching.regions import IntArray
from matching.usual_pay import UsualPay

_FROM_ASKING_TO_STARTING = 14
"""Days that mostly lie between an application and the first day of work."""
_KNOWN_AFTER_MONTHS = 2
"""What comes of an application is known when its days are over."""


@dataclass(frozen=True, slots=True)
class LearnedToHire:
    """The chance that an application leads to a start; how often employers hire, say yes, answer, and answer promptly."""

    chance: Chance
    firms: Ratios
    offering: Ratios
    answering: Ratios
    promptness: Ratios
    answers: int


def learn_to_hire(
    market: Market, usual: UsualPay, history: History, known: Answers, day: np.datetime64, seed: int
) -> LearnedToHire:
    """From the applications whose end was known on `day`; the prior where they are too few."""
    chance = Chance("p_hire", seed)
    cut = day_of_cut(history.applications.applied, day)
    nothing = LearnedToHire(chance, NO_RATIOS, NO_RATIOS, NO_RATIOS, NO_RATIOS, 0)
    if cut is None:
        return nothing
    employers = market.vacancies.employer
    answers = _with_a_seat(market, history, known)
    if not len(answers.of):
        return nothing
    answering = _Answering.of(known.of, employers)
    told = _Told(
        answers.of, answers.led_to_a_start.astype(np.float64), _said(answers), employers[answers.of.vacancy],
        _seen_applications(market, usual, history, answers.of, employers, answering),
    )  # fmt: skip
    half_life = HALF_LIVES[0]
    if cut < day:
        half_life = _choose(chance, told, cut, seed)
    firms = _Firms.of(told, day, half_life, seed)
    asked = told.with_firms(firms)
    fresh = freshness(told.age(day), half_life)
    chance.fit(asked, told.success, fresh, grow=chance.trust > 0)
    last = told.age(day) <= LAST_DAYS
    chance.level(asked.take(last), told.success[last], np.ones(int(last.sum())))
    return LearnedToHire(
        chance, firms.hiring.ratios, firms.offering.ratios, answering.often.ratios, answering.soon.ratios, len(answers.of)
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Told:
    """Applications, whether each led to a start, whether the employer said yes (nan where nothing was said), whose post it was,
    and what was seen of each on its day."""

    made: Applications
    success: FloatArray
    yes: FloatArray
    firm: IntArray
    pairs: Seen

    def take(self, rows: IntArray) -> "_Told":
        return _Told(
            self.made.take(rows), self.success[rows], self.yes[rows], self.firm[rows], self.pairs.take(rows)
        )

    def age(self, day: np.datetime64) -> FloatArray:
        return (day - self.made.applied).astype(np.float64)

    def with_firms(self, firms: "_Firms", months: IntArray | None = None) -> Asked:
        """What is asked, with what the employer's past before each month told."""
        months = month_of(self.made.applied) if months is None else months
        told = self.pairs.told(firms.told(self.firm, months))
        return _asked_to_hire(told.raw, told.z)


def _choose(chance: Chance, told: _Told, cut: np.datetime64, seed: int) -> float:
    """Choose how fast the past fades, and the trust and calibration of the chance, by the applications made after `cut`."""
    applied = told.made.applied
    earlier = told.take(drawn(np.flatnonzero(applied + SUCCESS_WITHIN_DAYS < cut), seed))
    later = told.take(drawn(np.flatnonzero(applied > cut), seed))
    if not len(earlier.made) or not len(later.made):
        return HALF_LIVES[0]
    month = np.full(len(later.made), month_of(np.array([cut]))[0] + 1)

    def fitted(half_life: float, made: Chance, *, grow: bool) -> Asked:
        firms = _Firms.of(earlier, cut, half_life, seed)
        fresh = freshness(earlier.age(cut), half_life)
        made.fit(earlier.with_firms(firms), earlier.success, fresh, grow=grow)
        return later.with_firms(firms, month)

    losses = []
    for half_life in HALF_LIVES:
        straight = Chance("p_hire", seed)
        losses.append(straight.loss(fitted(half_life, straight, grow=False), later.success))
    one = np.ones(len(later.made))
    half_life = HALF_LIVES[chosen(losses, one)]
    chance.choose(fitted(half_life, chance, grow=True), later.success, one)
    return half_life


@dataclass(frozen=True, slots=True)
class _Answering:
    """How often employers answer an application, and how often an answer is a prompt one, beside what is common."""

    often: Tally
    soon: Tally

    @classmethod
    def of(cls, made: Applications, employers: IntArray) -> "_Answering":
        """From applications whose days are over."""
        dated = ~np.isnat(made.decided)
        waited = np.where(dated, (made.decided - made.applied).astype(np.float64), 0.0)
        answered = np.isin(made.outcome, ANSWERED) & (waited <= SUCCESS_WITHIN_DAYS)
        firm, month = employers[made.vacancy], month_of(made.applied) + _KNOWN_AFTER_MONTHS
        if not answered.any():
            # Nobody writes answers down here.
            firm, month, answered, dated, waited = firm[:0], month[:0], answered[:0], dated[:0], waited[:0]
        when = answered & dated
        prompt = waited[when] <= PROMPT_DAYS
        return cls(
            Tally.of(firm, month, answered.astype(np.float64), np.ones(len(firm))),
            Tally.of(firm[when], month[when], prompt.astype(np.float64), np.ones(len(prompt))),
        )

    def told(self, employers: IntArray, months: IntArray) -> dict[str, FloatArray]:
        """Both features, from what was known before each month."""
        return {
            name: tally.log_ratios(employers, months)
            for name, tally in (("firm_answering", self.often), ("firm_promptness", self.soon))
            if len(tally.employers)
        }


def _with_a_seat(market: Market, history: History, answers: Answers) -> Answers:
    """Without the applications that came when the last seat was gone, or as good as gone: they say nothing of the person,
    and a post that is soon full would look like one that hires nobody."""
    posts, starts = history.stretches.vacancy, history.stretches.started
    seats = market.vacancies.seats.astype(np.int64)
    order = np.lexsort((starts, posts))
    posts, starts = posts[order], starts[order]
    first = np.searchsorted(posts, np.arange(len(seats)))
    many = np.searchsorted(posts, np.arange(len(seats)), side="right") - first
    filled = (seats > 0) & (many >= seats)
    full_on = np.full(len(seats), np.datetime64("9999-12-31", "D"))
    full_on[filled] = starts[(first + seats - 1)[filled]]
    free = answers.of.applied + _FROM_ASKING_TO_STARTING < full_on[answers.of.vacancy]
    return Answers(answers.of.take(free), answers.led_to_a_start[free])


def _seen_applications(
    market: Market, usual: UsualPay, history: History, made: Applications, employers: IntArray, answering: _Answering
) -> Seen:  # fmt: skip
    firm, homes = employers[made.vacancy], counties_of(market, made.worker)
    people = townspeople_then(
        history.stretches, firm, homes, made.applied, counties_of(market, history.stretches.worker)
    )
    told = answering.told(firm, month_of(made.applied)) | {
        "same_occupation": same_trade(history.stretches, market, made.worker, made.vacancy, made.applied)
    }
    return seen(market, usual, made.worker, made.vacancy, made.applied, people, told)


def _said(answers: Answers) -> FloatArray:
    """1 where the employer said yes, whatever the applicant said then, 0 where no, nan where nothing was said or written down."""
    outcome = answers.of.outcome
    yes = answers.led_to_a_start | np.isin(outcome, (Outcome.OFFERED, Outcome.REFUSED_BY_WORKER))
    no = outcome == Outcome.REFUSED_BY_EMPLOYER
    return np.where(yes, 1.0, np.where(no & ~yes, 0.0, np.nan))


@dataclass(frozen=True, slots=True)
class _Firms:
    """Employers against what the features, without the employer's own past, made to be expected: of starts, and of answers.

    A yes that the applicant did not take tells as much of an employer as one that was taken, and a silence tells nothing of
    whom it would have; so of few applications the second tally tells more of how choosy an employer is than the first.
    """

    hiring: Tally
    offering: Tally

    @classmethod
    def of(cls, told: _Told, until: np.datetime64, half_life: float, seed: int) -> "_Firms":
        said = np.flatnonzero(~np.isnan(told.yes))
        if not (told.yes[said] == 0).any():
            # Nobody writes down a no here: that all answers are yes says nothing.
            said = said[:0]
        return cls(
            _tally(told, told.success, until, half_life, seed),
            _tally(told.take(said), told.yes[said], until, half_life, seed),
        )

    def told(self, employers: IntArray, months: IntArray) -> dict[str, FloatArray]:
        """The features, from what was known before each month."""
        found = {"firm_hiring": self.hiring.log_ratios(employers, months)}
        if len(self.offering.employers):
            found["firm_offering"] = self.offering.log_ratios(employers, months)
        return found


def _tally(told: _Told, happened: FloatArray, until: np.datetime64, half_life: float, seed: int) -> Tally:
    months = month_of(told.made.applied) + _KNOWN_AFTER_MONTHS
    if not len(happened):
        return Tally.of(told.firm, months, happened, happened)
    blind = Chance("p_hire", seed)
    pairs = told.pairs.told({"firm_hiring": np.full(len(told.firm), np.nan)})
    asked = _asked_to_hire(pairs.raw, pairs.z)
    blind.fit(asked, happened, freshness(told.age(until), half_life), grow=False)
    expected = 1.0 / (1.0 + np.exp(-blind.log_odds(asked)))
    return Tally.of(told.firm, months, happened, expected, half_life / DAYS_A_MONTH)


def _asked_to_hire(raw: FloatArray, z: FloatArray) -> Asked:
    return Asked(raw, z, np.empty((len(raw), 0)), prior.hire_log_odds(z))


def hire_of(chance: Chance, raw: FloatArray, z: FloatArray) -> FloatArray:
    """Chance that an application leads to a start, shape (pairs,)."""
    odds = chance.log_odds(_asked_to_hire(raw, z))
    value: FloatArray = 1.0 / (1.0 + np.exp(-odds))
    return value
