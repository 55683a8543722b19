"""Passwords and tokens: how an account proves that it is itself."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import text
from sqlmodel import Session

from models.account import AccessToken, TokenKind
from models.base import now

LIFETIMES = {
    TokenKind.SESSION: timedelta(hours=12),
    TokenKind.BEARER: timedelta(hours=12),
    TokenKind.LOGIN_LINK: timedelta(hours=24),
    TokenKind.INVITATION: timedelta(days=7),
    TokenKind.SECOND_STEP: timedelta(minutes=5),
    TokenKind.WORKER: timedelta(days=30),
}
_BY_TOKEN = text(
    "SELECT account_id, token_id, areas, read_only FROM account_by_token(:hash, CAST(:kinds AS text[]))"
)

_END_SESSION = text("SELECT end_session(:hash)")

_passwords = PasswordHash((Argon2Hasher(),))
# Verified when there is no such account, so that a wrong name takes as long as a wrong password.
_NOBODY = _passwords.hash(secrets.token_urlsafe(16))


def hash_password(password: str) -> str:
    """An argon2id hash of `password`."""
    return _passwords.hash(password)


def account_by_password(session: Session, username: str, password: str) -> int | None:
    """The number of the active account with this name and password, or None."""
    found = (
        session.connection()
        .execute(
            text("SELECT account_id, password_hash FROM account_by_username(:username)"),
            {"username": username},
        )
        .first()
    )
    right = _passwords.verify(password, found.password_hash if found and found.password_hash else _NOBODY)
    return int(found.account_id) if found and found.password_hash and right else None


def account_by_username(session: Session, username: str) -> int | None:
    """The number of the active account with this name, or None."""
    found = session.connection().scalar(
        text("SELECT account_id FROM account_by_username(:username)"), {"username": username}
    )
    return None if found is None else int(found)


def issue_token(
    session: Session,
    account_id: int,
    kind: TokenKind,
    *,
    name: str = "",
    lifetime: timedelta | None = None,
) -> str:
    """A new random token of `kind` for the account; only its hash is kept. The session must act as that account, or as
    an administrator who invites it."""
    token = secrets.token_urlsafe(32)
    session.add(
        AccessToken(
            account_id=account_id,
            kind=kind,
            token_hash=token_hash(token),
            expires_at=now() + (lifetime or LIFETIMES[kind]),
            name=name,
        )
    )
    session.flush()
    return token


@dataclass(frozen=True, slots=True)
class KnownToken:
    """What a live token stands for. A key may be for some areas only (None: all), and for reading alone."""

    account_id: int
    token_id: int
    areas: tuple[str, ...] | None
    read_only: bool


def account_by_token(session: Session, token: str, *kinds: TokenKind) -> KnownToken | None:
    """What a live token of one of these kinds stands for, or None."""
    found = (
        session.connection()
        .execute(_BY_TOKEN, {"hash": token_hash(token), "kinds": [kind.value for kind in kinds]})
        .first()
    )
    if found is None:
        return None
    areas = None if found.areas is None else tuple(found.areas)
    return KnownToken(found.account_id, found.token_id, areas, found.read_only)


def redeem_token(session: Session, token: str, kind: TokenKind) -> int | None:
    """The account of a token that works once and was not used yet; from now on it is used."""
    found = session.connection().scalar(
        text("SELECT redeem_token(:hash, :kind)"), {"hash": token_hash(token), "kind": kind.value}
    )
    return None if found is None else int(found)


def end_session(session: Session, token: str) -> bool:
    """The session of this secret opens nothing from now on, whosesoever it is; whether it was open."""
    ended = session.connection().scalar(_END_SESSION, {"hash": token_hash(token)})
    return bool(ended)


def token_hash(token: str) -> bytes:
    """What is kept of a token: it has 256 random bits, so a plain hash is enough."""
    return sha256(token.encode("utf-8", "surrogatepass")).digest()


def form_token(session_token: str) -> str:
    """The token that every form of a logged-in page carries against cross-site requests."""
    return hmac.new(session_token.encode(), b"form", sha256).hexdigest()
