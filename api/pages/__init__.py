"""The console: pages made on the server, in the clerk's own words."""

from fastapi import APIRouter, FastAPI

from api.pages import (
    applications,
    benefits,
    comparisons,
    confirmations,
    doubts,
    duplicates,
    employers,
    follow_ups,
    gathering,
    handovers,
    history,
    home,
    households,
    imports,
    login,
    problems,
    registers,
    reports,
    spells,
    targets,
    timelines,
    vacancies,
    workers,
)

router = APIRouter(include_in_schema=False)
for _pages in (
    login,
    home,
    targets,
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
    benefits,
    duplicates,
    handovers,
    timelines,
    confirmations,
):
    router.include_router(_pages.router)


def install(app: FastAPI) -> None:
    """What the pages need of the application: its refusals as pages, for those who look at pages."""
    problems.install(app)
