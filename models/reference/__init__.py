"""The versioned code tables (README.md tells their sources) and their plain readers.

Codes are text of natural length: province 2 digits, city 4, county 6, township 9.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

REGIONS = "regions-2025-12-31.csv"
REGION_CHANGES = "region-changes-1980-2025.csv"
INDUSTRIES = "industries-gbt4754-2017.csv"
OCCUPATIONS = "occupations-gbt6565.csv"
OCCUPATION_ALIASES = "occupation-aliases.csv"
SKILL_ALIASES = "skill-aliases.csv"


@dataclass(frozen=True, slots=True)
class RegionRow:
    """A place in force. `parent` is empty for a province; `lon`, `lat`: degrees, good to about a kilometre, or None."""

    code: str
    name: str
    short_name: str
    level: str
    parent: str
    lon: float | None
    lat: float | None


@dataclass(frozen=True, slots=True)
class FormerRegionRow:
    """A code and name that ended in `until_year`; `successor` is a code in force, empty when unknown."""

    code: str
    name: str
    until_year: int
    successor: str
    kind: str


@dataclass(frozen=True, slots=True)
class ClassRow:
    """A row of a classification; `parent` is empty at level 1."""

    code: str
    name: str
    level: int
    parent: str


@dataclass(frozen=True, slots=True)
class AliasRow:
    """A title as employers write it and the occupation code that it means."""

    alias: str
    code: str


@dataclass(frozen=True, slots=True)
class SkillRow:
    """Another name of a skill."""

    alias: str
    skill: str


def _rows(name: str) -> list[list[str]]:
    with Path(__file__).with_name(name).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


@cache
def regions() -> tuple[RegionRow, ...]:
    """Every place of the ministry's list, parents before children, in the order of codes."""
    return tuple(
        RegionRow(code, name, short, level, parent, float(lon) if lon else None, float(lat) if lat else None)
        for code, name, short, level, parent, lon, lat in _rows(REGIONS)
    )


@cache
def former_regions() -> tuple[FormerRegionRow, ...]:
    """Codes and names no longer in force; one code may have had several names."""
    return tuple(
        FormerRegionRow(code, name, int(year), successor, kind)
        for code, name, year, successor, kind in _rows(REGION_CHANGES)
    )


@cache
def industries() -> tuple[ClassRow, ...]:
    """GB/T 4754-2017, sections (a letter) to classes (four digits)."""
    return _classes(INDUSTRIES)


@cache
def occupations() -> tuple[ClassRow, ...]:
    """GB/T 6565, major groups (one digit) to unit groups (five digits)."""
    return _classes(OCCUPATIONS)


@cache
def occupation_aliases() -> tuple[AliasRow, ...]:
    """Titles as factories and services write them."""
    return tuple(AliasRow(alias, code) for alias, code in _rows(OCCUPATION_ALIASES))


@cache
def skill_aliases() -> tuple[SkillRow, ...]:
    """Names of skills and the one name that stands for each."""
    return tuple(SkillRow(alias, skill) for alias, skill in _rows(SKILL_ALIASES))


def _classes(name: str) -> tuple[ClassRow, ...]:
    return tuple(ClassRow(code, label, int(level), parent) for code, label, level, parent in _rows(name))
