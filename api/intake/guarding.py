"""What becomes of a file when its job ends without having done its work: never that it stands at work for ever."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from api.collecting import uncollected
from api.intake.receiving import fail, forget_file
from api.jobs.running import Cancelled, JobFunction, Running
from models.intake import Import, ImportState

_AT_WORK = (ImportState.STAGING, ImportState.CHECKING, ImportState.APPLYING)
_FAULT = "处理时出了意外，没有入库。请重新导入；仍不行时请联系系统管理员，并告知任务编号"
_AGAIN = "上次没有入库完，台账没有改动；请再按一次“入库”"


def guarded(work: Callable[[Running], dict[str, Any]]) -> JobFunction:
    """`work`, after whose failure or cancellation the file is ready again, failed or given up."""

    @wraps(work)
    def run(job: Running) -> dict[str, Any]:
        try:
            with uncollected():
                return work(job)
        except Exception as error:
            if isinstance(error, DBAPIError) and error.connection_invalidated:
                raise  # the database went: the job is taken up again, and the file with it
            with job.aside() as session:
                row = session.get(Import, int(job.argument["import_id"]), with_for_update=True)
                if row is not None and row.state in _AT_WORK:
                    _settle(session, row, cancelled=isinstance(error, Cancelled))
            raise

    return run


def _settle(session: Session, row: Import, *, cancelled: bool) -> None:
    if row.state is ImportState.APPLYING:
        row.state, row.message = ImportState.READY, _AGAIN
    elif cancelled:
        row.state, row.message = ImportState.CANCELLED, "已取消，没有入库"
        forget_file(session, row.identity)
    else:
        fail(session, row, _FAULT)
    session.add(row)
