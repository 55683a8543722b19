"""The households in which somebody could work and nobody does."""

from fastapi.responses import HTMLResponse

from api.errors import Problem
from api.families import members_of
from api.pages.desk import Desk
from api.pages.naming import regions_below, villages_to_choose
from api.paging import Page, Paging
from api.routes.bureau.households import (
    list_households,
)
from api.schemas.household import (
    HouseholdPublic,
)


def idle_page(
    desk: Desk,
    *,
    region: str = "",
    village: str | None = None,
    contacted: bool | None = None,
    cursor: str | None = None,
    problem: Problem | None = None,
    kept: dict[str, object] | None = None,
) -> HTMLResponse:
    def asked(limit: int, contacted: bool | None) -> Page[HouseholdPublic]:
        return list_households(
            desk.session,
            desk.caller,
            Paging(limit, cursor if limit > 1 else None, None),
            desk.present,
            desk.today,
            region=region or None,
            village=village,
            without_employment=True,
            contacted=contacted,
        )

    found = asked(50, contacted)
    return desk.show(
        "idle_households.html",
        path="/households",
        problem=problem,
        kept=kept or {},
        found=found,
        uncontacted=asked(1, False).total,
        members=members_of(desk.session, [item.id for item in found.items], desk.present, desk.today),
        region=region,
        village=village or "",
        villages=villages_to_choose(desk.session, region),
        contacted=contacted,
        regions=regions_below(desk.session, desk.caller.regions, desk.present),
        first_page=cursor is None,
    )
