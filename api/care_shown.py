"""随访 as it is answered: calls that are due, leavers, contacts, promises."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from sqlmodel import Session, col, select

from api.accounts import account_names
from api.presenting import Presenter
from api.schemas.care import ContactPublic, DueCallPublic, LeaverPublic, SupportTaskPublic
from api.schemas.worker import WorkerSummary
from ledger.applications import RefusalReason
from ledger.contacts import notes_of
from models.care import Contact, Difficulty, SupportState, SupportTask
from models.employer import Employer
from models.sealing import Keyring
from models.spell import EmploymentSpell, SpellKind
from models.worker import Worker
from outcomes.due_calls import DueCall
from outcomes.leavers import Leaver


def calls_public(
    session: Session, present: Presenter, calls: Sequence[DueCall], today: date
) -> list[DueCallPublic]:
    """People to be called."""
    people = people_by_id(session, present, (call.worker_id for call in calls))
    posts = _posts(session, [call.spell_id for call in calls])
    callers = account_names(session, (number for call in calls for number in (call.caller_id, call.given_by)))
    open_ones = _open_difficulties(session, [call.worker_id for call in calls])
    return [
        DueCallPublic(
            worker=people[call.worker_id],
            spell_id=call.spell_id,
            employer=posts[call.spell_id][1],
            kind=posts[call.spell_id][0],
            started_on=call.started_on,
            due_on=call.due_on,
            overdue_days=call.days_over(today),
            chance=round(call.chance, 3),
            has_phone=call.has_phone,
            reached_on=call.reached_on,
            tries=call.tries,
            caller=callers.get(call.caller_id or 0),
            given_by=callers.get(call.given_by or 0) if call.given_by != call.caller_id else None,
            difficulties=open_ones.get(call.worker_id, []),
        )
        for call in calls
    ]


def leavers_public(
    session: Session, present: Presenter, found: Sequence[Leaver], today: date
) -> list[LeaverPublic]:
    """People who left."""
    people = people_by_id(session, present, (each.worker_id for each in found))
    return [
        LeaverPublic(
            worker=people[each.worker_id],
            spell_id=each.spell_id,
            left_on=each.left_on,
            reason=RefusalReason.read(each.reason) if each.reason else None,
            offer_by=each.offer_by,
            offered=each.offered,
            late=each.late(today),
            returned=each.returned,
            at_risk=each.at_risk,
        )
        for each in found
    ]


def contacts_public(session: Session, keyring: Keyring, rows: Sequence[Contact]) -> list[ContactPublic]:
    """Calls and visits."""
    callers = account_names(session, (row.account_id for row in rows))
    notes = notes_of(session, keyring, rows)
    return [
        ContactPublic(
            id=row.identity,
            worker_id=row.worker_id,
            caller=callers.get(row.account_id or 0, ""),
            contacted_on=row.contacted_on,
            means=row.means,
            found=row.found,
            difficulty=row.difficulty,
            returned_home=row.returned_home,
            note=notes.get(row.identity, ""),
        )
        for row in rows
    ]


def tasks_public(
    session: Session, present: Presenter, rows: Sequence[SupportTask], today: date
) -> list[SupportTaskPublic]:
    """Difficulties to be seen to; of somebody whose record went up in another the other one is shown."""
    kept = _merged(session, (row.worker_id for row in rows))
    whose = {row.identity: kept.get(row.worker_id) or row.worker_id for row in rows}
    people = people_by_id(session, present, whose.values())
    told = _days_of(session, (row.contact_id for row in rows))
    return [
        SupportTaskPublic(
            id=row.identity,
            version=row.version,
            worker=people[whose[row.identity]],
            difficulty=row.difficulty,
            told_on=told[row.contact_id],
            due_on=row.due_on,
            late=row.state is SupportState.OPEN and row.due_on < today,
            state=row.state,
            done_on=row.done_on,
            outcome=row.outcome,
        )
        for row in rows
    ]


def people_by_id(session: Session, present: Presenter, worker_ids: Iterable[int]) -> dict[int, WorkerSummary]:
    """People of a list, by number."""
    rows = session.exec(select(Worker).where(col(Worker.id).in_(set(worker_ids)))).all()
    return {row.id: row for row in present.workers(list(rows))}


def _merged(session: Session, worker_ids: Iterable[int]) -> dict[int, int]:
    rows = session.exec(select(Worker).where(col(Worker.id).in_(set(worker_ids)))).all()
    return {row.identity: row.merged_into for row in rows if row.merged_into is not None}


def _days_of(session: Session, contact_ids: Iterable[int]) -> dict[int, date]:
    rows = session.exec(select(Contact).where(col(Contact.id).in_(set(contact_ids)))).all()
    return {row.identity: row.contacted_on for row in rows}


def _posts(session: Session, spell_ids: Sequence[int]) -> dict[int, tuple[SpellKind, str | None]]:
    rows = session.exec(select(EmploymentSpell).where(col(EmploymentSpell.id).in_(spell_ids))).all()
    employers = session.exec(
        select(Employer).where(col(Employer.id).in_({row.employer_id for row in rows}))
    ).all()
    named = {row.identity: row.name for row in employers}
    return {row.identity: (row.kind, named.get(row.employer_id or 0)) for row in rows}


def _open_difficulties(session: Session, worker_ids: Sequence[int]) -> dict[int, list[Difficulty]]:
    found: dict[int, list[Difficulty]] = defaultdict(list)
    rows = session.exec(
        select(SupportTask)
        .where(col(SupportTask.worker_id).in_(worker_ids), SupportTask.state == SupportState.OPEN)
        .order_by(col(SupportTask.due_on))
    )
    for row in rows:
        found[row.worker_id].append(row.difficulty)
    return found
