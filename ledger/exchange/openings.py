"""open_workers.csv: who is to be placed now. It says nothing of where somebody wants to work, so it changes nothing."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from ledger.exchange.folder import Folder, Row, begun, complain, meaning
from ledger.intake.judged import Judged
from models.intake import LineStatus
from models.worker import Wants, WorkIntention

_UNKNOWN = "文件说这个人现在要找工作，台账里没有就业意愿；请问清楚是外出还是就近，再到本人页面填写"
_NONE = "文件说这个人现在要找工作，台账里写着暂不就业；请问清楚后到本人页面更正"


def judge_open(session: Session, folder: Folder, rows: Sequence[Row]) -> list[Judged]:
    """The lines of a chunk: whom nobody has asked yet, and who is said to want no work, is told."""
    folder.look_up(session, rows)
    found = []
    for row in rows:
        judged = begun(row, ("worker_id",), whole=True)
        meaning(folder, judged, row, "worker_id")
        if judged.status is LineStatus.NEW:
            judged.status = LineStatus.SAME
            judged.worker_id = folder.people[row.values["worker_id"]]
        found.append(judged)
    ids = {each.worker_id for each in found if each.worker_id}
    wants = dict(
        session.exec(
            select(WorkIntention.worker_id, WorkIntention.wants).where(col(WorkIntention.worker_id).in_(ids))
        ).all()
    )
    for each in found:
        if each.status is LineStatus.SAME:
            known = wants.get(each.worker_id or 0)
            if known is None or known is Wants.NONE:
                complain(each, "worker_id", _UNKNOWN if known is None else _NONE)
    return found
