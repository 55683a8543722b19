"""How routes are laid: every router says the whole of its addresses itself, and the application takes its routes as they are.

Where FastAPI includes a router it makes each route a second time, at the first request (seconds for some hundred of them), and
asks every router in between at every request (milliseconds).
"""

from collections.abc import Iterable
from typing import Any

from fastapi import APIRouter, Depends, FastAPI

from api.strict import known_query


def bureau_router(
    path: str = "", *, tag: str, responses: dict[int | str, dict[str, Any]] | None = None
) -> APIRouter:
    """The routes of a noun behind the bureau's door."""
    return APIRouter(
        prefix=f"/v1{path}", tags=[tag], responses=responses, dependencies=[Depends(known_query)]
    )


def lay(app: FastAPI, routers: Iterable[APIRouter]) -> None:
    """Take their routes, in their order."""
    for router in routers:
        app.router.routes.extend(router.routes)
