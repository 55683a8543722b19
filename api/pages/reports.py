"""上报与采纳: what was reported about a person's work, and the reports that wait for somebody to check them."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query
from fastapi.responses import HTMLResponse, Response
from pydantic import ValidationError

from api.deps import RowId
from api.errors import invalid
from api.pages.desk import Desk, desk_for, to
from api.pages.naming import regions_below
from api.pages.routing import PageRoute
from api.pages.typed import a_day, refused
from api.pages.worker_page import worker_page
from api.paging import Paging
from api.rights import Action
from api.routes.bureau import reports as door
from api.schemas.report import ReportCreate, Why
from ledger.gazetteer import Gazetteer

router = APIRouter(route_class=PageRoute)
Reader = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER))]
Placer = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER, Action.PLACE))]
Typed = Annotated[str, Form(max_length=200)]


@router.get("/reports")
def show_waiting(
    desk: Reader,
    region: Annotated[str, Query(pattern=r"^\d{0,12}$")] = "",
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> HTMLResponse:
    """The reports that no rule could decide about, and nobody has yet."""
    found = door.list_reports(
        desk.session,
        desk.caller,
        Paging(50, cursor, None),
        desk.present,
        desk.request.app.state.keyring,
        waiting=True,
        region=region or None,
    )
    return desk.show(
        "reports.html",
        found=found,
        first_page=cursor is None,
        chosen={"region": region},
        regions=regions_below(desk.session, desk.caller.regions, desk.present),
    )


@router.post("/reports/{report_id}/accept")
def accept(desk: Placer, report_id: RowId, reason: Typed = "") -> Response:
    """Checked and found right."""
    return _decide(
        desk, report_id, lambda: door.accept_report(report_id, _why(reason), *_with(desk)), "accept", reason
    )


@router.post("/reports/{report_id}/refuse")
def refuse(desk: Placer, report_id: RowId, reason: Typed = "") -> Response:
    """Checked and found not to be so."""
    return _decide(
        desk, report_id, lambda: door.refuse_report(report_id, _why(reason), *_with(desk)), "refuse", reason
    )


@router.post("/reports/{report_id}/reverse")
def reverse(desk: Placer, report_id: RowId) -> Response:
    """Take back what was decided."""
    return _decide(desk, report_id, lambda: door.reverse_report(report_id, *_with(desk)), "reverse", "")


@router.post("/workers/{worker_id}/reports")
def report_anew(
    desk: Placer,
    worker_id: RowId,
    instead_of: Annotated[str, Form(max_length=20)] = "",
    working: Typed = "",
    started: Typed = "",
    ended: Typed = "",
    place: Typed = "",
    employer: Typed = "",
    income: Typed = "",
    channel: Typed = "",
) -> Response:
    """A clerk's own report, or the correction of one."""
    typed = {
        "working": working, "started": started, "ended": ended, "place": place, "employer": employer,
        "income": income, "channel": channel,
    }  # fmt: skip

    def command() -> None:
        body = _report(typed, instead_of)
        door.create_report(
            worker_id,
            body,
            desk.session,
            desk.caller,
            desk.today,
            desk.present,
            desk.request.app.state.keyring,
            desk.once,
        )

    problem = desk.attempt(command)
    if problem is None:
        return to(f"/workers/{worker_id}?done=reported#reports")
    return worker_page(
        desk, worker_id, problem=problem, kept={"form": "report", "instead_of": instead_of, **typed}
    )


def _report(typed: dict[str, str], instead_of: str) -> ReportCreate:
    told: dict[str, Any] = {
        "working": {"yes": True, "no": False}.get(typed["working"]),
        "employer": typed["employer"].strip() or None,
        "channel": typed["channel"].strip() or None,
    }
    for name, words in (("started", "开始月份"), ("ended", "结束月份")):
        if typed[name].strip():
            told[name] = a_day(name, typed[name].strip()[:7] + "-01", f"{words}请写成年月，如2021-03。")
    if typed["place"].strip():
        told["region"] = Gazetteer.national().find(typed["place"].strip())
        if told["region"] is None:
            raise invalid("region", "unknown", "没有找到这个地名，请从省写起，如江苏省南通市通州区。")
    if typed["income"].strip():
        try:
            told["income"] = Decimal(typed["income"].strip())
        except InvalidOperation:
            raise invalid("income", "number", "月收入请填数字（元），不清楚的留空。") from None
    if instead_of.isdecimal():
        told["instead_of"] = int(instead_of)
    try:
        return ReportCreate(**{name: value for name, value in told.items() if value is not None})
    except ValidationError as error:
        raise refused(error) from error


def _why(reason: str) -> Why:
    if not reason.strip():
        raise invalid("reason", "missing", "请写明是怎样核实的，再提交。")
    try:
        return Why(reason=reason)
    except ValidationError as error:
        raise refused(error) from error


def _with(desk: Desk) -> tuple[Any, ...]:
    return desk.session, desk.caller, desk.present, desk.request.app.state.keyring, desk.once


def _decide(desk: Desk, report_id: int, command: Callable[[], object], done: str, reason: str) -> Response:
    shown = door.read_report(
        report_id, desk.session, desk.caller, desk.present, desk.request.app.state.keyring
    )
    problem = desk.attempt(command)
    if problem is None:
        return to(f"/workers/{shown.worker_id}?done=report-{done}#reports")
    kept = {"form": f"report-{done}", "report_id": report_id, "reason": reason}
    return worker_page(desk, shown.worker_id, problem=problem, kept=kept)
