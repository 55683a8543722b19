"""Choosing people for a household, and a household for a person."""

from fastapi.responses import HTMLResponse
from sqlmodel import col, or_, select

from api.errors import Problem
from api.families import household_detail
from api.pages.desk import Desk
from api.routes.bureau.workers import worker_or_404
from api.schemas.worker import WorkerSummary
from ledger.pinyin_search import starts_pinyin
from models.household import Household
from models.worker import RelationToHead, Worker

_SOME = 20


def people_named(desk: Desk, household: Household, q: str) -> list[WorkerSummary]:
    """People of the household's county by name, who are not its members."""
    rows = desk.session.exec(
        select(Worker)
        .where(
            col(Worker.merged_into).is_(None),
            col(Worker.restricted).is_(False),
            col(Worker.region).startswith(household.region[:6]),
            col(Worker.household_id).is_distinct_from(household.identity),
            or_(col(Worker.name).contains(q, autoescape=True), starts_pinyin(q)),
        )
        .order_by(col(Worker.name_pinyin), col(Worker.id))
        .limit(_SOME)
    ).all()
    return desk.present.workers(list(rows))


def choosing(desk: Desk, worker_id: int, q: str, *, problem: Problem | None = None) -> HTMLResponse:
    worker = worker_or_404(desk.session, worker_id)
    found: list[Household] = []
    if q:
        member = (
            select(Worker.id)
            .where(
                col(Worker.household_id) == col(Household.id),
                col(Worker.merged_into).is_(None),
                or_(col(Worker.name) == q, starts_pinyin(q)),
            )
            .exists()
        )
        query = (
            select(Household)
            .where(
                col(Household.region).startswith(worker.region[:6]),
                or_(col(Household.number).startswith(q, autoescape=True), member),
            )
            .order_by(col(Household.number), col(Household.id))
            .limit(_SOME)
        )
        found = list(desk.session.exec(query).all())
    return desk.show(
        "choose_household.html",
        path="/workers",
        problem=problem,
        worker=worker,
        q=q,
        found=[household_detail(desk.session, row, desk.present, desk.today) for row in found],
        relations=list(RelationToHead),
    )
