"""/v1/workers/{worker_id}/numbers: ID number and telephone in full, for a stated purpose."""

from typing import Annotated

from fastapi import Depends

from api.deps import Caller, KeyringDep, RowId, SessionDep, TodayDep, allowed
from api.errors import PROBLEMS
from api.laying import bureau_router
from api.revealing import numbers_for
from api.rights import Action
from api.routes.bureau.workers import worker_or_404
from api.schemas.worker import NumbersPublic, NumbersWanted

router = bureau_router("/workers", tag="worker", responses=PROBLEMS)


@router.post("/{worker_id}/numbers", operation_id="reveal_worker_numbers")
def reveal_worker_numbers(
    worker_id: RowId,
    body: NumbersWanted,
    session: SessionDep,
    _: Annotated[Caller, Depends(allowed(Action.READ_LEDGER, Action.REVEAL))],
    keyring: KeyringDep,
    today: TodayDep,
) -> NumbersPublic:
    """The numbers of one person in full; each look is recorded with its purpose."""
    worker = worker_or_404(session, worker_id)
    number, phone = numbers_for(session, keyring, worker, body.reason, today)
    return NumbersPublic(worker_id=worker.identity, name=worker.name, id_number=number, phone=phone)
