"""招聘会当天: what a visitor's commands come to, in whatever order, from however many devices and however often they came in.

The commands of one visitor are put in the order of their own instants, equal ones by their key, and gone through: of each
post the last word stands. A device's own instants rise by themselves, also where its clock is set back.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from models.kiosk import CommandKind


@dataclass(frozen=True, slots=True)
class Said:
    """One command of one visitor. `ticket` is the queue place that the device printed, at the booth of the post."""

    key: str
    kind: CommandKind
    at: datetime
    vacancy_id: int | None = None
    ticket: str | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """Where a visitor stands with a post. Whoever wants nothing more at a booth has no place in its queue."""

    wanted: bool
    said_at: datetime
    ticket: str | None = None
    ticket_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Attendance:
    """All that the commands come to: when the visitor was first seen, and the wishes by post."""

    arrived_at: datetime
    wishes: Mapping[int, Wish]


def attendance(said: Iterable[Said], booth_of: Mapping[int, int]) -> Attendance | None:
    """What the commands come to; None where there is none. `booth_of` says at which booth a post is offered.

    The place in a booth's queue is that of the first wish since the visitor wanted nothing there: a second device that
    prints another ticket for the same booth gives no second place, and none farther behind. It is called by the ticket
    that was printed last, which is the one in the visitor's hand.
    """
    once = {each.key: each for each in said}
    ordered = sorted(once.values(), key=lambda each: (each.at, each.key))
    if not ordered:
        return None
    wanted: dict[int, bool] = {}
    said_at: dict[int, datetime] = {}
    places: dict[int, tuple[str, datetime]] = {}
    for each in ordered:
        if each.vacancy_id is None:
            continue
        booth = booth_of[each.vacancy_id]
        wanted[each.vacancy_id] = each.kind is CommandKind.INTEND
        said_at[each.vacancy_id] = each.at
        if each.kind is CommandKind.INTEND and each.ticket is not None:
            places[booth] = (each.ticket, places[booth][1] if booth in places else each.at)
        elif not any(still for post, still in wanted.items() if booth_of[post] == booth):
            places.pop(booth, None)
    nowhere: tuple[str | None, datetime | None] = (None, None)
    return Attendance(
        ordered[0].at,
        {
            post: Wish(still, said_at[post], *(places.get(booth_of[post], nowhere) if still else nowhere))
            for post, still in wanted.items()
        },
    )
