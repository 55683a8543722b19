"""The server: WeChat's paths, and `/_fake/…`, where a test or a developer says who there is and how it misbehaves."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import asdict
from functools import partial
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from api.wechat.fake.calls import CALLS
from api.wechat.fake.state import Fault, Refusal, State


def fake_wechat(state: State) -> Starlette:
    """An application over `state`."""
    routes = [Route(path, partial(_call, state, path), methods=["GET", "POST"], name=path) for path in CALLS]
    routes += [
        Route(f"/_fake/{name}", partial(_tell, state, name), methods=["POST"], name=name) for name in _TOLD
    ]
    routes.append(Route("/sms", partial(_sms, state), methods=["POST"], name="/sms"))
    routes.append(Route("/_fake/state", partial(_show, state), methods=["GET"]))
    return Starlette(routes=routes)


async def _call(state: State, path: str, request: Request) -> Response:
    state.calls[path] += 1
    fault = state.fault(path)
    if fault is not None:
        await asyncio.sleep(fault.wait)
        if fault.broken:
            return _broken(fault.broken)
        if fault.errcode is not None:
            return JSONResponse({"errcode": fault.errcode, "errmsg": "as it was told"})
    method, call = CALLS[path]
    try:
        if request.method != method:
            raise Refusal(43002 if method == "POST" else 41002, f"require {method} method")
        answer = call(state, dict(request.query_params), await _body(request))
    except Refusal as refusal:
        return JSONResponse({"errcode": refusal.code, "errmsg": f"{refusal.words} rid: fake"})
    if isinstance(answer, bytes):
        return Response(answer, media_type="image/png")
    return JSONResponse(answer)


async def _body(request: Request) -> dict[str, Any]:
    sent = await request.body()
    if not sent:
        return {}
    try:
        told = json.loads(sent)
    except ValueError:
        raise Refusal(47001, "data format error") from None
    if not isinstance(told, dict):
        raise Refusal(47001, "data format error")
    return told


def _broken(how: str) -> Response:
    if how == "page":
        return HTMLResponse("<html><body>502 Bad Gateway</body></html>", 502)
    if how == "cut":
        return StreamingResponse(_half(), headers={"Content-Length": "1000"}, media_type="application/json")
    return PlainTextResponse('{"errcode": ')


async def _half() -> AsyncIterator[bytes]:
    yield b'{"errcode": 0'
    raise ConnectionAbortedError


async def _tell(state: State, name: str, request: Request) -> Response:
    return JSONResponse(_TOLD[name](state, await _body(request)))


def _people(state: State, told: dict[str, Any]) -> dict[str, Any]:
    openid = state.person(str(told["telephone"]), str(told.get("country", "86")))
    state.people[openid].risky = bool(told.get("risky"))
    return {"openid": openid}


def _login_codes(state: State, told: dict[str, Any]) -> dict[str, Any]:
    return {"code": state.code(state.login_codes, told["openid"])}


def _phone_codes(state: State, told: dict[str, Any]) -> dict[str, Any]:
    return {"code": state.code(state.phone_codes, told["openid"])}


def _consents(state: State, told: dict[str, Any]) -> dict[str, Any]:
    state.consents[told["openid"], told["template_id"]] += int(told.get("times", 1))
    return {}


def _templates(state: State, told: dict[str, Any]) -> dict[str, Any]:
    state.templates[told["template_id"]] = list(told["fields"])
    return {}


def _pages(state: State, told: dict[str, Any]) -> dict[str, Any]:
    state.pages = set(told["pages"])
    return {}


def _faults(state: State, told: dict[str, Any]) -> dict[str, Any]:
    state.faults.append(Fault(**told))
    return {}


def _limits(state: State, told: dict[str, Any]) -> dict[str, Any]:
    state.limits[told["path"]] = int(told["a_minute"])
    return {}


def _clock(state: State, told: dict[str, Any]) -> dict[str, Any]:
    state.ahead += float(told["seconds"])
    return {}


def _forget(state: State, _: dict[str, Any]) -> dict[str, Any]:
    state.tokens.clear()
    return {}


_TOLD = {
    "people": _people,
    "login-codes": _login_codes,
    "phone-codes": _phone_codes,
    "consents": _consents,
    "templates": _templates,
    "pages": _pages,
    "faults": _faults,
    "limits": _limits,
    "clock": _clock,
    "forget-tokens": _forget,
}


async def _sms(state: State, request: Request) -> Response:
    """A gateway of SMS beside, for who has no WeChat."""
    state.calls["/sms"] += 1
    fault = state.fault("/sms")
    if fault is not None:
        await asyncio.sleep(fault.wait)
        return Response(status_code=fault.errcode or 503)
    state.texts.append(await _body(request))
    return JSONResponse({"ok": True})


async def _show(state: State, _: Request) -> Response:
    return JSONResponse(
        {
            "sent": state.sent,
            "texts": state.texts,
            "calls": state.calls,
            "people": {openid: asdict(person) for openid, person in state.people.items()},
        }
    )
