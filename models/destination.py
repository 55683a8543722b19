"""Where a spell's work lies as seen from home, as conditions on its row."""

from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_
from sqlalchemy import select as columns
from sqlmodel import col

from models.pairing import Pairing
from models.spell import EmploymentSpell

_HOME, _WORK = col(EmploymentSpell.origin_region), col(EmploymentSpell.region)

PAIRED: ColumnElement[bool] = (
    columns(col(Pairing.id))
    .where(
        _HOME.startswith(col(Pairing.origin_region)),
        _WORK.startswith(col(Pairing.destination_region)),
        col(Pairing.valid_from) <= col(EmploymentSpell.started_on),
        or_(col(Pairing.valid_until).is_(None), col(Pairing.valid_until) >= col(EmploymentSpell.started_on)),
    )
    .correlate(EmploymentSpell)
    .exists()
)
_SAME_PROVINCE = func.left(_HOME, 2) == func.left(_WORK, 2)

PAIRED_EAST = and_(_WORK.is_not(None), PAIRED)
OTHER_PROVINCE = and_(_WORK.is_not(None), ~PAIRED, ~_SAME_PROVINCE)
WITHIN_PROVINCE = and_(_WORK.is_not(None), ~PAIRED, _SAME_PROVINCE)
"""The county of home included."""


def _county(code: Any) -> ColumnElement[str]:
    # A city without counties stands for itself.
    return func.left(func.rpad(code, 6, "0"), 6)


HOME_COUNTY = _county(_WORK) == _county(_HOME)
NO_COUNTY = _WORK.is_(None) | ((func.length(_WORK) < 6) & ~HOME_COUNTY)
