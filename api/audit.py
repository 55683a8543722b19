"""The audit rows: every change that the object mapper writes is recorded in the same transaction, without being asked.

What changed of a person or a household is sealed under a key of theirs, so that deleting the key deletes it from the
record too.
Commands that write past the mapper call `record` themselves.
"""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, event, insert, inspect, select
from sqlalchemy.dialects.postgresql import insert as insert_new
from sqlalchemy.orm import SessionTransaction, UOWTransaction
from sqlmodel import Session, SQLModel

from api.database import Sessions
from api.noticing import notice_flushed
from ledger.history import DERIVED, UNRECORDED, household_keys, person_keys, sealed_change
from models.account import Account, AccountBinding
from models.application import Application
from models.benefit import BenefitClaim, ClaimAudit
from models.care import CallerAssignment, Contact, SupportTask
from models.confirmation import SpellConfirmation
from models.consent import Consent
from models.dispatch import Dispatch, DispatchMember
from models.doubt import Doubt
from models.employer import Employer
from models.fair import Fair
from models.household import HardshipPeriod, Household, HouseholdKey
from models.intake import Import
from models.notice import CallRequest
from models.public_post import JobOffer, PublicPostPlacement, TermExtension
from models.record import AuditEvent
from models.review import ReviewRequest
from models.sealing import Keyring, Unsealable, new_person_key, unseal
from models.service_key import follow
from models.spell import EmploymentSpell, Evidence
from models.station import ServiceStation, StationStaff, StationVisit
from models.target import StabilityRule, Target, TargetPart, TypedFigure, WorkPlan
from models.training import Course, Enrolment
from models.vacancy import Vacancy
from models.worker import Worker, WorkerSkill, WorkIntention
from models.workshop import WorkshopRating, WorkshopRecognition

OF_A_SPELL = (Evidence, SpellConfirmation, PublicPostPlacement, TermExtension)
OF_A_PERSON = (
    Worker,
    WorkerSkill,
    WorkIntention,
    Application,
    EmploymentSpell,
    Doubt,
    *OF_A_SPELL,
    DispatchMember,
    Enrolment,
    BenefitClaim,
    ClaimAudit,
    Contact,
    SupportTask,
    CallerAssignment,
    JobOffer,
    Consent,
    ReviewRequest,
    CallRequest,
)
OF_A_HOUSEHOLD = (Household, HardshipPeriod)
AUDITED = (
    *OF_A_PERSON,
    *OF_A_HOUSEHOLD,
    Employer,
    Vacancy,
    Import,
    Dispatch,
    Course,
    Fair,
    ServiceStation,
    StationStaff,
    StationVisit,
    WorkshopRecognition,
    WorkshopRating,
    Account,
    AccountBinding,
    StabilityRule,
    WorkPlan,
    Target,
    TargetPart,
    TypedFigure,
)
UNREADABLE = "***"
"""Stands for a sealed value that can't be opened."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who makes the changes of a session."""

    account_id: int | None = None
    request_id: str | None = None


IMPORT = "import"
"""Where a session keeps the number and the line of the file that its changes come from."""


def audited(sessions: Sessions, keyring: Keyring) -> Sessions:
    """Let every session that `sessions` makes record its changes, and know the service's keys as they stand."""

    @event.listens_for(sessions, "after_flush")
    def after_flush(session: Session, _: UOWTransaction) -> None:
        for action, rows in (("create", session.new), ("update", session.dirty), ("delete", session.deleted)):
            for row in rows:
                if isinstance(row, AUDITED):
                    _write(session, keyring, action, row)
        notice_flushed(session, list(session.new))

    @event.listens_for(sessions, "after_begin")
    def after_begin(_: Session, transaction: SessionTransaction, connection: Connection) -> None:
        if not transaction.nested:
            follow(connection, keyring)

    def look_again() -> None:
        with sessions() as session:
            session.connection()

    keyring.look_again = look_again
    return sessions


def _keep_what_was() -> None:
    """A column that was not loaded when it is set would be recorded as if it had been empty: let it be loaded."""
    for model in AUDITED:
        for attribute in inspect(model).column_attrs:
            event.listen(getattr(model, attribute.key), "set", _unheard, active_history=True)


def _unheard(*_: Any) -> None:
    """Nothing is done when a column is set; that somebody listens makes the mapper load what it was."""


_keep_what_was()


def record(
    session: Session,
    action: str,
    noun: str,
    row_id: int | None,
    *,
    region: str | None = None,
    change: dict[str, Any] | None = None,
    worker_id: int | None = None,
) -> None:
    """Write an audit row for something that did not go through the mapper; `change` holds nothing personal."""
    _insert(
        session,
        action=action,
        noun=noun,
        row_id=row_id,
        region=region,
        change=change,
        worker_id=worker_id,
    )


def _insert(session: Session, **told: Any) -> None:
    actor: Actor = session.info.get("actor", Actor())
    import_id, line = session.info.get(IMPORT, (None, None))
    # Inline: the service may insert audit rows but not read back those outside its scope.
    session.execute(
        insert(AuditEvent)
        .values(
            account_id=actor.account_id,
            request_id=actor.request_id,
            import_id=import_id,
            import_line=line,
            **told,
        )
        .inline()
    )


def _change(row: SQLModel, action: str, key: bytes | None) -> dict[str, Any]:
    """What `ledger.history` tells of a change; `key` opens sealed columns."""
    change: dict[str, Any] = {}
    state = inspect(row)
    for attribute in state.mapper.column_attrs:
        name = attribute.key
        if name in UNRECORDED or name in DERIVED or name == "sealed_key":
            continue
        history = state.attrs[name].history
        before, after = (history.deleted or [None])[0], (history.added or [None])[0]
        if action != "update":
            before = after = getattr(row, name)
        elif not history.deleted:
            # Not changed; or only marked as if, so that the row's version rises: what was is always known.
            continue
        if name.endswith("_sealed"):
            name = name.removesuffix("_sealed")
            context = f"{state.mapper.local_table.name}.{name}"
            before, after = _opened(key, before, context), _opened(key, after, context)
        if action == "update":
            change[name] = [before, after]
        elif after not in (None, "", [], {}):
            change[name] = after
    if action == "update" and change and not hasattr(row, "id"):
        # The row has no number: its key says which it is.
        names = (state.mapper.get_property_by_column(column).key for column in state.mapper.primary_key)
        change |= {name: [getattr(row, name)] * 2 for name in names if name != "worker_id"}
    return change


def _opened(key: bytes | None, sealed: bytes | None, context: str) -> str | None:
    if sealed is None:
        return None
    try:
        return unseal(key, sealed, context).decode() if key else UNREADABLE
    except Unsealable:
        return UNREADABLE


def _write(session: Session, keyring: Keyring, action: str, row: Any) -> None:
    worker_id = _worker_of(session, row)
    household_id = _household_of(row)
    key = None
    if worker_id is not None:
        key = person_keys(session, keyring, [worker_id]).get(worker_id)
    elif household_id is not None:
        key = _household_key(session, keyring, household_id)
    change = _change(row, action, key)
    if not change:
        return
    plain: dict[str, Any] | None = json.loads(json.dumps(change, default=str, ensure_ascii=False))
    sealed: bytes | None = None
    if key is not None:
        sealed, plain = sealed_change(key, change), None
    elif worker_id is not None or household_id is not None:
        # The other side of a placement may act without being allowed the person's key: which fields, no values.
        plain = {"fields": sorted(change)}
    _insert(
        session,
        action=action,
        noun=row.__tablename__,
        row_id=getattr(row, "id", None),
        worker_id=worker_id,
        household_id=household_id,
        region=_region(session, row, worker_id),
        change=plain,
        sealed_change=sealed,
    )


def _worker_of(session: Session, row: Any) -> int | None:
    if isinstance(row, Worker):
        return row.identity
    if isinstance(row, OF_A_SPELL):
        spells = EmploymentSpell.__table__  # type: ignore[attr-defined]
        return session.connection().scalar(select(spells.c.worker_id).where(spells.c.id == row.spell_id))
    if isinstance(row, ClaimAudit):
        claims = BenefitClaim.__table__  # type: ignore[attr-defined]
        return session.connection().scalar(select(claims.c.worker_id).where(claims.c.id == row.claim_id))
    return getattr(row, "worker_id", None) if isinstance(row, OF_A_PERSON) else None


def _household_of(row: Any) -> int | None:
    if isinstance(row, Household):
        return row.identity
    return row.household_id if isinstance(row, HardshipPeriod) else None


def _household_key(session: Session, keyring: Keyring, household_id: int) -> bytes | None:
    """The household's key; the first record of a household makes it."""
    found = household_keys(session, keyring, [household_id]).get(household_id)
    if found is None:
        _, master_key_id, sealed_key = new_person_key(keyring)
        new = {"household_id": household_id, "master_key_id": master_key_id, "sealed_key": sealed_key}
        # Another transaction may have been first; its key is the one that stands.
        keys = HouseholdKey.__table__  # type: ignore[attr-defined]
        session.connection().execute(insert_new(keys).values(new).on_conflict_do_nothing())
        found = household_keys(session, keyring, [household_id]).get(household_id)
    return found


def _region(session: Session, row: Any, worker_id: int | None) -> str | None:
    if isinstance(row, (EmploymentSpell, *OF_A_SPELL)):
        # Its own `region` is the place of work; the record belongs to the origin's bureau.
        spells = EmploymentSpell.__table__  # type: ignore[attr-defined]
        spell_id = row.spell_id if isinstance(row, OF_A_SPELL) else row.identity
        return session.connection().scalar(select(spells.c.origin_region).where(spells.c.id == spell_id))
    if isinstance(row, ClaimAudit):
        claims = BenefitClaim.__table__  # type: ignore[attr-defined]
        return session.connection().scalar(select(claims.c.region).where(claims.c.id == row.claim_id))
    if isinstance(row, AccountBinding) and (row.station_id or row.employer_id):
        # Where the station stands is not where it is kept.
        account = session.get(Account, row.account_id)
        return account.kept_by if account else row.region
    for name in ("kept_by", "region", "worker_region"):
        value = getattr(row, name, None)
        if value:
            return str(value)
    if isinstance(row, HardshipPeriod):
        households = Household.__table__  # type: ignore[attr-defined]
        return session.connection().scalar(
            select(households.c.region).where(households.c.id == row.household_id)
        )
    if worker_id is not None:
        workers = Worker.__table__  # type: ignore[attr-defined]
        return session.connection().scalar(select(workers.c.region).where(workers.c.id == worker_id))
    return None
