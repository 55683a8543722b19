"""/health, /ready and /metrics: for whatever watches the service, not for people."""

import time
from ipaddress import ip_address
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.concurrency import run_in_threadpool

from api.database import SchemaDiffers
from api.deps import get_caller, narrow
from api.observing import jobs, requests
from api.observing.checks import Fact, State, facts, worst
from api.rights import Action

router = APIRouter(include_in_schema=False)
FRESH = 1.0
"""Seconds for which an answer of `/ready` serves whoever asks meanwhile: nobody is let to keep the database busy by asking."""

_STATUS = {State.OK: "ready", State.DEGRADED: "degraded", State.FAILED: "not_ready"}
_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


@router.get("/health")
async def health() -> dict[str, str]:
    """The process lives and answers. It asks nothing of anything else: to begin it again would mend nothing there."""
    return {"status": "ok"}


@router.get("/ready")
async def ready(request: Request) -> Response:
    """Whether it can serve: 200, with `degraded` where part of it can't, 503 where nothing can be done."""
    found = await _facts(request)
    status = _STATUS[worst(found)]
    told = [
        {"name": fact.name, "state": fact.state.value, "words": fact.words, "to_do": fact.to_do}
        for fact in found
    ]
    return JSONResponse({"status": status, "checks": told}, 503 if status == "not_ready" else 200)


async def _facts(request: Request) -> list[Fact]:
    state = request.app.state
    async with state.looking:
        known: tuple[float, list[Fact]] | None = state.looked
        if known is None or time.monotonic() - known[0] > FRESH:
            found = await run_in_threadpool(facts, state.sessions, state.settings)
            state.looked = known = (time.monotonic(), found)
    return known[1]


def may_watch(request: Request) -> None:
    """From this machine itself, or by whoever may look after the service.

    A request that a proxy on this machine passes on comes from elsewhere, whatever the connection's other end is.

    Raises
    ------
    Problem
        401 or 403 for everybody else.
    """
    if not any(header in request.headers for header in _FORWARDED) and _loopback(request):
        return
    with request.app.state.sessions() as session, session.begin():
        narrow(session, get_caller(request, session, request.app.state.settings), Action.OBSERVE)


def _loopback(request: Request) -> bool:
    try:
        return request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        return False


@router.get("/metrics")
def metrics(request: Request, _: Annotated[Any, Depends(may_watch)]) -> Response:
    """Figures in Prometheus's text. Where the database is away those of this process are still told."""
    told = requests.told()
    try:
        with request.app.state.sessions() as session, session.begin():
            told += jobs.told(jobs.job_figures(session.connection()))
    except (DBAPIError, PoolTimeout, SchemaDiffers):
        told += b"# the database does not answer: nothing is told of jobs\n"
    return Response(told, media_type=CONTENT_TYPE_PLAIN_0_0_4)
