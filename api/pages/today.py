"""今天要办的: what waits for this account, each with its number, why, and the list that holds as many.

Every number is asked of the function that makes the list behind it. Those over people at work take a second in a large
county, so the home page fetches all of it when it is already there.
"""

from fastapi import APIRouter, Header
from fastapi.responses import HTMLResponse

from api.pages.desk import Desk, DeskDep
from api.pages.routing import PageRoute
from api.pages.today_people import benefits, people
from api.pages.today_records import posts, records
from api.pages.todo import Group

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get("/today")
def show_today(desk: DeskDep, hx_request: str = Header(default="", max_length=10)) -> HTMLResponse:
    """The part of the home page; as a page of its own for who asks for it by its address."""
    return desk.show("_today.html" if hx_request else "today.html", groups=groups(desk))


def groups(desk: Desk) -> list[Group]:
    """What waits, by what it is about; only what there is."""
    found = (
        Group("人", people(desk)),
        Group("补贴", benefits(desk)),
        Group("记录和文件", records(desk)),
        Group("岗位和推荐", posts(desk)),
    )
    return [group for group in found if group.items]
