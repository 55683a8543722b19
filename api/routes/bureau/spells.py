"""/v1/spells: the accepted stretches of work."""

from typing import Annotated

from fastapi import Depends, Query, Response
from sqlmodel import Session, col, select

from api.deps import Caller, KeyringDep, RowId, SessionDep, TodayDep, allowed
from api.errors import PROBLEMS, Problem, not_found
from api.idempotency import OnceDep
from api.laying import bureau_router
from api.offering_again import offer_again
from api.paging import Page, PagingDep, page_of
from api.placing import correct, end, void
from api.presenting import PresenterDep
from api.rights import Action
from api.schemas.base import RowNumber
from api.schemas.placement import SpellCorrection, SpellEnd, SpellPublic, SpellVoid
from api.versions import etag
from ledger.in_use import in_use
from models.spell import EmploymentSpell

router = bureau_router("/spells", tag="spell", responses=PROBLEMS)
Reader = Annotated[Caller, Depends(allowed(Action.READ_LEDGER))]
Placer = Annotated[Caller, Depends(allowed(Action.PLACE))]


@router.get("", operation_id="list_spells")
def list_spells(
    session: SessionDep,
    _: Reader,
    paging: PagingDep,
    present: PresenterDep,
    worker_id: Annotated[RowNumber | None, Query()] = None,
    employer_id: Annotated[RowNumber | None, Query()] = None,
) -> Page[SpellPublic]:
    """Spells in force, newest first."""
    query = select(EmploymentSpell).where(col(EmploymentSpell.superseded_at).is_(None))
    # Asked for by number it is the person's own file.
    mine = in_use(EmploymentSpell.worker_id) if worker_id is None else EmploymentSpell.worker_id == worker_id
    query = query.where(mine)
    if employer_id:
        query = query.where(EmploymentSpell.employer_id == employer_id)
    rows, cursor, total = page_of(
        session,
        query,
        paging,
        number=col(EmploymentSpell.id),
        sorts={"started_on": col(EmploymentSpell.started_on)},
        default="-started_on",
    )
    return Page(items=present.spells(rows), next_cursor=cursor, total=total)


@router.get("/{spell_id}", operation_id="read_spell")
def read_spell(
    spell_id: RowId, session: SessionDep, _: Reader, present: PresenterDep, response: Response
) -> SpellPublic:
    """One spell."""
    row = spell_or_404(session, spell_id)
    response.headers.update(etag(row))
    return present.spells([row])[0]


@router.post("/{spell_id}/end", operation_id="end_spell")
def end_spell(
    spell_id: RowId,
    body: SpellEnd,
    session: SessionDep,
    caller: Placer,
    today: TodayDep,
    keyring: KeyringDep,
    once: OnceDep,
    present: PresenterDep,
) -> SpellPublic:
    """The person left: the last day worked, and why. Where evidence says otherwise it is asked once (409)."""
    row = of_my_people(session, caller, spell_id)
    end(
        session, keyring, row,
        ended_on=body.ended_on, reason=body.leave_reason, against=body, today=today,
    )  # fmt: skip
    offer_again(session, caller, worker_id=row.worker_id)
    return once.keep(present.spells([row])[0], status=200, worker_id=row.worker_id)


@router.post("/{spell_id}/void", operation_id="void_spell")
def void_spell(
    spell_id: RowId,
    body: SpellVoid,
    session: SessionDep,
    caller: Placer,
    today: TodayDep,
    keyring: KeyringDep,
    once: OnceDep,
    present: PresenterDep,
) -> SpellPublic:
    """The work never was: the record goes out of force, the seat is free, the application withdrawn."""
    row = of_my_people(session, caller, spell_id)
    void(session, keyring, row, reason=body.reason, today=today, account_id=caller.account_id)
    return once.keep(present.spells([row])[0], status=200, worker_id=row.worker_id)


@router.post("/{spell_id}/correct", operation_id="correct_spell")
def correct_spell(
    spell_id: RowId,
    body: SpellCorrection,
    session: SessionDep,
    caller: Placer,
    today: TodayDep,
    keyring: KeyringDep,
    once: OnceDep,
    present: PresenterDep,
) -> SpellPublic:
    """Other days: answers the new record that stands in the place of the old one. Where evidence says otherwise it is
    asked once (409)."""
    row = of_my_people(session, caller, spell_id)
    fresh = correct(
        session,
        keyring,
        row,
        started_on=body.started_on or row.started_on,
        ended_on=body.ended_on if "ended_on" in body.model_fields_set else row.ended_on,
        reason=body.reason,
        against=body,
        today=today,
        account_id=caller.account_id,
    )
    return once.keep(present.spells([fresh])[0], status=200, worker_id=fresh.worker_id)


def of_my_people(session: Session, caller: Caller, spell_id: int) -> EmploymentSpell:
    row = spell_or_404(session, spell_id)
    if not caller.governs(row.origin_region):
        raise Problem(
            403,
            "not-the-origin",
            "务工记录由户籍地办理",
            "结束、撤销和更正务工记录由户籍地办理，请联系对方。",
        )
    return row


def spell_or_404(session: Session, spell_id: int) -> EmploymentSpell:
    """The spell, where the caller may see it."""
    row = session.get(EmploymentSpell, spell_id)
    if row is None:
        raise not_found("这条务工记录")
    return row
