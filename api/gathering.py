"""Lists of people as they are answered: 输送批次 and 培训班."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from sqlalchemy import func, tuple_
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from api.errors import invalid
from api.presenting import Presenter
from api.schemas.dispatch import DispatchPublic, GatheredPublic, MemberPublic
from api.schemas.training import CoursePublic, EnrolmentPublic
from api.schemas.worker import WorkerSummary
from ledger.gathering import Gathered, NotThere, for_nothing
from models.dispatch import Dispatch, DispatchMember
from models.employer import Employer
from models.training import Course, Enrolment
from models.vacancy import Vacancy
from models.worker import Worker
from outcomes.ladder.training import begun_after

_WORDS = {
    "worker_ids": "人不能列入：不在本辖区，已合并，或信息只保存不使用。没有添加任何人，请去掉后再试",
    "application_ids": "条推荐不能列入：本人还没有接受，或不在本辖区。没有添加任何人，请去掉后再试",
}
Row = TypeVar("Row", DispatchMember, Enrolment)


def gathered(command: Callable[[], Gathered]) -> GatheredPublic:
    """Put people on a list.

    Raises
    ------
    Problem
        422 when some of them cannot be listed.
    """
    try:
        found = command()
    except NotThere as missing:
        words = f"有{missing.count}{_WORDS[missing.field]}"
        raise invalid(missing.field, "unknown", words) from missing
    return GatheredPublic(added=found.added, known=found.known)


def batches_public(session: Session, present: Presenter, rows: Sequence[Dispatch]) -> list[DispatchPublic]:
    """Batches with how many people they have."""
    counts = {
        number: (whole, left, nothing)
        for number, whole, left, nothing in session.execute(
            columns(
                col(DispatchMember.dispatch_id),
                func.count(),
                func.count().filter(col(DispatchMember.departed).is_(True)),
                func.count().filter(for_nothing()),
            )
            .where(col(DispatchMember.dispatch_id).in_([row.identity for row in rows]))
            .group_by(col(DispatchMember.dispatch_id))
        )
    }
    made = []
    for row in rows:
        members, departed, nothing = counts.get(row.identity, (0, 0, 0))
        told = row.model_dump(exclude={"created_at", "region", "destination"})
        made.append(
            DispatchPublic(
                **told,
                region=present.known_place(row.region),
                destination=present.place(row.destination),
                members=members,
                departed=departed,
                for_nothing=nothing,
            )
        )
    return made


def courses_public(session: Session, present: Presenter, rows: Sequence[Course]) -> list[CoursePublic]:
    """Courses with how many people took part."""
    counts = {
        number: (whole, done)
        for number, whole, done in session.execute(
            columns(
                col(Enrolment.course_id),
                func.count(),
                func.count().filter(col(Enrolment.completed).is_(True)),
            )
            .where(col(Enrolment.course_id).in_([row.identity for row in rows]))
            .group_by(col(Enrolment.course_id))
        )
    }
    begun = begun_after(session, rows)
    posts = _posts(session, [row.vacancy_id for row in rows if row.vacancy_id is not None])
    made = []
    for row in rows:
        enrolled, completed = counts.get(row.identity, (0, 0))
        theirs = [each for (course, _), each in begun.items() if course == row.identity]
        made.append(
            CoursePublic(
                **row.model_dump(exclude={"created_at", "region", "skill"}),
                region=present.known_place(row.region),
                vacancy=posts.get(row.vacancy_id or 0),
                skill=row.skill or None,
                enrolled=enrolled,
                completed=completed,
                began_at_post=sum(each.at_post is not None for each in theirs),
                began_at_employer=len(theirs),
            )
        )
    return made


def _posts(session: Session, vacancy_ids: Sequence[int]) -> dict[int, str]:
    """Employer and title of posts, as they are named beside a class."""
    rows = session.exec(
        select(Vacancy.id, Vacancy.title, Employer.name)
        .join(Employer, col(Employer.id) == col(Vacancy.employer_id), isouter=True)
        .where(col(Vacancy.id).in_(vacancy_ids))
    ).all()
    return {number or 0: f"{name}：{title}" if name else title for number, title, name in rows}


def members_public(
    session: Session, present: Presenter, rows: Sequence[DispatchMember]
) -> list[MemberPublic]:
    """The people of a batch."""
    titles = dict(
        session.exec(
            select(Vacancy.id, Vacancy.title).where(col(Vacancy.id).in_([row.vacancy_id for row in rows]))
        ).all()
    )
    key = tuple_(col(DispatchMember.dispatch_id), col(DispatchMember.worker_id))
    nothing = set(
        session.exec(
            select(DispatchMember.dispatch_id, DispatchMember.worker_id).where(
                key.in_([(row.dispatch_id, row.worker_id) for row in rows]), for_nothing()
            )
        )
    )
    return [
        MemberPublic(
            worker=worker,
            vacancy_id=row.vacancy_id,
            vacancy=titles.get(row.vacancy_id),
            departed=row.departed,
            for_nothing=(row.dispatch_id, row.worker_id) in nothing,
        )
        for row, worker in _with_workers(session, present, rows)
    ]


def enrolments_public(
    session: Session, present: Presenter, rows: Sequence[Enrolment]
) -> list[EnrolmentPublic]:
    """The people of a course."""
    wanted = {row.course_id for row in rows}
    begun = begun_after(session, session.exec(select(Course).where(col(Course.id).in_(wanted))).all())
    made = []
    for row, worker in _with_workers(session, present, rows):
        found = begun.get((row.course_id, row.worker_id))
        made.append(
            EnrolmentPublic(
                worker=worker,
                completed=row.completed,
                certificate=row.certificate,
                began_on=(found.at_post or found.at_employer) if found else None,
            )
        )
    return made


def _with_workers(
    session: Session, present: Presenter, rows: Sequence[Row]
) -> list[tuple[Row, WorkerSummary]]:
    workers = session.exec(select(Worker).where(col(Worker.id).in_([row.worker_id for row in rows]))).all()
    of_id = {summary.id: summary for summary in present.workers(list(workers))}
    return [(row, of_id[row.worker_id]) for row in rows if row.worker_id in of_id]
