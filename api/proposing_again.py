"""离岗再推荐: the job that puts forward who left for the best posts that are open to her."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from api.errors import Problem
from api.jobs.running import Running
from api.placing import put_forward
from api.recommending import vacancies_for
from ledger.applications import RefusalReason
from models.spell import EmploymentSpell
from models.vacancy import Vacancy
from models.worker import Worker
from outcomes.leavers import Leaver, ended_by_file, leavers

POSTS = 3
_LOOKED_AT = 10


def propose_to_leavers(job: Running) -> dict[str, Any]:
    """The job. Whoever was offered something since is passed over, so that one that is run again goes on where it stood."""
    today, told = job.settings.today(), job.argument
    with job.transaction() as (session, _):
        # A job that was asked for before files were told of has no such argument.
        import_id = told.get("import_id")
        of_file = None if import_id is None else ended_by_file(session, int(import_id))
        waiting = [
            each
            for each in leavers(session, str(told["region"]), today)
            if not each.offered
            and told["worker_id"] in (None, each.worker_id)
            and (of_file is None or each.worker_id in of_file)
        ]
    offered = people = 0
    for done, each in enumerate(waiting):
        job.progress(done, len(waiting), f"已为{done}人推荐")
        with job.transaction() as (session, caller):
            posts = _propose(session, job, each, today, caller.account_id)
        offered, people = offered + posts, people + (posts > 0)
    return {"link": "/follow-ups/leavers", "offered": offered, "people": people, "waiting": len(waiting)}


def _propose(session: Session, job: Running, left: Leaver, today: date, account_id: int) -> int:
    """How many posts the person was put forward for."""
    worker = session.get(Worker, left.worker_id)
    if worker is None:
        return 0
    found = vacancies_for(
        session,
        worker,
        account_id=account_id,
        as_of=today,
        limit=_LOOKED_AT,
        refreshed_within_days=job.settings.vacancy_refresh_days,
    )
    if found.switched_off:
        return 0  # she does not want to be scored: a human puts her forward
    proposed = 0
    for vacancy in _elsewhere(session, left, [item.id for item in found.ranking.items]):
        if proposed == POSTS:
            break
        try:
            with session.begin_nested():
                put_forward(
                    session, worker, vacancy,
                    today=today, account_id=account_id, because=RefusalReason.LEFT_WORK,
                )  # fmt: skip
        except (Problem, IntegrityError):
            continue  # she is put forward for this one already, or may not be
        proposed += 1
    return proposed


def _elsewhere(session: Session, left: Leaver, ranked: Sequence[int]) -> list[Vacancy]:
    """The posts, best first, without those of the employer whom she has just left."""
    employer = session.exec(
        select(EmploymentSpell.employer_id).where(EmploymentSpell.id == left.spell_id)
    ).first()
    rows = {row.identity: row for row in session.exec(select(Vacancy).where(col(Vacancy.id).in_(ranked)))}
    return [
        rows[number]
        for number in ranked
        if number in rows and (employer is None or rows[number].employer_id != employer)
    ]
