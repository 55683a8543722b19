"""重点单位: which employers, and what each is entitled to."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import exists, or_
from sqlmodel import Session, col, select

from api.benefits import amount_public
from api.paging import Page, Paging, page_of
from api.presenting import Presenter
from api.schemas.base import Labelled
from api.schemas.benefit import FirmStandingPublic, KeyEmployerPublic
from models.employer import OF_THE_COUNTY, Employer
from models.spell import EmploymentSpell
from outcomes.benefits.benefit import Benefit, Party
from outcomes.benefits.employers import judge_firm
from outcomes.benefits.people import firms_of


def key_employers(
    session: Session,
    benefits: Mapping[str, Benefit],
    present: Presenter,
    region: str,
    *,
    year: int,
    as_of: date,
    paging: Paging,
) -> Page[KeyEmployerPublic]:
    """Employers kept by a region that the county has set up or recognised, or where people of ours have worked."""
    worked = exists().where(
        col(EmploymentSpell.employer_id) == col(Employer.id), col(EmploymentSpell.superseded_at).is_(None)
    )
    query = select(Employer).where(
        col(Employer.kept_by).startswith(region, autoescape=True),
        or_(col(Employer.kind).in_(OF_THE_COUNTY), worked),
    )
    rows, cursor, total = page_of(
        session, query, paging, number=col(Employer.id), sorts={"name": col(Employer.name)}, default="id"
    )
    told = standings_of_firm(session, benefits, rows, year=year, as_of=as_of)
    items = [
        KeyEmployerPublic(employer=employer, benefits=told[employer.id])
        for employer in present.employers(rows)
    ]
    return Page(items=items, next_cursor=cursor, total=total)


def standings_of_firm(
    session: Session, benefits: Mapping[str, Benefit], rows: Sequence[Employer], *, year: int, as_of: date
) -> dict[int, list[FirmStandingPublic]]:
    """How each employer stands to each benefit for employers of its region and year."""
    firms = firms_of(session, benefits, as_of, rows)
    found: dict[int, list[FirmStandingPublic]] = {}
    for number, firm in firms.items():
        found[number] = [
            FirmStandingPublic(
                benefit=Labelled(code=benefit.code, label=benefit.name),
                year=year,
                state=standing.state,
                amount=amount_public(standing.amount),
                heads=len(standing.heads),
                workers=standing.workers,
                relieved=standing.relieved,
                missing=list(standing.missing),
                claimed=any(
                    each.benefit.code == benefit.code and each.year == year and each.paid_on is None
                    for each in firm.payments
                ),
            )
            for benefit in benefits.values()
            if benefit.party is Party.EMPLOYER
            and benefit.of_year(year)
            and benefit.of_region(firm.region)
            and benefit.kind in (None, firm.kind)
            and (standing := judge_firm(benefit, firm, year=year, as_of=as_of))
        ]
    return found
