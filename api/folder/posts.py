"""employers.csv and vacancies.csv as columns of the market."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from api.folder.columns import days, hundredths, numbers, things, whole, words
from api.folder.people import rows_of
from api.folder.places import located, names
from api.folder.table import BLANK, Encode, Numbering, Rejected, Table, read_table
from ledger.exchange.codes import Occupations
from ledger.exchange.posts import contradictions
from ledger.forms.exchange import EMPLOYERS, VACANCIES
from matching.columns import FloatArray, TextArray, Vacancies
from matching.regions import IntArray
from models.employer import EmployerKind
from models.vacancy import Shift
from outcomes.days import number

EMPLOYERS_FILE, VACANCIES_FILE = "employers.csv", "vacancies.csv"
_KINDS, _SHIFTS = tuple(EmployerKind), tuple(Shift)
_CONTRADICTED = (
    "seats", "pay_min", "pay_max", "hours_per_week", "min_age", "max_age", "valid_from", "valid_until",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Employers:
    """Every employer that any file names, one row each; row n is the id n + 1 of `Vacancies.employer`.

    What is unknown, as of one that employers.csv lacks, is '' , 0 (`region`, twelve digits) or nan (`size`, headcount).
    """

    ids: tuple[str, ...]
    region: IntArray
    kind: TextArray
    industry: TextArray
    size: FloatArray


class Firms:
    """The rows of employers.csv that could be read, none where there is no file. `numbers` numbers ids in any file."""

    def __init__(self, path: Path, tell: Callable[[int, int, str], None]) -> None:
        self.numbers = Numbering()
        self._regions, self._industries = Numbering(), Numbering()
        encoders: dict[str, Encode] = {
            "employer_id": self.numbers,
            "region": self._regions,
            "kind": _KINDS.index,
            "industry": self._industries,
            "size": int,
        }
        self.table = read_table(path, EMPLOYERS, encoders, tell) if path.exists() else None
        if self.table is not None:
            self.table.leave_out_repeats("employer_id")

    def employers(self) -> Employers:
        """The columns, once every file that names employers has been read."""
        many = len(self.numbers)
        if self.table is None:
            nothing = np.full(many, "")
            return Employers(
                tuple(self.numbers), np.zeros(many, np.int64), nothing, nothing, np.full(many, np.nan)
            )
        # Who is in no row takes the row of unknowns behind the last.
        at = rows_of(self.table.columns["employer_id"], many)
        region, _, _ = located(list(self._regions), whole(self.table, "region"))
        kind = words(self.table, "kind", [each.value for each in _KINDS])
        industry = words(self.table, "industry", list(self._industries))
        return Employers(
            tuple(self.numbers),
            region=np.append(region, 0)[at],
            kind=np.append(kind, "")[at],
            industry=np.append(industry, "")[at],
            size=np.append(numbers(self.table, "size"), np.nan)[at],
        )


class Posts:
    """The rows of vacancies.csv that could be read, expired ones too. `numbers` numbers ids in any file."""

    def __init__(
        self, path: Path, firms: Firms, occupations: Occupations, tell: Callable[[int, int, str], None]
    ) -> None:
        """Read the file.

        Raises
        ------
        Unreadable, OSError
            when it cannot be read at all.
        """
        self.numbers = Numbering()
        self._regions, self._titles, self._trades, self._required, self._preferred = (
            Numbering() for _ in range(5)
        )
        self._occupations = occupations
        self.table = read_table(path, VACANCIES, self._encoders(firms), tell)
        self.table.leave_out_repeats("vacancy_id")
        _leave_out_contradictions(self.table)
        keys = list(self.numbers)
        self.ids: list[str] = [keys[at] for at in self.table.columns["vacancy_id"].tolist()]

    def _encoders(self, firms: Firms) -> dict[str, Encode]:
        return {
            "vacancy_id": self.numbers,
            "employer_id": firms.numbers,
            "region": self._regions,
            "title": self._titles,
            "seats": int,
            "occupation": self._trades,
            "pay_min": hundredths,
            "pay_max": hundredths,
            "hours_per_week": int,
            "min_age": int,
            "max_age": int,
            "min_education": lambda level: int(level.rank),
            "required_skills": self._required,
            "preferred_skills": self._preferred,
            "lodging": int,
            "meals": int,
            "social_insurance": int,
            "shift": _SHIFTS.index,
            "valid_from": number,
            "valid_until": number,
        }

    def rows_of(self) -> IntArray:
        """The row of each number, -1 for a post in no row; `numbers` may have grown since the file was read."""
        return rows_of(self.table.columns["vacancy_id"], len(self.numbers))

    def places(self) -> dict[int, str]:
        """Names of the places of work."""
        return names(self._regions)

    def vacancies(self) -> Vacancies:
        """The columns; a post's id is its row from 1. The seats that a folder tells are free, and a post is new on its first day."""
        table = self.table
        region, lon, lat = located(list(self._regions), whole(table, "region"))
        valid_from = days(table.columns["valid_from"])
        return Vacancies.of(
            np.arange(1, len(table.line) + 1),
            employer=table.columns["employer_id"] + 1,
            region=region,
            lon=lon,
            lat=lat,
            title=words(table, "title", list(self._titles)),
            occupation=self._occupation(),
            seats=table.columns["seats"],
            pay_min=numbers(table, "pay_min", 100.0),
            pay_max=numbers(table, "pay_max", 100.0),
            hours_per_week=numbers(table, "hours_per_week"),
            min_age=numbers(table, "min_age"),
            max_age=numbers(table, "max_age"),
            min_education=whole(table, "min_education"),
            lodging=numbers(table, "lodging"),
            meals=numbers(table, "meals"),
            social_insurance=numbers(table, "social_insurance"),
            shift=words(table, "shift", [each.value for each in _SHIFTS]),
            posted_on=valid_from,
            valid_from=valid_from,
            valid_until=days(table.columns["valid_until"]),
            required_skills=things(
                table, "required_skills", list(map(frozenset, self._required)), frozenset()
            ),
            preferred_skills=things(
                table, "preferred_skills", list(map(frozenset, self._preferred)), frozenset()
            ),
        )

    def _occupation(self) -> TextArray:
        """As the row tells it, else as its title does."""
        find = self._occupations.find
        told = words(self.table, "occupation", [find(text) or "" for text in self._trades])
        titled = words(self.table, "title", [find(text) or "" for text in self._titles])
        return np.where(told == "", titled, told)


def _leave_out_contradictions(table: Table) -> None:
    columns = [table.columns[name].tolist() for name in _CONTRADICTED]
    sound = np.ones(len(table.line), np.bool_)
    for at, cells in enumerate(zip(*columns, strict=True)):
        values = {
            # Pay is held in fen.
            name: None if cell == BLANK else cell / 100 if name.startswith("pay") else cell
            for name, cell in zip(_CONTRADICTED, cells, strict=True)
        }
        for column, reason in contradictions(values):
            table.rejected.append(Rejected(table.name, int(table.line[at]), column, f"{reason}，请核对"))
            sound[at] = False
    table.keep(sound)
