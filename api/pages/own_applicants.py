"""应聘的人: who waits for an answer, answered in two presses."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

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
from api.schemas.employer_door import ApplicantPublic, ApplicantRefusal
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
    UNDO = "undo", "own-undone"


@dataclass(frozen=True, slots=True)
class Place:
    """Where on the list somebody is answered, so that the next one stands there afterwards."""

    look: Look
    vacancy_id: int | None
    cursor: str | None

    @property
    def query(self) -> str:
        """As an address carries it."""
        told = {"look": self.look.value, "vacancy_id": self.vacancy_id, "cursor": self.cursor}
        return urlencode({name: value for name, value in told.items() if value})


def place(
    look: Annotated[str, Form(max_length=20)] = "",
    vacancy_id: Annotated[str, Form(max_length=19)] = "",
    cursor: Annotated[str, Form(max_length=500)] = "",
) -> Place:
    """Where the form stood."""
    known = next((each for each in Look if each.value == look), Look.WAITING)
    post = int(vacancy_id) if vacancy_id.isascii() and vacancy_id.isdigit() else None
    return Place(known, post, cursor or None)


Back = Annotated[Place, Depends(place)]


@router.get("/employer/applicants")
def show_applicants(
    desk: Answerer,
    look: Annotated[Look, Query()] = Look.WAITING,
    vacancy_id: Annotated[RowNumber | None, Query()] = None,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> HTMLResponse:
    """Those who wait longest first; of all the last first."""
    return _page(desk, Place(look, vacancy_id, cursor))


@router.post("/employer/applicants/{application_id}/telephone")
def show_telephone(desk: Answerer, application_id: RowId, back: Back) -> HTMLResponse:
    """The list, and above it the telephone that was asked for, wherever on the list she stands."""
    told: list[str] = []
    whose = own(desk.session, desk.caller)

    def command() -> None:
        found = door.ask_telephone(application_id, desk.session, whose, desk.keyring, desk.today)
        told.append(found.telephone or "台账里没有电话")

    problem = desk.attempt(command)
    if problem is not None:
        return _page(desk, back, problem=problem)
    who = door.read_applicant(application_id, desk.session, whose, desk.present, desk.settings, Response())
    return _page(desk, back, told=(who, told[0]))


@router.post("/employer/applicants/{application_id}/{step}")
def answer(
    desk: Answerer,
    application_id: RowId,
    step: Answer,
    back: Back,
    reason: Annotated[str, Form(max_length=40)] = "",
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
            case Answer.UNDO:
                door.undo(application_id, *given)

    problem = desk.attempt(command)
    if problem is not None:
        return _page(desk, back, problem=problem)
    return to(f"/employer/applicants?{back.query}&done={step.label}")


def _page(
    desk: Desk,
    place: Place,
    *,
    problem: Problem | None = None,
    told: tuple[ApplicantPublic, str] | None = None,
) -> HTMLResponse:
    whose = own(desk.session, desk.caller)
    found = door.list_applicants(
        desk.session,
        whose,
        desk.present,
        desk.settings,
        Paging(_SHOWN, place.cursor, None if place.look is Look.ALL else "applied_on"),
        vacancy_id=place.vacancy_id,
        waiting=place.look is Look.WAITING,
        hired=place.look is Look.HIRED,
    )
    return desk.show(
        "own_applicants.html",
        problem=problem,
        found=found,
        look=place.look,
        looks=list(Look),
        vacancy_id=place.vacancy_id,
        cursor=place.cursor,
        reasons=REFUSALS[Side.EMPLOYER],
        offered=ApplicationState.OFFERED,
        told=told,
        first_page=place.cursor is None,
    )
