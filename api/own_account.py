"""What somebody does with their own account: accept the invitation, change the password."""

from fastapi import Request
from sqlalchemy import text
from sqlmodel import Session

from api import second_factors, security
from api.attempts import address_of, begin, failed, settle, too_many
from api.deps import Caller, act_as
from api.errors import Problem, invalid
from api.noting import note
from api.open_sessions import end_keys, end_logins
from api.passwords import require_good
from api.schemas.account import InvitationAccept, PasswordChange
from models.account import Account, TokenKind
from models.login import LoginOutcome

_ACCEPT = text("SELECT accept_invitation(:token, :username, :name, :password)")
_CHANGE = text("SELECT change_own_password(:password)")


def invited(session: Session, code: str) -> Account | None:
    """The account that a code stands for which still serves; the session acts as that account from now on."""
    found = security.account_by_token(session, code, TokenKind.INVITATION)
    if found is None:
        return None
    act_as(session, found.account_id)
    return session.get(Account, found.account_id)


def accept(session: Session, body: InvitationAccept) -> Account:
    """Take the name and the password; the code is used up, and so is whatever was open by the old password.

    Raises
    ------
    Problem
        410 for a code that serves no more, 422 for what lacks or a password that is no good, 409 for a taken name.
    """
    account = invited(session, body.code)
    if account is None:
        raise Problem(
            410, "invitation-ended", "邀请链接已失效", "链接只能用一次，七天内有效。请联系管理员重新发送。"
        )
    fresh = account.username is None
    username, name = body.username, body.display_name
    if fresh and username is None:
        raise invalid("username", "missing", "请填写用户名，以后用它登录")
    if fresh and name is None:
        name = account.display_name
    require_good(body.password, account.username or username or "", name or account.display_name)
    told = {
        "token": security.token_hash(body.code),
        "username": username,
        "name": name,
        "password": security.hash_password(body.password),
    }
    session.connection().execute(_ACCEPT, told)
    note(session, "accept" if fresh else "reset", account.identity)
    session.refresh(account)
    return account


def change_password(
    request: Request, session: Session, caller: Caller, body: PasswordChange
) -> Problem | int:
    """The new password counts, and everywhere else the account must log in again: how many places that were.

    A wrong present password is handed back, not raised: that it was tried must be kept.

    Raises
    ------
    Problem
        422 for a new one that is no good.
    """
    require_good(body.password, caller.username, caller.display_name)
    refused = _by_current(request, session, caller, body.current, "current")
    if refused is not None:
        return refused
    session.connection().execute(_CHANGE, {"password": security.hash_password(body.password)})
    note(session, "password", caller.account_id)
    if body.end_keys:
        end_keys(session, caller.account_id)
    return end_logins(session, caller.account_id, but=caller.token_id)


def proved(
    request: Request, session: Session, caller: Caller, password: str | None, code: str | None
) -> Problem | None:
    """Why it is not shown that the account's owner is at the screen, counted as an attempt to log in; None where it is:
    by the one-time password of whoever has one, else by the password.

    Raises
    ------
    Problem
        422 where nothing was told.
    """
    if second_factors.confirmed_factor(session, caller.account_id) is not None:
        if code is None:
            raise invalid("code", "missing", "请输入手机上的动态口令，确认是您本人")
        return by_code(request, session, caller, code)
    if password is None:
        raise invalid("password", "missing", "请输入现在的密码，确认是您本人")
    return _by_current(request, session, caller, password, "password")


def _by_current(
    request: Request, session: Session, caller: Caller, password: str, field: str
) -> Problem | None:
    state = request.app.state
    attempt = begin(session, state.keyring, state.settings, caller.username, address_of(request))
    if attempt.wait:
        return too_many(attempt.wait)
    if security.account_by_password(session, caller.username, password) != caller.account_id:
        failed(session, state.settings, attempt)
        return invalid(field, "unknown", "现在的密码不对，请重新输入")
    settle(session, attempt, LoginOutcome.RIGHT)
    return None


def by_code(request: Request, session: Session, caller: Caller, code: str) -> Problem | None:
    """Why a one-time password is not taken, counted as an attempt to log in; None where it is."""
    state = request.app.state
    attempt = begin(session, state.keyring, state.settings, caller.username, address_of(request))
    if attempt.wait:
        return too_many(attempt.wait)
    if not second_factors.takes(session, state.keyring, caller.account_id, code):
        failed(session, state.settings, attempt)
        return invalid("code", "unknown", "动态口令不对，请输入手机上最新的6位数字")
    settle(session, attempt, LoginOutcome.RIGHT)
    return None
