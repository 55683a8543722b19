"""Progress as a stream of server-sent events. Between two looks it holds no connection and no turn."""

import asyncio
import time
from collections.abc import AsyncIterator

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool

from api.deps import act_as
from api.errors import Problem
from api.jobs.asking import job_or_404
from api.schemas.job import JobPublic, public_job
from models.job import UNFINISHED

LOOK_EVERY = 0.5
"""Seconds: progress itself is noted every second."""

BREATH = 15.0
"""Seconds without news after which a comment is sent, so that a line which is gone is found out."""

LONGEST = 900.0
"""Seconds of one stream; a browser then connects again, and who asks is looked at again."""

LAST = "end"
"""The number of the closing event: whoever comes back with it has seen everything."""


async def events(app: FastAPI, account_id: int, job_id: int) -> AsyncIterator[str]:
    """An event `progress` whenever something changed, then `end` with the state that the job ended in."""
    began, told, told_at = time.monotonic(), "", time.monotonic()
    yield "retry: 2000\n\n"
    while time.monotonic() - began < LONGEST and not app.state.stopping():
        try:
            async with app.state.turns:
                job = await run_in_threadpool(_look, app, account_id, job_id)
        except Problem:
            return  # the account was closed meanwhile
        news = job.model_dump_json()
        if job.state not in UNFINISHED:
            yield f"event: {LAST}\nid: {LAST}\ndata: {news}\n\n"
            return
        if news != told:
            told, told_at = news, time.monotonic()
            yield f"event: progress\ndata: {news}\n\n"
        elif time.monotonic() - told_at > BREATH:
            told_at = time.monotonic()
            yield ": \n\n"
        await asyncio.sleep(LOOK_EVERY)


def _look(app: FastAPI, account_id: int, job_id: int) -> JobPublic:
    with app.state.sessions() as session, session.begin():
        act_as(session, account_id)
        return public_job(job_or_404(session, job_id))
