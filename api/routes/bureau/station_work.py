"""/v1/stations/…: the daily work of who sits at a station: firms, people in them, problems noted and answered."""

from typing import Annotated

from fastapi import Depends, Query, Response
from sqlalchemy import text
from sqlmodel import col, select

from api.deps import Caller, KeyringDep, RowId, SessionDep, TodayDep, allowed
from api.errors import PROBLEMS
from api.idempotency import OnceDep
from api.laying import bureau_router
from api.paging import Page, PagingDep, after_cursor, page_of
from api.presenting import PresenterDep
from api.rights import Action
from api.routes.bureau.follow_ups import Cursor, Limit, part
from api.routes.bureau.spells import spell_or_404
from api.schemas.base import RowNumber
from api.schemas.care import SupportDone
from api.schemas.station_work import (
    FirmPublic,
    GivenBack,
    PersonAtWorkPublic,
    ProblemNoted,
    StationProblemPublic,
)
from api.station_people import firms_public, people_here, people_public
from api.station_problems import give_back, note_problem, problem_or_404, problems_public, settle
from api.versions import etag
from models.care import SupportState, SupportTask

router = bureau_router(tag="station", responses=PROBLEMS)
Confirmer = Annotated[Caller, Depends(allowed(Action.CONFIRM))]
_MINE = text("SELECT task_id FROM names_of_tasks(NULL)")


@router.get("/stations/firms", operation_id="list_station_firms")
def list_station_firms(session: SessionDep, caller: Confirmer, today: TodayDep) -> Page[FirmPublic]:
    """Where people of my station's county are at work: those firms first where most are to be looked for this month."""
    firms = firms_public(session, people_here(session, caller, today), today)
    return Page(items=firms, next_cursor=None, total=len(firms))


@router.get("/stations/people", operation_id="list_station_people")
def list_station_people(
    session: SessionDep,
    caller: Confirmer,
    today: TodayDep,
    present: PresenterDep,
    employer_id: Annotated[RowNumber | None, Query(description="哪个用人单位")] = None,
    without_employer: Annotated[bool, Query(description="只列没有登记单位的")] = False,
    this_month: Annotated[bool | None, Query(description="本月是否已经核实过")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[PersonAtWorkPublic]:
    """The people of my station's county who are at work here: first those whom nobody has met this month."""
    after = after_cursor(cursor)
    found = [
        each
        for each in people_here(session, caller, today)
        if (employer_id is None or each.seen.spell.employer_id == employer_id)
        and (not without_employer or each.seen.spell.employer_id is None)
        and (this_month is None or each.this_month is this_month)
    ]
    shown, following = part(found, [each.seen.spell.identity for each in found], after, limit)
    return Page(items=people_public(session, present, shown, caller), next_cursor=following, total=len(found))


@router.get("/stations/problems", operation_id="list_station_problems")
def list_station_problems(
    session: SessionDep,
    _: Confirmer,
    paging: PagingDep,
    today: TodayDep,
    state: Annotated[SupportState | None, Query()] = None,
    handed: Annotated[bool | None, Query(description="是否交给工作站办理")] = None,
) -> Page[StationProblemPublic]:
    """What my stations noted, and what the home county handed to them: those first that are due first."""
    query = select(SupportTask).where(col(SupportTask.id).in_(_MINE))
    if state is not None:
        query = query.where(SupportTask.state == state)
    if handed is not None:
        given = col(SupportTask.handed_on)
        query = query.where(given.is_not(None) if handed else given.is_(None))
    rows, cursor, total = page_of(
        session,
        query,
        paging,
        number=col(SupportTask.id),
        sorts={"due_on": col(SupportTask.due_on)},
        default="due_on",
    )
    return Page(items=problems_public(session, rows, today), next_cursor=cursor, total=total)


@router.post("/spells/{spell_id}/problems", status_code=201, operation_id="note_spell_problem")
def note_spell_problem(
    spell_id: RowId,
    body: ProblemNoted,
    session: SessionDep,
    caller: Confirmer,
    today: TodayDep,
    keyring: KeyringDep,
    once: OnceDep,
) -> StationProblemPublic:
    """Note what somebody at work needs help with: it is on the home county's list, to be seen to within seven days."""
    spell = spell_or_404(session, spell_id)
    row = note_problem(session, keyring, caller, spell, body, today=today)
    [told] = problems_public(session, [row], today)
    return once.keep(told, told_of=[spell.worker_id])


@router.post("/stations/problems/{task_id}/finish", operation_id="finish_station_problem")
def finish_station_problem(
    task_id: RowId,
    body: SupportDone,
    session: SessionDep,
    caller: Confirmer,
    today: TodayDep,
    response: Response,
) -> StationProblemPublic:
    """What was handed to the station is done: how."""
    row = problem_or_404(session, task_id)
    settle(session, row, body.outcome, today=today, account_id=caller.account_id)
    response.headers.update(etag(row))
    return problems_public(session, [row], today)[0]


@router.post("/stations/problems/{task_id}/return", operation_id="return_station_problem")
def return_station_problem(
    task_id: RowId, body: GivenBack, session: SessionDep, _: Confirmer, today: TodayDep, response: Response
) -> StationProblemPublic:
    """The station can't see to what it was handed: the home county does, and reads why."""
    row = problem_or_404(session, task_id)
    give_back(session, row, body.answer, today=today)
    response.headers.update(etag(row))
    return problems_public(session, [row], today)[0]
