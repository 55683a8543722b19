"""What belongs to a person and goes with them when two records become one, and what stays where it was written."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Session, col, select

from models.dispatch import DispatchMember
from models.doubt import Doubt
from models.report import ReportDecision, SpellReport
from models.sealing import Keyring, open_person_key, person_digest, seal, unseal
from models.spell import EmploymentSpell
from models.training import Enrolment
from models.worker import PersonKey, WorkIntention

MOVED = frozenset(
    {
        "application",
        "dispatch_member",
        "doubt",
        "employment_spell",
        "enrolment",
        "spell_report",
        "work_intention",
    }
)
"""Tables whose rows are the kept person's after a merge. Evidence and steps follow their spell or application."""

STAYING = {
    "attachment": "sealed by the merged record's key; shown with the evidence, which follows its spell",
    "benefit_claim": "who claimed at the time; counts as the kept person's",
    "caller_assignment": "who calls the kept person is whoever called them before",
    "consent": "what was said at the time; counts as the kept person's",
    "contact": "sealed by the merged record's key; shown with the kept person's",
    "call_request": "sealed by the merged record's key; the call is the same person's",
    "check_in": "what was said at the time; the evidence follows its spell",
    "comparison_row": "what a comparison found at the time",
    "disclosure": "what an employer was told at the time; shown with the kept person's",
    "erasure": "nobody whose data is deleted is merged",
    "fair_invitation": "sealed by the merged record's key; its code means the kept person",
    "visit": "who came at the time; later commands are the kept person's",
    "frozen_person": "whom a frozen report counted at the time, sealed by that record's key",
    "former_number": "found through the merged record, which leads to the kept one",
    "handed_person": "of whom a file told at the time; shown with the kept person's",
    "handover": "no merge while one is open; settled ones are history",
    "job_offer": "what was offered at the time; counts as the kept person's",
    "import_line": "which line made or changed which record",
    "match_plan_decision": "what was decided at the time",
    "match_plan_person": "whom a plan had at the time; what it led to follows its application",
    "person_key": "seals what the merged record's history says",
    "support_task": "follows its contact; shown with the kept person's",
    "notice": "what was told at the time",
    "possible_duplicate": "pairs with a merged record are not shown, and come back with it",
    "review_request": "sealed by the merged record's key; shown with the kept person's",
    "ranking_item": "what was shown at the time",
    "worker": "the records themselves, and those that were merged into them before",
    "worker_binding": "leads to the kept person",
    "worker_merge": "the record of merging",
    "worker_skill": "copied to the kept person",
}
"""Every other table that names a worker, and why its rows are not moved."""

_MOVE = text("SELECT move_belongings(:source, :target, :moved)").bindparams(bindparam("moved", type_=JSONB))
_STATES = {
    "employment_spell": text(
        # Where the person is registered is no doing of the spell's.
        "SELECT id, md5((to_jsonb(spell) - 'version' - 'origin_region')::text) FROM employment_spell spell WHERE id = ANY(:ids)"
    ),
    "spell_report": text(
        # That a later list told of the person again is no doing of this report's.
        "SELECT id, md5((CASE WHEN superseded_at > :since THEN to_jsonb(report) || '{\"superseded_at\": null}' "
        "ELSE to_jsonb(report) END)::text) FROM spell_report report WHERE id = ANY(:ids)"
    ),
}
_IN_FORCE_AGAIN = text(
    "UPDATE spell_report SET superseded_at = NULL WHERE id = ANY(:ids) AND superseded_at > :since"
)

Moved = dict[str, list[Any]]
"""By table: the numbers of the rows (`dispatch_member`: of the dispatch), of reports the rows with what they seal."""


def belongings(session: Session, keyring: Keyring, source: int, target: int) -> Moved:
    """What of `source` goes to `target`: all but what the target has already and only one of can be."""
    return {
        "application": _numbers(session, "application", source),
        "employment_spell": _numbers(session, "employment_spell", source),
        "enrolment": _lacking(session, Enrolment, "course_id", "id", source, target),
        "dispatch_member": _lacking(session, DispatchMember, "dispatch_id", "dispatch_id", source, target),
        "work_intention": _lacking(session, WorkIntention, None, "id", source, target),
        "doubt": list(
            session.exec(select(Doubt.id).where(Doubt.worker_id == source).order_by(col(Doubt.id)))
        ),
        "spell_report": _resealed(session, keyring, source, target),
    }


def move(session: Session, source: int, target: int, moved: Mapping[str, Sequence[Any]]) -> None:
    """Let the rows be the target's. One of the two must be merged into the other.

    Raises
    ------
    sqlalchemy.exc.ProgrammingError
        when the session may not see both people, or neither is merged into the other.
    """
    session.flush()
    session.connection().execute(_MOVE, {"source": source, "target": target, "moved": moved})
    # What the mapper still holds of these rows is the state before.
    session.expire_all()


def sealed_reports(session: Session, worker_id: int) -> list[dict[str, Any]]:
    """The person's reports as they are sealed now, as `move` takes them."""
    rows = session.exec(
        select(SpellReport.id, SpellReport.sealed_record, SpellReport.digest)
        .where(SpellReport.worker_id == worker_id)
        .order_by(col(SpellReport.id))
    )
    return [_report(number, sealed, mark) for number, sealed, mark in rows]


def states(session: Session, moved: Mapping[str, Sequence[Any]], since: datetime) -> dict[str, str]:
    """A digest of each spell and report that was moved at `since`: another one later tells that something was built on
    it."""
    session.flush()
    found = {}
    for table, statement in _STATES.items():
        numbers = [row["id"] if isinstance(row, dict) else row for row in moved[table]]
        for number, state in session.connection().execute(statement, {"ids": numbers, "since": since}):
            found[f"{table} {number}"] = state
    return found


def put_in_force_again(session: Session, moved: Mapping[str, Sequence[Any]], since: datetime) -> None:
    """What lists told of the kept person since puts no report of the other's out of force."""
    numbers = [row["id"] for row in moved["spell_report"]]
    session.connection().execute(_IN_FORCE_AGAIN, {"ids": numbers, "since": since})


def built_upon(session: Session, worker_id: int, moved: Mapping[str, Sequence[Any]], since: datetime) -> bool:
    """Whether a spell was begun on an application that was moved, or a report that was moved was decided upon."""
    begun = select(EmploymentSpell.id).where(
        EmploymentSpell.worker_id == worker_id,
        col(EmploymentSpell.application_id).in_(moved["application"]),
        col(EmploymentSpell.id).not_in(moved["employment_spell"]),
    )
    decided = select(ReportDecision.id).where(
        col(ReportDecision.report_id).in_([row["id"] for row in moved["spell_report"]]),
        ReportDecision.created_at > since,
    )
    return session.exec(begun).first() is not None or session.exec(decided).first() is not None


def opened_key(session: Session, keyring: Keyring, worker_id: int) -> bytes:
    """The person's key.

    Raises
    ------
    sqlalchemy.exc.NoResultFound, models.sealing.Unsealable
        when it was destroyed.
    """
    stored = session.get_one(PersonKey, worker_id)
    return open_person_key(keyring, stored.master_key_id, stored.sealed_key)


def _numbers(session: Session, table: str, worker_id: int) -> list[int]:
    found = text(f"SELECT id FROM {table} WHERE worker_id = :id ORDER BY id")  # noqa: S608 - tables of ours
    return list(session.connection().scalars(found, {"id": worker_id}))


def _lacking(
    session: Session, model: Any, one_of: str | None, number: str, source: int, target: int
) -> list[int]:
    """Rows of `source` but where `target` has one of the same `one_of` (None: one at all)."""
    theirs = select(getattr(model, one_of or "worker_id")).where(model.worker_id == target)
    taken = set(session.exec(theirs))
    if one_of is None:
        taken = {source} if taken else set()
    rows = session.exec(select(model).where(model.worker_id == source)).all()
    return sorted(getattr(row, number) for row in rows if getattr(row, one_of or "worker_id") not in taken)


def _resealed(session: Session, keyring: Keyring, source: int, target: int) -> list[dict[str, Any]]:
    rows = session.exec(
        select(SpellReport).where(SpellReport.worker_id == source).order_by(col(SpellReport.id))
    ).all()
    if not rows:
        return []
    old, new = opened_key(session, keyring, source), opened_key(session, keyring, target)
    made = []
    for row in rows:
        content = unseal(old, row.sealed_record, REPORT_CONTEXT)
        made.append(
            _report(
                row.identity,
                seal(new, content, REPORT_CONTEXT),
                person_digest(keyring, "report", target, content),
            )
        )
    return made


REPORT_CONTEXT = "spell_report.record"
"""What the sealed part of a report is authenticated as."""


def _report(number: int | None, sealed: bytes, mark: bytes) -> dict[str, Any]:
    return {"id": number, "sealed": "\\x" + sealed.hex(), "digest": "\\x" + mark.hex()}
