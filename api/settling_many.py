"""One answer for all rows of a comparison that wait, as a job: some hundred at a time, each in a transaction."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from api.errors import Problem, conflict, invalid
from api.jobs.running import Running
from api.schemas.comparison import SettleManyTold
from api.settling import answer, open_rows
from api.taking import TAKABLE, Clerk
from ledger.intake.sealing import key_of
from models.intake import ComparisonRow, Import, Settlement, Standing
from models.sealing import Keyring, seal, unseal

KIND = "compare.settle"
_CONTEXT = "comparison.note"
_AT_ONCE = 1_000


def argument_of(keyring: Keyring, row: Import, told: SettleManyTold) -> dict[str, Any]:
    """What the job is asked; the note, in which somebody may be named, under the list's key.

    Raises
    ------
    Problem
        409 or 422 where the answer fits no row of this kind.
    """
    if told.how is Settlement.EXPLAINED and not told.note.strip():
        raise invalid("note", "missing", "请写明情况，以后查得到为什么不一致。")
    if told.how is Settlement.TAKEN and told.field is not None and told.field not in TAKABLE:
        raise conflict("not-takable", "这一项不能直接采用", "请在本人的页面上核对后更正，再重新对账。")
    return {
        "import_id": row.identity,
        "standing": told.standing.value,
        "how": told.how.value,
        "field": told.field,
        "note": seal(key_of(keyring, row), told.note.strip().encode(), _CONTEXT).hex(),
    }


def settle_many(job: Running) -> dict[str, Any]:
    """Answer the rows. Who was answered waits no more, so that a job that is run again goes on where it stood."""
    import_id, told = int(job.argument["import_id"]), job.argument
    standing, field = Standing.read(str(told["standing"])), told["field"]
    with job.transaction() as (session, _):
        note = unseal(
            key_of(job.keyring, session.get_one(Import, import_id)), bytes.fromhex(told["note"]), _CONTEXT
        )
        waiting = _waiting(session, import_id, standing, field)
    settling = _Settling(job, import_id, Settlement.read(str(told["how"])), field, note.decode())
    for at in range(0, len(waiting), _AT_ONCE):
        job.progress(at, len(waiting), f"已处理{at}行", now=True)
        settling.settle(waiting[at : at + _AT_ONCE])
    return {
        "link": f"/comparisons/{import_id}?standing={standing.value}",
        "answered": settling.answered,
        "settled": settling.settled,
        "refused": settling.refused,
    }


class _Settling:
    """The job while it runs, and what came of it."""

    def __init__(self, job: Running, import_id: int, how: Settlement, field: str | None, note: str) -> None:
        self._job, self._import_id, self._how, self._note = job, import_id, how, note
        self._fields = [field] if field is not None else None
        self.answered = self.settled = self.refused = 0

    def settle(self, ids: Sequence[int]) -> None:
        """Answer these rows; where one of them does not let itself be answered so, all but that one."""
        try:
            with self._job.transaction() as (session, caller):
                row = session.get_one(Import, self._import_id)
                rows = open_rows(session, self._import_id, ids=ids)
                clerk = Clerk(caller.account_id, f"job-{self._job.job_id}", self._job.settings)
                settled = answer(
                    session,
                    self._job.keyring,
                    row,
                    rows,
                    self._how,
                    clerk,
                    fields=self._fields,
                    note=self._note,
                )
        except (Problem, IntegrityError):
            if len(ids) == 1:
                self.refused += 1
                return
            half = len(ids) // 2
            self.settle(ids[:half])
            self.settle(ids[half:])
        else:
            self.answered += len(rows)
            self.settled += settled


def _waiting(session: Session, import_id: int, standing: Standing, field: str | None) -> list[int]:
    query = select(col(ComparisonRow.id)).where(
        ComparisonRow.import_id == import_id,
        ComparisonRow.standing == standing,
        col(ComparisonRow.settlement).is_(None),
    )
    if field is not None:
        query = query.where(col(ComparisonRow.fields).contains([field]))
    return [number for number in session.exec(query.order_by(col(ComparisonRow.id))) if number is not None]
