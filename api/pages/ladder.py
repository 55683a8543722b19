"""兜底: who is in a public post and for how long still, who may be placed, and who came back to found."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import HTMLResponse

from api.deps import RowId
from api.errors import Problem
from api.pages.desk import Desk, desk_for, to
from api.pages.follow_ups import Region
from api.pages.gathering import Cursor, Fields
from api.pages.naming import regions_below
from api.pages.routing import PageRoute
from api.pages.typed import first, read_form
from api.pages.worker_page import worker_page
from api.public_posts import public_post_or_404
from api.rights import Action
from api.routes.bureau import public_posts as door
from api.routes.bureau import spells
from api.schemas.against import AgainstEvidence
from api.schemas.ladder import (
    CadreDeclared,
    ExtensionWithdrawn,
    JobOfferCreate,
    PublicPostCreate,
    TermExtended,
)
from api.schemas.placement import SpellEnd
from ledger.applications import LEAVING
from models.public_post import EXTENDS, CadreRelation, DeclarationChange
from outcomes.ladder.clock import Exit
from outcomes.ladder.post_rules import post_rule
from outcomes.ladder.standing import in_public_posts

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Reader = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER))]
Placer = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER, Action.PLACE))]
Writer = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER, Action.WRITE_LEDGER))]
Exporter = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER, Action.EXPORT))]
Within = Annotated[int | None, Query(ge=1, le=400)]
_SHOWN = 30
_OFFER = ("rung", "what", "offered_on", "answer", "reason")
_LEAVING = ("ended_on", "leave_reason", "against_evidence", "against_because")
_PLACEMENT = (
    "employer_id",
    "post_kind",
    "started_on",
    "cadre_relation",
    "reason",
    "monthly_income",
    "contract_months",
)


@router.get("/public-posts")
def show_public_posts(
    desk: Reader,
    region: Region = "",
    exit: Annotated[Exit | None, Query()] = None,
    within: Within = None,
    cursor: Cursor = None,
) -> HTMLResponse:
    """The clock, and the exit list in front of it."""
    return _page(desk, region=region, exit=exit, within=within, cursor=cursor)


@router.get("/public-posts/file")
def read_file(
    desk: Exporter,
    region: Region = "",
    exit: Annotated[Exit | None, Query()] = None,
    within: Within = None,
) -> Response:
    """The list that is shown, as a workbook."""
    return door.read_public_posts_file(
        desk.session, desk.caller, desk.today, desk.present, region=region or None, exit=exit, within=within
    )


@router.post("/public-posts/{spell_id}/{step}")
def change_public_post(
    desk: Reader,
    spell_id: RowId,
    step: Literal["declare", "extend", "withdraw-extension", "leave"],
    fields: Fields,
) -> Response:
    """Note what was declared, let a term last longer or take that back, or note that somebody left."""
    commands = {
        "declare": (Action.WRITE_LEDGER, _declare),
        "extend": (Action.MANAGE, _extend),
        "withdraw-extension": (Action.MANAGE, _withdraw_extension),
        "leave": (Action.PLACE, _leave),
    }
    action, command = commands[step]
    desk = desk_for(action)(desk)
    problem = desk.attempt(lambda: command(desk, spell_id, fields))
    if problem is None:
        return to("/public-posts?done=kept")
    kept = {name: first(fields, name) for name in fields} | {"spell_id": spell_id, "step": step}
    return _page(desk, problem=problem, kept=kept)


def _declare(desk: Desk, spell_id: int, fields: dict[str, list[str]]) -> None:
    told = {name: value for name in ("cadre_relation", "reason") if (value := first(fields, name))}
    body = read_form(CadreDeclared, told)
    door.declare_public_post(spell_id, body, desk.session, desk.caller, desk.today, desk.present)


def _extend(desk: Desk, spell_id: int, fields: dict[str, list[str]]) -> None:
    body = read_form(TermExtended, {name: first(fields, name) for name in ("until", "reason", "basis")})
    door.extend_public_post(spell_id, body, desk.session, desk.caller, desk.today, desk.once, desk.present)


def _withdraw_extension(desk: Desk, spell_id: int, fields: dict[str, list[str]]) -> None:
    body = read_form(ExtensionWithdrawn, {"reason": first(fields, "reason")})
    door.withdraw_extension_of_public_post(
        spell_id, body, desk.session, desk.caller, desk.today, desk.once, desk.present
    )


def _leave(desk: Desk, spell_id: int, fields: dict[str, list[str]]) -> None:
    public_post_or_404(desk.session, spell_id)
    body = read_form(SpellEnd, {name: value for name in _LEAVING if (value := first(fields, name))})
    spells.end_spell(
        spell_id, body, desk.session, desk.caller, desk.today, desk.keyring, desk.once, desk.present
    )


@router.post("/workers/{worker_id}/job-offers")
def create_job_offer(desk: Writer, worker_id: RowId, fields: Fields) -> Response:
    """Note a post that was offered by word of mouth."""
    typed = {name: value for name in _OFFER if (value := first(fields, name))}

    def command() -> None:
        body = read_form(JobOfferCreate, typed)
        door.create_job_offer(worker_id, body, desk.session, desk.caller, desk.today, desk.once)

    return _of_person(desk, worker_id, desk.attempt(command), typed | {"form": "offer"})


@router.post("/workers/{worker_id}/public-posts")
def create_public_post(desk: Placer, worker_id: RowId, fields: Fields) -> Response:
    """Place somebody in a public post."""
    typed = {name: value for name in _PLACEMENT if (value := first(fields, name))}

    def command() -> None:
        body = read_form(PublicPostCreate, typed | {"worker_id": worker_id})
        door.create_public_post(body, desk.session, desk.caller, desk.today, desk.once, desk.present)

    return _of_person(desk, worker_id, desk.attempt(command), typed | {"form": "public_post"})


@router.get("/entrepreneurs")
def show_entrepreneurs(
    desk: Reader, region: Region = "", only: Annotated[str, Query(max_length=10)] = "", cursor: Cursor = None
) -> HTMLResponse:
    """Who works for themselves at home."""
    found = door.list_entrepreneurs(
        desk.session, desk.caller, desk.today, desk.present,
        region=region or None, returned=only == "returned", cursor=cursor, limit=_SHOWN,
    )  # fmt: skip
    returned = door.list_entrepreneurs(
        desk.session, desk.caller, desk.today, desk.present, region=region or None, returned=True, limit=1
    )
    return desk.show(
        "entrepreneurs.html",
        found=found,
        returned=returned.total,
        region=region,
        only=only,
        regions=regions_below(desk.session, desk.caller.regions, desk.present),
        first_page=cursor is None,
    )


def _of_person(desk: Desk, worker_id: int, problem: Problem | None, typed: dict[str, str]) -> Response:
    if problem is None:
        return to(f"/workers/{worker_id}?done=kept#last-resort")
    return worker_page(desk, worker_id, problem=problem, kept=typed)


def _page(
    desk: Desk,
    *,
    region: str = "",
    exit: Exit | None = None,
    within: int | None = None,
    cursor: str | None = None,
    problem: Problem | None = None,
    kept: dict[str, Any] | None = None,
) -> HTMLResponse:
    everybody = in_public_posts(desk.session, region, desk.today)
    rule = post_rule(region or (desk.caller.regions or ("",))[0], desk.today)
    return desk.show(
        "public_posts.html",
        path="/public-posts",
        problem=problem,
        found=door.list_public_posts(
            desk.session, desk.caller, desk.today, desk.present,
            region=region or None, exit=exit, within=within, cursor=cursor, limit=_SHOWN,
        ),
        everybody=len(everybody),
        leaving={each: sum(each in one.exits for one in everybody) for each in Exit},
        rule=rule,
        region=region,
        exit=exit,
        within=within,
        relations=list(CadreRelation),
        changes=list(DeclarationChange),
        reasons=EXTENDS,
        kept=kept or {},
        leave_reasons=LEAVING,
        against_reasons=list(AgainstEvidence),
        regions=regions_below(desk.session, desk.caller.regions, desk.present),
        first_page=cursor is None,
    )  # fmt: skip
