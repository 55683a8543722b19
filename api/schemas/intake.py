"""Bodies of /v1/imports: a file, its sheets and headings, its lines and what would change."""

from datetime import date
from typing import Any

from pydantic import BaseModel, Field

from api.schemas.base import Instant, Place, Plain, Told, example
from api.schemas.job import JobPublic
from models.intake import ImportKind, ImportPurpose, ImportState, LineStatus


class HeadingPublic(BaseModel):
    """One heading of a sheet. `field` empty: nothing that we keep, or, unless `known`, not yet told."""

    column: str = Field(description="列，A、B、C……")
    heading: str
    field: str | None
    label: str | None
    known: bool


class SheetPublic(BaseModel):
    """One sheet, or one file of a folder. `skipped` says why it is not read; `missing` names needed columns that no
    heading stands for; `counts` holds the number of a folder's lines by status."""

    name: str
    kind: ImportKind | None
    heading_row: int | None
    headings: list[HeadingPublic]
    missing: list[str]
    skipped: str
    rows: int
    counts: dict[str, int] = {}


class ImportPublic(BaseModel):
    """One file that came in.

    `counts` holds the number of lines by status, and as `partial` of those that lack a cell; `shifted_days`: by how much demonstration mode moved its dates;
    `repeated`: it had come in before, for the same bureau, date and purpose, and nothing was changed.
    """

    id: int
    version: int
    kind: ImportKind | None
    purpose: ImportPurpose
    state: ImportState
    file_name: str
    region: Place
    as_of: date
    shifted_days: int
    message: str
    counts: dict[str, int]
    sheets: list[SheetPublic]
    job: JobPublic | None = Field(description="the work under way; none where another account asked for it")
    created_at: Instant
    applied_at: Instant | None
    repeated: bool = False


class ComplaintPublic(BaseModel):
    """What is wrong in one cell. `column` is the file's own heading, `field` what it stands for; `refused`: the line
    does not come in before it is mended; `lost`: the line comes in without this cell."""

    column: str
    field: str | None
    reason: str
    refused: bool
    lost: bool


class ChangePublic(BaseModel):
    """One field in which the file and the ledger differ, and which of the two is kept."""

    field: str
    label: str
    before: str
    after: str
    kept: str = Field(description="file 以文件为准，ledger 以台账为准")


class ImportLinePublic(BaseModel):
    """What became of one line, or will. `name`, `household` (its number), `id_number` (masked), complaints and changes
    are for those who may see people, `title` is a post's; `open`: the line waits to be mended, decided or skipped;
    `partial`: it comes, or came, in without a cell that could not be taken."""

    line: int
    sheet: int
    row: int | None
    status: LineStatus | None
    reason: str
    reading: dict[str, Any]
    name: str | None = None
    id_number: str | None = None
    household: str | None = None
    title: str | None = None
    worker_id: int | None = None
    household_id: int | None = None
    complaints: list[ComplaintPublic] = []
    changes: list[ChangePublic] = []
    open: bool = False
    partial: bool = False


class MappingTold(Told):
    """What the headings mean; each is remembered for the next file of the bureau."""

    model_config = example({"kind": "roster", "fields": {"手机": "phone", "备注": None}})

    kind: ImportKind | None = None
    fields: dict[Plain, Plain | None] = Field(default_factory=dict, max_length=300)


class LineMended(Told):
    """The cells as they should be, by field."""

    model_config = example({"cells": {"phone": "10000000001"}})

    cells: dict[Plain, Plain] = Field(min_length=1, max_length=100)
