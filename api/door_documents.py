"""Doors with a document of their own: `PREFIX/openapi.json`, and a page to read it, without the internet.

Their routes stand in no other document: who writes programs for bureaus need not read them, nor the other way about.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse, JSONResponse

from api.documentation import page_of_document
from api.laying import lay


@dataclass(frozen=True, slots=True)
class Door:
    """Where the addresses behind it begin, what its document is called and says first, and where the page stands."""

    prefix: str
    title: str
    words: str
    page: str


MINI_PROGRAM = Door(
    "/mp/v1",
    "稳岗桥 小程序接口",
    "劳动者的微信小程序用这些接口。先 `login`，以后每次在 Authorization 里带 Bearer 令牌；每条命令（POST）都要带 "
    "Idempotency-Key，网络断了用同一个值重发，得到的是第一次的回答。`people/{worker_id}` 是绑定的人，别人一律是404。",
    "/mp/docs",
)
EMPLOYERS = Door(
    "/employer/v1",
    "稳岗桥 用人单位接口",
    "用人单位自己的人事系统用这些接口：发布和刷新岗位、答复应聘的人、每月核对在岗名册、看自己的人留下多少。令牌由 "
    "`POST /v1/token` 取得，或在“我的账号”里建密钥，放在 Authorization: Bearer 中。所有列表按游标翻页；命令可带 "
    "Idempotency-Key，修改须带 If-Match。看得到的只有本单位的岗位、推荐给本单位的人和本单位在岗的人；别人的一律是404。",
    "/employer/docs",
)


def document(app: FastAPI, door: Door, routers: Sequence[APIRouter]) -> None:
    """Lay the routes behind a door, and describe them by themselves."""
    routes = [route for router in routers for route in router.routes]
    made: dict[str, Any] = {}

    def described(_: Request) -> JSONResponse:
        if not made:
            made.update(
                get_openapi(
                    title=door.title, version=app.version, description=door.words, routes=routes,
                    separate_input_output_schemas=True,
                )
            )  # fmt: skip
        return JSONResponse(made)

    def shown(request: Request) -> HTMLResponse:
        return page_of_document(request, f"{door.prefix}/openapi.json", door.title)

    lay(app, routers)
    app.add_api_route(f"{door.prefix}/openapi.json", described, include_in_schema=False)
    app.add_api_route(door.page, shown, include_in_schema=False)


def keep_apart(app: FastAPI, doors: Sequence[Door]) -> None:
    """Let the bureau's own document leave these doors out."""
    prefixes = tuple(door.prefix for door in doors)

    def of_the_bureau() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = get_openapi(
                title=app.title, version=app.version, openapi_version=app.openapi_version,
                description=app.description, separate_input_output_schemas=app.separate_input_output_schemas,
                routes=[route for route in app.routes if not getattr(route, "path", "").startswith(prefixes)],
            )  # fmt: skip
        return app.openapi_schema

    app.openapi = of_the_bureau  # type: ignore[method-assign]
