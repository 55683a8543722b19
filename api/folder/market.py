"""An exchange folder as a market: what the loader fills from the database, filled from six CSV files."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np

from api.folder.happened import OPEN_FILE, read_history, read_open
from api.folder.people import WORKERS_FILE, People
from api.folder.posts import EMPLOYERS_FILE, VACANCIES_FILE, Employers, Firms, Posts
from api.folder.table import Rejected
from ledger.exchange.codes import Occupations
from matching.columns import BoolArray, Market, Vacancies, Workers
from matching.eligibility import on_offer
from matching.groups import Groups
from matching.learning.at_work import at_work, companion_counties, townspeople_on
from matching.learning.history import History
from models import reference


@dataclass(frozen=True, slots=True)
class FolderMarket:
    """All that a folder tells, whenever it was; rows in the order of the files.

    `vacancies` are all of the file, those out of date too. `worker_ids` and `vacancy_ids` are the folder's own, one a row.
    `groups` are apart from `workers`, so that nothing ranks by them. `told_open` is who stands in open_workers.csv, None
    without that file. `read` counts the rows of each file, `unknown_columns` are those that no column is declared for.
    """

    workers: Workers
    vacancies: Vacancies
    employers: Employers
    history: History
    groups: Groups
    worker_ids: tuple[str, ...]
    vacancy_ids: tuple[str, ...]
    told_open: BoolArray | None
    places: Mapping[int, str]
    read: Mapping[str, int]
    unknown_columns: Mapping[str, tuple[str, ...]]
    rejected: tuple[Rejected, ...]

    def market(self, as_of: date) -> Market:
        """Everybody and every post, with the townspeople of that day; posts not on offer are ruled out by their dates."""
        stretches, day = self.history.stretches, np.datetime64(as_of, "D")
        people = townspeople_on(stretches, self.workers, day)
        counties = companion_counties(stretches, self.workers, self.vacancies, day)
        workers = replace(self.workers, companion_county=counties)
        return Market(workers, self.vacancies, as_of, people, places=self.places)

    def open_workers(self, as_of: date) -> BoolArray:
        """Who is to be placed on that day: those of open_workers.csv, else everybody without a spell in force."""
        if self.told_open is not None:
            return self.told_open
        return ~at_work(self.history.stretches, len(self.workers), np.datetime64(as_of, "D"))

    def on_offer(self, as_of: date) -> BoolArray:
        """Which vacancies are valid on that day and have a seat."""
        return on_offer(Market(self.workers, self.vacancies, as_of))


def read_market(
    folder: Path, tell: Callable[[int, int, str], None], *, known_on: date | None = None
) -> FolderMarket:
    """Read the folder. Only workers.csv and vacancies.csv must be there.

    Parameters
    ----------
    tell : told of each step (done, total, words).
    known_on : spells as they were recorded by this day (`recorded_on`); None for all.

    Raises
    ------
    Unreadable, OSError
        when one of the two, or another file that is there, cannot be read at all.
    """
    occupations = Occupations((row.code, row.name) for row in reference.occupations())
    people = People(folder / WORKERS_FILE, occupations, tell)
    firms = Firms(folder / EMPLOYERS_FILE, tell)
    posts = Posts(folder / VACANCIES_FILE, firms, occupations, tell)
    history, happened = read_history(folder, people, posts, firms, known_on, tell)
    told_open, opened = read_open(folder / OPEN_FILE, people, tell)
    tables = [
        each for each in (people.table, firms.table, posts.table, *happened, opened) if each is not None
    ]
    tell(0, 0, "整理人员和岗位")
    return FolderMarket(
        workers=people.workers(),
        vacancies=posts.vacancies(),
        employers=firms.employers(),
        history=history,
        groups=people.groups(),
        worker_ids=tuple(people.ids),
        vacancy_ids=tuple(posts.ids),
        told_open=told_open,
        places=posts.places(),
        read={table.name: table.read for table in tables},
        unknown_columns={table.name: table.unknown_columns for table in tables if table.unknown_columns},
        rejected=tuple(rejected for table in tables for rejected in sorted(table.rejected)),
    )
