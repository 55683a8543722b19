"""Frozen reports as they are answered: what was sealed is opened for whoever may still read it."""

from collections.abc import Sequence

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from api.accounts import account_names
from api.frozen.freezing import CONTEXT, is_intact
from api.presenting import Presenter
from api.schemas.frozen import (
    FrozenContent,
    FrozenPersonPublic,
    FrozenReportPublic,
    FrozenReportSummary,
    FrozenTold,
    Readable,
)
from ledger.history import person_keys
from models.bulk import among
from models.frozen import FrozenPerson, FrozenReport
from models.sealing import Keyring, Unsealable, unseal
from models.spell import EvidenceGrade
from models.worker import Worker


def summaries(
    session: Session, present: Presenter, rows: Sequence[FrozenReport]
) -> list[FrozenReportSummary]:
    """Reports in a list."""
    names = account_names(session, [row.account_id for row in rows])
    return [
        FrozenReportSummary(
            id=row.identity,
            region=present.known_place(row.region),
            kind=row.kind,
            from_on=row.from_on,
            as_of=row.as_of,
            known_on=row.known_on,
            by=names.get(row.account_id),
            content_sha256=row.content_sha256,
            lines=len(row.content["lines"]),
            is_demo=row.is_demo,
        )
        for row in rows
    ]


def report_public(session: Session, present: Presenter, row: FrozenReport) -> FrozenReportPublic:
    """One report, read again and held to its hash."""
    [summary] = summaries(session, present, [row])
    content = FrozenContent.model_validate(row.content)
    return FrozenReportPublic(**summary.model_dump(), intact=is_intact(session, row), items=content.lines)


def people_public(
    session: Session, keyring: Keyring, present: Presenter, rows: Sequence[FrozenPerson]
) -> list[FrozenPersonPublic]:
    """People behind a line, as they were known then."""
    numbers = [row.worker_id for row in rows]
    keys = person_keys(session, keyring, numbers)
    restricted = dict(
        session.exec(select(Worker.id, Worker.restricted).where(among(Worker.id, numbers))).all()
    )
    found = []
    for row in rows:
        readable, told = _opened(row, keys.get(row.worker_id), restricted.get(row.worker_id))
        found.append(
            FrozenPersonPublic(
                worker_id=row.worker_id,
                region=present.known_place(row.region),
                stable=row.stable,
                grade=row.grade,
                readable=readable,
                told=told,
            )
        )
    return found


def people_query(
    row: FrozenReport,
    line: int,
    *,
    region: str | None = None,
    stable: bool = False,
    grade: EvidenceGrade | None = None,
) -> SelectOfScalar[FrozenPerson]:
    """The people behind a figure of a line: all, the stable, those proven at a grade, those of a region."""
    query = select(FrozenPerson).where(FrozenPerson.report_id == row.identity, FrozenPerson.line == line)
    if region:
        query = query.where(col(FrozenPerson.region).startswith(region))
    if grade is not None:
        query = query.where(FrozenPerson.grade == grade)
    return query.where(col(FrozenPerson.stable)) if stable else query


def _opened(
    row: FrozenPerson, key: bytes | None, restricted: bool | None
) -> tuple[Readable, FrozenTold | None]:
    if restricted is None:
        return Readable.ELSEWHERE, None
    if key is None:
        return Readable.DELETED, None
    if restricted:
        return Readable.RESTRICTED, None
    try:
        return Readable.KNOWN, FrozenTold.model_validate_json(unseal(key, row.sealed, CONTEXT))
    except Unsealable:
        return Readable.DELETED, None
