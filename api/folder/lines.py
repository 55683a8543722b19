"""Rows of a CSV file, whatever lies in it: a broken one costs itself and no other, and none costs much memory."""

import csv
from collections.abc import Callable, Iterator
from typing import BinaryIO

LONGEST_LINE = 1024 * 1024
"""Bytes of one line."""

LONGEST_CELL = 200_000
"""Characters of one cell; so far an unclosed quotation mark is followed."""

_BOM = b"\xef\xbb\xbf"

Lost = Callable[[int, str], None]
"""Told the line (from 1) that cannot be read, and why."""


class _Lines:
    """The lines as text. Bytes that are no UTF-8 stay in it as lone surrogates, for the cell's reader to refuse."""

    def __init__(self, file: BinaryIO, lost: Lost) -> None:
        self._file = file
        self._lost = lost
        self.number = 0
        self.first = 0
        """Where the row began that is being read; 0 before its first line."""

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        while line := self._file.readline(LONGEST_LINE):
            self.number += 1
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
        while (rest := self._file.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
            pass


def rows(file: BinaryIO, lost: Lost) -> Iterator[tuple[int, list[str]]]:
    """The rows that can be read, each with the number of its first line; blank ones are passed over."""
    csv.field_size_limit(LONGEST_CELL)
    lines = _Lines(file, lost)
    reader = csv.reader(lines, strict=True)
    while True:
        try:
            for row in reader:
                if row:
                    yield lines.first, row
                lines.first = 0
            return
        except csv.Error:
            lost(lines.first, _unread(lines.first, lines.number))
            lines.first = 0


def _unread(first: int, last: int) -> str:
    which = f"第{first}行" if first == last else f"第{first}行到第{last}行"
    return f"{which}的引号不成对，或一格太长，没有读取，请检查引号和逗号"
