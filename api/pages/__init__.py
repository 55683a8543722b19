"""The console: pages made on the server, in the clerk's own words."""

from fastapi import APIRouter, FastAPI

from api.pages import (
    applications,
    benefits,
    claims_waiting,
    comparisons,
    confirmations,
    doubts,
    duplicates,
    employers,
    fairs,
    follow_ups,
    frozen_reports,
    gathering,
    handovers,
    history,
    home,
    households,
    imports,
    key_employers,
    ladder,
    login,
    plans,
    problems,
    registers,
    reports,
    spells,
    stations,
    target_calls,
    target_forms,
    targets,
    timelines,
    today,
    vacancies,
    workers,
    workshops,
)

router = APIRouter(include_in_schema=False)
for _pages in (
    login,
    home,
    today,
    plans,
    targets,
    target_calls,
    target_forms,
    frozen_reports,
    households,
    workers,
    history,
    reports,
    doubts,
    applications,
    follow_ups,
    spells,
    vacancies,
    employers,
    imports,
    comparisons,
    registers,
    gathering,
    claims_waiting,
    key_employers,
    benefits,
    duplicates,
    handovers,
    ladder,
    workshops,
    fairs,
    stations,
    timelines,
    confirmations,
):
    router.include_router(_pages.router)


def install(app: FastAPI) -> None:
    """What the pages need of the application: its refusals as pages, for those who look at pages."""
    problems.install(app)
