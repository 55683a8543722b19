"""Taking an applied file back while nothing later has changed its people or households.

People whom the file alone brought are no people of the ledger's: their numbers go, so that the mended list makes them
anew, and then their names and their keys; what is left is a mark that nobody can read. Households go wholly. Of everybody
else what was written stays in the record of changes.
"""

from datetime import date
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import text
from sqlmodel import Session, col, func, select

from api.audit import IMPORT
from api.doubts.checking import check
from api.errors import Problem, conflict
from api.intake.applying import one_at_a_time
from api.intake.folder_reverting import NOUNS, nothing_leans, take_market_back
from api.reports.deciding import reverse
from ledger.history import household_keys, opened_change, person_keys
from ledger.identity.handover import settle
from ledger.people import change_phone, put
from models.base import now
from models.bulk import among
from models.household import HardshipPeriod, Household
from models.identity import Handover, HandoverState, PossibleDuplicate, Verdict
from models.intake import PEOPLE_KINDS, Import, ImportKind, ImportLine, ImportState
from models.record import AuditEvent
from models.report import ReportDecision, SpellReport
from models.sealing import Keyring, seal
from models.worker import INDEXES, Worker

_TAKEN_BACK = "名单已撤销入库"
_OF_THE_FILE = ("worker", "household", "hardship_period")
_FIRST = text("SELECT min(id) FROM audit_event WHERE import_id = :import AND action <> 'read'")
_REPORTED = text("SELECT EXISTS (SELECT FROM spell_report WHERE import_id = :import)")
_LATER = text(
    "SELECT count(DISTINCT coalesce(later.worker_id, -later.household_id)) FROM audit_event later "
    "LEFT JOIN import file ON file.id = later.import_id "
    "WHERE (later.worker_id = ANY(:workers) OR later.household_id = ANY(:households)) "
    "AND later.id > :first AND later.import_id IS DISTINCT FROM :import AND later.action <> 'read' "
    "AND (file.id IS NULL OR file.state <> 'cancelled' AND NOT file.id = ANY(:files))"
)
"""What a file did that was taken back itself is as if it had never been."""

_FILES = text(
    "SELECT id, file_name FROM import WHERE id <> :import AND state = 'applied' AND applied_at > :applied "
    "AND EXISTS (SELECT FROM import_line line WHERE line.import_id = import.id AND line.worker_id = ANY(:workers)) "
    "ORDER BY applied_at DESC, id DESC"
)
"""Lists applied since that found people as this one left them: the last first, as they are taken back."""

_LEAN = text(
    "SELECT count(*) FROM (SELECT report.worker_id FROM spell_report report WHERE report.worker_id = ANY(:workers) "
    "AND report.import_id IS DISTINCT FROM :import AND NOT coalesce(report.import_id = ANY(:files), false) "
    "AND report.created_at > :applied AND report.superseded_at IS NULL "
    "UNION SELECT id FROM worker WHERE household_id = ANY(:homes) AND NOT id = ANY(:workers) "
    "AND NOT EXISTS (SELECT FROM import_line line WHERE line.import_id = ANY(:files) AND line.worker_id = worker.id)"
    ") leaning"
)
"""People of whom something was reported since, or who joined a household that it brought; not by those lists."""


def revert(session: Session, keyring: Keyring, row: Import, *, account_id: int, today: date) -> None:
    """Undo the import: in one transaction, or not at all.

    Raises
    ------
    Problem
        409 when it is not applied, or something later leans on it.
    """
    if row.state is not ImportState.APPLIED:
        raise conflict("not-applied", "还没有入库", "只有已入库的文件才能撤销。")
    folder = row.kind is ImportKind.EXCHANGE
    if row.kind not in PEOPLE_KINDS and not folder:
        raise conflict("posts-not-reverted", "岗位不能整体撤销", "岗位请到岗位页面逐个关闭。")
    one_at_a_time(session, row.region)
    events = session.exec(
        select(AuditEvent)
        .where(
            AuditEvent.import_id == row.identity,
            col(AuditEvent.noun).in_((*_OF_THE_FILE, *NOUNS) if folder else _OF_THE_FILE),
        )
        .order_by(col(AuditEvent.id).desc())
    ).all()
    lines = select(ImportLine.worker_id).where(ImportLine.import_id == row.identity).distinct()
    workers = {number for number in session.exec(lines) if number is not None}
    households = {each.household_id for each in events if each.household_id is not None}
    _nothing_later(session, row, events, workers, households)
    if folder:
        nothing_leans(session, row, events)
    session.info[IMPORT] = (row.identity, None)
    if folder:
        take_market_back(session, keyring, row, events, account_id=account_id, today=today)
    _take_reports_back(session, row, today, account_id)
    _close_questions(session, keyring, row, account_id)
    made = {each.row_id for each in events if (each.action, each.noun) == ("create", "worker")}
    homes = {each.row_id for each in events if (each.action, each.noun) == ("create", "household")}
    _as_before(session, keyring, [each for each in events if each.action == "update"], made, homes)
    _put_away(session, sorted(number for number in made if number is not None))
    periods = session.exec(
        select(HardshipPeriod).where(col(HardshipPeriod.household_id).in_([each for each in homes if each]))
    )
    for period in periods.all():
        session.delete(period)
    row.state, row.message = ImportState.CANCELLED, "已撤销入库，台账恢复原样"
    session.add(row)
    session.flush()
    session.execute(
        text(
            "UPDATE import_line SET sealed_cells = NULL, settled_at = now() WHERE import_id = :id AND settled_at IS NULL"
        ),
        {"id": row.identity},
    )
    check(
        session, keyring, region=row.region, as_of=today, account_id=account_id, import_id=row.identity,
        worker_ids=sorted(workers),
    )  # fmt: skip
    # Last of all: with the keys goes what the record of changes says of people who were never the ledger's.
    session.execute(text("SELECT forget_import(:id)"), {"id": row.identity})
    session.expire_all()


def _nothing_later(
    session: Session, row: Import, events: Any, workers: set[int], households: set[int]
) -> None:
    here = select(func.count()).select_from(Worker).where(among(Worker.id, sorted(workers)))
    if gone := len(workers) - session.exec(here).one():
        raise conflict(
            "not-revertible",
            "不能整体撤销",
            f"这个文件里有{gone}人已移交给其他县，由对方统计，不能整体撤销；其余的人请到他们的页面逐个更正。",
        )
    new_homes = {each.row_id for each in events if (each.action, each.noun) == ("create", "household")}
    hardship = {each.household_id for each in events if each.noun == "hardship_period"} - new_homes
    told = {
        "workers": list(workers),
        "households": list(households),
        "homes": [number for number in new_homes if number is not None],
        "import": row.identity,
        "applied": row.applied_at,
    }
    connection = session.connection()
    told["first"] = connection.scalar(_FIRST, told)
    # What a file found as the ledger has it left nothing that anybody could lean on.
    if told["first"] is not None or connection.scalar(_REPORTED, told):
        files = connection.execute(_FILES, told).all()
        told["files"] = [file.id for file in files]
        if many := max(connection.scalar(_LATER, told) or 0, connection.scalar(_LEAN, told) or 0):
            raise _leaned_on(many)
        if files:
            raise _take_back_first([file.file_name for file in files])
    if hardship:
        raise conflict(
            "not-revertible",
            "不能整体撤销",
            f"这个文件改了{len(hardship)}户原有的帮扶类别，请到这些户的页面逐户更正。",
        )


def _leaned_on(many: int) -> Problem:
    return conflict(
        "not-revertible", "不能整体撤销", f"这个文件里有{many}人（户）此后又有改动，请到他们的页面逐个更正。"
    )


def _take_back_first(names: list[str]) -> Problem:
    told = "、".join(f"“{name}”" for name in names[:3]) + ("等" if len(names) > 3 else "")
    order = "，从最后入库的开始" if len(names) > 1 else ""
    return conflict(
        "not-revertible", "不能整体撤销", f"后来入库的名单也写到这里的人，请先撤销{told}{order}。"
    )


def _take_reports_back(session: Session, row: Import, today: date, account_id: int) -> None:
    """Decisions first, then the reports; those that this file put out of force are in force again."""
    decisions = session.exec(
        select(ReportDecision)
        .join(SpellReport, col(SpellReport.id) == col(ReportDecision.report_id))
        .where(SpellReport.import_id == row.identity, col(ReportDecision.reversed_at).is_(None))
        .order_by(col(ReportDecision.id).desc())
    ).all()
    for decision in decisions:
        session.refresh(decision)
        if decision.reversed_at is None:
            reverse(session, decision, today=today, account_id=account_id)
    session.execute(
        text(
            "UPDATE spell_report earlier SET superseded_at = NULL FROM spell_report fresh "
            "WHERE fresh.import_id = :id AND fresh.worker_id = earlier.worker_id "
            "AND earlier.superseded_at = fresh.created_at AND earlier.import_id IS DISTINCT FROM :id"
        ),
        {"id": row.identity},
    )
    session.execute(
        text(
            "UPDATE spell_report SET superseded_at = clock_timestamp() WHERE import_id = :id AND superseded_at IS NULL"
        ),
        {"id": row.identity},
    )


def _close_questions(session: Session, keyring: Keyring, row: Import, account_id: int) -> None:
    """What the file asked of people is asked no more: hand-overs are withdrawn, lines are nobody's double."""
    asked = select(Handover).where(Handover.import_id == row.identity, Handover.state == HandoverState.OPEN)
    for handover in session.exec(asked).all():
        settle(session, keyring, handover, HandoverState.WITHDRAWN, _TAKEN_BACK)
    pairs = select(PossibleDuplicate).where(
        PossibleDuplicate.import_id == row.identity, col(PossibleDuplicate.verdict).is_(None)
    )
    for pair in session.exec(pairs).all():
        pair.verdict, pair.decided_by, pair.decided_at, pair.note = (
            Verdict.DIFFERENT,
            account_id,
            now(),
            _TAKEN_BACK,
        )
        session.add(pair)
    session.flush()


def _as_before(
    session: Session, keyring: Keyring, updates: Any, made: set[int | None], homes: set[int | None]
) -> None:
    """Put back what the file changed, the last change first."""
    keys = person_keys(session, keyring, [each.worker_id for each in updates if each.worker_id])
    home_keys = household_keys(session, keyring, [each.household_id for each in updates if each.household_id])
    for event in updates:
        if event.noun == "worker" and event.row_id not in made and event.worker_id in keys:
            worker = session.get_one(Worker, event.row_id)
            key = keys[event.worker_id]
            for name, (before, _) in opened_change(key, event.sealed_change or b"").items():
                if name == "phone":
                    change_phone(session, keyring, worker, before)
                elif name == "id_number":
                    worker.id_number_sealed = seal(key, before.encode(), "worker.id_number")
                else:
                    _put(worker, name, before)
            session.add(worker)
        elif event.noun == "household" and event.row_id not in homes and event.household_id in home_keys:
            household = session.get_one(Household, event.row_id)
            told = opened_change(home_keys[event.household_id], event.sealed_change or b"")
            for name, (before, _) in told.items():
                _put(household, name, before)
            session.add(household)
    session.flush()


def _put(row: Worker | Household, name: str, value: Any) -> None:
    annotation: Any = type(row).model_fields[name].annotation
    setattr(row, name, TypeAdapter(annotation).validate_python(value))


def _put_away(session: Session, workers: list[int]) -> None:
    for at in range(0, len(workers), 1_000):
        for worker in session.exec(select(Worker).where(col(Worker.id).in_(workers[at : at + 1_000]))):
            worker.restricted = True
            worker.id_number_sealed = worker.phone_sealed = None
            put(worker, dict.fromkeys(INDEXES))
            worker.household_id = worker.national_number = None
            session.add(worker)
        session.flush()
