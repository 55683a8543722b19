"""重点单位: which employers have many poverty-relieved people and keep them, the people behind it, and their claims."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from fastapi.responses import HTMLResponse

from api.benefits import benefits_of
from api.deps import RowId
from api.errors import Problem
from api.key_employers import Who, employer_or_404
from api.pages.benefits import Clerk, Cursor, Reader, YearChosen, opened
from api.pages.desk import Desk, to
from api.pages.gathering import Fields
from api.pages.routing import PageRoute
from api.pages.typed import fen_of, first, read_form
from api.paging import Paging
from api.routes.bureau import benefits as doors
from api.schemas.benefit import ClaimsCreate

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Order = Literal["-relieved", "-after_3", "-after_6"]
_ORDERS = {"-relieved": "脱贫劳动力多的", "-after_3": "满3个月留得住的", "-after_6": "满6个月留得住的"}
_WHOSE = {"at_work": "现在在岗的", "after_3": "已满3个月的", "after_6": "已满6个月的"}
_SHOWN = 200


@router.get("/benefits/employers")
def show_key_employers(
    desk: Reader,
    cursor: Cursor = None,
    year: YearChosen = None,
    least: Annotated[int, Query(ge=0, le=10_000)] = 1,
    sort: Annotated[Order, Query()] = "-relieved",
) -> HTMLResponse:
    """Key employers with what each is entitled to."""
    return _employers_page(desk, cursor=cursor, year=year, least=least, sort=sort)


@router.get("/benefits/employers/{employer_id}")
def show_key_employer(
    desk: Reader, employer_id: RowId, who: Annotated[Who | None, Query()] = None, cursor: Cursor = None
) -> HTMLResponse:
    """The people behind one employer's numbers."""
    known = benefits_of(desk.settings)
    return desk.show(
        "benefit_employer.html",
        path="/benefits/employers",
        employer=desk.present.employers([employer_or_404(desk.session, desk.caller, employer_id)])[0],
        found=doors.list_key_employer_workers(
            employer_id, desk.session, desk.caller, known, desk.present, desk.today,
            Paging(_SHOWN, cursor, None), who,
        ),
        who=who,
        whose=_WHOSE,
        first_page=cursor is None,
    )  # fmt: skip


@router.post("/benefits/employers")
def claim_for_employer(desk: Clerk, fields: Fields) -> Response:
    """Open the claim of one employer."""
    made: list[int] = []

    def command() -> None:
        costs = fen_of("costs", first(fields, "costs"))
        told = {name: first(fields, name) for name in ("benefit", "year")}
        body = read_form(ClaimsCreate, told | {"employer_ids": fields.get("employer", []), "costs": costs})
        made.append(opened(desk, body))

    problem = desk.attempt(command)
    if problem is not None:
        return _employers_page(desk, problem=problem)
    return to(f"/benefits/batches/{made[0]}?done=claimed")


def _employers_page(
    desk: Desk,
    *,
    cursor: str | None = None,
    year: int | None = None,
    least: int = 1,
    sort: Order = "-relieved",
    problem: Problem | None = None,
) -> HTMLResponse:
    known = benefits_of(desk.settings)
    found = doors.list_key_employers(
        desk.session,
        desk.caller,
        known,
        desk.present,
        desk.today,
        Paging(50, cursor, sort),
        year=year,
        least=least,
    )
    return desk.show(
        "benefit_employers.html", problem=problem, found=found, first_page=cursor is None,
        year=year or desk.today.year, least=least, sort=sort, orders=_ORDERS, shares={code for code, each in known.items() if each.tiers[0].share},
    )  # fmt: skip
