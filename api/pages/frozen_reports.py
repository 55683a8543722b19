"""月报季报: frozen reports, the people behind each figure as they were known then, the workbook and the printed page."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Response
from fastapi.responses import HTMLResponse

from api.deps import RowId
from api.errors import Problem
from api.exporting.asking import period_text
from api.frozen.workbook import title_of
from api.pages.desk import Desk, desk_for, to
from api.pages.naming import regions_below
from api.pages.routing import PageRoute
from api.pages.typed import read_form
from api.paging import Paging
from api.rights import Action
from api.routes.bureau import frozen_reports as door
from api.schemas.frozen import FrozenLine, FrozenReportCreate, FrozenReportPublic
from ledger.registers.view import Asks
from models.frozen import PeriodKind
from models.spell import EvidenceGrade
from models.target import Population

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Reader = Annotated[Desk, Depends(desk_for(Action.READ_TARGETS))]
PeopleReader = Annotated[Desk, Depends(desk_for(Action.READ_TARGETS, Action.READ_LEDGER))]
Cursor = Annotated[str | None, Query(max_length=500)]
_SHOWN = 30
_ON_PAPER = 8
"""Tasks that the printed page has room for; the workbook has all."""


@dataclass(frozen=True, slots=True)
class OverPeriod:
    """An indicator over the period: all people, and 脱贫劳动力 among them."""

    line: FrozenLine
    poor: FrozenLine | None


@router.get("/frozen-reports")
def show_frozen_reports(desk: Reader, cursor: Cursor = None) -> HTMLResponse:
    """Every report that was frozen, and the form of a new one."""
    return _list(desk, cursor=cursor)


@router.post("/frozen-reports")
def create_frozen_report(
    desk: Annotated[Desk, Depends(desk_for(Action.READ_TARGETS, Action.MANAGE_TARGETS))],
    period: Annotated[str, Form(max_length=10)] = "",
    region: Annotated[str, Form(max_length=12)] = "",
) -> Response:
    """Freeze a month or a quarter."""
    made: list[int] = []

    def command() -> None:
        kind = PeriodKind.QUARTER if "Q" in period else PeriodKind.MONTH
        body = read_form(FrozenReportCreate, {"region": region, "kind": kind, "period": period})
        report = door.create_frozen_report(
            body, desk.session, desk.caller, desk.keyring, desk.settings, desk.today, desk.once, desk.present
        )
        made.append(report.id)

    problem = desk.attempt(command)
    if problem is not None:
        return _list(desk, problem=problem, period=period, region=region)
    return to(f"/frozen-reports/{made[0]}?done=frozen")


@router.get("/frozen-reports/{frozen_id}")
def show_frozen_report(desk: Reader, frozen_id: RowId) -> HTMLResponse:
    """One report."""
    report = door.read_frozen_report(frozen_id, desk.session, desk.caller, desk.present)
    tasks, period = _parted(report)
    return desk.show("frozen_report.html", report=report, title=title_of(report), tasks=tasks, period=period)


@router.get("/frozen-reports/{frozen_id}/print")
def print_frozen_report(desk: Reader, frozen_id: RowId) -> HTMLResponse:
    """The report on one page of A4."""
    report = door.read_frozen_report(frozen_id, desk.session, desk.caller, desk.present)
    tasks, period = _parted(report)
    shown = [line for line in tasks if line.number is not None]
    divided = next(
        (line for line in (*shown, *(each.line for each in period)) if line.parts and not line.things), None
    )
    return desk.show(
        "frozen_print.html",
        report=report,
        title=title_of(report),
        tasks=shown[:_ON_PAPER],
        left_off=len(shown[_ON_PAPER:]),
        period=period,
        divided=divided,
    )


@router.get("/frozen-reports/{frozen_id}/workbook.xlsx")
def fetch_frozen_workbook(
    desk: Annotated[Desk, Depends(desk_for(Action.READ_LEDGER, Action.EXPORT))], frozen_id: RowId
) -> Response:
    """The report as a workbook."""
    return door.read_frozen_workbook(frozen_id, desk.session, desk.caller, desk.keyring, desk.present)


@router.get("/frozen-reports/{frozen_id}/lines/{line}")
def show_frozen_line(
    desk: PeopleReader,
    frozen_id: RowId,
    line: RowId,
    region: Annotated[str, Query(pattern=r"^([0-9]{2,12})?$")] = "",
    stable: Annotated[str, Query(max_length=3)] = "",
    grade: Annotated[EvidenceGrade | None, Query()] = None,
    cursor: Cursor = None,
) -> HTMLResponse:
    """The people behind a figure, as they were known when it was frozen."""
    report = door.read_frozen_report(frozen_id, desk.session, desk.caller, desk.present)
    told = door.line_or_404(door.frozen_or_404(desk.session, frozen_id), line)
    people = door.list_frozen_persons(
        frozen_id,
        line,
        desk.session,
        desk.caller,
        Paging(_SHOWN, cursor, None),
        desk.keyring,
        desk.present,
        region=region or None,
        stable=stable == "yes",
        grade=grade,
    )
    return desk.show(
        "frozen_line.html",
        report=report,
        title=title_of(report),
        line=told,
        people=people,
        region=region,
        stable=stable,
        grade=grade,
        first_page=cursor is None,
    )


def _list(
    desk: Desk,
    *,
    cursor: str | None = None,
    problem: Problem | None = None,
    period: str = "",
    region: str = "",
) -> HTMLResponse:
    return desk.show(
        "frozen_reports.html",
        problem=problem,
        found=door.list_frozen_reports(desk.session, desk.caller, Paging(30, cursor, None), desk.present),
        first_page=cursor is None,
        periods=_periods(desk.today),
        period=period,
        region=region,
        regions=regions_below(desk.session, desk.caller.regions, desk.present),
    )


def _periods(today: date) -> list[tuple[str, str]]:
    """The last months and quarters, newest first."""
    months = [today.year * 12 + today.month - 1 - back for back in range(12)]
    found = [(f"{at // 12}-{at % 12 + 1:02d}", f"{at // 12}年{at % 12 + 1}月（月报）") for at in months]
    year, quarter = period_text(Asks.QUARTER, today).split("Q")
    quarters = [int(year) * 4 + int(quarter) - 1 - back for back in range(6)]
    return found + [(f"{at // 4}Q{at % 4 + 1}", f"{at // 4}年第{at % 4 + 1}季度（季报）") for at in quarters]


def _parted(report: FrozenReportPublic) -> tuple[list[FrozenLine], list[OverPeriod]]:
    """The tasks, and the indicators over the period with 脱贫劳动力 beside all."""
    period = [line for line in report.items if line.target_id is None]
    poor = {line.indicator: line for line in period if line.population is Population.POVERTY_RELIEVED}
    return (
        [line for line in report.items if line.target_id is not None],
        [
            OverPeriod(line, poor.get(line.indicator))
            for line in period
            if line.population is not Population.POVERTY_RELIEVED
        ],
    )
