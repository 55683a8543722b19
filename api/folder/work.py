"""spells.csv: which of its rows are in force, and their days. Who asks what for, is another matter."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np

from api.folder.table import BLANK, NOT_COUNTED, Encode, Numbering, Table, read_table
from ledger.forms.cells import Unclear
from ledger.forms.exchange import SPELLS
from models.spell import Precision
from outcomes.columns import MOST_INCOME, UNKNOWN
from outcomes.days import BEFORE_ALL, NEVER, Mask, Whole, month_begins, months, number

SPELLS_FILE = "spells.csv"


@dataclass(frozen=True)
class Recorded:
    """Which rows are in force. `later` were recorded after the day asked about, `superseded` are corrected by another,
    `astray` correct a row that is not there."""

    in_force: Mask
    later: int
    superseded: int
    astray: int


def read_work(
    path: Path, encoders: Mapping[str, Encode], known_on: date | None, tell: Callable[[int, int, str], None]
) -> tuple[Table, Recorded]:
    """The rows in force as they were recorded by `known_on`, None for everything recorded.

    Beside the columns of `encoders` and of the days as they stand there: `first`, `last` (NEVER: no end is told) and
    `observed` (BEFORE_ALL: no day is told).

    Raises
    ------
    Unreadable, OSError
        when the file cannot be read at all.
    """
    names = Numbering()
    days: dict[str, Encode] = {
        "started_on": _day_or_month,
        "ended_on": _day_or_month,
        "observed_until": _day_or_month,
        "precision": lambda precision: int(precision is Precision.MONTH),
        "spell_id": names,
        "supersedes": names,
        "recorded_on": number,
    }
    table = read_table(path, SPELLS, {**encoders, **days}, tell)
    tell(0, 0, "核对务工记录")
    table.columns |= _days(table)
    _leave_out_contradictions(table)
    table.leave_out_repeats("spell_id")
    table.leave_out(_circular(table), "supersedes", f"几条记录互相更正{NOT_COUNTED}")
    recorded = _recorded(table, known_on)
    table.keep(recorded.in_force)
    return table, recorded


def fen(yuan: Decimal) -> int:
    """A month's income as whole fen; may refuse it with `Unclear`."""
    hundredths = int((yuan * 100).to_integral_value())
    if hundredths > MOST_INCOME:
        raise Unclear("月收入超过1000万元，请核对单位（应为元/月）")
    return hundredths


def _day_or_month(value: tuple[date, Precision]) -> int:
    # The last bit tells that only the month is known.
    return 2 * number(value[0]) + (value[1] is Precision.MONTH)


def _days(table: Table) -> dict[str, Whole]:
    """First day, last day and the day of the last observation; whole months where only the month is known."""
    by_month = table.columns["precision"] == 1

    def day(name: str, *, last: bool, blank: int, whole: Mask) -> Whole:
        told = table.columns[name]
        days = np.where(told == BLANK, 0, told) >> 1
        month = months(days)
        edge = month_begins(month + 1) - 1 if last else month_begins(month)
        return np.where(told == BLANK, blank, np.where(((told & 1) == 1) | whole, edge, days))

    nowhere = np.zeros(len(by_month), bool)
    return {
        "first": day("started_on", last=False, blank=0, whole=by_month),
        "last": day("ended_on", last=True, blank=NEVER, whole=by_month),
        # Seen on a day is seen on that day, however exactly the spell is known.
        "observed": day("observed_until", last=True, blank=BEFORE_ALL, whole=nowhere),
    }


def _leave_out_contradictions(table: Table) -> None:
    columns = table.columns
    table.leave_out(columns["last"] < columns["first"], "ended_on", "结束日期早于开始日期，请核对")
    columns = table.columns
    seen_first = (columns["observed"] != BEFORE_ALL) & (columns["observed"] < columns["first"])
    table.leave_out(seen_first, "observed_until", "最后在岗的日期早于开始日期，请核对")


def _corrections(table: Table) -> dict[int, int]:
    """The row that each correcting row corrects, UNKNOWN where it is not there."""
    names, corrects = table.columns["spell_id"], table.columns["supersedes"]
    named, correcting = np.flatnonzero(names != BLANK), np.flatnonzero(corrects != BLANK)
    row_of = np.full(max(names.max(initial=0), corrects.max(initial=0)) + 1, UNKNOWN)
    row_of[names[named]] = named
    return dict(zip(correcting.tolist(), row_of[corrects[correcting]].tolist(), strict=True))


def _circular(table: Table) -> Mask:
    """Rows that correct one another in a circle, or themselves: each corrects one, so a walk ends or comes round."""
    pairs = _corrections(table)
    circular = np.zeros(len(table.line), bool)
    done: set[int] = set()
    for start in pairs:
        walked: dict[int, None] = {}
        at: int | None = start
        while at is not None and at not in done and at not in walked:
            walked[at] = None
            at = pairs.get(at)
        if at in walked:
            path = list(walked)
            circular[[each for each in path[path.index(at) :] if each != UNKNOWN]] = True
        done.update(walked)
    return circular


def _recorded(table: Table, known_on: date | None) -> Recorded:
    """The rows in force are those that were recorded by `known_on` and that no other such row corrects."""
    recorded_on = table.columns["recorded_on"]
    known = np.ones(len(recorded_on), bool)
    if known_on is not None:
        # Nobody knows when a row without that day was recorded: it is taken as always known.
        known = (recorded_on == BLANK) | (recorded_on <= number(known_on))
    pairs = _corrections(table)
    out = np.zeros(len(known), bool)
    out[[row for by, row in pairs.items() if known[by] and row != UNKNOWN]] = True
    out &= known
    astray = sum(row == UNKNOWN for row in pairs.values())
    return Recorded(known & ~out, int((~known).sum()), int(out.sum()), astray)
