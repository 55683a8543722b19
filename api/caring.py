"""随访: what a call found becomes what is known of the work, a promise with a day, or the end of the work."""

from datetime import date, timedelta

from sqlmodel import Session, col, select

from api.errors import Problem, conflict, invalid
from api.placing import end
from api.schemas.care import ContactCreate
from ledger.contacts import NewContact, Sealed, keep_contact
from models.care import AT_WORK, Contact, ContactMeans, Found, SupportState, SupportTask
from models.sealing import Keyring
from models.spell import PROVES, EmploymentSpell, Evidence, EvidenceGrade, ProofKind
from models.worker import Worker
from outcomes.ends import may_be_told_exactly

DAYS_TO_HELP = timedelta(days=7)
"""Within which a difficulty is to be seen to, unless said otherwise."""
_LATEST_HELP = timedelta(days=90)
_SOURCE = "随访：本人说明"
_MET = frozenset({ContactMeans.VISIT, ContactMeans.STATION})


def take_contact(
    session: Session, keyring: Keyring, worker: Worker, body: ContactCreate, *, today: date, account_id: int
) -> Contact:
    """Keep a contact, and let what follows from it be so, wholly or not at all.

    Raises
    ------
    Problem
        409 or 422 where it can't be so: a day ahead, nobody at work to have left, a person whose data is put away.
    """
    on = body.contacted_on or today
    if on > today:
        raise invalid("contacted_on", "in_the_future", "联系日期不能晚于今天")
    if body.left_on is not None and body.left_on > on:
        raise invalid("left_on", "after_contact", "最后一天上班的日期不能晚于联系日期")
    if body.due_on is not None and body.due_on < on:
        raise invalid("due_on", "before_contact", "解决期限不能早于联系日期")
    if body.due_on is not None and body.due_on > on + _LATEST_HELP:
        words = f"解决期限最晚填{on + _LATEST_HELP:%Y-%m-%d}（{_LATEST_HELP.days}天以内）；更久才能解决的，先定一天联系，到时办结后重新登记"
        raise invalid("due_on", "too_late", words)
    # The person first, as everybody who opens or ends a spell does.
    session.refresh(worker, with_for_update=True)
    if worker.restricted or worker.merged_into is not None:
        raise _put_away()
    spell = at_work_on(session, worker.identity, on)
    if spell is None and body.left_on is not None:
        spell = _left_in_month(session, worker.identity, body.left_on)
    if body.found in {*AT_WORK, Found.LEFT} and spell is None:
        raise conflict(
            "not-at-work",
            "台账里这个人当天没有上班",
            "先登记上岗，或在“核实上报”里采纳务工记录，再登记随访结果。没有联系上的可以直接登记。",
        )
    told = NewContact(on, body.means, body.found, body.difficulty, body.returned_home, body.note)
    try:
        row = keep_contact(session, keyring, worker, told, account_id=account_id)
    except Sealed:
        raise _put_away() from None
    if spell is not None and body.found in AT_WORK:
        _seen_at_work(session, spell, on, body.means)
    if spell is not None and body.left_on is not None and body.leave_reason is not None:
        end(
            session, keyring, spell,
            ended_on=body.left_on, reason=body.leave_reason, against=body, today=on,
        )  # fmt: skip
    if body.difficulty is not None:
        promise(session, row, body.due_on or on + DAYS_TO_HELP)
    return row


def finish(session: Session, task: SupportTask, outcome: str, *, today: date, account_id: int) -> None:
    """A difficulty was seen to.

    Raises
    ------
    Problem
        409 when it was before.
    """
    if task.state is SupportState.DONE:
        raise conflict("already-done", "这件事已经办结", "请刷新页面。又出现的困难，请在下次随访时重新登记。")
    task.state, task.done_on, task.done_by, task.outcome = SupportState.DONE, today, account_id, outcome
    session.add(task)
    session.flush()
    session.refresh(task)


def at_work_on(session: Session, worker_id: int, on: date) -> EmploymentSpell | None:
    """The main work in force that goes on and had begun by that day."""
    return session.exec(
        select(EmploymentSpell).where(
            EmploymentSpell.worker_id == worker_id,
            col(EmploymentSpell.superseded_at).is_(None),
            col(EmploymentSpell.is_main),
            EmploymentSpell.started_on <= on,
            col(EmploymentSpell.ended_on).is_(None),
        )
    ).first()


def _left_in_month(session: Session, worker_id: int, day: date) -> EmploymentSpell | None:
    """The work of whose end no more was told than that it came in the month of `day`."""
    ended = session.exec(
        select(EmploymentSpell)
        .where(
            EmploymentSpell.worker_id == worker_id,
            col(EmploymentSpell.superseded_at).is_(None),
            col(EmploymentSpell.is_main),
            col(EmploymentSpell.ended_on).is_not(None),
        )
        .order_by(col(EmploymentSpell.ended_on).desc())
    ).first()
    return ended if ended is not None and may_be_told_exactly(session, ended, day) else None


def _seen_at_work(session: Session, spell: EmploymentSpell, on: date, means: ContactMeans) -> None:
    said_at_work(session, spell, on, means)
    if spell.observed_until is None or spell.observed_until < on:
        spell.observed_until = on
        session.add(spell)
    session.flush()


def said_at_work(session: Session, spell: EmploymentSpell, on: date, means: ContactMeans) -> None:
    """The person says that she was there until this day: proof of grade D, from where the last such proof ended."""
    last = session.exec(
        select(Evidence)
        .where(Evidence.spell_id == spell.identity, Evidence.source == _SOURCE, PROVES)
        .order_by(col(Evidence.covers_to).desc())
    ).first()
    begins = spell.started_on if last is None else last.covers_to + timedelta(days=1)
    if begins <= on:
        session.add(
            Evidence(
                spell_id=spell.identity,
                grade=EvidenceGrade.D,
                kind=ProofKind.VISIT if means in _MET else ProofKind.STATEMENT,
                covers_from=begins,
                covers_to=on,
                source=_SOURCE,
            )
        )
    session.flush()


def promise(session: Session, contact: Contact, due_on: date) -> None:
    """The difficulty is to be seen to; of one that is open already the earlier day counts."""
    standing = session.exec(
        select(SupportTask)
        .where(
            SupportTask.worker_id == contact.worker_id,
            SupportTask.difficulty == contact.difficulty,
            SupportTask.state == SupportState.OPEN,
        )
        .with_for_update()
    ).first()
    if standing is not None:
        standing.due_on = min(standing.due_on, due_on)
        session.add(standing)
    elif contact.difficulty is not None:
        session.add(
            SupportTask(
                worker_id=contact.worker_id,
                contact_id=contact.identity,
                difficulty=contact.difficulty,
                due_on=due_on,
            )
        )
    session.flush()


def _put_away() -> Problem:
    return conflict(
        "restricted", "该劳动力信息已限制使用", "本人已撤回同意或申请删除，信息只保存，不再登记随访。"
    )
