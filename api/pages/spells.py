"""离岗: somebody's last day at work."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response

from api.deps import RowId
from api.pages.desk import Desk, desk_for, to
from api.pages.routing import PageRoute
from api.pages.typed import a_day, a_reason, read_form
from api.pages.worker_page import worker_page
from api.rights import Action
from api.routes.bureau import spells as door
from api.schemas.placement import SpellEnd

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.post("/spells/{spell_id}/end")
def end_spell(
    desk: Annotated[Desk, Depends(desk_for(Action.READ_LEDGER, Action.PLACE))],
    spell_id: RowId,
    ended_on: Annotated[str, Form(max_length=10)] = "",
    reason: Annotated[str, Form(max_length=20)] = "",
    against_evidence: Annotated[str, Form(max_length=5)] = "",
    against_because: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """The last day, and why the person left; against evidence only where that was ticked."""
    spell = door.read_spell(spell_id, desk.session, desk.caller, desk.present, Response())

    def command() -> None:
        told = {
            "ended_on": a_day("ended_on", ended_on, "请填写最后一天上班的日期。"),
            "leave_reason": a_reason(reason),
            "against_evidence": against_evidence == "true",
            "against_because": against_because or None,
        }
        door.end_spell(
            spell_id, read_form(SpellEnd, told), desk.session, desk.caller, desk.today, desk.keyring, desk.once,
            desk.present,
        )  # fmt: skip

    problem = desk.attempt(command)
    if problem is None:
        return to(f"/workers/{spell.worker_id}?done=ended")
    kept = {
        "spell_id": spell_id, "ended_on": ended_on, "reason": reason,
        "against_evidence": against_evidence, "against_because": against_because,
    }  # fmt: skip
    return worker_page(desk, spell.worker_id, problem=problem, kept=kept)
