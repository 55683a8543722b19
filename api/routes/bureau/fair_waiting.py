"""/v1/fairs/{fair_id}/waiting: what was said at a fair by somebody whom nobody knows yet, and who it was."""

from typing import Annotated

from fastapi import Depends

from api.deps import Caller, KeyringDep, RowId, SessionDep, allowed
from api.errors import PROBLEMS
from api.fairs.shown import waiting_public
from api.fairs.waiting import attribute_to, unknown
from api.laying import bureau_router
from api.presenting import PresenterDep
from api.rights import Action
from api.routes.bureau.fair_booths import fair_or_404
from api.schemas.fair_day import Attributed, AttributeTold, WaitingPublic

router = bureau_router("/fairs/{fair_id}/waiting", tag="fair", responses=PROBLEMS)
Placer = Annotated[Caller, Depends(allowed(Action.READ_LEDGER, Action.PLACE))]


@router.get("", operation_id="list_fair_waiting")
def list_fair_waiting(
    fair_id: RowId, session: SessionDep, _: Placer, keyring: KeyringDep, present: PresenterDep
) -> list[WaitingPublic]:
    """Visitor by visitor, what waits; numbers masked."""
    fair = fair_or_404(session, fair_id)
    return waiting_public(session, present, fair, unknown(session, keyring, fair_id))


@router.post("/{command_id}/attribute", operation_id="attribute_fair_commands")
def attribute_fair_commands(
    fair_id: RowId,
    command_id: RowId,
    body: AttributeTold,
    session: SessionDep,
    _: Placer,
    keyring: KeyringDep,
) -> Attributed:
    """Say who it was: everything that was said by the same number or code is that person's."""
    fair = fair_or_404(session, fair_id)
    return Attributed(commands=attribute_to(session, keyring, fair, command_id, body.worker_id))
