"""个人信息保护影响评估, to read, to print and to keep."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse

from api.assessment.written import as_page
from api.pages.desk import Desk, desk_for
from api.pages.routing import PageRoute
from api.rights import Action
from api.routes.bureau.assessment import read_impact_assessment

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get("/impact-assessment")
def show_assessment(
    desk: Annotated[Desk, Depends(desk_for(Action.ASSESS))],
    file: Annotated[bool, Query()] = False,
) -> HTMLResponse:
    """The page; as a file for whoever keeps it."""
    parts = read_impact_assessment(desk.session, desk.settings, desk.caller)
    if not file:
        return desk.show("assessment.html", path="/impact-assessment", parts=parts)
    name = quote(f"个人信息保护影响评估_{desk.today:%Y%m%d}")
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{name}.html",
        "Cache-Control": "no-store",
    }
    return HTMLResponse(as_page(parts, desk.today), headers=headers)
