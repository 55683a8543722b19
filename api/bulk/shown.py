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
    things, jobs = _things(session, rows), _jobs(session, rows)
    for row in rows:
        people = tallies[row.identity]
        about, link = _about(row, names, things)
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
                job=_job(row, jobs),
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


def _things(session: Session, rows: Sequence[BulkAction]) -> dict[tuple[str, int], str]:
    """What the posts, classes and fairs are called that they are about."""
    found: dict[tuple[str, int], str] = {}
    for name, model, words in (
        ("vacancy_id", Vacancy, Vacancy.title),
        ("course_id", Course, Course.name),
        ("fair_id", Fair, Fair.name),
    ):
        wanted = [number for row in rows if (number := getattr(row, name)) is not None]
        query = select(model.id, words).where(among(model.id, wanted))
        found |= {(name, number or 0): told for number, told in session.exec(query)} if wanted else {}
    return found


def _about(
    row: BulkAction, names: dict[int, str], things: dict[tuple[str, int], str]
) -> tuple[str, str | None]:
    if row.due_on is not None:
        who = names.get(row.caller_id or 0)
        words = f"{row.due_on.year}年{row.due_on.month}月{row.due_on.day}日前回访"
        return words + (f"，由{who}打" if who else ""), "/call-requests"
    if row.vacancy_id is not None:
        return things.get(("vacancy_id", row.vacancy_id), "岗位"), f"/vacancies/{row.vacancy_id}"
    if row.course_id is not None:
        return things.get(("course_id", row.course_id), "培训班"), f"/courses/{row.course_id}"
    fair = things.get(("fair_id", row.fair_id or 0), "招聘会")
    return fair, f"/fairs/{row.fair_id}/invitations"


def _jobs(session: Session, rows: Sequence[BulkAction]) -> dict[int, Job]:
    """Those of their jobs that are not done yet."""
    wanted = [number for row in rows for number in (row.undo_job_id, row.job_id) if number is not None]
    query = select(Job).where(among(Job.id, wanted), col(Job.state).in_(UNFINISHED))
    return {job.identity: job for job in session.exec(query)} if wanted else {}


def _job(row: BulkAction, jobs: dict[int, Job]) -> JobPublic | None:
    found = jobs.get(row.undo_job_id or 0) or jobs.get(row.job_id or 0)
    return public_job(found) if found is not None else None
