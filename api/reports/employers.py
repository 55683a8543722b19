"""用人单位 by the names that lists give them: found by name and place, or made with the first spell there."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Text, select
from sqlmodel import Session, col

from ledger.records.differing import plain
from models.base import now
from models.bulk import among, insert_rows, reserve_ids
from models.employer import Employer, EmployerKind

_BATCH = 5_000
_LONGEST = 100
_NOBODY = frozenset(
    {
        "无", "暂无", "没有", "无单位", "个人", "自己", "灵活就业", "打零工", "零工", "散工", "自由职业", "自主创业",
        "-", "/",
    }
)  # fmt: skip
"""What stands in the employer's cell of somebody whom nobody employs."""


@dataclass(frozen=True, slots=True)
class Firm:
    """An employer as far as a report needs it."""

    number: int
    region: str
    kind: EmployerKind


def employer_named(text: str | None) -> str | None:
    """The employer's name as names are compared; None where the cell says that there is none."""
    name = plain(text)
    return None if not name or name in _NOBODY else name


class Firms:
    """The employers of one list: those that are there, and those that its reports name for the first time."""

    def __init__(self, session: Session, names: Iterable[str], kept_by: str) -> None:
        self._session = session
        self._kept_by = kept_by
        self._known: dict[str, list[Firm]] = defaultdict(list)
        self.made: list[dict[str, Any]] = []
        wanted = sorted({form for name in names for form in (name.strip(), plain(name))})
        # Drawn when the first is needed: as many as there can be, since drawing waits for what is being written.
        self._numbers = drawn(session, "employer", max(len(wanted), 1))
        for at in range(0, len(wanted), _BATCH):
            rows = session.connection().execute(
                select(col(Employer.id), col(Employer.name), col(Employer.region), col(Employer.kind))
                .where(among(Employer.name, wanted[at : at + _BATCH], Text))
                .order_by(col(Employer.id))
            )
            for number, name, region, kind in rows:
                self._known[plain(name)].append(Firm(number or 0, region, kind))

    def find(self, name: str | None, region: str | None) -> Firm | None:
        """The employer of that name at that place; one place may lie in the other where only one employer fits.

        Where no place is told, the only one of that name.
        """
        known = self._known.get(plain(name), [])
        for firm in known:
            if firm.region == region:
                return firm
        fitting = [
            firm
            for firm in known
            if region is None or firm.region.startswith(region) or region.startswith(firm.region)
        ]
        return fitting[0] if len(fitting) == 1 else None

    def take(self, name: str, region: str, *, is_demo: bool) -> tuple[Firm, bool]:
        """The employer, and whether it was made just now; `write` must follow before it is referred to."""
        found = self.find(name, region)
        if found is not None:
            return found, False
        number = next(self._numbers)
        firm = Firm(number, region, EmployerKind.ENTERPRISE)
        self._known[plain(name)].append(firm)
        self.made.append(
            {
                "id": number,
                "created_at": now(),
                "name": name.strip()[:_LONGEST],
                "kind": firm.kind,
                "region": region,
                "kept_by": self._kept_by,
                "is_demo": is_demo,
            }
        )
        return firm, True

    def write(self) -> None:
        """Write those that were made."""
        insert_rows(self._session.connection(), "employer", self.made)
        self.made = []


def drawn(session: Session, table: str, at_once: int) -> Iterator[int]:
    """Numbers for new rows of `table`, drawn as they are needed."""
    while True:
        yield from reserve_ids(session.connection(), table, at_once)
