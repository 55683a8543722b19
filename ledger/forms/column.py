"""One declaration a column: template, import, export and error sheet are all made of it."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from ledger.forms.values import WORDS, Values
from models.intake import ImportKind

EXAMPLE_MARK = "【示例】"
"""Stands before the first cell of a template's example row."""

TO_MEND = "需要改的地方"
"""The heading of the column that an error workbook adds; known and passed over when the mended file comes in."""

EXPLANATION = "填写说明"
"""The sheet of a template that explains it; it holds no rows."""

MONTHS = "months"
"""The field of columns that are headed by a month each."""

_NUMBERING = frozenset({"序号", "行号", "编号", TO_MEND})
_KEPT_ASIDE = frozenset({"备注", "说明", "备注说明"})


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a form.

    `field` is the field of `Reported` that it fills, or another name that the reader of the form knows. Columns of
    several headings with numbers (致贫/返贫风险1 … 5) add to one field. `text_only` refuses a row whose cell is a
    number: its last digits are gone. `personal` is to be masked where the reader has no need of it.
    """

    heading: str
    field: str
    values: Values = WORDS
    example: str = ""
    note: str = ""
    aliases: tuple[str, ...] = ()
    required: bool = False
    text_only: bool = False
    several: bool = False
    personal: bool = False
    key: str = ""

    def parse(self, text: str) -> Any:
        """The value of a text that is not blank; `Unclear` when it can't be one."""
        return self.values.parse(text)

    def write(self, value: Any) -> str:
        """The text of a cell; blank for what is unknown."""
        return "" if value is None or value == () else self.values.write(value)

    @property
    def choices(self) -> tuple[str, ...]:
        """What a drop-down offers."""
        return self.values.choices

    @property
    def name(self) -> str:
        """How a stored mapping calls the column."""
        return self.key or self.field


@dataclass(frozen=True)
class Form:
    """One kind of list.

    `columns` are what its template and its export have, in order; `accepted` are further ones that are read where a
    file has them. `banner` are the rows above the headings. One of `whose` must be filled, or nobody knows whose row
    it is. A `strict` form complains of a row that lacks a required value, and refuses it where nothing
    else tells whose it is. The form is told by `hints` (words in the
    sheet's name or banner) or by having all the fields of one set of `telling`. `file` is the name of a file of the exchange
    folder. Where `months` is set, columns headed by a month are read by it. `by_day` tells that dates may be days.
    """

    kind: ImportKind
    title: str
    columns: tuple[Column, ...]
    accepted: tuple[Column, ...] = ()
    banner: tuple[str, ...] = ()
    whose: tuple[str, ...] = ()
    strict: bool = False
    hints: tuple[str, ...] = ()
    telling: tuple[frozenset[str], ...] = ()
    file: str = ""
    months: Values | None = None
    by_day: bool = False

    @property
    def code(self) -> str:
        """away, roster, exchange/workers: unique among the forms."""
        return f"{self.kind.value}/{self.file}" if self.file else self.kind.value

    @cached_property
    def by_field(self) -> Mapping[str, Column]:
        """The column of each field."""
        return {column.field: column for column in (*reversed(self.accepted), *reversed(self.columns))}

    @cached_property
    def _by_heading(self) -> Mapping[str, Column]:
        return {
            plain_heading(name): column
            for column in (*reversed(self.accepted), *reversed(self.columns))
            for name in (*column.aliases, column.heading)
        }

    def named(self, text: str) -> Column | None:
        """The column that a heading means, also with a unit behind it (务工月收入(元)) or a number (致贫/返贫风险2)."""
        heading = plain_heading(text)
        for candidate in (heading, re.sub(r"\([^()]*\)$", "", heading)):
            if column := self._by_heading.get(candidate):
                return column
        numbered = self._by_heading.get(re.sub(r"\d$", "", heading))
        return numbered if numbered and numbered.several else None

    def meant(self, name: str) -> Column | None:
        """The column that a stored mapping calls so: its field, or months:2025-01."""
        if self.months and re.fullmatch(rf"{MONTHS}:[0-9]{{4}}-(0[1-9]|1[0-2])", name):
            return month_column(self.months, date.fromisoformat(f"{name.partition(':')[2]}-01"))
        return self.by_field.get(name)


def month_column(paid: Values, month: date) -> Column:
    """The column of one month: its cells name the month where it was paid."""

    def parse(text: str) -> tuple[date, ...]:
        return (month,) if paid.parse(text) else ()

    def write(value: tuple[date, ...]) -> str:
        return paid.write(month in value)

    return Column(
        f"{month.year}年{month.month:02d}月",
        MONTHS,
        Values(parse, write, blank=()),
        several=True,
        key=f"{MONTHS}:{month:%Y-%m}",
    )


@lru_cache(maxsize=2_000)
def plain_heading(text: str) -> str:
    """A heading as it is compared: wide forms narrowed, without blanks, stars and colons."""
    return re.sub(r"[\s*:]+", "", unicodedata.normalize("NFKC", text))


def is_numbering(heading: str) -> bool:
    """Whether the column only numbers the rows, or is the one that an error workbook added."""
    return plain_heading(heading) in _NUMBERING


def is_aside(heading: str) -> bool:
    """Whether the column holds remarks, which are kept with the row and mean no field."""
    return plain_heading(heading) in _KEPT_ASIDE
