"""What a report says of work and what is accepted already, as the rules of acceptance read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from models.employer import EmployerKind
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
        """The latest day that the end may mean: itself, or the last of its month; of one that is not over the day of
        the report. None while it goes on."""
        if self.ended is None or self.precision is Precision.DAY:
            return self.ended
        return self.as_of if self._ends_this_month else month_end(self.ended)

    @property
    def recorded_end(self) -> date | None:
        """The last day as it is recorded: who is not there on the day of the report left before it."""
        if self._ends_this_month and not self.still:
            return max(month_start(self.as_of), eve(self.as_of))
        return self.last_day

    @property
    def _ends_this_month(self) -> bool:
        told = self.ended if self.precision is Precision.MONTH else None
        return told is not None and month_start(told) == month_start(self.as_of)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A main spell in force; `key` names its row, `ended` is the last day worked."""

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


def kind_of(told: Told) -> SpellKind:
    """就业类型, by what the report says in so many words; else by what kind of employer it is; else the market's."""
    return kind_said(told) or (KIND_OF[told.employer_kind] if told.employer_kind else SpellKind.MARKET)


def kind_said(told: Told) -> SpellKind | None:
    """就业类型, where the report says it in so many words."""
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
        spell for spell in standing if spell.first_day <= last and (spell.ended or date.max) >= told.first_day
    ]


def same_employer(told: Told, spell: Standing) -> bool:
    """The same name; where one side names nobody, nothing else that is said may speak against it."""
    if told.employer is not None and spell.employer is not None:
        return told.employer == spell.employer
    return kind_of(told) in (SpellKind.MARKET, spell.kind)


def same_place(one: str, other: str) -> bool:
    """Whether one code is, or lies in, the other."""
    return one.startswith(other) or other.startswith(one)


def same_time(told: Told, spell: Standing, one: date | None, other: date | None) -> bool:
    """The same day, or the same month where either side knows no more."""
    if one is None or other is None or told.precision is spell.precision is Precision.DAY:
        return one == other
    return month_start(one) == month_start(other)


def eve(day: date) -> date:
    """The day before."""
    return day - ONE_DAY
