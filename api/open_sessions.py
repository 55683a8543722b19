"""Where an account is logged in, and its keys: what is open, and its end."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from api.errors import not_found
from api.noting import note
from api.schemas.account import SessionPublic
from models.account import AccessToken, TokenKind, TokenUse
from models.base import now

LOGINS = (TokenKind.SESSION, TokenKind.BEARER)


def live_tokens(
    session: Session, account_id: int, *kinds: TokenKind
) -> list[tuple[AccessToken, datetime | None]]:
    """What of these kinds is open, the latest first, and when it was used last."""
    rows = session.exec(
        select(AccessToken, TokenUse.used_at)
        .join(TokenUse, col(TokenUse.token_id) == col(AccessToken.id))
        .where(
            AccessToken.account_id == account_id,
            col(AccessToken.kind).in_(kinds),
            col(AccessToken.revoked_at).is_(None),
            col(AccessToken.used_at).is_(None),
            AccessToken.expires_at > now(),
        )
        .order_by(col(AccessToken.id).desc())
    ).all()
    return list(rows)


def sessions_public(session: Session, account_id: int, here: int | None) -> list[SessionPublic]:
    """Where an account is logged in."""
    return [
        SessionPublic(
            id=row.identity,
            kind=row.kind,
            device=row.name or "程序",
            created_at=row.created_at,
            used_at=used,
            expires_at=row.expires_at,
            here=row.id == here,
        )
        for row, used in live_tokens(session, account_id, *LOGINS)
    ]


def end_token(session: Session, account_id: int, token_id: int, *kinds: TokenKind) -> AccessToken:
    """From the next request on it opens nothing.

    Raises
    ------
    Problem
        404 where the account has nothing open by this number.
    """
    row = session.get(AccessToken, token_id)
    if row is None or row.account_id != account_id or row.kind not in kinds or row.revoked_at is not None:
        raise not_found("这次登录" if TokenKind.SESSION in kinds else "这个密钥")
    row.revoked_at = now()
    session.add(row)
    session.flush()
    return row


def end_logins(session: Session, account_id: int, but: int | None = None) -> int:
    """Everywhere else it is logged in no more; how many places that were. Keys of programs are ended by themselves."""
    return _end(session, account_id, (*LOGINS, TokenKind.LOGIN_LINK, TokenKind.SECOND_STEP), but)


def end_keys(session: Session, account_id: int) -> int:
    """No program acts for the account any more; how many keys that were."""
    ended = _end(session, account_id, (TokenKind.API_KEY,), None)
    if ended:
        note(session, "end_keys", account_id, keys=ended)
    return ended


def _end(session: Session, account_id: int, kinds: Sequence[TokenKind], but: int | None) -> int:
    open_ones = update(AccessToken).where(
        col(AccessToken.account_id) == account_id,
        col(AccessToken.kind).in_(kinds),
        col(AccessToken.revoked_at).is_(None),
        col(AccessToken.used_at).is_(None),
        col(AccessToken.expires_at) > now(),
        col(AccessToken.id).is_distinct_from(but),
    )
    return session.connection().execute(open_ones.values(revoked_at=now())).rowcount
