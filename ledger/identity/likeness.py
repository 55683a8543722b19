"""What makes two records look like one person: the name and the village, and numbers that differ by a slip; and what
makes one number look like two people's."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from ledger.identity.matching import plain_name, related_prefixes
from ledger.pinyin import pinyin

NEAR = 2
"""How many slips of the pen still make two numbers near each other."""

_LONG_NAME = 3
"""Syllables from which one that differs is a slip: of two it is all that tells the members of a clan apart."""

_VILLAGE = re.compile(r"(村民委员会|居民委员会|村委会|居委会|社区|行政村|村)$")
_NARROW = str.maketrans("０１２３４５６７８９Ｘｘ", "0123456789Xx")


def plain_number(text: str) -> str:
    """A number as it is compared, right or wrong: wide forms narrowed, blanks and marks gone, without the suffix of a
    disability certificate."""
    compact = re.sub(r"[^0-9X]", "", text.translate(_NARROW).upper())
    return compact[:18] if len(compact) in (20, 22) else compact


def near(one: str, other: str) -> bool:
    """Whether two different numbers may be one, written with a slip: at most two characters left out, put in or
    changed, one pair of neighbours exchanged, or another code of the same county at the front."""
    if one == other or abs(len(one) - len(other)) > NEAR:
        return False
    if one[6:17] == other[6:17] and other[:6] in related_prefixes(one[:6]):
        return True
    return _distance(one, other) <= NEAR


def same_village(one: tuple[str, str | None], other: tuple[str, str | None]) -> bool:
    """Whether two places, each a region's code and a village's name, may be one village.

    A code that is known to the village decides; else the names do; where one side knows less, the regions must not
    exclude each other.
    """
    (code, name), (other_code, other_name) = one, other
    if not (code.startswith(other_code) or other_code.startswith(code)):
        return False
    if name and other_name:
        return _VILLAGE.sub("", name.strip()) == _VILLAGE.sub("", other_name.strip())
    return True


class Whereabouts(NamedTuple):
    """What is told of somebody beside the number: the name, the household's number, and the place."""

    name: str
    household: str | None
    region: str
    village: str | None


def another_spelling(one: str, other: str) -> bool:
    """Whether two names may be one, written otherwise: by its sound, in another order, or with a slip of the pen."""
    first, second = (pinyin(plain_name(name)).split() for name in (one, other))
    if sorted(first) == sorted(second):
        return True
    return max(len(first), len(second)) >= _LONG_NAME and _distance(first, second) <= 1


def strangers(one: Whereabouts, other: Whereabouts) -> bool:
    """Whether what two say under one number is of two people: wholly different names, and the household or the village
    differs as well; neither of them is the same."""
    if plain_name(one.name) == plain_name(other.name):
        return False
    same = _same_home(one, other)
    return False in same and True not in same and not another_spelling(one.name, other.name)


def _same_home(one: Whereabouts, other: Whereabouts) -> tuple[bool | None, bool | None]:
    """Whether household and village are the same; None where a side does not say."""
    household = one.household == other.household if one.household and other.household else None
    if not same_village((one.region, one.village), (other.region, other.village)):
        return household, False
    coded = one.region == other.region and len(one.region) == _OF_A_VILLAGE
    return household, True if coded or (one.village and other.village) else None


_OF_A_VILLAGE = 12
"""Digits of a village's code."""


def _distance(one: Sequence[str], other: Sequence[str]) -> int:
    """Characters changed, missing, additional, and neighbours exchanged (optimal string alignment); anything beyond
    `NEAR` is `NEAR + 1`."""
    older: list[int] = []
    above = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        row = [at]
        for column, against in enumerate(other, 1):
            cost = min(above[column] + 1, row[-1] + 1, above[column - 1] + (letter != against))
            if at > 1 and column > 1 and letter == other[column - 2] and one[at - 2] == against:
                cost = min(cost, older[column - 2] + 1)
            row.append(cost)
        if min(row) > NEAR:
            return NEAR + 1
        older, above = above, row
    return above[-1]
