"""合并: two records of one person become one, and the way back.

The kept record's word stands: what it says stays, what only the other one says is filled in. Everything that belongs
to the person moves; the merged record itself stays as it was, but that it leads to the kept one and to no household.
"""

import json
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, col, select

from ledger.gazetteer import county_of
from ledger.identity.belongings import (
    belongings,
    built_upon,
    move,
    opened_key,
    put_in_force_again,
    sealed_reports,
    states,
)
from ledger.identity.giving import (
    columns,
    fill,
    give_number,
    give_phone,
    give_skills,
    restore,
    set_number,
    take_skills,
)
from ledger.identity.matching import keep_number
from models.application import OPEN_STATES, Application, ApplicationEvent, ApplicationState
from models.base import now
from models.identity import FormerNumber, Handover, HandoverState, NumberOrigin, WorkerMerge
from models.sealing import Keyring, seal, unseal
from models.spell import EmploymentSpell, Evidence
from models.worker import Worker

_RELEASE = text("SELECT release_seat(:spell)")
_HOLD_AGAIN = text("SELECT hold_seat_again(:spell)")
BECAUSE = "合并记录重复"
"""Why a spell or application went out of force."""

_CONTEXT = "worker_merge.before"


class Unmergeable(ValueError):
    """Why two records can't be made one, in a sentence for the clerk."""


class NotUndoable(ValueError):
    """Why a merge can't be taken back any more, in a sentence for the clerk."""


def merge(
    session: Session, keyring: Keyring, kept: Worker, merged: Worker, *, by: int | None, on: date
) -> WorkerMerge:
    """Let `merged` go up in `kept`.

    Raises
    ------
    Unmergeable
        when one of them is no record of its own any more, may only be stored, or is being handed over.
    models.sealing.Unsealable
        when the key of one of them was destroyed.
    """
    _hold(session, kept, merged)
    _require_mergeable(session, kept, merged)
    key, other_key = (opened_key(session, keyring, worker.identity) for worker in (kept, merged))
    kept_id, merged_id = kept.identity, merged.identity
    before = {"kept": columns(kept), "merged": columns(merged)}
    reports = sealed_reports(session, merged_id)
    earlier = session.exec(select(Worker).where(Worker.merged_into == merged_id)).all()
    moved = belongings(session, keyring, merged_id, kept_id)

    merged.merged_into, merged.household_id = kept_id, None
    for once in earlier:
        once.merged_into = kept_id
    numbered = give_number(merged, kept, other_key, key)
    fill(kept, before["kept"], merged, before["merged"])
    give_phone(kept, merged, other_key, key)
    session.flush()
    set_number(session, kept, numbered)
    spells = _supersede_doubles(session, kept_id, merged_id)
    applications = _close_doubles(session, kept_id, merged_id, by=by, on=on)
    session.flush()
    moved["evidence"], evidence_back = _evidence_of_doubles(session, spells)
    seats = [spell for spell in spells if session.connection().scalar(_RELEASE, {"spell": spell})]
    former = None
    if numbered is None and merged.id_number_sealed is not None:
        number = unseal(other_key, merged.id_number_sealed, "worker.id_number").decode()[:18]
        former = keep_number(session, keyring, kept_id, number, NumberOrigin.MERGED)
        session.flush()
    move(session, merged_id, kept_id, moved)
    skills = give_skills(session, kept_id, merged_id)
    session.flush()
    kept, merged = session.get_one(Worker, kept_id), session.get_one(Worker, merged_id)
    note = {
        "before": before,
        "after": {"kept": columns(kept), "merged": columns(merged)},
        "moved": moved,
        "reports": reports,
        "states": states(session, moved, now()),
        "earlier": [once.identity for once in earlier],
        "spells": spells,
        "seats": seats,
        "evidence": evidence_back,
        "applications": applications,
        "former": former.identity if former else None,
        "skills": skills,
    }
    row = WorkerMerge(
        kept_id=kept_id,
        merged_id=merged_id,
        account_id=by,
        sealed_before=seal(key, json.dumps(note, ensure_ascii=False).encode(), _CONTEXT),
    )
    session.add(row)
    session.flush()
    return row


def undo(session: Session, keyring: Keyring, row: WorkerMerge, *, by: int | None) -> Worker:
    """Let the two records be as they were; the record that is its own again.

    Raises
    ------
    NotUndoable
        when it was undone already, or something later rests on the merge.
    models.sealing.Unsealable
        when the kept person's key was destroyed.
    """
    kept, merged = session.get_one(Worker, row.kept_id), session.get_one(Worker, row.merged_id)
    _hold(session, kept, merged)
    session.refresh(row, with_for_update=True)
    if row.undone_at is not None:
        raise NotUndoable("这次合并已经撤销过了。")
    if kept.merged_into is not None or merged.merged_into != kept.identity:
        raise NotUndoable("保留的档案后来又并入了另一份档案，请先撤销后一次合并。")
    key = opened_key(session, keyring, row.kept_id)
    note = _where_they_are_now(kept, json.loads(unseal(key, row.sealed_before, _CONTEXT)))
    _require_nothing_built(session, row, kept, note)

    if note["former"] is not None:
        session.delete(session.get_one(FormerNumber, note["former"]))
    take_skills(session, row.kept_id, note["skills"])
    restore(session, keyring, kept, note["before"]["kept"], note["after"]["kept"])
    session.flush()
    back = {"spell_report": note["reports"], "evidence": note.get("evidence", [])}
    put_in_force_again(session, note["moved"], row.created_at)
    move(session, row.kept_id, row.merged_id, {**note["moved"], **back})
    for spell in session.exec(select(EmploymentSpell).where(col(EmploymentSpell.id).in_(note["spells"]))):
        spell.superseded_at = spell.superseded_by = spell.superseded_because = None
    session.flush()
    for number in note.get("seats", ()):
        if not session.connection().scalar(_HOLD_AGAIN, {"spell": number}):
            raise NotUndoable("合并时退回的岗位名额已经给了别人，不能自动撤销；请先在岗位中增加招聘人数。")
    for told in note["applications"]:
        application = session.get_one(Application, told["id"])
        _log(session, application, ApplicationState.read(told["state"]), "撤销合并", by)
        application.state = ApplicationState.read(told["state"])
        application.reason = told["reason"]
        application.decided_on = date.fromisoformat(told["decided_on"]) if told["decided_on"] else None
    merged = session.get_one(Worker, row.merged_id)
    restore(session, keyring, merged, note["before"]["merged"], note["after"]["merged"])
    for earlier in session.exec(select(Worker).where(col(Worker.id).in_(note["earlier"]))):
        earlier.merged_into = merged.identity
    row = session.get_one(WorkerMerge, row.identity)
    row.undone_at, row.undone_by = now(), by
    session.add(row)
    session.flush()
    return merged


_PLACED = ("region", "household_id", "village", "relation_to_head")
"""What is of the county that has the record."""


def _where_they_are_now(kept: Worker, note: dict[str, Any]) -> dict[str, Any]:
    """The note; where the record was handed over since, without the homes in the county that had it."""
    if county_of(kept.region) != county_of(note["before"]["kept"]["region"]):
        for states_of in (note["before"], note["after"]):
            for told in states_of.values():
                for name in _PLACED:
                    told.pop(name, None)
    return note


def standing_merges(session: Session, worker_id: int) -> list[WorkerMerge]:
    """What went up in this person and was not undone, the latest first."""
    query = select(WorkerMerge).where(WorkerMerge.kept_id == worker_id, col(WorkerMerge.undone_at).is_(None))
    return list(session.exec(query.order_by(col(WorkerMerge.id).desc())))


def _hold(session: Session, *workers: Worker) -> None:
    """Nobody else changes these records meanwhile; always in one order, so that two never wait for each other."""
    session.flush()
    for worker in sorted(workers, key=lambda each: each.identity):
        session.refresh(worker, with_for_update=True)


def _require_mergeable(session: Session, kept: Worker, merged: Worker) -> None:
    if kept.identity == merged.identity:
        raise Unmergeable("这是同一份档案，不需要合并。")
    if kept.merged_into is not None or merged.merged_into is not None:
        raise Unmergeable("其中一份档案已经并入别的档案，请刷新后再看。")
    if kept.restricted or merged.restricted:
        raise Unmergeable("其中一人的信息已限制使用，只保存，不能合并。")
    asked = select(Handover.id).where(
        col(Handover.worker_id).in_((kept.identity, merged.identity)), Handover.state == HandoverState.OPEN
    )
    if session.exec(asked).first() is not None:
        raise Unmergeable("其中一人有待答复的移交申请，请先在“移交”中答复，再合并。")


def _require_nothing_built(session: Session, row: WorkerMerge, kept: Worker, note: dict[str, Any]) -> None:
    after, before = note["after"]["kept"], note["before"]["kept"]
    current = columns(kept)
    if any(told != after[name] for name, told in current.items() if after.get(name) != before.get(name)):
        raise NotUndoable("合并时补到保留档案中的内容后来又改过，不能自动撤销；请在档案中逐项改正。")
    if states(session, note["moved"], row.created_at) != note["states"] or built_upon(
        session, row.kept_id, note["moved"], row.created_at
    ):
        raise NotUndoable(
            "合并过来的务工记录或推荐后来又办理过（更正、上岗或采纳），不能自动撤销；请先撤回那些办理。"
        )


def _supersede_doubles(session: Session, kept_id: int, merged_id: int) -> list[int]:
    """Main spells of the merged record that share a day with one of the kept person's go out of force."""
    in_force = select(EmploymentSpell).where(
        col(EmploymentSpell.superseded_at).is_(None), col(EmploymentSpell.is_main)
    )
    mine = session.exec(in_force.where(EmploymentSpell.worker_id == kept_id)).all()
    doubles = []
    for spell in session.exec(in_force.where(EmploymentSpell.worker_id == merged_id)).all():
        stands = next((own for own in mine if _share_a_day(own, spell)), None)
        if stands is not None:
            spell.superseded_at, spell.superseded_because = now(), BECAUSE
            spell.superseded_by = stands.identity
            doubles.append(spell.identity)
    return doubles


def _evidence_of_doubles(
    session: Session, doubles: list[int]
) -> tuple[list[dict[str, int]], list[dict[str, int]]]:
    """What proves days of the spell that stands, of the same employer, goes to it; and the way back."""
    there: list[dict[str, int]] = []
    back: list[dict[str, int]] = []
    for spell in session.exec(select(EmploymentSpell).where(col(EmploymentSpell.id).in_(doubles))):
        stands = session.get_one(EmploymentSpell, spell.superseded_by)
        if spell.employer_id is None or stands.employer_id != spell.employer_id:
            continue
        for proof in session.exec(select(Evidence).where(Evidence.spell_id == spell.identity)):
            if stands.started_on <= proof.covers_to and proof.covers_from <= (stands.ended_on or date.max):
                there.append({"id": proof.identity, "spell_id": stands.identity})
                back.append({"id": proof.identity, "spell_id": spell.identity})
    return there, back


def _share_a_day(one: EmploymentSpell, other: EmploymentSpell) -> bool:
    return one.started_on <= (other.ended_on or date.max) and other.started_on <= (one.ended_on or date.max)


def _close_doubles(
    session: Session, kept_id: int, merged_id: int, *, by: int | None, on: date
) -> list[dict[str, Any]]:
    """Open applications of the merged record for a vacancy for which the kept person has one end."""
    under_way = select(Application).where(col(Application.state).in_(OPEN_STATES))
    mine = {row.vacancy_id for row in session.exec(under_way.where(Application.worker_id == kept_id))}
    closed = []
    for row in session.exec(under_way.where(Application.worker_id == merged_id)).all():
        if row.vacancy_id in mine:
            decided = row.decided_on.isoformat() if row.decided_on else None
            closed.append(
                {"id": row.identity, "state": row.state.value, "reason": row.reason, "decided_on": decided}
            )
            _log(session, row, ApplicationState.WITHDRAWN, BECAUSE, by)
            row.state, row.reason, row.decided_on = ApplicationState.WITHDRAWN, BECAUSE, on
    return closed


def _log(session: Session, row: Application, to: ApplicationState, because: str, by: int | None) -> None:
    session.add(
        ApplicationEvent(
            application_id=row.identity, from_state=row.state, to_state=to, account_id=by, reason=because
        )
    )
