"""/v1/payslips: pictures of payslips that people sent by WeChat, looked at by a human before they prove anything more."""

from typing import Annotated

from fastapi import Depends

from api.deps import Caller, KeyringDep, RowId, SessionDep, TodayDep, allowed
from api.errors import PROBLEMS, not_found
from api.evidence_shown import evidence_public
from api.idempotency import OnceDep
from api.laying import bureau_router
from api.miniprogram.payslips import decide_payslip, payslips_asked, waiting_payslips
from api.paging import Page, PagingDep, after_cursor, cursor_of
from api.rights import Action
from api.routes.bureau.spells import of_my_people
from api.schemas.own_word import PayslipAsked, PayslipDecision
from api.schemas.placement import EvidencePublic
from models.spell import Evidence

router = bureau_router("/payslips", tag="spell", responses=PROBLEMS)
Writer = Annotated[Caller, Depends(allowed(Action.WRITE_LEDGER))]


@router.get("", operation_id="list_payslips")
def list_payslips(session: SessionDep, _: Writer, paging: PagingDep) -> Page[PayslipAsked]:
    """Those that wait, the oldest first."""
    rows = [row for row in waiting_payslips(session) if row.identity > after_cursor(paging.cursor)]
    shown = rows[: paging.limit]
    more = cursor_of(shown[-1].identity) if len(rows) > len(shown) else None
    return Page(items=payslips_asked(session, shown), next_cursor=more, total=len(rows))


@router.post("/{evidence_id}/decide", operation_id="decide_payslip")
def decide(
    evidence_id: RowId,
    body: PayslipDecision,
    session: SessionDep,
    caller: Writer,
    keyring: KeyringDep,
    today: TodayDep,
    once: OnceDep,
) -> EvidencePublic:
    """What the picture is: proof of grade B or A for its days, or none."""
    row = session.get(Evidence, evidence_id)
    if row is None:
        raise not_found("这张工资条")
    spell = of_my_people(session, caller, row.spell_id)
    kept = decide_payslip(
        session, keyring, spell, evidence_id, body, today=today, account_id=caller.account_id
    )
    return once.keep(evidence_public(session, keyring, [kept])[0], status=200, worker_id=spell.worker_id)
