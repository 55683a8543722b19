"""A fair's day as it is answered."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlmodel import Session, col, select

from api.fairs.board import Board, Stand
from api.post_words import pay
from api.presenting import Presenter
from api.schemas.fair_day import (
    BoardPublic,
    BoothPostPublic,
    BoothPublic,
    DevicePublic,
    InvitationPublic,
    VisitPublic,
    WishPublic,
)
from models.application import Application, ApplicationState
from models.base import now
from models.employer import Employer
from models.fair import Fair
from models.kiosk import FairInvitation, KioskDevice
from models.vacancy import Vacancy
from models.visit import Visit, VisitIntent
from models.worker import Worker

UNANSWERED = (ApplicationState.PROPOSED, ApplicationState.APPLIED)
"""States of an application of which nobody has said yet what came of the talk at the booth."""


def board_public(fair: Fair, found: Board) -> BoardPublic:
    """The board."""
    return BoardPublic(
        fair_id=fair.identity,
        name=fair.name,
        as_of=now(),
        invited=found.invited,
        arrived=found.arrived,
        arrived_invited=found.arrived_invited,
        with_wish=found.with_wish,
        wishes=found.wishes,
        waiting_for_identity=found.waiting_for_identity,
        last_arrival=found.last_arrival,
        booths=[booth_public(stand) for stand in found.stands],
        devices=[device_public(row) for row in found.devices],
    )


def booth_public(stand: Stand) -> BoothPublic:
    """A booth."""
    waiting = stand.waiting
    return BoothPublic(
        id=stand.booth.identity,
        number=stand.booth.number,
        employer_id=stand.booth.employer_id,
        employer=stand.employer,
        posts=[
            BoothPostPublic(
                vacancy_id=post.vacancy.identity,
                title=post.vacancy.title,
                pay=pay(post.vacancy.pay_min, post.vacancy.pay_max),
                seats_left=post.seats_left,
                wishes=wishes,
            )
            for post, wishes in stand.posts
        ],
        waiting=len(waiting),
        next_ticket=waiting[0].ticket if waiting else None,
        last_called=stand.last_called,
    )


def device_public(row: KioskDevice) -> DevicePublic:
    """A device."""
    return DevicePublic(
        id=row.identity,
        name=row.name,
        letter=row.letter,
        enrolled_at=row.enrolled_at,
        revoked_at=row.revoked_at,
        last_seen_at=row.last_seen_at,
    )


def invitations_public(
    session: Session, present: Presenter, rows: Sequence[FairInvitation]
) -> list[InvitationPublic]:
    """Invitations in a list."""
    people = _people(session, [row.worker_id for row in rows])
    told = {each.id: each for each in present.workers(list(people.values()))}
    fairs = {row.fair_id for row in rows}
    arrived = {
        (row.fair_id, row.worker_id): row.arrived_at
        for row in session.exec(select(Visit).where(col(Visit.fair_id).in_(fairs)))
    }
    return [
        InvitationPublic(
            id=row.identity,
            worker=told[people[row.worker_id].identity],
            card_made_at=row.card_made_at,
            arrived_at=arrived.get((row.fair_id, people[row.worker_id].identity)),
            revoked_at=row.revoked_at,
        )
        for row in rows
    ]


def visits_public(
    session: Session, present: Presenter, fair: Fair, rows: Sequence[Visit], days: int
) -> list[VisitPublic]:
    """Who came, with all wishes; `days` after the fair it must have been asked what came of them."""
    people = {
        each.id: each
        for each in present.workers(list(_people(session, [row.worker_id for row in rows]).values()))
    }
    kept = {number: row.identity for number, row in _people(session, [row.worker_id for row in rows]).items()}
    wishes = session.exec(
        select(VisitIntent, Vacancy, Employer.name, Application.state)
        .join(Vacancy, col(Vacancy.id) == col(VisitIntent.vacancy_id))
        .join(Employer, col(Employer.id) == col(Vacancy.employer_id), isouter=True)
        .join(Application, col(Application.id) == col(VisitIntent.application_id), isouter=True)
        .where(col(VisitIntent.visit_id).in_([row.identity for row in rows]))
        .order_by(col(VisitIntent.said_at), col(VisitIntent.id))
    ).all()
    due = due_on(fair, days)
    of_visit: dict[int, list[WishPublic]] = {}
    open_at: set[int] = set()
    for wish, vacancy, employer, state in wishes:
        of_visit.setdefault(wish.visit_id, []).append(
            WishPublic(
                vacancy_id=wish.vacancy_id,
                title=vacancy.title,
                employer=employer,
                wanted=wish.wanted,
                ticket=wish.ticket,
                called=wish.called_at is not None,
                application_id=wish.application_id,
                state=state,
                not_carried_over=wish.not_carried_over,
            )
        )
        if state in UNANSWERED:
            open_at.add(wish.visit_id)
    return [
        VisitPublic(
            id=row.identity,
            worker=people[kept[row.worker_id]],
            arrived_at=row.arrived_at,
            wishes=of_visit.get(row.identity, []),
            due_on=due if row.identity in open_at else None,
        )
        for row in rows
    ]


def due_on(fair: Fair, days: int) -> date:
    """By when every visitor must have been asked what came of the talk at the booth."""
    return fair.held_on + timedelta(days=days)


def _people(session: Session, numbers: Sequence[int]) -> dict[int, Worker]:
    """By number; of a record that went up in another the kept one."""
    rows = session.exec(select(Worker).where(col(Worker.id).in_(set(numbers)))).all()
    merged = {row.merged_into for row in rows if row.merged_into is not None}
    kept = {row.identity: row for row in session.exec(select(Worker).where(col(Worker.id).in_(merged)))}
    return {row.identity: kept.get(row.merged_into or 0, row) for row in rows}
