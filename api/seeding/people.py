"""Generated households and their people: ages, schooling, capability, hardship and skills."""

from datetime import date, timedelta
from random import Random

from api.seeding.names import given_name, surname
from api.seeding.person import Family, Hardship, Person, pick
from api.seeding.places import Home, villages
from api.seeding.trades import TRADES
from api.seeding.wishes import wish
from models.education import Education
from models.household import HardshipCategory
from models.worker import LabourCapability, RelationToHead, Sex

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
        wish(random, home, family, members, first_person + len(people), today)
        families.append(family)
        people += members
    return families, people


def _family(random: Random, home: Home, village: str, number: int, today: date) -> Family:
    # Every so-manieth household, not each by chance: the counties are small and the shares are to come out.
    relieved = int((number + 1) * home.relieved) > int(number * home.relieved)
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
    head_age = int(min(74, max(20, random.gauss(50 if _CHILD in shape else 41, 10))))
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
