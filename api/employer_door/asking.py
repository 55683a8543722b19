"""Who asks over the employers' door: an account that speaks for one employer, and sees what is that employer's alone.

The session has no regions; the database's policies know the employer by `app.employer` and by the account's binding.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlmodel import Session

from api.deps import Caller, CallerDep, SessionDep, narrow
from api.errors import Problem
from api.rights import Action
from models.employer import Employer


@dataclass(frozen=True, slots=True)
class Own:
    """The account that asks, and its employer."""

    caller: Caller
    employer: Employer

    @property
    def account_id(self) -> int:
        """Its account."""
        return self.caller.account_id


def own(session: Session, caller: Caller) -> Own:
    """The caller's employer.

    Raises
    ------
    Problem
        403 where the account speaks for none, or is something else besides.
    """
    row = session.get(Employer, caller.employer_id) if caller.employer_id else None
    if row is None:
        raise Problem(
            403, "no-employer", "账号没有对应的用人单位", "请联系当地人社部门，把账号绑定到您的单位。"
        )
    return Own(caller, row)


def speaking(*actions: Action) -> Callable[[Caller, Session], Own]:
    """A dependency that lets only accounts of employers pass that may do all of `actions`."""

    def check(caller: CallerDep, session: SessionDep) -> Own:
        return own(session, narrow(session, caller, *actions))

    return check
