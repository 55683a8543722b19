"""Prices of seats as a file: what a plan leaves beside it, and what ranks a single person net of them."""

import csv
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import numpy as np

from api.cli.files import content_of, write
from api.cli.speaking import Refused
from ledger.cells import harmless
from matching.columns import FloatArray

COLUMNS = ("vacancy_id", "seats", "placed", "price", "seat_worth", "objective")
_LARGEST = 50_000_000


@dataclass(frozen=True, slots=True)
class Prices:
    """One price a vacancy, in the unit of the scores of this objective."""

    price: FloatArray
    objective: str


def file_of(out: Path, wanted: Path | None) -> Path:
    """Where the prices of the plan at `out` are written: beside it and named after it (`plan.csv`: `plan.prices.csv`), so that
    plans in one folder keep their own.

    Raises
    ------
    Refused
        when that is the plan's own file.
    """
    path = out.with_name(f"{out.stem}.prices{out.suffix or '.csv'}") if wanted is None else wanted
    if path.resolve() == out.resolve():
        raise Refused(f"方案和名额价格不能写入同一个文件 {path}，请换一个文件名。")
    return path


def write_prices(path: Path, rows: Iterable[tuple[str, int, int, float, float]], objective: str) -> None:
    """Rows are (vacancy, seats, placed, price, worth of one more seat).

    Raises
    ------
    Refused
        when it cannot be written.
    """

    def fill(stream: TextIO) -> None:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        for vacancy, *numbers in rows:
            writer.writerow([harmless(vacancy), *numbers, objective])

    write(path, fill)


def read_prices(path: Path, vacancy_ids: Sequence[str]) -> Prices:
    """Prices of these vacancies; nan of one that the file doesn't name, one that isn't here is passed over.

    Raises
    ------
    Refused
        when it cannot be read, or isn't such a file.
    """
    wrong = f"{path} 不是名额价格文件，应是 ./wengang plan 写出的名额价格，如 plan.prices.csv。"
    try:
        lines = content_of(path, _LARGEST).decode("utf-8-sig").splitlines()
        told = list(csv.DictReader(lines))
        found = {row["vacancy_id"]: float(row["price"]) for row in told}
        objectives = {row["objective"] for row in told}
    except (UnicodeDecodeError, KeyError, TypeError, ValueError, csv.Error):
        raise Refused(wrong) from None
    if not found or not all(map(math.isfinite, found.values())) or not objectives <= {"surplus", "stable"}:
        raise Refused(wrong)
    if len(objectives) > 1:
        raise Refused(wrong)
    # Ids are written so that no spreadsheet runs them.
    price = np.array([found.get(harmless(each), math.nan) for each in vacancy_ids])
    return Prices(price, objectives.pop())
