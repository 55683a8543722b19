"""A problem that a station meets becomes a promise of the home county's; one that is handed to the station it answers."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from sqlalchemy import text
from sqlmodel import Session, col, select

from api.caring import DAYS_TO_HELP, finish, promise, put_away
from api.confirming import is_theirs
from api.deps import Caller, put_scope
from api.errors import Problem, conflict, invalid, not_found
from api.schemas.station_work import HandedTo, ProblemNoted, StationProblemPublic
from ledger.contacts import NewContact, Sealed, keep_contact
from models.account import Role
from models.care import ContactMeans, Found, SupportState, SupportTask
from models.confirmation import ConfirmingSide
from models.employer import Employer
from models.sealing import Keyring
from models.spell import EmploymentSpell
from models.station import ServiceStation
from models.worker import Sex, Worker
from outcomes.confirming import days_of

_ALONE = text(
    "SELECT set_config('app.worker', :worker, true), set_config('app.regions', '{}', true), "
    "set_config('app.posted_at', '', true), set_config('app.posted_of', '', true)"
)
_NOBODY = text("SELECT set_config('app.worker', '', true)")
_NAMES = text("SELECT task_id, name, sex, told_on, employer_id FROM names_of_tasks(CAST(:ids AS bigint[]))")


def note_problem(
    session: Session,
    keyring: Keyring,
    caller: Caller,
    spell: EmploymentSpell,
    body: ProblemNoted,
    *,
    today: date,
) -> SupportTask:
    """What the station met goes to the home county, to be seen to by a day, as a call's finding does.

    Raises
    ------
    Problem
        403 where it is not this station's person; 409 where she is not at work, or her data is put away.
    """
    if not is_theirs(session, caller, ConfirmingSide.STATION, spell, today):
        raise Problem(
            403,
            "not-this-side",
            "不是您的工作站照看的人",
            "工作站只登记派驻县在本地务工的人的问题。",
        )
    first, last = days_of(spell)
    if spell.superseded_at is not None or first > today or (last is not None and last <= today):
        raise conflict(
            "not-at-work", "台账里这个人现在不在岗", "已经离岗的，请在核实里登记“不在岗”，由县里联系本人。"
        )
    station_id = _station_of(session, caller, spell)
    with _speaking_of(session, caller, spell.worker_id):
        worker = session.get_one(Worker, spell.worker_id)
        session.refresh(worker, with_for_update=True)
        if worker.restricted or worker.merged_into is not None:
            raise put_away()
        told = NewContact(today, ContactMeans.STATION, Found.IN_DIFFICULTY, body.difficulty, note=body.note)
        try:
            contact = keep_contact(session, keyring, worker, told, account_id=caller.account_id)
        except Sealed:
            raise put_away() from None
        promise(session, contact, today + DAYS_TO_HELP)
        task = session.exec(
            select(SupportTask).where(
                SupportTask.worker_id == worker.identity,
                SupportTask.difficulty == body.difficulty,
                SupportTask.state == SupportState.OPEN,
            )
        ).one()
        if task.handed_on is not None and task.station_id != station_id:
            raise conflict(
                "already-handed", "同样的问题已经在办", "县里已经把这个人的同样问题交给另一个工作站办理。"
            )
        task.station_id = station_id
        session.add(task)
        session.flush()
        session.refresh(task)
        # What is hers is the station's no longer.
        session.expunge(worker)
    return task


def hand(session: Session, task: SupportTask, body: HandedTo, *, today: date) -> None:
    """The station sees to it from now on, or the county again.

    Raises
    ------
    Problem
        409 for what is done; 422 for a station that the county does not keep, or that is closed.
    """
    if task.state is SupportState.DONE:
        raise conflict("already-done", "这件事已经办结", "请刷新页面。又出现的困难，请在下次随访时重新登记。")
    if body.take_back:
        task.handed_on = None
    else:
        station = session.get(ServiceStation, body.station_id)
        worker = session.get(Worker, task.worker_id)
        if (
            station is None
            or worker is None
            or station.closed_on is not None
            or not worker.region.startswith(station.kept_by)
        ):
            raise invalid("station_id", "unknown", "请选择本人户籍县派驻的、没有撤销的工作站")
        task.station_id, task.handed_on, task.answer = station.identity, today, ""
    session.add(task)
    session.flush()
    session.refresh(task)


def settle(session: Session, task: SupportTask, outcome: str, *, today: date, account_id: int) -> None:
    """The station did what it was handed.

    Raises
    ------
    Problem
        409 for what is done, is the county's to see to, or is of somebody put away meanwhile.
    """
    _hold_handed(session, task, today)
    finish(session, task, outcome, today=today, account_id=account_id)


def give_back(session: Session, task: SupportTask, answer: str, *, today: date) -> None:
    """The station can't see to it; the county reads why.

    Raises
    ------
    Problem
        409 for what is done, is the county's to see to, or is of somebody put away meanwhile.
    """
    _hold_handed(session, task, today)
    task.handed_on, task.answer = None, answer
    session.add(task)
    session.flush()
    session.refresh(task)


def problems_public(session: Session, rows: Sequence[SupportTask], today: date) -> list[StationProblemPublic]:
    """Problems of a station, by name; of whom is only stored, or is another county's by now, none."""
    ids = [row.identity for row in rows]
    people = {row.task_id: row for row in session.connection().execute(_NAMES, {"ids": ids})}
    numbers = {row.employer_id for row in people.values() if row.employer_id is not None}
    firms = session.exec(select(Employer.id, Employer.name).where(col(Employer.id).in_(numbers)))
    named = {number or 0: name for number, name in firms}
    return [
        StationProblemPublic(
            id=row.identity,
            version=row.version,
            name=person.name,
            sex=Sex.read(person.sex) if person.sex else None,
            employer_id=person.employer_id,
            employer=named.get(person.employer_id or 0),
            difficulty=row.difficulty,
            told_on=person.told_on,
            due_on=row.due_on,
            late=row.state is SupportState.OPEN and row.due_on < today,
            state=row.state,
            handed_on=row.handed_on,
            done_on=row.done_on,
            outcome=row.outcome,
            answer=row.answer,
        )
        for row in rows
        if (person := people.get(row.identity)) is not None
    ]


def problem_or_404(session: Session, task_id: int) -> SupportTask:
    """The problem, if one of the caller's stations noted it or was handed it.

    Raises
    ------
    Problem
        404 otherwise.
    """
    mine = text("SELECT posted_stations()")
    row = session.exec(
        select(SupportTask).where(SupportTask.id == task_id, col(SupportTask.station_id).in_(mine))
    ).first()
    if row is None:
        raise not_found("这个问题")
    return row


def _hold_handed(session: Session, task: SupportTask, today: date) -> None:
    """Lock it: what is not handed to it the station may not lock either. Of whom it is told no more it settles nothing."""
    if not problems_public(session, [task], today):
        raise put_away()
    if task.state is SupportState.DONE:
        raise conflict("already-done", "这件事已经办结", "请刷新页面。又出现的问题，请重新登记。")
    query = select(SupportTask).where(
        SupportTask.id == task.identity,
        SupportTask.state == SupportState.OPEN,
        col(SupportTask.handed_on).is_not(None),
    )
    if session.exec(query.with_for_update().execution_options(populate_existing=True)).first() is None:
        raise conflict("not-handed", "这件事由县里办理", "县里交给工作站以后，才由工作站办结或退回。")


def _station_of(session: Session, caller: Caller, spell: EmploymentSpell) -> int:
    """Through which of its stations the account looks after this person."""
    for grant in caller.grants:
        if grant.role is Role.STATION and grant.station_id is not None:
            station = session.get(ServiceStation, grant.station_id)
            here = station is not None and (spell.region or "").startswith(station.region)
            if here and grant.home and spell.origin_region.startswith(grant.home):
                return grant.station_id
    raise Problem(
        403, "not-this-side", "您的账号没有绑定工作站", "请联系派驻县的管理员，把账号绑定到工作站。"
    )


@contextmanager
def _speaking_of(session: Session, caller: Caller, worker_id: int) -> Iterator[None]:
    """For this one person, whose work the caller has been found to look after, the session sees what is hers: her key, so
    that what was said of her is sealed under it. Afterwards it is the station's again."""
    session.connection().execute(_ALONE, {"worker": str(worker_id)})
    yield
    # A refusal takes the settings back with whatever else was written since the last savepoint.
    session.connection().execute(_NOBODY)
    put_scope(session, caller)
