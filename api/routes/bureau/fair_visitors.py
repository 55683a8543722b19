"""/v1/fairs/{fair_id}/invitations, …/cards, …/visits and …/settle: who is asked to come, who came, what becomes of it."""

from typing import Annotated

from fastapi import Depends, Query
from sqlmodel import col, select

from api.deps import Caller, KeyringDep, RowId, SessionDep, SettingsDep, TodayDep, allowed
from api.errors import PROBLEMS, conflict
from api.fairs.inviting import ask_for_cards, in_force, invite, revoke
from api.fairs.settling import ask_to_settle
from api.fairs.shown import UNANSWERED, due_on, invitations_public, visits_public
from api.idempotency import OnceDep
from api.laying import bureau_router
from api.paging import Page, PagingDep, page_of
from api.presenting import PresenterDep
from api.rights import Action
from api.routes.bureau.fair_booths import fair_or_404
from api.schemas.fair_day import InvitationPublic, Invited, InviteTold, Revoked, VisitPublic
from api.schemas.job import JobPublic, public_job
from ledger.in_use import in_use
from models.application import Application
from models.base import now
from models.kiosk import FairInvitation
from models.visit import Visit, VisitIntent

router = bureau_router("/fairs/{fair_id}", tag="fair", responses=PROBLEMS)
Reader = Annotated[Caller, Depends(allowed(Action.READ_LEDGER))]
Placer = Annotated[Caller, Depends(allowed(Action.PLACE))]


@router.get("/invitations", operation_id="list_fair_invitations")
def list_fair_invitations(
    fair_id: RowId, session: SessionDep, _: Reader, paging: PagingDep, present: PresenterDep
) -> Page[InvitationPublic]:
    """Who is asked to come; whose data is only stored is not among them."""
    fair_or_404(session, fair_id)
    query = select(FairInvitation).where(FairInvitation.fair_id == fair_id, in_use(FairInvitation.worker_id))
    rows, cursor, total = page_of(
        session, query, paging, number=col(FairInvitation.id), sorts={}, default="id"
    )
    return Page(items=invitations_public(session, present, rows), next_cursor=cursor, total=total)


@router.post("/invitations", status_code=201, operation_id="invite_to_fair")
def invite_to_fair(
    fair_id: RowId,
    body: InviteTold,
    session: SessionDep,
    caller: Placer,
    once: OnceDep,
    keyring: KeyringDep,
    today: TodayDep,
) -> Invited:
    """Ask people to come; their cards are made at once, by a job."""
    fair = fair_or_404(session, fair_id)
    if fair.called_off or fair.held_on < today:
        raise conflict("fair-over", "招聘会已结束或取消", "只能邀请人来参加还没有举办的招聘会。")
    fresh = invite(session, keyring, fair, body.worker_ids)
    if fresh:
        ask_for_cards(session, caller.account_id, fair)
    return once.keep(Invited(fresh=fresh, invited=len(in_force(session, fair_id))))


@router.post("/invitations/{invitation_id}/revoke", operation_id="revoke_fair_invitation")
def revoke_fair_invitation(fair_id: RowId, invitation_id: RowId, session: SessionDep, _: Placer) -> Revoked:
    """The code opens nothing any more."""
    row = revoke(session, fair_or_404(session, fair_id), invitation_id)
    return Revoked(id=row.identity, revoked_at=row.revoked_at or now())


@router.post("/cards", status_code=202, operation_id="make_fair_cards")
def make_fair_cards(fair_id: RowId, session: SessionDep, caller: Placer, once: OnceDep) -> JobPublic:
    """Have everybody's card made anew: seats, queues and prices as they are by then."""
    fair = fair_or_404(session, fair_id)
    return once.keep(public_job(ask_for_cards(session, caller.account_id, fair)), status=202)


@router.get("/visits", operation_id="list_fair_visits")
def list_fair_visits(
    fair_id: RowId,
    session: SessionDep,
    _: Reader,
    paging: PagingDep,
    present: PresenterDep,
    settings: SettingsDep,
    due: Annotated[bool, Query(description="只列到期要回访的")] = False,
) -> Page[VisitPublic]:
    """Who came, what they wanted, and what came of it."""
    fair = fair_or_404(session, fair_id)
    query = select(Visit).where(Visit.fair_id == fair_id, in_use(Visit.worker_id))
    if due:
        unanswered = (
            select(VisitIntent.visit_id)
            .join(Application, col(Application.id) == col(VisitIntent.application_id))
            .where(col(Application.state).in_(UNANSWERED))
        )
        over = due_on(fair, settings.fair_follow_up_days) <= present.today
        query = query.where(col(Visit.id).in_(unanswered) if over else col(Visit.id).is_(None))
    rows, cursor, total = page_of(
        session,
        query,
        paging,
        number=col(Visit.id),
        sorts={"arrived_at": col(Visit.arrived_at)},
        default="id",
    )
    days = settings.fair_follow_up_days
    return Page(items=visits_public(session, present, fair, rows, days), next_cursor=cursor, total=total)


@router.post("/settle", status_code=202, operation_id="settle_fair")
def settle_fair(
    fair_id: RowId, session: SessionDep, caller: Placer, once: OnceDep, today: TodayDep
) -> JobPublic:
    """Wishes become applications, by a job; asked again, it goes on with what came in since."""
    fair = fair_or_404(session, fair_id)
    if fair.called_off or fair.held_on > today:
        raise conflict("fair-not-held", "招聘会还没有举办", "举办日期到了才能做会后处理。")
    return once.keep(public_job(ask_to_settle(session, caller.account_id, fair)), status=202)
