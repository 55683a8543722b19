"""Skills by what they mean: one skill under many names, and skills of one trade that count for a part.

The names are those of `models/reference/skill-aliases.csv`. A skill is *the same* as another only if they are two names of one
thing, for rules and features alike; it is *near* where both belong to one middle class (three digits) of GB/T 6565.
"""

import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache

import numpy as np

from matching.columns import BoolArray, FloatArray, Pairs, SkillSets
from matching.regions import IntArray
from models import reference

NEAR = 0.4
"""What a near skill counts of the wanted one; an assumption. Whoever has welded learns another way of welding, but has not yet."""
_CLASS_DIGITS = 3
_MOST_KEPT = 50_000


@lru_cache(_MOST_KEPT)
def skill(name: str) -> str:
    """The one name of a skill; a name that no table knows stands for itself."""
    plain = "".join(unicodedata.normalize("NFKC", name).lower().split())
    return aliases().get(plain, plain)


def near(one: str, other: str) -> bool:
    """Whether two skills, by their one names, are of the same middle class of occupations."""
    kind = _class_of(one)
    return kind != "" and kind == _class_of(other)


def has(skills: Iterable[str], wanted: str) -> bool:
    """Whether a wanted skill is among these, under whatever name."""
    return skill(wanted) in {skill(each) for each in skills}


def asks(pairs: Pairs, wanted: SkillSets) -> BoolArray:
    """Whether the vacancy of each pair wants any skill of this kind."""
    return np.fromiter(map(bool, map(wanted.__getitem__, pairs.vacancies.tolist())), np.bool_, len(pairs))


def share(pairs: Pairs, wanted: SkillSets) -> FloatArray:
    """Share of the wanted skills that the worker has, a near one counting `NEAR`; nan where none is wanted or the
    worker's are unknown."""
    return _met(pairs, wanted, NEAR)


def lacks(pairs: Pairs, wanted: SkillSets) -> BoolArray:
    """Whether the worker is known not to have all wanted skills. A near skill is not the skill."""
    short: BoolArray = _met(pairs, wanted, 0.0) < 1.0
    return short


def _met(pairs: Pairs, wanted: SkillSets, part: float) -> FloatArray:
    people, person = np.unique(pairs.workers, return_inverse=True)
    posts, post = np.unique(pairs.vacancies, return_inverse=True)
    had, mine = _classes([frozenset(pairs.market.workers.skills[row]) for row in people.tolist()])
    asked, theirs = _classes([wanted[row] for row in posts.tolist()])
    # Few sets of skills meet few sets of wishes: each such meeting is looked at once.
    cells, at = np.unique(mine[person] * len(asked) + theirs[post], return_inverse=True)
    values = [_share_of(had[cell // len(asked)], asked[cell % len(asked)], part) for cell in cells.tolist()]
    met: FloatArray = np.array(values, np.float64)[at]
    return met


def _classes(sets: list[frozenset[str]]) -> tuple[list[frozenset[str]], IntArray]:
    numbers: dict[frozenset[str], int] = {}
    of = [numbers.setdefault(each, len(numbers)) for each in sets]
    return [frozenset(map(skill, each)) for each in numbers], np.array(of, np.int64)


def _share_of(had: frozenset[str], asked: frozenset[str], part: float) -> float:
    if not had or not asked:
        return np.nan
    met = [1.0 if each in had else part * any(near(each, other) for other in had) for each in asked]
    return sum(met) / len(met)


@cache
def aliases() -> dict[str, str]:
    """The one name of each name that is known."""
    return {row.alias: row.skill for row in reference.skill_aliases()}


@cache
def _codes() -> dict[str, str]:
    return {row.alias: row.code for row in reference.occupation_aliases()}


@lru_cache(_MOST_KEPT)
def _class_of(name: str) -> str:
    codes = _codes()
    return next((codes[each][:_CLASS_DIGITS] for each in (name, f"{name}工") if each in codes), "")
