"""applications.csv: who was put forward for which post and what came of it, held against the applications that there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from sqlmodel import Session, col, select

from ledger.applications import REFUSALS, RefusalReason, Restricted, TooYoung, require_placeable
from ledger.exchange.folder import Folder, Row, begun, complain, meaning, refuse, rejected
from ledger.forms.exchange import Answer
from ledger.intake.judged import Judged
from models.application import OPEN_STATES, Application, ApplicationEvent, ApplicationState, Side
from models.intake import LineStatus
from models.worker import Worker

_State = ApplicationState
_BECOMES: dict[Answer | None, tuple[ApplicationState, Side | None]] = {
    Answer.OFFERED: (_State.OFFERED, None),
    Answer.REFUSED_BY_EMPLOYER: (_State.REFUSED, Side.EMPLOYER),
    Answer.REFUSED_BY_WORKER: (_State.REFUSED, Side.WORKER),
    Answer.NO_ANSWER: (_State.EXPIRED, None),
    None: (_State.APPLIED, None),
}
_CHINA = timezone(timedelta(hours=8))
_ENDS_FIRST = "早于报名日期，请核对"
_AHEAD = "晚于文件的时点，请核对"
_HELD = "这个岗位违规待改，不能再推荐；请先改好岗位"
_OPEN = "这个人对这个岗位已有一条在办的推荐，没有再记；请到推荐页面处理"
_OTHER = "与台账里同一天的推荐结果不一致，保留台账的"
_REASON = "不是系统里的拒绝原因，按“其他”记入"
_YOUNG = "报名时不满16周岁，没有记入，请核对出生日期"
_RESTRICTED = "本人的资料已限制使用，只保存、不更新"


@dataclass(slots=True)
class Asked:
    """One line: what is to be written, over the row that stands already where there is one."""

    judged: Judged
    worker_id: int | None
    vacancy_id: int | None
    state: ApplicationState
    side: Side | None
    applied_on: date
    decided_on: date
    reason: str | None
    standing: Application | None = None


def judge_applications(
    session: Session, folder: Folder, rows: Sequence[Row]
) -> list[tuple[Judged, Asked | None]]:
    """The lines of a chunk, each with what is to be written of it."""
    folder.look_up(session, rows)
    found = [_read(folder, row) for row in rows]
    pairs = {(each.worker_id, each.vacancy_id) for _, each in found if each}
    standing: dict[tuple[int | None, int | None], list[Application]] = {}
    people = {worker for worker, _ in pairs if worker}
    for row in session.exec(
        select(Application)
        .where(
            col(Application.worker_id).in_(people),
            col(Application.vacancy_id).in_({post for _, post in pairs if post}),
        )
        .order_by(col(Application.id))
    ):
        # One that was taken back with its folder never was.
        if (row.state, row.reason) != (_State.WITHDRAWN, RefusalReason.MISTAKEN.value):
            standing.setdefault((row.worker_id, row.vacancy_id), []).append(row)
    workers = {
        row.identity: row for row in session.exec(select(Worker).where(col(Worker.id).in_(people))).all()
    }
    for judged, each in found:
        if each is not None:
            _against(judged, each, standing, workers)
    return [
        (judged, each if judged.status in (LineStatus.NEW, LineStatus.CHANGED) else None)
        for judged, each in found
    ]


def _read(folder: Folder, row: Row) -> tuple[Judged, Asked | None]:
    judged = begun(row, ("worker_id", "vacancy_id", "applied_on"), whole=True)
    if judged.status is LineStatus.SKIPPED:
        return judged, None
    meaning(folder, judged, row, "worker_id", "vacancy_id")
    values = row.values
    applied, decided = values.get("applied_on"), values.get("decided_on")
    state, side = _BECOMES[values.get("outcome")]
    if applied and applied > folder.as_of:
        refuse(judged, "applied_on", _AHEAD)
    if applied and decided and decided < applied:
        refuse(judged, "decided_on", _ENDS_FIRST)
    post = folder.posts.get(str(values.get("vacancy_id")))
    if post and post.held and state in OPEN_STATES:
        refuse(judged, "vacancy_id", _HELD)
    if rejected(judged).status is not LineStatus.NEW or applied is None or post is None:
        return judged, None
    judged.worker_id = folder.people[values["worker_id"]]
    reason = _reason(judged, side, values.get("reason") or "")
    if state is _State.EXPIRED:
        reason = RefusalReason.UNANSWERED.value
    told = Asked(judged, judged.worker_id, post.number, state, side, applied, decided or applied, reason)
    return judged, told


def _reason(judged: Judged, side: Side | None, text: str) -> str | None:
    if side is None:
        return None
    try:
        found = RefusalReason.read(text) if text else RefusalReason.OTHER
    except ValueError:
        found = None
    if found not in REFUSALS[side]:
        complain(judged, "reason", _REASON)
        found = RefusalReason.OTHER
    return found.value if found else None


def _against(
    judged: Judged,
    told: Asked,
    standing: dict[tuple[int | None, int | None], list[Application]],
    workers: dict[int, Worker],
) -> None:
    worker = workers.get(told.worker_id or 0)
    if worker is not None:
        try:
            require_placeable(worker, told.applied_on)
        except TooYoung:
            refuse(judged, "worker_id", _YOUNG)
        except Restricted:
            judged.status, judged.reason = LineStatus.SKIPPED, _RESTRICTED
            return
    if rejected(judged).status is LineStatus.REJECTED or told.worker_id is None or told.vacancy_id is None:
        return
    before = standing.setdefault((told.worker_id, told.vacancy_id), [])
    same = next((row for row in before if row.applied_on == told.applied_on), None)
    if same is None:
        if told.state in OPEN_STATES and any(row.state in OPEN_STATES for row in before):
            judged.status = LineStatus.SAME
            complain(judged, "vacancy_id", _OPEN)
        else:
            before.append(_row(told))
        return
    judged.status = LineStatus.SAME
    if (same.state, same.side) == (told.state, told.side):
        return
    if same.state in OPEN_STATES and told.state not in (_State.APPLIED, same.state) and same.id is not None:
        judged.status, told.standing = LineStatus.CHANGED, same
        judged.changes["outcome"] = same.state.label, told.state.label
    elif told.state is not _State.APPLIED:
        # Whoever has started since, or was answered here, is where the ledger says.
        complain(judged, "outcome", _OTHER)


def _row(told: Asked) -> Application:
    ended = told.state is not _State.APPLIED
    answered = told.state is _State.OFFERED or told.side is Side.EMPLOYER
    return Application(
        worker_id=told.worker_id or 0,
        vacancy_id=told.vacancy_id or 0,
        state=told.state,
        applied_on=told.applied_on,
        decided_on=told.decided_on if ended else None,
        answered_on=told.decided_on if answered else None,
        reason=told.reason,
        side=told.side,
    )


def write_applications(session: Session, found: Sequence[Asked], *, account_id: int | None) -> None:
    """Write them with each step's record, dated by the file; no seat is taken by it, and nobody else's way is closed."""
    for told in found:
        if told.standing is None:
            row = _row(told)
            session.add(row)
            session.flush()
            _log(session, row, None, _State.APPLIED, told.applied_on, account_id, None)
            before: Any = _State.APPLIED
        else:
            row, before = told.standing, told.standing.state
            row.state, row.side, row.reason, row.decided_on = (
                told.state,
                told.side,
                told.reason,
                told.decided_on,
            )
            if row.answered_on is None and (told.state is _State.OFFERED or told.side is Side.EMPLOYER):
                row.answered_on = told.decided_on
            session.add(row)
            session.flush()
        if told.state is not before:
            _log(session, row, before, told.state, told.decided_on, account_id, told.reason)


def _log(
    session: Session,
    row: Application,
    before: ApplicationState | None,
    after: ApplicationState,
    on: date,
    account_id: int | None,
    reason: str | None,
) -> None:
    session.add(
        ApplicationEvent(
            application_id=row.identity,
            from_state=before,
            to_state=after,
            at=datetime.combine(on, time(), _CHINA),
            account_id=account_id,
            reason=reason,
            side=row.side if after is _State.REFUSED else None,
        )
    )
    session.flush()
