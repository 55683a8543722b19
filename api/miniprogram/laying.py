"""How routes of the mini-program's door are laid."""

from fastapi import APIRouter, Depends

from api.door_documents import MINI_PROGRAM
from api.errors import PROBLEMS
from api.miniprogram.words import PersonsRoute
from api.strict import known_query

PERSON = "/people/{worker_id}"


def mini_router(path: str = "", *, tag: str) -> APIRouter:
    """The routes of a noun behind the mini-program's door. They are in the door's own document, not in the bureau's."""
    return APIRouter(
        prefix=f"{MINI_PROGRAM.prefix}{path}",
        tags=[tag],
        responses=PROBLEMS,
        dependencies=[Depends(known_query)],
        route_class=PersonsRoute,
    )
