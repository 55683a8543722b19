"""Generated intentions: who wants to go where, for how much, and with whom."""

from datetime import date, timedelta
from random import Random

from api.seeding.person import Family, Person, pick
from api.seeding.places import Home
from api.seeding.trades import TRADES
from models.worker import RelationToHead, Sex, Wants

_REASONS_AT_HOME = ("照顾老人孩子", "在家务农", "身体原因", "在校就读", "准备参加培训")


def wish(random: Random, home: Home, family: Family, members: list[Person], first: int, today: date) -> None:
    """Give the members of one household their wishes; `first` is the index of the first among all people."""
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
    couple = [
        i
        for i, person in enumerate(members)
        if person.relation in (RelationToHead.HEAD, RelationToHead.SPOUSE)
    ]
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
