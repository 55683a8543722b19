"""Views and exports as they are answered."""

from itertools import islice

from sqlmodel import Session, col, select

from api.presenting import Presenter
from api.schemas.job import public_job
from api.schemas.register import ExportPublic, Heading, PartPublic, RegisterPreview, RegisterPublic
from ledger.registers.catalogue import VIEWS
from ledger.registers.view import Asked, Table, View, cells
from models.base import now
from models.export import Export, Format
from models.job import Job, JobState
from models.sealing import Keyring


def register_public(view: View) -> RegisterPublic:
    """What a view is."""
    return RegisterPublic(code=view.code, title=view.title, about=view.about, asks=view.asks, unit=view.unit)


def preview(
    session: Session,
    keyring: Keyring,
    present: Presenter,
    view: View,
    asked: Asked,
    *,
    limit: int | None,
    table: Table | None = None,
) -> RegisterPreview:
    """The first rows of a view's main table (or of another of its tables), masked, and its counts."""
    table = table or next(view.tables(session, keyring, asked))
    return RegisterPreview(
        register_=register_public(view),
        region=present.known_place(asked.region),
        village=asked.village,
        from_on=asked.from_on,
        as_of=asked.as_of,
        columns=[
            Heading(heading=column.heading, personal=column.mask is not None) for column in table.columns
        ],
        rows=list(islice(cells(table, masked=True), limit)),
        total=view.count(session, asked),
        parts=[
            PartPublic(code=part.code, name=part.name, count=part.count, village=part.village)
            for part in (view.parts(session, asked) if view.parts else [])
        ],
    )


def exports_public(session: Session, present: Presenter, rows: list[Export]) -> list[ExportPublic]:
    """Files that were asked for, with how far each is."""
    jobs = {
        job.identity: job
        for job in session.exec(select(Job).where(col(Job.id).in_([row.job_id for row in rows])))
    }
    return [_export(present, row, jobs.get(row.job_id or 0)) for row in rows]


def _export(present: Presenter, row: Export, job: Job | None) -> ExportPublic:
    expired = row.expires_at is not None and row.expires_at <= now()
    whole = row.rows is not None and not expired
    view = VIEWS.get(row.view)
    return ExportPublic(
        id=row.identity,
        view=row.view,
        title=view.title if view else row.view,
        region=present.known_place(row.region),
        village=row.options.get("village"),
        as_of=row.as_of,
        format=Format.read(row.options.get("format", Format.XLSX.value)),
        masked=row.masked,
        reason=row.reason,
        file_name=row.file_name,
        rows=row.rows,
        size=row.size,
        created_at=row.created_at,
        expires_at=row.expires_at,
        expired=expired,
        file=f"/v1/exports/{row.identity}/file" if whole else None,
        job=public_job(job) if job is not None and job.state is not JobState.DONE else None,
    )
