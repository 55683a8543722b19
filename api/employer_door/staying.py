"""留得住: how many of the employer's people stayed, by month of start, beside those of the place where it is.

Its own come from the one table of spells as every figure does. Of the others the database tells sums alone, and none that
tells of fewer than three.
"""

from datetime import date
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from api.employer_door.asking import Own
from api.presenting import Presenter
from api.schemas.employer_door import KeptMonth, KeptPublic, KeptPublicMonths
from outcomes.benefits.staying import Stayed
from outcomes.calendar import month_start, shift
from outcomes.cohorts import DAYS, FEWEST, begun, by_month, hands_of

MONTHS = 18
"""So many months back: who began in them has had time to stay, and it is still the employer of today."""
_AROUND = text("SELECT month, cases, stayed FROM staying_around_mine(:today, :since, :days)")


def kept_by_month(session: Session, whose: Own, present: Presenter, as_of: date) -> KeptPublicMonths:
    """The months in which somebody began, the latest first."""
    since = shift(month_start(as_of), -MONTHS)
    hands = hands_of(session, whose.employer.identity)
    own = {days: by_month(hands, days, as_of) for days in DAYS}
    around = {days: _around(session, as_of, since, days) for days in DAYS}
    counted = begun(hands, as_of)
    months = sorted((month for month in counted if month >= since), reverse=True)
    return KeptPublicMonths(
        as_of=as_of,
        place=present.known_place(whose.employer.region[:6]),
        months=[
            KeptMonth(
                month=month,
                began=counted[month],
                kept=[_kept(days, own[days].get(month), around[days].get(month)) for days in DAYS],
            )
            for month in months
        ],
    )


def _kept(days: int, own: Stayed | None, around: Stayed | None) -> KeptPublic:
    share_around = around.stayed / around.cases if around else None
    told = own if own is not None and own.cases >= FEWEST else None
    share = None
    if told is not None:
        share = told.shrunk(share_around) if share_around is not None else told.stayed / told.cases
    return KeptPublic(
        days=days,
        cases=told.cases if told else None,
        stayed=told.stayed if told else None,
        share=share,
        around=share_around,
    )


def _around(session: Session, as_of: date, since: date, days: int) -> dict[date, Stayed]:
    rows: Any = session.connection().execute(_AROUND, {"today": as_of, "since": since, "days": days})
    return {row.month: Stayed(row.cases, row.stayed) for row in rows}
