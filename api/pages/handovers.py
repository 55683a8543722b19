"""移交: who asks for whose people, and the answers."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Response
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from api.deps import RowId
from api.errors import Problem
from api.identity.handing_over import handover_or_404, handover_public
from api.pages.desk import Desk, desk_for, to
from api.pages.identity import handovers_open, to_answer, waiting
from api.pages.routing import PageRoute
from api.pages.typed import refused
from api.paging import Paging
from api.rights import Action
from api.routes.bureau import handovers as door
from api.schemas.identity import HandoverAnswer, HandoverDecision, HandoverRefusal

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Reader = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER))]
Decider = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER, Action.DECIDE_IDENTITY))]


@router.get("/handovers")
def show_handovers(
    desk: Reader,
    side: door.HandoverSide | None = None,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> HTMLResponse:
    """What waits for an answer first, then all of them."""
    given = (desk.keyring, desk.present)
    waits = handovers_open(desk)
    found = door.list_handovers(desk.session, desk.caller, Paging(50, cursor, None), *given, side=side)
    return desk.show(
        "handovers.html",
        found=found,
        mine=to_answer(waits),
        asked=sum("withdraw" in item.may for item in waits),
        side=side,
        first_page=cursor is None,
        waiting=waiting(desk),
    )


@router.get("/handovers/{handover_id}")
def show_handover(desk: Reader, handover_id: RowId) -> HTMLResponse:
    """One hand-over."""
    return _page(desk, handover_id)


@router.post("/handovers/{handover_id}")
def settle(
    desk: Decider,
    handover_id: RowId,
    step: Annotated[str, Form(max_length=20)] = "",
    answer: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Answer, decide or withdraw."""
    given = (desk.session, desk.caller, desk.once, desk.keyring, desk.present)

    def command() -> object:
        if step == "agree":
            return door.agree_handover(handover_id, HandoverAnswer(answer=answer), *given)
        if step == "withdraw":
            return door.withdraw_handover(handover_id, HandoverAnswer(answer=answer), *given)
        try:
            if step == "refuse":
                return door.refuse_handover(handover_id, HandoverRefusal(answer=answer), *given)
            decision = HandoverDecision(transfer=step == "transfer", answer=answer)
        except ValidationError as error:
            raise refused(error) from None
        return door.decide_handover(handover_id, decision, *given)

    problem = desk.attempt(command)
    if problem is not None:
        return _page(desk, handover_id, problem=problem, kept={"answer": answer})
    return to(f"/handovers/{handover_id}?done=handover-settled")


def _page(
    desk: Desk, handover_id: int, *, problem: Problem | None = None, kept: dict[str, str] | None = None
) -> HTMLResponse:
    row = handover_or_404(desk.session, handover_id)
    return desk.show(
        "handover.html",
        problem=problem,
        handover=handover_public(desk.session, desk.caller, desk.keyring, row, desk.present),
        kept=kept or {},
    )
