"""The work of a bulk action: block by block, each in one transaction; what is settled is not done again."""

from datetime import date
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, func, select

from api.bulk.kinds import Doing, NotDone, NotUndone, do_one, ruled_out, undo_one
from api.deps import Caller
from api.fairs.inviting import ask_for_cards
from api.jobs.running import JobFailed, Running
from models.base import now
from models.bulk import among
from models.bulk_action import BulkAction, BulkItem, BulkItemState, BulkKind
from models.fair import Fair
from models.sealing import Keyring
from models.worker import Worker

BLOCK = 50


def work(
    session: Session,
    keyring: Keyring,
    caller: Caller,
    row: BulkAction,
    today: date,
    *,
    most: int | None = None,
    undo: bool = False,
) -> int:
    """See to the next people who wait, a block of them or as many as are told; how many there were."""
    waiting = BulkItemState.DONE if undo else BulkItemState.WAITING
    items = session.exec(
        select(BulkItem)
        .where(BulkItem.bulk_id == row.identity, BulkItem.state == waiting)
        .order_by(col(BulkItem.worker_id))
        .limit(most or BLOCK)
        .with_for_update(of=BulkItem)
    ).all()
    people = [item.worker_id for item in items]
    out = {} if undo else ruled_out(session, row, people, today)
    doing = Doing(session, keyring, caller, row, today, out)
    found = session.exec(select(Worker).where(among(Worker.id, people))).all()
    workers = {worker.identity: worker for worker in found}
    for item in items:
        if undo:
            _undo(doing, item)
        else:
            _do(doing, item, workers.get(item.worker_id))
        session.add(item)
    session.flush()
    return len(items)


def finish(session: Session, caller: Caller, row: BulkAction) -> None:
    """Nobody waits any more. Whoever was invited gets a card, all of them by one job."""
    row.finished_at = row.finished_at or now()
    session.add(row)
    session.flush()
    _ask_for_cards(session, caller.account_id, row)


def _ask_for_cards(session: Session, account_id: int, row: BulkAction) -> None:
    if row.kind is BulkKind.INVITE and tallied(session, [row.identity])[row.identity][BulkItemState.DONE]:
        ask_for_cards(session, account_id, session.get_one(Fair, row.fair_id))


def tallied(session: Session, bulk_ids: list[int]) -> dict[int, dict[BulkItemState, int]]:
    """How many people are in each state, of those that the session may see."""
    found = {number: dict.fromkeys(BulkItemState, 0) for number in bulk_ids}
    rows = session.exec(
        select(BulkItem.bulk_id, BulkItem.state, func.count())
        .where(among(BulkItem.bulk_id, bulk_ids))
        .group_by(col(BulkItem.bulk_id), col(BulkItem.state))
    )
    for number, state, count in rows:
        found[number][BulkItemState.read(state)] = count
    return found


def do(job: Running) -> dict[str, Any]:
    """The job of any kind, doing or undoing. Where it ends before its time, whoever is invited by then gets a card."""
    try:
        return _do_all(job)
    except Exception as why:
        gone = isinstance(why, DBAPIError) and why.connection_invalidated
        if not gone and not job.argument["undo"]:  # a database that went is no end: the job is taken up again
            with job.aside() as session:
                row = session.get(BulkAction, int(job.argument["bulk_id"]))
                if row is not None and row.finished_at is None:
                    _ask_for_cards(session, job.account_id, row)
        raise


def _do_all(job: Running) -> dict[str, Any]:
    bulk_id, undo = int(job.argument["bulk_id"]), bool(job.argument["undo"])
    words, today = "正在撤销" if undo else "正在办理", job.settings.today()
    while True:
        with job.transaction() as (session, caller):
            row = session.get(BulkAction, bulk_id)
            if row is None:
                raise JobFailed("这次批量操作已不在您的辖区，没有继续办理。")
            seen = work(session, job.keyring, caller, row, today, undo=undo)
            states, total = tallied(session, [bulk_id])[bulk_id], row.total
            if not seen and not undo and row.finished_at is None:
                finish(session, caller, row)
        left = states[BulkItemState.DONE if undo else BulkItemState.WAITING]
        job.progress(total - left, total, words, now=not seen)
        if not seen:
            break
    return {
        "link": f"/bulk-actions/{bulk_id}",
        "done": states[BulkItemState.DONE],
        "refused": states[BulkItemState.REFUSED],
        "undone": states[BulkItemState.UNDONE],
        "kept": states[BulkItemState.KEPT],
    }


def _do(doing: Doing, item: BulkItem, worker: Worker | None) -> None:
    try:
        made = do_one(doing, worker)
    except NotDone as why:
        item.state = BulkItemState.KNOWN if why.known else BulkItemState.REFUSED
        item.reason = str(why)[:100]
    else:
        item.state, item.made_id, item.made_version = BulkItemState.DONE, made.id, made.version


def _undo(doing: Doing, item: BulkItem) -> None:
    try:
        undo_one(doing, item)
    except NotUndone as why:
        item.state, item.reason = BulkItemState.KEPT, str(why)[:100]
    else:
        item.state, item.reason = BulkItemState.UNDONE, None
