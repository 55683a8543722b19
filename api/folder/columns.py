"""Columns of a table that was read, in the words of the market: a blank is unknown, never zero."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TypeVar

import numpy as np

from api.folder.table import BLANK, Table
from matching.columns import DateArray, FloatArray, TextArray
from matching.regions import IntArray
from outcomes.days import BEFORE_ALL, NEVER, Whole

Thing = TypeVar("Thing")


def hundredths(yuan: Decimal) -> int:
    """Money as a table holds it."""
    return int((yuan * 100).to_integral_value())


def numbers(table: Table, column: str, scale: float = 1.0) -> FloatArray:
    """Numbers, nan where the cell is blank."""
    values = table.columns[column]
    found: FloatArray = np.where(values == BLANK, np.nan, values / scale)
    return found


def whole(table: Table, column: str, unknown: int = -1) -> IntArray:
    """Whole numbers, `unknown` where the cell is blank."""
    values = table.columns[column]
    return np.where(values == BLANK, unknown, values)


def days(values: Whole) -> DateArray:
    """Days, NaT where there is none."""
    none = (values == BLANK) | (values == NEVER) | (values == BEFORE_ALL)
    found: DateArray = np.where(none, np.iinfo(np.int64).min, values).view("datetime64[D]")
    return found


def words(table: Table, column: str, texts: Sequence[str]) -> TextArray:
    """Texts by the numbers that the cells were read as, '' where the cell is blank."""
    return np.array([*texts, ""], np.str_)[whole(table, column)]


def things(table: Table, column: str, many: Sequence[Thing], unknown: Thing) -> list[Thing]:
    """Python values by the numbers that the cells were read as; equal cells share one."""
    last = [*many, unknown]
    return [last[at] for at in whole(table, column).tolist()]
