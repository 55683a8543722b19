"""/v1/me/…: one's own password, where one is logged in, one-time passwords, and keys for programs."""

from fastapi import Request
from fastapi.responses import JSONResponse

from api import keys, own_account, second_factors
from api.accounts_shown import own_events
from api.deps import PersonDep, RowId, SessionDep, SettingsDep
from api.errors import PROBLEMS, Problem, conflict, invalid
from api.laying import bureau_router
from api.open_sessions import LOGINS, end_logins, end_token, sessions_public
from api.presenting import PresenterDep
from api.schemas.account import (
    AccountEvent,
    CodeTold,
    Ended,
    EnrolmentPublic,
    KeyCreate,
    KeyMade,
    KeyPublic,
    PasswordChange,
    RecoveryCodes,
    SecondFactorPublic,
    SessionPublic,
)

router = bureau_router("/me", tag="account", responses=PROBLEMS)


@router.post("/password", operation_id="change_password", response_model=Ended)
def change_password(
    body: PasswordChange, request: Request, session: SessionDep, caller: PersonDep
) -> Ended | JSONResponse:
    """Change the password: everywhere else the account must log in again, and its keys end unless `end_keys` is false."""
    ended = own_account.change_password(request, session, caller, body)
    return ended.answer() if isinstance(ended, Problem) else Ended(ended=ended)


@router.get("/sessions", operation_id="list_sessions")
def list_sessions(session: SessionDep, caller: PersonDep) -> list[SessionPublic]:
    """Where I am logged in."""
    return sessions_public(session, caller.account_id, caller.token_id)


@router.post("/sessions/end", operation_id="end_other_sessions")
def end_other_sessions(session: SessionDep, caller: PersonDep) -> Ended:
    """Everywhere but here I must log in again."""
    return Ended(ended=end_logins(session, caller.account_id, but=caller.token_id))


@router.delete("/sessions/{token_id}", status_code=204, operation_id="end_session")
def end_session(token_id: RowId, session: SessionDep, caller: PersonDep) -> None:
    """One of the places where I am logged in."""
    end_token(session, caller.account_id, token_id, *LOGINS)


@router.get("/second-factor", operation_id="read_second_factor")
def read_second_factor(session: SessionDep, caller: PersonDep, settings: SettingsDep) -> SecondFactorPublic:
    """Whether one-time passwords are in force."""
    row = second_factors.confirmed_factor(session, caller.account_id)
    return SecondFactorPublic(
        confirmed_at=row.confirmed_at if row else None,
        recovery_codes_left=len(row.recovery_hashes) if row else 0,
        required=bool((caller.roles | caller.waiting) & settings.needing_second_factor()),
    )


@router.post("/second-factor", operation_id="enrol_second_factor")
def enrol_second_factor(request: Request, session: SessionDep, caller: PersonDep) -> EnrolmentPublic:
    """A secret for the authenticator; it is in force once a password made of it was told."""
    if second_factors.confirmed_factor(session, caller.account_id) is not None:
        raise conflict("factor-in-force", "已经绑定动态口令", "要换手机，请先解除原来的，再重新绑定。")
    made = second_factors.enrol(session, request.app.state.keyring, caller.account_id, caller.username)
    return EnrolmentPublic(secret=made.secret, uri=made.uri)


@router.post("/second-factor/confirm", operation_id="confirm_second_factor")
def confirm_second_factor(
    body: CodeTold, request: Request, session: SessionDep, caller: PersonDep
) -> RecoveryCodes:
    """A password made of the secret puts it in force; the recovery codes are told this once."""
    codes = second_factors.confirm(session, request.app.state.keyring, caller.account_id, body.code)
    if codes is None:
        raise invalid("code", "unknown", "动态口令不对，请输入手机上最新的6位数字，并核对手机时间")
    return RecoveryCodes(codes=codes)


@router.post("/second-factor/remove", operation_id="remove_second_factor", response_model=Ended)
def remove_second_factor(
    body: CodeTold, request: Request, session: SessionDep, caller: PersonDep
) -> Ended | JSONResponse:
    """Take it away, by a present password or a recovery code."""
    refused = own_account.by_code(request, session, caller, body.code)
    if refused is not None:
        return refused.answer()
    return Ended(ended=int(second_factors.remove(session, caller.account_id)))


@router.get("/keys", operation_id="list_keys")
def list_keys(session: SessionDep, caller: PersonDep) -> list[KeyPublic]:
    """My programs' keys."""
    return keys.keys_public(session, caller.account_id)


@router.post("/keys", status_code=201, operation_id="create_key", response_model=KeyMade)
def create_key(
    body: KeyCreate, request: Request, session: SessionDep, caller: PersonDep
) -> KeyMade | JSONResponse:
    """A key for a program; it is told once. It outlives the screen it is made at: the password is asked for it, or the
    one-time password of whoever has one."""
    refused = own_account.proved(request, session, caller, body.password, body.code)
    if refused is not None:
        return refused.answer()
    key, made = keys.create(session, caller, body)
    return KeyMade(key=key, made=made)


@router.delete("/keys/{key_id}", status_code=204, operation_id="revoke_key")
def revoke_key(key_id: RowId, session: SessionDep, caller: PersonDep) -> None:
    """The key opens nothing from the next request on."""
    keys.revoke(session, caller.account_id, key_id)


@router.get("/events", operation_id="list_own_events")
def list_own_events(session: SessionDep, _: PersonDep, present: PresenterDep) -> list[AccountEvent]:
    """What happened to my account, and by whom, the latest first: links, second factors and roles above all."""
    return own_events(session, present)
