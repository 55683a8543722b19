"""/v1/claims/to-recover: paid claims whose ground fell away since, and what came of them."""

from typing import Annotated

from fastapi import Depends, Query

from api.benefits import BenefitsDep, claiming, claims_public, region_listed
from api.deps import Caller, SessionDep, TodayDep, allowed
from api.errors import PROBLEMS
from api.laying import bureau_router
from api.paging import PagingDep, after_cursor, cursor_of
from api.presenting import PresenterDep
from api.rights import Action
from api.schemas.base import RegionCode
from api.schemas.benefit import GroundlessPage, GroundlessPublic, MovedPublic, RecoveryTold
from outcomes.benefits.recovering import groundless, settle

router = bureau_router(tag="claim", responses=PROBLEMS)


@router.get("/claims/to-recover", operation_id="list_claims_to_recover")
def list_claims_to_recover(
    session: SessionDep,
    caller: Annotated[Caller, Depends(allowed(Action.READ_LEDGER))],
    benefits: BenefitsDep,
    present: PresenterDep,
    paging: PagingDep,
    region: Annotated[RegionCode | None, Query(description="任何一级，默认为我的全部地区")] = None,
) -> GroundlessPage:
    """应追回: paid claims that would not be granted any more, or not so much, as the record says now; the oldest first."""
    after = after_cursor(paging.cursor)
    every = groundless(session, benefits, region=region_listed(caller, region))
    rest = [each for each in every if each.claim.identity > after]
    shown = rest[: paging.limit]
    claims = claims_public(session, present, benefits, [each.claim for each in shown])
    items = [
        GroundlessPublic(claim=claim, fen=each.fen, reason=each.reason)
        for claim, each in zip(claims, shown, strict=True)
    ]
    return GroundlessPage(
        items=items,
        next_cursor=cursor_of(shown[-1].claim.identity) if len(rest) > len(shown) else None,
        total=len(every),
        fen=sum(each.fen for each in every),
    )


@router.post("/claims/recover", operation_id="recover_claims")
def recover_claims(
    body: RecoveryTold,
    session: SessionDep,
    caller: Annotated[Caller, Depends(allowed(Action.APPROVE_CLAIMS))],
    benefits: BenefitsDep,
    today: TodayDep,
) -> MovedPublic:
    """Say of these that the money came back, or why it is not asked back."""
    found = groundless(session, benefits, claim_ids=body.claim_ids)
    moved = claiming(
        lambda: settle(
            session, body.claim_ids, benefits, body.recovery,
            account_id=caller.account_id, on=today, reason=body.reason,
        )
    )  # fmt: skip
    return MovedPublic(moved=moved, fen=sum(each.fen for each in found))
