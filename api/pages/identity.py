"""What waits to be decided about who is who: the counts beside the ledger, and the hints on a person's page."""

from dataclasses import dataclass

from sqlmodel import col, select

from api.identity.handing_over import handover_public
from api.identity.merges import merges_of, merges_public
from api.pages.desk import Desk
from api.paging import Paging
from api.routes.bureau.duplicates import list_duplicates
from api.routes.bureau.handovers import HandoverSide, list_handovers
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
    asked = list_handovers(
        desk.session,
        desk.caller,
        _ONE,
        desk.keyring,
        desk.present,
        state=HandoverState.OPEN,
        side=HandoverSide.TO_ANSWER,
    )
    return Waiting(pairs.total or 0, asked.total or 0)


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
