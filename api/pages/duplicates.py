"""疑似重复: what needs a human now, both records side by side, and the way back."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Response
from fastapi.responses import HTMLResponse

from api.deps import RowId
from api.errors import Problem, invalid
from api.identity.duplicates import duplicate_detail
from api.identity.merges import undo_merge
from api.jobs.asking import job_or_404
from api.pages.desk import Desk, desk_for, to
from api.pages.identity import waiting
from api.pages.routing import PageRoute
from api.pages.worker_page import worker_page
from api.paging import Paging
from api.rights import Action
from api.routes.bureau import duplicates as door
from api.routes.bureau.merges import merge_or_404
from api.schemas.identity import DuplicateDecision, DuplicateSearch
from api.schemas.job import public_job
from models.identity import Verdict
from models.job import UNFINISHED

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Reader = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER))]
Decider = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER, Action.DECIDE_IDENTITY))]
_NEXT = Paging(1, None, None)


@router.get("/duplicates")
def show_duplicates(
    desk: Reader,
    decided: bool = False,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
    job: Annotated[int | None, Query(ge=1, lt=2**63)] = None,
    import_id: Annotated[int | None, Query(ge=1, lt=2**63)] = None,
) -> HTMLResponse:
    """The pairs that wait, or those that were decided."""
    found = door.list_duplicates(
        desk.session,
        desk.caller,
        Paging(50, cursor, None),
        desk.present,
        decided=decided,
        import_id=import_id,
    )
    search = public_job(job_or_404(desk.session, job)) if job is not None else None
    return desk.show(
        "duplicates.html",
        found=found,
        decided=decided,
        first_page=cursor is None,
        waiting=waiting(desk),
        job=search if search is not None and search.state in UNFINISHED else None,
        regions=[desk.present.known_place(code) for code in desk.caller.regions],
    )


@router.get("/duplicates/progress/{job_id}")
def show_progress(desk: Reader, job_id: RowId) -> HTMLResponse:
    """How far a search is; at its end the list itself is loaded."""
    job = public_job(job_or_404(desk.session, job_id))
    answer = desk.show("_duplicates_progress.html", job=job)
    if job.state not in UNFINISHED:
        answer.headers["HX-Redirect"] = "/duplicates?done=searched"
    return answer


@router.post("/duplicates/search")
def search(desk: Decider, region: Annotated[str, Form(pattern=r"^\d{0,12}$")] = "") -> Response:
    """Look through a region."""
    asked = DuplicateSearch(region=region or None)
    job = door.search_duplicates(asked, desk.session, desk.caller, desk.once)
    return to(f"/duplicates?job={job.id}")


@router.get("/duplicates/{duplicate_id}")
def show_duplicate(desk: Reader, duplicate_id: RowId) -> HTMLResponse:
    """Both side by side."""
    return _page(desk, duplicate_id)


@router.post("/duplicates/{duplicate_id}/decide")
def decide(
    desk: Decider,
    duplicate_id: RowId,
    choice: Annotated[str, Form(max_length=20)] = "",
    note: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Say what the two are."""
    row = door.duplicate_or_404(desk.session, duplicate_id)
    said = {
        "left": (Verdict.SAME, row.worker_id),
        "right": (Verdict.SAME, row.other_id),
        "different": (Verdict.DIFFERENT, None),
    }
    if choice not in said:
        unsaid = invalid("verdict", "missing", "请选择是不是同一人。")
        return _page(desk, duplicate_id, problem=unsaid, kept={"note": note})
    verdict, keep = said[choice]
    body = DuplicateDecision(verdict=verdict, keep=keep, note=note)
    given = (desk.session, desk.caller, desk.once, desk.keyring, desk.settings, desk.today, desk.present)
    problem = desk.attempt(lambda: door.decide_duplicate(duplicate_id, body, *given))
    if problem is not None:
        return _page(desk, duplicate_id, problem=problem, kept={"note": note})
    done = "told-apart" if verdict is Verdict.DIFFERENT else "merged" if row.other_id else "line-merged"
    return to(f"/duplicates/{duplicate_id}?done={done}")


@router.post("/duplicates/{duplicate_id}/reopen")
def reopen(desk: Decider, duplicate_id: RowId) -> Response:
    """Judge it again; where the line became a second person, on the page of both records."""
    waiting: list[int] = []
    problem = desk.attempt(
        lambda: waiting.append(
            door.reopen_duplicate(duplicate_id, desk.session, desk.caller, desk.once, desk.present).id
        )
    )
    if problem is not None:
        return _page(desk, duplicate_id, problem=problem)
    return to(f"/duplicates/{waiting[0]}?done=reopened")


@router.post("/merges/{merge_id}/undo")
def undo(desk: Decider, merge_id: RowId) -> Response:
    """Let both records be as they were; back on the page of the one that stayed."""
    row = merge_or_404(desk.session, merge_id)
    kept_id = row.kept_id
    problem = desk.attempt(
        lambda: undo_merge(desk.session, desk.keyring, row, account_id=desk.caller.account_id)
    )
    if problem is not None:
        return worker_page(desk, kept_id, problem=problem)
    return to(f"/workers/{kept_id}?done=unmerged")


def _page(
    desk: Desk, duplicate_id: int, *, problem: Problem | None = None, kept: dict[str, str] | None = None
) -> HTMLResponse:
    row = door.duplicate_or_404(desk.session, duplicate_id)
    pair = duplicate_detail(desk.session, desk.keyring, row, desk.present)
    others = door.list_duplicates(desk.session, desk.caller, _NEXT, desk.present, decided=False)
    return desk.show(
        "duplicate.html",
        problem=problem,
        pair=pair,
        kept=kept or {},
        further=next((item.id for item in others.items if item.id != duplicate_id), None),
        left=others.total or 0,
    )
