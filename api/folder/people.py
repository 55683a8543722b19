"""workers.csv as columns of the market, and who belongs to which monitored group."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import numpy as np

from api.folder.columns import days, hundredths, numbers, things, whole, words
from api.folder.places import located
from api.folder.table import BLANK, NOT_COUNTED, Encode, Numbering, Table, read_table
from ledger.exchange.codes import Occupations
from ledger.forms.cells import Unclear
from ledger.forms.exchange import WORKERS, Hardship
from matching import regions
from matching.columns import SmallArray, Workers
from matching.groups import Groups
from matching.regions import IntArray
from models.worker import LabourCapability, Sex
from outcomes.days import number

WORKERS_FILE = "workers.csv"
_MOST_YUAN = 1_000_000
_SEXES, _HARDSHIPS, _CAPABILITIES = tuple(Sex), tuple(Hardship), tuple(LabourCapability)
_RELIEVED = frozenset({Hardship.RELIEVED, Hardship.UNSTABLE})
_MONITORED = frozenset({Hardship.UNSTABLE, Hardship.MARGINAL, Hardship.SUDDEN})


class People:
    """The rows of workers.csv that could be read. `numbers` numbers ids wherever they stand, in any file."""

    def __init__(self, path: Path, occupations: Occupations, tell: Callable[[int, int, str], None]) -> None:
        """Read the file.

        Raises
        ------
        Unreadable, OSError
            when it cannot be read at all.
        """
        self.numbers = Numbering()
        self._counties, self._skills, self._trades, self._accepted = (Numbering() for _ in range(4))
        self._occupations = occupations
        self.table = read_table(path, WORKERS, self._encoders(), tell)
        self.table.leave_out_repeats("worker_id")
        own = self.table.columns["companion_id"] == self.table.columns["worker_id"]
        self.table.leave_out(own, "companion_id", f"是本人自己{NOT_COUNTED}")
        names = list(self.numbers)
        self.ids: list[str] = [names[at] for at in self.table.columns["worker_id"].tolist()]

    def _encoders(self) -> dict[str, Encode]:
        return {
            "worker_id": self.numbers,
            "county": self._counties,
            "birth_date": number,
            "sex": _SEXES.index,
            "education": lambda level: int(level.rank),
            "hardship": _HARDSHIPS.index,
            "relocated": int,
            "disability_grade": int,
            "labour_capability": _CAPABILITIES.index,
            "skills": self._skills,
            "experience_months": int,
            "last_occupation": self._trades,
            "pay_floor": _pay_floor,
            "accepted_regions": self._accepted,
            "needs_lodging": int,
            "speaks_mandarin": int,
            "companion_id": self.numbers,
            "available_from": number,
        }

    def rows_of(self) -> IntArray:
        """The row of each number, -1 for who is in no row; `numbers` may have grown since the file was read."""
        return rows_of(self.table.columns["worker_id"], len(self.numbers))

    def workers(self) -> Workers:
        """The columns; a worker's id is the row from 1."""
        table = self.table
        region, lon, lat = located(list(self._counties), whole(table, "county"))
        return Workers.of(
            np.arange(1, len(table.line) + 1),
            region=region,
            lon=lon,
            lat=lat,
            birth_date=days(table.columns["birth_date"]),
            education=whole(table, "education"),
            labour_capability=words(table, "labour_capability", [each.value for each in _CAPABILITIES]),
            last_occupation=words(
                table, "last_occupation", [self._occupations.find(text) or "" for text in self._trades]
            ),
            experience_months=numbers(table, "experience_months"),
            pay_floor=numbers(table, "pay_floor", 100.0),
            needs_lodging=numbers(table, "needs_lodging"),
            speaks_mandarin=numbers(table, "speaks_mandarin"),
            available_from=days(table.columns["available_from"]),
            companion=self._companions(),
            skills=things(table, "skills", [dict(told) for told in self._skills], {}),
            accepted_regions=things(
                table, "accepted_regions", [regions.spans(codes) for codes in self._accepted], ()
            ),
        )

    def _companions(self) -> IntArray:
        """Who names nobody goes with the first who names them: going together is told by one or by both."""
        told = self.table.columns["companion_id"]
        row_of = np.append(self.rows_of(), -1)
        meant = row_of[np.where(told == BLANK, -1, told)]
        companion = np.where(told == BLANK, -1, np.where(meant < 0, -2, meant))
        naming = np.flatnonzero(companion >= 0)[::-1]
        named_by = np.full(len(companion), -1)
        named_by[companion[naming]] = naming
        return np.where(companion == -1, named_by, companion)

    def groups(self) -> Groups:
        """What is monitored."""
        table = self.table
        grade = whole(table, "disability_grade")
        return Groups(
            sex=words(table, "sex", [each.value for each in _SEXES]),
            # The folder has no column for it.
            minority=np.full(len(table.line), -1, np.int8),
            poverty_relieved=_among(table, _RELIEVED),
            monitored=_among(table, _MONITORED),
            relocated=whole(table, "relocated").astype(np.int8),
            disabled=np.where(grade < 0, -1, grade > 0).astype(np.int8),
        )


def rows_of(keys: IntArray, many: int) -> IntArray:
    """The row of each key of `many`, -1 for a key in no row."""
    row_of = np.full(many, -1)
    row_of[keys] = np.arange(len(keys))
    return row_of


def _among(table: Table, kinds: frozenset[Hardship]) -> SmallArray:
    return np.array([*(kind in kinds for kind in _HARDSHIPS), -1], np.int8)[whole(table, "hardship")]


def _pay_floor(yuan: Decimal) -> int:
    if yuan > _MOST_YUAN:
        raise Unclear("超过100万元，请核对（应为元/月）")
    return hundredths(yuan)
