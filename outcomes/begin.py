"""The first day of work: a spell is opened."""

from datetime import date

from sqlmodel import Session

from models.application import Application
from models.employer import Employer, EmployerKind
from models.spell import Arrangement, EmploymentSpell, SpellKind
from models.vacancy import Vacancy

KIND_OF = {
    EmployerKind.ENTERPRISE: SpellKind.MARKET,
    EmployerKind.COOPERATIVE: SpellKind.MARKET,
    EmployerKind.WORKSHOP: SpellKind.WORKSHOP,
    EmployerKind.COMMUNITY_FACTORY: SpellKind.COMMUNITY_FACTORY,
    EmployerKind.EMPLOYMENT_BASE: SpellKind.EMPLOYMENT_BASE,
    EmployerKind.PUBLIC_POST: SpellKind.PUBLIC_POST,
}
"""What kind of employment a post at such an employer is."""


def begin_spell(
    session: Session,
    application: Application,
    vacancy: Vacancy,
    employer: Employer,
    *,
    started_on: date,
    is_demo: bool = False,
) -> EmploymentSpell:
    """Open the spell of an application that has just been started.

    Raises
    ------
    sqlalchemy.exc.IntegrityError
        when the person has a main spell in force that includes a day from `started_on` on.
    """
    spell = EmploymentSpell(
        worker_id=application.worker_id,
        employer_id=employer.identity,
        vacancy_id=vacancy.id,
        application_id=application.id,
        region=vacancy.region,
        kind=KIND_OF[employer.kind],
        arrangement=Arrangement.ORGANISED,
        industry=employer.industry,
        started_on=started_on,
        # The report of the start is the last that anybody saw: the days since are nobody's knowledge yet.
        observed_until=started_on,
        monthly_income=vacancy.pay_min,
        is_demo=is_demo,
    )
    session.add(spell)
    session.flush()
    session.refresh(spell)
    return spell
