"""What is measured on a pair of worker and vacancy, one declaration a feature. An unknown is nan, never zero.

`direction` says which way the whole score may move when the value grows: +1 up, -1 down, 0 either way. `scope` says of what the value
is: the worker, the vacancy, the firm, the pair, the firm's people of the worker's county (firm_origin), the worker's companion, the day.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from matching import offers, places, skills, told
from matching.columns import FloatArray, Pairs

SCOPES = frozenset({"worker", "vacancy", "firm", "pair", "firm_origin", "companion", "day"})


@dataclass(frozen=True, slots=True)
class Feature:
    """`cause` is the fact in the world that a reason names: features of one cause become unknown together."""

    name: str
    label: str
    unit: str
    scope: str
    cause: str
    direction: int
    feeds: frozenset[str]
    value: Callable[[Pairs], FloatArray]


def _required_skills(pairs: Pairs) -> FloatArray:
    return skills.share(pairs, pairs.market.vacancies.required_skills)


def _preferred_skills(pairs: Pairs) -> FloatArray:
    return skills.share(pairs, pairs.market.vacancies.preferred_skills)


_HIRE, _STAY, _SURPLUS = ("p_hire",), ("stay",), ("surplus",)
_BOTH, _ALL = _HIRE + _STAY, _HIRE + _STAY + _SURPLUS

FEATURES: tuple[Feature, ...] = tuple(
    Feature(name, label, unit, scope, cause, direction, frozenset(feeds), value)
    for name, label, unit, scope, cause, direction, feeds, value in (
        ("pay_over_floor", "月薪高出本人底线", "yuan/month", "pair", "pay", 1, _ALL, offers.pay_over_floor),
        ("pay_over_usual", "月薪高出当地同类岗位", "yuan/month", "vacancy", "pay", 1, _ALL, offers.pay_over_usual),
        ("distance_km", "离家距离", "km", "pair", "distance", -1, _BOTH, places.distance_km),
        ("way_home_yuan", "回家路费（估算）", "yuan", "pair", "distance", -1, _STAY + _SURPLUS, places.way_home_yuan),
        ("same_county", "本县", "0/1", "pair", "distance", 1, _BOTH, places.same_county),
        ("same_province", "本省", "0/1", "pair", "distance", 1, _STAY, places.same_province),
        ("paired", "结对地区", "0/1", "pair", "paired", 1, _BOTH, places.paired),
        ("near_unasked", "离家近（意愿未登记）", "0..1", "pair", "distance", 1, _BOTH, places.near_unasked),
        ("paired_unasked", "结对地区（意愿未登记）", "0/1", "pair", "paired", 1, _BOTH, places.paired_unasked),
        ("wish", "就业去向意愿", "0..1", "pair", "wish", 1, _BOTH, places.wish),
        ("lodging", "住宿", "0..1", "pair", "lodging", 1, _SURPLUS, offers.lodging),
        ("no_bed", "要住宿而不包住", "0..1", "pair", "lodging", -1, _BOTH, offers.no_bed),
        ("meals", "包吃", "0/1", "vacancy", "meals", 1, _SURPLUS, offers.meals),
        ("social_insurance", "社会保险", "0/1", "vacancy", "social_insurance", 1, _STAY, offers.social_insurance),
        ("hours_per_week", "每周工时", "hours", "vacancy", "hours", -1, _BOTH, offers.hours),
        ("night_shifts", "夜班", "0..2", "vacancy", "shift", -1, _BOTH, offers.night_shifts),
        ("required_skills", "必备技能", "share", "pair", "skills", 1, _BOTH, _required_skills),
        ("preferred_skills", "优先技能", "share", "pair", "skills", 1, _BOTH, _preferred_skills),
        ("same_occupation", "做过的工种", "0..1", "pair", "occupation", 1, _BOTH, offers.same_occupation),
        ("wanted_occupation", "想做的工种", "0..1", "pair", "wanted", 1, _BOTH, offers.wanted_occupation),
        ("experience_months", "务工年限", "months", "worker", "experience", 1, _BOTH, offers.experience),
        ("education_margin", "学历余量", "steps", "pair", "education", 1, _HIRE, offers.education_margin),
        ("townspeople", "同县工友", "people", "firm_origin", "townspeople", 1, _BOTH, told.townspeople_known),
        ("days_posted", "发布天数", "days", "vacancy", "freshness", -1, _HIRE, offers.days_posted),
        ("seats_left", "剩余名额", "seats", "vacancy", "seats", 1, _HIRE, offers.seats_left),
        ("speaks_mandarin", "会讲普通话", "0/1", "pair", "language", 1, _BOTH, offers.speaks_mandarin),
        ("firm_leaving", "单位离职快慢", "log ratio", "firm", "firm_leaving", -1, _STAY, told.of_firm("leaving", "firm_leaving")),
        ("origin_leaving", "同县工友离职快慢", "log ratio", "firm_origin", "firm_leaving", -1, _STAY, told.origin_leaving),
        ("firm_hiring", "单位录用多少", "log ratio", "firm", "firm_hiring", 1, _HIRE, told.of_firm("hiring", "firm_hiring")),
        ("firm_offering", "单位愿意录用多少", "log ratio", "firm", "firm_hiring", 1, _HIRE, told.of_firm("offering", "firm_offering")),
        ("firm_answering", "单位答复多少", "log ratio", "firm", "firm_answering", 1, _HIRE, told.of_firm("answering", "firm_answering")),
        ("firm_promptness", "单位答复快慢", "log ratio", "firm", "firm_answering", 1, _HIRE, told.of_firm("promptness", "firm_promptness")),
        ("companion_seat", "同伴有名额", "0/1", "pair", "companion", 1, _BOTH, offers.companion_seat),
        ("companion_there", "同伴同去", "0/1", "companion", "companion", 1, _STAY, told.companion_there),
        ("before_festival", "临近春节", "0..1", "day", "season", 0, _STAY, told.before_festival),
        ("after_festival", "春节刚过", "0..1", "day", "season", 0, _STAY, told.after_festival),
    )
)  # fmt: skip

NAMES = tuple(feature.name for feature in FEATURES)
CAUSES = tuple(dict.fromkeys(feature.cause for feature in FEATURES))


def schema_hash() -> str:
    """Names what is measured and how it may count, twelve hexadecimal digits: names, units, scopes, directions and what each
    feeds, in their order, and the numbers and names that they are measured with. The same on every machine; a model of another
    schema must not be used."""
    declared: list[Any] = [
        [each.name, each.unit, each.scope, each.direction, sorted(each.feeds)] for each in FEATURES
    ]
    declared += [
        places.YUAN_A_KM,
        sorted(places.ENDS_YUAN.items()),
        skills.NEAR,
        sorted(skills.aliases().items()),
    ]
    declared += [offers.KINSHIP, told.FESTIVAL_DAYS, told.SMALLEST_SHOWN_GROUP]
    return hashlib.sha256(json.dumps(declared, ensure_ascii=True).encode("ascii")).hexdigest()[:12]


def matrix(pairs: Pairs) -> FloatArray:
    """All features, shape (pairs, features), nan where unknown."""
    if not len(pairs):
        return np.empty((0, len(FEATURES)))
    return np.column_stack([feature.value(pairs) for feature in FEATURES])
