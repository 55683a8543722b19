"""/v1/workers/{id}/timeline: one person's work on one line of time."""

from typing import Annotated

from fastapi import Depends

from api.benefits import BenefitsDep
from api.deps import Caller, KeyringDep, RowId, SessionDep, TodayDep, allowed
from api.errors import PROBLEMS
from api.laying import bureau_router
from api.presenting import PresenterDep
from api.rights import Action
from api.routes.bureau.workers import worker_or_404
from api.schemas.timeline import TimelinePublic
from api.timelines import timeline_of

router = bureau_router(tag="worker", responses=PROBLEMS)
Reader = Annotated[Caller, Depends(allowed(Action.READ_LEDGER))]


@router.get("/workers/{worker_id}/timeline", operation_id="read_worker_timeline")
def read_worker_timeline(
    worker_id: RowId,
    session: SessionDep,
    _: Reader,
    keyring: KeyringDep,
    present: PresenterDep,
    benefits: BenefitsDep,
    today: TodayDep,
) -> TimelinePublic:
    """Spells with what proves them and who looked, calls, claims, and the day on which the bureau's rule is fulfilled."""
    worker = worker_or_404(session, worker_id)
    return timeline_of(session, keyring, present, benefits, worker, today)
