"""Logging in over REST, and who I am."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm
from pydantic import BaseModel

from api import security
from api.audit import record
from api.deps import CallerDep, SessionDep, act_as
from api.errors import PROBLEMS, Problem
from api.laying import bureau_router
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
    responses={401: PROBLEMS[401], 422: PROBLEMS[422]},
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
    request: Request, session: SessionDep, form: Annotated[OAuth2PasswordRequestForm, Depends()]
) -> Token:
    """Log in with username and password."""
    account_id = security.account_by_password(session, form.username, form.password)
    if account_id is None:
        raise Problem(401, "wrong-password", "用户名或密码不对", "请核对后重试；忘记密码请联系本单位管理员。")
    act_as(session, account_id, request.state.request_id)
    token = security.issue_token(session, account_id, TokenKind.BEARER)
    record(session, "login", "account", account_id)
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
