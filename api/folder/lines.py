"""Rows of a CSV file, whatever lies in it: a broken one costs itself and no other, and none costs much memory.

Most files are plain: no quotation marks, as many commas in every line. They are taken apart by the block; a block that
is not plain goes through the csv module row by row.
"""

import csv
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO

import numpy as np

LONGEST_LINE = 1024 * 1024
"""Bytes of one line."""

LONGEST_CELL = 200_000
"""Characters of one cell; so far an unclosed quotation mark is followed."""

_BLOCK = 4 * 1024 * 1024
_BOM = b"\xef\xbb\xbf"
_COMMA, _NEWLINE = ord(","), ord("\n")

Lost = Callable[[int, str], None]
"""Told the line (from 1) that cannot be read, and why."""


class _Lines:
    """The lines as text. Bytes that are no UTF-8 stay in it as lone surrogates, for the cell's reader to refuse."""

    def __init__(self, file: BinaryIO, lost: Lost) -> None:
        self._file = file
        self._lost = lost
        self.number = 0
        self.read = 0
        """Bytes."""
        self.first = 0
        """Where the row began that is being read; 0 before its first line."""

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        while line := self._file.readline(LONGEST_LINE):
            self.number += 1
            self.read += len(line)
            if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
                self._pass_over()
                continue
            if self.number == 1:
                line = line.removeprefix(_BOM)
            self.first = self.first or self.number
            return line.decode("utf-8", "surrogateescape")
        raise StopIteration

    def _pass_over(self) -> None:
        self._lost(self.number, f"这一行超过{LONGEST_LINE // 1024}KB，没有读取，请检查引号和换行")
        while rest := self._file.readline(LONGEST_LINE):
            self.read += len(rest)
            if rest.endswith(b"\n"):
                return


class Rows:
    """The rows of a file that can be read; blank ones are passed over."""

    def __init__(self, file: BinaryIO, lost: Lost) -> None:
        csv.field_size_limit(LONGEST_CELL)
        self._file = file
        self._lost = lost
        self._lines = _Lines(file, lost)
        self._reader = csv.reader(self._lines, strict=True)

    def next(self) -> tuple[int, list[str]] | None:
        """The number of the next row's first line, and its cells."""
        while True:
            self._lines.first = 0
            try:
                row = next(self._reader, None)
            except csv.Error:
                self._lost(self._lines.first, _unread(self._lines.first, self._lines.number))
                continue
            if row is None:
                return None
            if row:
                return self._lines.first, row

    def in_columns(self, width: int) -> Iterator[tuple[Sequence[int], Sequence[Sequence[str]]]]:
        """The rest of the rows, thousands at a time: their line numbers and their cells by column.

        A row that is too short is filled up with blanks; one that is too long is lost.
        """
        lines = self._lines
        while block := self._file.read(_BLOCK):
            block += self._file.readline(LONGEST_LINE)
            columns = _plain(block, width)
            if columns is not None:
                first = lines.number + 1
                lines.number += len(columns[0])
                lines.read += len(block)
                yield range(first, lines.number + 1), columns
                continue
            self._file.seek(lines.read)
            until = lines.read + len(block)
            numbers: list[int] = []
            rows: list[list[str]] = []
            while lines.read < until and (found := self.next()):
                number, row = found
                if any(map(str.strip, row[width:])):
                    self._lost(number, f"比标题行多{len(row) - width}列，没有读取，请检查引号和逗号")
                    continue
                numbers.append(number)
                rows.append((row + [""] * width)[:width])
            yield numbers, list(zip(*rows, strict=True)) if rows else [()] * width


def _plain(block: bytes, width: int) -> list[list[str]] | None:
    """The cells of a block by column; None where a line might be read otherwise by the csv module."""
    if b'"' in block:
        return None
    if b"\r" in block:
        block = block.replace(b"\r\n", b"\n")
        if b"\r" in block:
            return None
    if not block.endswith(b"\n"):
        block += b"\n"
    letters = np.frombuffer(block, np.uint8)
    ends, commas = np.flatnonzero(letters == _NEWLINE), np.flatnonzero(letters == _COMMA)
    even = (width - 1) * np.arange(1, len(ends) + 1)
    if (
        not np.array_equal(np.searchsorted(commas, ends), even)
        or np.diff(ends, prepend=-1).max() > LONGEST_CELL
    ):
        return None
    try:
        cells = block[:-1].decode("utf-8").replace("\n", ",").split(",")
    except UnicodeDecodeError:
        return None
    return [cells[at::width] for at in range(width)]


def _unread(first: int, last: int) -> str:
    which = f"第{first}行" if first == last else f"第{first}行到第{last}行"
    return f"{which}的引号不成对，或一格太长，没有读取，请检查引号和逗号"
