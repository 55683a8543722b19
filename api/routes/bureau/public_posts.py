"""/v1/public-posts: who is in a public post, for how long still, and who may be placed; and who came back to found."""

from datetime import date
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Query, Response
from sqlmodel import Session

from api.audit import record
from api.deps import Caller, RowId, SessionDep, TodayDep, allowed
from api.errors import PROBLEMS, conflict, invalid
from api.idempotency import OnceDep
from api.laying import bureau_router
from api.paging import Page, after_cursor
from api.presenting import Presenter, PresenterDep
from api.public_posts import (
    declare,
    eligibility_public,
    extend,
    offer_public,
    place,
    public_post_or_404,
    served_public,
    ventures_public,
    withdraw_extension,
)
from api.public_posts_file import XLSX, public_posts_file
from api.rights import Action
from api.routes.bureau.follow_ups import Cursor, Limit, Region, part
from api.routes.bureau.workers import worker_or_404
from api.schemas.base import RegionCode
from api.schemas.ladder import (
    CadreDeclared,
    EligibilityPublic,
    EntrepreneurPublic,
    ExtensionWithdrawn,
    JobOfferCreate,
    JobOfferPublic,
    PublicPostCreate,
    PublicPostPublic,
    TermExtended,
)
from models.age import LEGAL_WORKING_AGE, birthday
from models.public_post import CadreRelation, JobOffer
from outcomes.ladder.clock import Exit
from outcomes.ladder.offers import Offered, offers_to
from outcomes.ladder.standing import Served, in_public_posts, placement_of
from outcomes.ladder.ventures import ventures

router = bureau_router(tag="public-post", responses=PROBLEMS)
Reader = Annotated[Caller, Depends(allowed(Action.READ_LEDGER))]
Placer = Annotated[Caller, Depends(allowed(Action.PLACE))]
Writer = Annotated[Caller, Depends(allowed(Action.WRITE_LEDGER))]
Exporter = Annotated[Caller, Depends(allowed(Action.EXPORT))]
Manager = Annotated[Caller, Depends(allowed(Action.MANAGE))]
_FIRST_OFFER = date(2000, 1, 1)


@router.get("/public-posts", operation_id="list_public_posts")
def list_public_posts(
    session: SessionDep,
    _: Reader,
    today: TodayDep,
    present: PresenterDep,
    region: Region = None,
    exit: Annotated[Exit | None, Query(description="只列退出名单上这一类")] = None,
    within: Annotated[int | None, Query(ge=1, le=400, description="只列这么多天以内期满的")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[PublicPostPublic]:
    """Everybody in a public post today: those who must leave first, then by the end of their term."""
    after = after_cursor(cursor)
    found = _chosen(in_public_posts(session, region or "", today), exit, within, today)
    shown, following = part(found, [each.worker_id for each in found], after, limit)
    return Page(items=served_public(session, present, shown), next_cursor=following, total=len(found))


@router.get(
    "/public-posts.xlsx",
    operation_id="read_public_posts_file",
    response_class=Response,
    responses={200: {"description": "the list as a workbook", "content": {XLSX: {}}}},
)
def read_public_posts_file(
    session: SessionDep,
    caller: Exporter,
    today: TodayDep,
    present: PresenterDep,
    region: Region = None,
    exit: Annotated[Exit | None, Query(description="只要退出名单上这一类")] = None,
    within: Annotated[int | None, Query(ge=1, le=400, description="只要这么多天以内期满的")] = None,
) -> Response:
    """The clock, or a part of the exit list, as a workbook."""
    found = _chosen(in_public_posts(session, region or "", today), exit, within, today)
    scope = region or next(iter(caller.regions), None)
    record(session, "download", "public_post", None, region=scope, change={"rows": len(found)})
    content = public_posts_file(served_public(session, present, found))
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote('公益性岗位期限')}.xlsx",
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=XLSX, headers=headers)


@router.post("/public-posts", status_code=201, operation_id="create_public_post")
def create_public_post(
    body: PublicPostCreate,
    session: SessionDep,
    caller: Placer,
    today: TodayDep,
    once: OnceDep,
    present: PresenterDep,
) -> PublicPostPublic:
    """Place somebody in a public post, if every condition is fulfilled."""
    worker = worker_or_404(session, body.worker_id)
    spell = place(session, worker, body, today=today, account_id=caller.account_id)
    return once.keep(_one(session, present, spell.identity), worker_id=worker.identity)


@router.post("/public-posts/{spell_id}/declare", operation_id="declare_public_post")
def declare_public_post(
    spell_id: RowId,
    body: CadreDeclared,
    session: SessionDep,
    caller: Writer,
    today: TodayDep,
    present: PresenterDep,
) -> PublicPostPublic:
    """Note what somebody declared whose placement came in by a list."""
    row = public_post_or_404(session, spell_id)
    declare(session, row, body.cadre_relation, today=today, account_id=caller.account_id, reason=body.reason)
    return _one(session, present, spell_id)


@router.post("/public-posts/{spell_id}/extend", operation_id="extend_public_post")
def extend_public_post(
    spell_id: RowId,
    body: TermExtended,
    session: SessionDep,
    caller: Manager,
    today: TodayDep,
    once: OnceDep,
    present: PresenterDep,
) -> PublicPostPublic:
    """Let a term last longer, with the reason and the document."""
    row = public_post_or_404(session, spell_id)
    extend(session, row, body, today=today, account_id=caller.account_id)
    return once.keep(_one(session, present, spell_id), status=200, worker_id=row.worker_id)


@router.post("/public-posts/{spell_id}/withdraw-extension", operation_id="withdraw_extension")
def withdraw_extension_of_public_post(
    spell_id: RowId,
    body: ExtensionWithdrawn,
    session: SessionDep,
    caller: Manager,
    today: TodayDep,
    once: OnceDep,
    present: PresenterDep,
) -> PublicPostPublic:
    """Take back the extension in force, with the reason: the term is as before it, and the record keeps both."""
    row = public_post_or_404(session, spell_id)
    withdraw_extension(session, row, body.reason, today=today, account_id=caller.account_id)
    return once.keep(_one(session, present, spell_id), status=200, worker_id=row.worker_id)


@router.get("/workers/{worker_id}/public-post-check", operation_id="check_public_post")
def check_public_post(
    worker_id: RowId,
    session: SessionDep,
    _: Reader,
    today: TodayDep,
    region: Annotated[RegionCode | None, Query(description="岗位所在地，默认本人户籍地")] = None,
    cadre_relation: Annotated[CadreRelation | None, Query(description="本人申报")] = None,
) -> EligibilityPublic:
    """May this person be placed today: every condition, with its reason and what to do."""
    worker = worker_or_404(session, worker_id)
    return eligibility_public(
        session, worker, place=region or worker.region, cadre=cadre_relation, today=today
    )


@router.get("/workers/{worker_id}/job-offers", operation_id="list_job_offers")
def list_job_offers(worker_id: RowId, session: SessionDep, _: Reader) -> list[JobOfferPublic]:
    """What was offered to this person above a public post, the latest first."""
    worker_or_404(session, worker_id)
    return [offer_public(each) for each in offers_to(session, worker_id)]


@router.post("/workers/{worker_id}/job-offers", status_code=201, operation_id="create_job_offer")
def create_job_offer(
    worker_id: RowId,
    body: JobOfferCreate,
    session: SessionDep,
    caller: Writer,
    today: TodayDep,
    once: OnceDep,
) -> JobOfferPublic:
    """Note a post that was offered by word of mouth, and why nothing came of it."""
    worker = worker_or_404(session, worker_id)
    if worker.restricted:
        raise conflict("restricted", "该劳动力信息已限制使用", "本人已撤回同意或申请删除，不再登记推荐。")
    on = body.offered_on or today
    if on > today:
        raise invalid("offered_on", "in_the_future", "推荐日期不能晚于今天")
    if on < _FIRST_OFFER:
        raise invalid("offered_on", "too_long_ago", "推荐日期不能早于2000年，请核对年份")
    if worker.birth_date is not None and on < birthday(worker.birth_date, LEGAL_WORKING_AGE):
        raise invalid("offered_on", "too_young", "推荐日期不能早于本人满16周岁的那天，请核对日期和出生日期")
    row = JobOffer(
        worker_id=worker_id,
        rung=body.rung,
        what=body.what,
        offered_on=on,
        answer=body.answer,
        reason=body.reason.value if body.reason else None,
        account_id=caller.account_id,
    )
    session.add(row)
    session.flush()
    made = Offered(row.rung, row.what, row.offered_on, False, row.reason, offer=row)
    return once.keep(offer_public(made), worker_id=worker_id)


@router.get("/entrepreneurs", operation_id="list_entrepreneurs")
def list_entrepreneurs(
    session: SessionDep,
    _: Reader,
    today: TodayDep,
    present: PresenterDep,
    region: Region = None,
    returned: Annotated[bool, Query(description="只列返乡创业的")] = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[EntrepreneurPublic]:
    """Who works for themselves in the home county today, and who of them came back from elsewhere."""
    after = after_cursor(cursor)
    found = [each for each in ventures(session, region or "", today) if each.returned or not returned]
    shown, following = part(found, [each.worker_id for each in found], after, limit)
    return Page(items=ventures_public(session, present, shown), next_cursor=following, total=len(found))


def _chosen(found: list[Served], exit: Exit | None, within: int | None, on: date) -> list[Served]:
    return [
        each
        for each in found
        if (exit is None or exit in each.exits) and (within is None or each.ends_within(within, on))
    ]


def _one(session: Session, present: Presenter, spell_id: int) -> PublicPostPublic:
    found = placement_of(session, public_post_or_404(session, spell_id), present.today)
    return served_public(session, present, [found])[0]
