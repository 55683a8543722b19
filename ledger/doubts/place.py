"""Where somebody works, as far as the rules need it: named to the county or not, at home or away."""

from functools import cache

from ledger.gazetteer import Gazetteer
from models.reference import regions


@cache
def cities_without_counties() -> frozenset[str]:
    """Codes of cities with townships directly below them: 东莞, 中山, 儋州, 嘉峪关, whichever the table has."""
    parents = {row.parent for row in regions() if row.level == "county"}
    return frozenset(row.code for row in regions() if row.level == "city") - parents


def county_of(gazetteer: Gazetteer, code: str | None) -> str | None:
    """The county that the place is or lies in, or the city without counties; None where neither is named."""
    if code is None or code not in gazetteer:
        return None
    for part in (code, *gazetteer.ancestors(code)):
        if gazetteer.level(part) == "county" or part in cities_without_counties():
            return part
    return None


def is_away(gazetteer: Gazetteer, code: str | None, home: str) -> bool | None:
    """Whether the place is surely outside the home county; None where it may lie inside or is unknown."""
    if code is None or code not in gazetteer:
        return None
    if gazetteer.within(code, home):
        return False
    return None if gazetteer.within(home, code) else True
