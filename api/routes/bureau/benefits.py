"""/v1/benefits: subsidies as data, who is entitled to them, and who is and has not claimed."""

from typing import Annotated

from fastapi import Depends, Query
from sqlmodel import col, select

from api.benefits import (
    BenefitsDep,
    amount_public,
    benefit_or_404,
    benefit_public,
    claims_of_worker,
    claims_public,
    in_region,
    region_asked,
    region_listed,
    standing_public,
    standings_of,
    total_public,
)
from api.deps import AsOfDep, Caller, RowId, SessionDep, allowed
from api.errors import PROBLEMS
from api.key_employers import Who, employer_or_404, key_employers, key_workers, standings_of_firm
from api.laying import bureau_router
from api.paging import Page, PagingDep, after_cursor, cursor_of
from api.presenting import PresenterDep
from api.rights import Action
from api.routes.bureau.workers import worker_or_404
from api.schemas.base import Labelled, RegionCode
from api.schemas.benefit import (
    BenefitPublic,
    EntitledPage,
    EntitledPublic,
    FirmStandingPublic,
    KeyEmployersPage,
    KeyWorkerPublic,
    StandingPublic,
    UnclaimedPublic,
    Year,
)
from models.worker import Worker
from outcomes.benefits.benefit import Party
from outcomes.benefits.people import people_of
from outcomes.benefits.recovering import groundless
from outcomes.benefits.unclaimed import total_of, unclaimed

router = bureau_router(tag="benefit", responses=PROBLEMS)
Reader = Annotated[Caller, Depends(allowed(Action.READ_LEDGER))]
YearAsked = Annotated[Year | None, Query(description="补贴年度；不填为截止日期所在的年")]
RegionAsked = Annotated[RegionCode | None, Query(description="任何一级，默认为我的全部地区")]


@router.get("/benefits", operation_id="list_benefits")
def list_benefits(
    _: Reader, benefits: BenefitsDep, present: PresenterDep, region: RegionAsked = None
) -> Page[BenefitPublic]:
    """All benefits that are known; with `region` those that its people may have."""
    items = [
        benefit_public(benefit, present)
        for benefit in benefits.values()
        if region is None or in_region(benefit, region)
    ]
    return Page(items=items, next_cursor=None, total=len(items))


@router.get("/benefits/unclaimed", operation_id="list_unclaimed")
def list_unclaimed(
    session: SessionDep,
    caller: Reader,
    benefits: BenefitsDep,
    as_of: AsOfDep,
    region: RegionAsked = None,
    year: YearAsked = None,
) -> Page[UnclaimedPublic]:
    """By benefit how many people of a region are entitled who have not claimed, and what that comes to."""
    region, year = region_listed(caller, region), year or as_of.year
    wanted = [
        benefit
        for benefit in benefits.values()
        if benefit.party is Party.WORKER and benefit.of_year(year) and in_region(benefit, region)
    ]
    people = people_of(session, benefits, as_of, region=region) if wanted else {}
    items = [
        UnclaimedPublic(
            benefit=Labelled(code=benefit.code, label=benefit.name),
            year=year,
            sum=total_public(total_of(list(unclaimed(benefit, people, year=year, as_of=as_of).values()))),
        )
        for benefit in wanted
    ]
    return Page(items=items, next_cursor=None, total=len(items))


@router.get("/benefits/employers", operation_id="list_key_employers")
def list_key_employers(
    session: SessionDep,
    caller: Reader,
    benefits: BenefitsDep,
    present: PresenterDep,
    as_of: AsOfDep,
    paging: PagingDep,
    region: Annotated[RegionCode | None, Query(description="默认为我的第一个地区")] = None,
    year: YearAsked = None,
    least: Annotated[int, Query(ge=0, le=10_000, description="在岗脱贫劳动力至少几人")] = 1,
) -> KeyEmployersPage:
    """Key employers that a region's bureaus keep: those with the most poverty-relieved people first (`sort` -relieved), or
    those that keep them best (-after_3, -after_6), with what each is entitled to."""
    region, year = region_asked(caller, region), year or as_of.year
    return key_employers(
        session, benefits, present, region, year=year, as_of=as_of, least=least, paging=paging
    )


@router.get("/benefits/employers/{employer_id}/workers", operation_id="list_key_employer_workers")
def list_key_employer_workers(
    employer_id: RowId,
    session: SessionDep,
    caller: Reader,
    benefits: BenefitsDep,
    present: PresenterDep,
    as_of: AsOfDep,
    paging: PagingDep,
    who: Annotated[
        Who | None,
        Query(description="at_work现在在岗的；after_3、after_6已满3、6个月并且知道去留的；不填为全部"),
    ] = None,
) -> Page[KeyWorkerPublic]:
    """The poverty-relieved people behind the numbers of one employer."""
    row = employer_or_404(session, caller, employer_id)
    return key_workers(session, benefits, present, row, as_of=as_of, who=who, paging=paging)


@router.get("/benefits/{code}/entitled", operation_id="list_entitled")
def list_entitled(
    code: str,
    session: SessionDep,
    caller: Reader,
    benefits: BenefitsDep,
    present: PresenterDep,
    as_of: AsOfDep,
    paging: PagingDep,
    region: RegionAsked = None,
    year: YearAsked = None,
) -> EntitledPage:
    """政策找人: the people of a region who are entitled to this and have not claimed, with what all of it comes to."""
    benefit = benefit_or_404(benefits, code)
    region, year = region_listed(caller, region), year or as_of.year
    after = after_cursor(paging.cursor)
    fitting = benefit.party is Party.WORKER and benefit.of_year(year) and in_region(benefit, region)
    people = people_of(session, benefits, as_of, region=region) if fitting else {}
    found = unclaimed(benefit, people, year=year, as_of=as_of)
    numbers = [number for number in sorted(found) if number > after]
    shown = numbers[: paging.limit]
    rows = session.exec(select(Worker).where(col(Worker.id).in_(shown)).order_by(col(Worker.id))).all()
    items = [
        EntitledPublic(
            worker=worker,
            amount=amount_public(standing.amount),
            since=standing.since,
            rule=standing.tier.rule.name if standing.tier and standing.tier.rule else None,
        )
        for worker in present.workers(list(rows))
        if (standing := found[worker.id])
    ]
    more = cursor_of(shown[-1]) if len(numbers) > len(shown) else None
    total = total_of(list(found.values()))
    return EntitledPage(items=items, next_cursor=more, total=len(found), sum=total_public(total))


@router.get("/workers/{worker_id}/benefits", operation_id="list_worker_benefits")
def list_worker_benefits(
    worker_id: RowId,
    session: SessionDep,
    _: Reader,
    benefits: BenefitsDep,
    present: PresenterDep,
    as_of: AsOfDep,
    year: YearAsked = None,
) -> Page[StandingPublic]:
    """How one person stands to each benefit of where she is registered: entitled, not yet and what is missing, paid."""
    row = worker_or_404(session, worker_id)
    year = year or as_of.year
    mine = claims_of_worker(session, worker_id, year)
    claims = {
        claim.benefit.code: claim for claim in claims_public(session, present, benefits, list(mine.values()))
    }
    doubtful = {
        each.claim.benefit: each.reason
        for each in groundless(session, benefits, claim_ids=[row.identity for row in mine.values()])
    }
    items = [
        standing_public(benefit, standing, year, claims.get(benefit.code), doubtful.get(benefit.code, ""))
        for benefit, standing in standings_of(session, benefits, row, year=year, as_of=as_of)
    ]
    return Page(items=items, next_cursor=None, total=len(items))


@router.get("/employers/{employer_id}/benefits", operation_id="list_employer_benefits")
def list_employer_benefits(
    employer_id: RowId,
    session: SessionDep,
    caller: Reader,
    benefits: BenefitsDep,
    as_of: AsOfDep,
    year: YearAsked = None,
) -> Page[FirmStandingPublic]:
    """How one employer of the caller's region stands to each benefit for employers."""
    row = employer_or_404(session, caller, employer_id)
    items = standings_of_firm(session, benefits, [row], year=year or as_of.year, as_of=as_of)[row.identity]
    return Page(items=items, next_cursor=None, total=len(items))
