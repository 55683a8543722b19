"""Names for codes that several pages show: occupations, posts, the regions to choose from."""

from sqlmodel import Session, col, select

from api.errors import invalid
from api.presenting import Presenter
from api.schemas.base import Place
from api.schemas.post import VacancySummary
from ledger.villages import TOWNSHIP_DIGITS, UNFILLED, villages_of
from models.employer import Employer
from models.region import Region, RegionLevel
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


def vacancy_named(session: Session, employer: str, title: str) -> int:
    """The latest post of this name at the employer of this name.

    Raises
    ------
    Problem
        422 where there is none.
    """
    found = session.exec(
        select(Vacancy.id)
        .join(Employer, col(Employer.id) == col(Vacancy.employer_id))
        .where(Employer.name == employer, Vacancy.title == title)
        .order_by(col(Vacancy.id).desc())
        .limit(1)
    ).first()
    if found is None:
        raise invalid(
            "vacancy_id", "unknown", "没有找到这个单位的这个岗位，请照“招聘岗位”里的单位全称和岗位名称填写。"
        )
    return found


def villages_to_choose(session: Session, region: str | None) -> list[str]:
    """The villages of a township as its ledger names them, and those without; nothing for any other region."""
    return [*villages_of(session, region), UNFILLED] if region and len(region) == TOWNSHIP_DIGITS else []


def chosen_village(region: str, village: str, village_of: str) -> str | None:
    """The village that a form asks for: of the township that it was chosen in, not of one chosen after it."""
    return village if village and village_of in ("", region) else None


def regions_below(
    session: Session, own: tuple[str, ...], present: Presenter
) -> list[tuple[Place, list[Region]]]:
    """Each of the account's regions with the regions directly below it, to choose from."""
    rows = session.exec(
        select(Region).where(col(Region.parent_code).in_(own)).order_by(col(Region.code))
    ).all()
    return [(present.known_place(code), [row for row in rows if row.parent_code == code]) for code in own]


def keeping_places(
    session: Session, regions: tuple[str, ...], present: Presenter
) -> list[tuple[Place, list[Place]]]:
    """Each region of an account, with the townships of a county: a hand-made list is often one township's."""
    found = []
    for code in regions:
        rows = session.exec(
            select(Region)
            .where(Region.parent_code == code, Region.level == RegionLevel.TOWNSHIP)
            .order_by(col(Region.code))
        ).all()
        found.append((present.known_place(code), [Place(code=row.code, name=row.name) for row in rows]))
    return found
