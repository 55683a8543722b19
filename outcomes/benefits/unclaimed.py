"""政策找人: who is entitled and has not claimed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from outcomes.benefits.benefit import Benefit
from outcomes.benefits.judging import judge_all
from outcomes.benefits.standing import Person, Standing, State


@dataclass(frozen=True, slots=True)
class Total:
    """A sum of amounts in fen: what is known, the most of what receipts decide, and how many are not known at all."""

    count: int
    fen: int
    most: int
    unknown: int


def unclaimed(
    benefit: Benefit, people: Mapping[int, Person], *, year: int, as_of: date
) -> dict[int, Standing]:
    """By person's number who is entitled to it in `year` and has no claim under way."""
    open_to = {
        number: person
        for number, person in people.items()
        if benefit.of_region(person.region)
        and not any(each.benefit.code == benefit.code and each.year == year for each in person.payments)
    }
    standings = judge_all(benefit, list(open_to.values()), year=year, as_of=as_of)
    pairs = zip(open_to, standings, strict=True)
    return {number: standing for number, standing in pairs if standing.state is State.ENTITLED}


def total_of(standings: Sequence[Standing]) -> Total:
    """The sum of what they are entitled to."""
    amounts = [each.amount for each in standings]
    return Total(
        len(amounts),
        sum(each.fen or 0 for each in amounts),
        sum(each.most or 0 for each in amounts if each.fen is None),
        sum(each.fen is None for each in amounts),
    )
