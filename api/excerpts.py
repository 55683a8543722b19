"""A list of many as the proof of each: of the file everybody keeps her own rows alone, sealed under her own key.

So all of the file is kept once, each row where it belongs, and a person's deletion takes her rows from wherever they
could be read; rows of people whom it proves nothing of are not kept at all.
"""

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO

from sqlalchemy import select as columns
from sqlmodel import Session, col

from api.workbooks.book import Value
from api.workbooks.plain_sheet import Sheet
from api.workbooks.writing import write_workbook
from ledger.intake.sealing import Cell, unseal_cells
from models.bulk import among
from models.intake import Import, ImportLine

_BATCH = 5_000
_WIDE = 18


def excerpts(
    session: Session, key: bytes, row: Import, wanted: Mapping[int, Sequence[int]]
) -> Iterable[tuple[int, bytes]]:
    """By number of `wanted` a workbook of these lines of the file, under the file's own headings."""
    numbers = sorted(wanted)
    for at in range(0, len(numbers), _BATCH):
        some = numbers[at : at + _BATCH]
        lines = _lines(session, key, row, {line for number in some for line in wanted[number]})
        for number in some:
            told = [lines[line] for line in sorted(set(wanted[number])) if line in lines]
            if told:
                yield number, _workbook(row, told)


def _lines(
    session: Session, key: bytes, row: Import, wanted: set[int]
) -> dict[int, tuple[int, int | None, list[Cell]]]:
    """Sheet, row and cells of each line."""
    found = session.connection().execute(
        columns(col(ImportLine.line), col(ImportLine.sheet), col(ImportLine.row), col(ImportLine.sealed_cells))
        .where(col(ImportLine.import_id) == row.identity, among(ImportLine.line, wanted))
    )  # fmt: skip
    return {
        line: (sheet, place, unseal_cells(key, sealed)[0]) for line, sheet, place, sealed in found if sealed
    }


def _workbook(row: Import, lines: Sequence[tuple[int, int | None, list[Cell]]]) -> bytes:
    sheets = []
    for sheet in sorted({sheet for sheet, _, _ in lines}):
        told = row.sheets[sheet]
        headings = {int(at): str(heading) for at, heading in told["headings"].items()}
        places = [str(place) for number, place, _ in lines if number == sheet and place is not None]
        sheets.append(
            Sheet(
                str(told["name"] or "名单"),
                [headings[at] for at in sorted(headings)],
                [_WIDE] * len(headings),
                [
                    [_value(cells[at]) if at < len(cells) else None for at in sorted(headings)]
                    for number, _, cells in lines
                    if number == sheet
                ],
                banner=(
                    f"摘自“{row.file_name}”第{'、'.join(places)}行，时点{row.as_of:%Y-%m-%d}；只有本人的行",
                    f"原文件SHA-256：{row.file_sha256}",
                ),
            )
        )
    out = BytesIO()
    write_workbook(out, sheets)
    return out.getvalue()


def _value(cell: Cell) -> Value:
    return ("是" if cell else "否") if isinstance(cell, bool) else cell
