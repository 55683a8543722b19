"""上报与采纳: what was reported about a person's work, and the reports that wait for somebody to check them."""

import re
from collections.abc import Callable
from datetime import date
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
from api.schemas.report import ReportCreate, Why, WorkReported
from ledger.gazetteer import Gazetteer

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Reader = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER))]
Placer = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER, Action.PLACE))]
Typed = Annotated[str, Form(max_length=200)]
_YES_NO = {"yes": True, "no": False}


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
    keyring = desk.request.app.state.keyring

    def command() -> object:
        return door.reverse_report(
            report_id, desk.session, desk.caller, desk.present, keyring, desk.once, desk.today
        )

    return _decide(desk, report_id, command, "reverse", "")


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
    industry: Typed = "",
    channel: Typed = "",
    point_to_point: Typed = "",
    post_kinds: Typed = "",
    post_months: Typed = "",
) -> Response:
    """A clerk's own report, or the correction of one."""
    typed = {
        "working": working, "started": started, "ended": ended, "place": place, "employer": employer,
        "income": income, "industry": industry, "channel": channel, "point_to_point": point_to_point,
        "post_kinds": post_kinds, "post_months": post_months,
    }  # fmt: skip

    def command() -> None:
        body = _report(typed, _earlier(desk, worker_id, instead_of), instead_of)
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


def _earlier(desk: Desk, worker_id: int, number: str) -> WorkReported | None:
    """The report that is corrected, where one is and can still be read."""
    if not number.isdecimal():
        return None
    found = door.read_report(
        int(number), desk.session, desk.caller, desk.present, desk.request.app.state.keyring
    )
    return found.told if found.worker_id == worker_id else None


def _report(typed: dict[str, str], earlier: WorkReported | None, instead_of: str) -> ReportCreate:
    """What was typed. Of a correction it is everything that is known: one that was emptied is unknown from now on, and
    what the form does not show stays."""
    told: dict[str, Any] = {
        "working": _YES_NO.get(typed["working"]),
        "point_to_point": _YES_NO.get(typed["point_to_point"]),
        "post_kinds": [
            part for text in re.split("[、，,;；]", typed["post_kinds"]) if (part := text.strip())
        ],
        **{name: typed[name].strip() or None for name in ("employer", "industry", "channel")},
    }
    for name, words in (("started", "开始月份"), ("ended", "结束月份")):
        text = typed[name].strip()[:7]
        told[name] = a_day(name, f"{text}-01", f"{words}请写成年月，如2021-03。") if text else None
    if earlier and (told["started"], told["ended"]) == (_month(earlier.started), _month(earlier.ended)):
        # The form shows months: days that are known stay where nobody touched them.
        told |= {"started": earlier.started, "ended": earlier.ended, "precision": earlier.precision}
    place = typed["place"].strip()
    if earlier and earlier.region and place == earlier.region.name:
        told["region"] = earlier.region.code
    elif place:
        told["region"] = Gazetteer.national().find(place)
        if told["region"] is None:
            raise invalid("region", "unknown", "没有找到这个地名，请从省写起，如江苏省南通市通州区。")
    told["income"] = _number(typed, "income", Decimal, "月收入请填数字（元），不清楚的留空。")
    told["post_months"] = _number(typed, "post_months", int, "公益性岗位月数请填整数，没有的留空。")
    if earlier:
        told |= {"form": earlier.form, "certificate": earlier.certificate}
    if instead_of.isdecimal():
        told["instead_of"] = int(instead_of)
    try:
        return ReportCreate(**{name: value for name, value in told.items() if value not in (None, [])})
    except ValidationError as error:
        raise refused(error) from error


def _month(day: date | None) -> date | None:
    return day.replace(day=1) if day else None


def _number(typed: dict[str, str], name: str, read: Callable[[str], Any], words: str) -> Any:
    text = typed[name].strip()
    try:
        return read(text) if text else None
    except (InvalidOperation, ValueError):
        raise invalid(name, "number", words) from None


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
