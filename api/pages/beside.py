"""比一比: up to four posts for a person, or up to six people for a post, side by side; put forward from there, and undone."""

from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse
from sqlmodel import col, select

from api.beside import people_beside, posts_beside
from api.deps import RowId
from api.errors import Problem, conflict, not_found
from api.matches import vacancy_matches, worker_matches
from api.offering import standings_of
from api.pages.desk import Desk, desk_for
from api.pages.routing import PageRoute
from api.pages.same_posts import without_twins
from api.recommending import vacancies_for, workers_for
from api.rights import Action
from api.routes.bureau.vacancies import vacancy_or_404
from api.routes.bureau.workers import worker_or_404
from api.schemas.base import RowNumber
from models.application import OPEN_STATES, Application, ApplicationState
from models.vacancy import Vacancy
from models.worker import Worker

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Reader = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER))]
Chosen = Annotated[list[RowNumber] | None, Query(max_length=50)]
MOST_POSTS = 4
MOST_PEOPLE = 6
_OFFERED = 10
"""How many of a list there are to choose from."""


@router.get("/workers/{worker_id}/beside")
def show_posts(desk: Reader, worker_id: RowId, post: Chosen = None) -> HTMLResponse:
    """Posts side by side; those that suit best where none are named."""
    return posts_page(desk, worker_id, post or [])


@router.get("/vacancies/{vacancy_id}/beside")
def show_people(desk: Reader, vacancy_id: RowId, person: Chosen = None) -> HTMLResponse:
    """People side by side; who suits best where nobody is named."""
    return people_page(desk, vacancy_id, person or [])


def address_of(back: str, worker_id: int, vacancy_id: int, beside: Sequence[int]) -> str:
    """Where a form that stands on one of the two pages leads back to; `back` is `posts` or `people`."""
    one, name = (
        (f"/workers/{worker_id}", "post") if back == "posts" else (f"/vacancies/{vacancy_id}", "person")
    )
    return f"{one}/beside?{urlencode([(name, each) for each in beside])}"


def posts_page(
    desk: Desk, worker_id: int, chosen: Sequence[int], *, problem: Problem | None = None
) -> HTMLResponse:
    """The page of one person."""
    row = worker_or_404(desk.session, worker_id)
    if row.restricted:
        raise conflict(
            "restricted", "该劳动力信息已限制使用", "本人已撤回同意或申请删除，信息只保存：不比较、不推荐。"
        )
    desk = desk.at(row.region)
    session, present = desk.session, desk.present
    given: dict[str, Any] = {
        "account_id": desk.caller.account_id,
        "as_of": desk.today,
        "refreshed_within_days": present.refresh_days,
    }
    found = vacancies_for(session, row, limit=_OFFERED, net=True, explore=present.explore_share, **given)
    offered, _ = without_twins(session, vacancy_matches(session, found, present).items)
    numbers = list(dict.fromkeys(chosen)) or [item.vacancy.id for item in offered]
    numbers, dropped = numbers[:MOST_POSTS], len(numbers) > MOST_POSTS and bool(chosen)
    rows = {post.identity: post for post in session.exec(select(Vacancy).where(col(Vacancy.id).in_(numbers)))}
    if len(rows) < len(numbers):
        raise not_found("要比的岗位")
    told = posts_beside(session, row, numbers, **given)
    return desk.show(
        "posts_beside.html",
        problem=problem,
        worker=present.workers([row])[0],
        intention=present.worker(row, desk.keyring).intention,
        posts=[present.vacancy(rows[number]) for number in numbers],
        told=told.of,
        ranked_by=told.by,
        switched_off=told.switched_off,
        standings=standings_of(session, desk.today, numbers, present.refresh_days),
        answering=present.responsiveness(
            sorted({post.employer_id for post in rows.values() if post.employer_id})
        ),
        under_way=_under_way(desk, [worker_id], numbers, by_vacancy=True),
        offered=offered,
        dropped=dropped,
        most=MOST_POSTS,
    )


def people_page(
    desk: Desk, vacancy_id: int, chosen: Sequence[int], *, problem: Problem | None = None
) -> HTMLResponse:
    """The page of one post."""
    post = vacancy_or_404(desk.session, vacancy_id)
    session, present = desk.session, desk.present
    given: dict[str, Any] = {
        "account_id": desk.caller.account_id,
        "as_of": desk.today,
        "refreshed_within_days": present.refresh_days,
    }
    found = workers_for(
        session, post, limit=_OFFERED, explore=present.explore_share,
        remember_seconds=present.remember_seconds, **given,
    )  # fmt: skip
    offered = worker_matches(session, found, present).items
    numbers = list(dict.fromkeys(chosen)) or [item.worker.id for item in offered]
    numbers, dropped = numbers[:MOST_PEOPLE], len(numbers) > MOST_PEOPLE and bool(chosen)
    # Who is only stored is compared with nobody, and a merged record is another's.
    known = select(Worker).where(
        col(Worker.id).in_(numbers), ~col(Worker.restricted), col(Worker.merged_into).is_(None)
    )
    rows = {person.identity: person for person in session.exec(known)}
    if len(rows) < len(numbers):
        raise not_found("要比的人")
    told = people_beside(session, [rows[number] for number in numbers], vacancy_id, **given)
    return desk.show(
        "people_beside.html",
        problem=problem,
        vacancy=present.vacancy(post),
        standing=standings_of(session, desk.today, [vacancy_id], present.refresh_days).get(vacancy_id),
        people=[present.worker(rows[number], desk.keyring) for number in numbers],
        told=told.of,
        ranked_by=told.by,
        under_way=_under_way(desk, numbers, [vacancy_id], by_vacancy=False),
        offered=offered,
        dropped=dropped,
        most=MOST_PEOPLE,
    )


def _under_way(
    desk: Desk, workers: Sequence[int], vacancies: Sequence[int], *, by_vacancy: bool
) -> dict[int, tuple[Application, bool]]:
    """The application that is open between the two, by the number of the side compared, and whether it may be undone: it is
    of today, and nobody has answered."""
    rows = desk.session.exec(
        select(Application).where(
            col(Application.worker_id).in_(workers),
            col(Application.vacancy_id).in_(vacancies),
            col(Application.state).in_(OPEN_STATES),
        )
    )
    return {
        row.vacancy_id if by_vacancy else row.worker_id: (
            row,
            row.state is ApplicationState.PROPOSED and row.applied_on == desk.today,
        )
        for row in rows
    }
