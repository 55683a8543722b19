"""Who belongs to which monitored group, as the ledger tells: for quotas, and for judging whether anybody is worse off."""

from collections.abc import Sequence
from datetime import date

import numpy as np
from sqlalchemy import or_, select
from sqlmodel import Session, col

from matching.columns import SmallArray
from matching.groups import Groups
from models.bulk import among
from models.household import MONITORED, POVERTY_RELIEVED, HardshipPeriod, Household
from models.worker import Worker

MAJORITY = "汉族"


def groups_of(session: Session, worker_ids: Sequence[int], as_of: date) -> Groups:
    """One row a worker, in the order given, as of `as_of`; a monitored household counts until its risk is cleared.

    Raises
    ------
    KeyError
        for a worker whom the session may not see.
    """
    person = (
        col(Worker.id),
        col(Worker.sex),
        col(Worker.household_id),
        col(Worker.disability_grade),
        col(Worker.ethnicity),
    )
    query = select(*person, col(Household.relocated)).outerjoin(
        Household, col(Household.id) == col(Worker.household_id)
    )
    people = {row[0]: row[1:] for row in session.execute(query.where(among(col(Worker.id), worker_ids)))}
    relieved, watched = set(), set()
    for household_id, category, cleared in session.execute(
        select(
            col(HardshipPeriod.household_id),
            col(HardshipPeriod.category),
            col(HardshipPeriod.risk_cleared_on),
        ).where(
            col(HardshipPeriod.from_on) <= as_of,
            or_(col(HardshipPeriod.to_on).is_(None), col(HardshipPeriod.to_on) >= as_of),
        )
    ):
        if category in POVERTY_RELIEVED:
            relieved.add(household_id)
        if category in MONITORED and (cleared is None or cleared > as_of):
            watched.add(household_id)
    rows = [people[worker_id] for worker_id in worker_ids]
    homes = [row[1] for row in rows]
    return Groups(
        sex=np.array(["" if row[0] is None else str(row[0]) for row in rows], str),
        minority=_known([None if not row[3] else row[3] != MAJORITY for row in rows]),
        poverty_relieved=_known([None if home is None else home in relieved for home in homes]),
        monitored=_known([None if home is None else home in watched for home in homes]),
        relocated=_known([row[4] for row in rows]),
        disabled=_known([row[2] is not None for row in rows]),
    )


def _known(values: Sequence[bool | None]) -> SmallArray:
    return np.array([-1 if value is None else int(value) for value in values], np.int8)
