"""导入: a file of advertisements comes in, and what became of each of its lines."""

import csv
from io import StringIO
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, File, Form, Query, Response, UploadFile
from fastapi.responses import HTMLResponse
from sqlmodel import col, select

from api.deps import RowId
from api.errors import invalid
from api.importing import same_file
from api.offering import standings
from api.pages.desk import Desk, desk_for, to
from api.pages.routing import PageRoute
from api.pages.typed import a_day
from api.paging import Paging
from api.rights import Action
from api.routes.bureau import imports as door
from api.settings import SHANGHAI
from ledger.cells import harmless
from ledger.postings.findings import Ground
from ledger.postings.reading import FIELDS
from models.education import Education
from models.intake import Import, ImportLine, LineStatus
from models.vacancy import Vacancy

router = APIRouter(route_class=PageRoute)
Importer = Annotated[Desk, Depends(desk_for(Action.IMPORT))]
_NO_REGION = "您的账号没有管辖的地区，导入的岗位没有地方保管。请联系本单位的系统管理员分配地区。"
_HEADS = ("行号", "结果", "最低工资", "最高工资", "招聘人数", "工作地点", "学历要求", "职业代码", "说明")


@router.get("/imports")
def show_imports(desk: Importer, cursor: Annotated[str | None, Query(max_length=500)] = None) -> HTMLResponse:
    """The form and the files that came in before."""
    return _imports_page(desk, cursor=cursor)


@router.post("/imports")
def take_in(
    desk: Importer,
    file: Annotated[UploadFile | str, File()] = "",
    as_of: Annotated[str, Form(max_length=10)] = "",
    kept_by: Annotated[str, Form(max_length=12)] = "",
) -> Response:
    """Take the file in; a refused one leaves what was chosen in the form."""
    made: list[int] = []

    def command() -> None:
        if not desk.caller.regions:
            raise invalid("kept_by", "no_region", _NO_REGION)
        if len(desk.caller.regions) > 1 and not kept_by:
            raise invalid("kept_by", "missing", "请选择由哪个地区保管。")
        if isinstance(file, str) or not file.filename:
            raise invalid("file", "missing", "还没有选择文件，请先选择一个 .jsonl 文件。")
        answer = door.create_import(
            file,
            desk.session,
            desk.caller,
            desk.today,
            desk.settings,
            desk.once,
            desk.present,
            a_day("as_of", as_of, "文件的时点应是日期，请在日历里选择。") if as_of else None,
            kept_by or None,
        )
        made.append(answer.id)

    problem = desk.attempt(command)
    if problem is not None:
        return _imports_page(desk, problem=problem, as_of=as_of, kept_by=kept_by, kept=True)
    return to(f"/imports/{made[0]}?done=imported")


@router.get("/imports/{import_id}")
def show_import(
    desk: Importer,
    import_id: RowId,
    status: Annotated[LineStatus | None, Query()] = None,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> HTMLResponse:
    """What came of one file."""
    session = desk.session
    row = door.read_import(import_id, session, desk.caller, desk.present)
    lines = door.list_import_lines(import_id, session, desk.caller, Paging(50, cursor, None), status)
    numbers = [line.line for line in lines.items]
    posts = session.exec(
        select(Vacancy).where(Vacancy.import_id == import_id, col(Vacancy.import_line).in_(numbers))
    ).all()
    return desk.show(
        "import.html",
        row=row,
        before=[
            (
                desk.present.known_place(each.region).name,
                each.as_of,
                each.created_at.astimezone(SHANGHAI).date(),
            )
            for each in same_file(session, session.get_one(Import, import_id))
        ],
        now=standings(session, desk.today, col(Vacancy.import_id) == import_id),
        place=row.region,
        lines=lines,
        posts={post.import_line: post for post in posts},
        unknowns=_by_ground(row.counts, "unknown:"),
        held=_by_ground(row.counts, "held:"),
        statuses=list(LineStatus),
        chosen=status,
        first_page=cursor is None,
    )


@router.get("/imports/{import_id}/lines.csv")
def download_lines(desk: Importer, import_id: RowId) -> Response:
    """The report of all lines, for a spreadsheet."""
    row = door.read_import(import_id, desk.session, desk.caller, desk.present)
    stream = StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(_HEADS)
    lines = desk.session.exec(
        select(ImportLine).where(ImportLine.import_id == import_id).order_by(col(ImportLine.line))
    )
    for line in lines:
        writer.writerow([harmless(value) for value in _cells(desk, line)])
    name = quote(f"导入结果-{row.file_name.rsplit('.', 1)[0]}.csv")
    # The mark in front tells spreadsheets that the text is UTF-8.
    return Response(
        "\ufeff" + stream.getvalue(),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"},
    )


def _imports_page(desk: Desk, *, cursor: str | None = None, **told: Any) -> HTMLResponse:
    found = door.list_imports(desk.session, desk.caller, Paging(20, cursor, None), desk.present)
    given = {"problem": None, "as_of": desk.today.isoformat(), "kept_by": ""} | told
    return desk.show(
        "imports.html",
        path="/imports",
        found=found,
        regions=[desk.present.known_place(code) for code in desk.caller.regions],
        no_region=_NO_REGION,
        fields=list(FIELDS.values()),
        first_page=cursor is None,
        **given,
    )


def _by_ground(counts: dict[str, int], kind: str) -> list[tuple[str, int]]:
    found = [
        (Ground.read(name.removeprefix(kind)).label, count)
        for name, count in counts.items()
        if name.startswith(kind)
    ]
    return sorted(found, key=lambda each: -each[1])


def _cells(desk: Desk, line: ImportLine) -> list[str]:
    read = line.reading
    schooling = {level.value: level.label for level in Education} | {"any": "不限"}
    place = desk.present.place(read.get("region") or None)
    return [
        str(line.line),
        line.status.label if line.status else "",
        read.get("pay_min", ""),
        read.get("pay_max", ""),
        read.get("seats", ""),
        place.name if place else "",
        schooling.get(read.get("education", ""), ""),
        read.get("occupation", ""),
        line.reason,
    ]
