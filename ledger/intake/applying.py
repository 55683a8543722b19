"""Applying: judged lines become households, people and reports, with the record of what changed."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection
from sqlmodel import Session

from ledger.history import change_rows, person_keys
from ledger.intake.context import Context
from ledger.intake.households import settle_households
from ledger.intake.judging import Judged
from ledger.intake.people import change_people, register_people
from ledger.intake.reports import keep_reports
from models.base import now
from models.bulk import insert_rows, update_rows
from models.intake import LineStatus
from models.sealing import Keyring

TAKEN = frozenset({LineStatus.NEW, LineStatus.CHANGED, LineStatus.SAME})
"""What becomes of a line that is the ledger's now."""


@dataclass(slots=True)
class Applied:
    """What was made: reports by number with their person, and the digests of those that stand as they were."""

    reports: list[tuple[int, int]] = field(default_factory=list)
    standing: set[bytes] = field(default_factory=set)
    workers: set[int] = field(default_factory=set)


def apply_lines(
    session: Session, keyring: Keyring, context: Context, judged: Sequence[Judged], applied: Applied
) -> None:
    """Write one chunk of judged lines; what is refused, possible or elsewhere writes nothing of a person."""
    taken = [each for each in judged if each.status in TAKEN and each.told is not None]
    homes = settle_households(session, keyring, context, taken)
    written = homes.written
    written += register_people(session, keyring, context, taken, homes)
    written += change_people(session, keyring, context, taken, homes)
    session.flush()
    applied.reports += keep_reports(session, keyring, context, taken)
    applied.standing |= {each.stands for each in taken if each.stands is not None}
    ids = [each.worker_id for each in written if each.worker_id is not None]
    insert_rows(
        session.connection(),
        "audit_event",
        change_rows(
            person_keys(session, keyring, ids),
            written,
            household_keys=homes.keys,
            account_id=context.account_id,
            request_id=context.request_id,
            import_id=context.import_id,
        ),
    )
    for each in taken:
        if each.told is not None and each.told.household:
            each.household_id = homes.ids.get(each.told.household, each.household_id)
        if each.worker_id is not None:
            applied.workers.add(each.worker_id)
    mark_applied(session.connection(), context, taken)


def mark_applied(connection: Connection, context: Context, taken: Sequence[Judged]) -> None:
    """Let the lines say whom they became, and that they are settled."""
    at = now()
    update_rows(
        connection,
        "import_line",
        ("import_id", "line"),
        [
            {
                "import_id": context.import_id,
                "line": each.line,
                "status": each.status,
                "reason": each.reason,
                "worker_id": each.worker_id,
                "household_id": each.household_id,
                "settled_at": at,
                "sealed_cells": None,
            }
            for each in taken
        ],
    )
