"""Whom to call: of each the day, as it stands; how likely somebody is to leave, as it was reckoned at a time that is told.

How likely people leave is learned of all of them and moves little by one call; what follows of one person from her own calls is
reckoned anew as soon as there is one.
"""

from bisect import insort
from collections.abc import Collection
from datetime import date

from sqlmodel import Session

from api.foretelling import foretelling
from api.remembered import remembered, remembered_mended
from api.settings import Settings
from outcomes.due_calls import DueCall, Estimate, calls_of, estimated, order_on, ordered


def chances_of_leaving(session: Session, settings: Settings, region: str, today: date) -> Estimate:
    """How likely each at work in a region of the session's is to leave, reckoned at the time that it says."""
    return remembered(
        session,
        ("chances", region, today),
        lambda: estimated(session, region, today, foretelling(session, today)),
        seconds=settings.estimate_seconds,
        whatever_changes=True,
    )


def calls_due(session: Session, settings: Settings, region: str, today: date) -> list[DueCall]:
    """Everybody at work in a region of the session's, as `outcomes.due_calls` orders them; not to be changed."""
    schedule = settings.follow_ups()
    estimate = chances_of_leaving(session, settings, region, today)

    def reckoned(worker_ids: Collection[int] | None = None) -> Collection[DueCall]:
        return calls_of(session, region, today, schedule, estimate, worker_ids).values()

    def reckoned_again(calls: list[DueCall], people: Collection[int]) -> list[DueCall]:
        kept = [call for call in calls if call.worker_id not in people]
        for call in reckoned(people):
            insort(kept, call, key=order_on(today))
        return kept

    what = ("calls", region, today, schedule, estimate.at)
    return remembered_mended(
        session,
        what,
        lambda: ordered(reckoned(), today),
        reckoned_again,
        # What hangs on an estimate of its own is asked for but once.
        seconds=settings.remember_seconds if settings.estimate_seconds else 0,
    )
