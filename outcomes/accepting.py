"""采纳: what a report of work does to the accepted spells, by declared rules in a fixed order.

Pure: what was reported and the person's main spells in force go in, a judgement comes out. The first rule that
applies decides; none guesses. What contradicts, or lacks what a spell needs, is left for a person.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from models.age import LEGAL_WORKING_AGE, birthday
from models.employer import EmployerKind
from models.report import Outcome
from models.spell import Arrangement, Precision, SpellKind
from outcomes.begin import KIND_OF
from outcomes.calendar import ONE_DAY, month_end, month_start

WITHOUT_EMPLOYER = frozenset({SpellKind.FLEXIBLE, SpellKind.SELF_EMPLOYED, SpellKind.WORK_RELIEF})
"""Work that needs nobody to be employed by."""

AT_HOME_ONLY = frozenset({SpellKind.PUBLIC_POST, SpellKind.WORKSHOP})
"""Work that is only ever in the home county."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a report says of one stretch of work. None is unknown.

    `employer` is the name as names are compared (`employer_id` its row, where there is one), `still` whether the source says that the person was there on
    `as_of`, the day of the report; `home` the county of register.
    """

    as_of: date
    working: bool | None = None
    of_work: bool = True
    still: bool = False
    started: date | None = None
    ended: date | None = None
    precision: Precision = Precision.MONTH
    employer: str | None = None
    employer_id: int | None = None
    employer_kind: EmployerKind | None = None
    employer_placed: bool = True
    region: str | None = None
    abroad: bool = False
    channel: str = ""
    form: str = ""
    post_kinds: tuple[str, ...] = ()
    home: str = ""
    birth_date: date | None = None

    @property
    def first_day(self) -> date:
        """The first day, or the first of its month where only the month is told."""
        started = self.started or date.max
        return started if self.precision is Precision.DAY else month_start(started)

    @property
    def last_day(self) -> date | None:
        """The last day, or the last of its month; None while it goes on."""
        if self.ended is None or self.precision is Precision.DAY:
            return self.ended
        return month_end(self.ended)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A main spell in force; `key` names its row."""

    key: int
    started: date
    ended: date | None = None
    observed_until: date | None = None
    precision: Precision = Precision.DAY
    employer: str | None = None
    region: str | None = None
    kind: SpellKind = SpellKind.MARKET

    @property
    def first_day(self) -> date:
        """The first day; the first of its month where only the month is known."""
        return self.started if self.precision is Precision.DAY else month_start(self.started)

    @property
    def last_day(self) -> date | None:
        """The last day, or the last of its month; None while it goes on."""
        if self.ended is None or self.precision is Precision.DAY:
            return self.ended
        return month_end(self.ended)


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


def kind_of(told: Told) -> SpellKind:
    """就业类型, by what the report says in so many words; else by what kind of employer it is; else the market's."""
    return _said(told) or (KIND_OF[told.employer_kind] if told.employer_kind else SpellKind.MARKET)


def _said(told: Told) -> SpellKind | None:
    said = told.channel + told.form
    if told.post_kinds or "公益" in said:
        return SpellKind.PUBLIC_POST
    return next((kind for words, kind in _KIND_WORDS if any(word in said for word in words)), None)


_KIND_WORDS = (
    (("以工代赈",), SpellKind.WORK_RELIEF),
    (("车间",), SpellKind.WORKSHOP),
    (("社区工厂",), SpellKind.COMMUNITY_FACTORY),
    (("帮扶基地", "就业基地"), SpellKind.EMPLOYMENT_BASE),
    (("创业",), SpellKind.SELF_EMPLOYED),
    (("灵活就业", "零工", "散工"), SpellKind.FLEXIBLE),
)


def arrangement_of(told: Told, *, point_to_point: bool | None) -> Arrangement | None:
    """组织方式, where the channel says it or the person was brought point to point; else unknown."""
    if point_to_point or any(word in told.channel for word in ("组织", "劳务协作", "劳务输出", "点对点")):
        return Arrangement.ORGANISED
    if any(word in told.channel for word in ("自发", "自主", "自行", "亲友", "亲朋", "熟人")):
        return Arrangement.SELF
    return None


def overlapping(told: Told, standing: Sequence[Standing]) -> list[Standing]:
    """The spells in force that share a day with what is told; what goes on reaches into the future."""
    last = told.last_day or date.max
    return [
        spell
        for spell in standing
        if spell.first_day <= last and (spell.last_day or date.max) >= told.first_day
    ]


def same_employer(told: Told, spell: Standing) -> bool:
    """The same name; where one side names nobody, nothing else that is said may speak against it."""
    if told.employer is not None and spell.employer is not None:
        return told.employer == spell.employer
    return kind_of(told) in (SpellKind.MARKET, spell.kind)


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
    if _said(told) not in AT_HOME_ONLY:
        return None
    away = told.abroad or (told.region is not None and not _same_place(told.region, told.home))
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
        if told.region and spell.region and not _same_place(told.region, spell.region):
            return Judgement(Outcome.CONTRADICTS, "other_place", spell.key)
    return None


@_rule("other_start", "与已有记录的开始时间不一致")
def _other_start(told: Told, beside: Sequence[Standing]) -> Judgement | None:
    for spell in beside:
        if not _same_time(told, spell, told.started, spell.started):
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
        if told.ended is None and spell.last_day is not None and told.as_of <= spell.last_day:
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
        if both and not _same_time(told, spell, told.ended, spell.ended):
            return Judgement(Outcome.CONTRADICTS, "other_end", spell.key)
    return None


@_rule("closes", "在岗的一段已经结束")
def _closes(told: Told, beside: Sequence[Standing]) -> Judgement | None:
    for spell in beside:
        if spell.ended is None and told.last_day is not None:
            last = month_end(told.last_day)
            if spell.precision is Precision.DAY:
                # Who is told to have left by the day of the list did not stay to the end of that month.
                last = max(min(told.last_day, told.as_of), spell.observed_until or spell.started)
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


def _same_place(one: str, other: str) -> bool:
    """Whether one code is, or lies in, the other."""
    return one.startswith(other) or other.startswith(one)


def _same_time(told: Told, spell: Standing, one: date | None, other: date | None) -> bool:
    """The same day, or the same month where either side knows no more."""
    if one is None or other is None or told.precision is spell.precision is Precision.DAY:
        return one == other
    return month_start(one) == month_start(other)


def eve(day: date) -> date:
    """The day before."""
    return day - ONE_DAY
