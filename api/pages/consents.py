"""个人信息: what somebody agreed to, and all that the service did with what it knows of them."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import HTMLResponse

from api.consenting import consents_public, disclosures_public
from api.deps import RowId
from api.errors import Problem, invalid
from api.pages.desk import Desk, desk_for, to
from api.pages.gathering import Fields
from api.pages.routing import PageRoute
from api.pages.typed import first, read_form
from api.pages.worker_page import worker_page
from api.rights import Action
from api.routes.bureau import consents as door
from api.routes.bureau import employer_rosters
from api.routes.bureau.reviews import list_worker_reviews
from api.routes.bureau.workers import worker_or_404
from api.schemas.consent import ConsentCreate, ConsentWithdrawal, CopyReason
from models.consent import Speaker
from models.review import ReviewAbout

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Reader = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER))]
Writer = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER, Action.WRITE_LEDGER))]
_TOLD = ("purpose", "employer_id", "told_on", "speaker", "means", "form_number", "until")


@router.post("/workers/{worker_id}/consents")
def save_consent(desk: Writer, worker_id: RowId, fields: Fields) -> Response:
    """Take down a yes or a no; what was typed stays in a form that was refused."""
    told = {name: first(fields, name) for name in _TOLD}
    given = first(fields, "given")

    def command() -> None:
        body: dict[str, Any] = {name: value for name, value in told.items() if value}
        asked = (desk.session, desk.caller, desk.today, desk.once)
        if given == "no":
            body.pop("until", None)
            door.withdraw_consent(worker_id, read_form(ConsentWithdrawal, body), *asked)
        else:
            door.create_consent(worker_id, read_form(ConsentCreate, body), *asked)

    problem = desk.attempt(command)
    if problem is not None:
        kept = told | {"given": given, "form": "consent"}
        return worker_page(desk, worker_id, problem=problem, kept=kept)
    return to(f"/workers/{worker_id}?done={'consent-no' if given == 'no' else 'consent'}#consents")


@router.get("/workers/{worker_id}/rights")
def show_rights(desk: Reader, worker_id: RowId) -> HTMLResponse:
    """All of it on one page."""
    return rights_page(desk, worker_id)


def rights_page(
    desk: Desk, worker_id: int, *, problem: Problem | None = None, kept: dict[str, Any] | None = None
) -> HTMLResponse:
    """The page; `kept` is what was typed into a form that was refused."""
    worker = worker_or_404(desk.session, worker_id)
    return desk.show(
        "person_rights.html",
        path=f"/workers/{worker_id}/rights",
        problem=problem,
        worker=worker,
        consents=consents_public(desk.session, worker, desk.today),
        disclosures=disclosures_public(desk.session, worker_id),
        reviews=list_worker_reviews(worker_id, desk.session, desk.caller, desk.keyring, desk.today),
        abouts=list(ReviewAbout),
        speakers=list(Speaker),
        copy_reasons=list(CopyReason),
        kept=kept or {},
    )


@router.post("/dispatches/{dispatch_id}/rosters/{employer_id}")
def give_roster(
    desk: Annotated[Desk, Depends(desk_for(Action.READ_LEDGER, Action.REVEAL, Action.PLACE))],
    dispatch_id: RowId,
    employer_id: RowId,
) -> Response:
    """The list for one employer, who is told by it: pressed, not followed as a link."""
    asked = (desk.session, desk.caller, desk.keyring, desk.present, desk.today, desk.once)
    return employer_rosters.create_dispatch_roster(dispatch_id, employer_id, *asked)


@router.get("/workers/{worker_id}/copy")
def fetch_personal_file(
    desk: Annotated[Desk, Depends(desk_for(Action.READ_LEDGER, Action.GIVE_COPY))],
    worker_id: RowId,
    reason: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """All that is held of a person, as a download."""
    if not reason:
        return rights_page(desk, worker_id)
    if reason not in set(CopyReason):
        return rights_page(desk, worker_id, problem=invalid("reason", "missing", "请先选择是谁要的。"))
    asked = (desk.session, desk.caller, desk.keyring, desk.present, desk.today)
    made: list[Response] = []
    problem = desk.attempt(
        lambda: made.append(door.read_personal_file(worker_id, *asked, reason=CopyReason.read(reason)))
    )
    return rights_page(desk, worker_id, problem=problem) if problem else made[0]
