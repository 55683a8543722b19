"""WeChat's calls, as its documentation says they answer and refuse."""

import re
import struct
import zlib
from collections.abc import Callable, Mapping
from typing import Any

from api.wechat.fake.state import SEEN_WITHIN, Refusal, State
from api.wechat.fake.templates import fits

_SCENE = re.compile(r"[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]*")
_NARROWEST, _WIDEST = 280, 1280
_CONTENT, _SCENE_LETTERS = 2_500, 32
RISKY, DOUBTFUL = "违规测试", "疑似测试"
"""Words in a text that make it risky, or one for a human to look at."""

Answer = dict[str, Any] | bytes
Told = Mapping[str, Any]


def stable_token(state: State, _: Told, body: Told) -> Answer:
    """The credential."""
    state.limited("/cgi-bin/stable_token")
    if body.get("grant_type") != "client_credential":
        raise Refusal(40002, "invalid grant_type")
    _ours(state, body)
    value, seconds = state.token(force=body.get("force_refresh") is True)
    return {"access_token": value, "expires_in": seconds}


def code_to_session(state: State, query: Told, _: Told) -> Answer:
    """Who somebody is, for a code of hers."""
    _ours(state, query)
    if not query.get("js_code"):
        raise Refusal(41008, "missing code")
    openid = state.redeem(state.login_codes, str(query["js_code"]), reused=40163)
    state.limited("/sns/jscode2session", openid)
    if state.people[openid].risky:
        raise Refusal(40226, "code blocked")
    return {"openid": openid, "session_key": "never kept nor sent on =="}


def telephone(state: State, query: Told, body: Told) -> Answer:
    """Somebody's telephone, for a code of hers."""
    state.require(query.get("access_token"))
    openid = state.redeem(state.phone_codes, str(body.get("code") or ""), reused=40029)
    person = state.people[openid]
    abroad = "" if person.country == "86" else f"+{person.country}"
    return {
        "errcode": 0,
        "errmsg": "ok",
        "phone_info": {
            "phoneNumber": abroad + person.telephone,
            "purePhoneNumber": person.telephone,
            "countryCode": person.country,
            "watermark": {"timestamp": int(state.now()), "appid": state.appid},
        },
    }


def send(state: State, query: Told, body: Told) -> Answer:
    """One message, for one consent."""
    state.require(query.get("access_token"))
    openid, template, data = body.get("touser"), body.get("template_id"), body.get("data")
    if openid not in state.people:
        raise Refusal(40003, "invalid openid")
    if template not in state.templates:
        raise Refusal(40037, "invalid template_id")
    _has_page(state, str(body.get("page") or ""))
    for name in state.templates[template]:
        value = (data.get(name) if isinstance(data, dict) else None) or {}
        if not fits(name, str(value.get("value") or "")):
            raise Refusal(47003, f"argument invalid! data.{name}.value invalid")
    if state.consents[openid, template] < 1:
        raise Refusal(43101, "user refuse to accept the msg")
    state.consents[openid, template] -= 1
    state.sent.append(dict(body))
    return {"errcode": 0, "errmsg": "ok"}


def check(state: State, query: Told, body: Told) -> Answer:
    """Whether a text may be shown."""
    state.require(query.get("access_token"))
    state.limited("/wxa/msg_sec_check")
    content = body.get("content")
    if body.get("version") != 2 or not isinstance(content, str) or len(content) > _CONTENT:
        raise Refusal(47001, "data format error")
    if not content:
        raise Refusal(44002, "empty post data")
    if body.get("scene") not in (1, 2, 3, 4):
        raise Refusal(40129, "invalid scene")
    person = state.people.get(str(body.get("openid")))
    if person is None:
        raise Refusal(40003, "invalid openid")
    if state.now() - person.seen_at > SEEN_WITHIN:
        raise Refusal(61010, "code is expired")
    suggest, label = "pass", 100
    if DOUBTFUL in content:
        suggest, label = "review", 21000
    if RISKY in content:
        suggest, label = "risky", 20006
    return {"errcode": 0, "errmsg": "ok", "trace_id": "fake", "result": {"suggest": suggest, "label": label}}


def code_image(state: State, query: Told, body: Told) -> Answer:
    """The picture of a code."""
    state.require(query.get("access_token"))
    state.limited("/wxa/getwxacodeunlimit")
    scene, width = body.get("scene"), body.get("width", 430)
    if not isinstance(scene, str) or not 0 < len(scene) <= _SCENE_LETTERS:
        raise Refusal(40169, "invalid length for scene, or the data is not json string")
    if not _SCENE.fullmatch(scene):
        raise Refusal(40129, "invalid scene")
    if not isinstance(width, int) or not _NARROWEST <= width <= _WIDEST:
        raise Refusal(40097, "invalid args")
    if body.get("check_path", True):
        _has_page(state, str(body.get("page") or ""))
    return _picture(width, scene)


CALLS: dict[str, tuple[str, Callable[[State, Told, Told], Answer]]] = {
    "/cgi-bin/stable_token": ("POST", stable_token),
    "/sns/jscode2session": ("GET", code_to_session),
    "/wxa/business/getuserphonenumber": ("POST", telephone),
    "/cgi-bin/message/subscribe/send": ("POST", send),
    "/wxa/msg_sec_check": ("POST", check),
    "/wxa/getwxacodeunlimit": ("POST", code_image),
}
"""The calls that the service makes, with their method."""


def _ours(state: State, told: Told) -> None:
    if not told.get("appid"):
        raise Refusal(41002, "appid missing")
    if not told.get("secret"):
        raise Refusal(41004, "appsecret missing")
    if told["appid"] != state.appid:
        raise Refusal(40013, "invalid appid")
    if told["secret"] != state.secret:
        raise Refusal(40125, "invalid appsecret")


def _has_page(state: State, page: str) -> None:
    if page and state.pages and page.split("?")[0] not in state.pages:
        raise Refusal(41030, "invalid page")


def _picture(width: int, scene: str) -> bytes:
    """A picture that is no code: stripes of the scene's letters, so that two scenes look different."""
    stripes = [ord(letter) for letter in scene]
    row = bytes(stripes[at * len(stripes) // width] for at in range(width))
    rows = b"".join(b"\0" + row for _ in range(width))

    def chunk(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    head = struct.pack(">IIBBBBB", width, width, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
