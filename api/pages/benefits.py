"""政策待遇: who is entitled and has not claimed, the batches of claims, and the employers."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import HTMLResponse
from sqlmodel import col, select

from api.benefits import benefit_or_404, benefit_public, benefits_of, in_region
from api.deps import RowId
from api.errors import Problem, invalid
from api.pages.desk import Desk, desk_for, to
from api.pages.gathering import Fields
from api.pages.naming import regions_below
from api.pages.routing import PageRoute
from api.pages.typed import fen_of, first, read_form
from api.paging import Paging
from api.rights import Action
from api.routes.bureau import benefits as doors
from api.routes.bureau import claim_audits, claims
from api.schemas.benefit import (
    AuditCreate,
    AuditVerdict,
    AuditWords,
    ClaimsCreate,
    ClaimsRefusal,
    ClaimsStep,
    ClaimUpdate,
)
from models.benefit import UNDER_WAY, AuditConclusion, AuditState, BenefitClaim, ClaimState
from outcomes.benefits.benefit import Party
from outcomes.benefits.claiming import NEXT

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Reader = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER))]
Clerk = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER, Action.CLAIM))]
Approver = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER, Action.APPROVE_CLAIMS))]
Cursor = Annotated[str | None, Query(max_length=500)]
RegionChosen = Annotated[str | None, Query(max_length=12, pattern="^[0-9]+$")]
YearChosen = Annotated[int | None, Query(ge=1990, le=2100)]
_SHOWN = 200
_MOST = 500
_STEPS = {"notice": ClaimState.PUBLIC_NOTICE, "approve": ClaimState.APPROVED, "pay": ClaimState.PAID}
_RIGHTS = {"notice": Action.CLAIM, "approve": Action.APPROVE_CLAIMS, "pay": Action.APPROVE_CLAIMS}


@router.get("/benefits")
def show_benefits(desk: Reader, cursor: Cursor = None) -> HTMLResponse:
    """What needs somebody now: the entitled who have not claimed, by benefit; then the batches under way."""
    known = benefits_of(desk.settings)
    mine = [
        benefit for benefit in known.values() if any(in_region(benefit, own) for own in desk.caller.regions)
    ]
    waiting = doors.list_unclaimed(desk.session, desk.caller, known, desk.today).items
    return desk.show(
        "benefits.html",
        waiting=waiting,
        batches=claims.list_claim_batches(
            desk.session, desk.caller, known, desk.present, Paging(30, cursor, None)
        ),
        first_page=cursor is None,
        benefits=[benefit_public(benefit, desk.present) for benefit in mine],
        others=[benefit_public(benefit, desk.present) for benefit in known.values() if benefit not in mine],
        year=desk.today.year,
    )


@router.get("/benefits/batches/{batch_id}")
def show_batch(desk: Reader, batch_id: RowId, cursor: Cursor = None) -> HTMLResponse:
    """One batch: where its claims stand, and the next step."""
    return _batch_page(desk, batch_id, cursor=cursor)


@router.get("/benefits/batches/{batch_id}/payment-file")
def fetch_payment_file(
    desk: Reader, batch_id: RowId, reason: Annotated[str, Query(max_length=200)] = ""
) -> Response:
    """The workbook; with a reason, in full."""
    desk = _must(desk, Action.EXPORT)
    return claims.read_payment_file(
        batch_id, desk.session, desk.caller, desk.keyring, benefits_of(desk.settings), desk.present, desk.today,
        masked=not reason, reason=reason,
    )  # fmt: skip


@router.post("/benefits/batches/{batch_id}/audit")
def draw(desk: Reader, batch_id: RowId) -> Response:
    """Draw an audit from the batch."""

    def command() -> None:
        there = _must(desk, Action.AUDIT_CLAIMS)
        body = AuditCreate(batch_id=batch_id, approver_id=None, seed=None)
        claim_audits.draw_claim_audit(
            body, desk.session, there.caller, benefits_of(desk.settings), desk.present, desk.today, desk.once
        )

    return _after(desk, batch_id, command, "audit-drawn")


@router.post("/benefits/batches/{batch_id}/audits/{audit_id}/{step}")
def answer_audit(desk: Reader, batch_id: RowId, audit_id: RowId, step: str, fields: Fields) -> Response:
    """抽查意见, 答复 or 结论."""

    def command() -> None:
        there = _must(desk, Action.CLAIM if step == "reply" else Action.AUDIT_CLAIMS)
        given = (desk.session, there.caller, benefits_of(desk.settings), desk.present, desk.today, Response())
        if step == "conclude":
            verdict = read_form(AuditVerdict, {"conclusion": first(fields, "conclusion")})
            claim_audits.conclude_claim_audit(audit_id, verdict, *given)
            return
        words = read_form(AuditWords, {"words": first(fields, "words")})
        door = claim_audits.reply_claim_audit if step == "reply" else claim_audits.find_claim_audit
        door(audit_id, words, *given)

    return _after(desk, batch_id, command, "kept")


@router.post("/benefits/batches/{batch_id}/amounts")
def say_amount(desk: Clerk, batch_id: RowId, fields: Fields) -> Response:
    """Say the amount of those ticked, where the benefit does not."""

    def command() -> None:
        fen = fen_of("amount", first(fields, "amount"))
        body = read_form(ClaimUpdate, {"amount": fen})
        for number in _ticked(desk, batch_id, fields, (ClaimState.VILLAGE_CHECK, ClaimState.PUBLIC_NOTICE)):
            row = claims.claim_or_404(desk.session, number)
            claims.update_claim(
                number, body, desk.session, desk.caller, benefits_of(desk.settings), desk.present, row.version,
                Response(),
            )  # fmt: skip

    return _after(desk, batch_id, command, "kept")


@router.post("/benefits/batches/{batch_id}/{step}")
def move(desk: Reader, batch_id: RowId, step: str, fields: Fields) -> Response:
    """Take a step with those ticked; with nobody ticked, with all that stand before it."""

    def command() -> None:
        if step == "refuse":
            there = _must(desk, Action.APPROVE_CLAIMS)
            told = {"claim_ids": fields.get("claim", []), "reason": first(fields, "reason")}
            if not told["claim_ids"]:
                raise invalid("claim_ids", "missing", "请先选择不予发放的申领")
            claims.refuse_claims(read_form(ClaimsRefusal, told), desk.session, there.caller, desk.today)
            return
        if step not in _STEPS:
            raise invalid("step", "unknown", "没有这一步")
        there = _must(desk, _RIGHTS[step])
        body = ClaimsStep(claim_ids=_ticked(desk, batch_id, fields, (NEXT[_STEPS[step]],)), on=None)
        given, benefits = (desk.session, there.caller), benefits_of(desk.settings)
        if step == "notice":
            claims.notice_claims(body, *given, desk.today)
        elif step == "approve":
            claims.approve_claims(body, *given, benefits, desk.today)
        else:
            claims.pay_claims(body, *given, benefits, desk.today)

    return _after(desk, batch_id, command, f"claims-{step}" if step in _STEPS else "kept")


@router.get("/benefits/{code}")
def show_benefit(
    desk: Reader, code: str, cursor: Cursor = None, region: RegionChosen = None, year: YearChosen = None
) -> HTMLResponse:
    """One benefit: its conditions, and who is entitled and has not claimed."""
    return _benefit_page(desk, code, cursor=cursor, region=region, year=year)


@router.post("/benefits/{code}")
def claim_for_people(desk: Clerk, code: str, fields: Fields) -> Response:
    """Open claims for those ticked."""
    made: list[int] = []

    def command() -> None:
        told = {
            "region": first(fields, "region") or None,
            "benefit": code,
            "year": first(fields, "year"),
            "worker_ids": fields.get("worker", []),
            "amount": fen_of("amount", first(fields, "amount")),
        }
        made.append(opened(desk, read_form(ClaimsCreate, told)))

    problem = desk.attempt(command)
    if problem is not None:
        return _benefit_page(desk, code, problem=problem)
    return to(f"/benefits/batches/{made[0]}?done=claimed")


def opened(desk: Desk, body: ClaimsCreate) -> int:
    """Open the batch; its number."""
    known = benefits_of(desk.settings)
    return claims.create_claims(
        body, desk.session, desk.caller, known, desk.present, desk.today, desk.once
    ).id


def _after(desk: Desk, batch_id: int, command: Callable[[], None], done: str) -> Response:
    problem = desk.attempt(command)
    if problem is not None:
        return _batch_page(desk, batch_id, problem=problem)
    return to(f"/benefits/batches/{batch_id}?done={done}")


def _ticked(
    desk: Desk, batch_id: int, fields: dict[str, list[str]], states: tuple[ClaimState, ...]
) -> list[int]:
    if told := fields.get("claim"):
        return read_form(ClaimsStep, {"claim_ids": told}).claim_ids  # type: ignore[no-any-return]
    found = desk.session.exec(
        select(BenefitClaim.id)
        .where(BenefitClaim.batch_id == batch_id, col(BenefitClaim.state).in_(states))
        .order_by(col(BenefitClaim.id))
        .limit(_MOST)
    )
    numbers = [number for number in found if number is not None]
    if not numbers:
        raise invalid("claim_ids", "missing", "没有停在这一步的申领，请看每条的状态")
    return numbers


def _must(desk: Desk, action: Action) -> Desk:
    return desk_for(action)(desk)


def _benefit_page(desk: Desk, code: str, *, problem: Problem | None = None, **asked: Any) -> HTMLResponse:
    known = benefits_of(desk.settings)
    benefit = benefit_or_404(known, code)
    year = asked.get("year") or desk.today.year
    region = asked.get("region") or None
    cursor = asked.get("cursor")
    found = doors.list_entitled(
        code, desk.session, desk.caller, known, desk.present, desk.today, Paging(_SHOWN, cursor, None), region, year
    )  # fmt: skip
    return desk.show(
        "benefit.html",
        problem=problem,
        benefit=benefit_public(benefit, desk.present),
        found=found,
        first_page=cursor is None,
        for_workers=benefit.party is Party.WORKER,
        region=region or "",
        year=year,
        years=_years(desk, benefit.years),
        regions=regions_below(desk.session, desk.caller.regions, desk.present),
    )


def _years(desk: Desk, years: tuple[int, int | None]) -> list[int]:
    first, last = years
    return list(range(max(first, desk.today.year - 5), min(last or desk.today.year, desk.today.year) + 1))


def _batch_page(
    desk: Desk, batch_id: int, *, cursor: str | None = None, problem: Problem | None = None
) -> HTMLResponse:
    known = benefits_of(desk.settings)
    batch = claims.read_claim_batch(batch_id, desk.session, desk.caller, known, desk.present)
    audits = claim_audits.list_claim_audits(
        desk.session, desk.caller, known, desk.present, Paging(_SHOWN, None, None), batch_id
    )
    benefit = known.get(batch.benefit.code)
    return desk.show(
        "claim_batch.html",
        problem=problem,
        batch=batch,
        benefit=benefit_public(benefit, desk.present) if benefit else None,
        claims=claims.list_claims(
            desk.session, desk.caller, known, desk.present, Paging(_SHOWN, cursor, "id"), desk.today, batch_id
        ),
        first_page=cursor is None,
        states=list(ClaimState),
        under_way=UNDER_WAY,
        audits=sorted(audits.items, key=lambda audit: audit.id),
        audit_states=AuditState,
        conclusions=list(AuditConclusion),
    )
