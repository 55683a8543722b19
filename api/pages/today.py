"""今天要办的: what waits for this account, the most urgent first, each with its number, why, and the list that holds as many.

Every number is asked of whoever makes the list behind it ([decision 52](../../docs/decisions/0052-desk.md) says which are
counted in the database, and which can't be). Those over people at work take a second in a large county, so the home page
fetches all of it when it is already there.
"""

from datetime import timedelta

from fastapi import APIRouter, Header
from fastapi.responses import HTMLResponse

from api.pages.desk import Desk, DeskDep
from api.pages.routing import PageRoute
from api.pages.today_people import benefits, people
from api.pages.today_records import posts, posts_to_ask, records
from api.pages.todo import Group, by_urgency
from api.rights import Action

router = APIRouter(route_class=PageRoute, include_in_schema=False)
_POSTS_SHOWN = 5


@router.get("/today")
def show_today(desk: DeskDep, hx_request: str = Header(default="", max_length=10)) -> HTMLResponse:
    """The part of the home page; as a page of its own for who asks for it by its address."""
    asked = desk.where(lambda there: posts_to_ask(there, _POSTS_SHOWN), Action.WRITE_POSTS)
    return desk.show(
        "_today.html" if hx_request else "today.html",
        groups=groups(desk),
        expiring=asked.items if asked else [],
        new_end=desk.today + timedelta(days=desk.present.refresh_days),
    )


def groups(desk: Desk) -> list[Group]:
    """What waits, by how urgent it is; only what there is, and what the account may see to."""
    return by_urgency([*people(desk), *benefits(desk), *records(desk), *posts(desk)])
