"""状态: whether the service is well, for those who look after it: the facts of /ready with what to do next, and its jobs."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse
from starlette.requests import Request

from api.observing.checks import State, facts, worst
from api.observing.jobs import Figures, job_figures
from api.pages.desk import Desk, desk_for
from api.pages.routing import PageRoute
from api.rights import Action
from api.schemas.job import LABELS
from models.job import JobState

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Watcher = Annotated[Desk, Depends(desk_for(Action.OBSERVE))]
_MARKS = {State.OK: "reached", State.DEGRADED: "behind", State.FAILED: "held", State.UNKNOWN: "unknowns"}


@dataclass(frozen=True, slots=True)
class OfKind:
    """Jobs of one kind. `seconds`: how long one took that was done, None where none was."""

    label: str
    jobs: dict[JobState, int]
    seconds: float | None
    waiting_since: datetime | None


@router.get("/status")
def show_status(request: Request, desk: Watcher) -> HTMLResponse:
    """What is well, and what is not."""
    found = facts(request.app.state.sessions, desk.settings)
    kinds = _by_kind(job_figures(desk.session.connection()))
    return desk.show(
        "status.html", facts=found, whole=worst(found), marks=_MARKS, kinds=kinds, states=list(JobState)
    )


def _by_kind(figures: list[Figures]) -> list[OfKind]:
    kinds: dict[str, dict[JobState, Figures]] = defaultdict(dict)
    for each in figures:
        kinds[each.kind][each.state] = each
    told = []
    for kind, states in kinds.items():
        done, queued = states.get(JobState.DONE), states.get(JobState.QUEUED)
        told.append(
            OfKind(
                LABELS.get(kind, kind),
                {state: states[state].jobs if state in states else 0 for state in JobState},
                done.seconds / done.jobs if done else None,
                queued.oldest if queued else None,
            )
        )
    return told
