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
    UNREFRESHED = "unrefreshed", f"{REFRESHED_WITHIN_DAYS}天没有刷新"


def on_offer(today: date) -> ColumnElement[bool]:
    """The condition under which a post may be offered on `today`: published, valid, with a seat, refreshed."""
    return (col(Vacancy.state) == VacancyState.PUBLISHED) & (_standing(today) == Standing.ON_OFFER.value)


def standings(session: Session, today: date, *where: ColumnElement[bool]) -> Counter[Standing]:
    """How many of the published posts for which all of `where` holds stand where on `today`."""
    query = select(_standing(today)).where(col(Vacancy.state) == VacancyState.PUBLISHED, *where)
    found = query.subquery("found").c[0]
    return Counter(
        {
            Standing.read(name): count
            for name, count in session.exec(select(found, func.count()).group_by(found))
        }
    )


def standings_of(session: Session, today: date, ids: Sequence[int]) -> dict[int, Standing]:
    """Where each of the posts `ids` stands on `today`; one that is not published is left out."""
    query = select(Vacancy.id, _standing(today)).where(
        col(Vacancy.state) == VacancyState.PUBLISHED, col(Vacancy.id).in_(ids)
    )
    return {number: Standing.read(name) for number, name in session.exec(query) if number is not None}


def _standing(today: date) -> ColumnElement[str]:
    refreshed = func.coalesce(col(Vacancy.refreshed_on), col(Vacancy.posted_on), col(Vacancy.valid_from))
    return case(
        (col(Vacancy.valid_until) < today, Standing.EXPIRED.value),
        (col(Vacancy.valid_from) > today, Standing.LATER.value),
        (col(Vacancy.seats_taken) >= col(Vacancy.seats), Standing.FULL.value),
        (refreshed < today - timedelta(days=REFRESHED_WITHIN_DAYS), Standing.UNREFRESHED.value),
        else_=Standing.ON_OFFER.value,
    )
