"""移交 at the edge: what each side is told of it, and what it may do."""

from sqlmodel import Session, select

from api.audit import Actor, record
from api.deps import Caller
from api.errors import conflict, not_found
from api.presenting import Presenter
from api.rights import Action
from api.schemas.identity import Claimed, HandoverPublic
from ledger.history import change_rows, person_keys
from ledger.identity.handover import NotOpen, claim_of, settle
from models.bulk import insert_rows
from models.identity import Handover, HandoverState
from models.sealing import Keyring, Unsealable
from models.worker import Worker

_STILL_TO_DECIDE = frozenset({HandoverState.OPEN, HandoverState.REFUSED})


def handover_public(
    session: Session, caller: Caller, keyring: Keyring, row: Handover, present: Presenter
) -> HandoverPublic:
    """The hand-over as this account may know it.

    Who asks is told what was written there, and not whom or where it found; who has the record is told who asks for
    whom and why, and not what was written.
    """
    gives, asks = _sides(caller, row)
    worker = session.get(Worker, row.worker_id)
    if worker is not None and worker.merged_into is not None:
        worker = session.get(Worker, worker.merged_into)
    claimed = None
    if asks:
        try:
            told = claim_of(keyring, row)
            claimed = Claimed(name=told.name, region=present.known_place(told.region))
        except Unsealable:
            claimed = None
    return HandoverPublic(
        id=row.identity,
        version=row.version,
        state=row.state,
        from_region=present.known_place(row.from_region) if gives else None,
        to_region=present.known_place(row.to_region),
        worker=present.workers([worker])[0] if worker is not None else None,
        claimed=claimed,
        reason=row.reason,
        answer=row.answer,
        may=_may(caller, row),
        created_at=row.created_at,
        settled_at=row.settled_at,
    )


def settle_handover(
    session: Session, keyring: Keyring, row: Handover, outcome: HandoverState, words: str
) -> Handover:
    """Answer, decide or withdraw.

    Raises
    ------
    Problem
        409 when it was settled before, or it is not this account's to say.
    """
    handover_id, to_region, from_region = row.identity, row.to_region, row.from_region
    worker_id = row.worker_id
    # Afterwards the key may not be seen any more.
    keys = person_keys(session, keyring, _people(session, row))
    try:
        moved = settle(session, keyring, row, outcome, words)
    except NotOpen as error:
        raise conflict(
            "handover-settled",
            "这次移交不能这样办理",
            "可能已经答复、撤回或裁定，或不由您的单位办理。请刷新后再看。",
        ) from error
    except Unsealable as error:
        raise conflict("restricted", "信息已删除", "对方登记的内容已按规定删除，不能移交。") from error
    if moved is not None:
        actor: Actor = session.info.get("actor", Actor())
        told = change_rows(keys, [moved], account_id=actor.account_id, request_id=actor.request_id)
        insert_rows(session.connection(), "audit_event", told)
    # Both counties' records of changes tell of it.
    for region in dict.fromkeys((from_region, to_region)):
        record(
            session,
            outcome.value,
            "handover",
            handover_id,
            region=region,
            change={"worker": worker_id, "to_region": to_region},
        )
    return handover_or_404(session, handover_id)


def _people(session: Session, row: Handover) -> list[int]:
    """The person of the hand-over, and whose record theirs went up in."""
    worker = session.get(Worker, row.worker_id)
    return [number for number in (row.worker_id, worker.merged_into if worker else None) if number]


def note_opened(session: Session, row: Handover) -> None:
    """The record of changes of who asks."""
    record(session, "open", "handover", row.identity, region=row.to_region)


def handover_or_404(session: Session, handover_id: int) -> Handover:
    """The hand-over, if it concerns the account.

    Raises
    ------
    Problem
        404 otherwise.
    """
    query = select(Handover).where(Handover.id == handover_id).execution_options(populate_existing=True)
    row = session.exec(query).first()
    if row is None:
        raise not_found("这次移交")
    return row


def _sides(caller: Caller, row: Handover) -> tuple[bool, bool]:
    """Whether the account is of those who have the record, and of those who ask."""
    return (
        caller.governs(row.from_region),
        caller.governs(row.to_region) or row.account_id == caller.account_id,
    )


def _may(caller: Caller, row: Handover) -> list[str]:
    if not caller.may(Action.DECIDE_IDENTITY):
        return []
    gives, asks = _sides(caller, row)
    if gives and caller.governs(row.to_region):
        return ["decide"] if row.state in _STILL_TO_DECIDE else []
    if row.state is not HandoverState.OPEN:
        return []
    return ["agree", "refuse"] if gives else ["withdraw"] if asks else []
