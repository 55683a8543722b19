"""Generated households and their people: ages, schooling, capability, hardship, skills and wishes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import TypeVar

from api.seeding.names import given_name, surname
from api.seeding.places import Home, villages
from api.seeding.trades import TRADES
from models.education import Education
from models.household import POVERTY_RELIEVED, HardshipCategory
from models.worker import LabourCapability, RelationToHead, Sex, Wants

T = TypeVar("T")

LAST_WORKING_AGE = 64
"""Nobody older is given work here. No rule of law: older people do work, but few leave for it."""

_HEAD, _SPOUSE, _CHILD, _IN_LAW, _PARENT = (
    RelationToHead.HEAD,
    RelationToHead.SPOUSE,
    RelationToHead.CHILD,
    RelationToHead.CHILD_IN_LAW,
    RelationToHead.PARENT,
)
_SHAPES: dict[tuple[RelationToHead, ...], float] = {
    (_HEAD,): 12,
    (_HEAD, _SPOUSE): 20,
    (_HEAD, _PARENT): 7,
    (_HEAD, _CHILD): 6,
    (_HEAD, _SPOUSE, _CHILD): 20,
    (_HEAD, _SPOUSE, _PARENT): 12,
    (_HEAD, _SPOUSE, _PARENT, _PARENT): 5,
    (_HEAD, _SPOUSE, _CHILD, _CHILD): 8,
    (_HEAD, _SPOUSE, _CHILD, _IN_LAW): 5,
    (_HEAD, _SPOUSE, _CHILD, _IN_LAW, _PARENT): 3,
    (_HEAD, _SPOUSE, _CHILD, _CHILD, _PARENT, _PARENT): 2,
}
_TRADES_HAD = {
    Sex.MALE: "砌筑 钢筋 砌筑 焊接 打磨 电子装配 注塑 冲压 仓储 叉车 数控 厨师 保安 家具 船舶装配 建材 药材",
    Sex.FEMALE: "缝纫 缝纫 家纺 电子装配 电子装配 线束加工 制鞋 食品 餐饮 家政 护理 挡车 玩具 仓储 茶叶 电子检验",
}
_LAST_TRADES = {sex: keys.split() for sex, keys in _TRADES_HAD.items()}
_REASONS_AT_HOME = ("照顾老人孩子", "在家务农", "身体原因", "在校就读", "准备参加培训")


@dataclass(slots=True)
class Hardship:
    """帮扶类别时段 of a household."""

    category: HardshipCategory
    from_on: date
    to_on: date | None = None
    risk_cleared_on: date | None = None


@dataclass(slots=True)
class Family:
    """A household: its place, number and hardship."""

    region: str
    number: str
    relocated: bool
    hardship: list[Hardship]

    def relieved_on(self, day: date) -> bool:
        """Whether its members count as 脱贫劳动力 on that day."""
        return any(
            period.category in POVERTY_RELIEVED
            and period.from_on <= day
            and (period.to_on is None or day <= period.to_on)
            for period in self.hardship
        )


@dataclass(slots=True)
class Person:
    """A worker and the intention. `family` and `companion` are indices; `trade` is a key of `TRADES`."""

    home: Home
    region: str
    family: int
    name: str
    sex: Sex
    born: date
    ethnicity: str
    education: Education
    capability: LabourCapability
    relation: RelationToHead
    disability: int | None
    mandarin: bool
    trade: str | None
    experience: int
    has_phone: bool
    wants: Wants | None = None
    reason: str | None = None
    accepted: list[str] = field(default_factory=list)
    occupations: list[str] = field(default_factory=list)
    pay_floor: int | None = None
    needs_lodging: bool | None = None
    companion: int | None = None
    available_from: date | None = None
    skills: dict[str, int | None] = field(default_factory=dict)

    def age(self, day: date) -> int:
        """Completed years."""
        return day.year - self.born.year - ((day.month, day.day) < (self.born.month, self.born.day))

    def able(self, day: date) -> bool:
        """Whether work is given here: of age, and not weak, lost or without labour."""
        return 18 <= self.age(day) <= LAST_WORKING_AGE and self.capability in (
            LabourCapability.ORDINARY,
            LabourCapability.SKILLED,
        )


def pick(random: Random, weights: Mapping[T, float]) -> T:
    """One of the keys, by weight."""
    return random.choices(list(weights), list(weights.values()))[0]


def populate(
    random: Random, home: Home, count: int, today: date, first_family: int, first_person: int
) -> tuple[list[Family], list[Person]]:
    """Households of one county with about `count` people (the last household may pass it by a few).

    The `first_` numbers are the indices that the first household and person will have among all.
    """
    places = [str(village["code"]) for village in villages(home)]
    families: list[Family] = []
    people: list[Person] = []
    while len(people) < count:
        family = _family(random, home, random.choice(places), len(families), today)
        members = _members(random, home, family, first_family + len(families), today)
        _wishes(random, home, family, members, first_person + len(people), today)
        families.append(family)
        people += members
    return families, people


def _family(random: Random, home: Home, village: str, number: int, today: date) -> Family:
    relieved = random.random() < home.relieved
    hardship: list[Hardship] = []
    if relieved:
        hardship.append(Hardship(HardshipCategory.RELIEVED, date(random.randint(2016, 2020), 12, 31)))
        if random.random() < 0.06:
            watched = today - timedelta(days=random.randint(60, 250))
            hardship[0].from_on = min(hardship[0].from_on, date(watched.year - 1, 12, 31))
            hardship[0].to_on = watched - timedelta(days=1)
            hardship.append(
                Hardship(HardshipCategory.UNSTABLE, watched, None, _cleared(random, watched, today))
            )
    elif random.random() < 0.03:
        category = random.choices((HardshipCategory.MARGINAL, HardshipCategory.SUDDEN), (3, 1))[0]
        watched = today - timedelta(days=random.randint(60, 700))
        hardship.append(Hardship(category, watched, None, _cleared(random, watched, today)))
    if random.random() < (0.12 if relieved else 0.02):
        hardship.append(Hardship(HardshipCategory.SUBSISTENCE, date(random.randint(2017, 2020), 1, 1)))
    return Family(
        village, f"YS{home.code}{number + 1:05d}", random.random() < (0.35 if relieved else 0.03), hardship
    )


def _cleared(random: Random, watched: date, today: date) -> date | None:
    cleared = watched + timedelta(days=random.randint(120, 300))
    return cleared if cleared <= today and random.random() < 0.7 else None


def _members(random: Random, home: Home, family: Family, index: int, today: date) -> list[Person]:
    shape = pick(random, _SHAPES)
    ethnicity = pick(random, home.ethnicities)
    head_age = int(min(72, max(20, random.gauss(44, 11))))
    if _CHILD in shape:
        head_age = max(head_age, 40)
    if shape == (_HEAD,) and random.random() < 0.05:
        family.hardship = [Hardship(HardshipCategory.DESTITUTE, date(2018, 1, 1))]
        head_age = random.randint(60, 78)
    head_sex = Sex.MALE if random.random() < 0.84 else Sex.FEMALE
    other_sex = Sex.FEMALE if head_sex is Sex.MALE else Sex.MALE
    line = surname(random, home.family)
    members: list[Person] = []
    for relation in shape:
        sex, age, own = head_sex, head_age, line
        if relation is _SPOUSE:
            sex, age, own = other_sex, max(20, head_age + random.randint(-4, 3)), surname(random, home.family)
        elif relation is _CHILD:
            sex, age = random.choice((Sex.MALE, Sex.FEMALE)), random.randint(16, max(17, head_age - 21))
        elif relation is _IN_LAW:
            child = members[-1]
            sex = Sex.FEMALE if child.sex is Sex.MALE else Sex.MALE
            age, own = max(20, child.age(today) + random.randint(-3, 2)), surname(random, home.family)
        elif relation is _PARENT:
            second = any(member.relation is _PARENT for member in members)
            sex, age = (Sex.FEMALE if second else Sex.MALE), min(88, head_age + random.randint(21, 29))
            own = surname(random, home.family) if second else line
        member = _person(random, home, family, index, own, sex, age, ethnicity, relation, today)
        while any(member.name == other.name for other in members):
            member.name = own + given_name(random, sex, member.born.year)
        members.append(member)
    return members


def _person(
    random: Random,
    home: Home,
    family: Family,
    index: int,
    own: str,
    sex: Sex,
    age: int,
    ethnicity: str,
    relation: RelationToHead,
    today: date,
) -> Person:
    born = date(today.year - age, today.month, 1) - timedelta(days=random.randint(1, 360))
    disability = pick(random, {1: 1, 2: 2, 3: 4, 4: 5}) if random.random() < 0.035 else None
    education = _schooling(random, age)
    capability = _capability(random, age, disability)
    young = age < 19 and random.random() < 0.5
    trade = None
    experience = 0
    if not young and capability in (LabourCapability.ORDINARY, LabourCapability.SKILLED):
        experience = max(0, int(random.gauss((age - 18) * 5, 24)))
        trade = random.choice(_LAST_TRADES[sex]) if experience > 3 else None
    skills: dict[str, int | None] = {}
    if trade and TRADES[trade].skill and random.random() < 0.75:
        level = min(5, 1 + experience // 40)
        skills[TRADES[trade].skill or ""] = level if random.random() < 0.85 else None
    for extra, share in (
        ("电工", 0.02),
        ("驾驶", 0.06),
        ("中式烹调师", 0.03),
        ("家政服务员", 0.03),
        ("养殖", 0.05),
    ):
        if capability is not LabourCapability.NONE and random.random() < share:
            skills.setdefault(extra, random.randint(1, 3))
    if trade and not skills and random.random() < 0.9:
        skills["普工"] = None
    if (
        capability is LabourCapability.ORDINARY
        and max((level or 0 for level in skills.values()), default=0) >= 4
    ):
        capability = LabourCapability.SKILLED
    speaks = 0.98 - max(0, age - 40) * (0.016 if ethnicity == "汉族" else 0.024)
    return Person(
        home=home,
        region=family.region,
        family=index,
        name=own + given_name(random, sex, born.year),
        sex=sex,
        born=born,
        ethnicity=ethnicity,
        education=education,
        capability=capability,
        relation=relation,
        disability=disability,
        mandarin=random.random() < speaks,
        trade=trade,
        experience=experience,
        has_phone=random.random() < (0.97 if age < 60 else 0.75),
        skills=skills,
    )  # fmt: skip


def _schooling(random: Random, age: int) -> Education:
    steps = (
        Education.ILLITERATE,
        Education.PRIMARY,
        Education.JUNIOR_HIGH,
        Education.SENIOR_HIGH,
        Education.SECONDARY_VOCATIONAL,
        Education.COLLEGE,
        Education.BACHELOR,
    )
    if age < 30:
        weights = (0, 3, 50, 17, 18, 9, 3)
    elif age < 45:
        weights = (2, 22, 60, 9, 5, 2, 0)
    elif age < 60:
        weights = (8, 46, 40, 5, 1, 0, 0)
    else:
        weights = (34, 52, 13, 1, 0, 0, 0)
    return random.choices(steps, weights)[0]


def _capability(random: Random, age: int, disability: int | None) -> LabourCapability:
    words = (
        LabourCapability.ORDINARY,
        LabourCapability.WEAK,
        LabourCapability.LOST,
        LabourCapability.NONE,
    )
    if disability is not None and disability <= 2:
        return random.choices(words, (0, 25, 65, 10))[0]
    if age < 60:
        return random.choices(words, (95, 4, 1, 0))[0]
    return random.choices(words, (40, 45, 5, 10) if age < 70 else (4, 30, 18, 48))[0]


def _wishes(
    random: Random, home: Home, family: Family, members: list[Person], first: int, today: date
) -> None:
    for person in members:
        age = person.age(today)
        if not person.able(today):
            person.wants = Wants.NONE if random.random() < 0.8 else None
            person.reason = "身体原因" if person.wants and age > 25 else None
            continue
        near = home.near_home[0 if family.relieved_on(today) else 1] * (
            1.35 if person.sex is Sex.FEMALE else 0.8
        )
        near = min(0.9, near + max(0, age - 50) * 0.01)
        roll = random.random()
        if roll < 0.10:
            person.wants, person.reason = Wants.NONE, random.choice(_REASONS_AT_HOME)
            if age < 20:
                person.reason = "在校就读"
        elif roll < 0.10 + 0.90 * near:
            person.wants, person.needs_lodging = Wants.NEAR_HOME, False
            person.accepted = [home.code]
            if home.neighbours and random.random() < 0.35:
                person.accepted.append(home.neighbours)
            person.pay_floor = random.randrange(1500, 2700, 100)
        else:
            person.wants, person.needs_lodging = Wants.OUT, random.random() < 0.88
            person.accepted = _accepted(random, home)
            person.pay_floor = random.randrange(3000, 5000, 500) + (500 if person.skills else 0)
        if person.pay_floor and random.random() < 0.12:
            person.pay_floor = None
        if person.trade and person.wants is Wants.OUT and random.random() < 0.4:
            person.occupations = [TRADES[person.trade].occupation]
        if person.wants is not Wants.NONE and random.random() < 0.3:
            person.available_from = today + timedelta(days=random.randint(0, 45))
    couple = [i for i, person in enumerate(members) if person.relation in (_HEAD, _SPOUSE)]
    if len(couple) == 2 and all(members[i].wants is Wants.OUT for i in couple) and random.random() < 0.7:
        one, two = couple
        members[one].companion, members[two].companion = first + two, first + one
        members[two].accepted = members[one].accepted


def _accepted(random: Random, home: Home) -> list[str]:
    """Regions somebody would go to: mostly the paired one, some elsewhere, some did not say."""
    if random.random() < 0.12:
        return []
    accepted: list[str] = []
    if home.east and random.random() < 0.68:
        accepted.append(home.east[0][:4])
    if not accepted or random.random() < 0.55:
        accepted.append(pick(random, home.others))
    if random.random() < (0.35 if len(accepted) == 1 else 0.15):
        accepted.append(random.choice(("44", "32", "33")))
    return sorted(set(accepted))
