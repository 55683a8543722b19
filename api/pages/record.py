"""操作记录: up to when the record of changes is sealed, and what its verifications found."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse
from sqlmodel import Session, col, select

from api.observing.checks import PATIENCE
from api.pages.desk import Desk, desk_for
from api.pages.routing import PageRoute
from api.rights import Action
from ledger.chain.reading import head, waiting_since
from models.base import now
from models.record import AuditCheck

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Reader = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER))]
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Chain:
    """How far the record is sealed; `late` since when something waits that should not."""

    links: int
    sealed_at: datetime | None
    late: datetime | None


@router.get("/record")
def show_record(desk: Reader) -> HTMLResponse:
    """How the chain stands."""
    checks = desk.session.exec(select(AuditCheck).order_by(col(AuditCheck.id).desc()).limit(_SHOWN)).all()
    return desk.show("record.html", chain=_chain(desk.session), checks=checks)


def _chain(session: Session) -> Chain:
    connection = session.connection()
    last, waiting = head(connection), waiting_since(connection)
    late = waiting if waiting is not None and waiting < now() - PATIENCE else None
    return Chain(last[0], last[2], late) if last else Chain(0, None, late)
