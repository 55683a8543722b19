"""接口密钥: named secrets by which a program acts for an account, within what they are for."""

import secrets
from datetime import timedelta

from sqlmodel import Session

from api import security
from api.deps import Caller
from api.errors import conflict
from api.noting import note
from api.open_sessions import end_token, live_tokens
from api.rights import Area
from api.schemas.account import KeyCreate, KeyPublic
from models.account import AccessToken, TokenKind
from models.base import now

_SHOWN = 8
_MOST = 20


def create(session: Session, caller: Caller, body: KeyCreate) -> tuple[str, KeyPublic]:
    """A new key, and how it is shown from now on.

    Raises
    ------
    Problem
        409 where there are many already.
    """
    if len(live_tokens(session, caller.account_id, TokenKind.API_KEY)) >= _MOST:
        raise conflict("too-many-keys", "密钥太多", f"一个账号最多{_MOST}个密钥，请先作废不用的。")
    key = f"wg_{secrets.token_urlsafe(32)}"
    row = AccessToken(
        account_id=caller.account_id,
        kind=TokenKind.API_KEY,
        token_hash=security.token_hash(key),
        expires_at=now() + timedelta(days=body.days),
        name=body.name,
        prefix=key[:_SHOWN],
        areas=[area.value for area in Area if area in body.areas],
        read_only=body.read_only,
    )
    session.add(row)
    session.flush()
    note(session, "create_key", caller.account_id, prefix=row.prefix)
    return key, _public(row, None)


def keys_public(session: Session, account_id: int) -> list[KeyPublic]:
    """The keys that are in force."""
    return [_public(row, used) for row, used in live_tokens(session, account_id, TokenKind.API_KEY)]


def revoke(session: Session, account_id: int, key_id: int) -> None:
    """From the next request on the key opens nothing."""
    row = end_token(session, account_id, key_id, TokenKind.API_KEY)
    note(session, "revoke_key", account_id, prefix=row.prefix)


def _public(row: AccessToken, used: object) -> KeyPublic:
    return KeyPublic.model_validate(
        {
            **row.model_dump(include={"id", "name", "prefix", "read_only", "created_at", "expires_at"}),
            "areas": row.areas,
            "used_at": used,
        }
    )
