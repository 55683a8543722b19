"""The mini-program's own document: /mp/v1/openapi.json, and /mp/docs to read it, without the internet.

Its routes stand in no other: who writes programs for bureaus need not read them, nor the other way about.
"""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse, JSONResponse

from api.documentation import page_of_document
from api.laying import lay
from api.miniprogram.laying import PREFIX

TITLE = "稳岗桥 小程序接口"
_WORDS = (
    "劳动者的微信小程序用这些接口。先 `login`，以后每次在 Authorization 里带 Bearer 令牌；每条命令（POST）都要带 "
    "Idempotency-Key，网络断了用同一个值重发，得到的是第一次的回答。`people/{worker_id}` 是绑定的人，别人一律是404。"
)


def document(app: FastAPI, routers: Sequence[APIRouter]) -> None:
    """Lay the routes, and describe them by themselves."""
    routes = [route for router in routers for route in router.routes]
    made: dict[str, Any] = {}

    def described(_: Request) -> JSONResponse:
        if not made:
            made.update(
                get_openapi(
                    title=TITLE, version=app.version, description=_WORDS, routes=routes,
                    separate_input_output_schemas=True,
                )
            )  # fmt: skip
        return JSONResponse(made)

    def shown(request: Request) -> HTMLResponse:
        return page_of_document(request, f"{PREFIX}/openapi.json", TITLE)

    lay(app, routers)
    app.add_api_route(f"{PREFIX}/openapi.json", described, include_in_schema=False)
    app.add_api_route("/mp/docs", shown, include_in_schema=False)

    def of_the_bureau() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = get_openapi(
                title=app.title, version=app.version, openapi_version=app.openapi_version,
                description=app.description, separate_input_output_schemas=app.separate_input_output_schemas,
                routes=[route for route in app.routes if not getattr(route, "path", "").startswith(PREFIX)],
            )  # fmt: skip
        return app.openapi_schema

    app.openapi = of_the_bureau  # type: ignore[method-assign]
