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
    403: "需要这项权限时，请联系本单位的系统管理员。",
    404: "请核对地址，或回首页重新查找。",
    409: "请回到上一页，刷新后核对再办理。",
    413: "请把文件分成几份，再分别导入。",
    422: "请回到上一页，改好后再提交。填过的内容还在。",
    500: "请稍后再试。仍然不行，请把下面的编号告诉系统管理员。",
    503: "请稍等片刻，再刷新这一页。",
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
    )
    if "retry-after" in found.headers:
        page.headers["Retry-After"] = found.headers["retry-after"]
    return page


def _way_back(request: Request) -> str:
    """Where to go after logging in: the page asked for, or the one that a form stood on."""
    if request.method in ("GET", "HEAD"):
        query = f"?{request.url.query}" if request.url.query else ""
        return local(request.url.path + query)
    return local(urlsplit(request.headers.get("referer", "")).path or "/")
