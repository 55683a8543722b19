"""A reported record as the rules see it: what a source says of one person, one stretch of work, one household.

The record does not know where it came from: a row of an exported workbook and a row of the service's own
tables read alike. Nothing is judged here; contradictions are kept.
"""

from collections.abc import Set
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from models.education import Education
from models.spell import Precision
from models.worker import LabourCapability


@dataclass(slots=True, unsafe_hash=True)
class Reported:
    """One row. None is unknown, unless `asked` names the field: then the source asked and got no answer.

    A row about a household alone (户信息) has no person. Months are dates in them; only their months count
    unless `precision` is day.

    Nobody changes one, though it isn't frozen: a frozen one takes eight times as long to make, and a list of a
    hundred thousand rows makes half a million.
    """

    row: int
    sheet: str = ""
    asked: Set[str] = frozenset()

    household: str | None = None
    person: str | None = None
    township: str | None = None
    village: str | None = None
    household_kind: str | None = None
    monitored_kind: str | None = None
    risk_cleared: bool | None = None
    monitored_since: date | None = None
    risk_cleared_on: date | None = None
    risks: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()

    name: str | None = None
    id_number: str | None = None
    id_kind: str | None = None
    relation: str | None = None
    ethnicity: str | None = None
    political_status: str | None = None
    education: Education | None = None
    student: bool | None = None
    health: tuple[str, ...] = ()
    capability: LabourCapability | None = None
    destitute: bool | None = None
    speaks_mandarin: bool | None = None
    phone: str | None = None

    working: bool | None = None
    started: date | None = None
    ended: date | None = None
    precision: Precision = Precision.MONTH
    region: str | None = None
    county_text: str | None = None
    abroad: bool = False
    employer: str | None = None
    income: Decimal | None = None
    industry: str | None = None
    channel: str | None = None
    point_to_point: bool | None = None
    travel_subsidy: Decimal | None = None
    form: str | None = None
    certificate: str | None = None

    plans: bool | None = None
    needs: str | None = None
    intention: str | None = None
    post_kinds: tuple[str, ...] = ()
    post_months: int | None = None
    noted: tuple[str, ...] = ()
    """What the source says beside, in words: kept with the report, compared with nothing."""

    def lacks(self, field: str) -> bool:
        """Whether the source asked for the field and it was left blank."""
        return field in self.asked and getattr(self, field) in (None, ())

    @property
    def has_spell(self) -> bool:
        """Whether the row tells of a stretch of work at all."""
        return bool(self.working or self.started or self.region or self.county_text or self.employer)


ALL_FIELDS = frozenset(field.name for field in fields(Reported)) - {
    "row",
    "sheet",
    "asked",
    "precision",
    "abroad",
    "noted",
}
"""What a source asks that knows every field: the service's own tables."""

_contents = tuple(field.name for field in fields(Reported) if field.name not in ("row", "asked"))


def contents(reported: Reported) -> tuple[Any, ...]:
    """Everything but where the row stands: equal for identical rows of one list."""
    return tuple(getattr(reported, name) for name in _contents)
