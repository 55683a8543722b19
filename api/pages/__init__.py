"""The console: pages made on the server, in the clerk's own words."""

from fastapi import APIRouter, FastAPI

router = APIRouter(include_in_schema=False)


def install(app: FastAPI) -> None:
    """What the pages need of the application."""
