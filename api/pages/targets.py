"""任务: one task of a plan, how far it is, where, and the people behind each number."""

from collections import Counter
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse
from sqlmodel import Session, select

from api.counting import persons_behind, target_public
from api.deps import AsOfDep, RowId
from api.pages.desk import Desk, desk_for
from api.pages.routing import PageRoute
from api.rights import Action
from api.routes.bureau.targets import target_or_404
from models.coded import Coded
from models.region import Region
from models.spell import EvidenceGrade, SpellKind
from models.target import Target
from outcomes.outlook import outlook
from outcomes.progress import Person, progress

router = APIRouter(route_class=PageRoute)
_PAGE = 30


class Shown(Coded):
    """Whom the list shows."""

    STARTED = "started", "已上岗"
    STABLE = "stable", "已稳定"
    VERIFIED = "verified", "已核实"
    WAITING = "waiting", "坚持到期就能算上"
    UNPROVEN = "unproven", "已稳定、还缺佐证"
    A = "A", "A级佐证"
    B = "B", "B级佐证"
    C = "C", "C级佐证"
    D = "D", "D级佐证"


@dataclass(frozen=True, slots=True)
class Part:
    """One region within the task's own, and how many of its people started and are stable."""

    code: str
    name: str
    started: int
    stable: int


@router.get("/targets/{target_id}")
def show_target(
    target_id: RowId,
    as_of: AsOfDep,
    desk: Annotated[Desk, Depends(desk_for(Action.READ_TARGETS))],
    show: Annotated[Shown, Query()] = Shown.STARTED,
    after: Annotated[int, Query(ge=0)] = 0,
) -> HTMLResponse:
    """One task."""
    target = target_or_404(desk.session, target_id)
    found = progress(desk.session, target, as_of)
    told = outlook(desk.session, target, found, as_of)
    persons = None
    if desk.may(Action.READ_LEDGER):
        grade = EvidenceGrade.read(show.value) if show.value in set(EvidenceGrade) else None
        persons = persons_behind(
            desk.session,
            found,
            desk.present,
            stable=show is Shown.STABLE,
            verified=show is Shown.VERIFIED,
            unproven=show is Shown.UNPROVEN,
            waiting=(told.waiting if told else ()) if show is Shown.WAITING else None,
            grade=grade,
            after=after,
            limit=_PAGE,
        )
    return desk.show(
        "target.html",
        target=target_public(desk.session, target, desk.present),
        kinds="、".join(SpellKind.read(kind).label for kind in target.kinds),
        found=found,
        outlook=told,
        as_of=as_of,
        verified=found.verified,
        covered=desk.caller.governs(target.region),
        parts=_regions(desk.session, target, found.persons),
        persons=persons,
        show=show,
        first_page=after == 0,
    )


def _regions(session: Session, target: Target, persons: tuple[Person, ...]) -> list[Part]:
    """The counted people by the regions directly below the task's own, most first."""
    below = dict(
        session.exec(select(Region.code, Region.name).where(Region.parent_code == target.region)).all()
    )
    width = max(map(len, below), default=0)
    started, stable = Counter[str](), Counter[str]()
    for person in persons:
        part = person.home[:width]
        started[part] += 1
        stable[part] += person.stable_on is not None
    return [
        Part(code, below.get(code, "未登记到下一级"), count, stable[code])
        for code, count in started.most_common()
    ]
