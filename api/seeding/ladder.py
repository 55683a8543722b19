"""兜底, 培训 and the rest of a county's year: long-held public posts, offers, ventures, classes, fairs, stations."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from api.seeding.firms import Firm, Post
from api.seeding.history import Spell
from api.seeding.person import Family, Person
from api.seeding.places import Home
from ledger.applications import RefusalReason
from models.employer import EmployerKind
from models.fair import FairKind
from models.public_post import CadreRelation, OfferAnswer, Rung
from models.spell import SpellKind
from models.station import VisitFound
from models.training import CourseKind
from models.workshop import WorkshopForm, WorkshopGrade

POST_KINDS = ("保洁员", "护林员", "护路员", "水管员", "养老护理员")
_PAY = (500, 600, 700, 800)
_WHY_NOT = (RefusalReason.FAMILY, RefusalReason.HEALTH, RefusalReason.TOO_FAR, RefusalReason.PAY)
_OFFERED = {Rung.MARKET: "某家纺厂缝纫工", Rung.WORKSHOP: "某茶叶车间拣茶工"}
_LEAST_RELIEVED = 5


@dataclass(frozen=True, slots=True)
class Held:
    """A public post, or a venture of somebody's own (`firm` None), that the year's work does not tell."""

    person: int
    firm: int | None
    region: str
    kind: SpellKind
    post_kind: str | None
    started_on: date
    income: int


@dataclass(slots=True)
class Ladder:
    """All of it. Rows name people, firms and posts by index; `declared` and `extended` name what was held."""

    held: list[Held] = field(default_factory=list)
    declared: list[tuple[int, CadreRelation]] = field(default_factory=list)
    extended: list[tuple[int, date]] = field(default_factory=list)
    offers: list[dict[str, Any]] = field(default_factory=list)
    recognitions: list[dict[str, Any]] = field(default_factory=list)
    ratings: list[dict[str, Any]] = field(default_factory=list)
    courses: list[dict[str, Any]] = field(default_factory=list)
    enrolments: list[tuple[int, int, bool | None, str | None]] = field(default_factory=list)
    fairs: list[dict[str, Any]] = field(default_factory=list)
    stations: list[dict[str, Any]] = field(default_factory=list)
    visits: list[dict[str, Any]] = field(default_factory=list)


def climb(
    random: Random,
    homes: Sequence[Home],
    people: Sequence[Person],
    families: Sequence[Family],
    firms: Sequence[Firm],
    posts: Sequence[Post],
    spells: Sequence[Spell],
    today: date,
) -> Ladder:
    """What the counties did besides placing people in market jobs."""
    made = Ladder()
    worked: dict[int, list[Spell]] = defaultdict(list)
    for spell in spells:
        worked[spell.person].append(spell)
    for home in homes:
        mine = [at for at, person in enumerate(people) if person.home is home]
        idle = [at for at in mine if not worked[at] and 40 <= people[at].age(today) <= 71]
        random.shuffle(idle)
        _hold_posts(random, made, home, idle[: max(3, len(mine) // 60)], firms, today)
        back = [at for at in mine if _came_home(worked[at], home, today)]
        random.shuffle(back)
        _found(random, made, home, back[: max(1, len(mine) // 90)], worked, today)
        _teach(random, made, home, mine, posts, firms, worked, today)
        _meet(random, made, home, today)
        _keep_station(random, made, home, firms, today)
    _recognise(random, made, firms, spells, people, families, today)
    return made


def _hold_posts(
    random: Random, made: Ladder, home: Home, who: Sequence[int], firms: Sequence[Firm], today: date
) -> None:
    """Some of these have all their three years behind them, some have not."""
    keeper = next(
        at
        for at, firm in enumerate(firms)
        if firm.kind is EmployerKind.PUBLIC_POST and firm.region == home.code
    )
    for at in who:
        started = today - timedelta(days=random.choice((1150, 1060, 1020, 800, 500, 300, 120)))
        kind = random.choice(POST_KINDS)
        pay = random.choice(_PAY)
        made.held.append(Held(at, keeper, home.code, SpellKind.PUBLIC_POST, kind, started, pay))
        number = len(made.held) - 1
        if random.random() < 0.85:
            made.declared.append((number, CadreRelation.NONE))
        if (today - started).days > 1096 and random.random() < 0.3:
            made.extended.append((number, today.replace(month=12, day=31)))
        for rung, what in _OFFERED.items():
            answer = OfferAnswer.REFUSED if random.random() < 0.8 else OfferAnswer.NONE
            made.offers.append(
                {
                    "person": at,
                    "rung": rung,
                    "what": what,
                    "offered_on": started - timedelta(days=random.randint(10, 60)),
                    "answer": answer,
                    "reason": random.choice(_WHY_NOT).value if answer is OfferAnswer.REFUSED else None,
                }
            )


def _came_home(spells: Sequence[Spell], home: Home, today: date) -> bool:
    """Whether somebody worked elsewhere and has been at no work for a month."""
    if not spells or any(spell.ended_on is None for spell in spells):
        return False
    ended = max(spell.ended_on for spell in spells if spell.ended_on)
    return ended < today - timedelta(days=30) and any(
        not spell.region.startswith(home.code) for spell in spells
    )


def _found(
    random: Random,
    made: Ladder,
    home: Home,
    who: Sequence[int],
    worked: dict[int, list[Spell]],
    today: date,
) -> None:
    for at in who:
        ended = max(spell.ended_on for spell in worked[at] if spell.ended_on)
        started = min(ended + timedelta(days=random.randint(5, 60)), today)
        income = random.randint(20, 60) * 100
        made.held.append(Held(at, None, home.code, SpellKind.SELF_EMPLOYED, None, started, income))


def _teach(
    random: Random,
    made: Ladder,
    home: Home,
    mine: Sequence[int],
    posts: Sequence[Post],
    firms: Sequence[Firm],
    worked: dict[int, list[Spell]],
    today: date,
) -> None:
    """A skill class, and a class that a firm in the paired city has ordered."""
    began = today - timedelta(days=random.randint(60, 200))
    _course(made, home, began, "家政服务培训", CourseKind.SKILL, skill="家政", level=2)
    for at in random.sample(mine, min(len(mine), 20)):
        _enrol(random, made, at)
    ordered: dict[int, list[int]] = defaultdict(list)
    for at in mine:
        for spell in worked[at]:
            if spell.post is not None and firms[spell.firm].region in home.east:
                ordered[spell.post].append(at)
    if not ordered:
        return
    post = max(ordered, key=lambda each: (len(ordered[each]), -each))
    first = min(spell.started_on for at in ordered[post] for spell in worked[at] if spell.post == post)
    kind = random.choice((CourseKind.TO_ORDER, CourseKind.SPONSORED, CourseKind.ONE_PLUS_TWO))
    title = posts[post].columns["title"]
    name = f"{title}{'订单班' if kind is CourseKind.TO_ORDER else kind.label}"
    _course(made, home, first - timedelta(days=30), name, kind, post=post, skill=title[:20], level=2)
    class_of = list(dict.fromkeys([*ordered[post], *random.sample(mine, min(len(mine), 8))]))
    for at in class_of[:25]:
        _enrol(random, made, at)


def _course(
    made: Ladder,
    home: Home,
    began: date,
    name: str,
    kind: CourseKind,
    *,
    post: int | None = None,
    skill: str,
    level: int,
) -> None:
    made.courses.append(
        {
            "region": home.code,
            "name": name,
            "kind": kind,
            "organiser": "县职业教育中心",
            "post": post,
            "skill": skill,
            "skill_level": level,
            "started_on": began,
            "ended_on": began + timedelta(days=20),
        }
    )


def _enrol(random: Random, made: Ladder, person: int) -> None:
    completed = random.choices((True, False, None), (8, 1, 1))[0]
    number = f"测试证书{len(made.enrolments) + 1:05d}" if completed else None
    made.enrolments.append((len(made.courses) - 1, person, completed, number))


def _meet(random: Random, made: Ladder, home: Home, today: date) -> None:
    """Two fairs that were held, one on line, and one to come."""
    for days, kind, name in (
        (-200, FairKind.SPECIAL, "东西部协作专场招聘会"),
        (-120, FairKind.VILLAGE, "送岗下乡"),
        (-40, FairKind.ONLINE, "直播带岗"),
        (30, FairKind.GENERAL, "秋季综合招聘会"),
    ):
        held = today + timedelta(days=days + random.randint(-8, 8))
        attended = random.randint(80, 600)
        made.fairs.append(
            {
                "region": home.code,
                "partner": home.east[0] if kind is FairKind.SPECIAL and home.east else None,
                "name": name,
                "kind": kind,
                "held_on": held,
                "place": "县人力资源市场" if kind is not FairKind.ONLINE else "",
                "employers": random.randint(8, 60),
                "seats": random.randint(200, 3000),
                "attended": attended if held <= today else None,
                "agreed": attended // random.randint(4, 9) if held <= today else None,
            }
        )


def _keep_station(random: Random, made: Ladder, home: Home, firms: Sequence[Firm], today: date) -> None:
    if not home.east:
        return
    opened = today - timedelta(days=random.randint(200, 500))
    made.stations.append(
        {"region": home.east[0], "kept_by": home.code, "name": "驻就业地劳务协作工作站", "opened_on": opened}
    )
    there = [at for at, firm in enumerate(firms) if firm.region == home.east[0]]
    for at in random.sample(there, min(6, len(there))):
        found = random.choices(list(VisitFound), (12, 1, 2, 1, 1, 1))[0]
        made.visits.append(
            {
                "station": len(made.stations) - 1,
                "firm": at,
                "visited_on": today - timedelta(days=random.randint(3, 160)),
                "found": found,
                "people_seen": random.randint(2, 40),
            }
        )


def _recognise(
    random: Random,
    made: Ladder,
    firms: Sequence[Firm],
    spells: Sequence[Spell],
    people: Sequence[Person],
    families: Sequence[Family],
    today: date,
) -> None:
    """Workshops are recognised as of the first of a month on which enough 脱贫劳动力 worked there, and rated since."""
    there: dict[int, list[Spell]] = defaultdict(list)
    for spell in spells:
        if firms[spell.firm].kind in (EmployerKind.WORKSHOP, EmployerKind.COMMUNITY_FACTORY):
            there[spell.firm].append(spell)
    for firm in sorted(there):
        for months in (6, 3, 1):
            on = (today - timedelta(days=30 * months)).replace(day=1)
            workers, relieved = _at_work(there[firm], on, people, families)
            if relieved >= _LEAST_RELIEVED:
                counted = {"firm": firm, "workers": workers, "relieved": relieved}
                form = random.choice(list(WorkshopForm))
                made.recognitions.append(counted | {"form": form, "recognised_on": on})
                if random.random() < 0.6:
                    grade = random.choices(list(WorkshopGrade), (3, 6, 1))[0]
                    made.ratings.append(counted | {"year": on.year, "grade": grade, "rated_on": on})
                break


def _at_work(
    spells: Sequence[Spell], on: date, people: Sequence[Person], families: Sequence[Family]
) -> tuple[int, int]:
    here = [
        spell
        for spell in spells
        if spell.started_on <= on and (spell.ended_on is None or spell.ended_on >= on)
    ]
    relieved = [
        spell for spell in here if families[people[spell.person].family].relieved_on(spell.started_on)
    ]
    return len(here), len(relieved)
