"""What judging and applying the lines of one file have to know beside the lines."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from sqlmodel import Session, col, select

from ledger.gazetteer import Gazetteer, county_of
from ledger.identity.likeness import Whereabouts
from ledger.records.reported import Reported
from models.intake import ImportKind
from models.region import Region


class First(NamedTuple):
    """Where a file first tells of a person, and what it says there."""

    sheet: str
    row: int
    name: str
    phone: str | None
    number: str | None
    home: Whereabouts


@dataclass(slots=True)
class Context:
    """One file at work.

    `named` are the people whom its lines name by their own numbers, `registered` those who came with it; `seen` holds the fields that lines before have told of a person or a household: the first line that tells a field
    is the one that counts in this file. `first` is kept while a preview is made: who was told of where.
    """

    import_id: int
    kind: ImportKind
    region: str
    as_of: date
    today: date
    demonstration: bool
    places: "Places"
    account_id: int | None = None
    request_id: str | None = None
    named: set[int] = field(default_factory=set)
    registered: set[int] = field(default_factory=set)
    seen: dict[tuple[str, int | str], frozenset[str]] = field(default_factory=dict)
    first: dict[int | str, "First"] = field(default_factory=dict)
    _alike: dict[frozenset[str], frozenset[str]] = field(default_factory=dict)

    def tell(self, whose: tuple[str, int | str], fields: Iterable[str]) -> None:
        """Lines have told these fields now; the same fields of many people are kept once."""
        told = self.seen.get(whose, frozenset()).union(fields)
        self.seen[whose] = self._alike.setdefault(told, told)

    def whereabouts(self, told: Reported) -> Whereabouts:
        """Name and home, as a line tells of them."""
        region = self.places.find(told.township, told.village)
        return Whereabouts(told.name or "", told.household, region, told.village)

    def remembered(self) -> tuple[set[int], dict[tuple[str, int | str], frozenset[str]]]:
        """What lines before have named and told, to go back to."""
        return self.named.copy(), self.seen.copy()

    @property
    def county(self) -> str:
        """The county within which numbers of households are unique."""
        return county_of(self.region)


class Places:
    """Townships and villages of one region by the names that lists give them."""

    def __init__(self, session: Session, region: str) -> None:
        self._region = region
        self._by_name: dict[str, set[str]] = defaultdict(set)
        self._found: dict[tuple[str | None, str | None], str] = {}
        rows = session.exec(
            select(Region.code, Region.name, Region.short_name).where(
                col(Region.code).startswith(region, autoescape=True), col(Region.code) > region
            )
        )
        for code, name, short in rows:
            if len(code) >= 9:
                self._by_name[name].add(code)
                self._by_name[short].add(code)

    def find(self, township: str | None, village: str | None) -> str:
        """The smallest region that the names agree on; the file's own where they name none."""
        named = (township, village)
        if named not in self._found:
            within = self._one(township, self._region, 9) or self._region
            self._found[named] = self._one(village, within, 12) or within
        return self._found[named]

    def _one(self, name: str | None, within: str, digits: int) -> str | None:
        if not name:
            return None
        codes = self._by_name.get(name) or self._by_name.get(_last_name(name)) or set()
        fitting = [code for code in codes if len(code) == digits and code.startswith(within)]
        return fitting[0] if len(fitting) == 1 else None


def _last_name(name: str) -> str:
    """What stands behind the county's name, where a township is told with it."""
    for mark in ("县", "区", "市", "旗"):
        head, found, rest = name.rpartition(mark)
        if found and head and rest:
            return rest
    return name


def ever_assigned(code: str) -> bool:
    """Whether six digits are, or were, a county's code."""
    return Gazetteer.national().ever_assigned(code)
