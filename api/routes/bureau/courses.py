"""/v1/courses: training, and who took part."""

from datetime import date
from typing import Annotated, Any

from fastapi import Depends, Response
from sqlmodel import Session, col, select

from api.deps import Caller, RowId, SessionDep, allowed
from api.errors import PROBLEMS, invalid, not_found
from api.gathering import courses_public, enrolments_public, gathered
from api.idempotency import OnceDep
from api.laying import bureau_router
from api.paging import Page, PagingDep, page_of
from api.presenting import PresenterDep
from api.requirements import require_scope
from api.rights import Action
from api.schemas.dispatch import ChangedPublic, GatheredPublic, PeopleTold
from api.schemas.training import Completion, CourseCreate, CoursePublic, CourseUpdate, EnrolmentPublic
from api.versions import IfMatchDep, etag, hold
from ledger.gathering import add_to_course, complete, enrolled_in, take_off
from ledger.in_use import in_use
from models.taxonomy import Occupation
from models.training import TO_ORDER, Course, Enrolment
from models.vacancy import Vacancy
from outcomes.calendar import shift

router = bureau_router("/courses", tag="course", responses=PROBLEMS)
Reader = Annotated[Caller, Depends(allowed(Action.READ_LEDGER))]
Writer = Annotated[Caller, Depends(allowed(Action.WRITE_LEDGER))]
_MAY_BE_UNKNOWN = {"occupation", "vacancy_id", "skill", "skill_level", "ended_on"}
_MONTHS_AHEAD = 24


@router.get("", operation_id="list_courses")
def list_courses(
    session: SessionDep, _: Reader, paging: PagingDep, present: PresenterDep
) -> Page[CoursePublic]:
    """The courses of my regions."""
    rows, cursor, total = page_of(
        session,
        select(Course),
        paging,
        number=col(Course.id),
        sorts={"started_on": col(Course.started_on)},
        default="-started_on",
    )
    return Page(items=courses_public(session, present, rows), next_cursor=cursor, total=total)


@router.post("", status_code=201, operation_id="create_course")
def create_course(
    body: CourseCreate, session: SessionDep, caller: Writer, once: OnceDep, present: PresenterDep
) -> CoursePublic:
    """Enter a course; who takes part is added afterwards."""
    require_scope(session, caller, body.region)
    _require_known(session, body)
    row = Course(**body.model_dump() | {"skill": body.skill or ""})
    _require_post(row)
    _require_order(row, present.today)
    session.add(row)
    session.flush()
    session.refresh(row)
    return once.keep(courses_public(session, present, [row])[0])


@router.get("/{course_id}", operation_id="read_course")
def read_course(
    course_id: RowId, session: SessionDep, _: Reader, present: PresenterDep, response: Response
) -> CoursePublic:
    """One course."""
    row = course_or_404(session, course_id)
    response.headers.update(etag(row))
    return courses_public(session, present, [row])[0]


@router.patch("/{course_id}", operation_id="update_course")
def update_course(
    course_id: RowId,
    body: CourseUpdate,
    session: SessionDep,
    _: Writer,
    version: IfMatchDep,
    present: PresenterDep,
    response: Response,
) -> CoursePublic:
    """Change what is told of a course (JSON merge patch)."""
    row = course_or_404(session, course_id)
    hold(session, row, version)
    _require_known(session, body)
    for field, value in body.model_dump(exclude_unset=True).items():
        if value is None and field not in _MAY_BE_UNKNOWN:
            raise invalid(field, "missing", "不能为空")
        setattr(row, field, value if field != "skill" else value or "")
    if {"kind", "vacancy_id"} & body.model_fields_set:
        _require_post(row)
    _require_order(row, present.today)
    session.add(row)
    session.flush()
    session.refresh(row)
    response.headers.update(etag(row))
    return courses_public(session, present, [row])[0]


@router.get("/{course_id}/enrolments", operation_id="list_enrolments")
def list_enrolments(
    course_id: RowId, session: SessionDep, _: Reader, paging: PagingDep, present: PresenterDep
) -> Page[EnrolmentPublic]:
    """Who took part, as far as they are of my regions."""
    course = course_or_404(session, course_id)
    rows, cursor, total = page_of(
        session,
        select(Enrolment).where(Enrolment.course_id == course.identity, in_use(Enrolment.worker_id)),
        paging,
        number=col(Enrolment.id),
        sorts={},
        default="id",
    )
    return Page(items=enrolments_public(session, present, rows), next_cursor=cursor, total=total)


@router.post("/{course_id}/enrolments", operation_id="add_enrolments")
def add_enrolments(course_id: RowId, body: PeopleTold, session: SessionDep, _: Writer) -> GatheredPublic:
    """Put people on the list, all or none; who is on it already stays."""
    course = course_or_404(session, course_id)
    return gathered(lambda: add_to_course(session, course, body.worker_ids))


@router.post("/{course_id}/remove", operation_id="remove_enrolments")
def remove_enrolments(course_id: RowId, body: PeopleTold, session: SessionDep, _: Writer) -> ChangedPublic:
    """Take people off the list."""
    course = course_or_404(session, course_id)
    return ChangedPublic(changed=take_off(session, enrolled_in(session, course, body.worker_ids)))


@router.post("/{course_id}/complete", operation_id="complete_course")
def complete_course(course_id: RowId, body: Completion, session: SessionDep, _: Writer) -> ChangedPublic:
    """Note who completed it, or did not, and one person's certificate. What the course teaches becomes a skill of whoever
    completed it."""
    course = course_or_404(session, course_id)
    rows = enrolled_in(session, course, body.worker_ids)
    if body.worker_ids is not None and (missing := len(set(body.worker_ids)) - len(rows)):
        words = f"有{missing}人不在这个班的名单上。没有登记任何人，请先添加到名单，或去掉后再试"
        raise invalid("worker_ids", "not_enrolled", words)
    if body.certificate is not None and len(rows) != 1:
        raise invalid("certificate", "several", "证书编号一人一份，请一次只填一个人的")
    for row in rows:
        complete(session, course, row, completed=body.completed, certificate=body.certificate)
    return ChangedPublic(changed=len(rows))


def course_or_404(session: Session, course_id: int) -> Course:
    """The course, if the session may see it.

    Raises
    ------
    Problem
        404 otherwise.
    """
    row = session.get(Course, course_id)
    if row is None:
        raise not_found("这个培训班")
    return row


def _require_known(session: Session, told: Any) -> None:
    if told.occupation is not None and session.get(Occupation, told.occupation) is None:
        raise invalid("occupation", "unknown", "没有这个职业代码，请从职业表中选择")
    if told.vacancy_id is not None and session.get(Vacancy, told.vacancy_id) is None:
        raise invalid("vacancy_id", "unknown", "没有这个岗位，请从岗位列表中选择")


def _require_post(row: Course) -> None:
    if row.kind in TO_ORDER and row.vacancy_id is None:
        raise invalid("vacancy_id", "missing", f"{row.kind.label}要写明对应的岗位，请从岗位列表中选择")


def _require_order(row: Course, today: date) -> None:
    for field, words, day in (("started_on", "开班", row.started_on), ("ended_on", "结业", row.ended_on)):
        if day is not None and day > shift(today, _MONTHS_AHEAD):
            raise invalid(field, "too_far_ahead", f"{words}日期最多在两年以后，请核对年份")
    if row.ended_on is not None and row.ended_on < row.started_on:
        raise invalid("ended_on", "order", "结业日期不能早于开班日期")
    if row.skill_level is not None and not row.skill:
        raise invalid("skill", "missing", "写了技能等级的，请写明是什么技能")
