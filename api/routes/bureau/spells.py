"""/v1/spells: the accepted stretches of work."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from sqlmodel import Session, col, select

from api.deps import Caller, RowId, SessionDep, TodayDep, allowed
from api.errors import PROBLEMS, conflict, invalid, not_found
from api.idempotency import OnceDep
from api.paging import Page, PagingDep, page_of
from api.presenting import PresenterDep
from api.rights import Action
from api.schemas.base import RowNumber
from api.schemas.placement import SpellEnd, SpellPublic
from api.versions import etag
from models.spell import EmploymentSpell

router = APIRouter(prefix="/spells", tags=["spell"], responses=PROBLEMS)
Reader = Annotated[Caller, Depends(allowed(Action.READ_LEDGER))]
Placer = Annotated[Caller, Depends(allowed(Action.PLACE))]


@router.get("", operation_id="list_spells")
def list_spells(
    session: SessionDep,
    _: Reader,
    paging: PagingDep,
    present: PresenterDep,
    worker_id: Annotated[RowNumber | None, Query()] = None,
) -> Page[SpellPublic]:
    """Spells in force, newest first."""
    query = select(EmploymentSpell).where(col(EmploymentSpell.superseded_at).is_(None))
    if worker_id:
        query = query.where(EmploymentSpell.worker_id == worker_id)
    rows, cursor, total = page_of(
        session,
        query,
        paging,
        number=col(EmploymentSpell.id),
        sorts={"started_on": col(EmploymentSpell.started_on)},
        default="-started_on",
    )
    return Page(items=present.spells(rows), next_cursor=cursor, total=total)


@router.get("/{spell_id}", operation_id="read_spell")
def read_spell(
    spell_id: RowId, session: SessionDep, _: Reader, present: PresenterDep, response: Response
) -> SpellPublic:
    """One spell."""
    row = _or_404(session, spell_id)
    response.headers.update(etag(row))
    return present.spells([row])[0]


@router.post("/{spell_id}/end", operation_id="end_spell")
def end_spell(
    spell_id: RowId,
    body: SpellEnd,
    session: SessionDep,
    _: Placer,
    today: TodayDep,
    once: OnceDep,
    present: PresenterDep,
) -> SpellPublic:
    """The person left: the last day worked, and why."""
    row = _or_404(session, spell_id)
    session.refresh(row, with_for_update=True)
    if row.ended_on is not None:
        raise conflict("already-ended", "这条务工记录已经结束", "需要更正日期时，请先核对原记录。")
    if body.ended_on > today:
        raise invalid("ended_on", "in_the_future", "结束日期不能晚于今天")
    row.ended_on = body.ended_on
    row.leave_reason = body.leave_reason.value if body.leave_reason else None
    session.add(row)
    session.flush()
    session.refresh(row)
    return once.keep(present.spells([row])[0], status=200, worker_id=row.worker_id)


def _or_404(session: Session, spell_id: int) -> EmploymentSpell:
    row = session.get(EmploymentSpell, spell_id)
    if row is None or row.superseded_at is not None:
        raise not_found("这条务工记录")
    return row
