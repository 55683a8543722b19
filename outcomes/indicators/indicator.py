"""What an indicator is: whom or what it counts, of which kinds of work, where, and how its periods add up."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement
from sqlmodel import Session

from models.coded import Coded
from models.spell import SpellKind
from models.target import Indicator, Measure, Target


class Subject(Coded):
    """What stands behind the figure."""

    PEOPLE = "people", "台账统计到人"
    THINGS = "things", "台账逐项统计"
    TYPED = "typed", "填报"


class AddsUp(Coded):
    """How the figures of several periods become one."""

    DISTINCT = "distinct", "跨期去重：同一人只计一次，各期不能相加"
    SUM = "sum", "各期可以相加"
    LAST = "last", "取期末数，各期不能相加"


class Opens(Coded):
    """What an entry of a figure leads to."""

    EMPLOYER = "employer", "用人单位"
    COURSE = "course", "培训班"
    FAIR = "fair", "招聘会"


@dataclass(frozen=True, slots=True)
class Thing:
    """One entry behind a figure that counts no people: a factory, a fair, a course with so many who take part."""

    name: str
    on: date
    region: str
    opens: Opens
    number: int
    times: int = 1


Things = Callable[[Session, Target, date], list[Thing]]
"""All that counts for a target by 24:00 of a day; the figure is the sum of their `times`."""


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class IndicatorClass:
    """One indicator. `kinds` are those that it may count, `where` the condition on the place of work; `stable` if its
    figure are people for whom the stability rule is fulfilled, instead of those who started. Without `kinds` and
    `things` the ledger cannot count it: somebody types the figure, with its proof."""

    code: Indicator
    unit: str
    about: str
    measure: Measure = Measure.FLOW
    adds_up: AddsUp = AddsUp.DISTINCT
    kinds: frozenset[SpellKind] = frozenset()
    where: ColumnElement[bool] | None = None
    at_home: bool = False
    stable: bool = False
    by_population: bool = True
    things: Things | None = None

    @property
    def subject(self) -> Subject:
        """What stands behind the figure."""
        if self.kinds:
            return Subject.PEOPLE
        return Subject.THINGS if self.things else Subject.TYPED
