"""快捷键与常见问题: what the keys do, and what people ask, to be read or printed."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.pages.desk import DeskDep
from api.pages.routing import PageRoute

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get("/help")
def show_help(desk: DeskDep) -> HTMLResponse:
    """The page."""
    return desk.show("help.html")
