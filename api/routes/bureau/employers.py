"""/v1/employers."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Query, Response
from sqlmodel import Session, col, select

from api.deps import Caller, CallerDep, RowId, SessionDep, allowed
from api.errors import PROBLEMS, Problem, invalid, not_found
from api.idempotency import OnceDep
from api.laying import bureau_router
from api.paging import Page, PagingDep, page_of
from api.presenting import PresenterDep, keeping_region
from api.requirements import require_scope
from api.rights import Action
from api.schemas.base import RegionCode, Sought
from api.schemas.post import EmployerCreate, EmployerPublic, EmployerUpdate
from api.versions import IfMatchDep, etag, hold
from models.employer import OF_THE_COUNTY, Employer

router = bureau_router("/employers", tag="employer", responses=PROBLEMS)
Writer = Annotated[Caller, Depends(allowed(Action.WRITE_POSTS))]


@router.get("", operation_id="list_employers")
def list_employers(
    session: SessionDep,
    _: CallerDep,
    paging: PagingDep,
    present: PresenterDep,
    q: Annotated[Sought | None, Query(description="单位名称")] = None,
    region: Annotated[RegionCode | None, Query()] = None,
) -> Page[EmployerPublic]:
    """用人单位."""
    query = select(Employer)
    if q:
        query = query.where(col(Employer.name).contains(q, autoescape=True))
    if region:
        query = query.where(col(Employer.region).startswith(region))
    rows, cursor, total = page_of(
        session, query, paging, number=col(Employer.id), sorts={"name": col(Employer.name)}
    )
    return Page(items=present.employers(rows), next_cursor=cursor, total=total)


@router.post("", status_code=201, operation_id="create_employer")
def create_employer(
    body: EmployerCreate,
    session: SessionDep,
    caller: Writer,
    once: OnceDep,
    present: PresenterDep,
    response: Response,
) -> EmployerPublic:
    """Register a 用人单位."""
    kept_by = keeping_region(caller, body.kept_by)
    require_scope(session, caller, kept_by, "kept_by")
    row = Employer(**body.model_dump(exclude={"kept_by", "opened_on"}), kept_by=kept_by)
    row.opened_on = body.opened_on or present.today
    _require_own(row, present.today)
    session.add(row)
    session.flush()
    response.headers.update(etag(row))
    return once.keep(present.employer(row))


@router.get("/{employer_id}", operation_id="read_employer")
def read_employer(
    employer_id: RowId, session: SessionDep, _: CallerDep, present: PresenterDep, response: Response
) -> EmployerPublic:
    """One 用人单位."""
    row = _or_404(session, employer_id)
    response.headers.update(etag(row))
    return present.employer(row)


@router.patch("/{employer_id}", operation_id="update_employer")
def update_employer(
    employer_id: RowId,
    body: EmployerUpdate,
    session: SessionDep,
    caller: Writer,
    version: IfMatchDep,
    present: PresenterDep,
    response: Response,
) -> EmployerPublic:
    """Change what is told of a 用人单位 (JSON merge patch)."""
    row = _or_404(session, employer_id)
    if not caller.governs(row.kept_by):
        raise Problem(
            403, "kept-elsewhere", "单位由其他地区维护", "这个用人单位由登记它的地区维护，请联系对方修改。"
        )
    hold(session, row, version)
    told = body.model_dump(exclude_unset=True)
    for name in ("name", "kind", "region"):
        if name in told and told[name] is None:
            raise invalid(name, "missing", "不能为空")
    for field, value in told.items():
        setattr(row, field, value)
    _require_own(row, present.today)
    session.add(row)
    session.flush()
    session.refresh(row)
    response.headers.update(etag(row))
    return present.employer(row)


def _or_404(session: Session, employer_id: int) -> Employer:
    row = session.get(Employer, employer_id)
    if row is None:
        raise not_found("这个用人单位")
    return row


def _require_own(row: Employer, today: date) -> None:
    if row.opened_on is not None and row.opened_on > today:
        raise invalid("opened_on", "in_the_future", "开办日期不能晚于今天")
    if row.kind in OF_THE_COUNTY and not row.region.startswith(row.kept_by):
        raise invalid(
            "region",
            "not_the_keepers",
            f"{row.kind.label}由所在地登记，请填写本辖区的行政区划，或改选其他单位类型",
        )
