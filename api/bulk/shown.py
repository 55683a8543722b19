"""Bulk actions as they are answered: what about, how far, and what became of each person."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from api.accounts import account_names
from api.bulk.asking import may_be_undone, may_go_on, under_way, until
from api.bulk.doing import tallied
from api.presenting import Presenter
from api.schemas.bulk import BulkItemPublic, BulkPublic, BulkTally
from api.schemas.job import JobPublic, public_job
from models.bulk import among
from models.bulk_action import BulkAction, BulkItem, BulkItemState, BulkKind
from models.fair import Fair
from models.job import UNFINISHED, Job
from models.training import Course
from models.vacancy import Vacancy
from models.worker import Worker


def bulks_public(session: Session, present: Presenter, rows: Sequence[BulkAction]) -> list[BulkPublic]:
    """Bulk actions with how far each is."""
    tallies = tallied(session, [row.identity for row in rows])
    callers = [row.caller_id for row in rows]
    names = account_names(
        session, [*callers, *(each for row in rows for each in (row.account_id, row.undone_by))]
    )
    made = []
    for row in rows:
        people = tallies[row.identity]
        about, link = _about(session, row, names)
        made.append(
            BulkPublic(
                id=row.identity,
                kind=row.kind,
                about=about,
                link=link,
                filter_words=row.filter_words,
                region=present.known_place(row.region),
                by=names.get(row.account_id),
                due_on=row.due_on,
                total=row.total,
                people=BulkTally(**{state.value: count for state, count in people.items()}),
                created_at=row.created_at,
                finished_at=row.finished_at,
                undone_at=row.undone_at,
                undone_by=names.get(row.undone_by or 0),
                may_be_undone=may_be_undone(row, people[BulkItemState.DONE]),
                until=until(row),
                stopped_at=row.stopped_at,
                stopped_why=row.stopped_why,
                under_way=under_way(row),
                may_go_on=may_go_on(row, people[BulkItemState.WAITING]),
                job=_job(session, row),
            )
        )
    return made


def items_public(
    session: Session, present: Presenter, row: BulkAction, items: Sequence[BulkItem]
) -> list[BulkItemPublic]:
    """What became of these people."""
    found = session.exec(select(Worker).where(among(Worker.id, [item.worker_id for item in items]))).all()
    people = {each.id: each for each in present.workers(list(found))}
    return [
        BulkItemPublic(
            worker=people[item.worker_id], state=item.state, reason=item.reason, link=_where(row, item)
        )
        for item in items
        if item.worker_id in people
    ]


def _where(row: BulkAction, item: BulkItem) -> str:
    """Where somebody's case is gone on with."""
    if row.kind is BulkKind.PROPOSE and item.made_id:
        return f"/applications/{item.made_id}"
    if row.kind is BulkKind.ENROL and item.made_id:
        return f"/courses/{row.course_id}"
    if row.kind is BulkKind.INVITE and item.made_id:
        return f"/fairs/{row.fair_id}/invitations"
    return f"/workers/{item.worker_id}"


def _about(session: Session, row: BulkAction, names: dict[int, str]) -> tuple[str, str | None]:
    if row.due_on is not None:
        who = names.get(row.caller_id or 0)
        words = f"{row.due_on.year}年{row.due_on.month}月{row.due_on.day}日前回访"
        return words + (f"，由{who}打" if who else ""), "/call-requests"
    if row.vacancy_id is not None:
        vacancy = session.get(Vacancy, row.vacancy_id)
        return (vacancy.title if vacancy else "岗位"), f"/vacancies/{row.vacancy_id}"
    if row.course_id is not None:
        course = session.get(Course, row.course_id)
        return (course.name if course else "培训班"), f"/courses/{row.course_id}"
    fair = session.get(Fair, row.fair_id)
    return (fair.name if fair else "招聘会"), f"/fairs/{row.fair_id}/invitations"


def _job(session: Session, row: BulkAction) -> JobPublic | None:
    for number in (row.undo_job_id, row.job_id):
        if number is not None:
            job = session.exec(
                select(Job).where(col(Job.id) == number, col(Job.state).in_(UNFINISHED))
            ).first()
            if job is not None:
                return public_job(job)
    return None
