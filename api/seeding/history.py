"""A year of work: who started where and when, who left and why, and what proves it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from api.seeding.firms import Firm, Post
from api.seeding.person import Family, Person, pick
from api.seeding.places import Home
from api.seeding.trades import TRADES
from ledger.applications import RefusalReason
from models.education import Education
from models.employer import EmployerKind
from models.spell import Arrangement, EvidenceGrade, Precision, ProofKind, SpellKind
from models.worker import Wants
from outcomes.begin import KIND_OF

YEAR = timedelta(days=385)
_FESTIVALS = {
    2018: (2, 16), 2019: (2, 5), 2020: (1, 25), 2021: (2, 12), 2022: (2, 1), 2023: (1, 22),
    2024: (2, 10), 2025: (1, 29), 2026: (2, 17), 2027: (2, 6), 2028: (1, 26),
}  # fmt: skip
"""First day of the first lunar month (Purple Mountain Observatory's calendar)."""

_WHY_LEFT = {
    RefusalReason.PAY: 25,
    RefusalReason.FAMILY: 24,
    RefusalReason.SHIFT: 14,
    RefusalReason.EMPLOYED: 14,
    RefusalReason.TOO_FAR: 9,
    RefusalReason.HEALTH: 7,
    RefusalReason.OTHER: 7,
}
_SOURCES = {
    EvidenceGrade.A: "社会保险缴费记录",
    EvidenceGrade.B: "银行、微信或支付宝工资流水",
    EvidenceGrade.C: "单位就业证明（公章、电话、信用代码齐全）",
    EvidenceGrade.D: "村级信息员电话核实",
}
PROOF_OF = {
    EvidenceGrade.A: ProofKind.SOCIAL_INSURANCE,
    EvidenceGrade.B: ProofKind.WAGE_FLOW,
    EvidenceGrade.C: ProofKind.CERTIFICATE,
    EvidenceGrade.D: ProofKind.STATEMENT,
}
"""What the evidence of each grade is."""


@dataclass(slots=True)
class Proof:
    """佐证 of a stretch."""

    grade: EvidenceGrade
    covers_from: date
    covers_to: date
    source: str


@dataclass(slots=True)
class Spell:
    """One stretch of work. `person`, `firm` and `post` are indices; `post` is None for work found without us."""

    person: int
    firm: int
    post: int | None
    region: str
    kind: SpellKind
    trade: str | None
    started_on: date
    ended_on: date | None
    observed_until: date | None
    precision: Precision
    income: int
    contract_months: int | None
    arrangement: Arrangement
    point_to_point: bool
    channel: str
    left_because: RefusalReason | None
    evidence: list[Proof] = field(default_factory=list)


class Market:
    """Firms and posts by place, for quick choosing."""

    def __init__(self, firms: Sequence[Firm], posts: Sequence[Post]) -> None:
        self.firms, self.posts = firms, posts
        self._reachable: dict[tuple[str, ...], tuple[list[int], list[int]]] = {}

    def of(self, person: Person) -> tuple[list[int], list[int]]:
        """Indices of the posts and the firms that somebody would go to."""
        home = person.home
        near = person.wants is Wants.NEAR_HOME
        wanted = (home.code,) if near else tuple(person.accepted) or (*home.east, *home.others)
        if wanted not in self._reachable:
            firms = [
                index
                for index, firm in enumerate(self.firms)
                if firm.region.startswith(wanted)
                and firm.kind is not EmployerKind.PUBLIC_POST
                and (near or firm.kind is EmployerKind.ENTERPRISE)
            ]
            chosen = set(firms)
            self._reachable[wanted] = (
                [index for index, post in enumerate(self.posts) if post.firm in chosen],
                firms,
            )
        return self._reachable[wanted]

    def post_for(self, random: Random, person: Person, day: date) -> int | None:
        """A post with a free seat that takes this person on that day, best of a handful."""
        posts, _ = self.of(person)
        fitting = [
            index
            for index in random.sample(posts, min(14, len(posts)))
            if self.posts[index].open_on(day) and fits(person, self.posts[index], day)
        ]
        return min(fitting, key=lambda index: self.posts[index].trade != person.trade, default=None)

    def public_post(self, home: Home) -> int:
        """The home county's keeper of public posts."""
        return next(
            index
            for index, firm in enumerate(self.firms)
            if firm.kind is EmployerKind.PUBLIC_POST and firm.region == home.code
        )


def fits(person: Person, post: Post, day: date) -> bool:
    """Whether the post's conditions let this person in."""
    columns, age = post.columns, person.age(day)
    education: Education | None = columns["min_education"]
    return (
        age >= columns["min_age"]
        and (columns["max_age"] is None or age <= columns["max_age"])
        and (education is None or person.education.rank >= education.rank)
        and (not person.skills or set(columns["required_skills"]) <= person.skills.keys())
    )


def spring_festival(today: date) -> date:
    """The last Spring Festival before `today`; the middle of the possible days where the year is not listed."""
    festivals = (date(year, *_FESTIVALS.get(year, (2, 5))) for year in (today.year, today.year - 1))
    return next(day for day in festivals if day < today)


def live_through(
    random: Random, people: Sequence[Person], families: Sequence[Family], market: Market, today: date
) -> list[Spell]:
    """Everybody's year. Takes seats of the market's posts; nobody has two stretches on one day."""
    spells: list[Spell] = []
    festival = spring_festival(today)
    order = list(range(len(people)))
    random.shuffle(order)
    for index in order:
        person = people[index]
        if person.able(today) and person.wants in (Wants.OUT, Wants.NEAR_HOME):
            relieved = families[person.family].relieved_on(today)
            spells += _year(random, index, person, relieved, market, festival, today)
    spells.sort(key=lambda spell: (spell.person, spell.started_on))
    return spells


def _year(
    random: Random, index: int, person: Person, relieved: bool, market: Market, festival: date, today: date
) -> list[Spell]:
    mine: list[Spell] = []
    free_from = today - YEAR
    if random.random() < 0.40:
        start = free_from + timedelta(days=random.randint(0, 100))
        home_for_festival = person.wants is Wants.OUT and random.random() < 0.6
        until = festival - timedelta(days=random.randint(3, 20)) if home_for_festival else None
        mine.append(_spell(random, index, person, relieved, market, start, until, today))
        if mine[-1].ended_on is None:
            return _finished(random, mine, market, today)
        free_from = mine[-1].ended_on + timedelta(days=1)
    if random.random() < (0.78 if person.wants is Wants.OUT else 0.86):
        start = _season(random, festival, today)
        while start < free_from:
            start += timedelta(days=random.randint(10, 40))
        while start < today:
            mine.append(_spell(random, index, person, relieved, market, start, None, today))
            ended = mine[-1].ended_on
            if ended is None or len(mine) == 3 or random.random() < 0.45:
                break
            start = ended + timedelta(days=random.randint(4, 50))
    return _finished(random, mine, market, today)


def _season(random: Random, festival: date, today: date) -> date:
    """Most set out in the weeks after the festival, the rest spread over the year."""
    if random.random() < 0.6:
        return festival + timedelta(days=8 + min(50, int(random.expovariate(1 / 14))))
    later = festival + timedelta(days=50)
    return later + timedelta(days=random.randint(0, max(1, (today - later).days - 1)))


def _spell(
    random: Random,
    index: int,
    person: Person,
    relieved: bool,
    market: Market,
    start: date,
    until: date | None,
    today: date,
) -> Spell:
    near = person.wants is Wants.NEAR_HOME
    post = market.post_for(random, person, start) if random.random() < (0.75 if near else 0.6) else None
    if near and relieved and random.random() < 0.05:
        post, firm = None, market.public_post(person.home)
    elif post is not None:
        market.posts[post].taken += 1
        firm = market.posts[post].firm
    else:
        firm = random.choice(market.of(person)[1])
    employer = market.firms[firm]
    trade = market.posts[post].trade if post is not None else None
    if trade is None and employer.sector:
        trade = random.choice(employer.sector.trades)
    pay = TRADES[trade].pay if trade else (600, 900)
    if post is not None:
        pay = market.posts[post].columns["pay_min"], market.posts[post].columns["pay_max"]
    paired = employer.region in person.home.east
    ended, why = _leaving(random, employer, start, near, paired, until, today)
    organised = post is not None
    return Spell(
        person=index,
        firm=firm,
        post=post,
        region=employer.region,
        kind=KIND_OF[employer.kind],
        trade=trade,
        started_on=start,
        ended_on=ended,
        observed_until=None if ended else max(start, today - timedelta(days=int(random.expovariate(1 / 12)))),
        precision=Precision.DAY,
        income=round(random.uniform(*pay) / 50) * 50,
        contract_months=random.choice((6, 12, 12, 24, 36)) if random.random() < 0.6 else None,
        arrangement=Arrangement.ORGANISED if organised else Arrangement.SELF,
        point_to_point=organised and paired and random.random() < 0.4,
        channel=_channel(random, organised, near),
        left_because=why,
    )


def _channel(random: Random, organised: bool, near: bool) -> str:
    if organised:
        return "就近就业推荐" if near else "有组织劳务输出"
    return random.choice(("亲友介绍", "亲友介绍", "自主联系", "网络招聘"))


def _leaving(
    random: Random,
    employer: Firm,
    start: date,
    near: bool,
    paired: bool,
    until: date | None,
    today: date,
) -> tuple[date | None, RefusalReason | None]:
    """The last day worked and why, or nothing while the person is there: most leave in the first two months."""
    place = 0.75 if near else 0.95 if paired else 1.1
    day = start
    while day < today:
        months = (day - start).days // 30
        hazard = (0.115 if months < 2 else 0.055 if months < 6 else 0.035) * employer.restless * place
        if random.random() < hazard:
            ended = day + timedelta(days=random.randint(2, 29))
            if until and ended >= until:
                break
            return (ended, pick(random, _WHY_LEFT)) if ended < today else (None, None)
        day += timedelta(days=30)
    if until and until > start:
        return until, RefusalReason.FAMILY
    return None, None


def _finished(random: Random, mine: list[Spell], market: Market, today: date) -> list[Spell]:
    """Adds what the record knows: some dates to the month only, and evidence for part of the time."""
    if len(mine) == 1 and mine[0].post is None and random.random() < 0.35:
        _to_the_month(mine[0], today)
    for spell in mine:
        last = min(spell.ended_on or spell.observed_until or today, today - timedelta(days=3))
        if random.random() < 0.5 and (last - spell.started_on).days >= 20:
            insured = market.firms[spell.firm].insured
            grade = pick(
                random,
                {
                    EvidenceGrade.A: 30 if insured else 2,
                    EvidenceGrade.B: 28,
                    EvidenceGrade.C: 24,
                    EvidenceGrade.D: 26,
                },
            )
            first = spell.started_on + timedelta(days=random.choice((0, 0, 0, 10)))
            covered = (last - first).days
            to = first + timedelta(days=covered if random.random() < 0.5 else random.randint(10, covered))
            spell.evidence.append(Proof(grade, first, to, _SOURCES[grade]))
            if grade is not EvidenceGrade.D and random.random() < 0.15:
                spell.evidence.append(
                    Proof(EvidenceGrade.D, spell.started_on, last, _SOURCES[EvidenceGrade.D])
                )
    return mine


def _to_the_month(spell: Spell, today: date) -> None:
    """The source knows the month only: whole months, unless the last would reach past today."""
    ended = spell.ended_on
    if ended is not None:
        following = (ended.replace(day=28) + timedelta(days=4)).replace(day=1)
        if following > today:
            return
        spell.ended_on = following - timedelta(days=1)
    spell.started_on = spell.started_on.replace(day=1)
    spell.precision = Precision.MONTH
