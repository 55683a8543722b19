"""Applying: judged lines become households, people and reports, with the record of what changed."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection
from sqlmodel import Session

from ledger.history import change_rows, person_keys
from ledger.identity.duplicates import keep_for_import
from ledger.identity.handover import open_handover
from ledger.intake.columns import dialled, person_columns
from ledger.intake.context import Context
from ledger.intake.households import Settled, settle_households
from ledger.intake.judged import TAKEN, Judged
from ledger.intake.lines import mark_judged
from ledger.intake.people import change_people, keep_other_codes, register_people
from ledger.people import NewWorker
from ledger.records.reported import Reported
from ledger.reports import NewReport, write_reports
from models.base import now
from models.beside import done
from models.bulk import insert_rows, update_rows
from models.intake import ImportKind, LineStatus
from models.report import ReportSource
from models.sealing import Keyring

_REPORTS = 8_000
_CHANGES = 1_000
_CLAIMED = frozenset({"relation", "ethnicity", "education", "capability", "speaks_mandarin"})
_HANDED_OVER = "导入名单里有这个人，请求移交"


@dataclass(slots=True)
class Applied:
    """What was told by the lines that are the ledger's now: reports by kind of list, and the people."""

    reports: dict[ImportKind, list[NewReport]] = field(default_factory=dict)
    workers: set[int] = field(default_factory=set)


def apply_lines(
    session: Session,
    keyring: Keyring,
    context: Context,
    key: bytes,
    judged: Sequence[Judged],
    applied: Applied,
) -> None:
    """Write one chunk of judged lines; what is refused, possible or elsewhere writes nothing of a person.

    Raises
    ------
    sqlalchemy.exc.IntegrityError
        where somebody else has registered one of the people meanwhile: nothing of the chunk is written then.
    sqlalchemy.exc.DBAPIError
        for any other reason; the caller's transaction is over then.
    """
    taken = [each for each in judged if each.status in TAKEN and each.told is not None]
    # What is refused because somebody else registers one of these people just now is undone alone.
    with session.begin_nested():
        homes = settle_households(session, keyring, context, taken)
        people = register_people(session, keyring, context, taken, homes)
        written = homes.written + people + change_people(session, keyring, context, taken, homes)
        keep_other_codes(session, keyring, taken)
        done(session.connection())
    keys = person_keys(session, keyring, (each.worker_id for each in written if each.worker_id is not None))
    connection = session.connection()
    _home(taken, homes)
    # Before the record of changes, which takes longer to make ready than these to be written.
    settle_lines(connection, context.import_id, taken, context.registered)
    for at in range(0, len(written), _CHANGES):
        changes = change_rows(
            keys,
            written[at : at + _CHANGES],
            household_keys=homes.keys,
            account_id=context.account_id,
            request_id=context.request_id,
            import_id=context.import_id,
        )
        insert_rows(connection, "audit_event", changes)
    _note(context, taken, applied)
    _hold_back(session, keyring, context, key, [each for each in judged if each.status not in TAKEN])


def _home(taken: Sequence[Judged], homes: Settled) -> None:
    """Let the lines say which household they became."""
    for each in taken:
        if each.told is not None and each.told.household:
            each.household_id = homes.ids.get(each.told.household, each.household_id)


def _note(context: Context, taken: Sequence[Judged], applied: Applied) -> None:
    """Note whom the lines became, and what they report."""
    for each in taken:
        if each.told is not None and each.worker_id is not None:
            applied.workers.add(each.worker_id)
            if each.record is not None:
                told = NewReport(each.worker_id, each.told, each.line)
                applied.reports.setdefault(each.kind or context.kind, []).append(told)


def keep_reports(
    session: Session, keyring: Keyring, context: Context, applied: Applied
) -> Iterator[list[tuple[int, int, Reported]]]:
    """Keep what the lines report of work, some thousands at a time, all of one person together; the new reports in
    force, each with its person. What was kept is let go."""
    for kind, rows in applied.reports.items():
        rows.sort(key=lambda each: (-each.worker_id, -(each.import_line or 0)))
        while rows:
            batch = [rows.pop()]
            while rows and (len(batch) < _REPORTS or rows[-1].worker_id == batch[-1].worker_id):
                batch.append(rows.pop())
            numbers = write_reports(
                session,
                keyring,
                batch,
                source=ReportSource.IMPORT,
                kind=kind,
                import_id=context.import_id,
                reported_on=context.as_of,
                account_id=context.account_id,
            )
            yield [
                (number, each.worker_id, each.reported)
                for number, each in zip(numbers, batch, strict=True)
                if number is not None
            ]


def settle_lines(
    connection: Connection, import_id: int, taken: Sequence[Judged], registered: Collection[int] = ()
) -> None:
    """Let the lines say whom they became, and that they are settled; every line of somebody whom the file has
    `registered` is new, as it was when it was checked, in whichever chunk it came. A line that came in without one of its cells
    keeps its cells until that one is mended, or somebody says that it needn't be."""
    at = now()
    whole: list[dict[str, Any]] = []
    partial: list[dict[str, Any]] = []
    for each in taken:
        told = {
            "import_id": import_id,
            "line": each.line,
            "status": LineStatus.NEW if each.worker_id in registered else each.status,
            "reason": each.reason,
            "worker_id": each.worker_id,
            "household_id": each.household_id,
            "partial": each.partial,
        }
        if each.partial:
            partial.append(told)
        else:
            whole.append(told | {"settled_at": at, "sealed_cells": None})
    for rows in (whole, partial):
        if rows:
            update_rows(connection, "import_line", ("import_id", "line"), rows)


def _hold_back(
    session: Session, keyring: Keyring, context: Context, key: bytes, held: Sequence[Judged]
) -> None:
    """Lines that are not the ledger's: what was found is written down, and whoever has to decide is asked."""
    mark_judged(session.connection(), context.import_id, key, held)
    keep_for_import(session, context.import_id, [found for each in held for found in each.alike])
    for each in held:
        if each.status is LineStatus.ELSEWHERE and each.number is not None and each.told is not None:
            open_handover(
                session,
                keyring,
                each.number.number,
                claim_of_line(context, each),
                reason=_HANDED_OVER,
                import_id=context.import_id,
                import_line=each.line,
            )


def claim_of_line(context: Context, judged: Judged) -> NewWorker:
    """What a line tells of a person whose record is another county's, as a hand-over keeps it."""
    told, number = judged.told, judged.number
    if told is None or number is None:
        raise ValueError("a hand-over is of somebody with a number")
    columns = person_columns(told, _CLAIMED)
    return NewWorker(
        name=told.name or "",
        region=context.places.find(told.township, told.village),
        id_number=number.number + number.disability_suffix,
        phone=dialled(told.phone),
        **columns,
    )
