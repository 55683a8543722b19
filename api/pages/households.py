"""户: the list, one household with its hardship over time and its members, and who should be asked about work."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Response
from fastapi.responses import HTMLResponse

from api.deps import RowId
from api.errors import Problem, invalid
from api.families import household_detail, members_of
from api.pages.desk import Desk, desk_for, to
from api.pages.household_choosing import choosing, people_named
from api.pages.household_form import (
    added,
    closed,
    facts,
    facts_typed,
    household,
    household_typed,
    period_typed,
    without,
)
from api.pages.household_idle import idle_page
from api.pages.naming import chosen_village, regions_below, villages_to_choose
from api.pages.routing import PageRoute
from api.pages.typed import a_day
from api.paging import Paging
from api.rights import Action
from api.routes.bureau.households import (
    contact_household,
    create_household,
    household_or_404,
    list_households,
    update_household,
)
from api.routes.bureau.workers import update_worker, worker_or_404
from api.schemas.household import (
    HardshipTold,
    HouseholdContact,
    HouseholdDetail,
    HouseholdUpdate,
)
from api.schemas.worker import WorkerUpdate
from models.household import HardshipCategory
from models.worker import RelationToHead

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Reader = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER))]
Writer = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER, Action.WRITE_LEDGER))]
Region = Annotated[str, Query(pattern=r"^\d{0,12}$")]
Village = Annotated[str, Query(max_length=100)]
Cursor = Annotated[str | None, Query(max_length=500)]
Typed = Annotated[str, Form(max_length=200)]


@router.get("/households")
def show_households(
    desk: Reader,
    number: Annotated[str, Query(max_length=50)] = "",
    region: Region = "",
    village: Village = "",
    village_of: Region = "",
    category: Annotated[HardshipCategory | None, Query()] = None,
    monitored: bool | None = None,
    relocated: bool | None = None,
    cursor: Cursor = None,
) -> HTMLResponse:
    """The households of my regions."""
    chosen = {
        "number": number.strip(),
        "region": region,
        "village": chosen_village(region, village, village_of) or "",
        "category": category.value if category else "",
        "monitored": "true" if monitored else "",
        "relocated": "true" if relocated else "",
    }
    found = list_households(
        desk.session,
        desk.caller,
        Paging(50, cursor, None),
        desk.present,
        desk.today,
        number=chosen["number"] or None,
        region=region or None,
        village=chosen["village"] or None,
        category=category,
        monitored=monitored or None,
        relocated=relocated or None,
    )
    idle = list_households(
        desk.session, desk.caller, Paging(1, None, None), desk.present, desk.today, without_employment=True
    )
    return desk.show(
        "households.html",
        path="/households",
        found=found,
        members=members_of(desk.session, [item.id for item in found.items], desk.present, desk.today),
        idle=idle.total,
        chosen=chosen,
        villages=villages_to_choose(desk.session, region),
        categories=list(HardshipCategory),
        regions=regions_below(desk.session, desk.caller.regions, desk.present),
        first_page=cursor is None,
    )


@router.get("/households/idle")
def show_idle(
    desk: Reader,
    region: Region = "",
    village: Village = "",
    village_of: Region = "",
    contacted: bool | None = None,
    cursor: Cursor = None,
) -> HTMLResponse:
    """零就业户: households that could send somebody to work and have nobody there, to be asked one after the other."""
    in_village = chosen_village(region, village, village_of)
    return idle_page(desk, region=region, village=in_village, contacted=contacted, cursor=cursor)


@router.get("/households/new")
def show_new_household(desk: Writer) -> HTMLResponse:
    """The form of a new household."""
    return _new_page(desk)


@router.post("/households")
def register_household(desk: Writer, form: Annotated[dict[str, str], Depends(household_typed)]) -> Response:
    """Register a household; what was typed stays in a form that was refused."""
    made: list[int] = []

    def command() -> None:
        given = (desk.session, desk.caller, desk.today, desk.once, desk.present, Response())
        made.append(create_household(household(form), *given).id)

    problem = desk.attempt(command)
    if problem is not None:
        return _new_page(desk, problem=problem, kept=form)
    return to(f"/households/{made[0]}?done=kept")


@router.get("/households/{household_id}")
def show_household(
    desk: Reader, household_id: RowId, q: Annotated[str, Query(max_length=50)] = ""
) -> HTMLResponse:
    """One household."""
    return _page(desk, household_id, q=q.strip())


@router.post("/households/{household_id}/facts")
def save_facts(
    desk: Writer, household_id: RowId, form: Annotated[dict[str, str], Depends(facts_typed)]
) -> Response:
    """Put right what is known of the household."""
    return _change(desk, household_id, lambda _: facts(form), form | {"form": "facts"})


@router.post("/households/{household_id}/hardship")
def add_hardship(
    desk: Writer, household_id: RowId, form: Annotated[dict[str, str], Depends(period_typed)]
) -> Response:
    """Another period of hardship."""
    return _change(
        desk, household_id, lambda now: _periods(added(now.hardship, form)), form | {"form": "add"}
    )


@router.post("/households/{household_id}/hardship/close")
def close_hardship(
    desk: Writer, household_id: RowId, form: Annotated[dict[str, str], Depends(period_typed)]
) -> Response:
    """A period ends, or its risk is cleared."""
    return _change(
        desk, household_id, lambda now: _periods(closed(now.hardship, form)), form | {"form": "close"}
    )


@router.post("/households/{household_id}/hardship/remove")
def remove_hardship(
    desk: Writer, household_id: RowId, form: Annotated[dict[str, str], Depends(period_typed)]
) -> Response:
    """A period that was entered by mistake; the record of changes keeps it."""
    return _change(
        desk, household_id, lambda now: _periods(without(now.hardship, form)), form | {"form": "remove"}
    )


@router.post("/households/{household_id}/contact")
def note_contact(
    desk: Writer, household_id: RowId, on: Typed = "", note: Typed = "", back: Typed = ""
) -> Response:
    """The household was asked about work."""

    def command() -> None:
        day = a_day("on", on, "请填写联系的日期。")
        body = HouseholdContact(on=day, note=note)
        contact_household(household_id, body, desk.session, desk.caller, desk.today, desk.once, desk.present)

    problem = desk.attempt(command)
    if problem is not None:
        kept = {"form": "contact", "household": household_id, "on": on, "note": note}
        if back == "idle":
            return idle_page(desk, problem=problem, kept=kept)
        return _page(desk, household_id, problem=problem, kept=kept)
    return to(
        "/households/idle?done=contacted" if back == "idle" else f"/households/{household_id}?done=contacted"
    )


@router.post("/households/{household_id}/members")
def move_in(
    desk: Writer, household_id: RowId, worker_id: Annotated[int, Form(ge=1, lt=2**63)], relation: Typed = ""
) -> Response:
    """A person becomes a member."""
    problem = desk.attempt(lambda: _move(desk, worker_id, household_id, relation))
    if problem is not None:
        return _page(desk, household_id, problem=problem)
    return to(f"/households/{household_id}?done=moved")


@router.post("/households/{household_id}/members/{worker_id}/leave")
def move_out(desk: Writer, household_id: RowId, worker_id: RowId) -> Response:
    """A person is no member any more."""

    def command() -> None:
        if worker_or_404(desk.session, worker_id).household_id == household_id:
            _move(desk, worker_id, None, "")

    problem = desk.attempt(command)
    if problem is not None:
        return _page(desk, household_id, problem=problem)
    return to(f"/households/{household_id}?done=moved")


@router.get("/workers/{worker_id}/household")
def choose_household(
    desk: Writer, worker_id: RowId, q: Annotated[str, Query(max_length=50)] = ""
) -> HTMLResponse:
    """Which household a person is of: found by its number or by a member's name."""
    return choosing(desk, worker_id, q.strip())


@router.post("/workers/{worker_id}/household")
def take_household(
    desk: Writer, worker_id: RowId, household_id: Typed = "", relation: Typed = "", q: Typed = ""
) -> Response:
    """The person is of that household, or of none."""
    wanted = int(household_id) if household_id.isascii() and household_id.isdigit() else None
    problem = desk.attempt(lambda: _move(desk, worker_id, wanted, relation))
    if problem is not None:
        return choosing(desk, worker_id, q, problem=problem)
    return to(f"/workers/{worker_id}?done=moved#family")


def _periods(told: list[HardshipTold]) -> HouseholdUpdate:
    return HouseholdUpdate(hardship=told)


def _change(
    desk: Desk,
    household_id: int,
    change: Callable[[HouseholdDetail], HouseholdUpdate],
    kept: dict[str, str],
) -> Response:
    def command() -> None:
        row = household_or_404(desk.session, household_id)
        version = kept.get("version", "")
        now = household_detail(desk.session, row, desk.present, desk.today)
        update_household(
            household_id,
            change(now),
            desk.session,
            desk.caller,
            desk.today,
            int(version) if version.isascii() and version.isdigit() else 0,
            desk.present,
            Response(),
        )

    problem = desk.attempt(command)
    if problem is not None:
        return _page(desk, household_id, problem=problem, kept={**kept})
    return to(f"/households/{household_id}?done=kept")


def _move(desk: Desk, worker_id: int, household_id: int | None, relation: str) -> None:
    row = worker_or_404(desk.session, worker_id)
    try:
        told = RelationToHead.read(relation) if relation else None
    except ValueError:
        raise invalid("relation_to_head", "unknown", "请在列表中选择与户主的关系。") from None
    body = WorkerUpdate(household_id=household_id, relation_to_head=told)
    keyring = desk.request.app.state.keyring
    update_worker(
        worker_id, body, desk.session, desk.caller, row.version, keyring, desk.present, response=Response()
    )


def _new_page(
    desk: Desk, *, problem: Problem | None = None, kept: dict[str, str] | None = None
) -> HTMLResponse:
    return desk.show(
        "new_household.html",
        path="/households",
        problem=problem,
        kept=kept or {},
        categories=list(HardshipCategory),
        regions=regions_below(desk.session, desk.caller.regions, desk.present),
    )


def _page(
    desk: Desk,
    household_id: int,
    *,
    q: str = "",
    problem: Problem | None = None,
    kept: dict[str, object] | None = None,
) -> HTMLResponse:
    row = household_or_404(desk.session, household_id)
    desk = desk.at(row.region)
    return desk.show(
        "household.html",
        path="/households",
        problem=problem,
        kept=kept or {},
        household=household_detail(desk.session, row, desk.present, desk.today),
        categories=list(HardshipCategory),
        relations=list(RelationToHead),
        q=q,
        sought=people_named(desk, row, q) if q else [],
    )
