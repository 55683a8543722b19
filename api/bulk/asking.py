"""A bulk action from the asking: who is meant, whether the act can be done at all, and whether it is done at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from api.bulk.doing import finish, tallied, work
from api.bulk_rights import RIGHTS
from api.calling import colleagues
from api.deps import Caller, narrow
from api.errors import Problem, conflict, invalid, not_found
from api.jobs.running import enqueue
from api.requirements import require_village
from ledger.people_sought import Sought, people_sought
from models.base import now
from models.bulk import insert_rows
from models.bulk_action import BulkAction, BulkItem, BulkItemState, BulkKind
from models.fair import Fair
from models.sealing import Keyring
from models.training import Course
from models.vacancy import Vacancy, VacancyState
from models.worker import Worker

AT_ONCE = 200
"""People that are seen to while somebody waits; for more there is a job."""
MOST = 20_000
UNDONE_WITHIN = timedelta(hours=24)
_LATEST_CALL = timedelta(days=90)
_THING = {
    BulkKind.FOLLOW_UP: "due_on",
    BulkKind.PROPOSE: "vacancy_id",
    BulkKind.ENROL: "course_id",
    BulkKind.INVITE: "fair_id",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be done with whom: people by number, or everybody whom a filter finds."""

    kind: BulkKind
    people: Sequence[int] | Sought
    words: str
    due_on: date | None = None
    caller_id: int | None = None
    vacancy_id: int | None = None
    course_id: int | None = None
    fair_id: int | None = None
    count: int | None = None
    """How many the filter found when it was agreed to; where it finds others by now, nothing is done."""


def ask(session: Session, keyring: Keyring, caller: Caller, wanted: Wanted, today: date) -> BulkAction:
    """Write down what is to be done with whom, and do it at once, or have it done by a job where they are many.

    Raises
    ------
    Problem
        403 without the right of the single act, 404 for what is not the caller's, 422 for nobody or too many.
    """
    caller = narrow(session, caller, *RIGHTS[wanted.kind])
    _require_thing(session, caller, wanted, today)
    people = _people(session, wanted.people, today)
    if wanted.count is not None and wanted.count != len(people):
        raise invalid(
            "count",
            "changed",
            f"符合条件的现在是{len(people)}人，不是{wanted.count}人，没有办理。请核对人数再办。",
        )
    row = BulkAction(
        account_id=caller.account_id,
        region=_region(session, caller, people[0]),
        kind=wanted.kind,
        due_on=wanted.due_on,
        caller_id=wanted.caller_id,
        vacancy_id=wanted.vacancy_id,
        course_id=wanted.course_id,
        fair_id=wanted.fair_id,
        filter_words=wanted.words[:500],
        total=len(people),
    )
    session.add(row)
    session.flush()
    items = [
        {"bulk_id": row.identity, "worker_id": number, "state": BulkItemState.WAITING} for number in people
    ]
    insert_rows(session.connection(), "bulk_item", items)
    _see_to(session, keyring, caller, row, today, len(people))
    return row


def go_on(session: Session, keyring: Keyring, caller: Caller, row: BulkAction, today: date) -> BulkAction:
    """See to those whom a job that stopped has left waiting.

    Raises
    ------
    Problem
        403 without the right of the single act, 404 where it is only another role's to see, 409 while it is being done,
        after it was undone, or where nobody waits.
    """
    caller = narrow(session, caller, *RIGHTS[row.kind])
    row = _held(session, row)
    waiting = tallied(session, [row.identity])[row.identity][BulkItemState.WAITING]
    if not may_go_on(row, waiting):
        raise conflict("bulk-nothing-left", "没有要继续办的", "已经办完，或已经撤销。需要时请另外办理。")
    _see_to(session, keyring, caller, row, today, waiting)
    return row


def may_go_on(row: BulkAction, waiting: int) -> bool:
    """Whether it stopped, and somebody was left waiting."""
    return bool(waiting) and row.finished_at is None and row.undone_at is None and not under_way(row)


def undo(session: Session, keyring: Keyring, caller: Caller, row: BulkAction, today: date) -> BulkAction:
    """Take it back for everybody of whom nothing came since; asked again it goes on with those who are left.

    Raises
    ------
    Problem
        403 without the right of the single act, 404 where it is only another role's to see, 409 while it is being done,
        after a day, or where nothing is left.
    """
    caller = narrow(session, caller, *RIGHTS[row.kind])
    row = _held(session, row)
    if now() > until(row):
        raise conflict(
            "bulk-too-late", "已超过24小时", "批量操作在24小时内可以一起撤销；过后请在各人的页面上逐个办理。"
        )
    left = select(BulkItem.worker_id).where(
        BulkItem.bulk_id == row.identity, BulkItem.state == BulkItemState.DONE
    )
    people = session.exec(left.limit(AT_ONCE + 1)).all()
    if not people:
        raise conflict("bulk-undone", "没有可以撤销的", "已经撤销过了，或没有给任何人办成。")
    row.undone_at, row.undone_by = row.undone_at or now(), row.undone_by or caller.account_id
    row.stopped_at = row.stopped_why = None
    if len(people) > AT_ONCE:
        row.undo_job_id = _have_done(session, caller, row, undo=True)
    else:
        work(session, keyring, caller, row, today, most=AT_ONCE, undo=True)
    session.add(row)
    session.flush()
    return row


def may_be_undone(row: BulkAction, done: int) -> bool:
    """Whether there is still time, and somebody."""
    return bool(done) and now() <= until(row) and not under_way(row)


def until(row: BulkAction) -> datetime:
    """Until when it can be taken back: a day after its end, whether all were seen to or it stopped."""
    return (row.finished_at or row.stopped_at or row.created_at) + UNDONE_WITHIN


def under_way(row: BulkAction) -> bool:
    """Whether a job is at it, doing or undoing; whose job that is does not matter."""
    return row.job_id is not None or row.undo_job_id is not None


def bulk_or_404(session: Session, bulk_id: int) -> BulkAction:
    """The bulk action, if the session may see it.

    Raises
    ------
    Problem
        404 otherwise.
    """
    row = session.get(BulkAction, bulk_id)
    if row is None:
        raise not_found("这次批量操作")
    return row


def _held(session: Session, row: BulkAction) -> BulkAction:
    held = session.get(BulkAction, row.identity, with_for_update=True, populate_existing=True)
    if held is None:
        raise not_found("这次批量操作")
    if under_way(held):
        raise conflict("bulk-under-way", "还在办理", "请等办完；要停下来的，由发起的人先按“停止”。")
    return held


def _see_to(
    session: Session, keyring: Keyring, caller: Caller, row: BulkAction, today: date, waiting: int
) -> None:
    row.stopped_at = row.stopped_why = None
    if waiting > AT_ONCE:
        row.job_id = _have_done(session, caller, row, undo=False)
        session.add(row)
        session.flush()
    else:
        work(session, keyring, caller, row, today, most=AT_ONCE)
        finish(session, caller, row)


def _have_done(session: Session, caller: Caller, row: BulkAction, *, undo: bool) -> int:
    told: dict[str, Any] = {"bulk_id": row.identity, "undo": undo}
    if caller.governs(row.region):
        told["region"] = row.region
    return enqueue(session, caller.account_id, f"bulk.{row.kind.value}", told).identity


def _people(session: Session, told: Sequence[int] | Sought, today: date) -> list[int]:
    found: list[int]
    if isinstance(told, Sought):
        require_village(session, told.region, told.village)
        query = people_sought(told, today).with_only_columns(col(Worker.id)).order_by(col(Worker.id))
        found = list(session.scalars(query.limit(MOST + 1)))
    else:
        wanted = sorted(set(told))
        alive = select(Worker.id).where(col(Worker.id).in_(wanted), col(Worker.merged_into).is_(None))
        found = sorted(number for number in session.exec(alive) if number is not None)
        if len(found) < len(wanted):
            raise not_found("名单中的人")
    if not found:
        raise invalid("worker_ids", "missing", "没有选中任何人。请在名单上打勾，或先按条件找到人。")
    if len(found) > MOST:
        raise Problem(
            422, "bulk-too-many", "人太多", f"一次最多对{MOST}人办理。请按乡镇等条件缩小范围，分几次办。"
        )
    return found


def _require_thing(session: Session, caller: Caller, wanted: Wanted, today: date) -> None:
    """What the act is about: told, and only that; there, and such that it can be done with anybody."""
    for kind, field in _THING.items():
        told = getattr(wanted, field)
        if (told is not None) != (kind is wanted.kind):
            words = {
                "due_on": "请填写最迟哪天回访",
                "vacancy_id": "请选择推荐到哪个岗位",
                "course_id": "请选择哪个培训班",
                "fair_id": "请选择哪场招聘会",
            }[field]
            raise invalid(field, "missing", words if told is None else f"“{wanted.kind.label}”不用填这一项")
    if wanted.due_on is not None and not today <= wanted.due_on <= today + _LATEST_CALL:
        raise invalid("due_on", "range", f"回访日期应在今天以后、{_LATEST_CALL.days}天以内")
    if wanted.caller_id is not None and (
        wanted.kind is not BulkKind.FOLLOW_UP
        or all(each.account_id != wanted.caller_id for each in colleagues(session))
    ):
        raise invalid("caller_id", "unknown", "没有这个可以随访的账号，请从本单位的随访人员中选择")
    if wanted.vacancy_id is not None:
        vacancy = session.get(Vacancy, wanted.vacancy_id)
        if vacancy is None:
            raise not_found("这个岗位")
        if vacancy.state is not VacancyState.PUBLISHED:
            raise conflict("not-published", "岗位没有发布", "请选择已发布、还在招人的岗位。")
    if wanted.course_id is not None:
        _require_here(caller, session.get(Course, wanted.course_id), "这个培训班")
    if wanted.fair_id is not None:
        _require_here(caller, session.get(Fair, wanted.fair_id), "这场招聘会")


def _require_here(caller: Caller, row: Course | Fair | None, words: str) -> None:
    if row is None or not caller.governs(row.region):
        raise not_found(words)


def _region(session: Session, caller: Caller, worker_id: int) -> str:
    """Of the caller's regions the one whose people these are; whoever answers for it may undo what was done."""
    home = session.get_one(Worker, worker_id).region
    return next((region for region in caller.regions if home.startswith(region)), home)
