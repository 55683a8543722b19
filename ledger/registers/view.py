"""What a register or a return is: its name, what it is asked for, its tables, and how a cell is shown."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session

from ledger.people import mask_phone
from models.coded import Coded
from models.id_number import mask_id_number
from models.sealing import Keyring

Value = str | int | date | None
"""What a cell holds. None is unknown and stays blank."""

DELETED = "已删除"
"""What stands for a person whose key was destroyed."""

Mask = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, what it says of a row, how it is hidden. Personal numbers have a mask.

    A4 has no room for all of a register: what is left off paper has `on_paper` False.
    """

    heading: str
    value: Callable[[Any], Value]
    mask: Mask | None = None
    width: int = 10
    on_paper: bool = True


ID_MASK: Mask = mask_id_number
PHONE_MASK: Mask = mask_phone


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet of the file; `rows` may be read once. `banners` stand above the headings, a row each."""

    name: str
    columns: tuple[Column, ...]
    rows: Iterable[Any]
    banners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """How many rows of a view are of one place directly below the one asked for; no code: of none of them.

    A village has the code of its township and its name as `village`.
    """

    code: str | None
    name: str
    count: int
    village: str | None = None


class Asks(Coded):
    """What a view is asked for beside the region."""

    DAY = "day", "截至日期"
    YEAR = "year", "本年初至截止日期"
    MONTH = "month", "月份"
    QUARTER = "quarter", "季度"
    BATCH = "batch", "输送批次"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: a region of any level, the period and the day as of which it is answered.

    `batch` is the number of a 输送批次. For a view of a day `from_on` says nothing. `village` is the name that the ledger
    of the township `region` has for a village, or `ledger.villages.UNFILLED`.
    """

    region: str
    from_on: date
    as_of: date
    batch: int | None = None
    village: str | None = None


@dataclass(frozen=True, slots=True)
class View:
    """A register or a return.

    `tables` yields the main table first. `count` and `parts` count its rows without reading them, by the very query
    that lists them; a return whose rows are made one by one has `parts` None. A form that is only handed on as a
    file is not `printed`. `own` are the columns of the tables of a view that is no form of anybody's: by them its file
    is known when it comes back.
    """

    code: str
    title: str
    about: str
    asks: Asks
    unit: str
    tables: Callable[[Session, Keyring, Asked], Iterator[Table]]
    count: Callable[[Session, Asked], int]
    parts: Callable[[Session, Asked], list[Part]] | None = None
    printed: bool = True
    own: tuple[tuple[Column, ...], ...] = ()


def cells(
    table: Table, *, masked: bool, told_of: set[int] | None = None, hidden: Collection[int] = ()
) -> Iterator[list[Value]]:
    """The rows of a table as they are written. What is masked is hidden here, before any file or page sees it.

    `told_of` is given the numbers of the people whom the rows tell of; of those in `hidden` what can be masked always is.
    """
    open_, shut = (
        [(each.value, each.mask if hide else None) for each in table.columns] for hide in (masked, True)
    )
    for row in table.rows:
        person = getattr(row, "worker_id", None)
        if told_of is not None and person is not None:
            told_of.add(person)
        columns = shut if person in hidden else open_
        yield [value(row) if mask is None else _hidden(value(row), mask) for value, mask in columns]


def _hidden(value: Value, mask: Mask) -> Value:
    return value if value is None or value == DELETED else mask(str(value))
