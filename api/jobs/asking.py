"""What an account may ask of its jobs: how far they are, and that one ends."""

from sqlmodel import Session, col, select, update

from api.errors import not_found
from models.base import now
from models.job import Job, JobState


def job_or_404(session: Session, job_id: int) -> Job:
    """The job, if it is the session's account's own.

    Raises
    ------
    Problem
        404 otherwise.
    """
    job = session.exec(select(Job).where(Job.id == job_id).execution_options(populate_existing=True)).first()
    if job is None:
        raise not_found("这个任务")
    return job


def ask_to_end(session: Session, job_id: int) -> Job:
    """A job that waits ends at once, one under way at its next note of progress; one that ended stays as it is.

    Raises
    ------
    Problem
        404 when it is not the account's own.
    """
    job_or_404(session, job_id)
    # Each statement looks at the row again after waiting for a worker that takes it up meanwhile.
    waiting = update(Job).where(col(Job.id) == job_id, col(Job.state) == JobState.QUEUED)
    ended = {"state": JobState.CANCELLED, "message": "已取消", "finished_at": now(), "cancel_asked": True}
    if not session.connection().execute(waiting.values(**ended)).rowcount:
        under_way = update(Job).where(col(Job.id) == job_id, col(Job.state) == JobState.RUNNING)
        session.connection().execute(under_way.values(cancel_asked=True))
    return job_or_404(session, job_id)
