"""Who is in a public post today: evaluated once, and of each person anew after a change."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from sqlmodel import Session

from api.remembered import remembered_of_each
from api.settings import Settings
from outcomes.ladder.standing import Served, in_order, in_public_posts


def posts_served(session: Session, settings: Settings, region: str, today: date) -> list[Served]:
    """Everybody of a region of the session's in a public post, as `outcomes.ladder.standing` orders them."""

    def evaluated(worker_ids: Collection[int] | None) -> dict[int, list[Served]]:
        found: dict[int, list[Served]] = defaultdict(list)
        for each in in_public_posts(session, region, today, worker_ids):
            found[each.worker_id].append(each)
        return dict(found)

    what = ("public posts", region, today)
    kept = remembered_of_each(session, what, evaluated, seconds=settings.remember_seconds)
    return in_order(each for theirs in kept.values() for each in theirs)
