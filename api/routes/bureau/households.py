"""/v1/households."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field
from sqlmodel import col, select

from api.deps import Caller, RowId, SessionDep, allowed
from api.errors import PROBLEMS, not_found
from api.idempotency import OnceDep
from api.paging import Page, PagingDep, page_of
from api.presenting import Presenter, PresenterDep
from api.rights import Action
from api.routes.bureau.workers import require_scope
from api.schemas.base import Day, Place, RegionCode, Title, Told, example
from api.versions import etag
from models.household import HardshipCategory, HardshipPeriod, Household

router = APIRouter(prefix="/households", tags=["household"], responses=PROBLEMS)
Reader = Annotated[Caller, Depends(allowed(Action.READ_LEDGER))]
Writer = Annotated[Caller, Depends(allowed(Action.WRITE_LEDGER))]


class HardshipTold(Told):
    """帮扶类别时段."""

    category: HardshipCategory
    from_on: Day
    to_on: Day | None = None
    risk_cleared_on: Day | None = None


class HouseholdCreate(Told):
    """A household to be registered."""

    number: Title
    region: RegionCode
    relocated: bool | None = None
    hardship: list[HardshipTold] = Field(default_factory=list, max_length=20)

    model_config = example(
        {
            "number": "TEST-0001",
            "region": "610728",
            "relocated": False,
            "hardship": [{"category": "marginal", "from_on": "2020-06-01"}],
        }
    )


class HardshipPublic(BaseModel):
    """帮扶类别时段."""

    category: HardshipCategory
    from_on: date
    to_on: date | None
    risk_cleared_on: date | None


class HouseholdPublic(BaseModel):
    """户."""

    id: int
    version: int
    number: str
    region: Place
    relocated: bool | None
    hardship: list[HardshipPublic]
    is_demo: bool


@router.get("", operation_id="list_households")
def list_households(
    session: SessionDep,
    _: Reader,
    paging: PagingDep,
    present: PresenterDep,
    region: Annotated[RegionCode | None, Query()] = None,
) -> Page[HouseholdPublic]:
    """The households of my regions."""
    query = select(Household)
    if region:
        query = query.where(col(Household.region).startswith(region))
    rows, cursor, total = page_of(
        session,
        query,
        paging,
        number=col(Household.id),
        sorts={"number": col(Household.number)},
        default="number",
    )
    return Page(items=_public(session, rows, present), next_cursor=cursor, total=total)


@router.post("", status_code=201, operation_id="create_household")
def create_household(
    body: HouseholdCreate,
    session: SessionDep,
    caller: Writer,
    once: OnceDep,
    present: PresenterDep,
    response: Response,
) -> HouseholdPublic:
    """Register a household with its hardship periods."""
    require_scope(caller, body.region)
    row = Household(number=body.number, region=body.region, relocated=body.relocated)
    session.add(row)
    session.flush()
    for period in body.hardship:
        session.add(HardshipPeriod(household_id=row.identity, **period.model_dump()))
    session.flush()
    response.headers.update(etag(row))
    return once.keep(_public(session, [row], present)[0])


@router.get("/{household_id}", operation_id="read_household")
def read_household(
    household_id: RowId, session: SessionDep, _: Reader, present: PresenterDep, response: Response
) -> HouseholdPublic:
    """One household."""
    row = session.get(Household, household_id)
    if row is None:
        raise not_found("这一户")
    response.headers.update(etag(row))
    return _public(session, [row], present)[0]


def _public(session: SessionDep, rows: list[Household], present: Presenter) -> list[HouseholdPublic]:
    periods: dict[int, list[HardshipPublic]] = {}
    found = session.exec(
        select(HardshipPeriod)
        .where(col(HardshipPeriod.household_id).in_([row.identity for row in rows]))
        .order_by(col(HardshipPeriod.from_on))
    )
    for period in found:
        periods.setdefault(period.household_id, []).append(
            HardshipPublic.model_validate(period, from_attributes=True)
        )
    return [
        HouseholdPublic(
            id=row.identity,
            version=row.version,
            number=row.number,
            region=present.known_place(row.region),
            relocated=row.relocated,
            hardship=periods.get(row.identity, []),
            is_demo=row.is_demo,
        )
        for row in rows
    ]
