"""/employer/v1/me: which employer the account speaks for, and what waits for it."""

from typing import Annotated

from fastapi import Depends
from sqlmodel import Session, func, select

from api.deps import SessionDep
from api.employer_door.asking import Own, speaking
from api.employer_door.laying import employer_router
from api.employer_door.rosters import at_work, roster_of_month
from api.employer_door.waiting import to_be_answered
from api.offering import wants_refreshing
from api.presenting import Presenter, PresenterDep
from api.rights import Action
from api.schemas.employer_door import OwnEmployer
from models.application import Application
from models.vacancy import Vacancy

router = employer_router(tag="employer")
Speaker = Annotated[Own, Depends(speaking(Action.OWN_POSTS))]


@router.get("/me", operation_id="employer_read_me")
def read_me(session: SessionDep, whose: Speaker, present: PresenterDep) -> OwnEmployer:
    """The employer, and in numbers what it is to do: answer, refresh, confirm."""
    return own_employer(session, whose, present)


def own_employer(session: Session, whose: Own, present: Presenter) -> OwnEmployer:
    """The employer as its own account is told of it."""
    row, today = whose.employer, present.today
    waiting = select(func.count()).where(*to_be_answered(today))
    wanting = select(func.count()).select_from(Vacancy).where(wants_refreshing(today, present.refresh_days))
    there = at_work(session, today)
    roster = roster_of_month(session, row.identity, today)
    return OwnEmployer(
        id=row.identity,
        name=row.name,
        uscc=row.uscc,
        kind=row.kind,
        region=present.known_place(row.region),
        kept_by=present.known_place(row.kept_by),
        account=whose.caller.display_name,
        applicants_waiting=session.exec(waiting.select_from(Application)).one(),
        posts_to_refresh=session.exec(wanting).one(),
        at_work=there,
        responsiveness=present.responsiveness([row.identity])[row.identity],
        roster_due=there > 0 and (roster is None or roster.confirmed_on is None),
    )
