"""A file of the exchange folder in columns of whole numbers: each distinct text is read once."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from api.folder.lines import Rows
from ledger.cells import unharmed
from ledger.forms.cells import Unclear, text_of
from ledger.forms.column import Column, Form
from ledger.forms.values import WORDS
from outcomes.days import Mask, Whole

BLANK = -(2**62)
"""What stands for an empty cell; anything below it for a cell that cannot be read."""

NOT_COUNTED = "，没有计入，请核对"
"""How a reason ends that leaves a whole row out."""

_MOST_REMEMBERED = 200_000
_LACKING = "没有填写，请补填"
_OTHER_ENCODING = "文字编码不是UTF-8，请把文件另存为UTF-8编码的CSV"

Encode = Callable[[Any], int]
"""What a column's value becomes in the table; may refuse it with `Unclear`."""


class Unreadable(ValueError):
    """Nothing in the file can be read; the message, in Chinese, says why and what to do."""


@dataclass(frozen=True, order=True, slots=True)
class Rejected:
    """A row that is left out, or a file's line: where, and why."""

    file: str
    line: int
    column: str
    reason: str


@dataclass
class Table:
    """The rows of a file that could be read: `line` of each and its `columns` by heading, BLANK where a cell is empty.

    `read` counts all rows below the headings, also those left out. A column that the file lacks is BLANK throughout.
    """

    name: str
    line: Whole
    columns: dict[str, Whole]
    read: int = 0
    unknown_columns: tuple[str, ...] = ()
    rejected: list[Rejected] = field(default_factory=list)

    def keep(self, kept: Mask) -> None:
        """Leave the other rows out."""
        self.arrange(np.flatnonzero(kept))

    def arrange(self, order: Whole) -> None:
        """Bring the rows into an order."""
        self.line = self.line[order]
        self.columns = {name: column[order] for name, column in self.columns.items()}

    def leave_out(self, wrong: Mask, column: str, reason: str) -> None:
        """Reject these rows."""
        if wrong.any():
            self.rejected += [Rejected(self.name, line, column, reason) for line in self.line[wrong].tolist()]
            self.keep(~wrong)

    def leave_out_repeats(self, column: str) -> None:
        """Reject rows whose key stood in an earlier row."""
        self.leave_out(repeated(self.columns[column]), column, f"与前面一行的 {column} 相同{NOT_COUNTED}")


def repeated(values: Whole) -> Mask:
    """Which values stood in an earlier row; a blank repeats nothing."""
    given = np.flatnonzero(values != BLANK)
    _, first = np.unique(values[given], return_index=True)
    again: Mask = values != BLANK
    again[given[first]] = False
    return again


class Numbering(dict[Any, int]):
    """Numbers things as they come, from 0; `list(it)` are the things."""

    def __call__(self, thing: Hashable) -> int:
        return self.setdefault(thing, len(self))


def read_table(
    path: Path, form: Form, encoders: Mapping[str, Encode], tell: Callable[[int, int, str], None]
) -> Table:
    """Read the columns that `encoders` name, and of the others only whether the required ones are filled.

    Raises
    ------
    Unreadable
        when the first line does not name the required columns, each once.
    """
    name = path.name
    table = Table(name, np.zeros(0, np.int64), {})

    def reject(line: int, column: str, reason: str) -> None:
        table.rejected.append(Rejected(name, line, column, reason))

    def lost(line: int, reason: str) -> None:
        table.read += 1
        reject(line, "", reason)

    with path.open("rb") as file:
        rows = Rows(file, lost)
        _, heading = rows.next() or (0, [])
        places = _places(heading, form, table)
        readers = {
            known: _Cells(form.by_field[known], encoders.get(known), at)
            for known, at in places.items()
            if known in encoders or form.by_field[known].required
        }
        parts: list[tuple[Whole, dict[str, Whole]]] = []
        for lines, cells in rows.in_columns(len(heading)):
            parts.append(_read(lines, cells, readers, reject, table))
            tell(0, 0, f"读取 {name} 第 {table.read} 行")
    table.line = np.concatenate([line for line, _ in parts]) if parts else table.line
    for asked in encoders:
        found = [columns[asked] for _, columns in parts if asked in columns]
        table.columns[asked] = np.concatenate(found) if found else np.full(len(table.line), BLANK)
    return table


def _places(heading: list[str], form: Form, table: Table) -> dict[str, int]:
    """Where each column that the form knows stands."""
    places: dict[str, int] = {}
    unknown: list[str] = []
    for at, cell in enumerate(heading):
        text = text_of(unharmed(cell))
        column = form.named(text) if text else None
        if column is None:
            if text:
                unknown.append(text[:100].encode("utf-8", "replace").decode())
        elif column.field in places:
            raise Unreadable(f"{table.name} 第1行有两列都是 {column.field}，请删去一列")
        else:
            places[column.field] = at
    missing = [column.field for column in form.columns if column.required and column.field not in places]
    if missing:
        raise Unreadable(
            f"{table.name} 第1行没有 {'、'.join(missing)} 列，请在第1行写列名，文件用UTF-8编码、逗号分隔"
        )
    table.unknown_columns = tuple(unknown)
    return places


def _read(
    lines: Sequence[int],
    cells: Sequence[Sequence[str]],
    readers: "Mapping[str, _Cells]",
    reject: Callable[[int, str, str], None],
    table: Table,
) -> tuple[Whole, dict[str, Whole]]:
    columns = {name: reader.read(cells[reader.at]) for name, reader in readers.items()}
    empty = np.all([column == BLANK for column in columns.values()], axis=0)
    for at in np.flatnonzero(empty).tolist():
        empty[at] = not any(column[at].strip() for column in cells)
    kept = ~empty
    for name, reader in readers.items():
        wrong = columns[name] < BLANK
        if reader.column.required:
            wrong |= columns[name] == BLANK
        for at in np.flatnonzero(wrong & ~empty).tolist():
            reject(lines[at], name, reader.why(int(columns[name][at])))
        kept &= ~wrong
    table.read += len(lines) - int(empty.sum())
    return np.array(lines, dtype=np.int64)[kept], {name: column[kept] for name, column in columns.items()}


class _Cells(dict[str, int]):
    """The cells of one column: each distinct text with what it was read as."""

    def __init__(self, column: Column, encode: Encode | None, at: int) -> None:
        super().__init__()
        self.column = column
        self.at = at
        self._encode = encode
        self._parse = column.values.parse
        self._things = encode if isinstance(encode, Numbering) and column.values is WORDS else None
        self._reasons: list[str] = []

    def read(self, cells: Sequence[str]) -> Whole:
        if len(self) > _MOST_REMEMBERED:
            self.clear()
        self[""] = BLANK
        return np.fromiter(map(self.__getitem__, cells), np.int64, len(cells))

    def __missing__(self, cell: str) -> int:
        # Nothing to take off, nothing invisible: what `_text` would give back as it is.
        plain = cell.isascii() and cell.isprintable() and cell[0] > "'" and cell[-1] > " "
        if plain and self._things is not None:
            value = self[cell] = self._things.setdefault(cell, len(self._things))
            return value
        try:
            value = self._value(cell if plain else _text(cell))
        except Unclear as problem:
            reason = str(problem)
            if reason not in self._reasons:
                self._reasons.append(reason)
            value = BLANK - 1 - self._reasons.index(reason)
        self[cell] = value
        return value

    def _value(self, text: str) -> int:
        if not text:
            return BLANK
        value = self._parse(text)
        return 0 if self._encode is None else self._encode(value)

    def why(self, value: int) -> str:
        """Why a cell cannot be taken."""
        return _LACKING if value == BLANK else self._reasons[BLANK - 1 - value]


def _text(cell: str) -> str:
    text = text_of(unharmed(cell))
    if not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text):
        raise Unclear(_OTHER_ENCODING)
    return text
