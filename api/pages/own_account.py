"""我的账号: the password, where one is logged in, one-time passwords, keys for programs; and accepting an invitation."""

import re
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse

from api import keys, own_account, second_factors
from api.deps import RowId, SessionDep
from api.errors import Problem
from api.pages.desk import Desk, get_desk, to
from api.pages.gathering import Fields
from api.pages.login import from_here
from api.pages.rendering import render
from api.pages.routing import PageRoute
from api.pages.typed import first, read_form
from api.passwords import SHORTEST
from api.rights import Area
from api.routes.bureau import own_account as door
from api.schemas.account import CodeTold, InvitationAccept, KeyCreate, KeyMade, PasswordChange
from models.account import Account

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Own = Annotated[Desk, Depends(get_desk)]
_DAYS = (30, 90, 180, 365)


@router.get("/me")
def show_own(desk: Own) -> HTMLResponse:
    """Everything of one's own account."""
    return _page(desk)


@router.post("/me/password")
def change_password(desk: Own, fields: Fields) -> Response:
    """Change the password; what is wrong is said, and the wrong tries stay counted."""
    typed = {name: (fields.get(name) or [""])[0] for name in ("current", "password")}
    body = read_form(PasswordChange, typed | {"end_keys": "end_keys" in fields})
    if body.password != (fields.get("again") or [""])[0]:
        return _page(desk, problem=_unlike())
    try:
        found = own_account.change_password(desk.request, desk.session, desk.caller, body)
    except Problem as problem:
        found = problem
    return _page(desk, problem=found) if isinstance(found, Problem) else to("/me?done=password-changed")


@router.post("/me/sessions/end")
def end_others(desk: Own) -> Response:
    """Everywhere but here."""
    door.end_other_sessions(desk.session, desk.caller)
    return to("/me?done=sessions-ended")


@router.post("/me/sessions/{token_id}/end")
def end_one(desk: Own, token_id: RowId) -> Response:
    """One of the places where I am logged in."""
    return _after(desk, lambda: door.end_session(token_id, desk.session, desk.caller), "sessions-ended")


@router.post("/me/second-factor")
def enrol(desk: Own) -> Response:
    """A secret to be typed into the authenticator, and the first password that it makes of it."""
    problem = desk.attempt(lambda: door.enrol_second_factor(desk.request, desk.session, desk.caller))
    return _page(desk, problem=problem) if problem is not None else _secret(desk)


@router.post("/me/second-factor/confirm")
def confirm(desk: Own, fields: Fields) -> Response:
    """The codes for an emergency are shown on the page that answers, and never again."""
    codes: list[str] = []

    def command() -> None:
        body = read_form(CodeTold, {"code": first(fields, "code")})
        codes.extend(door.confirm_second_factor(body, desk.request, desk.session, desk.caller).codes)

    problem = desk.attempt(command)
    if problem is not None:
        return _secret(desk, problem=problem)
    return desk.show("recovery_codes.html", codes=codes)


@router.post("/me/second-factor/remove")
def remove(desk: Own, fields: Fields) -> Response:
    """Take it away, by a password that it makes."""
    body = read_form(CodeTold, {"code": first(fields, "code")})
    refused = own_account.by_code(desk.request, desk.session, desk.caller, body.code)
    if refused is not None:
        return _page(desk, problem=refused)
    second_factors.remove(desk.session, desk.caller.account_id)
    return to("/me?done=factor-removed")


@router.post("/me/keys")
def create_key(desk: Own, fields: Fields) -> Response:
    """The key is shown on the page that answers, and never again."""
    told = {
        "name": first(fields, "name"),
        "areas": fields.get("areas", []),
        "read_only": first(fields, "read_only") != "no",
        "days": first(fields, "days"),
        "password": (fields.get("password") or [""])[0] or None,
        "code": first(fields, "code") or None,
    }
    try:
        body = read_form(KeyCreate, told)
        # That it was tried is kept, whatever comes of it: no nested transaction is undone here.
        refused = own_account.proved(desk.request, desk.session, desk.caller, body.password, body.code)
        if refused is None:
            key, made = keys.create(desk.session, desk.caller, body)
            return desk.show("key_made.html", made=KeyMade(key=key, made=made))
    except Problem as problem:
        refused = problem
    return _page(desk, problem=refused)


@router.post("/me/keys/{key_id}/revoke")
def revoke_key(desk: Own, key_id: RowId) -> Response:
    """The key opens nothing any more."""
    return _after(desk, lambda: door.revoke_key(key_id, desk.session, desk.caller), "key-revoked")


@router.get("/invitation/{code}")
def show_invitation(request: Request, session: SessionDep, code: str) -> HTMLResponse:
    """The form of somebody who was invited."""
    account = own_account.invited(session, code)
    if account is None:
        return render(request, "invitation.html", 410, code="", account=None, typed={}, refused=None)
    return _invitation(request, code, account, {"username": "", "display_name": account.display_name})


@router.post("/invitation/{code}")
def accept_invitation(
    request: Request,
    session: SessionDep,
    code: str,
    username: Annotated[str, Form(max_length=50)] = "",
    display_name: Annotated[str, Form(max_length=50)] = "",
    password: Annotated[str, Form(max_length=200)] = "",
    again: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Take the name and the password; whoever has them logs in by them."""
    from_here(request)
    account = own_account.invited(session, code)
    if account is None:
        return render(request, "invitation.html", 410, code="", account=None, typed={}, refused=None)
    typed = {"username": username, "display_name": display_name}
    try:
        if password != again:
            raise _unlike()
        told = {name: value for name, value in typed.items() if value.strip()}
        with session.begin_nested():
            own_account.accept(
                session, read_form(InvitationAccept, told | {"code": code, "password": password})
            )
    except Problem as problem:
        return _invitation(request, code, account, typed, problem)
    return to("/login?accepted=true")


def _invitation(
    request: Request, code: str, account: Account, typed: dict[str, str], problem: Problem | None = None
) -> HTMLResponse:
    return render(
        request,
        "invitation.html",
        problem.body.status if problem else 200,
        code=code,
        account=account,
        typed=typed,
        refused=problem.body if problem else None,
        shortest=SHORTEST,
    )


def _unlike() -> Problem:
    return Problem(422, "invalid", "两次输入的密码不一样", "请重新输入一遍新密码。")


def _after(desk: Desk, command: Callable[[], object], done: str) -> Response:
    problem = desk.attempt(command)
    return to(f"/me?done={done}") if problem is None else _page(desk, problem=problem)


def _secret(desk: Desk, problem: Problem | None = None) -> HTMLResponse:
    caller = desk.caller
    told = second_factors.waiting(desk.session, desk.keyring, caller.account_id, caller.username)
    if told is None:
        return _page(desk, problem=problem)
    groups = re.findall(".{1,4}", told.secret)
    return desk.show("second_factor.html", problem=problem, groups=groups, uri=told.uri)


def _page(desk: Desk, problem: Problem | None = None) -> HTMLResponse:
    page = desk.show(
        "own_account.html",
        problem=problem,
        sessions=door.list_sessions(desk.session, desk.caller),
        factor=door.read_second_factor(desk.session, desk.caller, desk.settings),
        keys=door.list_keys(desk.session, desk.caller),
        events=door.list_own_events(desk.session, desk.caller, desk.present),
        areas=list(Area),
        days=_DAYS,
        shortest=SHORTEST,
        grants=[(grant.role, desk.present.place(grant.region)) for grant in desk.caller.grants],
    )
    if problem is not None:
        page.headers.update(problem.headers)
    return page
