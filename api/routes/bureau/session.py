"""Logging in over REST, and who I am."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Form, Request
from fastapi.responses import JSONResponse
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm
from pydantic import BaseModel

from api import security
from api.deps import CallerDep, SessionDep
from api.devices import device_of
from api.errors import PROBLEMS, Problem
from api.laying import bureau_router
from api.logging_in import CodeWanted, by_password
from api.rights import Action
from api.schemas.base import Instant, Place
from models.account import Role, TokenKind

router = bureau_router(tag="account")
scheme = OAuth2PasswordBearer("/v1/token", auto_error=False)


class Token(BaseModel):
    """A bearer token and when it ends."""

    access_token: str
    token_type: str = "bearer"  # noqa: S105 - the scheme that OAuth2 names, no secret
    expires_at: Instant


class Me(BaseModel):
    """Who the caller is, and what the account may do where."""

    username: str
    display_name: str
    roles: list[Role]
    actions: list[Action]
    regions: list[Place]


@router.post(
    "/token",
    operation_id="create_token",
    response_model=Token,
    responses={401: PROBLEMS[401], 422: PROBLEMS[422], 429: PROBLEMS[429]},
    openapi_extra={
        "requestBody": {
            "content": {
                "application/x-www-form-urlencoded": {
                    "example": {"grant_type": "password", "username": "zhenba", "password": "请换成您的密码"}
                }
            }
        }
    },
)
def create_token(
    request: Request,
    session: SessionDep,
    form: Annotated[OAuth2PasswordRequestForm, Depends()],
    code: Annotated[str | None, Form(max_length=40, description="动态口令或备用码")] = None,
) -> Token | JSONResponse:
    """Log in with username and password, and the one-time password where the account has one."""
    known = by_password(request, session, form.username, form.password, code)
    if isinstance(known, Problem):
        return known.answer()
    if isinstance(known, CodeWanted):
        words = "密码正确。这个账号绑定了动态口令，请在 code 中一并提交。"
        return Problem(401, "code-wanted", "还要动态口令", words).answer()
    token = security.issue_token(
        session, known.account_id, TokenKind.BEARER, name=device_of(request.headers.get("user-agent", ""))
    )
    return Token(access_token=token, expires_at=datetime.now(UTC) + security.LIFETIMES[TokenKind.BEARER])


@router.get("/me", operation_id="read_me")
def read_me(request: Request, session: SessionDep, caller: CallerDep) -> Me:
    """Who I am, my roles and regions."""
    places = request.app.state.places
    return Me(
        username=caller.username,
        display_name=caller.display_name,
        roles=sorted(caller.roles),
        actions=sorted(caller.actions),
        regions=[Place(code=code, name=places.name(session, code) or code) for code in caller.regions],
    )
