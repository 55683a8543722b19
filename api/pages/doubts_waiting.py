"""What other pages tell of 疑点: how many wait, about a person, about a file, in all."""

from api.pages.desk import Desk
from api.paging import Paging
from api.rights import Action
from api.routes.bureau import doubts as door
from api.schemas.doubt import DoubtPublic
from ledger.doubts.rule import Severity
from models.doubt import DoubtState


def open_doubts(desk: Desk, worker_id: int) -> list[DoubtPublic]:
    """What a person's page shows: findings that wait, those that must be put right first."""
    if not desk.may(Action.READ_LEDGER):
        return []
    condition = door.get_condition(worker_id=worker_id, state=DoubtState.OPEN)
    page = door.list_doubts(desk.session, desk.caller, Paging(50, None, "rule"), desk.present, condition)
    return sorted(page.items, key=lambda item: (list(Severity).index(item.severity), item.rule))


def open_of_import(desk: Desk, import_id: int) -> int:
    """How many findings wait about the lines of a file and the people in it."""
    if not desk.may(Action.READ_LEDGER):
        return 0
    waiting = door.get_condition(import_id=import_id, state=DoubtState.OPEN) & ~door.of_services()
    return (
        door.list_doubts(desk.session, desk.caller, Paging(1, None, None), desk.present, waiting).total or 0
    )


def left(desk: Desk) -> tuple[int, int] | None:
    """How many wait, and how many of them must be put right; None for accounts that see no ledger."""
    if not desk.may(Action.READ_LEDGER):
        return None
    found = door.read_doubt_summary(desk.session, desk.caller, desk.present)
    return found.open, found.open_errors
