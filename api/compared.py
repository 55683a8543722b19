"""A comparison as it is answered: sums by standing and field, rows with both values, whose names one may see."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, text
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from api.comparing import CONTEXT, read_lines
from api.errors import not_found
from api.presenting import Presenter
from api.schemas.comparison import (
    ComparisonPublic,
    ComparisonRowPublic,
    Difference,
    FieldSum,
    StandingSum,
)
from api.schemas.job import public_job
from api.taking import FINAL, OF_THE_PERSON, TAKABLE
from ledger.comparing.differing import Pair
from ledger.comparing.populations import words
from ledger.comparing.values import label_of, plain_pairs, value_of, words_of
from ledger.intake.sealing import key_of
from ledger.masking import masked_apart
from ledger.people import mask_phone
from ledger.records.reported import Reported
from models.household import Household
from models.id_number import mask_id_number
from models.intake import (
    PROOF_KINDS,
    ComparisonRow,
    Import,
    ImportKind,
    ImportLine,
    ImportPurpose,
    Settlement,
    Standing,
)
from models.job import Job
from models.sealing import Keyring, unseal
from models.spell import Evidence
from models.worker import Worker

_TOLD = ("village", "employer", "region", "started", "ended", "income", "household", "monitored_kind")
"""What a row of the other list is shown with, beside name and number."""

_MASKS = {"id_number": mask_id_number, "phone": mask_phone}


def comparison_or_404(session: Session, import_id: int, *, lock: bool = False) -> Import:
    """The list that is compared, if the session may see it.

    Raises
    ------
    Problem
        404 otherwise.
    """
    row = session.get(Import, import_id, with_for_update=True if lock else None)
    if row is None or row.purpose is not ImportPurpose.COMPARE:
        raise not_found("这次对账")
    return row


def comparison_public(session: Session, row: Import, present: Presenter) -> ComparisonPublic:
    """The sums."""
    found = session.connection().execute(
        columns(
            col(ComparisonRow.standing),
            func.count(),
            func.count().filter(col(ComparisonRow.settlement).is_(None)),
        )
        .where(col(ComparisonRow.import_id) == row.identity)
        .group_by(col(ComparisonRow.standing))
    )
    sums = {standing: (rows, waiting) for standing, rows, waiting in found}
    fields = session.connection().execute(
        text(
            "SELECT field, count(*) AS rows FROM comparison_row, jsonb_array_elements_text(fields) AS field "
            "WHERE import_id = :id AND settlement IS NULL AND standing = 'differs' GROUP BY field ORDER BY 2 DESC, 1"
        ),
        {"id": row.identity},
    )
    counts = row.counts
    waiting = sum(each for _, each in sums.values())
    job = session.get(Job, row.job_id) if row.job_id is not None else None
    return ComparisonPublic(
        import_id=row.identity,
        kind=row.kind,
        state=row.state,
        file_name=row.file_name,
        region=present.known_place(row.region),
        as_of=row.as_of,
        theirs=counts.get("compared:theirs"),
        agreeing=counts.get("compared:agreeing"),
        unread=counts.get("compared:unread"),
        scope=_scope(row),
        standings=[
            StandingSum(
                standing=standing,
                people=counts.get(f"compared:{standing.value}", 0),
                rows=sums.get(standing, (0, 0))[0],
                open=sums.get(standing, (0, 0))[1],
            )
            for standing in Standing
            if standing is not Standing.ODD or row.kind in PROOF_KINDS
        ],
        fields=[FieldSum(field=field, label=label_of(field), open=rows) for field, rows in fields],
        settled=sum(rows for rows, _ in sums.values()) - waiting,
        open=waiting,
        proves=row.kind in PROOF_KINDS,
        evidence=session.exec(
            select(func.count()).select_from(Evidence).where(Evidence.import_id == row.identity)
        ).one(),
        job=public_job(job) if job else None,
    )


def _scope(row: Import) -> str:
    if row.kind is None or row.kind is ImportKind.POSTINGS:
        return ""
    if row.kind in PROOF_KINDS:
        return "名单里的单位在名单所列月份里、本台账记为在岗的人"
    return words(row.kind, away_only=bool(row.counts.get("compared:away_only")))


def rows_public(
    session: Session, keyring: Keyring, row: Import, rows: Sequence[ComparisonRow]
) -> list[ComparisonRowPublic]:
    """Rows with the names of people, for those who may see people."""
    key = key_of(keyring, row)
    numbers = [each.line for each in rows if each.line is not None]
    lines = {number: line.reported for number, line in read_lines(session, row, key, only=numbers)}
    places = {
        line.line: line
        for line in session.exec(
            select(ImportLine).where(ImportLine.import_id == row.identity, col(ImportLine.line).in_(numbers))
        )
    }
    names = _names(session, rows)
    return [
        _row_public(
            row, each, opened(key, each), lines.get(each.line or 0), places.get(each.line or 0), names
        )
        for each in rows
    ]


def opened(key: bytes, each: ComparisonRow) -> dict[str, list[Any]]:
    """Both values of each field as JSON keeps them."""
    if each.sealed_differences is None:
        return {}
    told: dict[str, list[Any]] = json.loads(unseal(key, each.sealed_differences, CONTEXT))
    return told


def values(plain: Mapping[str, Sequence[Any]]) -> dict[str, Pair]:
    """Both values of each field as what they were."""
    return {
        field: (value_of(field, ours), value_of(field, theirs)) for field, (ours, theirs) in plain.items()
    }


def _row_public(
    row: Import,
    each: ComparisonRow,
    differences: Mapping[str, Sequence[Any]],
    told: Reported | None,
    place: ImportLine | None,
    names: Mapping[tuple[str, int], str],
) -> ComparisonRowPublic:
    ours = names.get(("worker", each.worker_id or 0)) or names.get(("household", each.household_id or 0), "")
    number = told.id_number if told else None
    return ComparisonRowPublic(
        id=each.identity,
        version=each.version,
        standing=each.standing,
        line=each.line,
        sheet=str(row.sheets[place.sheet]["name"]) if place and place.sheet < len(row.sheets) else None,
        row=place.row if place else None,
        worker_id=each.worker_id,
        household_id=each.household_id,
        name=(told.name if told else None) or ours or "",
        id_number=mask_id_number(number) if number else None,
        told=_told(told) if told and each.standing is Standing.ONLY_THERE else [],
        differences=[
            Difference(
                field=field,
                label=label_of(field),
                ours=words_of(field, before),
                theirs=words_of(field, after),
                open=field in each.fields and each.standing is Standing.DIFFERS,
                taken=field in each.taken,
                takable=field in TAKABLE,
                final=field in FINAL,
            )
            for field, (before, after) in _masked(differences).items()
        ],
        settlement=each.settlement,
        note=each.note,
        settled_at=each.settled_at,
        reversible=each.settlement in (Settlement.KEPT, Settlement.EXPLAINED)
        or (
            each.settlement is Settlement.TAKEN
            and each.standing is Standing.DIFFERS
            and not set(each.taken) - OF_THE_PERSON
        ),
    )


def _masked(differences: Mapping[str, Sequence[Any]]) -> dict[str, Sequence[Any]]:
    """Numbers are shown as everywhere: whoever may see them whole asks for them on the person's page."""
    found = dict(differences)
    for field, mask in _MASKS.items():
        if field in found:
            ours, theirs = (str(each or "") for each in found[field])
            found[field] = masked_apart(mask, ours, theirs)
    return found


def _told(told: Reported) -> list[tuple[str, str]]:
    plain = plain_pairs({field: (None, getattr(told, field)) for field in _TOLD})
    return [
        (label_of(field), said) for field, (_, value) in plain.items() if (said := words_of(field, value))
    ]


def _names(session: Session, rows: Sequence[ComparisonRow]) -> dict[tuple[str, int], str]:
    found: dict[tuple[str, int], str] = {}
    workers = {each.worker_id for each in rows if each.worker_id is not None}
    for worker_id, name in session.connection().execute(
        columns(col(Worker.id), col(Worker.name)).where(col(Worker.id).in_(workers))
    ):
        found["worker", worker_id or 0] = name
    households = {each.household_id for each in rows if each.household_id is not None}
    for household_id, number in session.connection().execute(
        columns(col(Household.id), col(Household.number)).where(col(Household.id).in_(households))
    ):
        found["household", household_id or 0] = f"户编号 {number}"
    return found
