"""The market as the six files of the exchange, text by text, a block of rows at a time."""

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from matching.simulator import firms as employers
from matching.simulator import past as years
from matching.simulator import places, posts, reasons, trades
from matching.simulator.days import written
from matching.simulator.market import Made
from matching.simulator.people import EDUCATION, HARDSHIP
from matching.simulator.places import BoolArray, IntArray

BLOCK = 50_000
"""Rows written at once."""

Column = tuple[str, Callable[[IntArray], Sequence[str]]]
_RANKS = {rank: code for code, rank, _ in reversed(EDUCATION)}
_OUTCOMES = {
    years.OFFERED: "offered", years.REFUSED_BY_EMPLOYER: "refused_by_employer",
    years.REFUSED_BY_WORKER: "refused_by_worker", years.NO_ANSWER: "no_answer", years.PENDING: "",
}  # fmt: skip
_SPELL_KIND = ("market", "workshop", "community_factory")
_CHANNEL = ("东西部劳务协作", "就业帮扶车间", "新社区工厂")


def worker_ids(rows: IntArray) -> list[str]:
    """What workers are called, by their row."""
    return [f"w{row + 1:07d}" for row in rows.tolist()]


def employer_ids(rows: IntArray) -> list[str]:
    """What employers are called."""
    return [f"e{row + 1:06d}" for row in rows.tolist()]


def vacancy_ids(rows: IntArray) -> list[str]:
    """What vacancies are called."""
    return [f"v{row + 1:06d}" for row in rows.tolist()]


def files(made: Made) -> dict[str, Iterator[bytes]]:
    """Each file by its name, its heading first."""
    return {
        "workers.csv": _file(len(made.people), _workers(made)),
        "employers.csv": _file(len(made.firms), _employers(made)),
        "vacancies.csv": _file(len(made.posts), _vacancies(made)),
        "applications.csv": _file(len(made.past.applications), _applications(made)),
        "spells.csv": _file(len(made.past.spells), _spells(made)),
        "open_workers.csv": _file(len(made.open), [("worker_id", lambda rows: worker_ids(made.open[rows]))]),
    }


def _file(rows: int, columns: Sequence[Column]) -> Iterator[bytes]:
    yield (",".join(name for name, _ in columns) + "\n").encode()
    for begin in range(0, rows, BLOCK):
        block = np.arange(begin, min(rows, begin + BLOCK))
        lines = map(",".join, zip(*(write(block) for _, write in columns), strict=True))
        yield ("\n".join(lines) + "\n").encode()


def _workers(made: Made) -> list[Column]:
    who = made.people
    skills = [trade.skill for trade in trades.TRADES]

    def known(rows: IntArray) -> list[str]:
        return [
            ";".join(f"{skill}:{level}" for at, skill in enumerate(skills) if bits >> at & 1)
            for bits, level in zip(who.skills[rows].tolist(), who.level[rows].tolist(), strict=True)
        ]

    return [
        ("worker_id", worker_ids),
        ("county", _words(who.home, places.CODES)),
        ("birth_date", _dates(who.born)),
        ("sex", _words(who.female.astype(np.int64), ("M", "F"))),
        ("education", _words(who.schooling, [code for code, *_ in EDUCATION], who.tells_schooling)),
        ("hardship", _words(who.hardship, HARDSHIP)),
        ("relocated", _flags(who.relocated)),
        ("disability_grade", _numbers(who.disability)),
        ("labour_capability", lambda rows: _capability(who.weak[rows], who.level[rows])),
        ("skills", known),
        ("experience_months", _numbers(who.experience.astype(np.int64), who.tells_experience)),
        ("last_occupation", _words(who.trade, [trade.code for trade in trades.TRADES], (who.trade >= 0) & who.tells_trade)),
        ("pay_floor", _numbers(who.pay_floor.astype(np.int64), who.tells_floor)),
        ("accepted_regions", lambda rows: [places.REGIONS[home][wish] for home, wish in zip(who.home[rows].tolist(), who.wish[rows].tolist(), strict=True)]),
        ("needs_lodging", _flags(who.needs_bed, who.tells_bed)),
        ("speaks_mandarin", _flags(who.mandarin, who.tells_mandarin)),
        ("companion_id", lambda rows: _blanked(worker_ids(who.companion[rows]), who.companion[rows] >= 0)),
        ("household_id", lambda rows: [f"h{at + 1:07d}" for at in who.household[rows].tolist()]),
        ("available_from", _dates(who.available, who.available >= 0)),
    ]  # fmt: skip


def _capability(weak: BoolArray, level: IntArray) -> list[str]:
    words: list[str] = np.where(weak, "weak", np.where(level >= 3, "skilled", "ordinary")).tolist()
    return words


def _employers(made: Made) -> list[Column]:
    firm = made.firms
    return [
        ("employer_id", employer_ids),
        ("region", _words(firm.place, places.CODES)),
        ("kind", _words(firm.kind, employers.KINDS)),
        ("industry", _words(firm.trade, employers.INDUSTRY)),
        ("size", _numbers(firm.size)),
    ]


def _vacancies(made: Made) -> list[Column]:
    post = made.posts
    skill = ["", *(trade.skill for trade in trades.TRADES)]
    return [
        ("vacancy_id", vacancy_ids),
        ("employer_id", lambda rows: employer_ids(post.firm[rows])),
        ("region", _words(post.place, places.CODES)),
        ("title", _words(post.trade, [trade.title for trade in trades.TRADES])),
        ("seats", _numbers(post.seats)),
        ("occupation", _words(post.trade, [trade.code for trade in trades.TRADES])),
        ("pay_min", _numbers(post.pay_min.astype(np.int64))),
        ("pay_max", _numbers(post.pay_max.astype(np.int64))),
        ("hours_per_week", _numbers(post.hours.astype(np.int64))),
        ("min_age", _numbers(post.min_age)),
        ("max_age", _numbers(post.max_age, post.max_age != posts.NO_LIMIT)),
        ("min_education", lambda rows: [_RANKS.get(rank, "") for rank in post.min_rank[rows].tolist()]),
        ("required_skills", _words(np.where(post.required > 0, post.trade + 1, 0), skill)),
        ("preferred_skills", _words(np.where(post.preferred > 0, post.trade + 1, 0), skill)),
        ("lodging", _flags(post.lodging)),
        ("meals", _flags(post.meals)),
        ("social_insurance", _numbers(post.insurance, post.insurance >= 0)),
        ("shift", _words(post.nights, posts.SHIFTS)),
        ("valid_from", _dates(post.valid_from)),
        ("valid_until", _dates(post.valid_until)),
        ("text", _words(post.trade, [trade.text for trade in trades.TRADES])),
    ]


def _applications(made: Made) -> list[Column]:
    asked = made.past.applications
    return [
        ("worker_id", lambda rows: worker_ids(asked.worker[rows])),
        ("vacancy_id", lambda rows: vacancy_ids(asked.post[rows])),
        ("applied_on", _dates(asked.applied)),
        ("outcome", lambda rows: [_OUTCOMES[outcome] for outcome in asked.outcome[rows].tolist()]),
        ("reason", _words(asked.reason, reasons.REFUSALS, asked.reason >= 0)),
        ("decided_on", _dates(asked.decided, asked.decided >= 0)),
    ]


def _spells(made: Made) -> list[Column]:
    spell, post = made.past.spells, made.posts
    kind = made.firms.kind[post.firm[spell.post]]
    return [
        ("worker_id", lambda rows: worker_ids(spell.worker[rows])),
        ("employer_id", lambda rows: employer_ids(post.firm[spell.post[rows]])),
        ("started_on", _dates(spell.started)),
        ("vacancy_id", lambda rows: vacancy_ids(spell.post[rows])),
        ("region", _words(post.place[spell.post], places.CODES)),
        ("ended_on", _dates(spell.ended, spell.ended >= 0)),
        ("observed_until", _dates(spell.observed)),
        ("monthly_income", _numbers(spell.income)),
        ("kind", _words(kind, _SPELL_KIND)),
        ("channel", _words(kind, _CHANNEL)),
        ("leave_reason", _words(spell.reason, reasons.LEAVES, spell.reason >= 0)),
    ]


def _words(
    rows_of: IntArray, words: Sequence[str], told: BoolArray | None = None
) -> Callable[[IntArray], list[str]]:
    return lambda rows: _blanked(
        [words[at] for at in rows_of[rows].tolist()], None if told is None else told[rows]
    )


def _numbers(values: IntArray, told: BoolArray | None = None) -> Callable[[IntArray], list[str]]:
    return lambda rows: _blanked(list(map(str, values[rows].tolist())), None if told is None else told[rows])


def _dates(days: IntArray, told: BoolArray | None = None) -> Callable[[IntArray], list[str]]:
    return lambda rows: _blanked(written(days[rows]), None if told is None else told[rows])


def _flags(values: BoolArray, told: BoolArray | None = None) -> Callable[[IntArray], list[str]]:
    return _numbers(values.astype(np.int64), told)


def _blanked(texts: Iterable[str], told: BoolArray | None) -> list[str]:
    if told is None:
        return list(texts)
    return [text if tells else "" for text, tells in zip(texts, told.tolist(), strict=True)]
