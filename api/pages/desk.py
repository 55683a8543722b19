"""What every page is given: the account behind its cookie, its scope, and the way to show something."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Form, Header, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.exc import DBAPIError, StatementError
from sqlmodel import Session

from api import security
from api.deps import (
    Caller,
    SessionDep,
    SettingsDep,
    TodayDep,
    act_as,
    common,
    narrow,
    put_scope,
    secured,
    session_cookie,
    unknown_caller,
)
from api.errors import Problem, of_database
from api.idempotency import Once
from api.lookups import Lookups, lookups_of
from api.pages.rendering import render
from api.presenting import Presenter, PresenterDep
from api.rights import Action
from api.settings import Settings
from models.account import TokenKind
from models.sealing import Keyring

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Desk:
    """One request of somebody who is logged in."""

    request: Request
    session: Session
    caller: Caller
    present: Presenter
    today: date
    settings: Settings

    @property
    def keyring(self) -> Keyring:
        """The service's keys."""
        keyring: Keyring = self.request.app.state.keyring
        return keyring

    @property
    def once(self) -> Once:
        """Commands of pages carry no idempotency key."""
        return Once(self.session, self.keyring, None)

    @property
    def lookups(self) -> Lookups:
        """What is asked after by ID number."""
        return lookups_of(self.request, self.caller)

    def may(self, action: Action, region: str | None = None) -> bool:
        """Whether the account may do `action` in `region`; where none is told, in all of its present regions."""
        return self.caller.may(action, region)

    def where(self, work: Callable[["Desk"], Found], *actions: Action) -> Found | None:
        """What `work` finds where the account may do all of `actions`; None where it may nowhere."""
        caller = self.caller.where(*actions)
        if caller is None:
            return None
        put_scope(self.session, caller)
        found = work(replace(self, caller=caller))
        put_scope(self.session, self.caller)
        return found

    def at(self, region: str) -> "Desk":
        """The desk at one of its regions' places: a page about what is there offers what may be done there."""
        caller = replace(self.caller, regions=common(self.caller.regions, (region,)))
        self.request.state.caller = caller
        return replace(self, caller=caller)

    def show(
        self, template: str, *, status: int = 200, problem: Problem | None = None, **told: Any
    ) -> HTMLResponse:
        """The page; with a problem it carries that problem's status and says it on top."""
        return render(
            self.request, template, problem.body.status if problem else status, problem=problem, **told
        )

    def attempt(self, command: Callable[[], object]) -> Problem | None:
        """Carry out a command wholly or not at all; a refusal is handed back, to be told on the page it came from."""
        try:
            with self.session.begin_nested():
                command()
        except Problem as problem:
            return problem
        except (DBAPIError, StatementError) as error:
            return of_database(error)
        return None


def get_desk(
    request: Request,
    session: SessionDep,
    settings: SettingsDep,
    today: TodayDep,
    present: PresenterDep,
    form_token: Annotated[str, Form(max_length=200)] = "",
    x_form_token: Annotated[str, Header(max_length=200)] = "",
) -> Desk:
    """Who looks at the page, by the session cookie; whatever is sent must carry that session's form token."""
    token = request.cookies.get(session_cookie(request), "")
    found = security.account_by_token(session, token, TokenKind.SESSION) if token else None
    if found is None:
        raise unknown_caller()
    expected = security.form_token(token)
    caller = secured(session, settings, act_as(session, found.account_id, request.state.request_id))
    caller = replace(caller, token_id=found.token_id)
    request.state.caller = caller
    request.state.form_token = expected
    if request.method not in ("GET", "HEAD"):
        given = (form_token or x_form_token).encode("utf-8", "surrogatepass")
        if not hmac.compare_digest(given, expected.encode()):
            raise Problem(
                403, "form-expired", "页面已过期", "这个页面打开太久，没有保存。请回到上一页，刷新后再提交。"
            )
    return Desk(request, session, caller, present, today, settings)


DeskDep = Annotated[Desk, Depends(get_desk)]


def desk_for(*actions: Action) -> Callable[[Desk], Desk]:
    """A dependency that lets only accounts pass that may do all of `actions`, and from there on only where they may."""

    def check(desk: DeskDep) -> Desk:
        caller = narrow(desk.session, desk.caller, *actions)
        desk.request.state.caller = caller
        return replace(desk, caller=caller)

    return check


def local(path: str) -> str:
    """`path` if it leads to a page of this service, else the home page."""
    safe = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return path if safe else "/"


def to(path: str) -> RedirectResponse:
    """After a command the browser asks for a page, so that going back or reloading repeats nothing."""
    return RedirectResponse(path, 303)
