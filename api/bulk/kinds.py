"""The acts that are done with many: each is the single act, asked of one person after the other, and its undoing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from api.calling import colleagues
from api.deps import Caller
from api.errors import Problem, of_database
from api.fairs.inviting import invite, revoke
from api.jobs.running import JobFailed
from api.placing import put_forward, step
from ledger.applications import RefusalReason
from ledger.gathering import NotThere, add_to_course, enrolled_in, take_off
from matching.columns import Market
from matching.eligibility import excluded_workers
from matching.market import load_named_vacancies, load_places, load_workers
from models.application import OPEN_STATES, Application, ApplicationState
from models.bulk_action import BulkAction, BulkItem, BulkKind
from models.fair import Fair
from models.kiosk import FairInvitation
from models.notice import CallRequest, CallWhy
from models.sealing import Keyring
from models.training import Course
from models.vacancy import Vacancy
from models.visit import Visit
from models.worker import Worker

GONE = "不在您的辖区，或档案已合并"
_STORED = "信息已限制使用"


class NotDone(Exception):
    """The act was not done for this person; the message says why and names nobody."""

    def __init__(self, why: str, *, known: bool = False) -> None:
        super().__init__(why)
        self.known = known


class NotUndone(Exception):
    """What was done stands; the message says why."""


@dataclass(frozen=True, slots=True)
class Doing:
    """What one transaction of a bulk action works with."""

    session: Session
    keyring: Keyring
    caller: Caller
    row: BulkAction
    today: date
    ruled_out: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Made:
    """The row that was made for somebody, and its version if it has one."""

    id: int
    version: int | None = None


def do_one(doing: Doing, worker: Worker | None) -> Made:
    """The act, for one person, wholly or not at all.

    Raises
    ------
    NotDone
        where the single act would be refused, or was done before.
    """
    if worker is None or worker.merged_into is not None:
        raise NotDone(GONE)
    if worker.restricted:
        raise NotDone(_STORED)
    if (rule := doing.ruled_out.get(worker.identity)) is not None:
        raise NotDone(rule)
    try:
        with doing.session.begin_nested():
            return _DO[doing.row.kind](doing, worker)
    except Problem as problem:
        raise NotDone(problem.body.title) from problem
    except IntegrityError as error:
        raise NotDone(of_database(error).body.title, known=True) from error
    except NotThere as error:
        raise NotDone(GONE) from error


def undo_one(doing: Doing, item: BulkItem) -> None:
    """Take the act back for one person, if nothing came of it since.

    Raises
    ------
    NotUndone
        where something did.
    """
    try:
        with doing.session.begin_nested():
            _UNDO[doing.row.kind](doing, item)
    except Problem as problem:
        raise NotUndone(problem.body.title) from problem


def ruled_out(session: Session, row: BulkAction, people: Sequence[int], today: date) -> dict[int, str]:
    """Who may not be put forward for the post, by the first rule that says so; it is asked of each, and no score is made."""
    if row.kind is not BulkKind.PROPOSE or row.vacancy_id is None:
        return {}
    posts = load_named_vacancies(session, [row.vacancy_id])
    workers = load_workers(session, today, worker_ids=people)
    if not len(posts) or not len(workers):
        return {}
    market = Market(workers, posts, today, places=load_places(session, posts))
    found: dict[int, str] = {}
    for each in excluded_workers(market, 0):
        found.setdefault(int(workers.id[each.index]), each.label)
    return found


def _arrange(doing: Doing, worker: Worker) -> Made:
    row = doing.row
    standing = select(CallRequest.id).where(
        CallRequest.worker_id == worker.identity,
        CallRequest.why == CallWhy.ARRANGED,
        col(CallRequest.done_on).is_(None),
    )
    if doing.session.exec(standing).first() is not None:
        raise NotDone("已经安排过回访，还没有打", known=True)
    if row.caller_id is not None:
        regions = next(
            (each.regions for each in colleagues(doing.session) if each.account_id == row.caller_id), ()
        )
        if not any(worker.region.startswith(region) for region in regions):
            raise NotDone("不在这位随访人管的地方")
    call = CallRequest(
        worker_id=worker.identity,
        why=CallWhy.ARRANGED,
        asked_on=doing.today,
        due_on=max(row.due_on or doing.today, doing.today),
        account_id=row.account_id,
        caller_id=row.caller_id,
        is_demo=worker.is_demo,
    )
    doing.session.add(call)
    doing.session.flush()
    doing.session.refresh(call)
    return Made(call.identity, call.version)


def _take_off_call(doing: Doing, item: BulkItem) -> None:
    call = doing.session.get(CallRequest, item.made_id, with_for_update=True)
    if call is None or call.done_on is not None or call.version != item.made_version:
        raise NotUndone("已经打过，或改过")
    doing.session.delete(call)
    doing.session.flush()


def _propose(doing: Doing, worker: Worker) -> Made:
    vacancy = doing.session.get(Vacancy, doing.row.vacancy_id)
    if vacancy is None:
        raise JobFailed("这个岗位已不在，没有继续推荐。")
    made = put_forward(doing.session, worker, vacancy, today=doing.today, account_id=doing.caller.account_id)
    return Made(made.identity, made.version)


def _withdraw(doing: Doing, item: BulkItem) -> None:
    application = doing.session.get(Application, item.made_id, with_for_update=True)
    if application is None or application.state not in OPEN_STATES:
        raise NotUndone("推荐已经结束，或已经上岗")
    if application.state is not ApplicationState.PROPOSED or application.version != item.made_version:
        raise NotUndone(f"已经办到“{application.state.label}”")
    step(
        doing.session, application, ApplicationState.WITHDRAWN,
        on=doing.today, account_id=doing.caller.account_id, reason=RefusalReason.MISTAKEN.value,
    )  # fmt: skip


def _enrol(doing: Doing, worker: Worker) -> Made:
    course = _course(doing)
    if not worker.region.startswith(course.region):
        raise NotDone("不属于办这个班的地区")
    if not add_to_course(doing.session, course, [worker.identity]).added:
        raise NotDone("已在名单上", known=True)
    return Made(enrolled_in(doing.session, course, [worker.identity])[0].identity)


def _unenrol(doing: Doing, item: BulkItem) -> None:
    rows = enrolled_in(doing.session, _course(doing), [item.worker_id])
    if not rows or rows[0].identity != item.made_id:
        raise NotUndone("已从名单上去掉")
    if rows[0].completed is not None:
        raise NotUndone("已登记结业情况")
    take_off(doing.session, rows)


def _course(doing: Doing) -> Course:
    course = doing.session.get(Course, doing.row.course_id)
    if course is None:
        raise JobFailed("这个培训班已不在，没有继续办理。")
    return course


def _invite(doing: Doing, worker: Worker) -> Made:
    fair = _fair(doing)
    if fair.called_off or fair.held_on < doing.today:
        raise NotDone("招聘会已结束或取消")
    if not worker.region.startswith(fair.region):
        raise NotDone("不属于办这场招聘会的地区")
    if not invite(doing.session, doing.keyring, fair, [worker.identity]):
        raise NotDone("已经邀请过", known=True)
    made = doing.session.exec(
        select(FairInvitation).where(
            FairInvitation.fair_id == fair.identity,
            FairInvitation.worker_id == worker.identity,
            col(FairInvitation.revoked_at).is_(None),
        )
    ).one()
    return Made(made.identity)


def _uninvite(doing: Doing, item: BulkItem) -> None:
    fair = _fair(doing)
    came = select(Visit.id).where(Visit.fair_id == fair.identity, Visit.worker_id == item.worker_id)
    if doing.session.exec(came).first() is not None:
        raise NotUndone("已经到场")
    row = doing.session.get(FairInvitation, item.made_id)
    if row is None or row.revoked_at is not None:
        raise NotUndone("邀请已经撤销")
    revoke(doing.session, fair, row.identity)


def _fair(doing: Doing) -> Fair:
    fair = doing.session.get(Fair, doing.row.fair_id)
    if fair is None:
        raise JobFailed("这场招聘会已不在，没有继续办理。")
    return fair


_DO: Mapping[BulkKind, Callable[[Doing, Worker], Made]] = {
    BulkKind.FOLLOW_UP: _arrange,
    BulkKind.PROPOSE: _propose,
    BulkKind.ENROL: _enrol,
    BulkKind.INVITE: _invite,
}
_UNDO: Mapping[BulkKind, Callable[[Doing, BulkItem], None]] = {
    BulkKind.FOLLOW_UP: _take_off_call,
    BulkKind.PROPOSE: _withdraw,
    BulkKind.ENROL: _unenrol,
    BulkKind.INVITE: _uninvite,
}
