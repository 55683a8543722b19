"""Generated employers and vacancies: in the paired east, elsewhere, and workplaces in the home counties."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

from api.seeding.names import brand
from api.seeding.person import pick
from api.seeding.places import EAST_FIRMS, FIRMS_ELSEWHERE, Home
from api.seeding.trades import SECTORS, SECTORS_OF, TRADES, Sector, Trade
from ledger.vacancies import lint
from models import reference
from models.employer import EmployerKind
from models.vacancy import VacancyState

_PAY_LEVEL = {"6101": 0.85, "5201": 0.8, "500101": 0.8, "3716": 0.92}
_MISSING = {"pay_min": "missing_pay", "valid_until": "missing_validity", "seats": "missing_seats"}
_UNLAWFUL = ("限女性，已婚已育优先。", "本地户口优先，乙肝携带者勿扰。")
"""Sentences that no advertisement may carry."""


@dataclass(slots=True)
class Firm:
    """An employer. `restless` multiplies how often people leave; `insured` firms pay social insurance."""

    name: str
    kind: EmployerKind
    region: str
    kept_by: str
    sector: Sector | None
    size: int
    restless: float
    insured: bool


@dataclass(slots=True)
class Post:
    """A vacancy. `firm` is an index, `trade` a key of `TRADES`, `taken` the seats that history took, up to `fillable`."""

    firm: int
    region: str
    kept_by: str
    trade: str
    columns: dict[str, Any]
    fillable: int
    taken: int = 0

    def open_on(self, day: date) -> bool:
        """Whether somebody may be taken on that day."""
        columns = self.columns
        return (
            columns["state"] in (VacancyState.PUBLISHED, VacancyState.CLOSED)
            and self.taken < self.fillable
            and columns["valid_from"] <= day <= columns["valid_until"]
        )


def establish(
    random: Random, homes: tuple[Home, ...], share: float, today: date
) -> tuple[list[Firm], list[Post]]:
    """All firms with their vacancies; `share` of the full number of firms at each place, at least two."""
    firms: list[Firm] = []
    for home in homes:
        for kind, count in home.premises.items():
            for _ in range(_some(count, share)):
                sector = SECTORS[random.choice(SECTORS_OF[kind])]
                firms.append(_firm(random, len(firms), EmployerKind.read(kind), home.code, home.code, sector))
        name = f"{_place(home.code)}乡村公益性岗位管理站"
        firms.append(Firm(name, EmployerKind.PUBLIC_POST, home.code, home.code, None, 40, 0.4, False))
    for county in sorted({county for home in homes for county in home.east}):
        for _ in range(_some(EAST_FIRMS[county], share)):
            sector = SECTORS[random.choice(SECTORS_OF.get(county) or SECTORS_OF[county[:4]])]
            firms.append(_firm(random, len(firms), EmployerKind.ENTERPRISE, county, county, sector))
    for place in sorted({place for home in homes for place in home.others}):
        keepers = [home.code for home in homes if place in home.others]
        for _ in range(_some(FIRMS_ELSEWHERE, share)):
            sector, keeper = SECTORS[random.choice(SECTORS_OF[place])], random.choice(keepers)
            firms.append(_firm(random, len(firms), EmployerKind.ENTERPRISE, place, keeper, sector))
    posts = [
        _post(random, index, firm, trade, today)
        for index, firm in enumerate(firms)
        if firm.sector
        for trade in _some_of(random, firm.sector.trades)
    ]
    _withhold(posts, firms, {home.east[0] for home in homes if home.east})
    return firms, posts


def _some_of(random: Random, trades: tuple[str, ...]) -> list[str]:
    distinct = sorted(set(trades))
    return random.sample(distinct, random.randint(1, len(distinct)))


def _some(count: int, share: float) -> int:
    return max(2, round(count * share))


@cache
def _place(code: str) -> str:
    return next(row.short_name for row in reference.regions() if row.code == code)


def _firm(random: Random, number: int, kind: EmployerKind, region: str, keeper: str, sector: Sector) -> Firm:
    return Firm(
        name=f"{_place(region)}{brand(number)}{sector.name}",
        kind=kind,
        region=region,
        kept_by=keeper,
        sector=sector,
        size=random.randint(*sector.size),
        restless=random.lognormvariate(0, 0.35),
        insured=random.random() < (0.7 if kind is EmployerKind.ENTERPRISE else 0.25),
    )


def _post(random: Random, index: int, firm: Firm, key: str, today: date) -> Post:
    trade = TRADES[key]
    away = firm.kind is EmployerKind.ENTERPRISE
    level = _PAY_LEVEL.get(firm.region, _PAY_LEVEL.get(firm.region[:4], 1.0)) * random.uniform(0.93, 1.08)
    low, high = (round(pay * level / 100) * 100 for pay in trade.pay)
    seats = (
        random.choice((3, 5, 8, 10, 15, 20, 30, 45)) if away else random.choice((6, 8, 10, 12, 15, 20, 25))
    )
    lodging = away and random.random() < 0.85
    kind = pick(random, {"live": 74, "stale": 5, "expired": 13, "closed": 4, "draft": 4})
    posted = today - timedelta(days=random.randint(20, 260))
    until = today + timedelta(days=random.randint(10, 100))
    refreshed = max(posted, today - timedelta(days=random.randint(0, 70)))
    if kind == "stale":
        posted = refreshed = today - timedelta(days=random.randint(95, 200))
    elif kind == "expired":
        posted = today - timedelta(days=random.randint(150, 384))
        until = refreshed = max(posted + timedelta(days=60), today - timedelta(days=random.randint(5, 150)))
    columns: dict[str, Any] = {
        "title": trade.title,
        "occupation": trade.occupation,
        "seats": seats,
        "pay_min": low,
        "pay_max": high,
        "hours_per_week": trade.hours,
        "min_age": trade.ages[0],
        "max_age": trade.ages[1] if random.random() < 0.6 else None,
        "min_education": trade.education,
        "required_skills": [trade.skill]
        if trade.skill and (trade.needs_skill or random.random() < 0.25)
        else [],
        "preferred_skills": [],
        "lodging": lodging if away or random.random() < 0.5 else None,
        "meals": (random.random() < 0.7) if random.random() < 0.9 else None,
        "social_insurance": firm.insured if random.random() < 0.8 else None,
        "shift": trade.shift,
        "posted_on": posted,
        "valid_from": posted,
        "valid_until": until,
        "refreshed_on": refreshed,
        "state": VacancyState.CLOSED if kind == "closed" else VacancyState.PUBLISHED,
        "missing": [],
        "unlawful_demands": [],
    }
    if trade.skill and not columns["required_skills"]:
        columns["preferred_skills"] = [trade.skill]
    if kind == "draft":
        lost = random.choice(sorted(_MISSING))
        columns[lost], columns["state"], columns["missing"] = None, VacancyState.DRAFT, [_MISSING[lost]]
        if lost == "pay_min":
            columns["pay_max"] = None
    columns["text"] = _text(firm, trade, columns)
    fillable = seats if random.random() < 0.12 else max(1, round(seats * 0.8))
    return Post(index, firm.region, firm.kept_by, key, columns, 0 if kind == "draft" else fillable)


def _text(firm: Firm, trade: Trade, columns: dict[str, Any]) -> str:
    """The advertisement's words, from its own columns."""
    pay = f"月综合工资{columns['pay_min']}至{columns['pay_max']}元" if columns["pay_min"] else "工资面议"
    number = f"{columns['seats']}人" if columns["seats"] else "若干人"
    oldest = columns["max_age"]
    asked = [f"年龄{columns['min_age']}至{oldest}周岁" if oldest else f"年满{columns['min_age']}周岁"]
    if columns["min_education"]:
        asked.append(f"{columns['min_education'].label}及以上文化程度")
    if columns["required_skills"]:
        asked.append(f"会做{columns['required_skills'][0]}")
    if columns["preferred_skills"]:
        asked.append("无经验可带教")
    offered = [
        words
        for name, words in (
            ("lodging", "免费住宿"),
            ("meals", "提供工作餐"),
            ("social_insurance", "缴纳社会保险"),
        )
        if columns[name]
    ]
    until = columns["valid_until"]
    return (
        f"{firm.name}招聘{trade.title}{number}。工作内容：{trade.duties}。{columns['shift'].label}，"
        f"每周约{columns['hours_per_week']}小时。{pay}。{'、'.join(offered) or '食宿自理'}。"
        f"要求：{'、'.join(asked)}，男女不限。"
        + (f"招聘有效期至{until.year}年{until.month}月{until.day}日。" if until else "招满为止。")
    )


def fill_up(random: Random, firms: list[Firm], posts: list[Post]) -> None:
    """Make some of the posts that took people full, in numbers and words."""
    for post in posts:
        if post.taken and random.random() < 0.06:
            post.columns["seats"] = post.taken
            firm = firms[post.firm]
            post.columns["text"] = _text(firm, TRADES[post.trade], post.columns)


def _withhold(posts: list[Post], firms: list[Firm], places: set[str]) -> None:
    """In each paired place two vacancies are held back, each for a demand that the law forbids."""
    for place in sorted(places):
        lawful = [
            post
            for post in posts
            if firms[post.firm].region == place and post.columns["state"] is VacancyState.PUBLISHED
        ]
        for post, sentence in zip(lawful[::-1], _UNLAWFUL, strict=False):
            post.fillable = 0
            words = post.columns["text"].replace("，男女不限。", "。") + sentence
            post.columns |= {
                "state": VacancyState.HELD,
                "text": words,
                "unlawful_demands": lint(post.columns["title"], words),
            }
