"""一个岗位: facts, seats, what stands against publishing it, what is under way, and the people who fit."""

from typing import Any

from fastapi.responses import HTMLResponse

from api.errors import Problem
from api.matches import worker_matches
from api.offering import standings_of
from api.pages.desk import Desk
from api.pages.naming import occupation_names
from api.pages.steps import open_applications
from api.paging import Paging
from api.recommending import workers_for
from api.rights import Action
from api.routes.bureau.applications import list_applications
from api.routes.bureau.vacancies import vacancy_or_404
from api.schemas.placement import ApplicationPublic, WorkerMatches
from ledger.applications import RefusalReason
from ledger.vacancies import source_demands
from models.application import OPEN_STATES
from models.employer import Employer
from models.intake import Import
from models.vacancy import Vacancy, VacancyState

_ALL = Paging(200, None, None)


def vacancy_page(
    desk: Desk,
    vacancy_id: int,
    *,
    ranked: bool = True,
    problem: Problem | None = None,
    kept: dict[str, Any] | None = None,
) -> HTMLResponse:
    """The page; `kept` is what was typed into a form that was refused."""
    row = vacancy_or_404(desk.session, vacancy_id)
    vacancy = desk.present.vacancy(row)
    employer = desk.session.get(Employer, row.employer_id) if row.employer_id else None
    applications = desk.where(lambda there: _applications(there, vacancy_id), Action.ANSWER) or []
    under_way = [item for item in applications if item.state in OPEN_STATES]
    return desk.show(
        "vacancy.html",
        path=f"/vacancies/{vacancy_id}",
        problem=problem,
        vacancy=vacancy,
        from_source=source_demands(row),
        employer=desk.present.employer(employer) if employer else None,
        occupation=occupation_names(desk.session, [row.occupation or ""]).get(row.occupation or ""),
        source=desk.session.get(Import, row.import_id) if row.import_id else None,
        source_line=row.import_line,
        kept_here=desk.may(Action.WRITE_POSTS, row.kept_by),
        keeper=desk.present.known_place(row.kept_by),
        standing=standings_of(desk.session, desk.today, [vacancy_id], desk.present.refresh_days).get(
            vacancy_id
        ),
        refusal_reasons=list(RefusalReason),
        refresh_days=desk.present.refresh_days,
        under_way=open_applications(desk, under_way),
        proposed={item.worker_id for item in under_way},
        matches=desk.where(lambda there: _matches(there, row, ranked=ranked), Action.READ_LEDGER),
        ranked=ranked,
        kept=kept or {},
        back="vacancy",
    )


def _applications(desk: Desk, vacancy_id: int) -> list[ApplicationPublic]:
    return list_applications(desk.session, desk.caller, _ALL, desk.present, vacancy_id=vacancy_id).items


def _matches(desk: Desk, row: Vacancy, *, ranked: bool) -> WorkerMatches | None:
    if row.state is not VacancyState.PUBLISHED:
        return None
    found = workers_for(
        desk.session,
        row,
        account_id=desk.caller.account_id,
        as_of=desk.today,
        limit=10,
        ranked=ranked,
        refreshed_within_days=desk.present.refresh_days,
        explore=desk.present.explore_share,
    )
    return worker_matches(desk.session, found, desk.present)
