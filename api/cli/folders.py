"""What the commands over an exchange folder have in common: reading it, what was left out, and what is told of that."""

import csv
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, TextIO, TypeVar

from api.cli.files import why, write
from api.cli.speaking import Refused, Telling
from api.folder.market import FolderMarket, read_market
from api.folder.people import WORKERS_FILE
from api.folder.posts import VACANCIES_FILE
from api.folder.table import Rejected, Unreadable
from ledger.forms import EXCHANGE

REJECTED = "rejected.csv"
Result = TypeVar("Result")


def reading(folder: Path, read: Callable[[], Result]) -> Result:
    """What `read` reads of the folder.

    Raises
    ------
    Refused
        when a file is missing or cannot be read.
    """
    try:
        return read()
    except Unreadable as problem:
        raise Refused(f"{problem}。") from None
    except FileNotFoundError as error:
        raise Refused(f"没有找到文件 {error.filename}，请检查文件夹。") from None
    except OSError as error:
        raise Refused(f"不能读取 {error.filename or folder}（{why(error)}），请检查文件和权限。") from None


def market_of(folder: Path, as_of: date | None, tell: Telling, rejected: Path | None) -> FolderMarket:
    """The folder as a market as it was recorded by `as_of`, None for all; what was left out is written to `rejected`.

    Raises
    ------
    Refused
        when it cannot be read, or nobody or no post is in it.
    """
    market = reading(folder, lambda: read_market(folder, tell, known_on=as_of))
    if rejected:
        write_rejected(rejected, market.rejected)
    for name, rows in ((WORKERS_FILE, market.workers), (VACANCIES_FILE, market.vacancies)):
        if not len(rows) and market.read[name]:
            first = next(each for each in market.rejected if each.file == name)
            where = (
                f"原因见 {rejected}" if rejected else f"例如第{first.line}行：{first.column} {first.reason}"
            )
            raise Refused(f"{name} 没有一行能读取，{where}。请修改文件后再试。")
        if not len(rows):
            raise Refused(f"{name} 里没有数据，请在第2行起填写后再试。")
    return market


def rejected_beside(out: Path, folder: Path) -> Path:
    """Where rows go that were left out.

    Raises
    ------
    Refused
        when `out` is one of the folder's files, or that very file.
    """
    rejected = out.with_name(REJECTED)
    keep_inputs("--out", out, folder, rejected)
    return rejected


def keep_inputs(option: str, path: Path, folder: Path, rejected: Path) -> None:
    """Nothing that a command writes may take the place of what it reads.

    Raises
    ------
    Refused
        when `path` is one of the folder's files, or that of the rejected rows.
    """
    inputs = {(folder / f"{form.file}.csv").resolve() for form in EXCHANGE}
    if path.resolve() in (*inputs, rejected.resolve()):
        raise Refused(f"{option} 不能是文件夹里的 {path.name}，也不能叫 {REJECTED}，请换一个文件名。")


def write_rejected(path: Path, rejected: Iterable[Rejected]) -> None:
    """The rows that were left out: file, line (from 1), column, reason.

    Raises
    ------
    Refused
        when the file cannot be written.
    """

    def fill(stream: TextIO) -> None:
        writer = csv.writer(stream)
        writer.writerow(("file", "line", "column", "reason"))
        writer.writerows((each.file, each.line, each.column, each.reason) for each in rejected)

    write(path, fill)


def rejected_rows(rejected: Iterable[Rejected]) -> int:
    """How many rows they are: one may be rejected for several reasons."""
    return len({(each.file, each.line) for each in rejected})


def what_was_read(market: FolderMarket, rejected: Path | None) -> dict[str, Any]:
    """The part of a summary that tells of the reading; `told_of_reading` says it in sentences."""
    return {
        "read": dict(market.read),
        "rejected": rejected_rows(market.rejected),
        "unknown_columns": {file: list(names) for file, names in market.unknown_columns.items()},
        "rejected_file": str(rejected) if rejected else None,
    }


def told_of_reading(result: Mapping[str, Any]) -> list[str]:
    """Sentences on what was left out and what no column is for."""
    lines = []
    if result["rejected"]:
        where = (
            f"原因见 {result['rejected_file']}"
            if result["rejected_file"]
            else "加上 --out 文件，原因会写在它旁边的 rejected.csv"
        )
        lines.append(f"  未能读取或没有计入 {result['rejected']}行，{where}")
    lines += [
        f"  {file} 没有用到的列：{'、'.join(names)}" for file, names in result["unknown_columns"].items()
    ]
    return lines
