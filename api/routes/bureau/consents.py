"""/v1/workers/{worker_id}/consents, …/disclosures: what somebody agreed to, and which employers were told of them."""

from typing import Annotated

from fastapi import Depends, Query, Response

from api.consenting import consents_public, disclosures_public, one_public, require_guardian, take_consent
from api.deps import Caller, KeyringDep, RowId, SessionDep, TodayDep, allowed
from api.errors import PROBLEMS
from api.idempotency import OnceDep
from api.laying import bureau_router
from api.personal_file.making import personal_file
from api.presenting import PresenterDep
from api.rights import Action
from api.routes.bureau.workers import worker_or_404
from api.schemas.consent import (
    ConsentCreate,
    ConsentPublic,
    ConsentsPublic,
    ConsentWithdrawal,
    CopyReason,
    DisclosurePublic,
)

router = bureau_router("/workers/{worker_id}", tag="consent", responses=PROBLEMS)
Reader = Annotated[Caller, Depends(allowed(Action.READ_LEDGER))]
Writer = Annotated[Caller, Depends(allowed(Action.WRITE_LEDGER))]


@router.get("/consents", operation_id="list_consents")
def list_consents(worker_id: RowId, session: SessionDep, _: Reader, today: TodayDep) -> ConsentsPublic:
    """How it stands with every purpose today, and all that was said, the last first."""
    return consents_public(session, worker_or_404(session, worker_id), today)


@router.post("/consents", status_code=201, operation_id="create_consent")
def create_consent(
    worker_id: RowId, body: ConsentCreate, session: SessionDep, caller: Writer, today: TodayDep, once: OnceDep
) -> ConsentPublic:
    """Somebody agreed. Who agrees to the service again is used again from this moment."""
    worker = worker_or_404(session, worker_id)
    row = take_consent(session, worker, body, today=today, account_id=caller.account_id)
    return once.keep(one_public(session, row), worker_id=worker_id)


@router.post("/consents/withdraw", status_code=201, operation_id="withdraw_consent")
def withdraw_consent(
    worker_id: RowId,
    body: ConsentWithdrawal,
    session: SessionDep,
    caller: Writer,
    today: TodayDep,
    once: OnceDep,
) -> ConsentPublic:
    """Somebody does not agree, or no more: what was done on that ground stops with this command."""
    worker = worker_or_404(session, worker_id)
    row = take_consent(session, worker, body, today=today, account_id=caller.account_id)
    return once.keep(one_public(session, row), worker_id=worker_id)


@router.get("/disclosures", operation_id="list_disclosures")
def list_disclosures(worker_id: RowId, session: SessionDep, _: Reader) -> list[DisclosurePublic]:
    """Which employers were told what of this person, why and on what ground; the last first."""
    worker_or_404(session, worker_id)
    return disclosures_public(session, worker_id)


@router.get(
    "/copy",
    operation_id="read_personal_file",
    response_class=Response,
    responses={200: {"description": "the archive", "content": {"application/zip": {}}}},
)
def read_personal_file(
    worker_id: RowId,
    session: SessionDep,
    _: Annotated[Caller, Depends(allowed(Action.GIVE_COPY))],
    keyring: KeyringDep,
    present: PresenterDep,
    today: TodayDep,
    reason: Annotated[CopyReason, Query(description="谁要的")],
) -> Response:
    """All that is held of a person, to read and as JSON; who made it, and for whom, is recorded."""
    worker = worker_or_404(session, worker_id)
    if reason is not CopyReason.GUARDIAN:
        # The guardian who asks for it agrees by asking.
        require_guardian(session, worker, today)
    return personal_file(session, keyring, present, worker, reason, today)
