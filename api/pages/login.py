"""登录 and 退出: a session cookie, by password or by a link that works once."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from api import security
from api.audit import record
from api.deps import Caller, SessionDep, act_as, over_safe_line, session_cookie
from api.devices import device_of
from api.errors import Problem
from api.logging_in import CodeWanted, by_password, by_second_step
from api.pages.desk import DeskDep, local, to
from api.pages.rendering import render
from api.pages.routing import PageRoute
from models.account import TokenKind

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get("/login")
def show_login(request: Request, next: str = "/", out: bool = False, accepted: bool = False) -> HTMLResponse:
    """The form."""
    told: dict[str, Any] = {"next": local(next), "username": "", "refused": None}
    return render(request, "login.html", **told, out=out, accepted=accepted)


@router.post("/login")
def log_in(
    request: Request,
    session: SessionDep,
    username: Annotated[str, Form(max_length=50)] = "",
    password: Annotated[str, Form(max_length=200)] = "",
    next: Annotated[str, Form(max_length=500)] = "/",
) -> Response:
    """Log in with username and password; the name stays in the form when it was wrong."""
    from_here(request)
    known = by_password(request, session, username.strip(), password)
    if isinstance(known, Problem):
        told: dict[str, Any] = {"next": local(next), "username": username, "refused": known.body}
        return _refused(render(request, "login.html", known.body.status, **told), known)
    if isinstance(known, CodeWanted):
        token = security.issue_token(session, known.account_id, TokenKind.SECOND_STEP)
        return render(request, "login_code.html", token=token, next=local(next), refused=None)
    return _opened(request, session, known.account_id, local(next))


@router.post("/login/code")
def give_code(
    request: Request,
    session: SessionDep,
    token: Annotated[str, Form(max_length=100)] = "",
    code: Annotated[str, Form(max_length=40)] = "",
    next: Annotated[str, Form(max_length=500)] = "/",
) -> Response:
    """The second step: the one-time password, or a recovery code."""
    from_here(request)
    known = by_second_step(request, session, token, code)
    if isinstance(known, Caller):
        return _opened(request, session, known.account_id, local(next))
    if known.body.type == "/problems/login-expired":
        told: dict[str, Any] = {"next": local(next), "username": "", "refused": known.body}
        return render(request, "login.html", 401, **told)
    page = render(
        request, "login_code.html", known.body.status, token=token, next=local(next), refused=known.body
    )
    return _refused(page, known)


@router.get("/login/{token}")
def show_link(request: Request, session: SessionDep, token: str) -> HTMLResponse:
    """A link that works once: looking at it does not use it up, so that a chat's preview can't."""
    alive = security.account_by_token(session, token, TokenKind.LOGIN_LINK) is not None
    return render(request, "login_link.html", 200 if alive else 410, token=token, alive=alive)


@router.post("/login/{token}")
def follow_link(request: Request, session: SessionDep, token: str) -> Response:
    """Log in by the link, which is used up from now on."""
    from_here(request)
    account_id = security.redeem_token(session, token, TokenKind.LOGIN_LINK)
    if account_id is None:
        return render(request, "login_link.html", 410, token=token, alive=False)
    act_as(session, account_id, request.state.request_id)
    record(session, "login", "account", account_id)
    return _opened(request, session, account_id, "/")


@router.post("/logout")
def log_out(desk: DeskDep) -> RedirectResponse:
    """The session ends on the service too, not only in this browser."""
    name = session_cookie(desk.request)
    security.end_session(desk.session, desk.request.cookies[name])
    record(desk.session, "logout", "account", desk.caller.account_id)
    answer = to("/login?out=true")
    answer.delete_cookie(name, secure=over_safe_line(desk.request), httponly=True, samesite="lax")
    # Whoever sits down next finds nothing of what was looked at.
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def _refused(page: HTMLResponse, problem: Problem) -> HTMLResponse:
    page.headers.update(problem.headers)
    return page


def _opened(request: Request, session: Session, account_id: int, path: str) -> RedirectResponse:
    name = session_cookie(request)
    # Whoever was logged in at this screen before is so no more, though it was somebody else.
    security.end_session(session, request.cookies.get(name, ""))
    device = device_of(request.headers.get("user-agent", ""))
    token = security.issue_token(session, account_id, TokenKind.SESSION, name=device)
    answer = to(path)
    answer.set_cookie(
        name,
        token,
        max_age=int(security.LIFETIMES[TokenKind.SESSION].total_seconds()),
        httponly=True,
        samesite="lax",
        secure=over_safe_line(request),
    )
    return answer


def from_here(request: Request) -> None:
    """There is no session yet whose token a form could carry: another site's form is known by where it came from."""
    told, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    # Browsers say where a form came from on safe lines only; its origin they say on every line.
    here = origin in (None, f"{request.url.scheme}://{request.url.netloc}")
    if told not in ("same-origin", "none") if told else not here:
        raise Problem(403, "from-elsewhere", "不能从其他网站登录", "请直接打开本系统的登录页。")
