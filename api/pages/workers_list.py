"""台账: who is there, sought by name, village, number or what a clerk asks for."""

from dataclasses import asdict, replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Response
from fastapi.responses import HTMLResponse

from api.bulk_rights import RIGHTS
from api.errors import Problem, invalid
from api.pages.desk import Desk, desk_for, to
from api.pages.naming import chosen_village, regions_below, villages_to_choose
from api.pages.routing import PageRoute
from api.paging import Page
from api.people_filter import SoughtDep, address_of, filter_words
from api.people_found import found_by_number, looks_like_number, not_whole, plain_digits
from api.rights import Action
from api.routes.bureau.workers import list_workers
from api.schemas.worker import WorkerSummary
from api.searches import mine
from ledger.people_sought import Sought, VillageFound, Whereabouts, villages_beginning
from ledger.villages import TOWNSHIP_DIGITS
from models.bulk_action import BulkKind
from models.education import Education
from models.household import HardshipCategory
from models.region import Region
from models.worker import Sex, Wants

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Reader = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER))]
_SHOWN = 50
_WHOLE = 7
_VILLAGES = ("村", "社区", "居委会")
_WORDS: dict[str, Any] = {
    "hardship": list(HardshipCategory),
    "destination": list(Whereabouts),
    "wants": list(Wants),
    "sex": list(Sex),
    "education": list(Education),
}
_MORE = (
    "destination", "wants", "age_from", "age_to", "sex", "education", "skill", "relocated", "follow_up", "doubt",
)  # fmt: skip
_NOBODY: Page[WorkerSummary] = Page(items=[], next_cursor=None, total=0)


@router.get("/workers")
def show_workers(
    desk: Reader,
    sought: SoughtDep,
    village_of: Annotated[str, Query(pattern=r"^\d{0,12}$")] = "",
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> HTMLResponse:
    """The ledger; a name of a village leads to its people, and a number is not looked for by its address."""
    typed = sought.q or ""
    sought = replace(sought, village=chosen_village(sought.region or "", sought.village or "", village_of))
    if looks_like_number(typed):
        if (code := plain_digits(typed)) and desk.session.get(Region, code) is not None:
            return _page(desk, replace(sought, q=None, region=code, village=None), cursor)
        problem = invalid("q", "number", "证件号码和电话请填在“证件号码或联系电话”一格里查，这里没有查。")
        answer = _page(desk, replace(sought, q=None), cursor, problem=problem, nobody=True)
        answer.headers["HX-Push-Url"] = "false"
        return answer
    several: list[VillageFound] = []
    if len(typed) > 1 and not typed.isascii() and not sought.village and cursor is None:
        several = villages_beginning(desk.session, typed)
        if len(several) == 1 and several[0].village == typed and typed.endswith(_VILLAGES):
            return _page(desk, replace(sought, q=None, region=several[0].code, village=typed), cursor)
    return _page(desk, sought, cursor, several=several)


@router.post("/workers/find", responses={200: {"content": {"text/html": {}}}})
def find_by_number(
    desk: Reader,
    number: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Whose number it is: that person's page, or those whose telephone it is. What was typed is shown nowhere again."""
    found: list[WorkerSummary] = []

    def command() -> None:
        if len(plain_digits(number)) < _WHOLE:
            raise not_whole()
        rows = found_by_number(desk.session, desk.keyring, desk.lookups, number)
        found.extend(desk.present.workers(rows))

    problem = desk.attempt(command)
    if len(found) == 1:
        return to(f"/workers/{found[0].id}")
    page: Page[WorkerSummary] = Page(items=found, next_cursor=None, total=len(found))
    return _page(desk, Sought(), None, problem=problem, by_number=page)


def _page(
    desk: Desk,
    sought: Sought,
    cursor: str | None,
    *,
    problem: Problem | None = None,
    several: list[VillageFound] | None = None,
    by_number: Page[WorkerSummary] | None = None,
    nobody: bool = False,
) -> HTMLResponse:
    found = by_number or _NOBODY
    if by_number is None and not nobody:
        paging = desk.paging(_SHOWN, cursor)
        found = list_workers(desk.session, desk.caller, paging, desk.present, sought)
    return desk.show(
        "workers.html",
        path="/workers",
        problem=problem,
        found=found,
        by_number=by_number is not None,
        several=several or [],
        sought=asdict(sought),
        fields=address_of(sought),
        told=filter_words(sought, desk.present),
        more=sought.restricted or any(getattr(sought, name) is not None for name in _MORE),
        words=_WORDS,
        q=sought.q or "",
        region=sought.region or "",
        inside=_inside(desk, sought.region),
        village=sought.village or "",
        villages=villages_to_choose(desk.session, sought.region),
        regions=regions_below(desk.session, desk.caller.regions, desk.present),
        searches=mine(desk.session, desk.caller),
        kinds=[kind for kind in BulkKind if desk.caller.where(*RIGHTS[kind])]
        if not sought.restricted
        else [],
        first_page=cursor is None,
    )


def _inside(desk: Desk, region: str | None) -> str:
    """The chosen region's name where the list of regions does not have it: a village, or somewhere far below."""
    if not region or region in desk.caller.regions:
        return ""
    row = desk.session.get(Region, region)
    if row is None or (row.parent_code in desk.caller.regions and len(region) <= TOWNSHIP_DIGITS):
        return ""
    return desk.present.known_place(region).name
