"""报表: choose a register, look at its first rows, have it as a file, print it."""

from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse

from api.deps import RowId
from api.errors import Problem, invalid
from api.exporting.answering import preview
from api.exporting.asking import asked_of, period_text, view_or_404
from api.exporting.making import Wanted, ask
from api.pages.desk import Desk, desk_for, to
from api.pages.naming import chosen_village, regions_below, villages_to_choose
from api.pages.routing import PageRoute
from api.pages.typed import a_day
from api.paging import Page, Paging
from api.rights import Action
from api.routes.bureau import dispatches
from api.routes.bureau import exports as door
from api.schemas.register import ExportPublic
from ledger.registers.catalogue import VIEWS
from ledger.registers.five import FIVE
from ledger.registers.monthly import MONTHLY
from ledger.registers.quarterly import QUARTERLY, people_of
from ledger.registers.view import Asked, Asks, View, cells
from models.export import Format
from models.sealing import Keyring

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Reader = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER))]
Exporter = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER, Action.EXPORT))]
_FIRST = 50
_ON_PAPER = 5_000
"""Rows that are printed at once: what is more is a file's matter, or a smaller region's."""
_REST = tuple(view for view in VIEWS.values() if view not in (*FIVE, *MONTHLY))
_GROUPS = (("一库五册", FIVE), ("月报（全国系统格式）", MONTHLY), ("名册、季报和输送名单", _REST))


@dataclass(frozen=True, slots=True)
class Question:
    """What the form asks, as it was typed."""

    region: str = ""
    as_of: str = ""
    period: str = ""
    batch: str = ""
    line: str = ""
    village: str = ""
    village_of: str = ""

    @property
    def in_village(self) -> str | None:
        """The village asked for; one of a township that was left for another since is none."""
        return chosen_village(self.region, self.village, self.village_of)


def question(
    region: Annotated[str, Query(max_length=12)] = "",
    as_of: Annotated[str, Query(max_length=10)] = "",
    period: Annotated[str, Query(max_length=10)] = "",
    batch: Annotated[str, Query(max_length=19, pattern=r"^\d*$")] = "",
    line: Annotated[str, Query(max_length=2, pattern=r"^\d*$")] = "",
    village: Annotated[str, Query(max_length=100)] = "",
    village_of: Annotated[str, Query(max_length=12)] = "",
) -> Question:
    """Out of the address."""
    return Question(region, as_of, period, batch, line, village, village_of)


Asking = Annotated[Question, Depends(question)]


@router.get("/registers")
def show_registers(desk: Reader, cursor: Annotated[str | None, Query(max_length=500)] = None) -> HTMLResponse:
    """Every register, and the files that were asked for."""
    files = _files(desk, cursor) if desk.may(Action.EXPORT) else None
    return desk.show("registers.html", groups=_GROUPS, files=files, first_page=cursor is None)


@router.get("/registers/files")
def show_files(desk: Exporter) -> HTMLResponse:
    """The newest files and how far they are: what the page asks for while one is being made."""
    return desk.show("_export_files.html", files=_files(desk, None))


@router.get("/registers/{code}")
def show_register(desk: Reader, code: str, told: Asking) -> HTMLResponse:
    """The first rows of a register, and how many there are."""
    return _register_page(desk, view_or_404(code), told)


@router.get("/registers/{code}/print")
def print_register(desk: Reader, code: str, told: Asking) -> HTMLResponse:
    """All rows on A4, with the lines for who filled it in, who checked it and the seal."""
    view = view_or_404(code)
    asked = _asked(desk, view, told)
    total = view.count(desk.session, asked)
    if not view.printed or total > _ON_PAPER:
        raise invalid("region", "too-many", f"一次最多打印{_ON_PAPER}行，请选小一级的地区，或者下载文件")
    table = next(view.tables(desk.session, _keyring(desk), asked))
    shown = [at for at, column in enumerate(table.columns) if column.on_paper]
    rows = [[row[at] for at in shown] for row in islice(cells(table, masked=True), _ON_PAPER)]
    return desk.show(
        "register_print.html",
        view=view,
        asked=asked,
        place=desk.present.known_place(asked.region).name + (asked.village or ""),
        columns=[table.columns[at] for at in shown],
        banners=table.banners if view.asks is Asks.BATCH else (),
        rows=rows,
        total=total,
    )


@router.post("/registers/{code}/export")
def export_register(
    desk: Exporter,
    code: str,
    region: Annotated[str, Form(max_length=12)] = "",
    as_of: Annotated[str, Form(max_length=10)] = "",
    period: Annotated[str, Form(max_length=10)] = "",
    batch: Annotated[str, Form(max_length=19, pattern=r"^\d*$")] = "",
    village: Annotated[str, Form(max_length=100)] = "",
    format: Annotated[str, Form(max_length=4)] = Format.XLSX.value,
    whole: Annotated[str, Form(max_length=3)] = "",
    reason: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Have the file made."""
    view, told = view_or_404(code), Question(region, as_of, period, batch, village=village)

    def command() -> None:
        chosen = Format.CSV if format == Format.CSV.value else Format.XLSX
        wanted = Wanted(view, _asked(desk, view, told), chosen, whole != "yes", reason.strip())
        ask(desk.session, _keyring(desk), desk.caller, wanted)

    problem = desk.attempt(command)
    if problem is not None:
        return _register_page(desk, view, told, problem=problem, reason=reason, kept=True)
    return to("/registers?done=exporting#files")


@router.get("/exports/{export_id}/file")
def fetch_file(request: Request, desk: Exporter, export_id: RowId) -> Response:
    """The file."""
    return door.send(request, desk.session, desk.caller, _keyring(desk), export_id)


def _files(desk: Desk, cursor: str | None) -> Page[ExportPublic]:
    return door.list_exports(desk.session, desk.caller, Paging(20, cursor, None), desk.present)


def _keyring(desk: Desk) -> Keyring:
    keyring: Keyring = desk.request.app.state.keyring
    return keyring


def _asked(desk: Desk, view: View, told: Question) -> Asked:
    return asked_of(
        desk.session,
        desk.caller,
        view,
        region=told.region or None,
        village=told.in_village,
        as_of=a_day("as_of", told.as_of, "截止日期应是日期，请在日历里选择。") if told.as_of else None,
        period=told.period or None,
        batch=int(told.batch) if told.batch else None,
        today=desk.today,
    )


def _register_page(
    desk: Desk,
    view: View,
    told: Question,
    *,
    problem: Problem | None = None,
    reason: str = "",
    kept: bool = False,
) -> HTMLResponse:
    batches = []
    if view.asks is Asks.BATCH:
        paging = Paging(100, None, None)
        batches = dispatches.list_dispatches(desk.session, desk.caller, paging, desk.present).items
        if not told.batch and batches:
            told = Question(batch=str(batches[0].id))
    found = line = asked = None
    try:
        if view.asks is not Asks.BATCH or batches:
            asked = _asked(desk, view, told)
            table = None
            if told.line and view is QUARTERLY:
                table = people_of(desk.session, _keyring(desk), asked, int(told.line))
                line = table.name if table else None
            found = preview(
                desk.session, _keyring(desk), desk.present, view, asked, limit=_FIRST, table=table
            )
    except Problem as refusal:
        problem = problem or refusal
    return desk.show(
        "register.html",
        problem=problem,
        kept=kept,
        view=view,
        found=found,
        line=line,
        told=told,
        reason=reason,
        batches=batches,
        regions=regions_below(desk.session, desk.caller.regions, desk.present),
        periods=_periods(view, desk.today),
        period=told.period or (period_text(view.asks, desk.today) if _periods(view, desk.today) else ""),
        as_of=asked.as_of if asked else desk.today,
        inside=_inside(desk, asked),
        villages=villages_to_choose(desk.session, asked.region if asked else None),
    )


def _inside(desk: Desk, asked: Asked | None) -> str:
    """The chosen region's name where the list of regions does not have it: it was reached by going down."""
    return desk.present.known_place(asked.region).name if asked else ""


def _periods(view: View, today: date) -> list[tuple[str, str]]:
    """The last periods, newest first: how each is written in the address and on the page."""
    if view.asks is Asks.MONTH:
        months = [(today.year * 12 + today.month - 1 - back) for back in range(24)]
        return [(f"{at // 12}-{at % 12 + 1:02d}", f"{at // 12}年{at % 12 + 1}月") for at in months]
    if view.asks is Asks.QUARTER:
        quarters = [(today.year * 4 + (today.month - 1) // 3 - back) for back in range(8)]
        return [(f"{at // 4}Q{at % 4 + 1}", f"{at // 4}年第{at % 4 + 1}季度") for at in quarters]
    return []
