"""/v1/follow-ups: who is to be called, who calls, and what was found."""

from typing import Annotated, TypeVar

from fastapi import Depends, Query

from api.calling import colleagues, give, release, take, take_back
from api.care_shown import calls_public, contacts_public, leavers_public
from api.caring import take_contact
from api.deps import Caller, KeyringDep, RowId, SessionDep, SettingsDep, TodayDep, allowed
from api.errors import PROBLEMS
from api.foretelling import foretelling
from api.idempotency import OnceDep
from api.laying import bureau_router
from api.offering_again import offer_again
from api.paging import Page, after_cursor, cursor_of
from api.presenting import PresenterDep
from api.requirements import require_scope
from api.rights import Action
from api.routes.bureau.workers import worker_or_404
from api.schemas.base import RegionCode
from api.schemas.care import (
    CallerPublic,
    ContactCreate,
    ContactPublic,
    DueCallPublic,
    LeaverPublic,
    OfferAgain,
    PeopleGiven,
    PeopleToCall,
)
from api.schemas.dispatch import ChangedPublic
from api.schemas.job import JobPublic, public_job
from ledger.contacts import contacts_of
from outcomes.due_calls import due_calls
from outcomes.leavers import leavers

router = bureau_router(tag="follow-up", responses=PROBLEMS)
Reader = Annotated[Caller, Depends(allowed(Action.READ_LEDGER))]
Placer = Annotated[Caller, Depends(allowed(Action.PLACE))]
CallerDep = Annotated[Caller, Depends(allowed(Action.FOLLOW_UP))]
Region = Annotated[RegionCode | None, Query(description="任何一级，默认为我的全部地区")]
Cursor = Annotated[str | None, Query(max_length=500)]
Limit = Annotated[int, Query(ge=1, le=200)]
Item = TypeVar("Item")


@router.get("/follow-ups", operation_id="list_follow_ups")
def list_follow_ups(
    session: SessionDep,
    caller: Reader,
    today: TodayDep,
    settings: SettingsDep,
    present: PresenterDep,
    region: Region = None,
    due: Annotated[bool, Query(description="只列今天该打的")] = True,
    mine: Annotated[bool, Query(description="只列由我随访的")] = False,
    overdue: Annotated[bool, Query(description="只列过了日期还没打的")] = False,
    given: Annotated[bool, Query(description="只列我交给别人随访的")] = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[DueCallPublic]:
    """Those at work: whose call is due first, of them the likeliest to leave; then by the day of the next call."""
    after = after_cursor(cursor)
    found = [
        call
        for call in due_calls(
            session, region or "", today, settings.follow_ups(), foretelling(session, today)
        )
        if (not due or call.is_due(today))
        and (not mine or call.caller_id == caller.account_id)
        and (not overdue or call.days_over(today))
        and (not given or (call.given_by == caller.account_id != call.caller_id))
    ]
    shown, following = part(found, [call.worker_id for call in found], after, limit)
    return Page(items=calls_public(session, present, shown, today), next_cursor=following, total=len(found))


@router.get("/follow-ups/callers", operation_id="list_callers")
def list_callers(session: SessionDep, _: CallerDep, present: PresenterDep) -> list[CallerPublic]:
    """To whom people may be given: the accounts of my bureau and of those below it that may follow up."""
    return [
        CallerPublic(
            account_id=each.account_id,
            name=each.name,
            regions=[present.known_place(code) for code in each.regions],
        )
        for each in colleagues(session)
    ]


@router.post("/follow-ups/take", operation_id="take_follow_ups")
def take_follow_ups(body: PeopleToCall, session: SessionDep, caller: CallerDep) -> ChangedPublic:
    """I call these people from now on, whoever did before."""
    return ChangedPublic(changed=take(session, caller, body.worker_ids))


@router.post("/follow-ups/release", operation_id="release_follow_ups")
def release_follow_ups(body: PeopleToCall, session: SessionDep, caller: CallerDep) -> ChangedPublic:
    """Nobody in particular calls these people: mine, those I gave, or, who manages, anybody's."""
    return ChangedPublic(changed=release(session, caller, body.worker_ids))


@router.post("/follow-ups/give", operation_id="give_follow_ups")
def give_follow_ups(body: PeopleGiven, session: SessionDep, caller: CallerDep) -> ChangedPublic:
    """Another account of my bureau calls these people from now on."""
    return ChangedPublic(changed=give(session, caller, body.worker_ids, body.account_id))


@router.post("/follow-ups/take-back", operation_id="take_back_follow_ups")
def take_back_follow_ups(body: PeopleToCall, session: SessionDep, caller: CallerDep) -> ChangedPublic:
    """Whom I gave on is called by who did before, as long as nobody has taken or given them on since."""
    return ChangedPublic(changed=take_back(session, caller, body.worker_ids))


@router.get("/leavers", operation_id="list_leavers")
def list_leavers(
    session: SessionDep,
    _: Reader,
    today: TodayDep,
    present: PresenterDep,
    region: Region = None,
    returned: Annotated[bool, Query(description="只列返乡回流的")] = False,
    at_risk: Annotated[bool, Query(description="只列有返贫风险的")] = False,
    waiting: Annotated[bool, Query(description="只列还没有推荐新岗位的")] = False,
    late: Annotated[bool, Query(description="只列过了两天还没有推荐的")] = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[LeaverPublic]:
    """Those who left within half a year and are at no work since: to whom nothing was offered and who has waited longest
    first."""
    after = after_cursor(cursor)
    found = [
        each
        for each in leavers(session, region or "", today)
        if (not returned or each.returned)
        and (not at_risk or each.at_risk)
        and (not waiting or not each.offered)
        and (not late or each.late(today))
    ]
    shown, following = part(found, [each.worker_id for each in found], after, limit)
    return Page(items=leavers_public(session, present, shown, today), next_cursor=following, total=len(found))


@router.post("/leavers/propose", status_code=202, operation_id="propose_to_leavers")
def propose_to_leavers(body: OfferAgain, session: SessionDep, caller: Placer, once: OnceDep) -> JobPublic:
    """Put everybody forward who left and was offered nothing since, each for the posts that suit best."""
    region = body.region or next(iter(caller.regions), "")
    require_scope(session, caller, region)
    return once.keep(public_job(offer_again(session, caller, region=region)), status=202)


@router.get("/workers/{worker_id}/contacts", operation_id="list_worker_contacts")
def list_worker_contacts(
    worker_id: RowId, session: SessionDep, _: Reader, keyring: KeyringDep
) -> list[ContactPublic]:
    """Who called this person, and what was found; the latest first."""
    worker_or_404(session, worker_id)
    return contacts_public(session, keyring, list(contacts_of(session, worker_id)))


@router.post("/workers/{worker_id}/contacts", status_code=201, operation_id="create_contact")
def create_contact(
    worker_id: RowId,
    body: ContactCreate,
    session: SessionDep,
    caller: CallerDep,
    today: TodayDep,
    keyring: KeyringDep,
    once: OnceDep,
) -> ContactPublic:
    """Note a call or visit, and what it found."""
    worker = worker_or_404(session, worker_id)
    row = take_contact(session, keyring, worker, body, today=today, account_id=caller.account_id)
    if body.left_on is not None and caller.may(Action.PLACE, worker.region):
        offer_again(session, caller, worker_id=worker_id)
    return once.keep(contacts_public(session, keyring, [row])[0], worker_id=worker_id)


def part(found: list[Item], numbers: list[int], after: int, limit: int) -> tuple[list[Item], str | None]:
    """The page behind number `after`, and the cursor of the next."""
    begin = numbers.index(after) + 1 if after in numbers else 0
    shown = found[begin : begin + limit]
    more = begin + limit < len(found)
    return shown, cursor_of(numbers[begin + limit - 1]) if more else None
