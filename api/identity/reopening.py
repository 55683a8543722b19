"""The way back from 不是同一人: a pair that was told apart waits to be judged again, as long as nothing rests on it."""

from sqlmodel import Session, select

from api.audit import record
from api.errors import Problem, conflict
from models.identity import PossibleDuplicate, Verdict
from models.intake import Import, ImportLine, ImportPurpose
from models.worker import Worker


def reopen(session: Session, pair: PossibleDuplicate) -> PossibleDuplicate:
    """The pair that waits now: this one, or the two records where its line was registered as a second person.

    Raises
    ------
    Problem
        409 where it waits already, or a merge, a comparison or the row itself has to be taken back instead.
    """
    if pair.verdict is None:
        raise conflict("not-decided", "还没有判断", "这一对还在等判断，不用撤销。")
    if pair.verdict is Verdict.SAME:
        raise _of_another_way(pair)
    waiting = pair if pair.other_id is not None else _both_records(session, pair)
    one, other = session.get(Worker, waiting.worker_id), session.get(Worker, waiting.other_id)
    if one is None or other is None or one.merged_into is not None or other.merged_into is not None:
        raise _merged_since()
    waiting.verdict = waiting.decided_by = waiting.decided_at = None
    waiting.note = ""
    session.add(waiting)
    session.flush()
    record(
        session,
        "reopen",
        "possible_duplicate",
        waiting.identity,
        region=one.region,
        change={"worker": waiting.worker_id, "other": waiting.other_id},
    )
    return waiting


def _both_records(session: Session, pair: PossibleDuplicate) -> PossibleDuplicate:
    """The person and whom the line became, as a pair of records that can be merged."""
    file = session.get(Import, pair.import_id)
    if file is not None and file.purpose is ImportPurpose.COMPARE:
        raise conflict("of-a-comparison", "请重新对账", "这一行来自对账的名册，重新对账后再判断一次。")
    line = session.get(ImportLine, (pair.import_id, pair.import_line))
    if line is not None and line.worker_id == pair.worker_id:
        raise _merged_since()
    if line is None or line.worker_id is None:
        raise conflict(
            "line-not-taken-in",
            "这一行没有入库",
            "没有登记成另一个人，没有可以撤销的；请在文件里改好这一行，系统会再核对一遍。",
        )
    first, second = sorted((pair.worker_id, line.worker_id))
    known = session.exec(
        select(PossibleDuplicate).where(
            PossibleDuplicate.worker_id == first, PossibleDuplicate.other_id == second
        )
    ).first()
    return known or PossibleDuplicate(worker_id=first, other_id=second, likeness=pair.likeness)


def _merged_since() -> Problem:
    return conflict("merged-since", "档案已合并", "其中一份档案此后已并入别的档案，请先撤销那次合并。")


def _of_another_way(pair: PossibleDuplicate) -> Problem:
    if pair.other_id is not None:
        return conflict("merged", "已经合并", "两份档案已合成一份，请用“撤销合并”恢复成两份。")
    return conflict(
        "line-merged",
        "已归入档案",
        "文件里的内容已归入这个人的档案，请撤销那个文件的入库，或到本人页面更正。",
    )
