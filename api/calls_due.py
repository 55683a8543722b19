"""Whom to call, in calling order: reckoned once while nothing in the scope has changed."""

from datetime import date

from sqlmodel import Session

from api.foretelling import foretelling
from api.remembered import remembered
from api.settings import Settings
from outcomes.due_calls import DueCall, due_calls


def calls_due(session: Session, settings: Settings, region: str, today: date) -> list[DueCall]:
    """Everybody at work in a region of the session's, as `outcomes.due_calls` orders them; not to be changed."""
    schedule = settings.follow_ups()

    def reckoned() -> list[DueCall]:
        return due_calls(session, region, today, schedule, foretelling(session, today))

    what = ("calls", region, today, schedule)
    return remembered(session, what, reckoned, seconds=settings.remember_seconds)
