"""The credential for WeChat: one row, sealed, that all processes share. Whoever finds it spent fetches it anew, once for all."""

from datetime import timedelta

from sqlalchemy import text
from sqlmodel import Session

from api.database import Sessions
from api.wechat.client import Fetch
from models.base import now
from models.sealing import Keyring, UnknownKey, Unsealable, seal, unseal
from models.wechat import WeChatToken

_CONTEXT = "wechat_token.token"
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(4, 1)")
_SPARE = timedelta(minutes=2)
"""Before its end a credential is not used any more: a call may take its time."""


class TokenRow:
    """The row in the database, as the client asks for it."""

    def __init__(self, sessions: Sessions, keyring: Keyring) -> None:
        self._sessions = sessions
        self._keyring = keyring

    def current(self, fetch: Fetch, stale: str | None = None) -> str:
        """The credential; a new one where it ends, or where WeChat did not take `stale`.

        Raises
        ------
        api.wechat.codes.WeChatError
            where it can't be fetched.
        """
        with self._sessions() as session, session.begin():
            known = self._known(session)
        if known is not None and known != stale:
            return known
        with self._sessions() as session, session.begin():
            # Who waited here finds what the first has fetched.
            session.connection().execute(_ONE_AT_A_TIME)
            known = self._known(session)
            if known is not None and known != stale:
                return known
            token, seconds = fetch(False)
            if token == stale:
                # WeChat gives the same one again and does not take it.
                token, seconds = fetch(True)
            self._keep(session, token, seconds)
        return token

    def _known(self, session: Session) -> str | None:
        row = session.get(WeChatToken, 1, populate_existing=True)
        if row is None or row.good_until - _SPARE <= now():
            return None
        try:
            return unseal(self._keyring.master(row.master_key_id), row.token_sealed, _CONTEXT).decode()
        except (Unsealable, UnknownKey):
            return None

    def _keep(self, session: Session, token: str, seconds: int) -> None:
        row = session.get(WeChatToken, 1) or WeChatToken(
            id=1, good_until=now(), master_key_id="", token_sealed=b""
        )
        row.fetched_at, row.good_until = now(), now() + timedelta(seconds=seconds)
        row.master_key_id = self._keyring.current
        row.token_sealed = seal(self._keyring.master(row.master_key_id), token.encode(), _CONTEXT)
        session.add(row)
