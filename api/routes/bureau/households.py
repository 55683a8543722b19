"""/v1/households."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field
from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session, col, select

from api.deps import Caller, RowId, SessionDep, TodayDep, allowed
from api.errors import PROBLEMS, invalid, not_found
from api.idempotency import OnceDep
from api.paging import Page, PagingDep, page_of
from api.presenting import Presenter, PresenterDep
from api.rights import Action
from api.routes.bureau.workers import require_scope
from api.schemas.base import Day, Place, RegionCode, Title, Told, example
from api.versions import IfMatchDep, etag, hold
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


class HouseholdUpdate(Told):
    """A JSON merge patch of a household; the periods of hardship are told as a whole."""

    number: Title | None = None
    region: RegionCode | None = None
    relocated: bool | None = None
    hardship: list[HardshipTold] | None = Field(None, max_length=20)

    model_config = example(
        {"hardship": [{"category": "marginal", "from_on": "2020-06-01", "to_on": "2021-06-30"}]}
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
    today: TodayDep,
    once: OnceDep,
    present: PresenterDep,
    response: Response,
) -> HouseholdPublic:
    """Register a household with its hardship periods."""
    require_scope(session, caller, body.region)
    _require_past(body.hardship, today)
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
    row = _or_404(session, household_id)
    response.headers.update(etag(row))
    return _public(session, [row], present)[0]


@router.patch("/{household_id}", operation_id="update_household")
def update_household(
    household_id: RowId,
    body: HouseholdUpdate,
    session: SessionDep,
    caller: Writer,
    today: TodayDep,
    version: IfMatchDep,
    present: PresenterDep,
    response: Response,
) -> HouseholdPublic:
    """Change what is told of a household (JSON merge patch); `hardship` replaces all its periods."""
    row = _or_404(session, household_id)
    hold(session, row, version)
    told = body.model_dump(exclude_unset=True, exclude={"hardship"})
    for name in ("number", "region"):
        if name in told and told[name] is None:
            raise invalid(name, "missing", "不能为空")
    if "region" in told:
        require_scope(session, caller, told["region"])
    for field, value in told.items():
        setattr(row, field, value)
    if "hardship" in body.model_fields_set:
        _require_past(body.hardship or [], today)
        _change_hardship(session, row.identity, body.hardship or [])
        # The periods are rows of their own; the household's version must rise all the same.
        flag_modified(row, "number")
    session.add(row)
    session.flush()
    session.refresh(row)
    response.headers.update(etag(row))
    return _public(session, [row], present)[0]


def _change_hardship(session: Session, household_id: int, told: list[HardshipTold]) -> None:
    """Periods are known by category and first day: those not told any more are taken off."""
    wanted = {(period.category, period.from_on): period for period in told}
    for row in session.exec(select(HardshipPeriod).where(HardshipPeriod.household_id == household_id)).all():
        period = wanted.pop((row.category, row.from_on), None)
        if period is None:
            session.delete(row)
        else:
            row.to_on, row.risk_cleared_on = period.to_on, period.risk_cleared_on
            session.add(row)
    session.add_all(
        HardshipPeriod(household_id=household_id, **period.model_dump()) for period in wanted.values()
    )
    session.flush()


def _require_past(told: list[HardshipTold], today: date) -> None:
    for number, period in enumerate(told):
        for field, day, words in (
            ("from_on", period.from_on, "帮扶类别的开始日期"),
            ("risk_cleared_on", period.risk_cleared_on, "风险消除日期"),
        ):
            if day is not None and day > today:
                raise invalid(f"hardship.{number}.{field}", "in_the_future", f"{words}不能晚于今天")


def _or_404(session: Session, household_id: int) -> Household:
    row = session.get(Household, household_id)
    if row is None:
        raise not_found("这一户")
    return row


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
