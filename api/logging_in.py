"""Logging in, at whichever door: name, password, and the one-time password where the account has one."""

from dataclasses import dataclass

from fastapi import Request
from sqlmodel import Session

from api import second_factors, security
from api.attempts import Attempt, begun, failed, settle, too_many
from api.audit import record
from api.deps import Caller, act_as
from api.errors import Problem
from models.account import TokenKind
from models.login import LoginOutcome


@dataclass(frozen=True, slots=True)
class CodeWanted:
    """The password is right; the one-time password is still to come."""

    account_id: int


def by_password(
    request: Request, session: Session, username: str, password: str, code: str | None = None
) -> Caller | CodeWanted | Problem:
    """Who this is. A refusal is handed back, not raised: that it was tried must be kept."""
    attempt = begun(request, username)
    if attempt.wait:
        return too_many(attempt.wait)
    account_id = security.account_by_password(session, username, password)
    if account_id is None:
        failed(session, request.app.state.settings, attempt)
        return Problem(
            401, "wrong-password", "用户名或密码不对", "请核对后重试；忘记密码请联系本单位管理员。"
        )
    caller = act_as(session, account_id, request.state.request_id)
    if second_factors.confirmed_factor(session, account_id) is None:
        return _known(session, attempt, caller)
    if code is None:
        # Neither failed nor right: who has the password alone must not be given new tries by it.
        settle(session, attempt, LoginOutcome.HALF)
        return CodeWanted(account_id)
    return _by_code(request, session, attempt, caller, code)


def by_second_step(request: Request, session: Session, token: str, code: str) -> Caller | Problem:
    """Who this is, whose password was right before: the token says so, and serves until the code is right."""
    found = security.account_by_token(session, token, TokenKind.SECOND_STEP)
    if found is None:
        return Problem(401, "login-expired", "等待太久", "请重新输入用户名和密码。")
    caller = act_as(session, found.account_id, request.state.request_id)
    attempt = begun(request, caller.username)
    if attempt.wait:
        return too_many(attempt.wait)
    known = _by_code(request, session, attempt, caller, code)
    if isinstance(known, Caller):
        security.redeem_token(session, token, TokenKind.SECOND_STEP)
    return known


def _by_code(
    request: Request, session: Session, attempt: Attempt, caller: Caller, code: str
) -> Caller | Problem:
    if second_factors.takes(session, request.app.state.keyring, caller.account_id, code):
        return _known(session, attempt, caller)
    failed(session, request.app.state.settings, attempt)
    return Problem(
        401, "wrong-code", "动态口令不对", "请输入手机上最新的6位数字；每个只能用一次，手机时间要准。"
    )


def _known(session: Session, attempt: Attempt, caller: Caller) -> Caller:
    settle(session, attempt, LoginOutcome.RIGHT)
    record(session, "login", "account", caller.account_id)
    return caller
