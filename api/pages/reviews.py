"""人工复核: what waits for a human's look, asking for one, and answering."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import HTMLResponse

from api.deps import RowId
from api.errors import Problem
from api.pages.consents import Writer, rights_page
from api.pages.desk import Desk, desk_for, to
from api.pages.gathering import Cursor, Fields
from api.pages.routing import PageRoute
from api.pages.typed import first, read_form
from api.paging import Paging
from api.rights import Action
from api.routes.bureau import reviews as door
from api.schemas.review import ReviewAnswer, ReviewCreate
from models.review import ReviewOutcome

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Reader = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER))]
Reviewer = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER, Action.REVIEW))]


@router.get("/reviews")
def show_reviews(
    desk: Reader, waiting: Annotated[bool, Query()] = True, cursor: Cursor = None
) -> HTMLResponse:
    """The requests, those first that are due first."""
    return _page(desk, waiting=waiting, cursor=cursor)


@router.post("/workers/{worker_id}/reviews")
def ask_for_review(desk: Writer, worker_id: RowId, fields: Fields) -> Response:
    """Take a request down; what was typed stays in a form that was refused."""
    told = {name: first(fields, name) for name in ("about", "wish", "speaker")}

    def command() -> None:
        body = read_form(ReviewCreate, {name: value for name, value in told.items() if value})
        asked = (desk.session, desk.caller, desk.keyring, desk.settings, desk.today, desk.once)
        door.create_review(worker_id, body, *asked)

    problem = desk.attempt(command)
    if problem is not None:
        return rights_page(desk, worker_id, problem=problem, kept=told | {"form": "review"})
    return to(f"/workers/{worker_id}/rights?done=review-asked#reviews")


@router.post("/reviews/{review_id}/answer")
def answer(desk: Reviewer, review_id: RowId, fields: Fields) -> Response:
    """Answer one."""
    told: dict[str, Any] = {name: first(fields, name) for name in ("outcome", "answer")}

    def command() -> None:
        body = read_form(ReviewAnswer, {name: value for name, value in told.items() if value})
        door.answer_review(review_id, body, desk.session, desk.caller, desk.keyring, desk.today, desk.once)

    problem = desk.attempt(command)
    if problem is not None:
        return _page(desk, problem=problem, kept=told | {"review_id": review_id})
    return to("/reviews?done=review-answered")


def _page(
    desk: Desk,
    *,
    waiting: bool = True,
    cursor: str | None = None,
    problem: Problem | None = None,
    kept: dict[str, Any] | None = None,
) -> HTMLResponse:
    paging = Paging(30, cursor, None)
    return desk.show(
        "reviews.html",
        path="/reviews",
        problem=problem,
        found=door.list_reviews(desk.session, desk.caller, paging, desk.keyring, desk.today, waiting=waiting),
        waiting=waiting,
        first_page=cursor is None,
        outcomes=list(ReviewOutcome),
        kept=kept or {},
    )
