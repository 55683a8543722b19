"""变更记录: who changed what of a person's record, from which file, before and after; and the record of any day."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse

from api.changes_shown import Words, field_label
from api.deps import RowId
from api.errors import Problem
from api.pages.desk import Desk, desk_for
from api.pages.routing import PageRoute
from api.pages.typed import a_day
from api.paging import Paging
from api.rights import Action
from api.routes.bureau.history import page_of_changes
from api.routes.bureau.workers import worker_or_404
from ledger.chronicle import history_of
from ledger.past import Past, worker_as_of

router = APIRouter(route_class=PageRoute)
Reader = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER))]

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
    worker = worker_or_404(desk.session, worker_id)
    keyring = desk.request.app.state.keyring
    problem: Problem | None = None
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
    )


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
