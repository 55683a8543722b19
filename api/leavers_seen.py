"""离岗未再就业 of a whole scope: evaluated once, and of each person anew after a change."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from sqlmodel import Session

from api.remembered import remembered_of_each
from outcomes.leavers import Leaver, in_order, leavers


def leavers_seen(session: Session, region: str, today: date, *, seconds: int) -> list[Leaver]:
    """Those of a region of the session's who left and are at no work, as `outcomes.leavers` orders them."""

    def evaluated(worker_ids: Collection[int] | None) -> dict[int, list[Leaver]]:
        found: dict[int, list[Leaver]] = defaultdict(list)
        for each in leavers(session, region, today, worker_ids):
            found[each.worker_id].append(each)
        return dict(found)

    kept = remembered_of_each(session, ("leavers", region, today), evaluated, seconds=seconds)
    return in_order(each for theirs in kept.values() for each in theirs)
