"""登记岗位: a new post, and the linter that reads a post while it is typed."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from api.errors import Problem, invalid
from api.pages.desk import Desk, desk_for, to
from api.pages.routing import PageRoute
from api.pages.typed import refused
from api.pages.vacancy_form import employer_of, place_of, typed
from api.rights import Action
from api.routes.bureau.vacancies import create_vacancy
from api.schemas.post import VacancyCreate
from ledger.vacancies import MISSING_WORDS, lint, missing_of
from models.vacancy import Vacancy

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Writer = Annotated[Desk, Depends(desk_for(Action.WRITE_POSTS))]
Typed = Annotated[dict[str, str], Depends(typed)]
Told = Annotated[str, Form(max_length=12)]
_NUMBERS = ("pay_min", "pay_max", "seats", "valid_until")


@router.get("/vacancies/new")
def show_new_vacancy(desk: Writer) -> HTMLResponse:
    """The form."""
    return _page(desk)


@router.post("/vacancies")
def enter_vacancy(desk: Writer, form: Typed, kept_by: Told = "") -> Response:
    """Enter a post as a draft; what was typed stays in a form that was refused."""
    made: list[int] = []
    problem = desk.attempt(lambda: made.append(_entered(desk, form, kept_by)))
    if problem is not None:
        return _page(desk, problem=problem, kept=form | {"kept_by": kept_by})
    return to(f"/vacancies/{made[0]}?done=entered")


@router.post("/vacancies/lint")
def lint_typed(desk: Writer, form: Typed, has_employer: Told = "", has_place: Told = "") -> HTMLResponse:
    """What stands against publishing the post as it is typed by now; nothing is kept."""
    numbers: dict[str, Any] = {name: 0 if form[name].strip() else None for name in _NUMBERS}
    post = Vacancy(
        title=form["title"],
        text=form["text"],
        kept_by="",
        employer_id=1 if has_employer or form["employer"].strip() else None,
        region="" if has_place or form["place"].strip() else None,
        **numbers,
    )
    return desk.show(
        "_lint.html",
        demands=lint(post.title, post.text),
        missing=[MISSING_WORDS[what] for what in missing_of(post)],
    )


def _entered(desk: Desk, form: dict[str, str], kept_by: str) -> int:
    regions = desk.caller.regions
    keeper = kept_by or (regions[0] if len(regions) == 1 else "")
    if not keeper:
        raise invalid("kept_by", "missing", "请选择这个岗位由哪里维护。")
    told: dict[str, Any] = {name: form[name].strip() or None for name in _NUMBERS}
    told |= {"title": form["title"].strip(), "text": form["text"], "kept_by": keeper}
    if form["place"].strip():
        told["region"] = place_of(form["place"])
    if form["employer"].strip():
        told["employer_id"] = employer_of(
            desk, keeper, form["employer"].strip(), told.get("region") or keeper
        )
    try:
        body = VacancyCreate.model_validate(told)
    except ValidationError as error:
        raise refused(error) from None
    return create_vacancy(body, desk.session, desk.caller, desk.once, desk.present, Response()).id


def _page(desk: Desk, *, problem: Problem | None = None, kept: dict[str, str] | None = None) -> HTMLResponse:
    return desk.show(
        "new_vacancy.html",
        path="/vacancies/new",
        problem=problem,
        kept=kept or {},
        places=[desk.present.known_place(code) for code in desk.caller.regions],
    )
