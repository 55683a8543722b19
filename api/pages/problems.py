"""Refusals as pages, for those who look at pages: what happened, what was kept, what to do."""

import json
from collections.abc import Awaitable, Callable
from inspect import iscoroutinefunction
from typing import Any
from urllib.parse import quote, urlsplit

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from api.pages.desk import local
from api.pages.rendering import render

_NO_PAGES = ("/v1", "/static", "/health", "/ready", "/metrics", "/docs", "/redoc", "/openapi.json")
_TO_DO = {
    403: "需要这项权限时，请联系本单位的系统管理员；您现在能办什么，点右上角您的名字查看。",
    404: "请核对地址，或回首页，从菜单里重新查找。不归您管的人和单位，也会显示成没有。",
    405: "请从菜单或页面上的按钮进入。",
    409: "请回到刚才那一页，刷新后核对再办理。",
    410: "请从上面的菜单重新进入。",
    412: "您打开以后别人先改过。请回到刚才那一页，对照新的内容再改。",
    413: "请把文件分成几份，再分别导入。",
    415: "请换成页面上写明的文件种类，再重新上传。",
    422: "请回到刚才那一页，改好后再提交。",
    429: "请过一会儿再试。",
    500: "没有保存。请稍后再试；仍然不行，请把下面的编号告诉系统管理员。",
    503: "没有办成。请稍等片刻，再试一次。",
}
_FOR_READERS = {
    "/problems/http-404": ("没有这一页", "地址可能写错了，或者这一页已经换了地方。"),
    "/problems/http-405": ("这一页不能这样打开", "请从菜单或页面上的按钮进入。"),
}
"""What is said to readers where the problem's own words are for programmers."""

Handler = Callable[[Request, Any], Any]


def install(app: FastAPI) -> None:
    """Put a page in the place of every problem that the application would answer to a browser."""
    for kind, answer in list(app.exception_handlers.items()):
        app.add_exception_handler(kind, _as_page(answer))


def _as_page(answer: Handler) -> Callable[[Request, Any], Awaitable[Response]]:
    async def handle(request: Request, error: Any) -> Response:
        found: Response = (
            await answer(request, error)
            if iscoroutinefunction(answer)
            else await run_in_threadpool(answer, request, error)
        )
        if not _wants_page(request) or found.media_type != "application/problem+json":
            return found
        return _page(request, found)

    return handle


def _wants_page(request: Request) -> bool:
    looks = "text/html" in request.headers.get("accept", "") or "hx-request" in request.headers
    return looks and not request.url.path.startswith(_NO_PAGES)


def _page(request: Request, found: Response) -> Response:
    body = json.loads(bytes(found.body))
    status = found.status_code
    if status == 401:
        target = f"/login?next={quote(_way_back(request))}"
        if "hx-request" in request.headers:
            return Response(status_code=200, headers={"HX-Redirect": target})
        return RedirectResponse(target, 303)
    title, detail = _FOR_READERS.get(body["type"], (body["title"], body["detail"]))
    page = render(
        request,
        "problem.html",
        status,
        title=title,
        detail=detail,
        to_do=_TO_DO.get(status, "请回到上一页重试。"),
        number=request.state.request_id if status >= 500 else None,
        back=_page_before(request, status),
        sent=request.method not in ("GET", "HEAD"),
    )
    if "retry-after" in found.headers:
        page.headers["Retry-After"] = found.headers["retry-after"]
    return page


def _page_before(request: Request, status: int) -> tuple[str, str] | None:
    """Where the main button of a refusal leads, and its words: the form that was sent, or the page once more; else None."""
    if request.method not in ("GET", "HEAD"):
        return _way_back(request), "回到刚才那一页"
    return (_way_back(request), "再试一次") if status >= 500 else None


def _way_back(request: Request) -> str:
    """Where to go after logging in: the page asked for, or the one that a form stood on."""
    if request.method in ("GET", "HEAD"):
        query = f"?{request.url.query}" if request.url.query else ""
        return local(request.url.path + query)
    return local(urlsplit(request.headers.get("referer", "")).path or "/")
