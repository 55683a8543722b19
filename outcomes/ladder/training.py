"""Classes to order: who of a class then began at the post that waited for them, read of the spells."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from models.spell import EmploymentSpell
from models.training import Course, Enrolment
from models.vacancy import Vacancy


@dataclass(frozen=True, slots=True)
class Begun:
    """When somebody of a class first began: at the very post, and at its employer in whatever post."""

    at_post: date | None
    at_employer: date


def begun_after(session: Session, courses: Sequence[Course]) -> dict[tuple[int, int], Begun]:
    """By course and person: who began at the ordering employer on or after the class's first day."""
    ordered = {course.identity: course for course in courses if course.vacancy_id is not None}
    if not ordered:
        return {}
    rows = session.execute(
        select(Enrolment.course_id, EmploymentSpell)
        .join(Course, col(Course.id) == col(Enrolment.course_id))
        .join(Vacancy, col(Vacancy.id) == col(Course.vacancy_id))
        .join(EmploymentSpell, col(EmploymentSpell.worker_id) == col(Enrolment.worker_id))
        .where(
            col(Enrolment.course_id).in_(ordered),
            col(EmploymentSpell.employer_id) == col(Vacancy.employer_id),
            col(EmploymentSpell.started_on) >= col(Course.started_on),
            col(EmploymentSpell.superseded_at).is_(None),
            col(EmploymentSpell.is_main),
        )
        .order_by(col(EmploymentSpell.started_on))
    )
    found: dict[tuple[int, int], Begun] = {}
    for course_id, spell in rows:
        key = (course_id, spell.worker_id)
        known = found.get(key)
        at_post = known.at_post if known else None
        if at_post is None and spell.vacancy_id == ordered[course_id].vacancy_id:
            at_post = spell.started_on
        found[key] = Begun(at_post, known.at_employer if known else spell.started_on)
    return found
