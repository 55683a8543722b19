"""One person's work as plain records: what the stability function reads, free of tables and sessions."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date

from models.spell import Arrangement, Destination, EvidenceGrade, Precision, SpellKind
from outcomes.calendar import month_start


@dataclass(frozen=True, slots=True)
class Proof:
    """A stretch of days that a piece of evidence covers, first and last included."""

    grade: EvidenceGrade
    covers_from: date
    covers_to: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """One accepted stretch of work.

    `ended_on` is the last day worked, None while it lasts; `observed_until` the last day on which somebody knew the
    person to be there (of either a reader that knows only the month gives its last day). `precision` MONTH: it began
    on the first day of its month. `region` is the place of work as a GB/T 2260 code, `monthly_income` yuan a month;
    None is unknown. `key` names the row behind the record, for drilling down.
    """

    started_on: date
    ended_on: date | None = None
    observed_until: date | None = None
    precision: Precision = Precision.DAY
    kind: SpellKind = SpellKind.MARKET
    employer: Hashable | None = None
    region: str | None = None
    destination: Destination | None = None
    arrangement: Arrangement | None = None
    monthly_income: int | None = None
    contract_months: int | None = None
    evidence: tuple[Proof, ...] = ()
    key: Hashable | None = None

    @property
    def first_day(self) -> date:
        """The first day, or the first of its month where only the month is known."""
        return self.started_on if self.precision is Precision.DAY else month_start(self.started_on)


def certificate_grade(*, seal: bool, telephone: bool, uscc: bool) -> EvidenceGrade:
    """The grade of an employer's certificate: C with all three marks, else no better than a statement."""
    return EvidenceGrade.C if seal and telephone and uscc else EvidenceGrade.D
