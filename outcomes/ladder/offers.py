"""What was offered above a public post: by application, or by word of mouth."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from models.application import OPEN_STATES, Application
from models.employer import Employer, EmployerKind
from models.public_post import JobOffer, Rung
from models.vacancy import Vacancy
from models.worker import Worker

_RUNG = {
    EmployerKind.ENTERPRISE: Rung.MARKET,
    EmployerKind.COOPERATIVE: Rung.MARKET,
    EmployerKind.EMPLOYMENT_BASE: Rung.MARKET,
    EmployerKind.WORKSHOP: Rung.WORKSHOP,
    EmployerKind.COMMUNITY_FACTORY: Rung.WORKSHOP,
}
_NO_OFFER = frozenset({"mistaken", "duplicate"})
"""A slip of the pen, or the same again, was no offer."""
_NEVER_TOLD = _NO_OFFER | {"unanswered", "reproposed"}
"""What the service writes of applications says nothing of an offer by word of mouth; earlier rows may have it."""


@dataclass(frozen=True, slots=True)
class Offered:
    """One offer. `open`: nobody has said no yet; `reason` is the code of a refusal."""

    rung: Rung
    what: str
    on: date
    open: bool
    reason: str | None
    application_id: int | None = None
    offer: JobOffer | None = None


def offers_to(session: Session, worker_id: int) -> list[Offered]:
    """All offers to a person, and to the records that went up in theirs; the latest first."""
    whose = select(Worker.id).where((col(Worker.id) == worker_id) | (col(Worker.merged_into) == worker_id))
    told = session.exec(select(JobOffer).where(col(JobOffer.worker_id).in_(whose))).all()
    made = [
        Offered(each.rung, each.what, each.offered_on, False, each.reason, offer=each)
        for each in told
        if each.reason not in _NEVER_TOLD
    ]
    rows = session.exec(
        select(Application, Vacancy.title, Employer.name, Employer.kind)
        .join(Vacancy, col(Vacancy.id) == col(Application.vacancy_id))
        .join(Employer, col(Employer.id) == col(Vacancy.employer_id))
        .where(Application.worker_id == worker_id)
    ).all()
    for row, title, name, of_kind in rows:
        kind = EmployerKind.read(of_kind)
        if kind not in _RUNG or row.reason in _NO_OFFER:
            continue
        waits = row.state in OPEN_STATES
        made.append(Offered(_RUNG[kind], f"{name}：{title}", row.applied_on, waits, row.reason, row.identity))
    return sorted(made, key=lambda each: each.on, reverse=True)
