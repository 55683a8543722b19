"""变更记录 whole: the changes of a person's record, what was reported and decided, merges and hand-overs, in one line."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from ledger.past import Event, events_of
from ledger.reports import reports_of
from models.identity import Handover, HandoverState, WorkerMerge
from models.report import ReportDecision
from models.sealing import Keyring
from models.spell import Precision

_TOLD = (
    "working",
    "started",
    "ended",
    "region",
    "county_text",
    "employer",
    "income",
    "channel",
    "post_kinds",
)
"""What a report is known by."""


def history_of(session: Session, keyring: Keyring, worker_id: int) -> list[Event]:
    """All that happened to a person's record, newest first; numbers are masked."""
    found = [
        *events_of(session, keyring, worker_id),
        *_reports(session, keyring, worker_id),
        *_merges(session, worker_id),
        *_handovers(session, worker_id),
    ]
    return sorted(found, key=lambda event: (event.at, event.number), reverse=True)


def _reports(session: Session, keyring: Keyring, worker_id: int) -> list[Event]:
    reports = reports_of(session, keyring, worker_id)
    found = []
    for report in reports:
        row, told = report.row, report.told
        fields = None
        if told is not None:
            fields = {
                name: (None, _as_known(name, _plain(getattr(told, name)), told.precision))
                for name in _TOLD
                if getattr(told, name) not in (None, ())
            }
        found.append(
            Event(
                0, row.created_at, row.account_id, row.source.value, "spell_report", row.id,
                row.import_id, row.import_line, fields,
            )
        )  # fmt: skip
    decisions = session.exec(
        select(ReportDecision).where(
            col(ReportDecision.report_id).in_([report.row.identity for report in reports])
        )
    )
    for made in decisions:
        told_of = {"outcome": (None, made.outcome.value), "rule": (None, made.rule)}
        if made.reason:
            told_of["reason"] = (None, made.reason)
        found.append(
            _event(made.created_at, made.account_id, "decide", "report_decision", made.report_id, told_of)
        )
        if made.reversed_at is not None:
            taken_back = {name: (value, None) for name, (_, value) in told_of.items()}
            found.append(
                _event(
                    made.reversed_at,
                    made.reversed_by,
                    "reverse",
                    "report_decision",
                    made.report_id,
                    taken_back,
                )
            )
    return found


def _merges(session: Session, worker_id: int) -> list[Event]:
    found = []
    for row in session.exec(select(WorkerMerge).where(WorkerMerge.kept_id == worker_id)):
        told = {"merged_id": (None, row.merged_id)}
        found.append(_event(row.created_at, row.account_id, "merge", "worker_merge", row.id, told))
        if row.undone_at is not None:
            undone = {"merged_id": (row.merged_id, None)}
            found.append(_event(row.undone_at, row.undone_by, "reverse", "worker_merge", row.id, undone))
    return found


def _handovers(session: Session, worker_id: int) -> list[Event]:
    found = []
    for row in session.exec(select(Handover).where(Handover.worker_id == worker_id)):
        told = {"from_region": (None, row.from_region), "to_region": (None, row.to_region)}
        found.append(_event(row.created_at, row.account_id, "ask", "handover", row.id, told))
        if row.settled_at is not None:
            state = {"state": (HandoverState.OPEN.value, row.state.value)}
            found.append(_event(row.settled_at, row.settled_by, "settle", "handover", row.id, state))
    return found


def _event(
    at: datetime, account_id: int | None, action: str, noun: str, row_id: int | None, fields: dict[str, Any]
) -> Event:
    return Event(0, at, account_id, action, noun, row_id, None, None, fields)


def _as_known(name: str, plain: Any, precision: Precision) -> Any:
    """Of a day of which only the month is known, 2021-03."""
    return plain[:7] if name in ("started", "ended") and precision is Precision.MONTH else plain


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value if isinstance(value, bool | int) else str(value)
