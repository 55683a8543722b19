"""What waits to be decided about who is who: the counts beside the ledger, and the hints on a person's page."""

from dataclasses import dataclass

from sqlmodel import col, select

from api.identity.handing_over import handover_public
from api.identity.merges import merges_of, merges_public
from api.pages.desk import Desk
from api.paging import Paging
from api.routes.bureau.duplicates import list_duplicates
from api.routes.bureau.handovers import list_handovers
from api.schemas.identity import DuplicatePublic, HandoverPublic, MergePublic
from models.identity import Handover, HandoverState

_ONE, _SOME = Paging(1, None, None), Paging(20, None, None)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many pairs somebody should decide, and how many hand-overs wait for this account's answer."""

    pairs: int
    handovers: int


@dataclass(frozen=True, slots=True)
class Hints:
    """What is open about one person, and what may be taken back."""

    pairs: list[DuplicatePublic]
    handovers: list[HandoverPublic]
    merges: list[MergePublic]


def waiting(desk: Desk) -> Waiting:
    """For the tabs of the ledger."""
    pairs = list_duplicates(desk.session, desk.caller, _ONE, desk.present, decided=False)
    return Waiting(pairs.total or 0, len(to_answer(handovers_open(desk))))


def handovers_open(desk: Desk) -> list[HandoverPublic]:
    """The hand-overs about which nobody has decided; one that was refused may still wait for the city."""
    return [
        item
        for state in (HandoverState.OPEN, HandoverState.REFUSED)
        for item in list_handovers(
            desk.session, desk.caller, Paging(200, None, None), desk.keyring, desk.present, state=state
        ).items
    ]


def to_answer(found: list[HandoverPublic]) -> list[HandoverPublic]:
    """Those that wait for this account."""
    return [item for item in found if {"agree", "decide"} & set(item.may)]


def hints(desk: Desk, worker_id: int) -> Hints:
    """For a person's page."""
    pairs = list_duplicates(
        desk.session, desk.caller, _SOME, desk.present, decided=False, worker_id=worker_id
    ).items
    asked = desk.session.exec(
        select(Handover)
        .where(Handover.worker_id == worker_id, Handover.state == HandoverState.OPEN)
        .order_by(col(Handover.id))
    ).all()
    return Hints(
        pairs,
        [handover_public(desk.session, desk.caller, desk.keyring, row, desk.present) for row in asked],
        merges_public(
            desk.session,
            [row for row in merges_of(desk.session, worker_id) if row.kept_id == worker_id],
            desk.present,
        ),
    )
