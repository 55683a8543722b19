"""WeChat as the doors ask it: the client of the settings, few at a time, and its refusals in words."""

from collections.abc import Callable
from typing import TypeVar

import structlog
from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import Request

from api.database import Sessions
from api.errors import Problem
from api.settings import Settings
from api.wechat.client import WeChat
from api.wechat.codes import Kind, WeChatError
from api.wechat.token_row import Gate, TokenRow
from models.sealing import Keyring

POSTER_PAGE = "pages/vacancy"
"""The mini-program's page of one post; `scene` tells it which: v=NUMBER."""
AT_ONCE = 10
"""Calls of one process at once. While WeChat hangs, so many threads hang with it; all others are free for the bureau."""
_IN_LINE = 30
"""Who comes behind so many is told at once that WeChat is away."""
_log = structlog.get_logger("wengang.wechat")
Answer = TypeVar("Answer")


class Line:
    """What one process has to reach WeChat by: places for calls, and the gate before its credential."""

    def __init__(self) -> None:
        self.places = CapacityLimiter(AT_ONCE)
        self.gate = Gate()


async def beside(request: Request, call: Callable[[], Answer]) -> Answer:
    """Make a call that may wait for WeChat on a thread of those that are set apart for it.

    Raises
    ------
    Problem
        503 where too many wait already.
    """
    places: CapacityLimiter = request.app.state.wechat.places
    if places.statistics().tasks_waiting >= _IN_LINE:
        raise refusal(WeChatError(Kind.LATER))
    return await run_sync(call, limiter=places)


def client_of(settings: Settings, sessions: Sessions, keyring: Keyring, gate: Gate) -> WeChat | None:
    """The client, where a mini-program is set up."""
    if not settings.wechat_appid or settings.wechat_secret is None:
        return None
    return WeChat(
        settings.wechat_url,
        settings.wechat_appid,
        settings.wechat_secret.get_secret_value(),
        TokenRow(sessions, keyring, gate),
    )


def get_wechat(request: Request) -> WeChat:
    """The client of this service.

    Raises
    ------
    Problem
        503 where no mini-program is set up.
    """
    state = request.app.state
    client = client_of(state.settings, state.sessions, state.keyring, state.wechat.gate)
    if client is None:
        raise Problem(
            503,
            "mini-program-closed",
            "小程序还没有开通",
            "本县还没有开通小程序，请联系县人社局或村级信息员。",
        )
    return client


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
