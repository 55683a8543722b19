"""任务: one task of a plan, how far it is, where, and the people behind each number."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse
from sqlmodel import Session, select

from api.counting import persons_behind, target_public
from api.deps import ReachedDep, RowId
from api.errors import Problem
from api.pages.desk import Desk, desk_for
from api.pages.naming import regions_below
from api.pages.routing import PageRoute
from api.pages.target_ahead import homes, way
from api.paging import Page, Paging
from api.rights import Action
from api.routes.bureau.figures import list_figures
from api.routes.bureau.targets import read_target_person, target_or_404
from api.schemas.base import Place, RegionCode
from api.schemas.decomposition import PartsPublic
from api.schemas.target import TargetPerson
from api.standing import parts_public, shares_public, things_public, typed_public
from models.coded import Coded
from models.region import Region, RegionLevel
from models.spell import EvidenceGrade
from models.target import Target
from outcomes.indicators.catalogue import indicator_of
from outcomes.indicators.indicator import Subject
from outcomes.outlook import Outlook, outlook
from outcomes.progress import Person, Progress, progress
from outcomes.target_spells import kinds_of

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Reader = Annotated[Desk, Depends(desk_for(Action.READ_TARGETS))]
Kept = dict[str, str]
"""What was typed into a form that was refused."""
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
    as_of: ReachedDep,
    desk: Reader,
    show: Annotated[Shown, Query()] = Shown.STARTED,
    within: Annotated[RegionCode | None, Query()] = None,
    after: Annotated[int, Query(ge=0)] = 0,
) -> HTMLResponse:
    """One task."""
    return target_page(desk, target_id, as_of=as_of, show=show, within=within or "", after=after)


@router.get("/targets/{target_id}/persons/{person_id}")
def show_target_person(
    target_id: RowId,
    person_id: RowId,
    as_of: ReachedDep,
    desk: Annotated[Desk, Depends(desk_for(Action.READ_TARGETS, Action.READ_LEDGER))],
) -> HTMLResponse:
    """One person behind the task's number: the spells that were counted, and what proves them."""
    target = target_or_404(desk.session, target_id)
    person = read_target_person(target_id, person_id, desk.session, desk.caller, as_of, desk.present)
    return desk.show("target_person.html", target=target, person=person, as_of=as_of)


def target_page(
    desk: Desk,
    target_id: int,
    *,
    as_of: date | None = None,
    show: Shown = Shown.STARTED,
    within: str = "",
    after: int = 0,
    problem: Problem | None = None,
    kept: Kept | None = None,
) -> HTMLResponse:
    """The task's page; after a refusal with what was typed."""
    session, as_of = desk.session, as_of or desk.today
    target = target_or_404(session, target_id)
    found = progress(session, target, as_of)
    covered = desk.caller.governs(target.region)
    indicator = indicator_of(target)
    typed = indicator.subject is Subject.TYPED
    divided = parts_public(session, desk.present, desk.caller, target, found, as_of)
    own = shares_public(session, desk.present, desk.caller, target, found, as_of)
    given = [share.figure for share in own if share.figure is not None]
    # All the people whom the account sees count for its parts, where every region of its has one.
    part = sum(given) if given and len(given) == len(own) else None
    # Of people whom the account doesn't see nothing is foretold.
    told = outlook(session, target, found, as_of) if covered or found.started else None
    may_divide = desk.may(Action.MANAGE_TARGETS) and target.number is not None
    return desk.show(
        "target.html",
        problem=problem,
        kept=kept or {"region": "", "figure": "", "as_of": "", "proof": ""},
        target=target_public(session, target, desk.present),
        plan_id=target.work_plan_id,
        kinds="、".join(kind.label for kind in kinds_of(target)),
        indicator=indicator,
        found=found,
        outlook=told,
        as_of=as_of,
        verified=found.verified,
        covered=covered,
        own=own,
        goal=target.number if covered else part,
        nobody=not covered and not own and found.started == 0,
        parts=_regions(session, target, found.persons),
        things=things_public(desk.present, found.things),
        typed=(own[0].typed if own else typed_public(session, desk.present, target, as_of))
        if typed and len(own) < 2
        else None,
        figures=list_figures(target_id, session, desk.caller, Paging(50, None, None), desk.present)
        if typed
        else None,
        typing=_typing(desk, target, divided) if typed else [],
        divided=divided,
        choices=_choices(desk, target, divided) if may_divide else [],
        way=way(found, told, target) if told else [],
        homes=homes(session, told.waiting, within[:6] or target.region)
        if told and show is Shown.WAITING
        else [],
        within=within,
        persons=_persons(desk, found, told, show, within, after),
        show=show,
        first_page=after == 0,
    )


def _persons(
    desk: Desk, found: Progress, told: Outlook | None, show: Shown, within: str, after: int
) -> Page[TargetPerson] | None:
    if not desk.may(Action.READ_LEDGER):
        return None
    return persons_behind(
        desk.session,
        found,
        desk.present,
        stable=show is Shown.STABLE,
        verified=show is Shown.VERIFIED,
        unproven=show is Shown.UNPROVEN,
        waiting=(told.waiting if told else ()) if show is Shown.WAITING else None,
        grade=EvidenceGrade.read(show.value) if show.value in set(EvidenceGrade) else None,
        within=within,
        after=after,
        limit=_PAGE,
    )


def _typing(desk: Desk, target: Target, divided: PartsPublic) -> list[Place]:
    """The regions for which the account may type a figure: the task's, its parts' and its own, as far as they are its."""
    if not desk.may(Action.MANAGE_TARGETS):
        return []
    inside = (code for code in desk.caller.regions if code.startswith(target.region))
    codes = dict.fromkeys((target.region, *(part.region.code for part in divided.items), *inside))
    return [desk.present.known_place(code) for code in codes if desk.caller.governs(code)]


def _choices(desk: Desk, target: Target, divided: PartsPublic) -> list[tuple[Place, list[Region]]]:
    """Regions that may still be given a part: those right below the task's region, and below its parts' regions."""
    wholes = (target.region, *(part.region.code for part in divided.items))
    mine = tuple(code for code in wholes if desk.caller.governs(code))
    given = {part.region.code for part in divided.items}
    choices = [
        (place, [row for row in rows if row.code not in given and row.level is not RegionLevel.VILLAGE])
        for place, rows in regions_below(desk.session, mine, desk.present)
    ]
    return [(place, rows) for place, rows in choices if rows]


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
