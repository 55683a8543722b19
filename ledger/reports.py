"""上报: what was reported about people's work, written once and never changed, sealed under each person's key."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select as columns
from sqlalchemy import text
from sqlmodel import Session, col, select

from ledger.history import person_keys
from ledger.records.months import is_open
from ledger.records.reported import Reported
from ledger.records.sealed import digest, record_bytes, record_of
from models.base import now
from models.bulk import among, insert_rows, reserve_ids
from models.intake import ImportKind
from models.report import ReportDecision, ReportSource, SpellReport
from models.sealing import Keyring, Unsealable, seal, unseal

CONTEXT = "spell_report.record"
_BATCH = 10_000


@dataclass(frozen=True, slots=True)
class NewReport:
    """One row of a source about one person."""

    worker_id: int
    reported: Reported
    import_line: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A report as it was written, and what became of it. `told` is empty where the person's key is destroyed."""

    row: SpellReport
    told: Reported | None
    decision: ReportDecision | None


def write_reports(
    session: Session,
    keyring: Keyring,
    rows: Sequence[NewReport],
    *,
    source: ReportSource,
    kind: ImportKind | None,
    import_id: int | None,
    reported_on: date,
    account_id: int | None,
) -> list[int | None]:
    """Write what one list tells; answers the new report's number for each row that is in force and waits for a rule.

    All rows of one person in one list must come in one call: together they put what earlier lists of the same kind
    told of the person out of force. Calls, check-ins and corrections put nothing out of force. None stands for a row that

    - says what another row of the list says, or what is in force already: nothing is written, unless it is a later list by which somebody is still at work;
    - comes from a list older than the one in force: it is kept, out of force;
    - tells of a person whose key is destroyed, of whom nothing can be kept.
    """
    keys = person_keys(session, keyring, (row.worker_id for row in rows))
    # Before anything is asked: the database may still be writing the rows before these.
    marked = [_marked(keyring, keys, row) for row in rows]
    standing = (
        _in_force(session, {row.worker_id for row in rows}, kind) if source is ReportSource.IMPORT else {}
    )
    at = now()
    ids: list[int | None] = []
    new: list[dict[str, Any]] = []
    repeated: set[int] = set()
    renewed: set[int] = set()
    told: set[tuple[int, bytes]] = set()
    for row, made in zip(rows, marked, strict=True):
        if made is None:
            ids.append(None)
            continue
        mark, sealed = made
        if source is ReportSource.IMPORT and (row.worker_id, mark) in told:
            ids.append(None)
            continue
        told.add((row.worker_id, mark))
        earlier = standing.get(row.worker_id, {})
        same = earlier.get(mark)
        late = any(on > reported_on for _, on in earlier.values())
        if same is not None and (same[1] >= reported_on or not _still(row.reported, reported_on)):
            repeated.add(same[0])
            ids.append(None)
            continue
        if not late:
            renewed.add(row.worker_id)
        ids.append(0 if not late else None)
        new.append(
            {
                "created_at": at,
                "worker_id": row.worker_id,
                "source": source,
                "kind": kind,
                "import_id": import_id,
                "import_line": row.import_line,
                "reported_on": reported_on,
                "account_id": account_id,
                "sealed_record": sealed,
                "digest": mark,
                "superseded_at": at if late else None,
            }
        )
    connection = session.connection()
    if new:
        numbers = reserve_ids(connection, "spell_report", len(new))
        for number, line in zip(numbers, new, strict=True):
            line["id"] = number
        waiting = iter([line["id"] for line in new if line["superseded_at"] is None])
        ids = [next(waiting) if number == 0 else None for number in ids]
        _supersede(
            session,
            [
                report_id
                for worker_id in renewed
                for report_id, _ in standing.get(worker_id, {}).values()
                if report_id not in repeated
            ],
            at,
        )
        insert_rows(connection, "spell_report", new)
    return ids


def _marked(keyring: Keyring, keys: Mapping[int, bytes], row: NewReport) -> tuple[bytes, bytes] | None:
    """The digest of what a row tells, and it sealed; None without a key."""
    key = keys.get(row.worker_id)
    if key is None:
        return None
    content = record_bytes(row.reported)
    return digest(keyring, row.worker_id, content), seal(key, content, CONTEXT)


def reports_of(
    session: Session, keyring: Keyring, worker_id: int, *, all_of_them: bool = True
) -> list[Report]:
    """The reports about one person, newest first, with the decisions that are in force."""
    query = select(SpellReport).where(SpellReport.worker_id == worker_id)
    if not all_of_them:
        query = query.where(col(SpellReport.superseded_at).is_(None))
    rows = session.exec(query.order_by(col(SpellReport.reported_on).desc(), col(SpellReport.id).desc())).all()
    return opened(session, keyring, rows)


def opened(session: Session, keyring: Keyring, rows: Sequence[SpellReport]) -> list[Report]:
    """These rows with what they tell and what was decided."""
    keys = person_keys(session, keyring, {row.worker_id for row in rows})
    decisions = {
        decision.report_id: decision
        for decision in session.exec(
            select(ReportDecision).where(
                col(ReportDecision.report_id).in_([row.identity for row in rows]),
                col(ReportDecision.reversed_at).is_(None),
            )
        )
    }
    return [Report(row, _told(keys.get(row.worker_id), row), decisions.get(row.identity)) for row in rows]


def _told(key: bytes | None, row: SpellReport) -> Reported | None:
    try:
        told = record_of(unseal(key, row.sealed_record, CONTEXT)) if key else None
    except Unsealable:
        return None
    return None if told is None else Reported(row.import_line or 0, asked=frozenset(told), **told)


def _still(reported: Reported, on: date) -> bool:
    return reported.has_spell and reported.working is not False and is_open(reported, on)


def _in_force(
    session: Session, worker_ids: set[int], kind: ImportKind | None
) -> dict[int, dict[bytes, tuple[int, date]]]:
    """Per person, by digest: number and day of what lists of this kind told and is in force."""
    found: dict[int, dict[bytes, tuple[int, date]]] = defaultdict(dict)
    wanted = sorted(worker_ids)
    for at in range(0, len(wanted), _BATCH):
        query = columns(
            col(SpellReport.worker_id),
            col(SpellReport.digest),
            col(SpellReport.id),
            col(SpellReport.reported_on),
        ).where(
            among(SpellReport.worker_id, wanted[at : at + _BATCH]),
            col(SpellReport.superseded_at).is_(None),
            col(SpellReport.source) == ReportSource.IMPORT,
            col(SpellReport.kind).is_(None) if kind is None else col(SpellReport.kind) == kind,
        )
        for worker_id, mark, number, on in session.connection().execute(query):
            found[worker_id][mark] = (number or 0, on)
    return found


def _supersede(session: Session, report_ids: Sequence[int], at: datetime) -> None:
    put_out = text(
        "UPDATE spell_report SET superseded_at = :at WHERE id = ANY (CAST(:ids AS bigint[])) "
        "AND superseded_at IS NULL"
    )
    for start in range(0, len(report_ids), _BATCH):
        session.connection().execute(put_out, {"at": at, "ids": list(report_ids[start : start + _BATCH])})
