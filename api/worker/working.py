"""Taking up jobs, one after the other."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, update

from api.asked import at_work
from api.database import Sessions
from api.errors import Problem, unknown_key
from api.faults import kinds_and_places
from api.jobs.running import Cancelled, JobFailed, Running
from api.settings import Settings
from api.worker.kinds import function_of
from models.base import now
from models.job import UNFINISHED, Job, JobState
from models.sealing import Keyring, UnknownKey

_log = structlog.get_logger("wengang.jobs")
MOST_ATTEMPTS = 5
"""A job that ended so many workers in its midst is not tried again: the jobs behind it wait."""

_FAULT = "处理时出了意外，没有入库的内容没有改动。请再试一次；仍不行时请联系系统管理员，并告知任务编号。"

_GAVE_UP = "处理时多次意外中断，已停止重试，没有入库的内容没有改动。请换小一些的文件再试，或联系系统管理员并告知任务编号。"


def work_off(sessions: Sessions, keyring: Keyring, settings: Settings) -> int:
    """Do every job there is; the number done."""
    count = 0
    while work_one(sessions, keyring, settings):
        count += 1
    return count


def work_one(sessions: Sessions, keyring: Keyring, settings: Settings) -> bool:
    """Take up the next job, new or left by a process that died, and see it to its end; whether there was one.

    The connection that claimed it holds its lock the whole time: if this process dies, the lock falls with it.
    """
    with _lock_connection(sessions) as connection:
        found = connection.execute(text("SELECT job_id, account_id FROM claim_job()")).first()
        if found is None:
            return False
        try:
            with at_work(f"job-{found.job_id}", found.account_id):
                _see_through(found.job_id, found.account_id, sessions, keyring, settings)
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(job_lock(:id))"), {"id": found.job_id})
    return True


def _see_through(
    job_id: int, account_id: int, sessions: Sessions, keyring: Keyring, settings: Settings
) -> None:
    running = Running(job_id, account_id, {}, sessions, keyring, settings)
    try:
        with running.aside() as session:
            job = session.get_one(Job, job_id)
            running.argument, running.kind = dict(job.argument), job.kind
            if job.cancel_asked:
                raise Cancelled
            if job.attempts > MOST_ATTEMPTS:
                raise JobFailed(_GAVE_UP)
        result = function_of(running.kind)(running)
    except Cancelled:
        _finish(running, JobState.CANCELLED, "已取消")
    except JobFailed as failure:
        _finish(running, JobState.FAILED, str(failure))
    except Problem as problem:
        _finish(running, JobState.FAILED, problem.body.detail)
    except UnknownKey as unknown:
        _log.error("unknown_key", job=job_id, key=unknown.key_id)
        _finish(running, JobState.FAILED, unknown_key(unknown).body.detail)
    except DBAPIError as error:
        if error.connection_invalidated:
            # The database went: that is no end of the job, which is taken up again.
            raise
        _log.error("job_failed", error=kinds_and_places(error))
        _finish(running, JobState.FAILED, _FAULT)
    except Exception as error:
        _log.error("job_failed", error=kinds_and_places(error))
        _finish(running, JobState.FAILED, _FAULT)
    else:
        _finish(running, JobState.DONE, "已完成", result)


def _finish(running: Running, state: JobState, message: str, result: dict[str, Any] | None = None) -> None:
    values: dict[str, Any] = {"state": state, "message": message, "finished_at": now()}
    if result is not None:
        values |= {"result": result, "done": col(Job.total)}
    # The account may have lost its rights meanwhile: the job's end is still noted, under no scope but its own.
    with running.sessions() as session, session.begin():
        session.connection().execute(
            text("SELECT set_config('app.account', :id, true)"), {"id": str(running.account_id)}
        )
        session.connection().execute(
            update(Job).where(col(Job.id) == running.job_id, col(Job.state).in_(UNFINISHED)).values(**values)
        )


@contextmanager
def _lock_connection(sessions: Sessions) -> Iterator[Connection]:
    bind = sessions.kw["bind"]
    if isinstance(bind, Engine):
        with bind.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            yield connection
    else:
        # A connection inside a transaction that is somebody else's to end.
        yield bind
