"""合并 at the edge: the refusals in words, and the record of who did it."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, or_, select

from api.audit import record
from api.errors import conflict, not_found
from api.presenting import Presenter
from api.schemas.identity import MergePublic
from ledger.identity.merging import NotUndoable, Unmergeable, merge, undo
from models.identity import PossibleDuplicate, Verdict, WorkerMerge
from models.sealing import Keyring, Unsealable
from models.worker import Worker


def merge_records(
    session: Session, keyring: Keyring, kept_id: int, merged_id: int, *, account_id: int, today: date
) -> WorkerMerge:
    """Let one record go up in the other.

    Raises
    ------
    Problem
        404 when one of them can't be seen, 409 when they can't be merged.
    """
    kept, merged = session.get(Worker, kept_id), session.get(Worker, merged_id)
    if kept is None or merged is None:
        raise not_found("这名劳动力")
    try:
        row = merge(session, keyring, kept, merged, by=account_id, on=today)
    except Unmergeable as error:
        raise conflict("not-mergeable", "不能合并", str(error)) from error
    except Unsealable as error:
        raise _deleted() from error
    _note(session, "merge", row)
    return row


def undo_merge(session: Session, keyring: Keyring, row: WorkerMerge, *, account_id: int) -> WorkerMerge:
    """Let both records be as they were; a verdict that led to it is open again.

    Raises
    ------
    Problem
        409 when something rests on the merge.
    """
    try:
        undo(session, keyring, row, by=account_id)
    except NotUndoable as error:
        raise conflict("not-undoable", "不能撤销合并", str(error)) from error
    except Unsealable as error:
        raise _deleted() from error
    pair = session.exec(
        select(PossibleDuplicate).where(
            PossibleDuplicate.worker_id == min(row.kept_id, row.merged_id),
            PossibleDuplicate.other_id == max(row.kept_id, row.merged_id),
            PossibleDuplicate.verdict == Verdict.SAME,
        )
    ).first()
    if pair is not None:
        pair.verdict = pair.decided_at = pair.decided_by = None
        session.add(pair)
        session.flush()
    _note(session, "undo_merge", row)
    return row


def merges_public(session: Session, rows: Sequence[WorkerMerge], present: Presenter) -> list[MergePublic]:
    """Merges of a list."""
    ids = {number for row in rows for number in (row.kept_id, row.merged_id)}
    workers = session.exec(select(Worker).where(col(Worker.id).in_(ids))).all()
    people = {summary.id: summary for summary in present.workers(list(workers))}
    return [
        MergePublic(
            id=row.identity,
            kept=people[row.kept_id],
            merged=people[row.merged_id],
            created_at=row.created_at,
            undone_at=row.undone_at,
        )
        for row in rows
    ]


def merges_of(session: Session, worker_id: int) -> list[WorkerMerge]:
    """The standing merges in which a person has part, the latest first."""
    query = select(WorkerMerge).where(
        or_(col(WorkerMerge.kept_id) == worker_id, col(WorkerMerge.merged_id) == worker_id),
        col(WorkerMerge.undone_at).is_(None),
    )
    return list(session.exec(query.order_by(col(WorkerMerge.id).desc())))


def _note(session: Session, action: str, row: WorkerMerge) -> None:
    region = session.get_one(Worker, row.kept_id).region
    change = {"kept": row.kept_id, "merged": row.merged_id}
    record(session, action, "worker_merge", row.identity, region=region, change=change)


def _deleted() -> Exception:
    return conflict("restricted", "信息已删除", "其中一人的信息已按规定删除，不能再合并或撤销。")
