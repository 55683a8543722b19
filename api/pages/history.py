"""变更记录: who changed what of a person's record, from which file, before and after; and the record of any day."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import HTMLResponse

from api.changed_words import field_label
from api.changes_shown import Words
from api.deps import RowId
from api.errors import Problem
from api.evidence_shown import evidence_public
from api.pages.desk import Desk, desk_for, to
from api.pages.routing import PageRoute
from api.pages.typed import a_day
from api.paging import Paging
from api.rights import Action
from api.routes.bureau import evidence
from api.routes.bureau.history import page_of_changes
from api.routes.bureau.spells import read_spell
from api.routes.bureau.workers import worker_or_404
from api.schemas.placement import EvidencePublic
from api.withdrawing import withdrawn_of
from ledger.chronicle import history_of
from ledger.past import Past, worker_as_of

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Reader = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER))]
Writer = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER, Action.WRITE_LEDGER))]

_SHOWN = (
    "name", "id_number", "phone", "sex", "birth_date", "ethnicity", "political_status", "education", "at_school",
    "health", "labour_capability", "disability_grade", "speaks_mandarin", "region", "village", "household_id",
    "relation_to_head", "experience_months",
)  # fmt: skip


@router.get("/workers/{worker_id}/history")
def show_history(
    desk: Reader,
    worker_id: RowId,
    on: Annotated[str, Query(max_length=10)] = "",
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> HTMLResponse:
    """The changes, newest first; with a day, the record as it was at its end."""
    return _page(desk, worker_id, on=on, cursor=cursor)


@router.post("/spells/{spell_id}/evidence/{evidence_id}/restore")
def restore_evidence(desk: Writer, spell_id: RowId, evidence_id: RowId) -> Response:
    """Let evidence that was withdrawn prove again."""
    worker_id = read_spell(spell_id, desk.session, desk.caller, desk.present, Response()).worker_id
    problem = desk.attempt(
        lambda: evidence.restore_evidence(
            spell_id, evidence_id, desk.session, desk.caller, desk.keyring, desk.once
        )
    )
    if problem is None:
        return to(f"/workers/{worker_id}/timeline?done=evidence-restored#spell-{spell_id}")
    return _page(desk, worker_id, problem=problem)


def _page(
    desk: Desk, worker_id: int, *, on: str = "", cursor: str | None = None, problem: Problem | None = None
) -> HTMLResponse:
    worker = worker_or_404(desk.session, worker_id)
    keyring = desk.request.app.state.keyring
    past: Past | None = None
    if on:
        try:
            past = worker_as_of(
                desk.session, keyring, worker_id, a_day("on", on, "请选择日期，如2021-09-20。")
            )
        except Problem as wrong:
            problem = wrong
    changes = page_of_changes(
        desk.session,
        history_of(desk.session, keyring, worker_id),
        Paging(50, cursor, None),
        desk.present,
    )
    return desk.show(
        "history.html",
        problem=problem,
        worker=worker,
        changes=changes,
        first_page=cursor is None,
        on=on,
        past=past,
        facts=_facts(desk, past) if past else [],
        spells=_spells(desk, past) if past else [],
        withdrawn=_withdrawn(desk, worker_id),
    )


def _withdrawn(desk: Desk, worker_id: int) -> list[tuple[int, EvidencePublic]]:
    """Evidence that proves nothing any more, each with its spell."""
    rows = withdrawn_of(desk.session, worker_id)
    shown = evidence_public(desk.session, desk.request.app.state.keyring, rows)
    return [(row.spell_id, each) for row, each in zip(rows, shown, strict=True)]


def _facts(desk: Desk, past: Past) -> list[tuple[str, Any]]:
    words = Words(desk.session, [past.worker], desk.present)
    return [
        (field_label("worker", name), words.of("worker", name, past.worker[name]))
        for name in _SHOWN
        if past.worker.get(name) not in (None, "", [])
    ]


def _spells(desk: Desk, past: Past) -> list[dict[str, Any]]:
    words = Words(desk.session, past.spells, desk.present)
    return [
        {name: words.of("employment_spell", name, value) for name, value in spell.items()}
        for spell in sorted(past.spells, key=lambda each: str(each["started_on"]), reverse=True)
        if spell.get("superseded_at") is None
    ]
