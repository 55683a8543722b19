"""The credential for WeChat: one row, sealed, that all processes share. Whoever finds it spent fetches it anew, once for all."""

import threading
import time
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlmodel import Session

from api.database import Sessions
from api.wechat.client import Fetch
from api.wechat.codes import Kind, WeChatError
from models.base import now
from models.sealing import Keyring, UnknownKey, Unsealable, seal, unseal
from models.wechat import WeChatToken

_CONTEXT = "wechat_token.token"
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(4, 1)")
_SPARE = timedelta(minutes=2)
"""Before its end a credential is not used any more: a call may take its time."""
_FORCED_APART = timedelta(minutes=10)
"""WeChat gives twenty a day by force: what is younger was not spent by its age, and another would not be taken either."""
REMEMBERED = 10.0
"""Seconds for which a fetch that failed answers for those who come after it."""


class Gate:
    """Of one process: one thread at a time fetches, before it takes a connection, and what failed is not tried again by each
    that waited behind it. A WeChat that hangs costs one thread and one connection."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self._failed: WeChatError | None = None
        self._until = 0.0

    def failed(self, error: WeChatError) -> None:
        """A fetch came to nothing."""
        self._failed, self._until = error, time.monotonic() + REMEMBERED

    def check(self) -> None:
        """Let nobody fetch who would wait as the last one did.

        Raises
        ------
        WeChatError
            the last one's.
        """
        if self._failed is not None and time.monotonic() < self._until:
            raise WeChatError(self._failed.kind, self._failed.code)


class TokenRow:
    """The row in the database, as the client asks for it."""

    def __init__(self, sessions: Sessions, keyring: Keyring, gate: Gate) -> None:
        self._sessions = sessions
        self._keyring = keyring
        self._gate = gate

    def current(self, fetch: Fetch, stale: str | None = None) -> str:
        """The credential; a new one where it ends, or where WeChat did not take `stale`.

        Raises
        ------
        api.wechat.codes.WeChatError
            where it can't be fetched.
        """
        with self._sessions() as session, session.begin():
            known, _ = self._known(session)
        if known is not None and known != stale:
            return known
        with self._gate.lock:
            self._gate.check()
            with self._sessions() as session, session.begin():
                # Who waited here, or at the gate, finds what the first has fetched.
                session.connection().execute(_ONE_AT_A_TIME)
                known, fetched_at = self._known(session)
                if known is not None and known != stale:
                    return known
                token, seconds = self._fetched(fetch, False)
                if token == stale:
                    # WeChat gives the same one again and does not take it.
                    if fetched_at is not None and fetched_at > now() - _FORCED_APART:
                        raise WeChatError(Kind.LATER)
                    token, seconds = self._fetched(fetch, True)
                self._keep(session, token, seconds)
        return token

    def _fetched(self, fetch: Fetch, force: bool) -> tuple[str, int]:
        try:
            return fetch(force)
        except WeChatError as error:
            self._gate.failed(error)
            raise

    def _known(self, session: Session) -> tuple[str | None, datetime | None]:
        """The credential while it is good, and when it was fetched."""
        row = session.get(WeChatToken, 1, populate_existing=True)
        if row is None or row.good_until - _SPARE <= now():
            return None, None
        try:
            told = unseal(self._keyring.master(row.master_key_id), row.token_sealed, _CONTEXT).decode()
        except (Unsealable, UnknownKey):
            return None, None
        return told, row.fetched_at

    def _keep(self, session: Session, token: str, seconds: int) -> None:
        row = session.get(WeChatToken, 1) or WeChatToken(
            id=1, good_until=now(), master_key_id="", token_sealed=b""
        )
        row.fetched_at, row.good_until = now(), now() + timedelta(seconds=seconds)
        row.master_key_id = self._keyring.current
        row.token_sealed = seal(self._keyring.master(row.master_key_id), token.encode(), _CONTEXT)
        session.add(row)
