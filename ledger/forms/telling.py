"""A report written out in a form's columns: what a return, a register and our own export are made of."""

from collections.abc import Mapping
from datetime import date

from ledger.forms.column import Form
from ledger.forms.places import PARTS, Places
from ledger.records.reported import Reported
from models.spell import Precision

_OF_WORK = ("started", "ended")


def cells_of(
    form: Form, reported: Reported, places: Places, others: Mapping[str, str] | None = None
) -> list[str]:
    """The texts of one row, in the order of the form's columns; blank for what is unknown.

    Parameters
    ----------
    places : writes the place of work; one for a whole list.
    others : texts of fields that a report has none of, such as the home province, city and county.
    """
    told = others or {}
    parts = places.parts(reported.region, reported.county_text, reported.abroad)
    cells = []
    for column in form.columns:
        if column.field in PARTS:
            cells.append(parts.get(column.field, ""))
            continue
        value = getattr(reported, column.field, None)
        if column.field in _OF_WORK and isinstance(value, date) and reported.precision is Precision.MONTH:
            value = value.replace(day=1)
        cells.append(column.write(value) or told.get(column.field, ""))
    return cells
