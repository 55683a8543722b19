"""用人单位: how readily each answers, what it offers, who works there."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from api.deps import RowId
from api.offering import on_offer, standings_of
from api.pages.desk import Desk, DeskDep
from api.pages.routing import PageRoute
from api.paging import Paging
from api.routes.bureau import employers as door
from api.routes.bureau.vacancies import list_vacancies
from models.spell import EmploymentSpell
from models.vacancy import Vacancy

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get("/employers")
def show_employers(
    desk: DeskDep,
    q: Annotated[str, Query(max_length=100)] = "",
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> HTMLResponse:
    """Employers, the newest first."""
    found = door.list_employers(
        desk.session, desk.caller, Paging(50, cursor, None), desk.present, q=q.strip() or None
    )
    ids = [item.id for item in found.items]
    return desk.show(
        "employers.html",
        found=found,
        q=q,
        offered=_offered(desk, ids),
        at_work=_at_work(desk.session, desk, ids),
        first_page=cursor is None,
    )


@router.get("/employers/{employer_id}")
def show_employer(desk: DeskDep, employer_id: RowId) -> HTMLResponse:
    """One employer with its posts."""
    employer = door.read_employer(employer_id, desk.session, desk.caller, desk.present, Response())
    posts = list_vacancies(
        desk.session,
        desk.caller,
        Paging(100, None, None),
        desk.present,
        desk.today,
        employer_id=employer_id,
    )
    ids = [item.id for item in posts.items]
    return desk.show(
        "employer.html",
        path="/employers",
        employer=employer,
        posts=posts,
        standings=standings_of(desk.session, desk.today, ids, desk.present.refresh_days),
        at_work=_at_work(desk.session, desk, [employer_id]).get(employer_id, 0),
    )


def _offered(desk: Desk, ids: list[int]) -> dict[int, int]:
    """How many posts each has on offer."""
    query = (
        select(col(Vacancy.employer_id), func.count())
        .where(col(Vacancy.employer_id).in_(ids), on_offer(desk.today, desk.present.refresh_days))
        .group_by(col(Vacancy.employer_id))
    )
    return {number: count for number, count in desk.session.exec(query) if number is not None}


def _at_work(session: Session, desk: Desk, ids: list[int]) -> dict[int, int]:
    """How many of the people whom this account may see are at work with each."""
    ended = col(EmploymentSpell.ended_on)
    query = (
        select(col(EmploymentSpell.employer_id), func.count(col(EmploymentSpell.worker_id).distinct()))
        .where(
            col(EmploymentSpell.employer_id).in_(ids),
            col(EmploymentSpell.superseded_at).is_(None),
            col(EmploymentSpell.started_on) <= desk.today,
            or_(ended.is_(None), ended >= desk.today),
        )
        .group_by(col(EmploymentSpell.employer_id))
    )
    return {number: count for number, count in session.exec(query) if number is not None}
