"""导入: files come in, are looked at, and go into the ledger when the clerk says so."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, Query, Request, Response, UploadFile
from fastapi.responses import HTMLResponse

from api.deps import RowId
from api.errors import Problem, invalid
from api.pages.desk import Desk, desk_for, to
from api.pages.doubts_waiting import open_of_import
from api.pages.gathering import Cursor
from api.pages.import_words import GOING_ON, files, outcome, standing, tabs
from api.pages.naming import keeping_places
from api.pages.posting_imports import posting_lines, show_posting_import
from api.pages.routing import PageRoute
from api.pages.typed import a_day
from api.paging import Paging
from api.rights import Action
from api.routes.bureau import imports as door
from api.schemas.intake import ImportPublic, LineMended, MappingTold
from ledger.intake.layouts import field_labels
from models.intake import ImportKind, ImportPurpose, ImportState, LineStatus

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Importer = Annotated[Desk, Depends(desk_for(Action.IMPORT))]


async def form_fields(request: Request) -> dict[str, str]:
    """What a form sent whose fields are known only to the page that it stood on."""
    return {name: value.strip() for name, value in (await request.form()).items() if isinstance(value, str)}


Fields = Annotated[dict[str, str], Depends(form_fields)]
NO_REGION = "您的账号没有管辖的地区，导入的内容没有地方保管。请联系本单位的系统管理员分配地区。"
_AT_ONCE = 12
"""Files in one go: more are a mistake, and each is a job."""
_TEMPLATES = (
    ImportKind.ROSTER,
    ImportKind.AWAY,
    ImportKind.PLANNED,
    ImportKind.MONITORED,
    ImportKind.HOUSEHOLD,
    ImportKind.POSTS,
    ImportKind.SOCIAL_INSURANCE,
    ImportKind.PAYROLL,
    ImportKind.STAFF,
    ImportKind.EXCHANGE,
)


@router.get("/imports")
def show_imports(desk: Importer, cursor: Cursor = None, waiting: bool = False) -> HTMLResponse:
    """The form and the files that came in before; with `waiting` those that wait for somebody."""
    return _imports_page(desk, cursor=cursor, waiting=waiting)


@router.post("/imports")
def take_in(
    desk: Importer,
    files: Annotated[list[UploadFile | str], File()] = [],  # noqa: B006 - the framework copies it
    as_of: Annotated[str, Form(max_length=10)] = "",
    kept_by: Annotated[str, Form(max_length=12)] = "",
    kind: Annotated[str, Form(max_length=32)] = "",
    purpose: Annotated[str, Form(max_length=16)] = "apply",
) -> Response:
    """Take the files in, each by itself; a refused one leaves what was chosen in the form."""
    chosen = [file for file in files if not isinstance(file, str) and file.filename]
    taken: list[ImportPublic] = []
    refused: list[tuple[str, Problem]] = []
    problem = desk.attempt(lambda: _require(desk, chosen, kept_by))
    for file in chosen if problem is None else ():
        found = desk.attempt(partial(_receive, desk, file, as_of, kept_by, kind, purpose, into=taken))
        if found is not None:
            refused.append((file.filename or "", found))
    if problem is None and len(chosen) == 1 and refused:
        problem = refused[0][1]
    if problem is not None or refused:
        told = {"as_of": as_of, "kept_by": kept_by, "kind": kind, "purpose": purpose}
        return _imports_page(desk, problem=problem, refused=refused, taken=taken, kept=True, **told)
    if len(taken) == 1:
        return to(f"/imports/{taken[0].id}" + ("?done=repeated" if taken[0].repeated else ""))
    return to("/imports?done=received")


@router.get("/imports/templates/{kind}.xlsx")
def download_template(desk: Importer, kind: ImportKind) -> Response:
    """The empty workbook of one kind of file."""
    return door.read_import_template(kind, desk.caller)


@router.get("/imports/list")
def show_list(desk: Importer) -> HTMLResponse:
    """The newest files and how far they are: what the page asks for while something goes on."""
    return desk.show("_imports_list.html", found=_found(desk, None), standing=standing, going_on=GOING_ON)


@router.get("/imports/{import_id}")
def show_import(
    desk: Importer,
    import_id: RowId,
    status: Annotated[LineStatus | None, Query()] = None,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
    partial: bool = False,
) -> HTMLResponse:
    """One file: how far it is, what it would change, or what became of it."""
    return _import_page(desk, import_id, status=status, cursor=cursor, partial=partial)


@router.get("/imports/{import_id}/progress")
def show_progress(
    desk: Importer, import_id: RowId, state: Annotated[str, Query(max_length=16)] = ""
) -> HTMLResponse:
    """How far it is; when the file has come a step further, the whole page is asked for again."""
    row = _read(desk, import_id)
    answer = desk.show("_import_progress.html", row=row, standing=standing)
    if row.state.value != state or row.state not in GOING_ON:
        answer.headers["HX-Refresh"] = "true"
    return answer


@router.post("/imports/{import_id}/mapping")
def answer_headings(desk: Importer, told: Fields, import_id: RowId) -> Response:
    """What the clerk says that headings mean."""
    fields = {
        told[f"heading-{name.removeprefix('field-')}"]: value or None
        for name, value in told.items()
        if name.startswith("field-") and value != "later" and f"heading-{name.removeprefix('field-')}" in told
    }
    row = door.import_or_404(desk.session, import_id)
    kind = ImportKind.read(told["kind"]) if told.get("kind") in set(ImportKind) else None
    body = MappingTold(kind=kind, fields=fields)
    problem = desk.attempt(
        lambda: door.map_import_headings(
            import_id, body, desk.session, desk.caller, desk.present, int(told.get("version") or row.version)
        )
    )
    return _import_page(desk, import_id, problem=problem) if problem else to(f"/imports/{import_id}")


@router.post("/imports/{import_id}/apply")
def apply(desk: Importer, import_id: RowId) -> Response:
    """Let the file go into the ledger."""
    return _command(
        desk, import_id, lambda: door.apply_import(import_id, desk.session, desk.caller, desk.present)
    )


@router.post("/imports/{import_id}/cancel")
def cancel(desk: Importer, import_id: RowId) -> Response:
    """Give the file up."""
    return _command(
        desk,
        import_id,
        lambda: door.cancel_import(import_id, desk.session, desk.caller, desk.present),
        done="import-cancelled",
    )


@router.post("/imports/{import_id}/revert")
def revert(desk: Importer, import_id: RowId) -> Response:
    """Take an applied file back."""
    return _command(
        desk,
        import_id,
        lambda: door.revert_import(
            import_id, desk.session, desk.caller, desk.keyring, desk.today, desk.present
        ),
        done="import-reverted",
    )


@router.post("/imports/{import_id}/lines/{line}")
def mend(desk: Importer, told: Fields, import_id: RowId, line: RowId) -> Response:
    """Put one line right, or leave it out."""
    cells = {name.removeprefix("cell-"): value for name, value in told.items() if name.startswith("cell-")}

    def command() -> None:
        if told.get("do") == "skip":
            door.skip_import_line(import_id, line, desk.session, desk.caller, desk.keyring)
            return
        if not any(cells.values()):
            raise invalid("cells", "missing", "还没有填写更正的内容，请填好再保存。")
        door.mend_import_line(
            import_id,
            line,
            LineMended(cells=cells),
            desk.session,
            desk.caller,
            desk.keyring,
            desk.settings,
            desk.today,
            desk.lookups,
        )

    back = "?partial=true#lines" if told.get("partial") else "?status=rejected#lines"
    return _command(desk, import_id, command, done="line-settled", back=back)


@router.get("/imports/{import_id}/lines.csv")
def download_lines(desk: Importer, import_id: RowId) -> Response:
    """The report of a file of advertisements, for a spreadsheet."""
    return posting_lines(desk, _read(desk, import_id))


@router.get("/imports/{import_id}/errors.xlsx")
def download_errors(desk: Importer, import_id: RowId) -> Response:
    """The lines that are not in order, marked and explained."""
    return door.read_import_errors(import_id, desk.session, desk.caller, desk.keyring)


def _require(desk: Desk, chosen: Sequence[UploadFile], kept_by: str) -> None:
    if not desk.caller.regions:
        raise invalid("kept_by", "no_region", NO_REGION)
    if len(desk.caller.regions) > 1 and not kept_by:
        raise invalid("kept_by", "missing", "请选择进入哪个地区的台账。")
    if not chosen:
        raise invalid("files", "missing", "还没有选择文件，请先选择要导入的文件。")
    if len(chosen) > _AT_ONCE:
        raise invalid("files", "too_many", f"一次最多导入{_AT_ONCE}个文件，请分几次。")


def _receive(
    desk: Desk,
    file: UploadFile,
    as_of: str,
    kept_by: str,
    kind: str,
    purpose: str,
    *,
    into: list[ImportPublic],
) -> None:
    answer = door.create_import(
        file,
        desk.session,
        desk.caller,
        desk.today,
        desk.settings,
        desk.keyring,
        desk.once,
        desk.present,
        a_day("as_of", as_of, "文件的时点应是日期，请在日历里选择。") if as_of else None,
        kept_by or None,
        ImportKind.read(kind) if kind in set(ImportKind) else None,
        ImportPurpose.read(purpose) if purpose in set(ImportPurpose) else ImportPurpose.APPLY,
    )
    into.append(answer)


def _command(desk: Desk, import_id: int, command: Any, *, done: str = "", back: str = "") -> Response:
    problem = desk.attempt(command)
    if problem is not None:
        return _import_page(desk, import_id, problem=problem)
    if done:
        path, _, mark = back.partition("#")
        back = f"{path}{'&' if path else '?'}done={done}" + (f"#{mark}" if mark else "")
    return to(f"/imports/{import_id}{back}")


def _read(desk: Desk, import_id: int) -> ImportPublic:
    return door.read_import(import_id, desk.session, desk.caller, desk.present, Response())


def _found(desk: Desk, cursor: str | None, waiting: bool = False) -> Any:
    return door.list_imports(desk.session, desk.caller, Paging(20, cursor, None), desk.present, waiting)


def _imports_page(desk: Desk, *, cursor: str | None = None, **told: Any) -> HTMLResponse:
    given = {
        "problem": None,
        "refused": [],
        "taken": [],
        "as_of": desk.today.isoformat(),
        "kept_by": "",
        "kind": "",
        "purpose": ImportPurpose.APPLY.value,
        "waiting": False,
    } | told
    return desk.show(
        "imports.html",
        path="/imports",
        found=_found(desk, cursor, given["waiting"]),
        places=keeping_places(desk.session, desk.caller.regions, desk.present),
        no_region=NO_REGION,
        kinds=list(ImportKind),
        templates=_TEMPLATES,
        purposes=list(ImportPurpose),
        standing=standing,
        going_on=GOING_ON,
        first_page=cursor is None,
        **given,
    )


def _import_page(
    desk: Desk,
    import_id: int,
    *,
    status: LineStatus | None = None,
    cursor: str | None = None,
    problem: Problem | None = None,
    partial: bool = False,
) -> HTMLResponse:
    row = _read(desk, import_id)
    if row.kind in (ImportKind.POSTINGS, ImportKind.POSTS) and row.state is ImportState.APPLIED:
        return show_posting_import(desk, row, status=status, cursor=cursor)
    shown = tabs(row)
    chosen = None if partial else status or next((tab for tab, _, _ in shown), None)
    lines = None
    if row.state in (ImportState.READY, ImportState.APPLYING, ImportState.APPLIED):
        lines = door.list_import_lines(
            import_id, desk.session, desk.caller, desk.keyring, Paging(50, cursor, None), chosen, partial
        )
    labels = field_labels(row.kind)
    return desk.show(
        "import_file.html",
        problem=problem,
        row=row,
        standing=standing,
        outcome=outcome(row),
        going_on=row.state in GOING_ON,
        tabs=shown,
        chosen=chosen,
        partial=partial,
        samples=door.samples_of_import(import_id, desk.session, desk.caller, desk.keyring)
        if row.state is ImportState.MAPPING
        else [],
        lines=lines,
        labels=labels,
        doubts=open_of_import(desk, import_id) if row.state is ImportState.APPLIED else 0,
        files=files(row),
        kinds=list(ImportKind),
        first_page=cursor is None,
    )
