"""/v1/follow-ups: who is to be called, who calls, and what was found."""

from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, Query
from sqlmodel import Session, col, select

from api.care_shown import calls_public, contacts_public, leavers_public
from api.caring import take_contact
from api.deps import Caller, KeyringDep, RowId, SessionDep, SettingsDep, TodayDep, allowed
from api.errors import PROBLEMS, not_found
from api.idempotency import OnceDep
from api.offering_again import offer_again
from api.paging import Page, after_cursor, cursor_of
from api.presenting import PresenterDep
from api.requirements import require_scope
from api.rights import Action
from api.routes.bureau.workers import worker_or_404
from api.schemas.base import RegionCode
from api.schemas.care import (
    ContactCreate,
    ContactPublic,
    DueCallPublic,
    LeaverPublic,
    OfferAgain,
    PeopleToCall,
)
from api.schemas.dispatch import ChangedPublic
from api.schemas.job import JobPublic, public_job
from ledger.contacts import contacts_of
from models.care import CallerAssignment
from models.worker import Worker
from outcomes.due_calls import due_calls
from outcomes.leavers import leavers

router = APIRouter(tags=["follow-up"], responses=PROBLEMS)
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
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[DueCallPublic]:
    """Those at work: whose call is due first, of them the likeliest to leave; then by the day of the next call."""
    after = after_cursor(cursor)
    found = [
        call
        for call in due_calls(session, region or "", today, settings.follow_ups())
        if (not due or call.is_due(today))
        and (not mine or call.caller_id == caller.account_id)
        and (not overdue or call.days_over(today))
    ]
    shown, following = part(found, [call.worker_id for call in found], after, limit)
    return Page(items=calls_public(session, present, shown, today), next_cursor=following, total=len(found))


@router.post("/follow-ups/take", operation_id="take_follow_ups")
def take_follow_ups(body: PeopleToCall, session: SessionDep, caller: CallerDep) -> ChangedPublic:
    """I call these people from now on, whoever did before."""
    people = _seen(session, body.worker_ids)
    standing = {row.worker_id: row for row in _assignments(session, people)}
    for worker_id in people:
        row = standing.get(worker_id) or CallerAssignment(worker_id=worker_id, account_id=0, assigned_by=0)
        row.account_id = row.assigned_by = caller.account_id
        session.add(row)
    session.flush()
    return ChangedPublic(changed=len(people))


@router.post("/follow-ups/release", operation_id="release_follow_ups")
def release_follow_ups(body: PeopleToCall, session: SessionDep, _: CallerDep) -> ChangedPublic:
    """Nobody in particular calls these people."""
    people = _seen(session, body.worker_ids)
    standing = _assignments(session, people)
    for row in standing:
        session.delete(row)
    session.flush()
    return ChangedPublic(changed=len(standing))


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
    """Those who left within half a year and are at no work since, the most urgent first."""
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
    if body.left_on is not None and caller.may(Action.PLACE):
        offer_again(session, caller, worker_id=worker_id)
    return once.keep(contacts_public(session, keyring, [row])[0], worker_id=worker_id)


def part(found: list[Item], numbers: list[int], after: int, limit: int) -> tuple[list[Item], str | None]:
    """The page behind number `after`, and the cursor of the next."""
    begin = numbers.index(after) + 1 if after in numbers else 0
    shown = found[begin : begin + limit]
    more = begin + limit < len(found)
    return shown, cursor_of(numbers[begin + limit - 1]) if more else None


def _assignments(session: Session, people: list[int]) -> list[CallerAssignment]:
    wanted = col(CallerAssignment.worker_id).in_(people)
    return list(session.exec(select(CallerAssignment).where(wanted).with_for_update()).all())


def _seen(session: Session, worker_ids: list[int]) -> list[int]:
    """Those people.

    Raises
    ------
    Problem
        404 where one of them is none of the caller's.
    """
    wanted = sorted(set(worker_ids))
    known = session.exec(
        select(Worker.id).where(col(Worker.id).in_(wanted), col(Worker.merged_into).is_(None))
    )
    if len(known.all()) < len(wanted):
        raise not_found("名单中的人")
    return wanted
