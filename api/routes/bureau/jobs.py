"""/v1/jobs: long work that this account asked for, and how far it is."""

from typing import Annotated

from fastapi import Header, Query, Request
from fastapi.responses import Response, StreamingResponse
from sqlmodel import col, select

from api.deps import CallerDep, RowId, SessionDep
from api.errors import PROBLEMS
from api.jobs.asking import ask_to_end, job_or_404
from api.jobs.watching import LAST, events
from api.laying import bureau_router
from api.paging import Page, PagingDep, page_of
from api.schemas.job import JobPublic, public_job
from models.job import Job, JobState

router = bureau_router("/jobs", tag="job", responses=PROBLEMS)


@router.get("", operation_id="list_jobs")
def list_jobs(
    session: SessionDep,
    _: CallerDep,
    paging: PagingDep,
    state: Annotated[JobState | None, Query()] = None,
) -> Page[JobPublic]:
    """My jobs, newest first."""
    query = select(Job)
    if state:
        query = query.where(Job.state == state)
    rows, cursor, total = page_of(session, query, paging, number=col(Job.id), sorts={})
    return Page(items=[public_job(row) for row in rows], next_cursor=cursor, total=total)


@router.get("/{job_id}", operation_id="read_job")
def read_job(job_id: RowId, session: SessionDep, _: CallerDep) -> JobPublic:
    """One of my jobs."""
    return public_job(job_or_404(session, job_id))


@router.get(
    "/{job_id}/events",
    operation_id="watch_job",
    response_class=Response,
    responses={
        200: {
            "description": "`progress` whenever something changed, then `end`; each carries the job",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
        204: {"description": "nothing more to tell: the closing event was seen"},
    },
)
def watch_job(
    job_id: RowId,
    request: Request,
    session: SessionDep,
    caller: CallerDep,
    last_event_id: Annotated[str | None, Header(max_length=20)] = None,
) -> Response:
    """Progress as it happens (SSE). The stream closes after `end`; a browser that comes back then is told to stop."""
    job_or_404(session, job_id)
    if last_event_id == LAST:
        return Response(status_code=204)
    return StreamingResponse(
        events(request.app, caller.account_id, job_id),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no"},
    )


@router.delete("/{job_id}", operation_id="cancel_job")
def cancel_job(job_id: RowId, session: SessionDep, _: CallerDep) -> JobPublic:
    """Ask for the end: one that waits ends at once, one under way soon; one that has ended stays as it is."""
    return public_job(ask_to_end(session, job_id))
