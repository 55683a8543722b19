"""Which published posts may be offered to somebody today, and why the others may not: told the same everywhere."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, case, func
from sqlmodel import Session, col, select

from matching.market import REFRESHED_WITHIN_DAYS
from models.coded import Coded
from models.vacancy import Vacancy, VacancyState


class Standing(Coded):
    """Where a published post stands on a day."""

    ON_OFFER = "on_offer", "正在招人"
    LATER = "later", "未到发布日期"
    EXPIRED = "expired", "已过有效期"
    FULL = "full", "已招满"
    UNREFRESHED = "unrefreshed", "久未刷新"


SOON_DAYS = 14
"""So long before a post ends, or would be stale, its keeper is told."""


def on_offer(today: date, days: int = REFRESHED_WITHIN_DAYS) -> ColumnElement[bool]:
    """The condition under which a post may be offered on `today`: published, valid, with a seat, and refreshed within
    `days` (the installation's setting, as everywhere here)."""
    return (col(Vacancy.state) == VacancyState.PUBLISHED) & (
        _standing(today, days) == Standing.ON_OFFER.value
    )


def wants_refreshing(today: date, days: int = REFRESHED_WITHIN_DAYS) -> ColumnElement[bool]:
    """Published posts with a seat that are stale or expired, or will be soon: somebody has to ask the employer."""
    soon = today + timedelta(days=SOON_DAYS)
    return (
        (col(Vacancy.state) == VacancyState.PUBLISHED)
        & (col(Vacancy.seats_taken) < col(Vacancy.seats))
        & ((col(Vacancy.valid_until) < soon) | (_refreshed() < soon - timedelta(days=days)))
        & func.coalesce(col(Vacancy.valid_from) <= today, True)
    )


def standings(
    session: Session, today: date, *where: ColumnElement[bool], days: int = REFRESHED_WITHIN_DAYS
) -> Counter[Standing]:
    """How many of the published posts for which all of `where` holds stand where on `today`."""
    query = select(_standing(today, days)).where(col(Vacancy.state) == VacancyState.PUBLISHED, *where)
    found = query.subquery("found").c[0]
    return Counter(
        {
            Standing.read(name): count
            for name, count in session.exec(select(found, func.count()).group_by(found))
        }
    )


def standings_of(
    session: Session, today: date, ids: Sequence[int], days: int = REFRESHED_WITHIN_DAYS
) -> dict[int, Standing]:
    """Where each of the posts `ids` stands on `today`; one that is not published is left out."""
    query = select(Vacancy.id, _standing(today, days)).where(
        col(Vacancy.state) == VacancyState.PUBLISHED, col(Vacancy.id).in_(ids)
    )
    return {number: Standing.read(name) for number, name in session.exec(query) if number is not None}


def _refreshed() -> ColumnElement[date]:
    return func.coalesce(col(Vacancy.refreshed_on), col(Vacancy.posted_on), col(Vacancy.valid_from))


def _standing(today: date, days: int) -> ColumnElement[str]:
    return case(
        (col(Vacancy.valid_until) < today, Standing.EXPIRED.value),
        (col(Vacancy.valid_from) > today, Standing.LATER.value),
        (col(Vacancy.seats_taken) >= col(Vacancy.seats), Standing.FULL.value),
        (_refreshed() < today - timedelta(days=days), Standing.UNREFRESHED.value),
        else_=Standing.ON_OFFER.value,
    )
