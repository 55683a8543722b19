"""Lists for employers: each is made of what the occasion needs, of those who agree, and each person in it is a row. To
make one is to tell an employer: a command, which nothing that only reads gives."""

from typing import Annotated, Any

from fastapi import Depends, Response

from api.benefits import BenefitsDep
from api.deps import Caller, KeyringDep, RowId, SessionDep, TodayDep, allowed
from api.employer_rosters import claim_roster, dispatch_roster
from api.errors import PROBLEMS, not_found
from api.idempotency import FileOnceDep
from api.laying import bureau_router
from api.presenting import PresenterDep
from api.public_posts_file import XLSX
from api.rights import Action
from api.routes.bureau.claims import claim_or_404
from api.routes.bureau.dispatches import dispatch_or_404
from models.employer import Employer

router = bureau_router(tag="consent", responses=PROBLEMS)
Sender = Annotated[Caller, Depends(allowed(Action.REVEAL, Action.PLACE))]
Claimer = Annotated[Caller, Depends(allowed(Action.REVEAL, Action.CLAIM))]
_FILE: dict[int | str, dict[str, Any]] = {
    200: {"description": "the list as a workbook", "content": {XLSX: {}}}
}


@router.post(
    "/dispatches/{dispatch_id}/rosters/{employer_id}",
    operation_id="create_dispatch_roster",
    response_class=Response,
    responses=_FILE,
)
def create_dispatch_roster(
    dispatch_id: RowId,
    employer_id: RowId,
    session: SessionDep,
    caller: Sender,
    keyring: KeyringDep,
    present: PresenterDep,
    today: TodayDep,
    once: FileOnceDep,
) -> Response:
    """Who of a batch goes to this employer: name, sex, age, county, post and telephone. Each is noted as told; asked again
    under the same key, the list is made anew of those who were, and nobody is noted twice."""
    batch = dispatch_or_404(session, dispatch_id)
    employer = session.get(Employer, employer_id)
    if employer is None:
        raise not_found("这家用人单位")
    return dispatch_roster(session, keyring, caller, present, batch, employer, today, once)


@router.post(
    "/claims/{claim_id}/roster", operation_id="create_claim_roster", response_class=Response, responses=_FILE
)
def create_claim_roster(
    claim_id: RowId,
    session: SessionDep,
    caller: Claimer,
    benefits: BenefitsDep,
    present: PresenterDep,
    today: TodayDep,
    once: FileOnceDep,
) -> Response:
    """Of whom an employer's claim is made up, with the category of hardship, as far as they agreed to just that."""
    claim = claim_or_404(session, claim_id)
    employer = session.get(Employer, claim.employer_id) if claim.employer_id else None
    if employer is None:
        raise not_found("单位申领的这份名单")
    return claim_roster(session, caller, present, claim, employer, benefits, today, once)
