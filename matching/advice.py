"""What would raise a worker's matches: a skill, another region, a bed. Each found by making it so and scoring again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from matching import regions
from matching.columns import BoolArray, FloatArray, Market, Pairs
from matching.eligibility import RULES, missing_skills, place
from matching.explanation import skill_words
from matching.rankers import Ranker
from matching.regions import IntArray


@dataclass(frozen=True, slots=True)
class Advice:
    """One change: how many more vacancies it opens or betters, and the best score among them."""

    code: str
    sentence: str
    vacancies: int
    best: float


@dataclass(frozen=True, slots=True)
class OpenCourse:
    """A course that the worker may join: which skill it teaches, its name, and its first day."""

    skill: str
    name: str
    started_on: date


def what_would_raise(
    market: Market, ranker: Ranker, worker: int, limit: int = 3, *, courses: Sequence[OpenCourse] = ()
) -> list[Advice]:
    """The changes that open the best vacancies to the worker at index `worker`, best first; empty where nothing would.

    Of `courses` the first that teaches a lacking skill is named with it.
    """
    pairs = Pairs.of_worker(market, worker, np.arange(len(market.vacancies)))
    out = {rule.code: rule.rules_out(pairs) for rule in RULES}
    broken = sum((mask.astype(np.int64) for mask in out.values()), np.zeros(len(pairs), np.int64))
    found = [
        *_skills(ranker, pairs, (broken == 1) & out["required_skills"], courses),
        *_places(ranker, pairs, (broken == 1) & out["accepted_regions"]),
        *_bed(ranker, pairs, broken == 0),
    ]
    return sorted(found, key=lambda item: (-item.best, item.sentence))[:limit]


def _skills(
    ranker: Ranker, pairs: Pairs, blocked: BoolArray, courses: Sequence[OpenCourse]
) -> Iterable[Advice]:
    market, worker = pairs.market, int(pairs.workers[0]) if len(pairs) else 0
    opened: dict[str, list[int]] = {}
    for vacancy in np.flatnonzero(blocked).tolist():
        lacking = missing_skills(market, worker, market.vacancies.required_skills, vacancy)
        if len(lacking) == 1:
            opened.setdefault(lacking[0], []).append(vacancy)
    for skill, vacancies in opened.items():
        skills = list(market.workers.skills)
        skills[worker] = {**skills[worker], skill: None}
        taught = replace(market, workers=replace(market.workers, skills=tuple(skills)))
        scores = ranker.score_vacancies(taught, worker, np.array(vacancies))
        course = next((each for each in courses if each.skill == skill), None)
        where = f"；{_course(course, market.as_of)}" if course else ""
        yield _advice(
            "skill", f"掌握{skill_words([skill])}并登记，可以多选{len(vacancies)}个岗位{where}", scores
        )


def _course(course: OpenCourse, today: date) -> str:
    year = "" if course.started_on.year == today.year else f"{course.started_on.year}年"
    day = f"{year}{course.started_on.month}月{course.started_on.day}日"
    if course.started_on > today:
        return f"「{course.name}」{day}开班，可以报名"
    return f"「{course.name}」{day}已开班，请问还收不收人"


def _places(ranker: Ranker, pairs: Pairs, blocked: BoolArray) -> Iterable[Advice]:
    rows = np.flatnonzero(blocked)
    cities: IntArray = regions.city(pairs.of_vacancies("region")[rows])
    for city in np.unique(cities[cities > 0]).tolist():
        there = rows[cities == city]
        name = place(pairs.market, city * 10**8)
        if name:
            yield _advice(
                "region",
                f"如果也愿意去{name}，可以多选{len(there)}个岗位",
                ranker.score(pairs.take(there)),
            )


def _bed(ranker: Ranker, pairs: Pairs, open_to: BoolArray) -> Iterable[Advice]:
    """Only where a bed would make one of these the best of all."""
    unlodged = open_to & (pairs.of_vacancies("lodging") == 0) & (pairs.of_workers("needs_lodging") == 1)
    if not unlodged.any():
        return
    rows = np.flatnonzero(unlodged)
    vacancies = pairs.market.vacancies
    lodged = replace(
        pairs.market, vacancies=replace(vacancies, lodging=np.where(unlodged, 1.0, vacancies.lodging))
    )
    scores = ranker.score(Pairs(lodged, pairs.workers[rows], rows))
    if scores.max() > ranker.score(pairs.take(np.flatnonzero(open_to))).max():
        title = vacancies.title[rows[int(scores.argmax())]]
        yield _advice("lodging", f"如果单位能解决住宿，「{title}」会是更好的选择", scores)


def _advice(code: str, sentence: str, scores: FloatArray) -> Advice:
    return Advice(code, sentence, len(scores), float(scores.max()))
