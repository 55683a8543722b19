"""移交: a second county registers somebody who has a record in another's regions.

It learns that there is one, and nothing else; the other county learns that it was asked, and why. What the second
county wrote is kept sealed under the hand-over's own key, and becomes a change of the one record when the hand-over is
agreed to or decided. Until then the first county counts.
"""

from dataclasses import fields

from pydantic import TypeAdapter
from sqlalchemy import text
from sqlmodel import Session, select

from ledger.history import Written, change_of
from ledger.identity.likeness import plain_number
from ledger.identity.matching import elsewhere, find_people, keep_number, listed, same_name
from ledger.people import (
    NewIntention,
    NewWorker,
    change_phone,
    change_skills,
    intention_of,
)
from ledger.pinyin import pinyin
from models.identity import Handover, HandoverState, NumberOrigin
from models.sealing import Keyring, look_ups, new_person_key, open_person_key, seal, unseal
from models.worker import PersonKey, Worker, WorkerSkill, WorkIntention

_CONTEXT = "handover.claim"
_CLAIM = TypeAdapter(NewWorker)
_OPEN = text(
    "SELECT open_handover(CAST(:index AS bytea[]), :region, :reason, :import_id, :import_line, :key_id, :sealed_key, :claim)"
)
_SETTLE = text("SELECT settle_handover(:id, :outcome, :words, :region, :household)")
_MOVES = frozenset({HandoverState.AGREED, HandoverState.DECIDED})
_PLACED = ("region", "household_id", "village")
_FILLED = (
    "ethnicity",
    "education",
    "labour_capability",
    "disability_grade",
    "speaks_mandarin",
    "experience_months",
    "last_occupation",
)


class NotOpen(Exception):
    """The hand-over can't be settled so any more, or not by this account."""


def open_handover(
    session: Session,
    keyring: Keyring,
    number: str,
    claim: NewWorker,
    *,
    reason: str,
    import_id: int | None = None,
    import_line: int | None = None,
) -> Handover | None:
    """Ask for the person with this number, of whom `claim` was written; None where nobody of elsewhere has it.

    A county has one open request for a person: asked again, what was written last stands.

    Parameters
    ----------
    number
        as `models.id_number.read_id_number` made it.
    claim
        valid in itself (`ledger.people.read_told`); its region must be the caller's.
    """
    key, master_key_id, sealed_key = new_person_key(keyring)
    opened = session.connection().scalar(
        _OPEN,
        {
            "index": listed(look_ups(keyring, "id_number", number)),
            "region": claim.region,
            "reason": reason,
            "import_id": import_id,
            "import_line": import_line,
            "key_id": master_key_id,
            "sealed_key": sealed_key,
            "claim": seal(key, _CLAIM.dump_json(claim), _CONTEXT),
        },
    )
    if opened is None:
        return None
    query = select(Handover).where(Handover.id == opened).execution_options(populate_existing=True)
    return session.exec(query).one()


def claim_of(keyring: Keyring, row: Handover) -> NewWorker:
    """What the second county wrote.

    Raises
    ------
    models.sealing.Unsealable
        when the hand-over's key can't be opened any more.
    """
    key = open_person_key(keyring, row.master_key_id, row.sealed_key)
    return _CLAIM.validate_json(unseal(key, row.sealed_claim, _CONTEXT))


def settle(
    session: Session, keyring: Keyring, row: Handover, outcome: HandoverState, words: str
) -> Written | None:
    """Answer, decide or withdraw. The person's record, and all that hangs on it, is the second county's from then on
    where the outcome says so; the caller may see neither of them any more then. What that changed of the record is
    answered, for the person's history: the database itself moves it.

    Raises
    ------
    NotOpen
        when it was settled already, the record is another county's by now, or the caller is not the one to say.
    """
    region = household = None
    moved: Written | None = None
    if outcome in _MOVES:
        claim = claim_of(keyring, row)
        region, household = claim.region, claim.household_id
        worker = session.get(Worker, row.worker_id)
        if worker is not None and worker.merged_into is not None:
            worker = session.get(Worker, worker.merged_into)
        sealed = select(PersonKey.worker_id).where(PersonKey.worker_id == (worker.identity if worker else 0))
        if worker is not None and not worker.restricted and session.exec(sealed).first() is not None:
            _take_over(session, keyring, worker, claim)
            _keep_other_code(session, keyring, worker, claim)
        if worker is not None:
            moved = _moved(worker, claim)
    session.flush()
    given = {
        "id": row.identity,
        "outcome": outcome.value,
        "words": words,
        "region": region,
        "household": household,
    }
    if not session.connection().scalar(_SETTLE, given):
        raise NotOpen
    session.expire_all()
    return moved


def _moved(worker: Worker, claim: NewWorker) -> Written:
    """The change that the door makes: region and household of the county that takes over."""
    before = {name: getattr(worker, name) for name in _PLACED}
    after = {"region": claim.region, "household_id": claim.household_id, "village": None}
    return Written(
        "update", "worker", worker.identity, change_of(before, after), claim.region, worker_id=worker.identity
    )


def _keep_other_code(session: Session, keyring: Keyring, worker: Worker, claim: NewWorker) -> None:
    """A number under another code of the county, by which the second county knows the person, means her from now on."""
    number = plain_number(claim.id_number or "")
    if not number or worker.id_number_sealed is None:
        return
    stored = session.get_one(PersonKey, worker.identity)
    key = open_person_key(keyring, stored.master_key_id, stored.sealed_key)
    own = plain_number(unseal(key, worker.id_number_sealed, "worker.id_number").decode())
    # The claim's may be the very number that the record has, or one that is kept for the person already.
    if own[:6] == number[:6] or own[6:17] != number[6:17] or number in _known(session, keyring, number):
        return
    keep_number(session, keyring, worker.identity, number, NumberOrigin.FORMER_CODE)


def _known(session: Session, keyring: Keyring, number: str) -> set[str]:
    return {*find_people(session, keyring, [number]), *elsewhere(session, keyring, [number])}


def _take_over(session: Session, keyring: Keyring, worker: Worker, claim: NewWorker) -> None:
    """What was claimed, as a change of the record; what the claim leaves blank stays."""
    for name in _FILLED:
        value = getattr(claim, name)
        if value is not None:
            setattr(worker, name, value)
    worker.relation_to_head = claim.relation_to_head if claim.household_id else None
    if not same_name(claim.name, worker.name):
        worker.name, worker.name_pinyin = claim.name, pinyin(claim.name)
    session.add(worker)
    if claim.phone:
        change_phone(session, keyring, worker, claim.phone)
    if claim.skills:
        known = session.exec(select(WorkerSkill).where(WorkerSkill.worker_id == worker.identity)).all()
        levels = {row.skill: row.level for row in known}
        told = {
            skill: level for skill, level in claim.skills.items() if level is not None or skill not in levels
        }
        change_skills(session, worker.identity, levels | told)
    if claim.intention is not None:
        _take_intention(session, worker.identity, claim.intention)


def _take_intention(session: Session, worker_id: int, claimed: NewIntention) -> None:
    told = intention_of(worker_id, claimed)
    row = session.exec(select(WorkIntention).where(WorkIntention.worker_id == worker_id)).first()
    if row is None:
        session.add(told)
        return
    for field in fields(claimed):
        name, value = field.name, getattr(told, field.name)
        if value not in (None, []):
            setattr(row, name, value)
    session.add(row)
