"""随访: today's calls, what was promised, and who left."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from api.deps import Caller, RowId
from api.errors import Problem, invalid
from api.jobs.asking import job_or_404
from api.pages.desk import Desk, desk_for, local, to
from api.pages.gathering import Cursor, Fields
from api.pages.naming import regions_below
from api.pages.routing import PageRoute
from api.pages.typed import first, read_form
from api.pages.worker_page import CONTACT_CHOICES, worker_page
from api.paging import Paging
from api.rights import Action
from api.routes.bureau import follow_ups as door
from api.routes.bureau import support_tasks
from api.schemas.care import ContactCreate, OfferAgain, PeopleGiven, PeopleToCall, SupportDone
from api.schemas.job import public_job
from models.care import Found, SupportState
from models.job import UNFINISHED

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Reader = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER))]
CallerDesk = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER, Action.FOLLOW_UP))]
Region = Annotated[str, Query(pattern=r"^([0-9]{6}([0-9]{3}([0-9]{3})?)?)?$")]
_SHOWN = 30
_CONTACT = (
    "contacted_on", "means", "found", "difficulty", "due_on", "left_on", "leave_reason", "returned_home", "note",
    "against_evidence", "against_because",
)  # fmt: skip


@router.get("/follow-ups")
def show_follow_ups(
    desk: Reader, region: Region = "", whose: Annotated[str, Query(max_length=10)] = "", cursor: Cursor = None
) -> HTMLResponse:
    """Today's calls."""
    return _calls_page(desk, region=region, whose=whose, cursor=cursor)


@router.post("/follow-ups/take")
def take_follow_ups(desk: CallerDesk, fields: Fields) -> Response:
    """I call those ticked."""
    return _divide(desk, fields, door.take_follow_ups)


@router.post("/follow-ups/release")
def release_follow_ups(desk: CallerDesk, fields: Fields) -> Response:
    """Nobody in particular calls those ticked."""
    return _divide(desk, fields, door.release_follow_ups)


@router.post("/follow-ups/give")
def give_follow_ups(desk: CallerDesk, fields: Fields) -> Response:
    """Somebody else of the bureau calls those ticked."""
    if not first(fields, "account_id"):
        return _calls_page(desk, problem=invalid("account_id", "missing", "请选择交给谁随访。"))

    def give(body: PeopleToCall, session: Session, caller: Caller) -> object:
        told = {"worker_ids": body.worker_ids, "account_id": first(fields, "account_id")}
        return door.give_follow_ups(read_form(PeopleGiven, told), session, caller)

    return _divide(desk, fields, give)


@router.post("/follow-ups/take-back")
def take_back_follow_ups(desk: CallerDesk, fields: Fields) -> Response:
    """Those ticked whom I gave on are called by who did before."""
    return _divide(desk, fields, door.take_back_follow_ups)


def _divide(
    desk: Desk, fields: Fields, command: Callable[[PeopleToCall, Session, Caller], object]
) -> Response:
    people = fields.get("worker", [])
    if not people:
        return _calls_page(desk, problem=invalid("worker_ids", "missing", "先在名单里给人打勾，再点按钮。"))
    problem = desk.attempt(
        lambda: command(read_form(PeopleToCall, {"worker_ids": people}), desk.session, desk.caller)
    )
    back = local(first(fields, "back") or "/follow-ups")
    return to(_done(back, "divided")) if problem is None else _calls_page(desk, problem=problem)


@router.post("/workers/{worker_id}/contacts")
def create_contact(desk: CallerDesk, worker_id: RowId, fields: Fields) -> Response:
    """Note a call, and what it found."""
    told = {name: value for name in _CONTACT if (value := first(fields, name))}

    def command() -> None:
        body = read_form(ContactCreate, told)
        door.create_contact(worker_id, body, desk.session, desk.caller, desk.today, desk.keyring, desk.once)

    problem = desk.attempt(command)
    back = local(first(fields, "back") or f"/workers/{worker_id}")
    if problem is None:
        return to(_done(back, "ended" if told.get("found") == Found.LEFT else "called"))
    kept = told | {"worker_id": worker_id}
    if back.startswith("/workers/"):
        return worker_page(desk, worker_id, problem=problem, kept=kept)
    return _calls_page(desk, problem=problem, kept=kept)


@router.get("/follow-ups/tasks")
def show_tasks(
    desk: Reader,
    region: Region = "",
    state: SupportState = SupportState.OPEN,
    late: bool = False,
    cursor: Cursor = None,
) -> HTMLResponse:
    """What was promised to people, and until when."""
    return _tasks_page(desk, region=region, state=state, late=late, cursor=cursor)


@router.post("/follow-ups/tasks/{task_id}/done")
def finish_task(desk: CallerDesk, task_id: RowId, fields: Fields) -> Response:
    """It was seen to."""

    def command() -> None:
        body = read_form(SupportDone, {"outcome": first(fields, "outcome")})
        version = int(first(fields, "version") or 0)
        support_tasks.finish_support_task(
            task_id, body, desk.session, desk.caller, version, desk.today, desk.present, Response()
        )

    problem = desk.attempt(command)
    return to("/follow-ups/tasks?done=helped") if problem is None else _tasks_page(desk, problem=problem)


@router.get("/follow-ups/leavers")
def show_leavers(
    desk: Reader,
    region: Region = "",
    only: Annotated[str, Query(max_length=10)] = "",
    cursor: Cursor = None,
    job: Annotated[int | None, Query(ge=1, lt=2**63)] = None,
) -> HTMLResponse:
    """Who left and is at no work since."""
    under_way = public_job(job_or_404(desk.session, job)) if job is not None else None
    found = door.list_leavers(
        desk.session,
        desk.caller,
        desk.today,
        desk.present,
        region=region or None,
        returned=only == "returned",
        at_risk=only == "at_risk",
        waiting=only == "waiting",
        late=only == "late",
        cursor=cursor,
        limit=_SHOWN,
    )
    return desk.show(
        "leavers.html",
        found=found,
        region=region,
        only=only,
        job=under_way if under_way is not None and under_way.state in UNFINISHED else None,
        regions=regions_below(desk.session, desk.caller.regions, desk.present),
        first_page=cursor is None,
    )


@router.post("/follow-ups/leavers/propose")
def propose_to_leavers(
    desk: Annotated[Desk, Depends(desk_for(Action.READ_LEDGER, Action.PLACE))], fields: Fields
) -> Response:
    """Put all of them forward to whom nothing was offered."""
    asked = OfferAgain(region=first(fields, "region") or None)
    job = door.propose_to_leavers(asked, desk.session, desk.caller, desk.once)
    return to(f"/follow-ups/leavers?job={job.id}")


@router.get("/follow-ups/leavers/progress/{job_id}")
def show_progress(desk: Reader, job_id: RowId) -> HTMLResponse:
    """How far that is; at its end the list itself is loaded."""
    job = public_job(job_or_404(desk.session, job_id))
    answer = desk.show("_leavers_progress.html", job=job)
    if job.state not in UNFINISHED:
        answer.headers["HX-Redirect"] = "/follow-ups/leavers?done=offered_again"
    return answer


def _calls_page(
    desk: Desk,
    *,
    region: str = "",
    whose: str = "",
    cursor: str | None = None,
    problem: Problem | None = None,
    kept: dict[str, Any] | None = None,
) -> HTMLResponse:
    found = door.list_follow_ups(
        desk.session,
        desk.caller,
        desk.today,
        desk.settings,
        desk.present,
        region=region or None,
        due=whose not in ("all", "given"),
        mine=whose == "mine",
        overdue=whose == "overdue",
        given=whose == "given",
        cursor=cursor,
        limit=_SHOWN,
    )
    return desk.show(
        "follow_ups.html",
        path="/follow-ups",
        problem=problem,
        kept=kept or {},
        found=found,
        region=region,
        whose=whose,
        choices=CONTACT_CHOICES,
        callers=door.list_callers(desk.session, desk.caller, desk.present)
        if desk.may(Action.FOLLOW_UP)
        else [],
        regions=regions_below(desk.session, desk.caller.regions, desk.present),
        first_page=cursor is None,
    )


def _tasks_page(
    desk: Desk,
    *,
    region: str = "",
    state: SupportState = SupportState.OPEN,
    late: bool = False,
    cursor: str | None = None,
    problem: Problem | None = None,
) -> HTMLResponse:
    return desk.show(
        "support_tasks.html",
        path="/follow-ups/tasks",
        problem=problem,
        found=support_tasks.list_support_tasks(
            desk.session, desk.caller, Paging(_SHOWN, cursor, None), desk.today, desk.present,
            state=state, region=region or None, late=late,
        ),
        region=region,
        state=state,
        late=late,
        states=list(SupportState),
        regions=regions_below(desk.session, desk.caller.regions, desk.present),
        first_page=cursor is None,
    )  # fmt: skip


def _done(back: str, what: str) -> str:
    return f"{back}{'&' if '?' in back else '?'}done={what}"
