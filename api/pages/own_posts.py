"""招聘岗位 of one's own: the list, a form whose words are read while they are written, and what is done with a post."""

import re
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Response
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from api.deps import RowId
from api.employer_door.asking import Own, own
from api.employer_door.posts import post_or_404, post_public, read_words
from api.errors import Problem, invalid
from api.offering import SOON_DAYS
from api.pages.desk import Desk, desk_for, to
from api.pages.gathering import Fields as Ticked
from api.pages.own_home import home
from api.pages.routing import PageRoute
from api.pages.typed import a_day, refused
from api.paging import Paging
from api.rights import Action
from api.routes.employer import posts as door
from api.schemas.employer_door import LintAsked, OwnPostCreate, OwnPostUpdate, PostRefresh
from ledger.gazetteer import Gazetteer
from ledger.postings.place import read_place
from models.coded import Coded
from models.education import Education
from models.vacancy import Shift, Vacancy, VacancyState

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Poster = Annotated[Desk, Depends(desk_for(Action.OWN_POSTS))]
Typed = Annotated[str, Form()]
"""What a field may hold is judged with the whole form, so that a refusal keeps it."""
_LONGEST_PLACE = 100
_NUMBERS = ("pay_min", "pay_max", "seats", "min_age", "max_age", "hours_per_week")
_SAID = {"": None, "yes": True, "no": False}
_FACTS = ("lodging", "meals", "social_insurance")


class Command(Coded):
    """What an employer does with a post; the label is what is said when it is done."""

    PUBLISH = "publish", "own-published"
    REFRESH = "refresh", "refreshed"
    CLOSE = "close", "own-closed"


def typed(
    title: Typed = "",
    place: Typed = "",
    pay_min: Typed = "",
    pay_max: Typed = "",
    seats: Typed = "",
    valid_until: Typed = "",
    lodging: Typed = "",
    meals: Typed = "",
    social_insurance: Typed = "",
    shift: Typed = "",
    min_education: Typed = "",
    required_skills: Typed = "",
    min_age: Typed = "",
    max_age: Typed = "",
    hours_per_week: Typed = "",
    text: Typed = "",
) -> dict[str, str]:
    """The form as it was sent."""
    return {
        "title": title, "place": place, "pay_min": pay_min, "pay_max": pay_max, "seats": seats, "valid_until": valid_until,
        "lodging": lodging, "meals": meals, "social_insurance": social_insurance, "shift": shift,
        "min_education": min_education, "required_skills": required_skills, "min_age": min_age, "max_age": max_age,
        "hours_per_week": hours_per_week, "text": text,
    }  # fmt: skip


Fields = Annotated[dict[str, str], Depends(typed)]


@router.get("/employer/posts")
def show_posts(
    desk: Poster,
    state: Annotated[VacancyState | None, Query()] = None,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> HTMLResponse:
    """Its posts, newest first."""
    whose = own(desk.session, desk.caller)
    found = door.list_posts(
        desk.session, whose, desk.present, desk.today, Paging(30, cursor, None), state=state
    )
    return desk.show(
        "own_posts.html",
        found=found,
        state=state,
        states=list(VacancyState),
        first_page=cursor is None,
        soon=desk.today + timedelta(days=SOON_DAYS),
    )


@router.get("/employer/posts/new")
def show_new(desk: Poster) -> HTMLResponse:
    """An empty form."""
    return _form(desk, own(desk.session, desk.caller))


@router.post("/employer/posts")
def create_post(desk: Poster, form: Fields, then: Typed = "") -> Response:
    """Keep the post, and offer it at once if that was asked for: both or neither."""
    whose = own(desk.session, desk.caller)
    made: list[int] = []

    def command() -> None:
        body = _body(OwnPostCreate, form)
        post = door.create_vacancy(body, desk.session, whose, desk.once, desk.present, Response())
        if then == "publish":
            _carry_out(desk, whose, post.id, Command.PUBLISH)
        made.append(post.id)

    problem = desk.attempt(command)
    if problem is not None:
        return _form(desk, whose, problem=problem, kept=form)
    return to(f"/employer/posts/{made[0]}?done={'own-published' if then == 'publish' else 'kept'}")


@router.post("/employer/posts/lint")
def read_form_words(desk: Poster, form: Fields) -> Response:
    """What the linter says of the form as far as it is written."""
    return desk.show("_own_lint.html", **_lint(desk, own(desk.session, desk.caller), form))


@router.get("/employer/posts/{vacancy_id}")
def show_post(desk: Poster, vacancy_id: RowId) -> HTMLResponse:
    """One post, with the form to change it where it is its own."""
    return _post(desk, own(desk.session, desk.caller), vacancy_id)


@router.post("/employer/posts/{vacancy_id}/save")
def save_post(
    desk: Poster,
    vacancy_id: RowId,
    version: Annotated[int, Form(ge=0, lt=2**31)],
    form: Fields,
) -> Response:
    """Change what it says; what was typed stays in a form that was refused."""
    whose = own(desk.session, desk.caller)
    problem = desk.attempt(
        lambda: door.update_vacancy(
            vacancy_id, _body(OwnPostUpdate, form), desk.session, whose, version, desk.present, Response()
        )
    )
    if problem is not None:
        return _post(desk, whose, vacancy_id, problem=problem, kept=form)
    return to(f"/employer/posts/{vacancy_id}?done=saved")


@router.post("/employer/posts/refresh")
def refresh_posts(desk: Poster, fields: Ticked) -> Response:
    """Say of all that are ticked that they are still open; of those that have expired until when. All of them or none."""
    whose = own(desk.session, desk.caller)
    numbers = [int(each) for each in fields.get("post", []) if each.isascii() and each.isdigit()]
    end = (fields.get("valid_until") or [""])[0]

    def command() -> None:
        if not numbers:
            raise invalid("post", "missing", "先在名单里给仍在招人的岗位打勾，再一起刷新。")
        for number in dict.fromkeys(numbers):
            row = post_or_404(desk.session, number)
            over = row.valid_until is not None and row.valid_until < desk.today
            _carry_out(desk, whose, number, Command.REFRESH, end if over else "")

    problem = desk.attempt(command)
    return to("/employer?done=refreshed") if problem is None else home(desk, problem, set(numbers))


@router.post("/employer/posts/{vacancy_id}/{command}")
def change_post(
    desk: Poster, vacancy_id: RowId, command: Command, valid_until: Annotated[str, Form(max_length=10)] = ""
) -> Response:
    """Publish, refresh or close the post."""
    whose = own(desk.session, desk.caller)
    problem = desk.attempt(lambda: _carry_out(desk, whose, vacancy_id, command, valid_until))
    if problem is not None:
        return _post(desk, whose, vacancy_id, problem=problem)
    return to(f"/employer/posts/{vacancy_id}?done={command.label}")


def _carry_out(desk: Desk, whose: Own, vacancy_id: int, command: Command, valid_until: str = "") -> object:
    session, today, once, present = desk.session, desk.today, desk.once, desk.present
    match command:
        case Command.PUBLISH:
            return door.publish_vacancy(vacancy_id, session, whose, today, once, present, Response())
        case Command.REFRESH:
            end = a_day("valid_until", valid_until, "请填写新的有效期。") if valid_until else None
            body = PostRefresh(valid_until=end)
            return door.refresh_vacancy(vacancy_id, body, session, whose, today, once, present, Response())
        case Command.CLOSE:
            return door.close_vacancy(vacancy_id, session, whose, once, present, Response())


def _body(schema: Any, form: dict[str, str]) -> Any:
    """The body that the form makes.

    Raises
    ------
    Problem
        422 with the first thing that is wrong.
    """
    told: dict[str, Any] = {name: form[name].strip() or None for name in (*_NUMBERS, "valid_until")}
    told |= {name: _SAID.get(form[name]) for name in _FACTS}
    told |= {"title": form["title"].strip(), "text": form["text"], "shift": form["shift"] or None}
    told["min_education"] = form["min_education"] or None
    told["required_skills"] = _skills(form["required_skills"])
    told["region"] = _place(form["place"])
    try:
        return schema.model_validate(told)
    except ValidationError as error:
        raise refused(error, schema.__name__) from None


def _skills(words: str) -> list[str]:
    """Names with a comma, a pause or a space between them."""
    return list(dict.fromkeys(each for each in re.split(r"[、，,；;\s]+", words) if each))


def _place(words: str) -> str | None:
    if not words.strip():
        return None
    found = read_place(words[:_LONGEST_PLACE], "", "", Gazetteer.national())
    if found is None:
        raise invalid("place", "unknown", "没有认出工作地点，请写全省、市、县，如江苏省南通市通州区。")
    return found


def _lint(desk: Desk, whose: Own, form: dict[str, str]) -> dict[str, Any]:
    """What the linter says of the words, whatever else is wrong; `slip` says what that is."""
    try:
        return {"lint": read_words(desk.session, whose, _body(LintAsked, form)), "slip": None}
    except Problem as problem:
        slip = problem.body.detail
    try:
        words = LintAsked(title=form["title"].strip(), text=form["text"])
    except ValidationError:
        return {"lint": None, "slip": slip}
    return {"lint": read_words(desk.session, whose, words), "slip": slip}


def _values(desk: Desk, row: Vacancy) -> dict[str, str]:
    """A post as its form says it."""
    said = {None: "", True: "yes", False: "no"}
    place = desk.present.place(row.region)
    return {
        "title": row.title,
        "place": place.name if place else "",
        **{name: str(getattr(row, name) or "") for name in _NUMBERS},
        "valid_until": row.valid_until.isoformat() if row.valid_until else "",
        **{name: said[getattr(row, name)] for name in _FACTS},
        "shift": row.shift.value if row.shift else "",
        "min_education": row.min_education.value if row.min_education else "",
        "required_skills": "、".join(row.required_skills),
        "text": row.text,
    }


def _form(
    desk: Desk, whose: Own, *, problem: Problem | None = None, kept: dict[str, str] | None = None
) -> HTMLResponse:
    end = desk.today + timedelta(days=desk.present.refresh_days)
    empty = typed(place=desk.present.known_place(whose.employer.region).name, valid_until=end.isoformat())
    values = kept or empty
    return desk.show(
        "own_post_new.html",
        problem=problem,
        values=values,
        shifts=list(Shift),
        schooling=list(Education),
        kept=kept,
        **_lint(desk, whose, values if kept else typed()),
        untouched=kept is None,
    )


def _post(
    desk: Desk,
    whose: Own,
    vacancy_id: int,
    *,
    problem: Problem | None = None,
    kept: dict[str, str] | None = None,
) -> HTMLResponse:
    row = post_or_404(desk.session, vacancy_id)
    values = kept or _values(desk, row)
    return desk.show(
        "own_post.html",
        problem=problem,
        post=post_public(desk.session, desk.present, row),
        mine=row.by_employer,
        keeper=desk.present.known_place(row.kept_by),
        values=values,
        shifts=list(Shift),
        schooling=list(Education),
        kept=kept,
        **_lint(desk, whose, values),
        untouched=False,
        new_end=desk.today + timedelta(days=desk.present.refresh_days),
        soon=desk.today + timedelta(days=SOON_DAYS),
    )
