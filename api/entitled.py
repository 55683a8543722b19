"""政策找人 over a whole scope: who is entitled to what and has not claimed, evaluated once, and of each person anew after a change."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from api.remembered import remembered_of_each
from api.settings import Settings
from outcomes.benefits.benefit import Benefit, Party
from outcomes.benefits.people import people_of
from outcomes.benefits.standing import Standing
from outcomes.benefits.unclaimed import unclaimed


@dataclass(frozen=True, slots=True)
class Entitled:
    """Where somebody is registered, and by the benefit's code how she stands to each that she may claim."""

    region: str
    to: Mapping[str, Standing]


def entitled(
    session: Session, settings: Settings, benefits: Mapping[str, Benefit], year: int, as_of: date
) -> Mapping[int, Entitled]:
    """Everybody of the session's regions who is entitled to a benefit of `year` for people and has not claimed it, by number."""
    wanted = tuple(each for each in benefits.values() if each.party is Party.WORKER and each.of_year(year))

    def evaluated(worker_ids: Collection[int] | None) -> dict[int, Entitled]:
        people = people_of(session, benefits, as_of, worker_ids=worker_ids) if wanted else {}
        found: dict[int, dict[str, Standing]] = defaultdict(dict)
        for benefit in wanted:
            for number, standing in unclaimed(benefit, people, year=year, as_of=as_of).items():
                found[number][benefit.code] = standing
        return {number: Entitled(people[number].region, to) for number, to in found.items()}

    # What else a benefit excludes is data of all of them.
    what = ("entitled", hash(tuple(map(repr, benefits.values()))), year, as_of)
    return remembered_of_each(session, what, evaluated, seconds=settings.remember_seconds)


def entitled_to(people: Mapping[int, Entitled], benefit: Benefit, region: str) -> dict[int, Standing]:
    """Of those the people of a region who are entitled to this benefit, by number."""
    return {
        number: each.to[benefit.code]
        for number, each in people.items()
        if benefit.code in each.to and each.region.startswith(region)
    }
