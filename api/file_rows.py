"""Where a line of a file stands: the file, the sheet where there are several, and the row of the sheet."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select as columns
from sqlalchemy import tuple_
from sqlmodel import Session, col

from models.intake import Import, ImportLine

Line = tuple[int | None, int | None]
"""Number of the import, and the line as it counts through all sheets."""


@dataclass(frozen=True, slots=True)
class FileRow:
    """`sheet` is None where the file has only one; `row` where the line is not there any more."""

    file_name: str | None = None
    sheet: str | None = None
    row: int | None = None


def file_rows(session: Session, lines: Iterable[Line]) -> Mapping[Line, FileRow]:
    """Each of these lines that the session may see, with the name of its file; of others the name at the most."""
    wanted = {line for line in lines if line[0] is not None}
    files = {
        number: (name, sheets)
        for number, name, sheets in session.connection().execute(
            columns(col(Import.id), col(Import.file_name), col(Import.sheets)).where(
                col(Import.id).in_({number for number, _ in wanted})
            )
        )
    }
    places = {
        (number, line): (sheet, row)
        for number, line, sheet, row in session.connection().execute(
            columns(
                col(ImportLine.import_id), col(ImportLine.line), col(ImportLine.sheet), col(ImportLine.row)
            ).where(
                tuple_(col(ImportLine.import_id), col(ImportLine.line)).in_(
                    [line for line in wanted if line[1] is not None]
                )
            )
        )
    }
    found: dict[Line, FileRow] = {}
    for line in wanted:
        name, sheets = files.get(line[0] or 0, (None, []))
        at, row = places.get((line[0] or 0, line[1] or 0), (0, None))
        several = row is not None and len(sheets) > 1 and at < len(sheets)
        found[line] = FileRow(name, str(sheets[at]["name"]) if several else None, row)
    return found
