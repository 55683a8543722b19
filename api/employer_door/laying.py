"""How routes of the employers' door are laid."""

from fastapi import APIRouter, Depends

from api.door_documents import EMPLOYERS
from api.errors import PROBLEMS
from api.strict import known_query


def employer_router(path: str = "", *, tag: str) -> APIRouter:
    """The routes of a noun behind the employers' door. They are in the door's own document, not in the bureau's."""
    return APIRouter(
        prefix=f"{EMPLOYERS.prefix}{path}",
        tags=[tag],
        responses=PROBLEMS,
        dependencies=[Depends(known_query)],
    )
