"""推荐: putting somebody forward, what waits for its next step, and the steps."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import func
from sqlmodel import col, select

from api.deps import RowId
from api.errors import Problem
from api.pages.desk import Desk, DeskDep, desk_for, to
from api.pages.routing import PageRoute
from api.pages.steps import RIGHTS, Step, open_applications
from api.pages.typed import a_day, a_reason, a_refusal
from api.pages.vacancy_page import vacancy_page
from api.pages.worker_page import worker_page
from api.paging import Paging
from api.rights import Action
from api.routes.bureau import applications as door
from api.schemas.placement import ApplicationCreate, ApplicationPublic, Refusal, Start, Withdrawal
from models.application import OPEN_STATES, Application, ApplicationState

router = APIRouter(route_class=PageRoute, include_in_schema=False)
_DONE = {
    Step.SHORTLIST: "shortlisted",
    Step.OFFER: "offered",
    Step.ACCEPT: "accepted",
    Step.START: "started",
    Step.REFUSE: "refused",
    Step.WITHDRAW: "withdrawn",
    Step.POOL: "pooled",
}
_LISTED = (*OPEN_STATES, ApplicationState.POOL, ApplicationState.REFUSED, ApplicationState.EXPIRED)
Back = Annotated[
    str, Form(max_length=20, description="the page that the form stands on: worker, vacancy or application")
]
Number = Annotated[int, Form(ge=1, le=2**63 - 1)]


@router.get("/applications")
def show_applications(
    desk: Annotated[Desk, Depends(desk_for(Action.ANSWER))],
    state: Annotated[ApplicationState, Query()] = ApplicationState.PROPOSED,
    start_told: Annotated[bool, Query()] = False,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> HTMLResponse:
    """Applications in one state, those that have waited longest first."""
    found = door.list_applications(
        desk.session,
        desk.caller,
        Paging(30, cursor, "applied_on"),
        desk.present,
        state=None if start_told else state,
        start_told=start_told,
    )
    counted = dict(
        desk.session.exec(
            select(Application.state, func.count())
            .where(col(Application.state).in_(_LISTED))
            .group_by(Application.state)
        ).all()
    )
    return desk.show(
        "applications.html",
        found=found,
        shown=open_applications(desk, found.items),
        state=state,
        start_told=start_told,
        totals={each: counted.get(each, 0) for each in _LISTED},
        open_states=OPEN_STATES,
        first_page=cursor is None,
    )


@router.get("/applications/{application_id}")
def show_application(
    desk: Annotated[Desk, Depends(desk_for(Action.ANSWER))], application_id: RowId
) -> HTMLResponse:
    """One application: where it stands, what may follow, and every step that it took."""
    return _application_page(desk, application_id)


def _application_page(
    desk: Desk, application_id: int, *, problem: Problem | None = None, kept: dict[str, Any] | None = None
) -> HTMLResponse:
    item = door.read_application(application_id, desk.session, desk.caller, desk.present, Response())
    [entry] = open_applications(desk, [item])
    events = door.list_application_events(application_id, desk.session, desk.caller, Paging(200, None, "id"))
    return desk.show(
        "application.html",
        problem=problem,
        entry=entry,
        events=events.items,
        expires_on=(item.decided_on or item.applied_on) + timedelta(days=desk.settings.application_days),
        refusal_reasons=[],
        kept=kept or {},
        back="application",
    )


@router.post("/applications")
def propose(
    desk: Annotated[Desk, Depends(desk_for(Action.READ_LEDGER, Action.PLACE))],
    worker_id: Number,
    vacancy_id: Number,
    back: Back = "worker",
) -> Response:
    """Put a person forward for a vacancy."""
    body = ApplicationCreate(worker_id=worker_id, vacancy_id=vacancy_id)
    problem = desk.attempt(
        lambda: door.create_application(
            body, desk.session, desk.caller, desk.today, desk.once, desk.present, Response()
        )
    )
    return _answer(desk, back, worker_id, vacancy_id, "proposed", problem, {})


@router.post("/applications/{application_id}/{step}")
def take_step(
    desk: DeskDep,
    application_id: RowId,
    step: Step,
    started_on: Annotated[str, Form(max_length=10)] = "",
    reason: Annotated[str, Form(max_length=40)] = "",
    back: Back = "worker",
) -> Response:
    """Take a step; a refused one comes back to the page it was asked on, with what was typed."""
    desk = desk_for(RIGHTS[step])(desk)
    row = door.application_or_404(desk.session, application_id)
    worker_id, vacancy_id = row.worker_id, row.vacancy_id
    problem = desk.attempt(lambda: _carry_out(desk, step, application_id, started_on, reason))
    kept = {"application_id": application_id, "step": step, "started_on": started_on, "reason": reason}
    if back == "application":
        if problem is not None:
            return _application_page(desk, application_id, problem=problem, kept=kept)
        return to(f"/applications/{application_id}?done={_DONE[step]}")
    return _answer(desk, back, worker_id, vacancy_id, _DONE[step], problem, kept)


def _carry_out(
    desk: Desk, step: Step, application_id: int, started_on: str, reason: str
) -> ApplicationPublic:
    given = (desk.session, desk.caller, desk.today, desk.once, desk.present)
    match step:
        case Step.SHORTLIST:
            return door.shortlist_application(application_id, *given)
        case Step.POOL:
            return door.pool_application(application_id, *given)
        case Step.OFFER:
            return door.offer_application(application_id, *given)
        case Step.ACCEPT:
            return door.accept_application(application_id, *given)
        case Step.START:
            return door.start_application(
                application_id, Start(started_on=a_day("started_on", started_on, "请填写上岗日期。")), *given
            )
        case Step.REFUSE:
            side, why = a_refusal(reason)
            return door.refuse_application(application_id, Refusal(reason=why, side=side), *given)
        case Step.WITHDRAW:
            return door.withdraw_application(application_id, Withdrawal(reason=a_reason(reason)), *given)


def _answer(
    desk: Desk,
    back: str,
    worker_id: int,
    vacancy_id: int,
    done: str,
    problem: Problem | None,
    kept: dict[str, Any],
) -> Response:
    if problem is None:
        here = f"/vacancies/{vacancy_id}" if back == "vacancy" else f"/workers/{worker_id}"
        return to(f"{here}?done={done}")
    if back == "vacancy":
        return vacancy_page(desk, vacancy_id, problem=problem, kept=kept)
    return worker_page(desk, worker_id, problem=problem, kept=kept)
