"""微信来的事: who asks to speak for somebody, whom to call back, and payslips to look at."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from api.deps import RowId
from api.errors import Problem
from api.pages.desk import Desk, desk_for, to
from api.pages.gathering import Cursor, Fields
from api.pages.routing import PageRoute
from api.pages.typed import first, read_form
from api.paging import Paging
from api.rights import Action
from api.routes.bureau import bindings as bindings_door
from api.routes.bureau import call_requests as calls_door
from api.routes.bureau import payslips as payslips_door
from api.schemas.miniprogram import BindingDecision
from api.schemas.own_word import PayslipDecision
from models.spell import ProofKind, WithdrawalReason
from models.wechat import BindingState

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Reader = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER))]
Writer = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER, Action.WRITE_LEDGER))]
Follower = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER, Action.FOLLOW_UP))]
_NOT = (
    WithdrawalReason.OTHER_PERSON,
    WithdrawalReason.OTHER_SPELL,
    WithdrawalReason.WRONG_DAYS,
    WithdrawalReason.UNTRUE,
)


@router.get("/bindings")
def show_bindings(
    desk: Reader, state: BindingState = BindingState.WAITING, cursor: Cursor = None
) -> HTMLResponse:
    """Who asks to speak for somebody by WeChat, or does."""
    return _bindings(desk, state, cursor=cursor)


@router.post("/bindings/{binding_id}/decide")
def decide_binding(desk: Writer, binding_id: RowId, fields: Fields) -> Response:
    """A human has looked at who asks."""
    agreed = first(fields, "agreed") == "yes"

    def command() -> None:
        body = BindingDecision(agreed=agreed)
        bindings_door.decide(
            binding_id, body, desk.session, desk.caller, desk.today, desk.once, desk.keyring, desk.present
        )

    problem = desk.attempt(command)
    if problem is not None:
        return _bindings(desk, BindingState.WAITING, problem=problem)
    return to(f"/bindings?done={'wechat-bound' if agreed else 'wechat-not-bound'}")


@router.post("/bindings/{binding_id}/end")
def end_binding(desk: Writer, binding_id: RowId) -> Response:
    """A telephone speaks for nobody any more."""

    def command() -> None:
        bindings_door.end(
            binding_id, desk.session, desk.caller, desk.today, desk.once, desk.keyring, desk.present
        )

    problem = desk.attempt(command)
    if problem is not None:
        return _bindings(desk, BindingState.IN_FORCE, problem=problem)
    return to(f"/bindings?state={BindingState.IN_FORCE.value}&done=wechat-unbound")


@router.get("/call-requests")
def show_calls(desk: Follower, open: bool = True, cursor: Cursor = None) -> HTMLResponse:
    """Whom to call back."""
    return _calls(desk, still_open=open, cursor=cursor)


@router.post("/call-requests/{call_id}/done")
def finish_call(desk: Follower, call_id: RowId) -> Response:
    """Somebody was called."""

    def command() -> None:
        calls_door.finish_call_request(
            call_id, desk.session, desk.caller, desk.keyring, desk.present, desk.today, desk.once
        )

    problem = desk.attempt(command)
    return to("/call-requests?done=called-back") if problem is None else _calls(desk, problem=problem)


@router.get("/payslips")
def show_payslips(desk: Writer, cursor: Cursor = None) -> HTMLResponse:
    """Payslips that somebody is to look at."""
    return _payslips(desk, cursor=cursor)


@router.post("/payslips/{evidence_id}/decide")
def decide_payslip(desk: Writer, evidence_id: RowId, fields: Fields) -> Response:
    """What the picture is, or why it proves nothing."""
    told: dict[str, Any] = {name: first(fields, name) for name in ("kind", "reason")}

    def command() -> None:
        body = read_form(PayslipDecision, {name: value for name, value in told.items() if value})
        payslips_door.decide(
            evidence_id, body, desk.session, desk.caller, desk.keyring, desk.today, desk.once
        )

    problem = desk.attempt(command)
    if problem is not None:
        return _payslips(desk, problem=problem)
    return to(f"/payslips?done={'payslip-taken' if told['kind'] else 'payslip-refused'}")


def _bindings(
    desk: Desk, state: BindingState, *, cursor: str | None = None, problem: Problem | None = None
) -> HTMLResponse:
    found = bindings_door.list_bindings(
        desk.session, desk.caller, Paging(30, cursor, None), desk.keyring, desk.present, state=state
    )
    return desk.show(
        "bindings.html",
        path="/bindings",
        problem=problem,
        found=found,
        state=state,
        states=list(BindingState),
        first_page=cursor is None,
    )


def _calls(
    desk: Desk, *, still_open: bool = True, cursor: str | None = None, problem: Problem | None = None
) -> HTMLResponse:
    found = calls_door.list_call_requests(
        desk.session, desk.caller, Paging(30, cursor, None), desk.keyring, desk.present, open=still_open
    )
    return desk.show(
        "call_requests.html",
        path="/call-requests",
        problem=problem,
        found=found,
        still_open=still_open,
        first_page=cursor is None,
    )


def _payslips(desk: Desk, *, cursor: str | None = None, problem: Problem | None = None) -> HTMLResponse:
    found = payslips_door.list_payslips(desk.session, desk.caller, Paging(30, cursor, None))
    return desk.show(
        "payslips.html",
        path="/payslips",
        problem=problem,
        found=found,
        kinds=(ProofKind.WAGE_FLOW, ProofKind.AGENCY_FLOW),
        reasons=_NOT,
        first_page=cursor is None,
    )
