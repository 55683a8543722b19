"""Lists in the layout of a form that also comes in: the same columns write what the import reads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any

from ledger.forms.column import Column as FormColumn
from ledger.forms.column import Form
from ledger.forms.national import HOME_CITY, HOME_COUNTY, HOME_PROVINCE
from ledger.forms.places import PARTS, Places
from ledger.records.own import Own
from ledger.records.reported import Reported
from ledger.registers.view import DELETED, ID_MASK, PHONE_MASK, Column, Mask
from models.age import age_on
from models.worker import Sex

_MASKS: dict[str, Mask] = {"id_number": ID_MASK, "phone": PHONE_MASK}
_HOME = {HOME_PROVINCE: 2, HOME_CITY: 4, HOME_COUNTY: 6}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a return. `deleted`: the person's key is gone, and with it the numbers. `why`: for what is in no line."""

    own: Own
    reported: Reported
    as_of: date
    names: Mapping[str, str]
    deleted: bool = False
    why: str = ""

    @property
    def worker_id(self) -> int | None:
        """Of whom the line tells; a household's of nobody by name."""
        return self.own.worker_id


def columns_of(form: Form) -> tuple[Column, ...]:
    """The form's own columns, each cell a text as the form writes it."""
    return tuple(
        Column(column.heading, _writing(column), _MASKS.get(column.field), 20 if column.text_only else 12)
        for column in form.columns
    )


def _writing(column: FormColumn) -> Callable[[Line], str | None]:
    """How the column's cell is made; decided once, for a return has millions of cells."""
    value, write = _reading(column.field), column.values.write

    def cell(line: Line) -> str | None:
        found = value(line)
        return None if found is None or found == () else write(found) or None

    def personal(line: Line) -> str | None:
        return DELETED if line.deleted else cell(line)

    return personal if column.personal else cell


def _reading(field: str) -> Callable[[Line], Any]:
    if field in _HOME:
        width = _HOME[field]
        return lambda line: line.names.get(line.own.region[:width]) if len(line.own.region) >= width else None
    if field in PARTS:
        return lambda line: _place(line.reported.region, line.reported.county_text, line.reported.abroad).get(
            field
        )
    if field in ("sex", "age", "birth_date"):
        return lambda line: _of_number(field, line.reported.id_number, line.as_of)
    return attrgetter(f"reported.{field}")


@cache
def _places() -> Places:
    return Places()


@lru_cache(maxsize=10_000)
def _place(region: str | None, county_text: str | None, abroad: bool) -> dict[str, str]:
    return _places().parts(region, county_text, abroad)


def _of_number(field: str, number: str | None, as_of: date) -> object:
    """Sex, birth and age as the ID number tells them; a form that asks for them takes them for hints only."""
    if number is None or len(number) < 18 or not number[6:17].isdigit():
        return None
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    if field == "sex":
        return Sex.MALE if int(number[16]) % 2 else Sex.FEMALE
    return born if field == "birth_date" else age_on(born, as_of)
