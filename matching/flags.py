"""What a person has to settle before a pair goes further. A flag rules nobody out and moves no score.

Sex is known here and nowhere else in this package: the retirement age depends on it, and no ranking may.
"""

from dataclasses import dataclass

import numpy as np

from matching.columns import Market, Pairs
from matching.eligibility import ages, asked
from matching.explanation import skill_words
from models.age import FULL_AGE, LEGAL_WORKING_AGE
from models.retirement import retired_by_age


@dataclass(frozen=True, slots=True)
class Flag:
    """One thing to settle, and the sentence to show."""

    code: str
    sentence: str


def flags(market: Market, worker: int, vacancy: int, sex: str = "") -> tuple[Flag, ...]:
    """What a human must decide on this pair; `sex` is "female", "male" or "" for unknown.

    No vacancy says yet whether its work is hazardous or heavy, and for the young and the weak that unknown is not neutral.
    """
    people, posts = market.workers, market.vacancies
    pair = Pairs(market, np.array([worker]), np.array([vacancy]))
    age, required = ages(pair)[0], posts.required_skills[vacancy]
    born, occupation = people.birth_date[worker].item(), str(posts.occupation[vacancy])
    found = (
        (
            "minor_hazard",
            LEGAL_WORKING_AGE <= age < FULL_AGE,
            f"本人{age:.0f}岁未成年：请先人工确认岗位不属于有毒有害、矿山井下或繁重体力劳动",
        ),
        (
            "past_retirement",
            retired_by_age(born, sex, occupation, market.as_of),
            "本人已到法定退休年龄，可以就业：请单位签书面用工协议，并按规定办工伤保险",
        ),
        (
            "weak_labour",
            people.labour_capability[worker] == "weak",
            "本人是弱劳动力或半劳动力，请确认岗位强度",
        ),
        (
            "skills_unknown",
            bool(required) and not people.skills[worker],
            f"岗位要求有{skill_words(required)}，本人还没有登记技能，请先问清",
        ),
        ("intention_unknown", not asked(pair)[0], "还没有登记就业意愿，请先问本人"),
    )
    return tuple(Flag(code, sentence) for code, raised, sentence in found if raised)
