"""People put together: into a 输送批次 that leaves on a day, into a 培训班. Who is there already stays as they are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, literal, or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.application import OPEN_STATES, Application, ApplicationState
from models.bulk import among
from models.dispatch import Dispatch, DispatchMember
from models.training import Course, Enrolment
from models.worker import Worker, WorkerSkill

MAY_LEAVE = (ApplicationState.ACCEPTED, ApplicationState.STARTED)
"""Who has accepted a post, or has just started there, may be put on the list of a batch."""

_ON_THE_WAY = col(Application.state).in_((*OPEN_STATES, ApplicationState.STARTED))


class NotThere(ValueError):
    """People or applications that are not there, or not the caller's; `field` names which list, `count` how many."""

    def __init__(self, field: str, count: int) -> None:
        super().__init__(f"{count} of {field}")
        self.field = field
        self.count = count


@dataclass(frozen=True, slots=True)
class Gathered:
    """How many were put on the list, and how many stood on it before."""

    added: int
    known: int


def add_to_batch(
    session: Session,
    batch: Dispatch,
    *,
    today: date,
    worker_ids: Sequence[int] = (),
    application_ids: Sequence[int] = (),
    planned: Mapping[int, int] | None = None,
) -> Gathered:
    """Put people on the list of a batch: by themselves, with the post that they have accepted, or with the one for
    which a plan that was approved has them (`planned`, by person). Nobody leaves twice: who is still on the list of another
    batch that has not left, for a post that came to nothing, is taken off that one.

    Raises
    ------
    NotThere
        when one of them cannot be listed: unknown, of another bureau, merged, or only stored; or when an application
        has not been accepted. Nobody is added then.
    """
    posts = _posts(session, application_ids)
    planned = planned or {}
    wanted = {**dict.fromkeys(_listable(session, [*worker_ids, *planned])), **planned, **posts}
    _listable(session, list(posts), "application_ids")
    there = set(
        session.exec(select(DispatchMember.worker_id).where(DispatchMember.dispatch_id == batch.identity))
    )
    new = [worker_id for worker_id in wanted if worker_id not in there]
    take_off(session, _listed_for_nothing(session, batch, {each: wanted[each] for each in new}, today))
    session.add_all(
        DispatchMember(dispatch_id=batch.identity, worker_id=worker_id, vacancy_id=wanted[worker_id])
        for worker_id in new
    )
    session.flush()
    return Gathered(len(new), len(wanted) - len(new))


def add_to_course(session: Session, course: Course, worker_ids: Sequence[int]) -> Gathered:
    """Put people on the list of a course.

    Raises
    ------
    NotThere
        when one of them cannot be listed; nobody is added then.
    """
    wanted = _listable(session, worker_ids)
    there = set(session.exec(select(Enrolment.worker_id).where(Enrolment.course_id == course.identity)))
    new = [worker_id for worker_id in wanted if worker_id not in there]
    session.add_all(Enrolment(course_id=course.identity, worker_id=worker_id) for worker_id in new)
    session.flush()
    return Gathered(len(new), len(wanted) - len(new))


def members_of(
    session: Session, batch: Dispatch, worker_ids: Sequence[int] | None = None
) -> list[DispatchMember]:
    """The list of a batch, or those of it who are named."""
    query = select(DispatchMember).where(DispatchMember.dispatch_id == batch.identity)
    if worker_ids is not None:
        query = query.where(col(DispatchMember.worker_id).in_(worker_ids))
    return list(session.exec(query))


def listed_for_nothing(session: Session, batch: Dispatch) -> set[int]:
    """Who of the list does not go, since the post came to nothing."""
    mine = DispatchMember.dispatch_id == batch.identity
    return set(session.exec(select(DispatchMember.worker_id).where(mine, for_nothing())))


def enrolled_in(session: Session, course: Course, worker_ids: Sequence[int] | None = None) -> list[Enrolment]:
    """The list of a course, or those of it who are named."""
    query = select(Enrolment).where(Enrolment.course_id == course.identity)
    if worker_ids is not None:
        query = query.where(col(Enrolment.worker_id).in_(worker_ids))
    return list(session.exec(query))


def enrolments_of(session: Session, worker_id: int) -> list[tuple[Enrolment, Course]]:
    """Where somebody took part, the latest first."""
    return list(
        session.exec(
            select(Enrolment, Course)
            .join(Course, col(Course.id) == col(Enrolment.course_id))
            .where(Enrolment.worker_id == worker_id)
            .order_by(col(Course.started_on).desc())
        )
    )


def complete(
    session: Session, course: Course, row: Enrolment, *, completed: bool, certificate: str | None
) -> None:
    """Note whether somebody completed a course. What it teaches is a skill of theirs from now on, never at a lower level
    than is known."""
    row.completed = completed
    if certificate is not None:
        row.certificate = certificate
    session.add(row)
    if completed and course.skill:
        skill = session.get(WorkerSkill, (row.worker_id, course.skill))
        skill = skill or WorkerSkill(worker_id=row.worker_id, skill=course.skill)
        skill.level = max(skill.level or 0, course.skill_level or 0) or None
        session.add(skill)
    session.flush()


def take_off(session: Session, rows: Iterable[DispatchMember | Enrolment]) -> int:
    """Take people off the list they stand on; how many."""
    count = 0
    for row in rows:
        session.delete(row)
        count += 1
    session.flush()
    return count


def for_nothing() -> ColumnElement[bool]:
    """Of a row of a list: nobody has noted whether the person left, and the post on it came to nothing, because the application
    for it was withdrawn, refused or ended otherwise, by whichever side."""
    return (
        col(DispatchMember.departed).is_(None)
        & _applied().where(~_ON_THE_WAY).exists()
        & ~_applied().where(_ON_THE_WAY).exists()
    )


def _applied() -> SelectOfScalar[Any]:
    """The applications of the person of a row for the post on it."""
    return (
        select(Application.id)
        .where(
            Application.worker_id == DispatchMember.worker_id,
            Application.vacancy_id == DispatchMember.vacancy_id,
        )
        .correlate(DispatchMember)
    )


def _listed_for_nothing(
    session: Session, batch: Dispatch, posts: Mapping[int, int | None], today: date
) -> list[DispatchMember]:
    """Where these people stand on another list of a batch that has not left, for a post for which their application was
    refused, withdrawn or ended otherwise; asked again for just the post of `posts`, they go there with this batch."""
    rows = session.exec(
        select(DispatchMember, _applied().where(_ON_THE_WAY).exists())
        .join(Dispatch, col(Dispatch.id) == col(DispatchMember.dispatch_id))
        .where(
            among(DispatchMember.worker_id, list(posts)),
            DispatchMember.dispatch_id != batch.identity,
            col(DispatchMember.departed).is_(None),
            Dispatch.departs_on >= today,
            _applied().where(~_ON_THE_WAY).exists(),
        )
        .with_for_update(of=DispatchMember)
    ).all()
    return [row for row, goes in rows if not goes or row.vacancy_id == posts[row.worker_id]]


def _listable(session: Session, worker_ids: Sequence[int], field: str = "worker_ids") -> list[int]:
    wanted = list(dict.fromkeys(worker_ids))
    found = set(
        session.exec(
            select(Worker.id).where(
                col(Worker.id).in_(wanted), ~col(Worker.restricted), col(Worker.merged_into).is_(None)
            )
        )
    )
    if len(found) < len(wanted):
        raise NotThere(field, len(wanted) - len(found))
    return wanted


def _posts(session: Session, application_ids: Sequence[int]) -> dict[int, int | None]:
    wanted = set(application_ids)
    rows = session.exec(
        select(Application.worker_id, Application.vacancy_id).where(
            col(Application.id).in_(wanted), col(Application.state).in_(MAY_LEAVE)
        )
    ).all()
    if len(rows) < len(wanted):
        raise NotThere("application_ids", len(wanted) - len(rows))
    return dict(rows)


def courses_open_to(session: Session, worker: Worker, as_of: date) -> Sequence[Course]:
    """Courses with a skill at their end that are still to begin or known to go on, of a bureau in whose region the person lives,
    without those that she is in already; the next to begin first, behind them those that have begun, the latest first."""
    mine = select(Enrolment.course_id).where(Enrolment.worker_id == worker.identity)
    rows = session.exec(
        select(Course).where(
            literal(worker.region).startswith(col(Course.region)),
            Course.skill != "",
            or_(
                col(Course.ended_on) >= as_of,
                col(Course.ended_on).is_(None) & (col(Course.started_on) >= as_of),
            ),
            col(Course.id).not_in(mine),
        )
    ).all()

    def order(row: Course) -> tuple[bool, int, int]:
        begun = row.started_on <= as_of
        return begun, (-1 if begun else 1) * row.started_on.toordinal(), row.identity

    return sorted(rows, key=order)
