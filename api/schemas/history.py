"""变更记录 over REST."""

from typing import Any

from pydantic import BaseModel, Field

from api.schemas.base import Instant, Labelled


class FieldChange(BaseModel):
    """One field of a change: null before for what came, null after for what went. Numbers are masked."""

    field: Labelled
    before: Any
    after: Any


class ChangePublic(BaseModel):
    """One change. `fields` is null where the person's data was deleted."""

    id: int
    at: Instant
    account: str | None
    action: Labelled
    noun: Labelled
    row_id: int | None
    import_id: int | None
    import_line: int | None = Field(description="counts through all sheets of the file")
    file_name: str | None
    sheet: str | None = Field(description="null where the file has only one")
    row: int | None = Field(description="in that sheet, as the workbook counts")
    fields: list[FieldChange] | None


class PastPublic(BaseModel):
    """A record as it was: columns by name, codes as codes. Numbers are masked."""

    at: Instant
    worker: dict[str, Any]
    skills: dict[str, int | None]
    intention: dict[str, Any] | None
    household: dict[str, Any] | None
    hardship: list[dict[str, Any]]
    spells: list[dict[str, Any]]
    evidence: list[dict[str, Any]]
    applications: list[dict[str, Any]]
    complete: bool = Field(
        description="false where a later change can't be read, or does not say what was before"
    )


class HouseholdPastPublic(BaseModel):
    """A household as it was, with its hardship periods."""

    at: Instant
    household: dict[str, Any]
    hardship: list[dict[str, Any]]
    complete: bool
