"""Attempts to log in: counted in the database, under the name and the address, before they are tried."""

from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

import structlog
from fastapi import Request
from sqlalchemy import text
from sqlmodel import Session

from api.audit import record
from api.errors import Problem
from api.settings import Settings
from models.login import LoginOutcome
from models.sealing import Keyring, content_mark

_log = structlog.get_logger("wengang.login")
_BEGIN = text(
    "SELECT attempt_id, account_id, home, failures, wait "
    "FROM begin_login(:username, :name, :address, :most, :most_of_address, :minutes)"
)
_SETTLE = text("SELECT settle_login(:attempt, :outcome)")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt that was let through, or how many seconds there are to wait first."""

    number: int | None
    account_id: int | None
    home: str | None
    failures: int
    wait: int


def begin(session: Session, keyring: Keyring, settings: Settings, username: str, address: str) -> Attempt:
    """Count an attempt as failed, before it is known to be right."""
    told = {
        "username": username,
        "name": content_mark(keyring, "login", username),
        "address": content_mark(keyring, "address", address),
        "most": settings.login_failures,
        "most_of_address": settings.login_failures_of_address,
        "minutes": settings.login_minutes,
    }
    row = session.connection().execute(_BEGIN, told).one()
    return Attempt(row.attempt_id, row.account_id, row.home, row.failures, row.wait)


def begun(request: Request, username: str) -> Attempt:
    """The same for somebody who is not known yet, in a transaction of its own: what follows takes a while, and whoever
    tries meanwhile must find it counted."""
    state = request.app.state
    with state.sessions() as session, session.begin():
        return begin(session, state.keyring, state.settings, username, address_of(request))


def settle(session: Session, attempt: Attempt, outcome: LoginOutcome) -> None:
    """The attempt was right, or half of it."""
    session.connection().execute(_SETTLE, {"attempt": attempt.number, "outcome": outcome.value})


def failed(session: Session, settings: Settings, attempt: Attempt) -> None:
    """The attempt stays failed; that it was the one that locks the account is on record."""
    if attempt.failures + 1 != settings.login_failures:
        return
    _log.warning("locked", account_id=attempt.account_id, failures=attempt.failures + 1)
    if attempt.account_id is not None:
        change = {"failures": attempt.failures + 1, "minutes": settings.login_minutes}
        record(session, "lock", "account", attempt.account_id, region=attempt.home, change=change)


def too_many(wait: int) -> Problem:
    """429: whether there is such an account, nobody learns here."""
    words = f"{-(-wait // 60)}分钟" if wait > 90 else f"{wait}秒"
    return Problem(
        429,
        "too-many-attempts",
        "登录尝试过多",
        f"为了安全，请过{words}再试。忘记密码请联系本单位管理员，管理员也可以解锁。",
        headers={"Retry-After": str(wait)},
    )


def address_of(request: Request) -> str:
    """Where a request comes from; of IPv6 the network, which one line has as a whole."""
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(IPv6Address(int(address) >> 64 << 64))
    return str(address)
