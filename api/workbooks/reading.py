"""Sheets of a file that somebody sent, read by a child process with memory, CPU and wall limits."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Set
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import IO, Any

from api.workbooks.limits import Limits, Unreadable

Cell = str | int | float | bool | date | None
_CHILD = Path(__file__).with_name("child.py")
# All else of the environment, secrets among it, stays here.
_NEEDED = ("LD_LIBRARY_PATH",)
_TOO_BIG = "打开这个文件需要的内存或时间超过限制（常见原因：在很远的行或列有内容），没有读取；请把内容复制到新的工作簿后再试"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. `rows` is walked once: number from 1, then cells without trailing blanks; blank rows are left out.

    `formulas` are the cells that hold a formula, (row from 1, column from 0); their cells carry the last value.
    `aside` says why a file of a folder is not read; it has no rows then.
    """

    name: str
    formulas: Set[tuple[int, int]]
    rows: Iterator[tuple[int, list[Cell]]]
    aside: str = ""


def sheets(source: Path | bytes, limits: Limits | None = None, *, name: str = "") -> Iterator[Sheet]:
    """The sheets of a workbook or CSV, one after the other; the rows of one are to be walked before the next.

    A file given by its bytes lies in memory only (Linux): no disk ever holds it.
    `name` is what the sender calls the file, where it lies under another or under none.

    Raises
    ------
    Unreadable
        when the file is refused, perhaps only after some rows were delivered: nothing of it is to be kept then.
    OSError
        when it cannot be opened.
    """
    if isinstance(source, Path):
        with source.open("rb"):
            pass  # what is missing or may not be read is the caller's to know
        yield from _sheets(source.resolve(), name or source.name, limits or Limits())
        return
    held = os.memfd_create("workbook")
    try:
        with open(held, "wb", closefd=False) as file:
            file.write(source)
        yield from _sheets(Path(f"/proc/self/fd/{held}"), name, limits or Limits(), held)
    finally:
        os.close(held)


def _sheets(path: Path, name: str, limits: Limits, *held: int) -> Iterator[Sheet]:
    with subprocess.Popen(  # noqa: S603 - our own program; the path is not part of the command
        [sys.executable, "-I", str(_CHILD)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={name: os.environ[name] for name in _NEEDED if name in os.environ},
        pass_fds=held,
        text=True,
        encoding="utf-8",
    ) as child:
        timer = threading.Timer(limits.wall, child.kill)
        timer.start()
        try:
            yield from _walk(_lines(child, path, name, limits))
        finally:
            timer.cancel()
            child.kill()


def _lines(child: subprocess.Popen[str], path: Path, name: str, limits: Limits) -> Iterator[Any]:
    request = {"path": str(path), "name": name, "limits": asdict(limits)}
    asking, answering = _pipe(child.stdin), _pipe(child.stdout)
    with suppress(BrokenPipeError):
        asking.write(json.dumps(request) + "\n")
        asking.close()
    for text in answering:
        if not text.endswith("\n"):
            break  # it died in the middle of a line
        line = json.loads(text)
        if isinstance(line, dict) and "refused" in line:
            raise Unreadable(line["refused"])
        if isinstance(line, dict) and "end" in line:
            return
        yield line
    # It did not come to its end: killed by a limit, or by what it read.
    raise Unreadable(_TOO_BIG)


def _pipe(pipe: IO[str] | None) -> IO[str]:
    if pipe is None:
        raise ValueError("the child was started without pipes")
    return pipe


def _walk(lines: Iterator[Any]) -> Iterator[Sheet]:
    line = next(lines, None)
    while line is not None:
        rows = _Rows(lines)
        formulas = frozenset((row, column) for row, column in line["formulas"])
        yield Sheet(line["sheet"], formulas, iter(rows), line.get("aside", ""))
        for _ in rows:
            pass
        line = rows.next_sheet


class _Rows:
    """Rows up to the line that begins the next sheet, which is kept."""

    def __init__(self, lines: Iterator[Any]) -> None:
        self._lines = lines
        self._over = False
        self.next_sheet: dict[str, Any] | None = None

    def __iter__(self) -> Iterator[tuple[int, list[Cell]]]:
        return self

    def __next__(self) -> tuple[int, list[Cell]]:
        line = None if self._over else next(self._lines, None)
        if not isinstance(line, list):
            self.next_sheet = self.next_sheet if self._over else line
            self._over = True
            raise StopIteration
        number, cells = line
        return number, [date.fromisoformat(cell["d"]) if isinstance(cell, dict) else cell for cell in cells]
