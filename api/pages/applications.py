"""推荐: putting somebody forward, what waits for its next step, and the steps."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query
from fastapi.responses import HTMLResponse, Response

from api.deps import RowId, refusal
from api.errors import Problem
from api.pages.desk import Desk, DeskDep, desk_for, to
from api.pages.routing import PageRoute
from api.pages.steps import RIGHTS, Step, open_applications
from api.pages.typed import a_day, a_reason
from api.pages.vacancy_page import vacancy_page
from api.pages.worker_page import worker_page
from api.paging import Paging
from api.rights import Action
from api.routes.bureau import applications as door
from api.schemas.placement import ApplicationCreate, ApplicationPublic, Refusal, Start
from models.application import OPEN_STATES, ApplicationState

router = APIRouter(route_class=PageRoute)
_DONE = {
    Step.OFFER: "offered",
    Step.ACCEPT: "accepted",
    Step.START: "started",
    Step.REFUSE: "refused",
    Step.WITHDRAW: "withdrawn",
}
Back = Annotated[str, Form(max_length=20, description="the page that the form stands on: worker or vacancy")]
Number = Annotated[int, Form(ge=1, le=2**63 - 1)]


@router.get("/applications")
def show_applications(
    desk: Annotated[Desk, Depends(desk_for(Action.ANSWER))],
    state: Annotated[ApplicationState, Query()] = ApplicationState.PROPOSED,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> HTMLResponse:
    """Applications in one state, those that have waited longest first."""
    found = door.list_applications(
        desk.session, desk.caller, Paging(30, cursor, "applied_on"), desk.present, state=state
    )
    one = Paging(1, None, None)
    totals = {
        each: door.list_applications(desk.session, desk.caller, one, desk.present, state=each).total
        for each in OPEN_STATES
    }
    return desk.show(
        "applications.html",
        found=found,
        shown=open_applications(desk, found.items),
        state=state,
        totals=totals,
        first_page=cursor is None,
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
    reason: Annotated[str, Form(max_length=20)] = "",
    back: Back = "worker",
) -> Response:
    """Take a step; a refused one comes back to the page it was asked on, with what was typed."""
    if not desk.may(RIGHTS[step]):
        raise refusal(RIGHTS[step])
    row = door.application_or_404(desk.session, application_id)
    worker_id, vacancy_id = row.worker_id, row.vacancy_id
    problem = desk.attempt(lambda: _carry_out(desk, step, application_id, started_on, reason))
    kept = {"application_id": application_id, "step": step, "started_on": started_on, "reason": reason}
    return _answer(desk, back, worker_id, vacancy_id, _DONE[step], problem, kept)


def _carry_out(
    desk: Desk, step: Step, application_id: int, started_on: str, reason: str
) -> ApplicationPublic:
    given = (desk.session, desk.caller, desk.today, desk.once, desk.present)
    match step:
        case Step.OFFER:
            return door.offer_application(application_id, *given)
        case Step.ACCEPT:
            return door.accept_application(application_id, *given)
        case Step.START:
            return door.start_application(
                application_id, Start(started_on=a_day("started_on", started_on, "请填写上岗日期。")), *given
            )
        case Step.REFUSE:
            return door.refuse_application(application_id, Refusal(reason=a_reason(reason)), *given)
        case Step.WITHDRAW:
            return door.withdraw_application(application_id, Refusal(reason=a_reason(reason)), *given)


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
