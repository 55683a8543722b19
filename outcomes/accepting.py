"""采纳: what a report of work does to the accepted spells, by declared rules in a fixed order.

Pure: what was reported and the person's main spells in force go in, a judgement comes out. The first rule that
applies decides; none guesses. What contradicts, or lacks what a spell needs, is left for a person.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from models.age import LEGAL_WORKING_AGE, birthday
from models.report import Outcome
from models.spell import Precision
from outcomes.calendar import month_end, month_start
from outcomes.told import (
    AT_HOME_ONLY,
    WITHOUT_EMPLOYER,
    Standing,
    Told,
    kind_of,
    kind_said,
    overlapping,
    same_employer,
    same_place,
    same_time,
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What becomes of a report, by which rule, and which spell is concerned.

    `ended` is the last day that ENDS gives the spell, `observed_until` the day that EXTENDS or ENDS moves it to.
    """

    outcome: Outcome
    rule: str
    spell: int | None = None
    ended: date | None = None
    observed_until: date | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its code, its title for the screen, and when it applies.

    `judge` is given what is told and the spells in force that share a day with it.
    """

    code: str
    title: str
    judge: Callable[[Told, Sequence[Standing]], Judgement | None]


RULES: list[Rule] = []
"""In the order in which they are asked."""


def judge(told: Told, standing: Sequence[Standing]) -> Judgement:
    """What a report does, given the person's main spells in force."""
    beside = overlapping(told, standing) if standing and told.started is not None else []
    for rule in RULES:
        if found := rule.judge(told, beside):
            return found
    raise AssertionError("the last rule always applies")


def title_of(rule: str) -> str:
    """A rule's title by its code; somebody's own decision has one as well."""
    return _TITLES.get(rule, rule)


def _rule(
    code: str, title: str
) -> Callable[[Callable[[Told, Sequence[Standing]], Judgement | None]], Callable[..., Judgement | None]]:
    def declare(
        judge: Callable[[Told, Sequence[Standing]], Judgement | None],
    ) -> Callable[..., Judgement | None]:
        RULES.append(Rule(code, title, judge))
        return judge

    return declare


# --- what the report is by itself ----------------------------------------------------------------------------------


@_rule("no_work", "没有务工")
def _no_work(told: Told, _: Sequence[Standing]) -> Judgement | None:
    nothing = not told.of_work or (told.working is False and told.started is None)
    return Judgement(Outcome.NONE, "no_work") if nothing else None


@_rule("no_start", "没有填写开始时间")
def _no_start(told: Told, _: Sequence[Standing]) -> Judgement | None:
    return Judgement(Outcome.LACKS, "no_start") if told.started is None else None


@_rule("no_end", "填写为未务工，但没有填写结束时间")
def _no_end(told: Told, _: Sequence[Standing]) -> Judgement | None:
    lacks = told.working is False and told.ended is None
    return Judgement(Outcome.LACKS, "no_end") if lacks else None


@_rule("end_before_start", "结束时间早于开始时间")
def _end_before_start(told: Told, _: Sequence[Standing]) -> Judgement | None:
    wrong = told.last_day is not None and told.last_day < told.first_day
    return Judgement(Outcome.CONTRADICTS, "end_before_start") if wrong else None


@_rule("starts_ahead", "开始时间还没有到")
def _starts_ahead(told: Told, _: Sequence[Standing]) -> Judgement | None:
    return Judgement(Outcome.CONTRADICTS, "starts_ahead") if told.first_day > told.as_of else None


@_rule("ends_ahead", "结束时间还没有到")
def _ends_ahead(told: Told, _: Sequence[Standing]) -> Judgement | None:
    ahead = told.ended is not None and (
        told.ended > told.as_of
        if told.precision is Precision.DAY
        else month_start(told.ended) > month_start(told.as_of)
    )
    return Judgement(Outcome.CONTRADICTS, "ends_ahead") if ahead else None


@_rule("too_young", "开始务工时未满16周岁")
def _too_young(told: Told, _: Sequence[Standing]) -> Judgement | None:
    if told.birth_date is None or told.started is None:
        return None
    allowed = birthday(told.birth_date, LEGAL_WORKING_AGE)
    # In the month of the birthday it may have been after it.
    young = told.started < allowed if told.precision is Precision.DAY else month_end(told.started) < allowed
    return Judgement(Outcome.CONTRADICTS, "too_young") if young else None


@_rule("not_at_home", "公益性岗位或帮扶车间不在本县")
def _not_at_home(told: Told, _: Sequence[Standing]) -> Judgement | None:
    if kind_said(told) not in AT_HOME_ONLY:
        return None
    away = told.abroad or (told.region is not None and not same_place(told.region, told.home))
    return Judgement(Outcome.CONTRADICTS, "not_at_home") if away else None


# --- beside what is accepted already -------------------------------------------------------------------------------


@_rule("several", "与几段已有务工重叠")
def _several(_: Told, beside: Sequence[Standing]) -> Judgement | None:
    return Judgement(Outcome.CONTRADICTS, "several") if len(beside) > 1 else None


@_rule("other_employer", "与另一单位的务工重叠，或开始时间不晚于上一段的结束月份")
def _other_employer(told: Told, beside: Sequence[Standing]) -> Judgement | None:
    for spell in beside:
        if not same_employer(told, spell):
            return Judgement(Outcome.CONTRADICTS, "other_employer", spell.key)
    return None


@_rule("other_place", "与已有记录的务工地点不一致")
def _other_place(told: Told, beside: Sequence[Standing]) -> Judgement | None:
    for spell in beside:
        if told.region and spell.region and not same_place(told.region, spell.region):
            return Judgement(Outcome.CONTRADICTS, "other_place", spell.key)
    return None


@_rule("other_start", "与已有记录的开始时间不一致")
def _other_start(told: Told, beside: Sequence[Standing]) -> Judgement | None:
    for spell in beside:
        if not same_time(told, spell, told.started, spell.started):
            return Judgement(Outcome.CONTRADICTS, "other_start", spell.key)
    return None


@_rule("seen_later", "结束时间以后，已有记录证明还在岗")
def _seen_later(told: Told, beside: Sequence[Standing]) -> Judgement | None:
    for spell in beside:
        seen, last = spell.observed_until, told.last_day
        if spell.ended is None and last is not None and seen is not None and last < seen:
            return Judgement(Outcome.CONTRADICTS, "seen_later", spell.key)
    return None


@_rule("ended_since", "已有记录写明后来结束，上报时还在岗")
def _ended_since(told: Told, beside: Sequence[Standing]) -> Judgement | None:
    for spell in beside:
        if told.ended is None and spell.ended is not None and told.as_of <= spell.ended:
            return Judgement(Outcome.AGREES, "ended_since", spell.key)
    return None


@_rule("ended_already", "已有记录已经结束，上报仍在岗")
def _ended_already(told: Told, beside: Sequence[Standing]) -> Judgement | None:
    for spell in beside:
        if told.ended is None and spell.ended is not None:
            return Judgement(Outcome.CONTRADICTS, "ended_already", spell.key)
    return None


@_rule("other_end", "与已有记录的结束时间不一致")
def _other_end(told: Told, beside: Sequence[Standing]) -> Judgement | None:
    for spell in beside:
        both = told.ended is not None and spell.ended is not None
        if both and not same_time(told, spell, told.ended, spell.ended):
            return Judgement(Outcome.CONTRADICTS, "other_end", spell.key)
    return None


@_rule("closes", "在岗的一段已经结束")
def _closes(told: Told, beside: Sequence[Standing]) -> Judgement | None:
    for spell in beside:
        if spell.ended is None and told.recorded_end is not None:
            last = max(told.recorded_end, spell.observed_until or spell.started)
            return Judgement(Outcome.ENDS, "closes", spell.key, ended=last, observed_until=last)
    return None


@_rule("seen_again", "后来的名册证明仍在岗")
def _seen_again(told: Told, beside: Sequence[Standing]) -> Judgement | None:
    for spell in beside:
        later = told.as_of > (spell.observed_until or spell.first_day)
        if spell.ended is None and told.still and later:
            return Judgement(Outcome.EXTENDS, "seen_again", spell.key, observed_until=told.as_of)
    return None


@_rule("same_months", "与已有记录的月份、单位和地点一致")
def _same_months(_: Told, beside: Sequence[Standing]) -> Judgement | None:
    for spell in beside:
        return Judgement(Outcome.AGREES, "same_months", spell.key)
    return None


# --- nothing stands in its way -------------------------------------------------------------------------------------


@_rule("no_employer", "没有填写务工企业名称")
def _no_employer(told: Told, _: Sequence[Standing]) -> Judgement | None:
    needed = told.employer is None and kind_of(told) not in WITHOUT_EMPLOYER
    return Judgement(Outcome.LACKS, "no_employer") if needed else None


@_rule("no_place", "没有填写务工所在地，查不到用人单位")
def _no_place(told: Told, _: Sequence[Standing]) -> Judgement | None:
    lost = told.employer is not None and not told.employer_placed
    return Judgement(Outcome.LACKS, "no_place") if lost else None


@_rule("new_months", "这些月份还没有务工记录")
def _new_months(_told: Told, _: Sequence[Standing]) -> Judgement | None:
    return Judgement(Outcome.OPENS, "new_months")


BY_ITSELF = frozenset(rule.code for rule in RULES[: [rule.code for rule in RULES].index("several")])
"""Rules about the report alone: what they say does not change with what is accepted."""

_TITLES = {rule.code: rule.title for rule in RULES} | {"person": "人工核实"}
