"""Names for codes that several pages show: occupations, posts, the regions to choose from."""

from sqlmodel import Session, col, select

from api.presenting import Presenter
from api.schemas.base import Place
from api.schemas.post import VacancySummary
from models.region import Region
from models.taxonomy import Occupation
from models.vacancy import Vacancy


def occupation_names(session: Session, codes: list[str]) -> dict[str, str]:
    """Occupation code to name."""
    return dict(
        session.exec(select(Occupation.code, Occupation.name).where(col(Occupation.code).in_(codes))).all()
    )


def vacancies_by_id(session: Session, present: Presenter, ids: list[int]) -> dict[int, VacancySummary]:
    """Posts by number."""
    rows = session.exec(select(Vacancy).where(col(Vacancy.id).in_(ids))).all()
    return {summary.id: summary for summary in present.vacancies(list(rows))}


def regions_below(
    session: Session, own: tuple[str, ...], present: Presenter
) -> list[tuple[Place, list[Region]]]:
    """Each of the account's regions with the regions directly below it, to choose from."""
    rows = session.exec(
        select(Region).where(col(Region.parent_code).in_(own)).order_by(col(Region.code))
    ).all()
    return [(present.known_place(code), [row for row in rows if row.parent_code == code]) for code in own]
