"""Why a pair stands where it stands: true contributions, each said in one plain sentence.

The contribution of a cause is its share in the log score (`matching.shares`): all shares add up to it. A sentence is said only where
the fact it states points the same way as the contribution.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from matching.columns import Market
from matching.pay_words import pay_against, pay_for
from matching.skills import has as has_skill
from matching.usual_pay import offered_pay

LEAST_CONTRIBUTION = 0.01
"""Contributions to the log score below this are not worth a sentence: 1 % of the score."""
MOST_REASONS = 4
NEW_DAYS = 7
STALE_DAYS = 60
"""The age of a notice is worth a sentence up to the first, in days, and past the second; in between it says nothing."""
LEGAL_WEEK = 44
"""Hours a week that may be called short: the most of 劳动法 art. 36."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """One cause: its code, the sentence, and the change of log score; a `caution` speaks against the pair."""

    code: str
    sentence: str
    contribution: float

    @property
    def caution(self) -> bool:
        """To be shown under 要留意."""
        return self.contribution < 0


@dataclass(frozen=True, slots=True)
class Facts:
    """A pair and its feature values, nan unknown."""

    market: Market
    worker: int
    vacancy: int
    values: Mapping[str, float]

    def __getitem__(self, feature: str) -> float:
        return self.values[feature]


Sentence = Callable[[Facts], str]


def _pay(facts: Facts) -> tuple[float, float, float, float, float]:
    """The lowest and the highest pay, the floor, the expected and the usual pay."""
    vacancies = facts.market.vacancies
    row = slice(facts.vacancy, facts.vacancy + 1)
    expected = float(offered_pay(vacancies.pay_min[row], vacancies.pay_max[row])[0])
    return (
        float(vacancies.pay_min[facts.vacancy]),
        float(vacancies.pay_max[facts.vacancy]),
        float(facts.market.workers.pay_floor[facts.worker]),
        expected,
        expected - facts["pay_over_usual"],
    )


def _near(facts: Facts) -> str:
    if facts["same_county"] == 1:
        return "在本县上班"
    where = "在本省，" if facts["same_province"] == 1 else ""
    if not np.isnan(facts["distance_km"]):
        return f"{where}离家约{max(1, round(facts['distance_km']))}公里"
    return "在本省上班" if where else ""


def _far(facts: Facts) -> str:
    if not np.isnan(facts["distance_km"]):
        return f"离家约{round(facts['distance_km'])}公里"
    return "在外省上班" if facts["same_province"] == 0 else ""


def _wish_met(facts: Facts) -> str:
    if facts.market.workers.wants[facts.worker] == "near_home":
        return "符合本人就近就业的意愿"
    return "符合本人外出务工的意愿"


def _wish_missed(facts: Facts) -> str:
    if facts.market.workers.wants[facts.worker] == "near_home":
        return "本人想就近就业，这个岗位在外地"
    return "本人想外出务工，这个岗位在本地"


def _lodged(facts: Facts) -> str:
    needs = facts.market.workers.needs_lodging[facts.worker]
    # To who needs no bed it is no reason that there is one.
    if facts.market.vacancies.lodging[facts.vacancy] != 1 or needs == 0:
        return ""
    return "包住，本人正需要" if needs == 1 else "包住"


def _not_lodged(facts: Facts) -> str:
    if facts.market.vacancies.lodging[facts.vacancy] != 0:
        return ""
    return "不包住，本人需要住宿" if facts.market.workers.needs_lodging[facts.worker] == 1 else "不包住"


def skill_words(skills: Iterable[str]) -> str:
    """Skills as one speaks of having them; many are the names of jobs (焊工), which nobody can "do" (会)."""
    return f"{'、'.join(sorted(skills))}技能"


def wanted_skills(facts: Facts) -> frozenset[str]:
    """What the post requires or prefers."""
    vacancies = facts.market.vacancies
    return vacancies.required_skills[facts.vacancy] | vacancies.preferred_skills[facts.vacancy]


def _skilled(facts: Facts) -> str:
    had = facts.market.workers.skills[facts.worker]
    met = [each for each in wanted_skills(facts) if has_skill(had, each)]
    return f"有{skill_words(met)}，岗位正需要" if met else ""


def _unskilled(facts: Facts) -> str:
    had = facts.market.workers.skills[facts.worker]
    lacks = [each for each in wanted_skills(facts) if not has_skill(had, each)]
    return f"岗位希望有{skill_words(lacks)}，本人登记的技能里没有" if lacks else ""


def _same_work(facts: Facts) -> str:
    return "上一份工作就是这一行" if facts["same_occupation"] >= 0.6 else ""


def _other_work(facts: Facts) -> str:
    return "上一份工作不是这一行" if facts["same_occupation"] < 0.6 else ""


def _experienced(facts: Facts) -> str:
    months = int(facts["experience_months"])
    return f"有{months // 12}年务工经验" if months >= 12 else f"有{months}个月务工经验"


def _inexperienced(facts: Facts) -> str:
    months = int(facts["experience_months"])
    return f"务工经验只有{months}个月" if months else "还没有务工经验"


def _posted(facts: Facts) -> str:
    days = int(facts["days_posted"])
    if days > NEW_DAYS:
        return ""
    return f"{days}天前刚发布或更新" if days else "今天刚发布或更新"


def _stale(facts: Facts) -> str:
    days = int(facts["days_posted"])
    return f"岗位{days}天没有更新，请先问单位还招不招" if days > STALE_DAYS else ""


def _short_week(facts: Facts) -> str:
    hours = facts["hours_per_week"]
    return f"每周{hours:.0f}小时，时间不长" if hours <= LEGAL_WEEK else ""


def _with_companion(facts: Facts) -> str:
    if facts.market.workers.companion_county[facts.worker] > 0:
        return "同伴就在这个县上班" if facts["companion_there"] == 1 else ""
    return "名额够，可以和同伴一起去" if facts["companion_seat"] == 1 else ""


def _without_companion(facts: Facts) -> str:
    if facts["companion_seat"] == 0:
        left = facts["seats_left"]
        return f"只剩{left:.0f}个名额，不能和同伴同去" if left else "名额已满，不能和同伴同去"
    return "同伴在别处上班" if facts["companion_there"] == 0 else ""


def _shift(facts: Facts) -> str:
    shift = facts.market.vacancies.shift[facts.vacancy]
    return {"day": "常白班", "two": "两班倒", "three": "三班倒"}[str(shift)]


def _say(sentence: str) -> Sentence:
    return lambda _: sentence


SENTENCES: dict[str, tuple[Sentence, Sentence]] = {
    "pay": (lambda facts: pay_for(*_pay(facts)), lambda facts: pay_against(*_pay(facts))),
    "distance": (_near, _far),
    "paired": (_say("在结对协作地区"), _say("")),
    "wish": (_wish_met, _wish_missed),
    "lodging": (_lodged, _not_lodged),
    "meals": (_say("包吃"), _say("不包吃")),
    "social_insurance": (_say("单位缴社会保险"), _say("单位不缴社会保险")),
    "hours": (
        _short_week,
        lambda facts: f"每周{facts['hours_per_week']:.0f}小时，时间偏长",
    ),
    "shift": (lambda facts: f"{_shift(facts)}，不上夜班" if facts["night_shifts"] == 0 else "", _shift),
    "skills": (_skilled, _unskilled),
    "occupation": (_same_work, _other_work),
    "wanted": (
        lambda facts: "是本人想做的工种" if facts["wanted_occupation"] == 1 else "和本人想做的工种相近",
        _say("不是本人想做的工种"),
    ),
    "experience": (_experienced, _inexperienced),
    "education": (lambda facts: "学历高于岗位要求" if facts["education_margin"] > 0 else "", _say("")),
    "townspeople": (
        lambda facts: f"同县有{facts['townspeople']:.0f}人在这里上班" if facts["townspeople"] > 0 else "",
        _say(""),
    ),
    "freshness": (_posted, _stale),
    "seats": (
        lambda facts: f"还有{facts['seats_left']:.0f}个名额",
        lambda facts: f"只剩{facts['seats_left']:.0f}个名额",
    ),
    "firm_leaving": (_say("去这家单位的人多数做得久"), _say("去这家单位的人离职偏多")),
    "firm_hiring": (_say("这家单位录用的人多"), _say("这家单位录用的人少，可同时看看别的岗位")),
    "firm_answering": (
        _say("这家单位对报名的人答复多、答复快"),
        _say("这家单位常不答复或答复慢，可同时看看别的岗位"),
    ),
    "season": (_say(""), _say("")),
    "language": (_say("会讲普通话，在外省好沟通"), _say("不会讲普通话，在外省要有人帮着沟通")),
    "companion": (_with_companion, _without_companion),
}
"""For each cause what speaks for the pair and what against; an empty sentence is not shown."""


def told(cause: str, contribution: float, facts: Facts) -> Contribution | None:
    """The cause as a contribution with its sentence; None where it is too small or there is nothing true to say."""
    if abs(contribution) < LEAST_CONTRIBUTION:
        return None
    speaks_for, speaks_against = SENTENCES[cause]
    sentence = speaks_for(facts) if contribution > 0 else speaks_against(facts)
    return Contribution(cause, sentence, contribution) if sentence else None


def chosen(contributions: list[Contribution], limit: int = MOST_REASONS) -> list[Contribution]:
    """The weightiest `limit`: reasons first, with one place kept for the weightiest caution; an unused place goes over."""
    ordered = sorted(contributions, key=lambda item: (-abs(item.contribution), item.code))
    reasons = [item for item in ordered if not item.caution]
    cautions = [item for item in ordered if item.caution]
    places = max(limit - len(reasons), min(1, len(cautions)))
    return reasons[: limit - min(places, len(cautions))] + cautions[:places]
