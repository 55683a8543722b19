"""A thin client of WeChat's server: six calls, each either an answer or a `WeChatError`.

`session_key`, which the log-in brings, is dropped here: it is never kept, nor told to anybody.
"""

import logging
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

import httpx

from api.wechat.codes import Kind, WeChatError, kind_of
from models.coded import Coded

# It would write each address, and an address holds the credential.
logging.getLogger("httpx").setLevel(logging.WARNING)

SCENE_LETTERS = 32
CONTENT_LETTERS = 2_500
_FORUM = 3
_TIMEOUT = httpx.Timeout(5.0, connect=2.0)

Fetch = Callable[[bool], tuple[str, int]]
"""Fetches the credential, by force or not: what it is, and for how many seconds it is good."""


class Tokens(Protocol):
    """Where the credential is kept for all processes."""

    def current(self, fetch: Fetch, stale: str | None = None) -> str:
        """The credential; with `stale` another than that one, which WeChat did not take."""


@dataclass(frozen=True, slots=True)
class Telephone:
    """A number that WeChat has verified, without its country's code."""

    country: str
    number: str


class Verdict(Coded):
    """What WeChat says of a text."""

    PASS = "pass", "通过"
    REVIEW = "review", "建议人工查看"
    RISKY = "risky", "可能违规"


class WeChat:
    """WeChat's server for one mini-program."""

    def __init__(
        self,
        base_url: str,
        appid: str,
        secret: str,
        tokens: Tokens,
        *,
        timeout: httpx.Timeout | None = None,
    ) -> None:
        self._base = base_url.rstrip("/")
        self._appid = appid
        self._secret = secret
        self._tokens = tokens
        self._timeout = timeout or _TIMEOUT

    def log_in(self, code: str) -> str:
        """The person's `openid` for the code that her WeChat gave."""
        told = {
            "appid": self._appid,
            "secret": self._secret,
            "js_code": code,
            "grant_type": "authorization_code",
        }
        return _text(self._asked("GET", "/sns/jscode2session", params=told), "openid")

    def telephone(self, code: str) -> Telephone:
        """The person's telephone for the code that she let her WeChat give."""
        answer = self._with_token("/wxa/business/getuserphonenumber", {"code": code}).json()
        info = answer.get("phone_info")
        if not isinstance(info, dict):
            raise WeChatError(Kind.LATER)
        return Telephone(str(info.get("countryCode", "")), _text(info, "purePhoneNumber"))

    def send(self, openid: str, template_id: str, data: Mapping[str, str], *, page: str = "") -> None:
        """Send one subscribe message; it spends one of the person's consents."""
        told: dict[str, Any] = {
            "touser": openid,
            "template_id": template_id,
            "data": {name: {"value": value} for name, value in data.items()},
        }
        if page:
            told["page"] = page
        self._with_token("/cgi-bin/message/subscribe/send", told)

    def check(self, openid: str, content: str) -> Verdict:
        """What WeChat says of a text that somebody wrote; of more letters than it reads the first."""
        told = {"version": 2, "openid": openid, "scene": _FORUM, "content": content[:CONTENT_LETTERS]}
        answer = self._with_token("/wxa/msg_sec_check", told).json()
        result = answer.get("result")
        try:
            return Verdict.read(_text(result if isinstance(result, dict) else {}, "suggest"))
        except ValueError:
            raise WeChatError(Kind.LATER) from None

    def code_image(self, scene: str, page: str) -> bytes:
        """The picture of a mini-program code that leads to `page` and tells it `scene`, 32 letters at most."""
        if not 0 < len(scene) <= SCENE_LETTERS:
            raise WeChatError(Kind.SETTINGS, 40169)
        return self._with_token("/wxa/getwxacodeunlimit", {"scene": scene, "page": page}).content

    def _fetch(self, force: bool) -> tuple[str, int]:
        told = {
            "grant_type": "client_credential",
            "appid": self._appid,
            "secret": self._secret,
            "force_refresh": force,
        }
        answer = self._asked("POST", "/cgi-bin/stable_token", body=told)
        seconds = answer.get("expires_in")
        if not isinstance(seconds, int):
            raise WeChatError(Kind.LATER)
        return _text(answer, "access_token"), seconds

    def _with_token(self, path: str, body: Mapping[str, Any]) -> httpx.Response:
        token = self._tokens.current(self._fetch)
        try:
            return self._answer("POST", path, {"access_token": token}, body)
        except WeChatError as error:
            if error.kind is not Kind.TOKEN:
                raise
        token = self._tokens.current(self._fetch, stale=token)
        try:
            return self._answer("POST", path, {"access_token": token}, body)
        except WeChatError as error:
            # Fetched anew and not taken either: that is for later, not for once more.
            raise WeChatError(Kind.LATER if error.kind is Kind.TOKEN else error.kind, error.code) from None

    def _asked(
        self, method: str, path: str, *, params: Mapping[str, str] | None = None, body: Any = None
    ) -> dict[str, Any]:
        answer: dict[str, Any] = self._answer(method, path, params or {}, body).json()
        return answer

    def _answer(self, method: str, path: str, params: Mapping[str, str], body: Any) -> httpx.Response:
        try:
            with httpx.Client(
                verify=_certificates(), timeout=self._timeout, trust_env=False, follow_redirects=False
            ) as client:
                answer = client.request(method, self._base + path, params=params, json=body)
        except httpx.HTTPError:
            raise WeChatError(Kind.LATER) from None
        if answer.status_code != 200:
            raise WeChatError(Kind.LATER)
        if answer.headers.get("content-type", "").startswith("image/"):
            return answer
        try:
            told = answer.json()
        except ValueError:
            raise WeChatError(Kind.LATER) from None
        if not isinstance(told, dict):
            raise WeChatError(Kind.LATER)
        code = told.get("errcode", 0)
        if not isinstance(code, int):
            raise WeChatError(Kind.LATER)
        if code:
            raise WeChatError(kind_of(code), code)
        return answer


def _text(answer: Mapping[str, Any], name: str) -> str:
    value = answer.get(name)
    if not isinstance(value, str) or not value:
        raise WeChatError(Kind.LATER)
    return value


@cache
def _certificates() -> ssl.SSLContext:
    """Whom the service trusts; reading them takes longer than a call."""
    return ssl.create_default_context()
