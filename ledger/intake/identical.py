"""Rows of lists that are the same to the last cell: in one file, or in two of one kind and day."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, LargeBinary, bindparam, text
from sqlmodel import Session

from ledger.forms import Cell
from ledger.forms.cells import shown
from ledger.forms.column import is_numbering
from ledger.intake.judged import Judged
from ledger.intake.layouts import Complaint
from models.intake import Import, LineStatus
from models.sealing import Keyring, content_mark

WHOLE_ROW = "整行"
"""What a complaint about all of a row names instead of a column."""

_BEFORE = text(
    "SELECT DISTINCT ON (line.content_mark, own) line.content_mark, import.id = :id AS own, line.line, line.sheet, "
    "line.row, import.file_name FROM import_line line JOIN import ON import.id = line.import_id "
    "WHERE line.content_mark = ANY(:marks) AND line.status IS DISTINCT FROM 'skipped' AND (import.id = :id OR "
    "import.state = 'applied' AND import.as_of = :as_of AND left(import.region, 6) = left(:region, 6)) "
    "ORDER BY line.content_mark, own, import.id, line.line"
).bindparams(bindparam("marks", type_=ARRAY(LargeBinary)))


class Marked(NamedTuple):
    """Where a line stands, and the mark of what stands in it; None of a row of which nothing is kept."""

    mark: bytes | None
    line: int
    sheet: int
    row: int | None


class Marker:
    """Marks the rows of one sheet: the same mark for rows of one kind of list that have the same cells under the same
    headings, whatever their number."""

    def __init__(self, keyring: Keyring, sheet: Mapping[str, Any]) -> None:
        self._keyring, self._kind = keyring, str(sheet["kind"])
        headings = sorted((heading, int(at)) for at, heading in sheet["headings"].items())
        # No text of a cell holds the character between them.
        self._columns = [(at, f"{heading}\0") for heading, at in headings if not is_numbering(heading)]

    def mark(self, cells: Sequence[Cell]) -> bytes | None:
        """The row's mark; None of a row of which nothing is kept."""
        width = len(cells)
        told = [
            heading + text
            for at, heading in self._columns
            if at < width and (cell := cells[at]) is not None and (text := shown(cell))
        ]
        return content_mark(self._keyring, "import_line", "\0".join((self._kind, *told))) if told else None


def tell_of_identical(
    session: Session, row: Import, judged: Sequence[Judged], marks: Mapping[int, Marked]
) -> None:
    """Complain, in lines that repeat one before to the last cell, of which one they are. They come in as any other:
    what one person reports twice alike is kept once."""
    told = [
        (each, mine.mark, mine)
        for each in judged
        if (mine := marks.get(each.line)) and mine.mark and each.status is not LineStatus.SKIPPED
    ]
    if not told:
        return
    own: dict[bytes, Marked] = {}
    others: dict[bytes, str] = {}
    given = {
        "id": row.identity,
        "as_of": row.as_of,
        "region": row.region,
        "marks": [mark for _, mark, _ in told],
    }
    for found in session.connection().execute(_BEFORE, given):
        mark = bytes(found.content_mark)
        if found.own:
            own[mark] = Marked(mark, found.line, found.sheet, found.row)
        else:
            others[mark] = f"已入库的“{found.file_name}”第{found.row or found.line}行"
    for each, mark, mine in told:
        first = own.get(mark)
        if first is None or first.line >= mine.line:
            own[mark] = mine
            where = others.get(mark)
        else:
            where = f"第{first.row or first.line}行"
            if first.sheet != mine.sheet:
                where = f"“{row.sheets[first.sheet]['name']}”表{where}"
        if where is not None:
            each.complaints.append(Complaint(WHOLE_ROW, f"与{where}完全相同，不会重复登记"))
