"""/v1/erasures: who is kept longer than the law asks for, and deleting for good what a human approved."""

from typing import Annotated

from fastapi import Depends
from sqlmodel import col, select

from api.accounts import account_names
from api.audit import record
from api.deps import Caller, RowId, SessionDep, SettingsDep, TodayDep, allowed
from api.errors import PROBLEMS, conflict
from api.idempotency import OnceDep
from api.laying import bureau_router
from api.paging import Page, PagingDep, page_of
from api.presenting import PresenterDep
from api.rights import Action
from api.routes.bureau.workers import worker_or_404
from api.schemas.erasure import DueForErasure, ErasureApproved, ErasurePublic
from api.settings import SHANGHAI
from ledger.erasing import KeptByLaw, NotThere, due, erase
from models.erasure import Erasure
from models.worker import Worker

router = bureau_router(tag="consent", responses=PROBLEMS)
Approver = Annotated[Caller, Depends(allowed(Action.ERASE))]


@router.get("/erasures/due", operation_id="list_due_erasures")
def list_due_erasures(
    session: SessionDep,
    _: Approver,
    paging: PagingDep,
    settings: SettingsDep,
    present: PresenterDep,
    today: TodayDep,
) -> Page[DueForErasure]:
    """Of whom nothing has happened for as long as the settings say; those who are only stored too."""
    query = select(Worker).where(due(today, settings.retention_years))
    rows, cursor, total = page_of(session, query, paging, number=col(Worker.id), sorts={}, default="id")
    items = [
        DueForErasure(
            worker_id=row.identity,
            name=row.name,
            region=present.known_place(row.region).name,
            registered_on=row.created_at.astimezone(SHANGHAI).date(),
            is_demo=row.is_demo,
        )
        for row in rows
    ]
    return Page(items=items, next_cursor=cursor, total=total)


@router.get("/erasures", operation_id="list_erasures")
def list_erasures(session: SessionDep, _: Approver, paging: PagingDep) -> Page[ErasurePublic]:
    """What was deleted, why and by whom; nothing of who it was."""
    rows, cursor, total = page_of(
        session, select(Erasure), paging, number=col(Erasure.id), sorts={}, default="-id"
    )
    names = account_names(session, [row.approved_by for row in rows])
    items = [erasure_public(row, names) for row in rows]
    return Page(items=items, next_cursor=cursor, total=total)


@router.post("/workers/{worker_id}/erase", status_code=201, operation_id="erase_worker")
def erase_worker(
    worker_id: RowId,
    body: ErasureApproved,
    session: SessionDep,
    caller: Approver,
    settings: SettingsDep,
    today: TodayDep,
    once: OnceDep,
) -> ErasurePublic:
    """Approve it: the person's key is destroyed, and with it all that was ever sealed of them. It can't be undone."""
    worker = worker_or_404(session, worker_id)
    region = worker.region
    try:
        row = erase(
            session,
            worker,
            body.reason,
            today=today,
            years=settings.retention_years,
            account_id=caller.account_id,
        )
    except NotThere:
        raise conflict("restricted", "信息已删除", "这名劳动力的信息已经删除了。") from None
    except KeptByLaw:
        raise conflict(
            "kept-by-law",
            "保存期限未满，不能删除",
            f"有务工或补贴记录的，最后一次办理后满{settings.retention_years}年才能删除。本人现在不想再用的，请登记不同意“求职就业服务”，档案只保存、不使用。",
        ) from None
    record(session, "erase", "worker", worker_id, region=region, change={"reason": body.reason.label})
    return once.keep(erasure_public(row, account_names(session, [row.approved_by])))


def erasure_public(row: Erasure, names: dict[int, str]) -> ErasurePublic:
    """One deletion."""
    return ErasurePublic(
        id=row.identity,
        worker_id=row.worker_id,
        reason=row.reason,
        approved_on=row.approved_on,
        approved_by=names.get(row.approved_by),
    )
