"""The process that opens a file: told its limits, it writes the sheets as lines of JSON and ends.

Run by path, not imported: it loads nothing of the service but a few leaves, and a file that takes it down
takes nothing else with it.
Lines: {"sheet": name, "formulas": [[row, column], …]}, for a file that is not read with "aside": why, then [row, cells] for each row that is not blank, rows
from 1 and columns from 0; a date is {"d": "2025-01-31"}; {"refused": reason} ends the output instead.
"""

import csv
import io
import itertools
import json
import resource
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    # Started by its path, so that of the service only leaves are loaded.
    sys.path.insert(0, str(Path(__file__).parents[2]))

from api.workbooks.extent import require_dense
from api.workbooks.folder import contents
from api.workbooks.formulas import formula_cells
from api.workbooks.limits import Limits, Unreadable
from api.workbooks.look import Format, look
from ledger.cells import unharmed

_LONGEST_ROW = 256 * 1024
"""Characters of one row as it is delivered: rows are handled by the thousand, a small file could swell to gigabytes."""


def main() -> None:
    """Read the file named in the request on standard input."""
    request = json.loads(sys.stdin.readline())
    limits = Limits(**request["limits"])
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu, limits.cpu + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    path, name = Path(request["path"]), request["name"]
    try:
        kind = look(path, name, limits)
        if kind == "csv":
            _csv(path.read_bytes(), Path(name).stem)
        elif kind == "folder":
            _folder(path)
        else:
            _workbook(path, kind)
        _say({"end": True})
    except Unreadable as refused:
        _say({"refused": str(refused)})


def _workbook(path: Path, kind: Format) -> None:
    import python_calamine

    try:
        require_dense(path, kind)
        book = python_calamine.CalamineWorkbook.from_path(path)
        formulas = formula_cells(path, kind)
        for name in book.sheet_names:
            if (sheet := _sheet(book, name)) is None:
                continue
            _say({"sheet": name, "formulas": sorted(formulas.get(name, ()))})
            # Leading blank rows are delivered, leading blank columns are not.
            _rows(enumerate(sheet.iter_rows(), 1), offset=(sheet.start or (0, 0))[1])
    except python_calamine.PasswordError:
        raise Unreadable("文件有打开密码，请在 Excel 或 WPS 里取消密码、另存后再试") from None
    except (MemoryError, Unreadable):
        raise
    except Exception:
        # Whatever a library finds wrong with it: this process has no other business.
        raise Unreadable("文件不完整或已损坏，请重新下载或重新导出后再试") from None


def _sheet(book: Any, name: str) -> Any:
    import python_calamine

    try:
        return book.get_sheet_by_name(name)
    except python_calamine.WorksheetNotFound:
        return None  # a sheet of charts


def _folder(path: Path) -> None:
    for name, content, aside in contents(path):
        if content is None:
            _say({"sheet": name, "formulas": [], "aside": aside})
            continue
        try:
            _csv(content, name)
        except Unreadable as refused:
            raise Unreadable(f"{name}：{refused}") from None


def _csv(content: bytes, name: str) -> None:
    text = _decoded(content)
    if "\0" in text:
        raise Unreadable("不是文本文件，请另存为 CSV（UTF-8）后再试")
    _say({"sheet": name, "formulas": []})
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        _rows(enumerate(([unharmed(cell) for cell in cells] for cells in reader), 1), offset=0)
    except csv.Error:
        raise Unreadable(
            f"第{reader.line_num}行的引号或分隔符不对，请用 Excel 或 WPS 重新另存为 CSV"
        ) from None


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        with suppress(UnicodeDecodeError):
            return content.decode("gb18030")
    raise Unreadable("文字编码不是 UTF-8 或 GBK，请另存为 CSV（UTF-8）后再试")


def _rows(rows: Iterable[tuple[int, list[Any]]], *, offset: int) -> None:
    for batch in _batches(rows):
        lines = []
        for number, cells in batch:
            end = len(cells)
            while end and cells[end - 1] in ("", None):
                end -= 1
            if end:
                line = _json([number, [""] * offset + cells[:end]])
                if len(line) > _LONGEST_ROW:
                    raise Unreadable(f"第{number}行的内容太长，请检查是否把整篇文字贴进了单元格，改短后再试")
                lines.append(line)
        sys.stdout.write("".join(lines))


def _batches(rows: Iterable[tuple[int, list[Any]]]) -> Iterator[list[tuple[int, list[Any]]]]:
    walking = iter(rows)
    while batch := list(itertools.islice(walking, 500)):
        yield batch


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"), default=_date) + "\n"


def _date(value: object) -> Any:
    if isinstance(value, datetime):
        return {"d": value.date().isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    return str(value)


def _say(line: dict[str, Any]) -> None:
    sys.stdout.write(_json(line))


if __name__ == "__main__":
    main()
