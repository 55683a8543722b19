"""/employer/v1/staying: how many of its people stayed."""

from typing import Annotated

from fastapi import Depends

from api.deps import SessionDep, TodayDep
from api.employer_door.asking import Own, speaking
from api.employer_door.laying import employer_router
from api.employer_door.staying import kept_by_month
from api.presenting import PresenterDep
from api.rights import Action
from api.schemas.employer_door import KeptPublicMonths

router = employer_router("/staying", tag="staying")
Reader = Annotated[Own, Depends(speaking(Action.OWN_PEOPLE))]


@router.get("", operation_id="employer_read_staying")
def read_staying(
    session: SessionDep, whose: Reader, present: PresenterDep, today: TodayDep
) -> KeptPublicMonths:
    """By month of start, of how many it is known whether they were there after 90 and 180 days, and how many were."""
    return kept_by_month(session, whose, present, today)
