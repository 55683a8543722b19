"""What is measured on a pair of worker and vacancy, one declaration a feature. An unknown is nan, never zero.

`direction` says which way the whole score may move when the value grows: +1 up, -1 down.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from matching import regions
from matching.columns import BoolArray, FloatArray, Pairs, SkillSets
from matching.eligibility import asked
from matching.regions import IntArray
from matching.usual_pay import offered_pay

EARTH_RADIUS_KM = 6371.0
SMALLEST_SHOWN_GROUP = 3
"""Townspeople fewer than this are not counted at all: one or two could be told apart."""

_NIGHTS = {"day": 0.0, "two": 1.0, "three": 2.0}
_KINSHIP = ((5, 1.0), (3, 0.6), (1, 0.3))


@dataclass(frozen=True, slots=True)
class Feature:
    """`cause` is the fact in the world that a reason names: features of one cause become unknown together."""

    name: str
    label: str
    unit: str
    cause: str
    direction: int
    feeds: frozenset[str]
    value: Callable[[Pairs], FloatArray]


def _where_known(known: BoolArray, values: FloatArray | BoolArray | IntArray) -> FloatArray:
    kept: FloatArray = np.where(known, values, np.nan)
    return kept


def usual_pay(pairs: Pairs) -> FloatArray:
    """The usual pay of each pair's vacancy; nan where nobody has learned it."""
    return np.full(len(pairs), np.nan) if pairs.usual_pay is None else pairs.usual_pay


def pay(pairs: Pairs) -> FloatArray:
    """Yuan a month offered, one value a pair."""
    return offered_pay(pairs.of_vacancies("pay_min"), pairs.of_vacancies("pay_max"))


def _pay_over_floor(pairs: Pairs) -> FloatArray:
    over: FloatArray = pay(pairs) - pairs.of_workers("pay_floor")
    return over


def _pay_over_usual(pairs: Pairs) -> FloatArray:
    return pay(pairs) - usual_pay(pairs)


def distance_km(pairs: Pairs) -> FloatArray:
    """Great-circle distance (haversine) from home to work in km."""
    lon1, lat1, lon2, lat2 = (
        np.radians(values)
        for values in (
            pairs.of_workers("lon"),
            pairs.of_workers("lat"),
            pairs.of_vacancies("lon"),
            pairs.of_vacancies("lat"),
        )
    )
    half = np.sin((lat2 - lat1) / 2) ** 2 + np.cos(lat1) * np.cos(lat2) * np.sin((lon2 - lon1) / 2) ** 2
    km: FloatArray = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
    return km


def _same(pairs: Pairs, level: Callable[[IntArray], IntArray]) -> FloatArray:
    home, work = level(pairs.of_workers("region")), level(pairs.of_vacancies("region"))
    return _where_known((home > 0) & (work > 0), home == work)


def _same_county(pairs: Pairs) -> FloatArray:
    elsewhere = (_same(pairs, regions.city) == 0) | (_same(pairs, regions.province) == 0)
    return np.where(elsewhere, 0.0, _same(pairs, regions.county))


def _same_province(pairs: Pairs) -> FloatArray:
    return _same(pairs, regions.province)


def _paired(pairs: Pairs) -> FloatArray:
    home, work = pairs.of_workers("region"), pairs.of_vacancies("region")
    together = np.zeros(len(pairs), np.bool_)
    for origin, destination in pairs.market.pairings:
        (first, last), (begin, end) = regions.span(origin), regions.span(destination)
        together |= (home >= first) & (home <= last) & (work >= begin) & (work <= end)
    known = (home > 0) & (work > 0) & bool(pairs.market.pairings)
    return _where_known(known, together)


def _near(pairs: Pairs) -> FloatArray:
    """1 in the home county, 0.5 in another county of its city, 0 farther away."""
    county, city = _same_county(pairs), _same(pairs, regions.city)
    near: FloatArray = np.where(county == 1, 1.0, np.where(city == 1, 0.5, np.where(city == 0, 0.0, np.nan)))
    return near


def _near_unasked(pairs: Pairs) -> FloatArray:
    """Of somebody who has not said yet what is wanted; no matter of anybody else."""
    unasked = ~asked(pairs)
    return _where_known(unasked, _near(pairs)) if unasked.any() else np.full(len(pairs), np.nan)


def _paired_unasked(pairs: Pairs) -> FloatArray:
    """Likewise, of posts away from home."""
    unasked = ~asked(pairs)
    if not unasked.any():
        return np.full(len(pairs), np.nan)
    return _where_known(unasked & (_near(pairs) == 0), _paired(pairs))


def _wish(pairs: Pairs) -> FloatArray:
    """How well the place meets "out" or "near home"; a post in the same city but another county meets both by half."""
    near = _near(pairs)
    wants = pairs.of_workers("wants")
    return np.where(wants == "near_home", near, np.where(wants == "out", 1.0 - near, np.nan))


def _lodging(pairs: Pairs) -> FloatArray:
    """1 offered to who needs it, 0 not offered to who needs it; half as far from the middle where the need is not known."""
    offered, needs = pairs.of_vacancies("lodging"), pairs.of_workers("needs_lodging")
    weight = np.where(np.isnan(needs), 0.5, needs)
    return _where_known(weight > 0, 0.5 + (offered - 0.5) * weight)


def _meals(pairs: Pairs) -> FloatArray:
    values: FloatArray = pairs.of_vacancies("meals")
    return values


def _social_insurance(pairs: Pairs) -> FloatArray:
    values: FloatArray = pairs.of_vacancies("social_insurance")
    return values


def _hours(pairs: Pairs) -> FloatArray:
    values: FloatArray = pairs.of_vacancies("hours_per_week")
    return values


def _night_shifts(pairs: Pairs) -> FloatArray:
    shift = pairs.of_vacancies("shift")
    nights = np.full(len(pairs), np.nan)
    for code, value in _NIGHTS.items():
        nights[shift == code] = value
    return nights


def asks(pairs: Pairs, wanted: SkillSets) -> BoolArray:
    """Whether the vacancy of each pair wants any skill of this kind."""
    return np.fromiter(map(bool, map(wanted.__getitem__, pairs.vacancies.tolist())), np.bool_, len(pairs))


def _share(pairs: Pairs, wanted: SkillSets) -> FloatArray:
    """Share of the wanted skills that the worker has; nan where none is wanted or the worker's are unknown."""
    has = pairs.market.workers.skills
    shares = np.full(len(pairs), np.nan)
    rows = np.flatnonzero(pairs.filled("skills"))
    rows = rows[asks(pairs.take(rows), wanted)]
    shares[rows] = [
        len(wanted[v].intersection(has[w])) / len(wanted[v])
        for w, v in zip(pairs.workers[rows].tolist(), pairs.vacancies[rows].tolist(), strict=True)
    ]
    return shares


def _required_skills(pairs: Pairs) -> FloatArray:
    return _share(pairs, pairs.market.vacancies.required_skills)


def _preferred_skills(pairs: Pairs) -> FloatArray:
    return _share(pairs, pairs.market.vacancies.preferred_skills)


def _same_occupation(pairs: Pairs) -> FloatArray:
    """1 the same small class of GB/T 6565, 0.6 the same middle class, 0.3 the same big class, 0 another."""
    last, offered = pairs.of_workers("last_occupation"), pairs.of_vacancies("occupation")
    kin = np.zeros(len(pairs))
    for digits, value in reversed(_KINSHIP):
        same = (last.astype(f"U{digits}") == offered.astype(f"U{digits}")) & (np.char.str_len(last) >= digits)
        kin[same] = value
    return _where_known((last != "") & (offered != ""), kin)


def _wanted_occupation(pairs: Pairs) -> FloatArray:
    wanted = pairs.market.workers.wanted_occupations
    found = np.full(len(pairs), np.nan)
    offered = pairs.of_vacancies("occupation")
    rows = np.flatnonzero(pairs.filled("wanted_occupations") & (offered != ""))
    found[rows] = [
        code.startswith(wanted[w])
        for w, code in zip(pairs.workers[rows].tolist(), offered[rows].tolist(), strict=True)
    ]
    return found


def _experience(pairs: Pairs) -> FloatArray:
    values: FloatArray = pairs.of_workers("experience_months")
    return values


def _education_margin(pairs: Pairs) -> FloatArray:
    has, wanted = pairs.of_workers("education").astype(float), pairs.of_vacancies("min_education")
    return _where_known((has >= 0) & (wanted >= 0), has - wanted)


def townspeople(pairs: Pairs) -> IntArray:
    """People of the worker's county now at the vacancy's employer; 0 below `SMALLEST_SHOWN_GROUP`."""
    counties = regions.county(pairs.of_workers("region"))
    people = (
        pairs.market.townspeople.look_up(pairs.of_vacancies("employer"), counties)
        if pairs.then is None
        else pairs.then.townspeople
    )
    return np.where((people >= SMALLEST_SHOWN_GROUP) & (counties > 0), people, 0)


def _townspeople(pairs: Pairs) -> FloatArray:
    known = (pairs.of_workers("region") > 0) & (
        pairs.then is not None or len(pairs.market.townspeople.count) > 0
    )
    return _where_known(known, townspeople(pairs))


def _days_posted(pairs: Pairs) -> FloatArray:
    days = (pairs.day - pairs.of_vacancies("posted_on")).astype(float)
    return _where_known(~np.isnat(pairs.of_vacancies("posted_on")), np.maximum(days, 0.0))


def _seats_left(pairs: Pairs) -> FloatArray:
    if pairs.then is not None:
        # Nobody wrote down how many were left on a day long ago; how many there were in all is another thing.
        return np.full(len(pairs), np.nan)
    seats = pairs.of_vacancies("seats").astype(float)
    return _where_known(seats >= 0, np.maximum(seats - pairs.of_vacancies("taken"), 0.0))


def _language(pairs: Pairs) -> FloatArray:
    """Speaking Mandarin, where the work is in another province; no matter elsewhere."""
    return _where_known(_same_province(pairs) == 0, np.asarray(pairs.of_workers("speaks_mandarin")))


def _companion_seat(pairs: Pairs) -> FloatArray:
    """Whether there is a seat for the companion too; no matter to who has none."""
    left = _seats_left(pairs)
    return _where_known((pairs.of_workers("companion") != -1) & ~np.isnan(left), left >= 2)


def _firm(column: str) -> Callable[[Pairs], FloatArray]:
    def value(pairs: Pairs) -> FloatArray:
        if pairs.then is not None:
            values: FloatArray = getattr(pairs.then, column)
            return values
        return pairs.market.firms.look_up(column, pairs.of_vacancies("employer"))

    return value


_HIRE, _STAY, _SURPLUS = "p_hire", "stay", "surplus"


def _declare(
    name: str,
    label: str,
    unit: str,
    cause: str,
    direction: int,
    feeds: tuple[str, ...],
    value: Callable[[Pairs], FloatArray],
) -> Feature:
    return Feature(name, label, unit, cause, direction, frozenset(feeds), value)


FEATURES: tuple[Feature, ...] = (
    _declare(
        "pay_over_floor",
        "月薪高出本人底线",
        "yuan/month",
        "pay",
        1,
        (_HIRE, _STAY, _SURPLUS),
        _pay_over_floor,
    ),
    _declare(
        "pay_over_usual",
        "月薪高出同类岗位",
        "yuan/month",
        "pay",
        1,
        (_HIRE, _STAY, _SURPLUS),
        _pay_over_usual,
    ),
    _declare("distance_km", "离家距离", "km", "distance", -1, (_STAY, _SURPLUS), distance_km),
    _declare("same_county", "本县", "0/1", "distance", 1, (_STAY,), _same_county),
    _declare("same_province", "本省", "0/1", "distance", 1, (_STAY,), _same_province),
    _declare("paired", "结对地区", "0/1", "paired", 1, (_HIRE, _STAY), _paired),
    _declare("near_unasked", "离家近（意愿未登记）", "0..1", "distance", 1, (_HIRE, _STAY), _near_unasked),
    _declare("paired_unasked", "结对地区（意愿未登记）", "0/1", "paired", 1, (_HIRE, _STAY), _paired_unasked),
    _declare("wish", "就业去向意愿", "0..1", "wish", 1, (_HIRE, _STAY), _wish),
    _declare("lodging", "住宿", "0..1", "lodging", 1, (_HIRE, _STAY, _SURPLUS), _lodging),
    _declare("meals", "包吃", "0/1", "meals", 1, (_SURPLUS,), _meals),
    _declare("social_insurance", "社会保险", "0/1", "social_insurance", 1, (_STAY,), _social_insurance),
    _declare("hours_per_week", "每周工时", "hours", "hours", -1, (_STAY,), _hours),
    _declare("night_shifts", "夜班", "0..2", "shift", -1, (_STAY,), _night_shifts),
    _declare("required_skills", "必备技能", "share", "skills", 1, (_HIRE, _STAY), _required_skills),
    _declare("preferred_skills", "优先技能", "share", "skills", 1, (_HIRE, _STAY), _preferred_skills),
    _declare("same_occupation", "做过的工种", "0..1", "occupation", 1, (_HIRE, _STAY), _same_occupation),
    _declare("wanted_occupation", "想做的工种", "0/1", "wanted", 1, (_HIRE, _STAY), _wanted_occupation),
    _declare("experience_months", "务工年限", "months", "experience", 1, (_HIRE, _STAY), _experience),
    _declare("education_margin", "学历余量", "steps", "education", 1, (_HIRE,), _education_margin),
    _declare("townspeople", "同县工友", "people", "townspeople", 1, (_HIRE, _STAY), _townspeople),
    _declare("days_posted", "发布天数", "days", "freshness", -1, (_HIRE,), _days_posted),
    _declare("seats_left", "剩余名额", "seats", "seats", 1, (_HIRE,), _seats_left),
    _declare("speaks_mandarin", "会讲普通话", "0/1", "language", 1, (_HIRE, _STAY), _language),
    _declare("firm_leaving", "单位离职快慢", "log ratio", "firm_leaving", -1, (_STAY,), _firm("leaving")),
    _declare("firm_hiring", "单位录用多少", "log ratio", "firm_hiring", 1, (_HIRE,), _firm("hiring")),
    _declare("companion_seat", "同伴有名额", "0/1", "companion", 1, (_HIRE, _STAY), _companion_seat),
)

NAMES = tuple(feature.name for feature in FEATURES)
CAUSES = tuple(dict.fromkeys(feature.cause for feature in FEATURES))


def schema_hash() -> str:
    """Names the declarations: it changes when a feature comes, goes, moves, or is declared otherwise."""
    told = [
        "\x1f".join((each.name, each.unit, each.cause, str(each.direction), *sorted(each.feeds)))
        for each in FEATURES
    ]
    return hashlib.sha256("\x1e".join(told).encode()).hexdigest()[:16]


def matrix(pairs: Pairs) -> FloatArray:
    """All features, shape (pairs, features), nan where unknown."""
    if not len(pairs):
        return np.empty((0, len(FEATURES)))
    return np.column_stack([feature.value(pairs) for feature in FEATURES])
