"""Look-ups by ID number: counted per account and day, limited, and told to the administrator when they are too many."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import text
from sqlmodel import Session

from api.audit import Actor
from api.database import Sessions
from api.deps import Caller, CallerDep
from api.errors import Problem
from api.noting import note
from api.settings import SHANGHAI, Settings
from models.login import LookupMeans

_COUNT = text("SELECT count_lookups(:day, :means, :numbers)")
_ACT = text("SELECT set_config('app.account', :account, true)")


def count_lookups(
    session: Session, account_id: int, limit: int, means: LookupMeans, numbers: int = 1
) -> bool:
    """Count so many numbers on the calendar's day; whether they are still within the limit.

    The first that go beyond are on record, once a day.
    """
    told = {"day": datetime.now(SHANGHAI).date(), "means": means.value, "numbers": numbers}
    asked = int(session.connection().scalar(_COUNT, told) or 0)
    if asked - numbers <= limit < asked:
        note(session, "alarm", account_id, means=means.value, numbers=asked, limit=limit)
    return asked <= limit


@dataclass(frozen=True, slots=True)
class Lookups:
    """What one request asks after."""

    sessions: Sessions
    settings: Settings
    account_id: int
    request_id: str

    def count(self, number: str | None) -> None:
        """Count a number, if one was told, in a transaction of its own: it stays counted where the request fails.

        Raises
        ------
        Problem
            429 beyond the day's limit.
        """
        if not number:
            return
        with self.sessions() as session, session.begin():
            session.info["actor"] = Actor(self.account_id, self.request_id)
            session.connection().execute(_ACT, {"account": str(self.account_id)})
            within = count_lookups(session, self.account_id, self.settings.lookups_a_day, LookupMeans.HAND)
        if not within:
            raise Problem(
                429,
                "too-many-lookups",
                "今天按证件号码查得太多",
                "为保护个人信息，一个账号一天能查的证件号码有上限，已告知管理员。大批人员请用文件导入，或明天再办。",
            )


def lookups_of(request: Request, caller: Caller) -> Lookups:
    """What a request of the caller counts with."""
    state = request.app.state
    return Lookups(state.sessions, state.settings, caller.account_id, request.state.request_id)


def get_lookups(request: Request, caller: CallerDep) -> Lookups:
    """The same, as a route is given it."""
    return lookups_of(request, caller)


LookupsDep = Annotated[Lookups, Depends(get_lookups)]
