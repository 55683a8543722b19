"""How a sheet is laid out: which of its columns fills which field, found out, told by somebody, or as it was stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ledger.forms.column import Column, Form, is_numbering
from ledger.forms.places import PARTS, Places
from ledger.records.reported import ALL_FIELDS
from models.intake import ImportKind


class WrongAnswer(ValueError):
    """A mapping that cannot be; the message says why."""


@dataclass(frozen=True)
class Layout:
    """How a sheet is laid out. Columns are counted from 0, rows from 1.

    `columns` are those that are read; `unknown` are headings that somebody must be asked about; `aside` hold numbers
    or remarks and mean no field; `repeated` name a field that another column fills already.
    """

    form: Form | None
    heading_row: int
    headings: Mapping[int, str]
    columns: Mapping[int, Column] = field(default_factory=dict)
    unknown: Mapping[int, str] = field(default_factory=dict)
    aside: Mapping[int, str] = field(default_factory=dict)
    repeated: Mapping[int, str] = field(default_factory=dict)

    @property
    def kind(self) -> ImportKind | None:
        """The kind of list; None where the headings do not tell."""
        return self.form.kind if self.form else None

    @cached_property
    def fields(self) -> frozenset[str]:
        """The fields that the sheet has columns for."""
        return frozenset(column.field for column in self.columns.values())

    @cached_property
    def asked(self) -> frozenset[str]:
        """Of them those of `Reported`; the parts of the place of work ask for its region."""
        own = self.fields & ALL_FIELDS
        return own | {"region"} if self.fields & set(PARTS) else own

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """The headings of required columns that the sheet lacks."""
        columns = self.form.columns if self.form else ()
        return tuple(
            column.heading for column in columns if column.required and column.field not in self.fields
        )

    @property
    def mapping(self) -> dict[int, str]:
        """What each column means, as it is stored; `restored` reads it."""
        return {at: column.name for at, column in self.columns.items()}

    @cached_property
    def readers(self) -> tuple[tuple[int, Column, dict[str, Any]], ...]:
        """The columns in order, each with what its texts were read as."""
        return tuple((at, self.columns[at], {}) for at in sorted(self.columns))

    @cached_property
    def others(self) -> tuple[tuple[int, str], ...]:
        """Columns that fill no field and are more than a number of the row."""
        rest = {
            at: heading
            for at, heading in self.headings.items()
            if at not in self.columns and not is_numbering(heading)
        }
        return tuple(sorted(rest.items()))

    @cached_property
    def places(self) -> Places:
        """Looks up the places of work of this sheet."""
        return Places()


def apply_mapping(layout: Layout, answers: Mapping[int, str | None]) -> Layout:
    """The layout after somebody said what columns mean; None is nothing that we keep.

    An answer wins over what was found: another column that had the field is repeated from then on.

    Raises
    ------
    WrongAnswer
        for a column that has no heading, a field that the form does not know, or two columns of one field.
    """
    if layout.form is None:
        raise WrongAnswer("请先选择这是什么表")
    columns, repeated = dict(layout.columns), dict(layout.repeated)
    aside, unknown = dict(layout.aside), dict(layout.unknown)
    given: set[str] = set()
    for at, meant in answers.items():
        if at not in layout.headings:
            raise WrongAnswer("所选的列没有表头，请重新选择")
        for places in (columns, repeated, aside, unknown):
            places.pop(at, None)
        if meant is None:
            aside[at] = layout.headings[at]
            continue
        column = layout.form.meant(meant)
        if column is None:
            raise WrongAnswer("没有这一项，请从下拉列表中选择")
        if not column.several and column.name in given:
            raise WrongAnswer(f"有两列都选了“{column.heading}”，每一项只能对应一列")
        given.add(column.name)
        if not column.several:
            for other in [other for other, had in columns.items() if had.name == column.name]:
                repeated[other] = layout.headings[other]
                del columns[other]
        columns[at] = column
    return Layout(layout.form, layout.heading_row, layout.headings, columns, unknown, aside, repeated)


def restored(
    form: Form, heading_row: int, headings: Mapping[int, str], mapping: Mapping[int, str | None]
) -> Layout:
    """A layout as it was stored: headings and `Layout.mapping`."""
    columns = {
        at: column
        for at, meant in mapping.items()
        if meant is not None and (column := form.meant(meant)) is not None
    }
    rest = {at: heading for at, heading in headings.items() if at not in columns}
    return Layout(form, heading_row, dict(headings), columns, aside=rest)
