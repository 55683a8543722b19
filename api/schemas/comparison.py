"""两本账对账 over REST."""

from datetime import date

from pydantic import BaseModel, Field

from api.schemas.base import Instant, Place, Plain, Remark, RowNumber, Told, example
from api.schemas.job import JobPublic
from models.intake import ImportKind, ImportState, Settlement, Standing
from models.spell import EvidenceGrade


class ComparisonCreate(Told):
    """Which staged list is to be compared."""

    import_id: RowNumber

    model_config = example({"import_id": 1})


class FieldSum(BaseModel):
    """In how many rows a field waits for an answer."""

    field: str
    label: str
    open: int


class StandingSum(BaseModel):
    """People, rows and rows without an answer of one standing."""

    standing: Standing
    people: int
    rows: int
    open: int


class ComparisonPublic(BaseModel):
    """A comparison with what it found.

    `theirs` people are in the other list, of `agreeing` both say the same; `unread` rows could not be read. All are
    null until the list has been compared. `scope` says whom of ours the list was expected to have.
    """

    import_id: int
    kind: ImportKind | None
    state: ImportState
    file_name: str
    region: Place
    as_of: date
    theirs: int | None
    agreeing: int | None
    unread: int | None
    scope: str
    standings: list[StandingSum]
    fields: list[FieldSum]
    settled: int
    open: int
    proves: bool = Field(description="名单可以转为佐证")
    evidence: int = Field(description="这份名单已转成的佐证条数")
    job: JobPublic | None


class Difference(BaseModel):
    """One field with both values, as people read them. `open`: no answer yet. `final`: what is taken is not given back here."""

    field: str
    label: str
    ours: str
    theirs: str
    open: bool
    taken: bool
    takable: bool
    final: bool


class ComparisonRowPublic(BaseModel):
    """One row. `row` and `sheet` tell where it stands in the other list; `told` is what that row says."""

    id: int
    version: int
    standing: Standing
    line: int | None
    sheet: str | None
    row: int | None
    worker_id: int | None
    household_id: int | None
    name: str
    id_number: str | None = Field(description="前6位，其余遮盖")
    told: list[tuple[str, str]]
    differences: list[Difference]
    settlement: Settlement | None
    note: str
    settled_at: Instant | None
    reversible: bool


class SettleTold(Told):
    """The answer to one row; `fields` the ones it is about, all where none are told."""

    how: Settlement
    fields: list[Plain] | None = Field(default=None, max_length=60)
    note: Remark = ""

    model_config = example({"how": "taken", "fields": ["phone"]})


class SettleManyTold(Told):
    """One answer to all rows of a standing that wait, or to one field in all of them."""

    standing: Standing
    how: Settlement
    field: Plain | None = None
    note: Remark = ""

    model_config = example({"standing": "differs", "field": "phone", "how": "taken"})


class EvidenceTold(Told):
    """Of which grade the list is; social insurance is A, a wage list B unless a payroll agency's bank paid it, a
    stamped roster B, one that belongs to a certificate C."""

    grade: EvidenceGrade | None = None

    model_config = example({"grade": "A"})


class EvidencePlan(BaseModel):
    """What the list would prove, and what it would not: nothing is written yet."""

    grade: EvidenceGrade
    people: int
    spells: int
    pieces: int
    first: date | None
    last: date | None
    unmatched: int = Field(description="只在对方、没有务工记录可以佐证的人数")


class EvidenceUndone(BaseModel):
    """How many pieces of evidence were taken back."""

    pieces: int
