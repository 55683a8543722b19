"""The code tables and pairings."""

from datetime import date
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel
from sqlmodel import col, select

from api.deps import CallerDep, SessionDep
from api.errors import PROBLEMS, not_found
from api.laying import bureau_router
from api.paging import Page, PagingDep, page_of
from api.presenting import PresenterDep
from api.schemas.base import Place, RegionCode, Sought
from models.pairing import Pairing
from models.region import Region, RegionLevel
from models.taxonomy import Occupation

router = bureau_router(tag="reference", responses=PROBLEMS)


class RegionPublic(BaseModel):
    """行政区划."""

    code: str
    name: str
    level: RegionLevel
    parent_code: str | None
    longitude: float | None
    latitude: float | None


class OccupationPublic(BaseModel):
    """职业."""

    code: str
    name: str
    level: int
    parent_code: str | None


class PairingPublic(BaseModel):
    """结对关系."""

    id: int
    origin: Place
    destination: Place
    programme: str
    valid_from: date
    valid_until: date | None


@router.get("/regions", operation_id="list_regions")
def list_regions(
    session: SessionDep,
    _: CallerDep,
    paging: PagingDep,
    q: Annotated[Sought | None, Query(description="名称")] = None,
    parent: Annotated[RegionCode | None, Query()] = None,
) -> Page[RegionPublic]:
    """Regions by name or by parent."""
    query = select(Region)
    if q:
        query = query.where(col(Region.name).contains(q, autoescape=True))
    if parent:
        query = query.where(Region.parent_code == parent)
    rows, cursor, total = page_of(
        session, query, paging, number=col(Region.code), sorts={"code": col(Region.code)}, default="code"
    )
    items = [RegionPublic.model_validate(row, from_attributes=True) for row in rows]
    return Page(items=items, next_cursor=cursor, total=total)


@router.get("/regions/{code}", operation_id="read_region")
def read_region(code: RegionCode, session: SessionDep, _: CallerDep) -> RegionPublic:
    """One region."""
    row = session.get(Region, code)
    if row is None:
        raise not_found("这个行政区划")
    return RegionPublic.model_validate(row, from_attributes=True)


@router.get("/occupations", operation_id="list_occupations")
def list_occupations(
    session: SessionDep,
    _: CallerDep,
    paging: PagingDep,
    q: Annotated[Sought | None, Query(description="名称")] = None,
) -> Page[OccupationPublic]:
    """Occupations by name."""
    query = select(Occupation)
    if q:
        query = query.where(col(Occupation.name).contains(q, autoescape=True))
    rows, cursor, total = page_of(
        session,
        query,
        paging,
        number=col(Occupation.code),
        sorts={"code": col(Occupation.code)},
        default="code",
    )
    items = [OccupationPublic.model_validate(row, from_attributes=True) for row in rows]
    return Page(items=items, next_cursor=cursor, total=total)


@router.get("/pairings", operation_id="list_pairings")
def list_pairings(
    session: SessionDep, _: CallerDep, paging: PagingDep, present: PresenterDep
) -> Page[PairingPublic]:
    """Which western region is helped by which eastern one."""
    rows, cursor, total = page_of(
        session, select(Pairing), paging, number=col(Pairing.id), sorts={}, default="id"
    )
    items = [
        PairingPublic(
            id=row.identity,
            origin=present.known_place(row.origin_region),
            destination=present.known_place(row.destination_region),
            programme=row.programme,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
        )
        for row in rows
    ]
    return Page(items=items, next_cursor=cursor, total=total)
