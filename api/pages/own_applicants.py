"""应聘的人: who waits for an answer, answered in two presses."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Response
from fastapi.responses import HTMLResponse

from api.deps import RowId
from api.employer_door.asking import own
from api.errors import Problem
from api.pages.desk import Desk, desk_for, to
from api.pages.routing import PageRoute
from api.pages.typed import read_form
from api.paging import Paging
from api.rights import Action
from api.routes.employer import applicants as door
from api.schemas.base import RowNumber
from api.schemas.employer_door import ApplicantRefusal
from ledger.applications import REFUSALS
from models.application import ApplicationState, Side
from models.coded import Coded

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Answerer = Annotated[Desk, Depends(desk_for(Action.OWN_APPLICANTS))]
_SHOWN = 20


class Look(Coded):
    """Which of them are listed."""

    WAITING = "waiting", "等答复的"
    HIRED = "hired", "已录用、等上岗的"
    ALL = "all", "全部"


class Answer(Coded):
    """What is answered; the label is what is said when it is done."""

    SHORTLIST = "shortlist", "own-shortlisted"
    OFFER = "offer", "own-offered"
    REFUSE = "refuse", "own-refused"


@router.get("/employer/applicants")
def show_applicants(
    desk: Answerer,
    look: Annotated[Look, Query()] = Look.WAITING,
    vacancy_id: Annotated[RowNumber | None, Query()] = None,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> HTMLResponse:
    """Those who wait longest first; of all the last first."""
    return _page(desk, look=look, vacancy_id=vacancy_id, cursor=cursor)


@router.post("/employer/applicants/{application_id}/telephone")
def show_telephone(desk: Answerer, application_id: RowId) -> HTMLResponse:
    """The list, with the telephone that was asked for."""
    told: list[str | None] = []
    whose = own(desk.session, desk.caller)

    def command() -> None:
        found = door.ask_telephone(application_id, desk.session, whose, desk.keyring, desk.today)
        told.append(found.telephone)

    problem = desk.attempt(command)
    telephones = {application_id: told[0] or "台账里没有电话"} if told else {}
    return _page(desk, look=Look.HIRED, problem=problem, telephones=telephones)


@router.post("/employer/applicants/{application_id}/{step}")
def answer(
    desk: Answerer,
    application_id: RowId,
    step: Answer,
    reason: Annotated[str, Form(max_length=40)] = "",
    look: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Say it; what is refused comes back on the list."""
    whose = own(desk.session, desk.caller)

    def command() -> None:
        given = (desk.session, whose, desk.present, desk.once)
        match step:
            case Answer.SHORTLIST:
                door.shortlist_applicant(application_id, *given)
            case Answer.OFFER:
                door.offer_applicant(application_id, *given)
            case Answer.REFUSE:
                body = read_form(ApplicantRefusal, {"reason": reason})
                door.refuse_applicant(application_id, body, *given)

    problem = desk.attempt(command)
    back = next((each for each in Look if each.value == look), Look.WAITING)
    if problem is not None:
        return _page(desk, look=back, problem=problem)
    return to(f"/employer/applicants?look={back.value}&done={step.label}")


def _page(
    desk: Desk,
    *,
    look: Look,
    vacancy_id: int | None = None,
    cursor: str | None = None,
    problem: Problem | None = None,
    telephones: dict[int, str] | None = None,
) -> HTMLResponse:
    whose = own(desk.session, desk.caller)
    found = door.list_applicants(
        desk.session,
        whose,
        desk.present,
        desk.settings,
        Paging(_SHOWN, cursor, None if look is Look.ALL else "applied_on"),
        vacancy_id=vacancy_id,
        waiting=look is Look.WAITING,
        hired=look is Look.HIRED,
    )
    return desk.show(
        "own_applicants.html",
        problem=problem,
        found=found,
        look=look,
        looks=list(Look),
        vacancy_id=vacancy_id,
        reasons=REFUSALS[Side.EMPLOYER],
        offered=ApplicationState.OFFERED,
        telephones=telephones or {},
        first_page=cursor is None,
    )
