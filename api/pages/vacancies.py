"""岗位: posts to look through, one post, and what its bureau does with it."""

from datetime import timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Query, Response
from fastapi.responses import HTMLResponse
from sqlalchemy import func
from sqlmodel import Session, col, select

from api.deps import RowId
from api.errors import conflict, invalid
from api.offering import Standing, standings_of
from api.pages.desk import Desk, DeskDep, desk_for, to
from api.pages.routing import PageRoute
from api.pages.typed import a_day
from api.pages.vacancy_form import change, typed
from api.pages.vacancy_page import vacancy_page
from api.paging import Page, Paging
from api.presenting import Presenter
from api.rights import Action
from api.routes.bureau import vacancies as door
from api.schemas.base import Place
from api.schemas.post import RefreshMany, VacancySummary
from models.coded import Coded
from models.region import Region
from models.vacancy import Vacancy, VacancyState

router = APIRouter(route_class=PageRoute, include_in_schema=False)


class Command(Coded):
    """What the bureau that keeps a post does with it; the label is what is said when it is done."""

    PUBLISH = "publish", "published"
    REFRESH = "refresh", "refreshed"
    CLOSE = "close", "closed"


@router.get("/vacancies")
def show_vacancies(
    desk: DeskDep,
    q: Annotated[str, Query(max_length=100)] = "",
    region: Annotated[str, Query(pattern=r"^\d{0,12}$")] = "",
    state: Annotated[VacancyState | Literal[Standing.ON_OFFER] | None, Query()] = None,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> HTMLResponse:
    """Posts, newest first."""
    found = door.list_vacancies(
        desk.session,
        desk.caller,
        Paging(50, cursor, None),
        desk.present,
        desk.today,
        q=q.strip() or None,
        region=region or None,
        state=state if isinstance(state, VacancyState) else None,
        offered=state is Standing.ON_OFFER,
    )
    days = desk.present.refresh_days
    wanting = _wanting(desk)
    shown = [item.id for item in [*found.items, *wanting.items]]
    return desk.show(
        "vacancies.html",
        found=found,
        q=q,
        region=region,
        state=state,
        states=[Standing.ON_OFFER, *VacancyState],
        standings=standings_of(desk.session, desk.today, shown, days),
        wanting=wanting,
        new_end=desk.today + timedelta(days=days),
        cities=_cities(desk.session, desk.present),
        first_page=cursor is None,
    )


@router.post("/vacancies/refresh")
def refresh_vacancies(
    desk: Annotated[Desk, Depends(desk_for(Action.WRITE_POSTS))],
    ids: Annotated[list[int] | None, Form()] = None,
    valid_until: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Say of the posts that were ticked that they are still open; those that expired get the new end."""
    if not ids:
        raise invalid("ids", "missing", "请先勾选问过单位、仍在招人的岗位。")
    end = a_day("valid_until", valid_until, "请填写新的有效期。") if valid_until else None
    body = RefreshMany(ids=ids, valid_until=end)
    told = door.refresh_vacancies(body, desk.session, desk.caller, desk.today, desk.once)
    if told.refused:
        raise conflict(
            "not-refreshed",
            f"{len(told.refused)}个岗位没有刷新，其余的也没有改动",
            "；".join(dict.fromkeys(each.reason for each in told.refused)) + "。",
        )
    return to("/vacancies?done=refreshed_many")


@router.get("/vacancies/{vacancy_id}")
def show_vacancy(desk: DeskDep, vacancy_id: RowId, ranked: bool = True) -> HTMLResponse:
    """One post."""
    return vacancy_page(desk, vacancy_id, ranked=ranked)


@router.post("/vacancies/{vacancy_id}/save")
def save_vacancy(
    desk: Annotated[Desk, Depends(desk_for(Action.WRITE_POSTS))],
    vacancy_id: RowId,
    version: Annotated[int, Form(ge=0, lt=2**31)],
    form: Annotated[dict[str, str], Depends(typed)],
) -> Response:
    """Mend the post; what was typed stays in a form that was refused."""
    row = door.vacancy_or_404(desk.session, vacancy_id)

    def command() -> None:
        door.require_keeper(desk.caller, row)
        body = change(desk, row, form)
        door.update_vacancy(
            vacancy_id,
            body,
            session=desk.session,
            caller=desk.caller,
            version=version,
            present=desk.present,
            response=Response(),
        )

    problem = desk.attempt(command)
    if problem is not None:
        return vacancy_page(desk, vacancy_id, problem=problem, kept=form)
    return to(f"/vacancies/{vacancy_id}?done=saved")


@router.post("/vacancies/{vacancy_id}/{command}")
def change_vacancy(
    desk: Annotated[Desk, Depends(desk_for(Action.WRITE_POSTS))], vacancy_id: RowId, command: Command
) -> Response:
    """Publish, refresh or close the post."""
    problem = desk.attempt(lambda: _carry_out(desk, vacancy_id, command))
    if problem is not None:
        return vacancy_page(desk, vacancy_id, problem=problem)
    return to(f"/vacancies/{vacancy_id}?done={command.label}")


def _carry_out(desk: Desk, vacancy_id: int, command: Command) -> object:
    session, caller, today, once, present = desk.session, desk.caller, desk.today, desk.once, desk.present
    match command:
        case Command.PUBLISH:
            return door.publish_vacancy(vacancy_id, session, caller, today, once, present, Response())
        case Command.REFRESH:
            return door.refresh_vacancy(vacancy_id, session, caller, today, once, present, Response())
        case Command.CLOSE:
            return door.close_vacancy(vacancy_id, session, caller, once, present, Response())


def _wanting(desk: Desk) -> Page[VacancySummary]:
    """Posts of this bureau of which the employer has to be asked again, the soonest to end first."""
    nothing = Page[VacancySummary](items=[], next_cursor=None, total=0)
    if desk.request.query_params.keys() - {"done"}:
        return nothing
    return desk.where(_to_be_asked, Action.WRITE_POSTS) or nothing


def _to_be_asked(desk: Desk) -> Page[VacancySummary]:
    return door.list_vacancies(
        desk.session,
        desk.caller,
        Paging(20, None, "valid_until"),
        desk.present,
        desk.today,
        wants_refresh=True,
        kept_by_me=True,
    )


def _cities(session: Session, present: Presenter) -> list[Place]:
    """The cities in which there are posts, to choose from; a municipality stands for all its districts."""
    city = func.left(Vacancy.region, 4)
    prefixes = session.exec(select(city).where(col(Vacancy.region).is_not(None)).distinct()).all()
    known = set(session.exec(select(Region.code).where(col(Region.code).in_(prefixes))).all())
    codes = {prefix if prefix in known else prefix[:2] for prefix in prefixes}
    return [present.known_place(code) for code in sorted(codes)]
