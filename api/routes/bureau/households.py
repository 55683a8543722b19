"""/v1/households."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Query, Response
from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session, col, select

from api.deps import AsOfDep, Caller, RowId, SessionDep, TodayDep, allowed
from api.errors import PROBLEMS, invalid, not_found
from api.families import household_detail, households_public
from api.idempotency import OnceDep
from api.laying import bureau_router
from api.list_tables import HOUSEHOLDS
from api.paging import Page, PagingDep, page_of
from api.presenting import PresenterDep
from api.requirements import require_scope, require_village
from api.rights import Action
from api.schemas.base import RegionCode, Sought, Title
from api.schemas.household import (
    HardshipTold,
    HouseholdContact,
    HouseholdCreate,
    HouseholdDetail,
    HouseholdPublic,
    HouseholdUpdate,
)
from api.tables import offered_as_table
from api.versions import IfMatchDep, etag, hold
from ledger.households import by_township_and_need, periods_moved, was_in, was_monitored
from ledger.households import without_employment as without_employed
from ledger.villages import is_village, of_household
from models.household import HardshipCategory, HardshipPeriod, Household

router = bureau_router("/households", tag="household", responses=PROBLEMS)
Reader = Annotated[Caller, Depends(allowed(Action.READ_LEDGER))]
Writer = Annotated[Caller, Depends(allowed(Action.WRITE_LEDGER))]


@offered_as_table(router, HOUSEHOLDS, operation_id="list_households")
def list_households(
    session: SessionDep,
    _: Reader,
    paging: PagingDep,
    present: PresenterDep,
    as_of: AsOfDep,
    number: Annotated[Sought | None, Query(description="户编号")] = None,
    region: Annotated[RegionCode | None, Query()] = None,
    village: Annotated[Title | None, Query(description="所选乡镇的台账里的村名，或“未填村”")] = None,
    category: Annotated[HardshipCategory | None, Query(description="当天属于这一帮扶类别")] = None,
    monitored: Annotated[bool | None, Query(description="当天是监测对象，风险未消除")] = None,
    relocated: Annotated[bool | None, Query(description="易地搬迁")] = None,
    without_employment: Annotated[bool | None, Query(description="有劳动力而当天无人就业")] = None,
    contacted: Annotated[bool | None, Query(description="问过就业情况")] = None,
) -> Page[HouseholdPublic]:
    """The households of my regions. Those without employment come by township, hardship first."""
    query = select(Household)
    if number:
        query = query.where(col(Household.number).startswith(number, autoescape=True))
    if region:
        query = query.where(col(Household.region).startswith(region))
    if village:
        require_village(session, region, village)
        query = query.where(is_village(of_household(), village))
    if category:
        query = query.where(was_in(category, as_of))
    if relocated is not None:
        query = query.where(col(Household.relocated).is_(relocated))
    for wanted, condition in (
        (monitored, was_monitored(as_of)),
        (without_employment, without_employed(as_of)),
        (contacted, col(Household.contacted_on).is_not(None)),
    ):
        if wanted is not None:
            query = query.where(condition if wanted else ~condition)
    rows, cursor, total = page_of(
        session,
        query,
        paging,
        number=col(Household.id),
        sorts={"number": col(Household.number), "attention": by_township_and_need(as_of)},
        default="attention" if without_employment else "number",
    )
    items = households_public(session, rows, present, as_of)
    return Page(items=items, next_cursor=cursor, total=total)


@router.post("", status_code=201, operation_id="create_household")
def create_household(
    body: HouseholdCreate,
    session: SessionDep,
    caller: Writer,
    today: TodayDep,
    once: OnceDep,
    present: PresenterDep,
    response: Response,
) -> HouseholdDetail:
    """Register a household with its hardship periods."""
    require_scope(session, caller, body.region)
    _require_past(body.hardship, today)
    row = Household(**body.model_dump(exclude={"hardship"}))
    session.add(row)
    session.flush()
    for period in body.hardship:
        session.add(HardshipPeriod(household_id=row.identity, **period.model_dump()))
    session.flush()
    response.headers.update(etag(row))
    return _kept(once, household_detail(session, row, present, today), 201)


@router.get("/{household_id}", operation_id="read_household")
def read_household(
    household_id: RowId,
    session: SessionDep,
    _: Reader,
    present: PresenterDep,
    as_of: AsOfDep,
    response: Response,
) -> HouseholdDetail:
    """One household and its members, as of a day."""
    row = household_or_404(session, household_id)
    response.headers.update(etag(row))
    return household_detail(session, row, present, as_of)


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
) -> HouseholdDetail:
    """Change what is told of a household (JSON merge patch); `hardship` replaces all its periods."""
    row = household_or_404(session, household_id)
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
        with periods_moved(session):
            _change_hardship(session, row.identity, body.hardship or [])
        # The periods are rows of their own; the household's version must rise all the same.
        flag_modified(row, "number")
    session.add(row)
    session.flush()
    session.refresh(row)
    response.headers.update(etag(row))
    return household_detail(session, row, present, today)


@router.post("/{household_id}/contact", operation_id="contact_household")
def contact_household(
    household_id: RowId,
    body: HouseholdContact,
    session: SessionDep,
    _: Writer,
    today: TodayDep,
    once: OnceDep,
    present: PresenterDep,
) -> HouseholdDetail:
    """The household was asked about work; the last time and its note are kept, earlier ones in the record of changes."""
    row = household_or_404(session, household_id)
    if body.on > today:
        raise invalid("on", "in_the_future", "联系日期不能晚于今天")
    row.contacted_on, row.contact_note = body.on, body.note.strip() or None
    session.add(row)
    session.flush()
    session.refresh(row)
    return _kept(once, household_detail(session, row, present, today), 200)


def _kept(once: OnceDep, answer: HouseholdDetail, status: int) -> HouseholdDetail:
    return once.keep(answer, status=status, told_of=[member.worker_id for member in answer.members])


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


def household_or_404(session: Session, household_id: int) -> Household:
    """The household, if the session may see it.

    Raises
    ------
    Problem
        404 otherwise.
    """
    row = session.get(Household, household_id)
    if row is None:
        raise not_found("这一户")
    return row
