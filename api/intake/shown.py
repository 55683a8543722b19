"""A file as it is answered: how far it is, its sheets, and what their headings mean."""

from sqlmodel import Session

from api.presenting import Presenter
from api.schemas.intake import HeadingPublic, ImportPublic, SheetPublic
from api.schemas.job import public_job
from ledger.intake.layouts import field_labels, lacking
from models.intake import Import, ImportKind
from models.job import Job


def public(session: Session, row: Import, present: Presenter, *, repeated: bool = False) -> ImportPublic:
    """The answer for one file."""
    job = session.get(Job, row.job_id, populate_existing=True) if row.job_id else None
    return ImportPublic(
        id=row.identity,
        version=row.version,
        kind=row.kind,
        purpose=row.purpose,
        state=row.state,
        file_name=row.file_name,
        region=present.known_place(row.region),
        as_of=row.as_of,
        shifted_days=row.shifted_days,
        message=row.message,
        counts={name: count for name, count in row.counts.items() if not name[0].isdecimal()},
        sheets=[
            SheetPublic(
                name=sheet["name"],
                kind=ImportKind.read(sheet["kind"]) if sheet["kind"] else None,
                heading_row=sheet["heading_row"],
                headings=[
                    HeadingPublic(
                        column=letters(int(place)),
                        heading=heading,
                        field=sheet["mapping"].get(place) or None,
                        label=labels.get(sheet["mapping"].get(place, "")),
                        known=place not in sheet["asking"],
                    )
                    for place, heading in sheet["headings"].items()
                ],
                missing=lacking(sheet),
                skipped=sheet["skipped"],
                rows=sheet["rows"],
                counts={
                    status: count
                    for name, count in row.counts.items()
                    for number, _, status in [name.partition(":")]
                    if number == str(at)
                },
            )
            for at, sheet in enumerate(row.sheets)
            for labels in [field_labels(ImportKind.read(sheet["kind"]) if sheet["kind"] else None)]
        ],
        job=public_job(job) if job else None,
        created_at=row.created_at,
        applied_at=row.applied_at,
        repeated=repeated,
    )


def letters(column: int) -> str:
    """A column, from 0, as spreadsheets call it."""
    told = ""
    column += 1
    while column:
        column, digit = divmod(column - 1, 26)
        told = chr(65 + digit) + told
    return told
