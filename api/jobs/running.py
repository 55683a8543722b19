"""What a job is given while it runs, and how it is asked for."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, col, update

from api.audit import Actor
from api.database import Sessions
from api.deps import Caller, act_as, narrow, scope_of, secured
from api.errors import Problem
from api.jobs.needing import NEEDING
from api.settings import Settings
from models.job import Job
from models.sealing import Keyring

_EVERY = 1.0  # seconds between two notes of progress
_CLOSED = "账号已停用，任务没有继续进行。需要时请联系本单位管理员。"
_ELSEWHERE = "您的账号在这个地区已没有这项权限，任务没有继续进行。需要时请联系本单位管理员。"
_ASIDE = text("SELECT set_config('app.account', :account, true), set_config('app.regions', :regions, true)")


class Cancelled(Exception):
    """Somebody asked the job to stop; what it did since its last commit is rolled back."""


class JobFailed(Exception):
    """The work cannot be done; the message, in Chinese, says why and what to do."""


@dataclass
class Running:
    """One job at work, under the rights that its account has now.

    A job may be run again after its process died: it must find out by itself what is done already.
    """

    job_id: int
    account_id: int
    argument: dict[str, Any]
    sessions: Sessions
    keyring: Keyring
    settings: Settings
    kind: str = ""
    _told: float = field(default=0.0, repr=False)

    @contextmanager
    def transaction(self) -> Iterator[tuple[Session, Caller]]:
        """A session that is one transaction under the scope in which the account may do this now, and the account.

        Raises
        ------
        JobFailed
            when it is closed, or may not any more, or not there: no command of the job takes that for a refusal of its own.
        """
        with self.sessions() as session, session.begin():
            try:
                known = act_as(session, self.account_id, f"job-{self.job_id}")
                caller = narrow(session, secured(session, self.settings, known), *NEEDING[self.kind])
            except Problem as problem:
                raise JobFailed(_CLOSED if problem.body.status == 401 else problem.body.detail) from problem
            region = self.argument.get("region")
            if region and not caller.governs(region):
                raise JobFailed(_ELSEWHERE)
            yield session, caller

    @contextmanager
    def aside(self) -> Iterator[Session]:
        """A transaction in which what the job worked at is told how it ended, whatever became of the account's rights: in
        the one region that the job was asked for."""
        region = self.argument.get("region")
        with self.sessions() as session, session.begin():
            session.info["actor"] = Actor(self.account_id, f"job-{self.job_id}")
            told = {"account": str(self.account_id), "regions": scope_of((region,) if region else ())}
            session.connection().execute(_ASIDE, told)
            yield session

    def progress(self, done: int, total: int, message: str, *, now: bool = False) -> None:
        """Note how far it is, in a transaction of its own; notes that follow too closely are left out.

        Raises
        ------
        Cancelled
            when somebody asked for the end.
        """
        if not now and time.monotonic() - self._told < _EVERY:
            return
        with self.transaction() as (session, _):
            asked = session.connection().scalar(
                update(Job)
                .where(col(Job.id) == self.job_id)
                .values(done=done, total=total, message=message)
                .returning(col(Job.cancel_asked))
            )
        self._told = time.monotonic()
        if asked:
            raise Cancelled


JobFunction = Callable[[Running], dict[str, Any]]
"""Does the work and answers the result: numbers of rows, codes, and `link`, the page or address to look at."""


def enqueue(session: Session, account_id: int, kind: str, argument: dict[str, Any]) -> Job:
    """Ask for a job; it begins when this transaction is committed."""
    job = Job(account_id=account_id, kind=kind, argument=argument)
    session.add(job)
    session.flush()
    session.execute(text("NOTIFY job"))
    return job
