"""打印名单: those whose staying decides, in calling order on paper, with room for what each of them said."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse
from sqlmodel import Session, select

from api.behind import spells_behind
from api.counting import target_public
from api.deps import AsOfDep, RowId
from api.pages.desk import Desk, desk_for
from api.pages.routing import PageRoute
from api.rights import Action
from api.routes.bureau.targets import target_or_404
from api.schemas.base import RegionCode
from ledger.history import person_keys
from ledger.people import mask_phone
from models.bulk import among
from models.sealing import Keyring, Unsealable, unseal
from models.worker import Worker
from outcomes.outlook import Waiting, outlook
from outcomes.progress import progress

router = APIRouter(route_class=PageRoute, include_in_schema=False)
_ON_PAPER = 500
"""Whom a round of calls can reach; the list says how many more wait, and leads to them."""


@dataclass(frozen=True, slots=True)
class Call:
    """One person to be called. The telephone is masked: it is read in clear on the person's page, with a reason."""

    name: str
    home: str
    employer: str
    waiting: Waiting
    phone: str


@router.get("/targets/{target_id}/calls")
def print_calls(
    target_id: RowId,
    as_of: AsOfDep,
    desk: Annotated[Desk, Depends(desk_for(Action.READ_TARGETS, Action.READ_LEDGER))],
    within: Annotated[RegionCode | None, Query()] = None,
    begin: Annotated[int, Query(ge=0, le=1_000_000, description="从第几人以后打印")] = 0,
) -> HTMLResponse:
    """Who waits, the most worthwhile call first, on A4; who has no telephone last, to be visited."""
    target = target_or_404(desk.session, target_id)
    found = progress(desk.session, target, as_of)
    told = outlook(desk.session, target, found, as_of)
    waiting = [each for each in (told.waiting if told else ()) if each.person.home.startswith(within or "")]
    return desk.show(
        "target_calls.html",
        target=target_public(desk.session, target, desk.present),
        place=desk.present.known_place(within or target.region).name,
        within=within,
        as_of=as_of,
        counts_stable=found.counts_stable,
        total=len(waiting),
        begin=begin,
        at_once=_ON_PAPER,
        to_visit=sum(not each.has_phone for each in waiting),
        calls=_calls(desk, waiting[begin : begin + _ON_PAPER]),
    )


def _calls(desk: Desk, waiting: Sequence[Waiting]) -> list[Call]:
    numbers = [each.person.worker_id for each in waiting]
    people = {row.identity: row for row in desk.session.exec(select(Worker).where(among(Worker.id, numbers)))}
    spells = spells_behind(desk.session, desk.present, [each.person for each in waiting])
    phones = _phones(desk.session, desk.request.app.state.keyring, list(people.values()))
    calls = []
    for each in waiting:
        row = people[each.person.worker_id]
        last = spells[each.person.spells[-1]]
        home = desk.present.known_place(row.region).name + (row.village or "")
        calls.append(Call(row.name, home, last.employer or last.kind.label, each, phones[row.identity]))
    return calls


def _phones(session: Session, keyring: Keyring, rows: Sequence[Worker]) -> dict[int, str]:
    keys = person_keys(session, keyring, [row.identity for row in rows])
    return {row.identity: _masked(keys.get(row.identity), row.phone_sealed) for row in rows}


def _masked(key: bytes | None, sealed: bytes | None) -> str:
    if key is None or sealed is None:
        return "没有电话"
    try:
        return mask_phone(unseal(key, sealed, "worker.phone").decode())
    except Unsealable:
        return "没有电话"
