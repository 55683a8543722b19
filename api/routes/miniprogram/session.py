"""/mp/v1/login, logout, telephone, me: who holds the telephone."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Query, Request
from sqlmodel import col, select

from api import security
from api.attempts import address_of, begin, settle
from api.deps import KeyringDep, SessionDep, SettingsDep, act_as
from api.devices import device_of
from api.errors import Problem, invalid
from api.miniprogram.asking import OnceDep, UserDep, get_user
from api.miniprogram.identity import account_of, keep_telephone
from api.miniprogram.laying import mini_router
from api.miniprogram.shown import me_public
from api.miniprogram.wechat import WeChatDep, refusal
from api.schemas.miniprogram import Ended, LoginCreate, MpMe, MpToken, TelephoneCreate, TelephonePublic
from api.wechat.client import Telephone
from api.wechat.codes import Kind, WeChatError
from ledger.people import InvalidPhone, mask_phone, read_phone
from models.account import AccessToken, TokenKind
from models.base import now
from models.login import LoginOutcome

router = mini_router(tag="session")


def get_openid(body: LoginCreate, wechat: WeChatDep, request: Request) -> str:
    """Who WeChat says it is. It is asked before a turn at the database is taken: a slow WeChat keeps nobody waiting.

    Codes that are none are counted by where they come from: asking WeChat has a quota, which is the whole county's.
    """
    state = request.app.state
    with state.sessions() as session, session.begin():
        address, name = f"wechat {address_of(request)}", f"wechat {request.state.request_id}"
        attempt = begin(session, state.keyring, state.settings, name, address)
    if attempt.wait:
        raise Problem(
            429,
            "too-many-attempts",
            "登录得太频繁",
            f"请过{-(-attempt.wait // 60)}分钟再试。急事请打县里的电话，或请村级信息员帮忙。",
            headers={"Retry-After": str(attempt.wait)},
        )
    refused: WeChatError | None = None
    try:
        openid = wechat.log_in(body.code)
    except WeChatError as error:
        refused = error
    if refused is None or refused.kind is not Kind.CODE:
        with state.sessions() as session, session.begin():
            settle(session, attempt, LoginOutcome.RIGHT)
    if refused is not None:
        raise refusal(refused)
    return openid


@router.post("/login", operation_id="mp_log_in")
def log_in(
    openid: Annotated[str, Depends(get_openid)],
    request: Request,
    session: SessionDep,
    keyring: KeyringDep,
    settings: SettingsDep,
) -> MpToken:
    """Log in by WeChat. The token is told once and ends after 30 days; it opens this door alone."""
    account_id = account_of(session, keyring, openid)
    if account_id is None:
        raise Problem(403, "account-closed", "账号已停用", "这个微信号已停用，请联系县人社局。")
    act_as(session, account_id, request.state.request_id)
    token = security.issue_token(
        session, account_id, TokenKind.WORKER, name=device_of(request.headers.get("user-agent", ""))
    )
    return MpToken(
        access_token=token,
        expires_at=datetime.now(UTC) + security.LIFETIMES[TokenKind.WORKER],
        me=me_public(session, keyring, settings, account_id),
    )


@router.post("/logout", operation_id="mp_log_out")
def log_out(
    session: SessionDep,
    user: UserDep,
    everywhere: Annotated[bool, Query(description="在所有手机上退出")] = False,
) -> Ended:
    """The token opens nothing any more."""
    wanted = select(AccessToken).where(
        AccessToken.account_id == user.account_id,
        AccessToken.kind == TokenKind.WORKER,
        col(AccessToken.revoked_at).is_(None),
    )
    if not everywhere:
        wanted = wanted.where(AccessToken.id == user.token_id)
    for row in session.exec(wanted):
        row.revoked_at = now()
        session.add(row)
    session.flush()
    return Ended()


@router.get("/me", operation_id="mp_read_me")
def read_me(session: SessionDep, user: UserDep, keyring: KeyringDep, settings: SettingsDep) -> MpMe:
    """Who is logged in, for whom she speaks, and which messages she may still agree to."""
    return me_public(session, keyring, settings, user.account_id)


def get_told_telephone(body: TelephoneCreate, wechat: WeChatDep, request: Request) -> Telephone | None:
    """The telephone that WeChat knows, asked for who has a token alone; None lets the route answer a repetition."""
    with request.app.state.sessions() as session, session.begin():
        get_user(request, session)
    try:
        return wechat.telephone(body.code)
    except WeChatError as error:
        request.state.wechat_error = error
        return None


@router.post("/telephone", operation_id="mp_create_telephone")
def create_telephone(
    told: Annotated[Telephone | None, Depends(get_told_telephone)],
    request: Request,
    session: SessionDep,
    user: UserDep,
    keyring: KeyringDep,
    once: OnceDep,
) -> TelephonePublic:
    """Let the service know the telephone that WeChat has verified. Sent again under the same key it is answered as before,
    though WeChat takes a code only once."""
    if told is None:
        raise refusal(request.state.wechat_error)
    if told.country != "86":
        raise invalid("code", "abroad", "只能用中国大陆的手机号")
    try:
        telephone = read_phone(told.number)
    except InvalidPhone:
        raise invalid("code", "invalid", "微信给的号码不能拨打，请换一个手机号") from None
    keep_telephone(session, keyring, user.account_id, telephone)
    return once.keep(TelephonePublic(telephone=mask_phone(telephone)), status=200)
