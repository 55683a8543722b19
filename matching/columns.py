"""The market as columns in memory: workers, vacancies and who already works where, on one date.

Sex, ethnicity, disability and hardship are not here: they may be monitored, never ranked by.
"""
# ruff: noqa: RUF009  (the calls in the class bodies return dataclass fields, made once, as they should be)

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from types import MappingProxyType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from matching.regions import IntArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
DateArray = NDArray[np.datetime64]
SmallArray = NDArray[np.int8]
SeatArray = NDArray[np.int32]
TextArray = NDArray[np.str_]
Skills = tuple[Mapping[str, int | None], ...]
Spans = tuple[tuple[tuple[int, int], ...], ...]
SkillSets = tuple[frozenset[str], ...]
Words = tuple[tuple[str, ...], ...]

_NO_SKILLS: Mapping[str, int | None] = MappingProxyType({})


def _column(dtype: str, unknown: Any) -> Any:
    """A numpy column and the value that stands for unknown in it."""
    return field(metadata={"dtype": np.dtype(dtype).kind, "make": dtype, "unknown": unknown})


def _tuples(unknown: Any) -> Any:
    """A column of Python values, one a row."""
    return field(metadata={"unknown": unknown})


class _Table:
    """Columns of one length; `of` builds a table from what is known and leaves the rest unknown."""

    __slots__ = ()

    def __post_init__(self) -> None:
        """Check lengths and kinds.

        Raises
        ------
        ValueError
            when a column has another length than the first, or another kind of value than declared.
        """
        size = len(self)
        for column in fields(self):  # type: ignore[arg-type]  # the subclasses are dataclasses
            values = getattr(self, column.name)
            if len(values) != size:
                raise ValueError(f"{column.name}: {len(values)} values for {size} rows")
            kind = column.metadata.get("dtype")
            if kind is not None and (values.ndim != 1 or values.dtype.kind != kind):
                raise ValueError(f"{column.name}: a one-dimensional array of kind {kind!r} is wanted")

    def __len__(self) -> int:
        return len(self.id)  # type: ignore[attr-defined]  # every table declares it first

    @classmethod
    def of(cls, id: Sequence[int] | IntArray, **known: Any) -> Self:
        """A table of `len(id)` rows; columns not given are unknown throughout."""
        columns: dict[str, Any] = {}
        for column in fields(cls):  # type: ignore[arg-type]
            given = id if column.name == "id" else known.pop(column.name, None)
            if "make" in column.metadata:
                if given is None:
                    given = np.full(len(id), column.metadata["unknown"], dtype=column.metadata["make"])
                columns[column.name] = np.asarray(given, dtype=column.metadata["make"])
            else:
                columns[column.name] = (
                    (column.metadata["unknown"],) * len(id) if given is None else tuple(given)
                )
        if known:
            raise TypeError(f"{cls.__name__} has no column {sorted(known)[0]!r}")
        return cls(**columns)


@dataclass(frozen=True, slots=True)
class Workers(_Table):
    """n people. Yes-or-no facts are 1.0, 0.0 or nan; regions twelve-digit codes, 0 unknown; words are codes, '' unknown."""

    id: IntArray = _column("int64", 0)
    region: IntArray = _column("int64", 0)
    lon: FloatArray = _column("float64", np.nan)
    lat: FloatArray = _column("float64", np.nan)
    birth_date: DateArray = _column("datetime64[D]", "NaT")
    education: SmallArray = _column("int8", -1)
    labour_capability: TextArray = _column("str", "")
    last_occupation: TextArray = _column("str", "")
    experience_months: FloatArray = _column("float64", np.nan)
    pay_floor: FloatArray = _column("float64", np.nan)
    needs_lodging: FloatArray = _column("float64", np.nan)
    speaks_mandarin: FloatArray = _column("float64", np.nan)
    available_from: DateArray = _column("datetime64[D]", "NaT")
    wants: TextArray = _column("str", "")
    companion: IntArray = _column("int64", -1)
    """Index of the companion among these workers; -1 for none, -2 for one who is not among them, `companions.LOOKING` for one who is not
    either, but would be among everybody who is to be placed."""
    companion_county: IntArray = _column("int64", 0)
    """Six-digit county where the companion is at work on the market's day; 0 where no work is known."""
    restricted: BoolArray = _column("bool", False)
    unranked: BoolArray = _column("bool", False)
    """Whether they do not want to be scored."""
    skills: Skills = _tuples(_NO_SKILLS)
    """Name to level (None unknown); an empty mapping is unknown, not "has no skill"."""
    accepted_regions: Spans = _tuples(())
    """Ranges of twelve-digit codes; empty is unknown."""
    wanted_occupations: Words = _tuples(())


@dataclass(frozen=True, slots=True)
class Vacancies(_Table):
    """m posts. Unknown as in `Workers`; `seats` -1 and `min_education` -1 are unknown or no condition."""

    id: IntArray = _column("int64", 0)
    employer: IntArray = _column("int64", 0)
    region: IntArray = _column("int64", 0)
    lon: FloatArray = _column("float64", np.nan)
    lat: FloatArray = _column("float64", np.nan)
    title: TextArray = _column("str", "")
    occupation: TextArray = _column("str", "")
    seats: SeatArray = _column("int32", -1)
    taken: SeatArray = _column("int32", 0)
    pay_min: FloatArray = _column("float64", np.nan)
    pay_max: FloatArray = _column("float64", np.nan)
    hours_per_week: FloatArray = _column("float64", np.nan)
    min_age: FloatArray = _column("float64", np.nan)
    max_age: FloatArray = _column("float64", np.nan)
    min_education: SmallArray = _column("int8", -1)
    lodging: FloatArray = _column("float64", np.nan)
    meals: FloatArray = _column("float64", np.nan)
    social_insurance: FloatArray = _column("float64", np.nan)
    shift: TextArray = _column("str", "")
    posted_on: DateArray = _column("datetime64[D]", "NaT")
    """The day it was posted, or last refreshed."""
    valid_from: DateArray = _column("datetime64[D]", "NaT")
    valid_until: DateArray = _column("datetime64[D]", "NaT")
    required_skills: SkillSets = _tuples(frozenset())
    preferred_skills: SkillSets = _tuples(frozenset())

    def take(self, rows: IntArray | BoolArray) -> Self:
        """The posts at these positions or of this mask, in their order."""
        at = np.arange(len(self))[rows]
        columns: dict[str, Any] = {}
        for column in fields(self):
            values = getattr(self, column.name)
            columns[column.name] = (
                tuple(values[row] for row in at.tolist()) if isinstance(values, tuple) else values[at]
            )
        return type(self)(**columns)


@dataclass(frozen=True, slots=True)
class Townspeople:
    """How many people of a county work at an employer now: three columns sorted by employer, then county."""

    employer: IntArray
    county: IntArray
    count: IntArray

    @classmethod
    def of(cls, counts: Mapping[tuple[int, int], int]) -> Self:
        """From {(employer id, six-digit county): people}."""
        rows = np.array([(*key, people) for key, people in sorted(counts.items())], np.int64).reshape(-1, 3)
        return cls(rows[:, 0].copy(), rows[:, 1].copy(), rows[:, 2].copy())

    def look_up(self, employers: IntArray, counties: IntArray) -> IntArray:
        """People per pair of employer and county, elementwise; 0 where nobody is known."""
        if not len(self.count):
            return np.zeros(len(employers), np.int64)
        at, hit = _found(self.employer, self.county, employers, counties)
        return np.where(hit, self.count[at], 0)


def _found(
    firms_known: IntArray, places_known: IntArray, employers: IntArray, counties: IntArray
) -> tuple[IntArray, BoolArray]:
    """Where each employer and county stands among those known, sorted by both, and whether it does; there is one known."""
    places, county = np.unique(places_known, return_inverse=True)
    firms, firm = np.unique(firms_known, return_inverse=True)
    keys = firm * len(places) + county
    at_firm = np.minimum(np.searchsorted(firms, employers), len(firms) - 1)
    at_place = np.minimum(np.searchsorted(places, counties), len(places) - 1)
    wanted = at_firm * len(places) + at_place
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return at, (firms[at_firm] == employers) & (places[at_place] == counties) & (keys[at] == wanted)


NOBODY = Townspeople.of({})


def _nothing(kind: str) -> Any:
    return field(default_factory=lambda: np.empty(0, kind))


@dataclass(frozen=True, slots=True)
class Firms:
    """What outcomes tell of employers, for ids in ascending order; columns of one length, or empty where nothing was learned.

    `leaving` is the logarithm of how many times oftener people leave there than elsewhere in like work, `hiring` likewise
    of how often an application leads to a start, `offering` of how often an answer is yes, whatever the applicant says then,
    `answering` of how often there is one at all, `promptness` of how often it comes within the days of `history.PROMPT_DAYS`; each drawn to 0 where little is known of the employer.

    `origin_leaving` is the same of the people of one county there beside all the employer's people, for pairs of
    `origin_employer` and `origin_county` (six digits), ascending.
    """

    id: IntArray
    leaving: FloatArray
    hiring: FloatArray
    offering: FloatArray = _nothing("float64")
    answering: FloatArray = _nothing("float64")
    promptness: FloatArray = _nothing("float64")
    origin_employer: IntArray = _nothing("int64")
    origin_county: IntArray = _nothing("int64")
    origin_leaving: FloatArray = _nothing("float64")

    def look_up(self, column: str, employers: IntArray) -> FloatArray:
        """One value an employer: 0, as employers mostly are, of whom nothing is known, and nan where nothing was learned of any."""
        told = getattr(self, column)
        if not len(told):
            return np.full(len(employers), np.nan)
        at = np.minimum(np.searchsorted(self.id, employers), len(self.id) - 1)
        values: FloatArray = np.where(self.id[at] == employers, told[at], 0.0)
        return values

    def of_origin(self, employers: IntArray, counties: IntArray) -> FloatArray:
        """`origin_leaving` of each employer and county: 0, as its others, where nothing is known, nan where nothing was learned."""
        if not len(self.origin_leaving):
            return np.full(len(employers), np.nan)
        at, hit = _found(self.origin_employer, self.origin_county, employers, counties)
        values: FloatArray = np.where(hit, self.origin_leaving[at], 0.0)
        return values


NO_FIRMS = Firms(np.empty(0, np.int64), np.empty(0), np.empty(0))


@dataclass(frozen=True, slots=True)
class Then:
    """What was true of pairs of long ago at their own time, one value a pair: the day, the townspeople of that day, and `told`,
    by feature, what a market of that day would have told of the employer and the companion; nan throughout of what is not there."""

    day: DateArray
    townspeople: IntArray
    told: Mapping[str, FloatArray] = field(default_factory=dict)

    def known(self, feature: str) -> FloatArray:
        """One value a pair, nan unknown."""
        values = self.told.get(feature)
        return np.full(len(self.day), np.nan) if values is None else values

    def take(self, rows: Any) -> Self:
        """At these positions, in their order."""
        told = {name: values[rows] for name, values in self.told.items()}
        return type(self)(self.day[rows], self.townspeople[rows], told)


@dataclass(frozen=True, slots=True)
class Market:
    """Everything a ranker may know, as of one date.

    `pairings` are (origin, destination) divisions in force; `places` names divisions by their twelve-digit code, for sentences.
    """

    workers: Workers
    vacancies: Vacancies
    as_of: date
    townspeople: Townspeople = NOBODY
    pairings: tuple[tuple[int, int], ...] = ()
    places: Mapping[int, str] = field(default_factory=dict)
    firms: Firms = NO_FIRMS

    @property
    def day(self) -> np.datetime64:
        """`as_of` as numpy counts days."""
        return np.datetime64(self.as_of, "D")


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs to look at: `workers[i]` with `vacancies[i]`, indices of the market's rows, both of length k.

    One worker with many vacancies and one vacancy with many workers are both of this form.
    """

    market: Market
    workers: IntArray
    vacancies: IntArray
    usual_pay: FloatArray | None = None
    """What such a vacancy usually pays, one value a pair, where somebody has learned it."""
    then: Then | None = None
    """Where the pairs are of other days than the market's."""

    def __post_init__(self) -> None:
        if self.workers.shape != self.vacancies.shape or self.workers.ndim != 1:
            raise ValueError("as many workers as vacancies are wanted, in one dimension")

    def __len__(self) -> int:
        return len(self.workers)

    @classmethod
    def of_worker(cls, market: Market, worker: int, vacancies: IntArray) -> Self:
        """One worker with each of `vacancies`."""
        return cls(market, np.full(len(vacancies), worker, np.int64), np.asarray(vacancies, np.int64))

    @classmethod
    def of_vacancy(cls, market: Market, vacancy: int, workers: IntArray) -> Self:
        """One vacancy with each of `workers`."""
        return cls(market, np.asarray(workers, np.int64), np.full(len(workers), vacancy, np.int64))

    def take(self, rows: IntArray) -> Self:
        """The pairs at these positions, in their order."""
        usual = None if self.usual_pay is None else self.usual_pay[rows]
        then = None if self.then is None else self.then.take(rows)
        return type(self)(self.market, self.workers[rows], self.vacancies[rows], usual, then)

    @property
    def day(self) -> Any:
        """The day of each pair, or the one day of them all."""
        return self.market.day if self.then is None else self.then.day

    def of_workers(self, column: str) -> Any:
        """A worker column, one value a pair."""
        return getattr(self.market.workers, column)[self.workers]

    def filled(self, column: str) -> BoolArray:
        """Whether a worker column of Python values has anything in it, one value a pair."""
        people, person = np.unique(self.workers, return_inverse=True)
        values = getattr(self.market.workers, column)
        has: BoolArray = np.array([bool(values[row]) for row in people.tolist()], np.bool_)[person]
        return has

    def of_vacancies(self, column: str) -> Any:
        """A vacancy column, one value a pair."""
        return getattr(self.market.vacancies, column)[self.vacancies]
