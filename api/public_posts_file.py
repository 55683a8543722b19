"""The clock of public posts as a workbook, for the meeting that decides who leaves."""

from collections.abc import Iterator, Sequence
from io import BytesIO

from api.schemas.ladder import PublicPostPublic
from api.workbooks.book import Value
from api.workbooks.plain_sheet import Sheet
from api.workbooks.writing import write_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_COLUMNS = (
    ("姓名", 12), ("性别", 8), ("年龄", 8), ("户籍地", 34), ("用人单位", 28), ("岗位种类", 16), ("第几次安置", 12),
    ("安置起", 14), ("期限到", 14), ("距期满天数", 12), ("是否延期", 12), ("提醒", 24), ("与村干部的关系", 20),
)  # fmt: skip


def public_posts_file(rows: Sequence[PublicPostPublic]) -> bytes:
    """The rows as a workbook of one sheet."""
    file = BytesIO()
    headings, widths = [name for name, _ in _COLUMNS], [width for _, width in _COLUMNS]
    write_workbook(file, [Sheet("公益性岗位期限", headings, widths, _lines(rows))])
    return file.getvalue()


def _lines(rows: Sequence[PublicPostPublic]) -> Iterator[list[Value]]:
    for row in rows:
        person, term = row.worker, row.term
        yield [
            person.name,
            person.sex.label if person.sex else None,
            person.age,
            person.region.name,
            row.employer,
            row.post_kind,
            term.number,
            term.began,
            term.until,
            row.days_left,
            "是" if term.until != term.regular else "否",
            "、".join(each.label for each in row.exits) or None,
            row.cadre_relation.label if row.cadre_relation else "没有申报",
        ]
