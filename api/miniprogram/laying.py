"""How routes of the mini-program's door are laid."""

from fastapi import APIRouter, Depends

from api.errors import PROBLEMS
from api.strict import known_query

PREFIX = "/mp/v1"
PERSON = "/people/{worker_id}"


def mini_router(path: str = "", *, tag: str) -> APIRouter:
    """The routes of a noun behind the mini-program's door. They are in the door's own document, not in the bureau's."""
    return APIRouter(
        prefix=f"{PREFIX}{path}", tags=[tag], responses=PROBLEMS, dependencies=[Depends(known_query)]
    )
