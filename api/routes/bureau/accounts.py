"""/v1/accounts: who has an account where the caller is an administrator, and what becomes of it."""

from typing import Annotated

from fastapi import Depends, Query, Response
from sqlmodel import and_, col, or_, select

from api import account_keeping as keeping
from api import keys, second_factors
from api.accounts_shown import accounts_public, events_public
from api.deps import Caller, RowId, SessionDep, SettingsDep, allowed
from api.errors import PROBLEMS, conflict
from api.idempotency import OnceDep
from api.laying import bureau_router
from api.noting import ALARMS, EVENTS, note
from api.open_sessions import LOGINS, end_keys, end_logins, end_token, sessions_public
from api.paging import Page, PagingDep, page_of
from api.presenting import PresenterDep
from api.rights import Action
from api.schemas.account import (
    AccountEvent,
    AccountInvite,
    AccountPublic,
    BindingTold,
    Ended,
    InvitationPublic,
    KeyPublic,
    SessionPublic,
)
from api.schemas.base import Sought
from api.security import LIFETIMES
from api.versions import etag
from models.account import Account, AccountBinding, Role, TokenKind
from models.base import now
from models.record import AuditEvent

router = bureau_router("/accounts", tag="account", responses=PROBLEMS)
Administrator = Annotated[Caller, Depends(allowed(Action.MANAGE_ACCOUNTS))]


@router.get("", operation_id="list_accounts")
def list_accounts(
    session: SessionDep,
    caller: Administrator,
    paging: PagingDep,
    present: PresenterDep,
    settings: SettingsDep,
    q: Annotated[Sought | None, Query(description="姓名或用户名")] = None,
    role: Annotated[Role | None, Query()] = None,
    active: Annotated[bool | None, Query()] = None,
) -> Page[AccountPublic]:
    """The accounts that are kept, or may do something, where I am an administrator."""
    query = select(Account)
    if q:
        query = query.where(or_(col(Account.display_name).contains(q), col(Account.username).contains(q)))
    if role is not None:
        bound = select(AccountBinding.account_id).where(AccountBinding.role == role)
        query = query.where(col(Account.id).in_(bound))
    if active is not None:
        query = query.where(Account.active == active)
    rows, cursor, total = page_of(
        session,
        query,
        paging,
        number=col(Account.id),
        sorts={"display_name": col(Account.display_name)},
        default="id",
    )
    items = accounts_public(session, present, caller, settings, rows)
    return Page(items=items, next_cursor=cursor, total=total)


@router.post("", status_code=201, operation_id="invite_account")
def invite_account(
    body: AccountInvite,
    session: SessionDep,
    caller: Administrator,
    once: OnceDep,
    present: PresenterDep,
    settings: SettingsDep,
) -> InvitationPublic:
    """Invite somebody: the code of the answer is told once and serves for seven days."""
    told = BindingTold(**body.model_dump(exclude={"display_name"}))
    account, code = keeping.invite(session, caller, body.display_name, told)
    made = _invitation(session, caller, present, settings, account, None)
    once.keep(made)
    return made.model_copy(update={"code": code})


@router.get("/events", operation_id="list_account_events")
def list_account_events(
    session: SessionDep,
    caller: Administrator,
    paging: PagingDep,
    present: PresenterDep,
    alarms: Annotated[bool, Query(description="只看要留意的：锁定、查询过多、重设密码和动态口令")] = False,
) -> Page[AccountEvent]:
    """What happened to accounts where I am an administrator, the latest first."""
    within = or_(False, *(col(AuditEvent.region).startswith(region) for region in caller.administered))
    told = and_(AuditEvent.noun == "account", col(AuditEvent.action).in_(ALARMS if alarms else EVENTS))
    given = and_(AuditEvent.noun == "account_binding", not alarms)
    query = select(AuditEvent).where(within, or_(told, given))
    rows, cursor, total = page_of(session, query, paging, number=col(AuditEvent.id), sorts={})
    return Page(items=events_public(session, present, rows), next_cursor=cursor, total=total)


@router.get("/{account_id}", operation_id="read_account")
def read_account(
    account_id: RowId,
    session: SessionDep,
    caller: Administrator,
    present: PresenterDep,
    settings: SettingsDep,
    response: Response,
) -> AccountPublic:
    """One account."""
    row = keeping.account_or_404(session, account_id)
    response.headers.update(etag(row))
    return accounts_public(session, present, caller, settings, [row])[0]


@router.post("/{account_id}/invite", operation_id="reinvite_account")
def reinvite_account(
    account_id: RowId,
    session: SessionDep,
    caller: Administrator,
    present: PresenterDep,
    settings: SettingsDep,
) -> InvitationPublic:
    """A new code in the place of those before. Who has forgotten the password sets a new one by it."""
    row = keeping.mine_or_403(session, caller, account_id)
    code = keeping.invite_again(session, row)
    return _invitation(session, caller, present, settings, row, code)


@router.post("/{account_id}/withdraw-invitation", operation_id="withdraw_invitation")
def withdraw_invitation(account_id: RowId, session: SessionDep, caller: Administrator) -> Ended:
    """The codes that are out serve no more."""
    row = keeping.mine_or_403(session, caller, account_id)
    voided = keeping.void_invitations(session, row.identity)
    if voided:
        note(session, "uninvite", row.identity)
    return Ended(ended=voided)


@router.post("/{account_id}/switch-off", operation_id="switch_off_account")
def switch_off_account(
    account_id: RowId,
    session: SessionDep,
    caller: Administrator,
    present: PresenterDep,
    settings: SettingsDep,
) -> AccountPublic:
    """Nobody comes in by it from the next request on, by a session, a token or a key."""
    return _switched(session, caller, present, settings, account_id, on=False)


@router.post("/{account_id}/switch-on", operation_id="switch_on_account")
def switch_on_account(
    account_id: RowId,
    session: SessionDep,
    caller: Administrator,
    present: PresenterDep,
    settings: SettingsDep,
) -> AccountPublic:
    """It may log in again; what was open before stays shut."""
    return _switched(session, caller, present, settings, account_id, on=True)


@router.post("/{account_id}/unlock", operation_id="unlock_account")
def unlock_account(account_id: RowId, session: SessionDep, caller: Administrator) -> Ended:
    """Wrong passwords are forgotten: it may try again at once."""
    row = keeping.mine_or_403(session, caller, account_id)
    return Ended(ended=keeping.unlock(session, row.identity))


@router.post("/{account_id}/reset-second-factor", operation_id="reset_second_factor")
def reset_second_factor(account_id: RowId, session: SessionDep, caller: Administrator) -> Ended:
    """The telephone is lost, and so are the codes: the password alone serves until another is set up. What was open
    ends, keys too."""
    row = keeping.mine_or_403(session, caller, account_id)
    if not second_factors.remove(session, row.identity, "reset_factor"):
        return Ended(ended=0)
    return Ended(ended=1 + end_logins(session, row.identity) + end_keys(session, row.identity))


@router.post("/{account_id}/bindings", operation_id="bind_account")
def bind_account(
    account_id: RowId,
    body: BindingTold,
    session: SessionDep,
    caller: Administrator,
    present: PresenterDep,
    settings: SettingsDep,
) -> AccountPublic:
    """Give a role; it counts from the next request on."""
    row = keeping.mine_or_403(session, caller, account_id)
    keeping.bind(session, caller, row, body)
    return accounts_public(session, present, caller, settings, [row])[0]


@router.delete("/{account_id}/bindings/{binding_id}", status_code=204, operation_id="unbind_account")
def unbind_account(account_id: RowId, binding_id: RowId, session: SessionDep, caller: Administrator) -> None:
    """Take a role away, also of an account that is kept elsewhere; it counts no more from the next request on."""
    keeping.account_or_404(session, account_id)
    keeping.unbind(session, caller, account_id, binding_id)


@router.get("/{account_id}/sessions", operation_id="list_account_sessions")
def list_account_sessions(
    account_id: RowId, session: SessionDep, caller: Administrator
) -> list[SessionPublic]:
    """Where the account is logged in."""
    row = keeping.mine_or_403(session, caller, account_id)
    return sessions_public(session, row.identity, None)


@router.post("/{account_id}/sessions/end", operation_id="end_account_sessions")
def end_account_sessions(account_id: RowId, session: SessionDep, caller: Administrator) -> Ended:
    """Everywhere the account must log in again, and no program acts for it any more."""
    row = keeping.mine_or_403(session, caller, account_id)
    ended = end_logins(session, row.identity)
    if ended:
        note(session, "end_sessions", row.identity)
    return Ended(ended=ended + end_keys(session, row.identity))


@router.delete("/{account_id}/sessions/{token_id}", status_code=204, operation_id="end_account_session")
def end_account_session(
    account_id: RowId, token_id: RowId, session: SessionDep, caller: Administrator
) -> None:
    """One of the places where it is logged in."""
    row = keeping.mine_or_403(session, caller, account_id)
    end_token(session, row.identity, token_id, *LOGINS)
    note(session, "end_sessions", row.identity)


@router.get("/{account_id}/keys", operation_id="list_account_keys")
def list_account_keys(account_id: RowId, session: SessionDep, caller: Administrator) -> list[KeyPublic]:
    """The keys by which programs act for the account."""
    row = keeping.mine_or_403(session, caller, account_id)
    return keys.keys_public(session, row.identity)


@router.delete("/{account_id}/keys/{key_id}", status_code=204, operation_id="revoke_account_key")
def revoke_account_key(account_id: RowId, key_id: RowId, session: SessionDep, caller: Administrator) -> None:
    """One of them opens nothing from the next request on."""
    row = keeping.mine_or_403(session, caller, account_id)
    keys.revoke(session, row.identity, key_id)


def _switched(
    session: SessionDep,
    caller: Caller,
    present: PresenterDep,
    settings: SettingsDep,
    account_id: int,
    *,
    on: bool,
) -> AccountPublic:
    row = keeping.mine_or_403(session, caller, account_id)
    if not keeping.switch(session, row.identity, on):
        raise conflict("account-stands-so", "账号已经是这样", "这个账号的状态没有变，请刷新后再看。")
    session.refresh(row)
    return accounts_public(session, present, caller, settings, [row])[0]


def _invitation(
    session: SessionDep,
    caller: Caller,
    present: PresenterDep,
    settings: SettingsDep,
    account: Account,
    code: str | None,
) -> InvitationPublic:
    [shown] = accounts_public(session, present, caller, settings, [account])
    until = shown.invited_until or now() + LIFETIMES[TokenKind.INVITATION]
    return InvitationPublic(account=shown, code=code, expires_at=until)
