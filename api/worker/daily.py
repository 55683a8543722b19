"""What is due once a day, for all regions, whether or not anybody is at work."""

import time
from collections.abc import Callable
from datetime import date, datetime

import structlog
from sqlalchemy import Connection, text

from api.anchors import anchor_folder, write_anchor
from api.database import Sessions
from api.faults import kinds_and_places
from api.settings import SHANGHAI, Settings

_log = structlog.get_logger("wengang.daily")
_AGAIN_AFTER = 600.0  # seconds
ABANDONED_AFTER_DAYS = 30
ATTEMPTS_KEPT_DAYS = 180
MESSAGES_KEPT_DAYS = 30
ANSWERS_KEPT_DAYS = 30
UNKNOWN_KEPT_DAYS = 90


def expire_applications(connection: Connection, settings: Settings) -> int:
    """Applications that nobody answered for the days of the setting come to their end."""
    told = {"today": settings.today(), "days": settings.application_days}
    return _count(connection, "SELECT expire_applications(:today, :days)", told)


def restrict_expired(connection: Connection, settings: Settings) -> int:
    """Consents to the service that are over: what is known of these people is only stored."""
    return _count(connection, "SELECT restrict_expired(:today)", {"today": settings.today()})


def purge_expired_exports(connection: Connection, _: Settings) -> int:
    """Files that were made for somebody and not fetched in time."""
    return _count(connection, "SELECT purge_expired_exports()", {})


def purge_abandoned_imports(connection: Connection, _: Settings) -> int:
    """Files that were sent and never taken in."""
    return _count(connection, "SELECT purge_abandoned_imports(:days)", {"days": ABANDONED_AFTER_DAYS})


def purge_login_attempts(connection: Connection, _: Settings) -> int:
    """Tries to log in that are too old to be asked after."""
    return _count(connection, "SELECT purge_login_attempts(:days)", {"days": ATTEMPTS_KEPT_DAYS})


def purge_answers(connection: Connection, _: Settings) -> int:
    """Answers to commands that nobody sends again any more; a device's stay."""
    return _count(connection, "SELECT purge_answers(:days)", {"days": ANSWERS_KEPT_DAYS})


def purge_handed(connection: Connection, _: Settings) -> int:
    """Of whom files told that nobody has any more, and that need not be shown any more."""
    return _count(connection, "SELECT purge_handed()", {})


def purge_waiting_commands(connection: Connection, _: Settings) -> int:
    """What was said at a fair by somebody whom nobody has known since."""
    return _count(connection, "SELECT purge_waiting_commands(:days)", {"days": UNKNOWN_KEPT_DAYS})


def ask_for_trainings(connection: Connection, settings: Settings) -> int:
    """The month's training of every bureau. Where the date stands still no month passes."""
    if settings.demonstration or settings.business_date is not None:
        return 0
    return _count(connection, "SELECT ask_for_trainings()", {})


def remind_check_ins(connection: Connection, settings: Settings) -> int:
    """Who speaks by WeChat and has not said for a month that she is still at work is reminded."""
    if not settings.wechat_appid:
        return 0
    return _count(connection, "SELECT remind_check_ins(:today)", {"today": settings.today()})


def purge_messages(connection: Connection, _: Settings) -> int:
    """What was to be told so long ago that it is no news, sent or not."""
    return _count(connection, "SELECT purge_messages(:days)", {"days": MESSAGES_KEPT_DAYS})


def anchor_record(connection: Connection, settings: Settings) -> int:
    """The head of the chain over the record, in a file of the day.

    Nothing is sealed here: a link of a transaction that is then rolled back would stand in the file for ever.
    """
    return int(write_anchor(connection, folder=anchor_folder(settings)) is not None)


DAILY: tuple[Callable[[Connection, Settings], int], ...] = (
    restrict_expired,
    expire_applications,
    purge_expired_exports,
    purge_abandoned_imports,
    purge_login_attempts,
    purge_answers,
    purge_handed,
    purge_waiting_commands,
    ask_for_trainings,
    remind_check_ins,
    purge_messages,
    anchor_record,
)
"""Each does all that is due on the day it runs, so that days on which the service was off are made up for."""


class Daily:
    """The day's work, done once by whichever worker comes first; what failed is tried again after a while."""

    def __init__(self, sessions: Sessions, settings: Settings) -> None:
        self._sessions = sessions
        self._settings = settings
        self._done: dict[str, date] = {}
        self._next_try = 0.0

    def see_to(self) -> None:
        """Do what is still to be done of the day that it is now in China."""
        # The calendar's day also where the business date stands still.
        day = datetime.now(SHANGHAI).date()
        left = [work for work in DAILY if self._done.get(work.__name__) != day]
        if not left or time.monotonic() < self._next_try:
            return
        for work in left:
            try:
                self._once(work, day)
            except Exception as error:
                _log.error("daily_failed", name=work.__name__, error=kinds_and_places(error))
                self._next_try = time.monotonic() + _AGAIN_AFTER

    def _once(self, work: Callable[[Connection, Settings], int], day: date) -> None:
        with self._sessions() as session, session.begin():
            connection = session.connection()
            mine = text("SELECT begin_day(:name, :day)")
            if connection.scalar(mine, {"name": work.__name__, "day": day}):
                _log.info("daily", name=work.__name__, rows=work(connection, self._settings))
        self._done[work.__name__] = day


def _count(connection: Connection, statement: str, told: dict[str, object]) -> int:
    return int(connection.scalar(text(statement), told) or 0)
