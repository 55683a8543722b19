"""/v1/fairs/{fair_id}/booths and …/board: who stands where, what is offered, and how the day goes."""

from typing import Annotated

from fastapi import Depends
from sqlmodel import Session, col, select

from api.audit import record
from api.deps import Caller, RowId, SessionDep, allowed
from api.errors import PROBLEMS, conflict, invalid, not_found
from api.fairs.board import board, call_next
from api.fairs.shown import board_public, booth_public
from api.idempotency import OnceDep
from api.laying import bureau_router
from api.rights import Action
from api.schemas.fair_day import BoardPublic, BoothCreate, BoothPublic, Called
from models.base import now
from models.booth import Booth, BoothPost
from models.employer import Employer
from models.fair import Fair
from models.vacancy import Vacancy, VacancyState
from models.visit import Visit, VisitIntent

router = bureau_router("/fairs/{fair_id}", tag="fair", responses=PROBLEMS)
Reader = Annotated[Caller, Depends(allowed(Action.READ_TARGETS))]
Manager = Annotated[Caller, Depends(allowed(Action.MANAGE))]


@router.get("/board", operation_id="read_fair_board")
def read_fair_board(fair_id: RowId, session: SessionDep, _: Reader) -> BoardPublic:
    """How the fair stands now: arrivals, wishes, queues, seats; nobody's name."""
    fair = fair_or_404(session, fair_id)
    return board_public(fair, board(session, fair_id))


@router.get("/booths", operation_id="list_fair_booths")
def list_fair_booths(fair_id: RowId, session: SessionDep, _: Reader) -> list[BoothPublic]:
    """The booths by their numbers, each with its posts and its queue."""
    fair_or_404(session, fair_id)
    return [booth_public(stand) for stand in board(session, fair_id).stands]


@router.post("/booths", status_code=201, operation_id="create_fair_booth")
def create_fair_booth(
    fair_id: RowId, body: BoothCreate, session: SessionDep, _: Manager, once: OnceDep
) -> BoothPublic:
    """Give an employer a booth for published posts of its own."""
    fair = fair_or_404(session, fair_id)
    if session.get(Employer, body.employer_id) is None:
        raise invalid("employer_id", "unknown", "没有这家用人单位，请从单位列表中选择")
    wanted = list(dict.fromkeys(body.vacancy_ids))
    posts = session.exec(
        select(Vacancy.id).where(
            col(Vacancy.id).in_(wanted),
            Vacancy.employer_id == body.employer_id,
            Vacancy.state == VacancyState.PUBLISHED,
        )
    ).all()
    if len(posts) < len(wanted):
        raise invalid("vacancy_ids", "unknown", "只能选这家单位已发布的岗位，请核对")
    booth = Booth(fair_id=fair.identity, number=body.number, employer_id=body.employer_id)
    session.add(booth)
    session.flush()
    for vacancy_id in wanted:
        session.add(BoothPost(fair_id=fair.identity, booth_id=booth.identity, vacancy_id=vacancy_id))
    session.flush()
    record(session, "create", "booth", booth.id, region=fair.region, change={"number": booth.number})
    [made] = [each for each in board(session, fair_id).stands if each.booth.id == booth.id]
    return once.keep(booth_public(made))


@router.post("/booths/{booth_id}/withdraw", operation_id="withdraw_fair_booth")
def withdraw_fair_booth(fair_id: RowId, booth_id: RowId, session: SessionDep, _: Manager) -> Called:
    """Give up a booth at which nobody wants anything yet."""
    fair = fair_or_404(session, fair_id)
    booth = booth_or_404(session, fair, booth_id)
    wished = (
        select(VisitIntent.id)
        .join(Visit, col(Visit.id) == col(VisitIntent.visit_id))
        .join(BoothPost, col(BoothPost.vacancy_id) == col(VisitIntent.vacancy_id))
        .where(Visit.fair_id == fair_id, BoothPost.booth_id == booth_id, col(VisitIntent.wanted))
    )
    if session.exec(wished).first() is not None:
        raise conflict("booth-wanted", "已有人选了这个展位的岗位", "展位不能撤。岗位不招了的，请关闭岗位。")
    if booth.withdrawn_at is None:
        booth.withdrawn_at = now()
        session.add(booth)
        session.flush()
        record(session, "withdraw", "booth", booth.id, region=fair.region)
    return Called(ticket=None)


@router.post("/booths/{booth_id}/call", operation_id="call_fair_queue")
def call_fair_queue(
    fair_id: RowId, booth_id: RowId, session: SessionDep, _: Manager, once: OnceDep
) -> Called:
    """Call the next ticket to a booth."""
    fair = fair_or_404(session, fair_id)
    booth_or_404(session, fair, booth_id)
    return once.keep(Called(ticket=call_next(session, fair_id, booth_id)), status=200)


def fair_or_404(session: Session, fair_id: int) -> Fair:
    """The fair, if it is one of the session's regions.

    Raises
    ------
    Problem
        404 otherwise.
    """
    row = session.get(Fair, fair_id)
    if row is None:
        raise not_found("这场招聘会")
    return row


def booth_or_404(session: Session, fair: Fair, booth_id: int) -> Booth:
    """A booth of the fair.

    Raises
    ------
    Problem
        404 where there is none.
    """
    row = session.get(Booth, booth_id)
    if row is None or row.fair_id != fair.identity:
        raise not_found("这个展位")
    return row
