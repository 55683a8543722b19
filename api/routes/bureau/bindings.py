"""/v1/bindings: who asks by WeChat to speak for a person of the ledger, and who does."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Depends, Query
from sqlmodel import Session, col, select

from api.accounts import account_names
from api.deps import Caller, KeyringDep, RowId, SessionDep, TodayDep, allowed
from api.errors import PROBLEMS, not_found
from api.idempotency import OnceDep
from api.laying import bureau_router
from api.miniprogram.binding import decide_binding, end_binding
from api.miniprogram.identity import telephones_asking
from api.paging import Page, PagingDep, page_of
from api.presenting import Presenter, PresenterDep
from api.rights import Action
from api.schemas.miniprogram import BindingAsked, BindingDecision
from ledger.people import mask_phone
from models.sealing import Keyring
from models.wechat import BindingState, WorkerBinding
from models.worker import Worker

router = bureau_router("/bindings", tag="consent", responses=PROBLEMS)
Reader = Annotated[Caller, Depends(allowed(Action.READ_LEDGER))]
Writer = Annotated[Caller, Depends(allowed(Action.WRITE_LEDGER))]


@router.get("", operation_id="list_bindings")
def list_bindings(
    session: SessionDep,
    _: Reader,
    paging: PagingDep,
    keyring: KeyringDep,
    present: PresenterDep,
    state: Annotated[BindingState | None, Query()] = BindingState.WAITING,
) -> Page[BindingAsked]:
    """Who asks to speak for my people, or does; who has waited longest first."""
    query = select(WorkerBinding).join(Worker, col(Worker.id) == col(WorkerBinding.worker_id))
    if state is not None:
        query = query.where(WorkerBinding.state == state)
    rows, cursor, total = page_of(
        session, query, paging, number=col(WorkerBinding.id), sorts={}, default="id"
    )
    return Page(items=bindings_asked(session, keyring, present, rows), next_cursor=cursor, total=total)


@router.post("/{binding_id}/decide", operation_id="decide_binding")
def decide(
    binding_id: RowId,
    body: BindingDecision,
    session: SessionDep,
    _: Writer,
    today: TodayDep,
    once: OnceDep,
    keyring: KeyringDep,
    present: PresenterDep,
) -> BindingAsked:
    """A human has looked: the person speaks by WeChat from now on, or not."""
    row, home = _or_404(session, binding_id)
    decide_binding(session, binding_id, row.worker_id, home, agreed=body.agreed, today=today)
    return _answer(session, keyring, present, once, binding_id)


@router.post("/{binding_id}/end", operation_id="end_binding")
def end(
    binding_id: RowId,
    session: SessionDep,
    _: Writer,
    today: TodayDep,
    once: OnceDep,
    keyring: KeyringDep,
    present: PresenterDep,
) -> BindingAsked:
    """A telephone was lost or sold, or somebody should not have been let in: it speaks for the person no more."""
    row, _home = _or_404(session, binding_id)
    end_binding(session, binding_id, today=today, worker_id=row.worker_id)
    return _answer(session, keyring, present, once, binding_id)


def bindings_asked(
    session: Session, keyring: Keyring, present: Presenter, rows: Sequence[WorkerBinding]
) -> list[BindingAsked]:
    """Bindings with whose they are."""
    people = session.exec(select(Worker).where(col(Worker.id).in_({row.worker_id for row in rows}))).all()
    of_id = {person.identity: person for person in people}
    names = account_names(session, [row.decided_by for row in rows])
    telephones = telephones_asking(session, keyring, [row.identity for row in rows])
    return [
        BindingAsked(
            id=row.identity,
            worker_id=row.worker_id,
            name=of_id[row.worker_id].name,
            region=present.known_place(of_id[row.worker_id].region),
            speaker=row.speaker,
            state=row.state,
            proof=row.proof,
            telephone=mask_phone(told) if (told := telephones.get(row.identity)) else None,
            asked_on=row.asked_on,
            decided_on=row.decided_on,
            decided_by=names.get(row.decided_by or 0),
            ended_on=row.ended_on,
            is_demo=row.is_demo,
        )
        for row in rows
    ]


def _answer(
    session: Session, keyring: Keyring, present: Presenter, once: OnceDep, binding_id: int
) -> BindingAsked:
    row, _ = _or_404(session, binding_id)
    return once.keep(bindings_asked(session, keyring, present, [row])[0], status=200, worker_id=row.worker_id)


def _or_404(session: Session, binding_id: int) -> tuple[WorkerBinding, str]:
    row = session.get(WorkerBinding, binding_id)
    person = session.get(Worker, row.worker_id) if row is not None else None
    if row is None or person is None:
        raise not_found("这条绑定申请")
    return row, person.region
