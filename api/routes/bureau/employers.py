"""/v1/employers."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from sqlmodel import col, select

from api.deps import Caller, CallerDep, RowId, SessionDep, allowed
from api.errors import PROBLEMS, not_found
from api.idempotency import OnceDep
from api.paging import Page, PagingDep, page_of
from api.presenting import PresenterDep, keeping_region
from api.rights import Action
from api.schemas.base import RegionCode, Sought
from api.schemas.post import EmployerCreate, EmployerPublic
from api.versions import etag
from models.employer import Employer

router = APIRouter(prefix="/employers", tags=["employer"], responses=PROBLEMS)
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
    return Page(items=[present.employer(row) for row in rows], next_cursor=cursor, total=total)


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
    row = Employer(**body.model_dump(exclude={"kept_by"}), kept_by=keeping_region(caller, body.kept_by))
    session.add(row)
    session.flush()
    response.headers.update(etag(row))
    return once.keep(present.employer(row))


@router.get("/{employer_id}", operation_id="read_employer")
def read_employer(
    employer_id: RowId, session: SessionDep, _: CallerDep, present: PresenterDep, response: Response
) -> EmployerPublic:
    """One 用人单位."""
    row = session.get(Employer, employer_id)
    if row is None:
        raise not_found("这个用人单位")
    response.headers.update(etag(row))
    return present.employer(row)
