"""WeChat as the door asks it: the client of the settings, and its refusals in words."""

from typing import Annotated

import structlog
from fastapi import Depends, Request

from api.database import Sessions
from api.errors import Problem
from api.settings import Settings
from api.wechat.client import WeChat
from api.wechat.codes import Kind, WeChatError
from api.wechat.token_row import TokenRow
from models.sealing import Keyring

POSTER_PAGE = "pages/vacancy"
"""The mini-program's page of one post; `scene` tells it which: v=NUMBER."""
_log = structlog.get_logger("wengang.wechat")


def client_of(settings: Settings, sessions: Sessions, keyring: Keyring) -> WeChat | None:
    """The client, where a mini-program is set up."""
    if not settings.wechat_appid or settings.wechat_secret is None:
        return None
    return WeChat(
        settings.wechat_url,
        settings.wechat_appid,
        settings.wechat_secret.get_secret_value(),
        TokenRow(sessions, keyring),
    )


def get_wechat(request: Request) -> WeChat:
    """The client of this service.

    Raises
    ------
    Problem
        503 where no mini-program is set up.
    """
    state = request.app.state
    client = client_of(state.settings, state.sessions, state.keyring)
    if client is None:
        raise Problem(
            503,
            "mini-program-closed",
            "小程序还没有开通",
            "本县还没有开通小程序，请联系县人社局或村级信息员。",
        )
    return client


WeChatDep = Annotated[WeChat, Depends(get_wechat)]


def refusal(error: WeChatError) -> Problem:
    """What a refusal of WeChat's means to who holds the telephone. Nothing of ours is at fault is never said where it is."""
    if error.kind is Kind.CODE:
        return Problem(
            422, "wechat-code", "微信的一次性凭证已失效", "凭证用过了或超过5分钟，请返回再点一次。"
        )
    if error.kind is Kind.BLOCKED:
        return Problem(
            403,
            "wechat-blocked",
            "微信拦截了登录",
            "微信认为这个微信号有风险，不能登录。可以到村里或打电话办理，事情不会耽误。",
        )
    if error.kind in (Kind.LATER, Kind.TOKEN):
        _log.warning("wechat_away", code=error.code)
        return Problem(
            503,
            "wechat-away",
            "微信暂时没有回应",
            "没有办成，也没有保存任何内容。请过一会儿再试；急事请打县里的电话。",
            headers={"Retry-After": "10"},
        )
    # Whoever runs the service must see to it: no trying again helps.
    _log.error("wechat_refused", kind=error.kind.value, code=error.code)
    return Problem(
        503,
        "wechat-settings",
        "小程序的设置有误",
        "没有办成。这是我们这边的问题，已经记下，请联系县人社局。",
    )
