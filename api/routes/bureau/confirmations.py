"""/v1/confirmations: which spells wait to be looked at from which side, and what each side found."""

from typing import Annotated

from fastapi import Depends, Query

from api.confirmations_shown import confirmations_public, waiting_public
from api.confirming import confirm, is_theirs, looked_after, side_told, sides_of
from api.deps import Caller, KeyringDep, RowId, SessionDep, SettingsDep, TodayDep, allowed
from api.errors import PROBLEMS, not_found
from api.idempotency import OnceDep
from api.laying import bureau_router
from api.paging import Page, after_cursor
from api.presenting import PresenterDep
from api.rights import Action
from api.routes.bureau.follow_ups import Cursor, Limit, part
from api.routes.bureau.spells import spell_or_404
from api.schemas.base import RegionCode
from api.schemas.confirmation import ConfirmationCreate, ConfirmationPublic, WaitingSpellPublic
from models.confirmation import ConfirmingSide
from outcomes.confirming import confirmations, waiting

router = bureau_router(tag="confirmation", responses=PROBLEMS)
Confirmer = Annotated[Caller, Depends(allowed(Action.CONFIRM))]


@router.get("/confirmations", operation_id="list_waiting_spells")
def list_waiting_spells(
    session: SessionDep,
    caller: Confirmer,
    today: TodayDep,
    settings: SettingsDep,
    present: PresenterDep,
    side: Annotated[ConfirmingSide | None, Query(description="从哪一方看，只有一方的账号可以不填")] = None,
    region: Annotated[RegionCode | None, Query(description="任何一级，默认为我的全部地区")] = None,
    differs: Annotated[bool, Query(description="只列核实结果与记录不一致的")] = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[WaitingSpellPublic]:
    """Spells that wait to be looked at: first where a side found otherwise than the record says, then whom nobody has
    seen for longest."""
    chosen, after = side_told(caller, side), after_cursor(cursor)
    whose = looked_after(session, caller, chosen, today)
    if region is not None:
        whose = [smaller for each in whose if (smaller := each.within(region, chosen)) is not None]
    found = waiting(session, chosen, whose, today, settings.confirm_every_days, differing=differs)
    shown, following = part(found, [each.spell.identity for each in found], after, limit)
    items = waiting_public(session, present, shown, chosen)
    return Page(items=items, next_cursor=following, total=len(found))


@router.get("/spells/{spell_id}/confirmations", operation_id="list_spell_confirmations")
def list_spell_confirmations(
    spell_id: RowId, session: SessionDep, caller: Confirmer, today: TodayDep
) -> list[ConfirmationPublic]:
    """What each side found of a spell, in the order of the days: to those alone who look after it from one of them."""
    row = spell_or_404(session, spell_id)
    if not any(is_theirs(session, caller, side, row, today) for side in sides_of(caller)):
        raise not_found("这条务工记录")
    return confirmations_public(session, row, confirmations(session, [row.identity]).get(row.identity, []))


@router.post("/spells/{spell_id}/confirm", status_code=201, operation_id="confirm_spell")
def confirm_spell(
    spell_id: RowId,
    body: ConfirmationCreate,
    session: SessionDep,
    caller: Confirmer,
    today: TodayDep,
    keyring: KeyringDep,
    once: OnceDep,
) -> ConfirmationPublic:
    """Tell what my side found. The record stays as it is: where the two differ it is shown to both."""
    row = spell_or_404(session, spell_id)
    kept = confirm(session, keyring, caller, row, body, today=today)
    return once.keep(confirmations_public(session, row, [kept])[0], told_of=[row.worker_id])
