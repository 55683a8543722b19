"""What a clerk does to a target: divides it among regions, types a figure with its proof, takes either back."""

from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Response, UploadFile

from api.deps import RowId
from api.pages.desk import Desk, desk_for, to
from api.pages.routing import PageRoute
from api.pages.targets import Kept, target_page
from api.pages.typed import a_day, read_form
from api.rights import Action
from api.routes.bureau import figures as figures_door
from api.routes.bureau import target_parts as parts_door
from api.schemas.decomposition import FigureCreate, FigureWithdrawn, PartCreate, PartUpdate

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Manager = Annotated[Desk, Depends(desk_for(Action.READ_TARGETS, Action.MANAGE_TARGETS))]
Number = Annotated[str, Form(max_length=20)]
Version = Annotated[int, Form(ge=0, le=2**31)]


@router.post("/targets/{target_id}/parts")
def create_part(
    desk: Manager,
    target_id: RowId,
    region: Annotated[str, Form(max_length=12)] = "",
    figure: Number = "",
) -> Response:
    """Give a region its part."""

    def command() -> None:
        body = read_form(PartCreate, {"region": region, "figure": figure})
        parts_door.create_target_part(
            target_id, body, desk.session, desk.caller, desk.today, desk.once, desk.present
        )

    problem = desk.attempt(command)
    if problem is not None:
        return target_page(desk, target_id, problem=problem, kept={"region": region, "figure": figure})
    return to(f"/targets/{target_id}?done=part-saved#divided")


@router.post("/targets/{target_id}/parts/{part_id}")
def update_part(
    desk: Manager, target_id: RowId, part_id: RowId, version: Version = 0, figure: Number = ""
) -> Response:
    """Another number for the same region."""

    def command() -> None:
        body = read_form(PartUpdate, {"figure": figure})
        parts_door.update_target_part(
            target_id, part_id, body, desk.session, desk.caller, version, desk.today, desk.present, Response()
        )

    problem = desk.attempt(command)
    if problem is not None:
        return target_page(desk, target_id, problem=problem)
    return to(f"/targets/{target_id}?done=part-saved#divided")


@router.post("/targets/{target_id}/parts/{part_id}/withdraw")
def withdraw_part(desk: Manager, target_id: RowId, part_id: RowId, version: Version = 0) -> Response:
    """Take a part back."""
    problem = desk.attempt(
        lambda: parts_door.withdraw_target_part(target_id, part_id, desk.session, desk.caller, version)
    )
    if problem is not None:
        return target_page(desk, target_id, problem=problem)
    return to(f"/targets/{target_id}?done=part-withdrawn#divided")


@router.post("/targets/{target_id}/figures")
def create_figure(
    desk: Manager,
    target_id: RowId,
    figure: Number = "",
    as_of: Annotated[str, Form(max_length=10)] = "",
    proof: Annotated[str, Form(max_length=1000)] = "",
    region: Annotated[str, Form(max_length=12)] = "",
    file: Annotated[UploadFile | str, File()] = "",
) -> Response:
    """Type a figure, with the file that proves it where there is one."""
    kept: Kept = {"figure": figure, "as_of": as_of, "proof": proof, "region": region}

    def command() -> None:
        day = a_day("as_of", as_of, "截止日期应是日期，请在日历里选择。")
        told = {"figure": figure, "as_of": day, "proof": proof, "region": region or None}
        body = read_form(FigureCreate, told)
        made = figures_door.create_figure(
            target_id, body, desk.session, desk.caller, desk.today, desk.once, desk.present
        )
        if not isinstance(file, str) and file.filename:
            figures_door.attach_figure_file(
                made.id, file, desk.session, desk.caller, desk.settings, desk.keyring, desk.once, desk.present
            )

    problem = desk.attempt(command)
    if problem is not None:
        return target_page(desk, target_id, problem=problem, kept=kept)
    return to(f"/targets/{target_id}?done=figure-typed#typed")


@router.post("/targets/{target_id}/figures/{figure_id}/withdraw")
def withdraw_figure(
    desk: Manager, target_id: RowId, figure_id: RowId, reason: Annotated[str, Form(max_length=300)] = ""
) -> Response:
    """Take a figure out of force."""

    def command() -> None:
        body = read_form(FigureWithdrawn, {"reason": reason})
        figures_door.withdraw_figure(figure_id, body, desk.session, desk.caller, desk.present)

    problem = desk.attempt(command)
    if problem is not None:
        return target_page(desk, target_id, problem=problem)
    return to(f"/targets/{target_id}?done=figure-withdrawn#typed")


@router.get("/figures/{figure_id}/file")
def fetch_figure_file(
    desk: Annotated[Desk, Depends(desk_for(Action.READ_TARGETS))], figure_id: RowId
) -> Response:
    """The file that proves a figure."""
    return figures_door.read_figure_file(figure_id, desk.session, desk.caller, desk.keyring)
