"""Codes that the files name: places, industries and occupations that the tables know."""

from collections.abc import Iterable
from typing import Self

from sqlmodel import Session, col, select

from ledger.occupations import read_occupation
from models.region import Region
from models.taxonomy import Industry, Occupation


def known_regions(session: Session, codes: Iterable[str]) -> frozenset[str]:
    """Which of the codes are places."""
    wanted = list(set(codes))
    return (
        frozenset(session.exec(select(Region.code).where(col(Region.code).in_(wanted))))
        if wanted
        else frozenset()
    )


class Occupations:
    """Occupations by code, by name, or as a title names them; `known` are codes and names."""

    def __init__(self, known: Iterable[tuple[str, str]]) -> None:
        self._codes = {name: code for code, name in known}
        self._codes |= {code: code for code in self._codes.values()}
        self._read: dict[str, str | None] = {}

    @classmethod
    def kept(cls, session: Session) -> Self:
        """Those of the code table."""
        return cls(session.exec(select(Occupation.code, Occupation.name)).all())

    def find(self, text: str) -> str | None:
        """The code, or None for a text that names none."""
        if text in self._codes:
            return self._codes[text]
        if text not in self._read:
            found = read_occupation(text)
            self._read[text] = found.code if found and found.code in self._codes else None
        return self._read[text]


class Industries:
    """Industries by code or name; of namesakes the broadest."""

    def __init__(self, session: Session) -> None:
        rows = session.exec(select(Industry.name, Industry.code).order_by(col(Industry.level).desc())).all()
        self._codes = dict(rows) | {code: code for _, code in rows}

    def find(self, text: str) -> str | None:
        """The code, or None for a text that names none."""
        return self._codes.get(text) or self._codes.get(text.lstrip("ABCDEFGHIJKLMNOPQRST."))
