"""Who may be put forward for what: named rules, each of which answers with its reason.

A rule rules a pair *out*. What is not known rules nobody out. The age of retirement is no rule here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from matching import regions, skills
from matching.columns import BoolArray, FloatArray, Market, Pairs, SkillSets
from matching.explanation import skill_words
from matching.regions import IntArray
from models.age import LEGAL_WORKING_AGE
from models.education import Education

_SCHOOLING = {level.rank: level.label for level in reversed(Education)}


@dataclass(frozen=True, slots=True)
class Rule:
    """One condition: `rules_out(pairs)` is true where it fails; `sentence(market, worker, vacancy)` says why, of such a pair."""

    code: str
    label: str
    rules_out: Callable[[Pairs], BoolArray]
    sentence: Callable[[Market, int, int], str]


def ages(pairs: Pairs) -> FloatArray:
    """Completed years of age on the market's date; nan unknown."""
    born = pairs.of_workers("birth_date")
    day = pairs.day
    months = day.astype("datetime64[M]").astype(np.int64) - born.astype("datetime64[M]").astype(np.int64)
    day_of_month = (born - born.astype("datetime64[M]")).astype(np.int64)
    before = (day - day.astype("datetime64[M]")).astype(np.int64) < day_of_month
    years: FloatArray = np.where(np.isnat(born), np.nan, (months - before) // 12)
    return years


def asked(pairs: Pairs) -> BoolArray:
    """Whether anything at all is recorded of what the worker wants."""
    said: BoolArray = (pairs.of_workers("wants") != "") | (pairs.of_workers("companion") != -1)
    said |= ~np.isnan(pairs.of_workers("pay_floor")) | ~np.isnan(pairs.of_workers("needs_lodging"))
    said |= ~np.isnat(pairs.of_workers("available_from"))
    if said.all():
        return said
    return said | pairs.filled("accepted_regions") | pairs.filled("wanted_occupations")


def _age(market: Market, worker: int) -> int:
    return int(ages(Pairs(market, np.array([worker]), np.array([0])))[0])


def _no_seat(pairs: Pairs) -> BoolArray:
    seats = pairs.of_vacancies("seats")
    full: BoolArray = (seats >= 0) & (pairs.of_vacancies("taken") >= seats)
    return full


def _not_valid(pairs: Pairs) -> BoolArray:
    day = pairs.day
    outside: BoolArray = (pairs.of_vacancies("valid_from") > day) | (pairs.of_vacancies("valid_until") < day)
    return outside


def _validity(market: Market, _worker: int, vacancy: int) -> str:
    begins = market.vacancies.valid_from[vacancy]
    if begins > market.day:
        return f"岗位{_date(begins)}才开始招"
    return f"岗位{_date(market.vacancies.valid_until[vacancy])}已过有效期"


def _outside_ages(pairs: Pairs) -> BoolArray:
    age = ages(pairs)
    outside: BoolArray = (age < pairs.of_vacancies("min_age")) | (age > pairs.of_vacancies("max_age"))
    return outside


def _age_limits(market: Market, worker: int, vacancy: int) -> str:
    low, high = market.vacancies.min_age[vacancy], market.vacancies.max_age[vacancy]
    if np.isnan(low):
        wanted = f"不超过{high:.0f}岁"
    elif np.isnan(high):
        wanted = f"满{low:.0f}岁"
    else:
        wanted = f"{low:.0f}至{high:.0f}岁"
    return f"岗位要求{wanted}，本人{_age(market, worker)}岁"


def _under_legal_age(pairs: Pairs) -> BoolArray:
    out: BoolArray = ages(pairs) < LEGAL_WORKING_AGE
    return out


def _schooling_short(pairs: Pairs) -> BoolArray:
    has, wanted = pairs.of_workers("education"), pairs.of_vacancies("min_education")
    out: BoolArray = (has >= 0) & (wanted >= 0) & (has < wanted)
    return out


def _schooling(market: Market, worker: int, vacancy: int) -> str:
    wanted = _SCHOOLING[int(market.vacancies.min_education[vacancy])]
    return f"岗位要求{wanted}及以上，本人是{_SCHOOLING[int(market.workers.education[worker])]}"


def missing_skills(market: Market, worker: int, wanted: SkillSets, vacancy: int) -> list[str]:
    """Which of the vacancy's `wanted` skills the worker is known not to have; none where the worker's skills are unknown."""
    had = market.workers.skills[worker]
    return sorted(each for each in wanted[vacancy] if not skills.has(had, each)) if had else []


def _skill_missing(pairs: Pairs) -> BoolArray:
    return skills.lacks(pairs, pairs.market.vacancies.required_skills)


def _skills(market: Market, worker: int, vacancy: int) -> str:
    missing = missing_skills(market, worker, market.vacancies.required_skills, vacancy)
    return f"岗位要求有{skill_words(missing)}，本人登记的技能里没有"


def _not_accepted(pairs: Pairs) -> BoolArray:
    """A vacancy known only to its city stays in when any part of that city is accepted."""
    people, person = np.unique(pairs.workers, return_inverse=True)
    accepted = [pairs.market.workers.accepted_regions[worker] for worker in people.tolist()]
    ranges = np.array([one for many in accepted for one in many], np.int64).reshape(-1, 2)
    how_many = np.array([len(many) for many in accepted], np.int64)
    # One line for each pair and each range its worker accepts.
    lines = how_many[person]
    pair = np.repeat(np.arange(len(pairs)), lines)
    nth = np.arange(len(pair)) - np.repeat(np.cumsum(lines) - lines, lines)
    low, high = ranges[np.repeat((np.cumsum(how_many) - how_many)[person], lines) + nth].T
    region = pairs.of_vacancies("region")
    meets = (region[pair] <= high) & (regions.upper(region)[pair] >= low)
    unwanted: BoolArray = (lines > 0) & (region > 0) & (np.bincount(pair[meets], minlength=len(pairs)) == 0)
    return unwanted


def _region(market: Market, _worker: int, vacancy: int) -> str:
    return f"工作地{place(market, int(market.vacancies.region[vacancy]))}不在本人愿意去的地方"


def place(market: Market, code: int) -> str:
    """The name of the nearest named division around a code, in brackets so that it reads inside a sentence; '' if none."""
    for step in (1, 10**3, 10**6, 10**8, 10**10):
        name = market.places.get(code // step * step)
        if name:
            return f"「{name}」"
    return ""


def _wants_none(pairs: Pairs) -> BoolArray:
    out: BoolArray = pairs.of_workers("wants") == "none"
    return out


def _too_late(pairs: Pairs) -> BoolArray:
    out: BoolArray = pairs.of_workers("available_from") > pairs.of_vacancies("valid_until")
    return out


def _availability(market: Market, worker: int, vacancy: int) -> str:
    free, until = market.workers.available_from[worker], market.vacancies.valid_until[vacancy]
    return f"本人{_date(free)}起才能上岗，岗位{_date(until)}就截止了"


def _cannot_work(pairs: Pairs) -> BoolArray:
    return np.isin(pairs.of_workers("labour_capability"), ("lost", "none"))


def _capability(market: Market, worker: int, _vacancy: int) -> str:
    lost = market.workers.labour_capability[worker] == "lost"
    return f"本人登记为{'丧失劳动力' if lost else '无劳动力'}，如有变化请先更新登记"


def _restricted(pairs: Pairs) -> BoolArray:
    out: BoolArray = pairs.of_workers("restricted")
    return out


def _date(day: Any) -> str:
    at = day.item()
    return f"{at.year}年{at.month}月{at.day}日"


RULES: tuple[Rule, ...] = (
    Rule("restricted", "个人信息已限制使用", _restricted, lambda *_: "本人的个人信息已限制使用，不参加推荐"),
    Rule(
        "legal_age",
        "未满法定就业年龄",
        _under_legal_age,
        lambda market, worker, _: f"本人{_age(market, worker)}岁，未满{LEGAL_WORKING_AGE}周岁不能就业",
    ),
    Rule("capability", "无劳动能力", _cannot_work, _capability),
    Rule("wants_none", "暂不就业", _wants_none, lambda *_: "本人登记为暂不就业，愿意就业时请先更新就业意愿"),
    Rule("no_seat", "已招满", _no_seat, lambda *_: "岗位已经招满"),
    Rule("not_valid", "不在有效期", _not_valid, _validity),
    Rule("available_from", "时间对不上", _too_late, _availability),
    Rule("age_limits", "年龄不符", _outside_ages, _age_limits),
    Rule("education", "学历不够", _schooling_short, _schooling),
    Rule("required_skills", "缺少技能", _skill_missing, _skills),
    Rule("accepted_regions", "地区不接受", _not_accepted, _region),
)
"""In the order in which they are told: what concerns the person first, then the post, then how the two meet."""


def eligible(pairs: Pairs, rules: tuple[Rule, ...] = RULES) -> BoolArray:
    """Which pairs no rule rules out."""
    mask = np.ones(len(pairs), np.bool_)
    for rule in rules:
        mask &= ~rule.rules_out(pairs)
    return mask


def on_offer(market: Market) -> BoolArray:
    """Mask over the market's vacancies: valid on its day, with a seat left."""
    pairs = Pairs.of_worker(market, 0, np.arange(len(market.vacancies)))
    return ~(_no_seat(pairs) | _not_valid(pairs))


def eligible_vacancies(market: Market, worker: int) -> BoolArray:
    """Mask over the market's vacancies."""
    return eligible(Pairs.of_worker(market, worker, np.arange(len(market.vacancies))))


def eligible_workers(market: Market, vacancy: int) -> BoolArray:
    """Mask over the market's workers."""
    return eligible(Pairs.of_vacancy(market, vacancy, np.arange(len(market.workers))))


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A row ruled out, by which rule, and the sentence to show."""

    index: int
    code: str
    label: str
    sentence: str


def excluded_vacancies(market: Market, worker: int) -> list[Exclusion]:
    """Every vacancy ruled out for a worker, with every rule that did it, in the market's order."""
    pairs = Pairs.of_worker(market, worker, np.arange(len(market.vacancies)))
    return list(_exclusions(pairs, pairs.vacancies))


def excluded_workers(market: Market, vacancy: int) -> list[Exclusion]:
    """Every worker ruled out for a vacancy, with every rule that did it, in the market's order."""
    pairs = Pairs.of_vacancy(market, vacancy, np.arange(len(market.workers)))
    return list(_exclusions(pairs, pairs.workers))


def _exclusions(pairs: Pairs, side: IntArray) -> Iterator[Exclusion]:
    out = np.array([rule.rules_out(pairs) for rule in RULES]).T
    for row, nth in np.argwhere(out).tolist():
        rule = RULES[nth]
        sentence = rule.sentence(pairs.market, int(pairs.workers[row]), int(pairs.vacancies[row]))
        yield Exclusion(int(side[row]), rule.code, rule.label, sentence)
