"""现场看板: who has come, what they want, how the queues stand, and which seats are left."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from api.errors import not_found
from api.fairs.posts import FairPost, booths_of_posts, posts_of
from ledger.in_use import in_use
from models.base import now
from models.booth import Booth
from models.kiosk import FairInvitation, KioskCommand, KioskDevice
from models.visit import Visit, VisitIntent


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody's place in the queue of a booth."""

    visit_id: int
    ticket: str
    ticket_at: datetime
    called_at: datetime | None


@dataclass(frozen=True, slots=True)
class Stand:
    """A booth on the board: its posts with the wishes for each, and its queue in order."""

    booth: Booth
    employer: str
    posts: tuple[tuple[FairPost, int], ...]
    queue: tuple[Place, ...]

    @property
    def waiting(self) -> list[Place]:
        """Who has not been called yet."""
        return [place for place in self.queue if place.called_at is None]

    @property
    def last_called(self) -> str | None:
        """The ticket that was called last."""
        called = [place for place in self.queue if place.called_at is not None]
        return max(called, key=lambda place: (place.called_at, place.ticket)).ticket if called else None


@dataclass(frozen=True, slots=True)
class Board:
    """A fair as it stands. Visitors with a wish are those who want something now."""

    invited: int
    arrived: int
    arrived_invited: int
    with_wish: int
    wishes: int
    waiting_for_identity: int
    last_arrival: datetime | None
    stands: tuple[Stand, ...]
    devices: tuple[KioskDevice, ...]


def board(session: Session, fair_id: int) -> Board:
    """All of it, without the name of anybody."""
    visits = select(Visit.id, Visit.worker_id, Visit.arrived_at).where(
        Visit.fair_id == fair_id, in_use(Visit.worker_id)
    )
    came = session.exec(visits).all()
    invited = set(
        session.exec(
            select(FairInvitation.worker_id).where(
                FairInvitation.fair_id == fair_id,
                col(FairInvitation.revoked_at).is_(None),
                in_use(FairInvitation.worker_id),
            )
        )
    )
    intents = _wishes(session, fair_id)
    booth_of = booths_of_posts(session, fair_id)
    waiting = select(func.count()).where(
        KioskCommand.fair_id == fair_id, col(KioskCommand.sealed).is_not(None)
    )
    devices = select(KioskDevice).where(KioskDevice.fair_id == fair_id).order_by(col(KioskDevice.id))
    return Board(
        invited=len(invited),
        arrived=len(came),
        arrived_invited=sum(row[1] in invited for row in came),
        with_wish=len({each.visit_id for each in intents}),
        wishes=len(intents),
        waiting_for_identity=session.exec(waiting).one(),
        last_arrival=max((row[2] for row in came), default=None),
        stands=_stands(posts_of(session, fair_id), _all_booths(session, fair_id), intents, booth_of),
        devices=tuple(session.exec(devices)),
    )


def waiting_at(session: Session, fair_id: int) -> dict[int, int]:
    """How many wait at each booth."""
    queues = _queues(_wishes(session, fair_id), booths_of_posts(session, fair_id))
    return {booth: sum(place.called_at is None for place in queue) for booth, queue in queues.items()}


def call_next(session: Session, fair_id: int, booth_id: int) -> str | None:
    """Call the first who waits at a booth; the ticket, None where nobody waits.

    Raises
    ------
    Problem
        404 where the fair has no such booth.
    """
    booth = session.exec(
        select(Booth).where(Booth.id == booth_id, Booth.fair_id == fair_id).with_for_update()
    ).first()
    if booth is None:
        raise not_found("这个展位")
    booth_of = booths_of_posts(session, fair_id)
    queue = _queues(_wishes(session, fair_id), booth_of).get(booth_id, [])
    first = next((place for place in queue if place.called_at is None), None)
    if first is None:
        return None
    rows = session.exec(select(VisitIntent).where(VisitIntent.visit_id == first.visit_id).with_for_update())
    at = now()
    for row in rows:
        if booth_of.get(row.vacancy_id) == booth_id and row.wanted:
            row.called_at = at
            session.add(row)
    session.flush()
    return first.ticket


def _wishes(session: Session, fair_id: int) -> list[VisitIntent]:
    return list(
        session.exec(
            select(VisitIntent)
            .join(Visit, col(Visit.id) == col(VisitIntent.visit_id))
            .where(Visit.fair_id == fair_id, col(VisitIntent.wanted), in_use(Visit.worker_id))
            .order_by(col(VisitIntent.id))
        )
    )


def _all_booths(session: Session, fair_id: int) -> list[Booth]:
    return list(
        session.exec(
            select(Booth)
            .where(Booth.fair_id == fair_id, col(Booth.withdrawn_at).is_(None))
            .order_by(func.length(Booth.number), col(Booth.number))
        )
    )


def _queues(wishes: list[VisitIntent], booth_of: Mapping[int, int]) -> dict[int, list[Place]]:
    """The queue of each booth in order: one place a visitor, called when any of their wishes there was."""
    places: dict[tuple[int, int], Place] = {}
    for each in wishes:
        booth = booth_of.get(each.vacancy_id)
        if booth is None or each.ticket is None or each.ticket_at is None:
            continue
        at = (booth, each.visit_id)
        called = [when for when in (each.called_at, places[at].called_at if at in places else None) if when]
        places[at] = Place(each.visit_id, each.ticket, each.ticket_at, max(called, default=None))
    found: dict[int, list[Place]] = {}
    for (booth, _), place in places.items():
        found.setdefault(booth, []).append(place)
    return {
        booth: sorted(queue, key=lambda place: (place.ticket_at, place.ticket, place.visit_id))
        for booth, queue in found.items()
    }


def _stands(
    posts: list[FairPost], booths: list[Booth], wishes: list[VisitIntent], booth_of: Mapping[int, int]
) -> tuple[Stand, ...]:
    wanted: dict[int, int] = {}
    for each in wishes:
        wanted[each.vacancy_id] = wanted.get(each.vacancy_id, 0) + 1
    queues = _queues(wishes, booth_of)
    of_booth: dict[int, list[FairPost]] = {}
    for post in posts:
        of_booth.setdefault(post.booth.identity, []).append(post)
    return tuple(
        Stand(
            booth,
            next((post.employer for post in of_booth.get(booth.identity, ())), ""),
            tuple((post, wanted.get(post.vacancy.identity, 0)) for post in of_booth.get(booth.identity, ())),
            tuple(queues.get(booth.identity, ())),
        )
        for booth in booths
    )
