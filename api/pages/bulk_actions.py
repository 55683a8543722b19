"""批量操作 in the console: what is to be done with those ticked or found, how far it is, and its undoing."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import HTMLResponse
from sqlmodel import col, select

from api.bulk.asking import MOST, Wanted, ask, bulk_or_404, go_on, undo
from api.bulk_rights import RIGHTS
from api.calling import colleagues
from api.deps import RowId
from api.errors import Problem, invalid
from api.jobs.asking import ask_to_end
from api.offering import on_offer
from api.pages.desk import Desk, desk_for, to
from api.pages.gathering import Cursor, Fields
from api.pages.routing import PageRoute
from api.pages.typed import a_day, first, read_form
from api.people_counted import how_many
from api.people_filter import address_of, filter_words
from api.rights import Action
from api.routes.bureau import bulk_actions as door
from api.schemas.bulk import BulkCreate
from api.schemas.people_filter import PeopleFilter
from ledger.people_sought import Sought
from models.bulk_action import BulkItemState, BulkKind
from models.employer import Employer
from models.fair import Fair
from models.training import Course
from models.vacancy import Vacancy

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Reader = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER))]
_SHOWN, _POSTS, _PEOPLE = 30, 20, 100
_THINGS = ("due_on", "caller_id", "vacancy_id", "course_id", "fair_id")


@router.get("/bulk-actions")
def show_bulk_actions(desk: Reader, cursor: Cursor = None) -> HTMLResponse:
    """What was done with many, and by whom."""
    found = door.list_bulk_actions(desk.session, desk.caller, desk.paging(_SHOWN, cursor), desk.present)
    return desk.show("bulk_actions.html", path="/bulk-actions", found=found, first_page=cursor is None)


@router.post("/bulk-actions/choose")
def choose(desk: Reader, fields: Fields) -> Response:
    """What is to be said of the act before it is done: the post, the class, the fair, or by when."""
    return _choose(desk, fields)


@router.post("/bulk-actions")
def create_bulk_action(desk: Reader, fields: Fields) -> Response:
    """Do it."""
    made: list[int] = []

    def command() -> None:
        kind, ids, sought = _whom(fields)
        told: dict[str, Any] = {name: value for name in _THINGS if (value := first(fields, name))}
        if "due_on" in told:
            told["due_on"] = a_day("due_on", told["due_on"], "回访日期应是日期，请在日历里选择。")
        body = read_form(BulkCreate, {"kind": kind.value, "worker_ids": ids, **told})
        things = {name: getattr(body, name) for name in _THINGS}
        if sought is None:
            wanted = Wanted(kind, body.worker_ids or [], f"选中的{len(set(ids or []))}人", **things)
        else:
            told_count = first(fields, "count")
            if not (told_count.isascii() and told_count.isdigit()):
                raise invalid("count", "missing", "请先看清有多少人，再点一次。")
            count = min(int(told_count[:9]), MOST + 1)
            wanted = Wanted(kind, sought, filter_words(sought, desk.present), count=count, **things)
        made.append(ask(desk.session, desk.keyring, desk.caller, wanted, desk.today).identity)

    problem = desk.attempt(command)
    return to(f"/bulk-actions/{made[0]}") if problem is None else _choose(desk, fields, problem=problem)


@router.get("/bulk-actions/{bulk_id}")
def show_bulk_action(
    desk: Reader,
    bulk_id: RowId,
    state: Annotated[BulkItemState | None, Query()] = None,
    cursor: Cursor = None,
) -> HTMLResponse:
    """One of them: how far it is, who was not done and why, and the button that takes it back."""
    return _one(desk, bulk_id, state=state, cursor=cursor)


@router.get("/bulk-actions/{bulk_id}/progress")
def show_progress(desk: Reader, bulk_id: RowId) -> HTMLResponse:
    """How far it is; at its end the page is loaded anew."""
    row = door.read_bulk_action(bulk_id, desk.session, desk.caller, desk.present)
    answer = desk.show("_bulk_progress.html", bulk=row)
    if not row.under_way:
        answer.headers["HX-Redirect"] = f"/bulk-actions/{bulk_id}"
    return answer


@router.post("/bulk-actions/{bulk_id}/undo")
def undo_bulk_action(desk: Reader, bulk_id: RowId) -> Response:
    """Take it back."""
    row = bulk_or_404(desk.session, bulk_id)
    problem = desk.attempt(lambda: undo(desk.session, desk.keyring, desk.caller, row, desk.today))
    if problem is not None:
        return _one(desk, bulk_id, problem=problem)
    return to(f"/bulk-actions/{bulk_id}?done=bulk-undone")


@router.post("/bulk-actions/{bulk_id}/stop")
def stop_bulk_action(desk: Reader, bulk_id: RowId) -> Response:
    """Stop the job that is at it: what is done is done, the others wait."""
    row = bulk_or_404(desk.session, bulk_id)
    problem = desk.attempt(lambda: ask_to_end(desk.session, row.undo_job_id or row.job_id or 0))
    return (
        _one(desk, bulk_id, problem=problem) if problem else to(f"/bulk-actions/{bulk_id}?done=bulk-stopping")
    )


@router.post("/bulk-actions/{bulk_id}/go-on")
def go_on_with_bulk_action(desk: Reader, bulk_id: RowId) -> Response:
    """See to those who were left waiting."""
    row = bulk_or_404(desk.session, bulk_id)
    problem = desk.attempt(lambda: go_on(desk.session, desk.keyring, desk.caller, row, desk.today))
    return _one(desk, bulk_id, problem=problem) if problem else to(f"/bulk-actions/{bulk_id}")


def _one(
    desk: Desk,
    bulk_id: int,
    *,
    state: BulkItemState | None = None,
    cursor: str | None = None,
    problem: Problem | None = None,
) -> HTMLResponse:
    bulk = door.read_bulk_action(bulk_id, desk.session, desk.caller, desk.present)
    paging = desk.paging(_PEOPLE, cursor)
    return desk.show(
        "bulk_action.html",
        path="/bulk-actions",
        problem=problem,
        bulk=bulk,
        found=door.list_bulk_items(bulk_id, desk.session, desk.caller, paging, desk.present, state),
        state=state,
        states=list(BulkItemState),
        counts={each: getattr(bulk.people, each.value) for each in BulkItemState},
        first_page=cursor is None,
        may_act=desk.caller.where(*RIGHTS[bulk.kind]) is not None,
    )


def _whom(fields: dict[str, list[str]]) -> tuple[BulkKind, list[str] | None, Sought | None]:
    """The act, and those ticked or, where all are meant, the filter that finds them."""
    try:
        kind = BulkKind.read(first(fields, "kind"))
    except ValueError:
        raise invalid("kind", "missing", "请选择办什么。") from None
    ids = fields.get("worker", [])
    if first(fields, "all"):
        told = {name: value for name in PeopleFilter.model_fields if (value := first(fields, name))}
        sought = read_form(PeopleFilter, told).sought()
        return kind, None, replace(sought, q=first(fields, "q")[:50] or None)
    if not ids:
        raise invalid("worker_ids", "missing", "没有选中任何人。请回到台账在名单上打勾。")
    return kind, ids, None


def _choose(desk: Desk, fields: dict[str, list[str]], *, problem: Problem | None = None) -> HTMLResponse:
    try:
        kind, ids, sought = _whom(fields)
    except Problem as nobody:
        return desk.show("bulk_new.html", path="/bulk-actions", problem=problem or nobody, kind=None)
    count = (
        how_many(desk.session, sought, desk.today, seconds=desk.present.remember_seconds)
        if sought
        else len(set(ids or []))
    )
    return desk.show(
        "bulk_new.html",
        path="/bulk-actions",
        problem=problem,
        kept=True,
        kind=kind,
        ids=ids or [],
        count=count,
        fields=address_of(sought) if sought else {},
        words=filter_words(sought, desk.present) if sought else f"选中的{len(set(ids or []))}人",
        typed={name: first(fields, name) for name in (*_THINGS, "post")},
        callers=colleagues(desk.session) if kind is BulkKind.FOLLOW_UP and desk.may(Action.FOLLOW_UP) else [],
        posts=_posts(desk, first(fields, "post")) if kind is BulkKind.PROPOSE else [],
        courses=_courses(desk) if kind is BulkKind.ENROL else [],
        fairs=_fairs(desk) if kind is BulkKind.INVITE else [],
    )


def _posts(desk: Desk, typed: str) -> list[tuple[Vacancy, str]]:
    """Posts on offer whose name, or whose employer's, has these letters; the newest where nothing was typed."""
    query = (
        select(Vacancy, Employer.name)
        .join(Employer, col(Employer.id) == col(Vacancy.employer_id))
        .where(on_offer(desk.today, desk.settings.vacancy_refresh_days))
    )
    if typed:
        named = col(Vacancy.title).contains(typed, autoescape=True)
        query = query.where(named | col(Employer.name).contains(typed, autoescape=True))
    rows = desk.session.exec(query.order_by(col(Vacancy.id).desc()).limit(_POSTS))
    return [(vacancy, employer) for vacancy, employer in rows]


def _courses(desk: Desk) -> list[Course]:
    open_still = col(Course.ended_on).is_(None) | (col(Course.ended_on) >= desk.today)
    return list(desk.session.exec(select(Course).where(open_still).order_by(col(Course.started_on).desc())))


def _fairs(desk: Desk) -> list[Fair]:
    coming = (col(Fair.held_on) >= desk.today) & ~col(Fair.called_off)
    return list(desk.session.exec(select(Fair).where(coming).order_by(col(Fair.held_on))))
