"""What came of a file of advertisements, line by line."""

import csv
from io import StringIO
from urllib.parse import quote

from fastapi import Response
from fastapi.responses import HTMLResponse
from sqlmodel import col, select

from api.importing import same_file
from api.offering import standings
from api.pages.desk import Desk
from api.paging import Paging
from api.routes.bureau import imports as door
from api.schemas.intake import ImportPublic
from api.settings import SHANGHAI
from ledger.cells import harmless
from ledger.postings.findings import Ground
from models.education import Education
from models.intake import Import, ImportLine, LineStatus
from models.vacancy import Vacancy

_STATUSES = (LineStatus.WHOLE, LineStatus.UNKNOWNS, LineStatus.HELD, LineStatus.REJECTED)
_HEADS = ("行号", "结果", "最低工资", "最高工资", "招聘人数", "工作地点", "学历要求", "职业代码", "说明")


def show_posting_import(
    desk: Desk, row: ImportPublic, *, status: LineStatus | None, cursor: str | None
) -> HTMLResponse:
    """The page of one file of advertisements."""
    session = desk.session
    lines = door.list_import_lines(
        row.id, session, desk.caller, desk.keyring, Paging(50, cursor, None), status
    )
    posts = session.exec(
        select(Vacancy).where(
            Vacancy.import_id == row.id, col(Vacancy.import_line).in_([line.line for line in lines.items])
        )
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
            for each in same_file(session, session.get_one(Import, row.id))
        ],
        now=standings(session, desk.today, col(Vacancy.import_id) == row.id, days=desk.present.refresh_days),
        place=row.region,
        lines=lines,
        posts={post.import_line: post for post in posts},
        unknowns=_by_ground(row.counts, "unknown:"),
        held=_by_ground(row.counts, "held:"),
        statuses=_STATUSES,
        chosen=status,
        first_page=cursor is None,
    )


def posting_lines(desk: Desk, row: ImportPublic) -> Response:
    """The report of all lines, for a spreadsheet."""
    stream = StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(_HEADS)
    lines = desk.session.exec(
        select(ImportLine).where(ImportLine.import_id == row.id).order_by(col(ImportLine.line))
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
