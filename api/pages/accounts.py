"""账号: who may come in, what they may do where, and the links by which they come first."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import HTMLResponse
from sqlmodel import col, select

from api.deps import RowId
from api.errors import Problem, invalid
from api.pages.desk import Desk, desk_for, to
from api.pages.gathering import Cursor, Fields
from api.pages.naming import regions_below
from api.pages.routing import PageRoute
from api.pages.typed import first, read_form
from api.paging import Paging
from api.rights import LEVELS, Action
from api.routes.bureau import accounts as door
from api.schemas.account import AccountInvite, BindingTold, InvitationPublic
from models.account import Role
from models.employer import Employer
from models.station import ServiceStation

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Administrator = Annotated[Desk, Depends(desk_for(Action.MANAGE_ACCOUNTS))]
_SHOWN = 50
_TYPED = ("display_name", "role", "region", "station_id", "employer")
_GIVEN = (*LEVELS, Role.STATION, Role.EMPLOYER)
_COMMANDS: dict[str, tuple[Callable[..., object], str]] = {
    "withdraw-invitation": (door.withdraw_invitation, "uninvited"),
    "unlock": (door.unlock_account, "unlocked"),
    "reset-second-factor": (door.reset_second_factor, "factor-reset"),
    "end-sessions": (door.end_account_sessions, "sessions-ended"),
}


@router.get("/accounts")
def show_accounts(
    desk: Administrator,
    cursor: Cursor = None,
    q: Annotated[str, Query(max_length=100)] = "",
    role: Role | None = None,
    active: bool | None = None,
) -> HTMLResponse:
    """The accounts, and the form to invite somebody."""
    return _list(desk, cursor=cursor, q=q, role=role, active=active)


@router.post("/accounts")
def invite(desk: Administrator, fields: Fields) -> Response:
    """Invite somebody: the link is shown on the page that answers, and never again."""
    typed = {name: first(fields, name) for name in _TYPED}
    made: list[InvitationPublic] = []

    def command() -> None:
        body = read_form(AccountInvite, _told(desk, typed) | {"display_name": typed["display_name"]})
        made.append(
            door.invite_account(body, desk.session, desk.caller, desk.once, desk.present, desk.settings)
        )

    problem = desk.attempt(command)
    return _list(desk, problem=problem, typed=typed) if problem is not None else _link(desk, made[0])


@router.get("/accounts/events")
def show_events(desk: Administrator, cursor: Cursor = None, alarms: bool = False) -> HTMLResponse:
    """What happened to accounts."""
    paging = Paging(_SHOWN, cursor, None)
    found = door.list_account_events(desk.session, desk.caller, paging, desk.present, alarms)
    return desk.show("account_events.html", found=found, alarms=alarms, first_page=cursor is None)


@router.get("/accounts/{account_id}")
def show_account(desk: Administrator, account_id: RowId) -> Response:
    """One account."""
    return _one(desk, account_id)


@router.post("/accounts/{account_id}/invite")
def invite_again(desk: Administrator, account_id: RowId) -> Response:
    """A new link in the place of those before."""
    made: list[InvitationPublic] = []

    def command() -> None:
        made.append(door.reinvite_account(account_id, desk.session, desk.caller, desk.present, desk.settings))

    problem = desk.attempt(command)
    return _one(desk, account_id, problem=problem) if problem is not None else _link(desk, made[0])


@router.post("/accounts/{account_id}/bindings")
def bind(desk: Administrator, account_id: RowId, fields: Fields) -> Response:
    """Give one role more."""
    typed = {name: first(fields, name) for name in _TYPED}

    def command() -> None:
        body = read_form(BindingTold, _told(desk, typed))
        door.bind_account(account_id, body, desk.session, desk.caller, desk.present, desk.settings)

    return _after(desk, account_id, command, "bound", typed)


@router.post("/accounts/{account_id}/bindings/{binding_id}/remove")
def unbind(desk: Administrator, account_id: RowId, binding_id: RowId) -> Response:
    """Take one role away. Whom it was all that showed the account to the administrator, they see no more."""

    def command() -> None:
        door.unbind_account(account_id, binding_id, desk.session, desk.caller)

    return _after(desk, account_id, command, "unbound")


@router.post("/accounts/{account_id}/switch")
def switch(desk: Administrator, account_id: RowId, fields: Fields) -> Response:
    """Let the account in again, or not any more."""
    on = "on" in fields

    def command() -> None:
        change = door.switch_on_account if on else door.switch_off_account
        change(account_id, desk.session, desk.caller, desk.present, desk.settings)

    return _after(desk, account_id, command, "switched-on" if on else "switched-off")


@router.post("/accounts/{account_id}/sessions/{token_id}/end")
def end_session(desk: Administrator, account_id: RowId, token_id: RowId) -> Response:
    """One of the places where the account is logged in."""

    def command() -> None:
        door.end_account_session(account_id, token_id, desk.session, desk.caller)

    return _after(desk, account_id, command, "sessions-ended")


@router.post("/accounts/{account_id}/keys/{key_id}/revoke")
def revoke_key(desk: Administrator, account_id: RowId, key_id: RowId) -> Response:
    """One of the keys by which programs act for the account."""

    def command() -> None:
        door.revoke_account_key(account_id, key_id, desk.session, desk.caller)

    return _after(desk, account_id, command, "key-revoked")


@router.post("/accounts/{account_id}/{command_name}")
def carry_out(desk: Administrator, account_id: RowId, command_name: str) -> Response:
    """The commands that take nothing but the account."""
    if command_name not in _COMMANDS:
        raise Problem(404, "not-found", "没有这一页")
    work, done = _COMMANDS[command_name]
    return _after(desk, account_id, lambda: work(account_id, desk.session, desk.caller), done)


def _told(desk: Desk, typed: dict[str, str]) -> dict[str, Any]:
    """The role that a form asks for: a station's and an employer's rest on these, all others on a region."""
    told: dict[str, Any] = {"role": typed["role"]}
    if typed["role"] == Role.STATION.value:
        return told | {"station_id": typed["station_id"] or None}
    if typed["role"] == Role.EMPLOYER.value:
        found = desk.session.exec(
            select(Employer.id).where(Employer.name == typed["employer"]).order_by(col(Employer.id)).limit(1)
        ).first()
        if found is None:
            raise invalid(
                "employer_id", "unknown", "没有找到这个名称的用人单位，请在“用人单位”里查到全称再填。"
            )
        return told | {"employer_id": found}
    return told | {"region": typed["region"] or None}


def _after(
    desk: Desk,
    account_id: int,
    command: Callable[[], object],
    done: str,
    typed: dict[str, str] | None = None,
) -> Response:
    problem = desk.attempt(command)
    if problem is None:
        return to(f"/accounts/{account_id}?done={done}")
    return _one(desk, account_id, problem=problem, typed=typed)


def _choices(desk: Desk, typed: dict[str, str] | None) -> dict[str, Any]:
    stations = desk.session.exec(select(ServiceStation).order_by(col(ServiceStation.id))).all()
    return {
        "roles": _GIVEN,
        "regions": regions_below(desk.session, desk.caller.administered, desk.present),
        "stations": [row for row in stations if desk.caller.administers(row.kept_by)],
        "typed": typed or dict.fromkeys(_TYPED, ""),
        "kept": typed is not None,
    }


def _list(
    desk: Desk,
    *,
    cursor: str | None = None,
    q: str = "",
    role: Role | None = None,
    active: bool | None = None,
    problem: Problem | None = None,
    typed: dict[str, str] | None = None,
) -> HTMLResponse:
    paging = Paging(_SHOWN, cursor, None)
    found = door.list_accounts(
        desk.session, desk.caller, paging, desk.present, desk.settings, q, role, active
    )
    return desk.show(
        "accounts.html",
        problem=problem,
        found=found,
        q=q,
        role=role,
        active=active,
        first_page=cursor is None,
        **_choices(desk, typed),
    )


def _one(
    desk: Desk, account_id: int, *, problem: Problem | None = None, typed: dict[str, str] | None = None
) -> Response:
    try:
        account = door.read_account(
            account_id, desk.session, desk.caller, desk.present, desk.settings, Response()
        )
    except Problem:
        if desk.request.query_params.get("done") == "unbound":
            return to("/accounts?done=unbound")
        raise
    sessions = door.list_account_sessions(account_id, desk.session, desk.caller) if account.mine else []
    keys = door.list_account_keys(account_id, desk.session, desk.caller) if account.mine else []
    return desk.show(
        "account.html",
        problem=problem,
        account=account,
        own=account_id == desk.caller.account_id,
        sessions=sessions,
        keys=keys,
        **_choices(desk, typed),
    )


def _link(desk: Desk, made: InvitationPublic) -> HTMLResponse:
    base = str(desk.request.base_url).rstrip("/")
    return desk.show(
        "account_link.html", account=made.account, made=made, link=f"{base}/invitation/{made.code}"
    )
