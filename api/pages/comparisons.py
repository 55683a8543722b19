"""两本账对账: lists that were compared, what was found, each row answered where it stands, payments kept as evidence."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Header, Query, Response
from fastapi.responses import HTMLResponse

from api.compared import comparison_or_404, rows_public
from api.deps import RowId
from api.errors import Problem, invalid
from api.pages.desk import Desk, desk_for, to
from api.pages.routing import PageRoute
from api.paging import Paging
from api.rights import Action
from api.routes.bureau import comparisons as door
from api.schemas.comparison import (
    ComparisonCreate,
    ComparisonPublic,
    ComparisonRowPublic,
    EvidencePlan,
    EvidenceTold,
    SettleManyTold,
    SettleTold,
)
from api.taking import FINAL
from models.intake import ComparisonRow, ImportKind, Settlement, Standing
from models.job import UNFINISHED
from models.spell import EvidenceGrade

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Reader = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER))]
Writer = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER, Action.WRITE_LEDGER))]
Importer = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER, Action.IMPORT))]
Typed = Annotated[str, Form(max_length=2000)]
ByScript = Annotated[str, Header(alias="HX-Request", max_length=10)]
_SHOWN = 30


@router.get("/comparisons")
def show_comparisons(
    desk: Reader, cursor: Annotated[str | None, Query(max_length=500)] = None
) -> HTMLResponse:
    """The lists that came in to be compared."""
    found = door.list_comparisons(desk.session, desk.caller, Paging(20, cursor, None), desk.present)
    return desk.show("comparisons.html", found=found, first_page=cursor is None)


@router.post("/comparisons")
def begin(desk: Importer, import_id: Annotated[int, Form(ge=1, lt=2**63)]) -> Response:
    """Compare a list, now or again."""
    body = ComparisonCreate(import_id=import_id)
    problem = desk.attempt(
        lambda: door.create_comparison(body, desk.session, desk.caller, desk.once, desk.present)
    )
    if problem is not None:
        return _page(desk, import_id, problem=problem)
    return to(f"/comparisons/{import_id}")


@router.get("/comparisons/{import_id}")
def show_comparison(
    desk: Reader,
    import_id: RowId,
    standing: Annotated[Standing | None, Query()] = None,
    field: Annotated[str, Query(max_length=40)] = "",
    settled: bool = False,
    grade: Annotated[EvidenceGrade | None, Query()] = None,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> HTMLResponse:
    """One comparison; with a grade, what its payments would prove."""
    return _page(desk, import_id, standing=standing, field=field, settled=settled, grade=grade, cursor=cursor)


@router.get("/comparisons/{import_id}/progress")
def show_progress(desk: Reader, import_id: RowId) -> HTMLResponse:
    """How far the work is; when it is done the whole page is asked for again."""
    row = door.read_comparison(import_id, desk.session, desk.caller, desk.present)
    answer = desk.show("_comparison_progress.html", row=row)
    if not _going_on(row):
        answer.headers["HX-Refresh"] = "true"
    return answer


@router.post("/comparisons/{import_id}/rows/{row_id}/settle")
def settle_row(
    desk: Writer,
    import_id: RowId,
    row_id: RowId,
    how: Typed = "",
    field: Typed = "",
    note: Typed = "",
    hx: ByScript = "",
) -> Response:
    """Answer one row, or one field of it."""

    def command() -> None:
        body = SettleTold(how=_how(how), fields=[field] if field else None, note=note)
        given = (desk.session, desk.caller, desk.keyring, desk.settings, desk.once)
        door.settle_comparison_row(import_id, row_id, body, *given)

    return _after(desk, import_id, row_id, desk.attempt(command), note=note, hx=hx)


@router.post("/comparisons/{import_id}/rows/{row_id}/reopen")
def reopen_row(desk: Writer, import_id: RowId, row_id: RowId, hx: ByScript = "") -> Response:
    """Take an answer back."""
    given = (desk.session, desk.caller, desk.keyring, desk.settings, desk.once)
    problem = desk.attempt(lambda: door.reopen_comparison_row(import_id, row_id, *given))
    return _after(desk, import_id, row_id, problem, hx=hx)


@router.post("/comparisons/{import_id}/settle")
def settle_many(
    desk: Writer, import_id: RowId, standing: Typed = "", how: Typed = "", field: Typed = "", note: Typed = ""
) -> Response:
    """One answer for many rows."""

    def command() -> None:
        chosen = Standing.read(standing) if standing in set(Standing) else None
        if chosen is None:
            raise invalid("standing", "missing", "请先选择是哪一类。")
        body = SettleManyTold(standing=chosen, how=_how(how), field=field or None, note=note)
        given = (desk.session, desk.caller, desk.keyring, desk.once, desk.present)
        door.settle_comparison(import_id, body, *given)

    return _whole(desk, import_id, command, standing=standing)


@router.post("/comparisons/{import_id}/evidence")
def keep_evidence(desk: Writer, import_id: RowId, grade: Typed = "") -> Response:
    """Let the payments be evidence."""
    body = _grade(grade)
    return _whole(
        desk,
        import_id,
        lambda: door.create_comparison_evidence(
            import_id, body, desk.session, desk.caller, desk.once, desk.present
        ),
    )


@router.post("/comparisons/{import_id}/evidence/undo")
def undo_evidence(desk: Writer, import_id: RowId) -> Response:
    """Take the list's evidence back."""
    given = (desk.session, desk.caller, desk.keyring, desk.once)
    return _whole(desk, import_id, lambda: door.undo_comparison_evidence(import_id, *given))


def _how(text: str) -> Settlement:
    try:
        return Settlement.read(text)
    except ValueError:
        raise invalid("how", "missing", "请选择怎么处理。") from None


def _grade(text: str) -> EvidenceTold:
    return EvidenceTold(grade=EvidenceGrade.read(text) if text in set(EvidenceGrade) else None)


def _going_on(row: ComparisonPublic) -> bool:
    return row.job is not None and row.job.state in UNFINISHED


def _whole(desk: Desk, import_id: int, command: Callable[[], object], *, standing: str = "") -> Response:
    problem = desk.attempt(command)
    if problem is not None:
        return _page(desk, import_id, problem=problem)
    return to(f"/comparisons/{import_id}?done=kept" + (f"&standing={standing}" if standing else ""))


def _after(
    desk: Desk, import_id: int, row_id: int, problem: Problem | None, *, note: str = "", hx: str = ""
) -> Response:
    """The row as it is now in the place of what it was; without scripts the page again."""
    if not hx:
        if problem is not None:
            return _page(desk, import_id, problem=problem)
        return to(f"/comparisons/{import_id}?done=kept")
    row = comparison_or_404(desk.session, import_id)
    one = desk.session.get(ComparisonRow, row_id)
    if one is None or one.import_id != import_id:
        return desk.show(
            "problem.html", problem=problem or invalid("row", "gone", "这一行已不在，请刷新页面。")
        )
    desk.session.refresh(one)
    [item] = rows_public(desk.session, desk.keyring, row, [one])
    # The browser only puts an answer into the page that is no error; what went wrong is said in the row.
    return desk.show(
        "_comparison_row.html",
        row=door.read_comparison(import_id, desk.session, desk.caller, desk.present),
        item=item,
        told=problem,
        note=note,
        alone=True,
    )


def _page(
    desk: Desk,
    import_id: int,
    *,
    standing: Standing | None = None,
    field: str = "",
    settled: bool = False,
    grade: EvidenceGrade | None = None,
    cursor: str | None = None,
    problem: Problem | None = None,
) -> HTMLResponse:
    row = door.read_comparison(import_id, desk.session, desk.caller, desk.present)
    going_on = _going_on(row)
    if standing is None:
        # What has to be answered first is shown first.
        waiting = [each.standing for each in row.standings if each.open]
        standing = next((each for each in (Standing.DIFFERS, *waiting) if each in waiting), Standing.DIFFERS)
    rows: list[ComparisonRowPublic] = []
    next_cursor, total = None, 0
    if row.theirs is not None and not going_on:
        listed = partial(door.list_comparison_rows, import_id, desk.session, desk.caller, desk.keyring)
        found = listed(Paging(_SHOWN, cursor, None), standing, field or None, None if settled else False)
        rows, next_cursor, total = found.items, found.next_cursor, found.total or 0
    plan: EvidencePlan | None = None
    if grade is not None and row.proves and problem is None and not going_on:
        plan = door.preview_comparison_evidence(
            import_id, EvidenceTold(grade=grade), desk.session, desk.caller, desk.keyring, desk.settings
        )
    told: dict[str, Any] = {
        "row": row,
        "going_on": going_on,
        "chosen": standing,
        "field": field,
        "settled": settled,
        "rows": rows,
        "next_cursor": next_cursor,
        "total": total,
        "plan": plan,
        "grades": _grades(row),
        "first_page": cursor is None,
    }
    return desk.show("comparison.html", problem=problem, final_fields=FINAL, **told)


def _grades(row: ComparisonPublic) -> list[tuple[EvidenceGrade, str]]:
    """Of which grade the list may be, as the clerk is asked."""
    if row.kind is ImportKind.SOCIAL_INSURANCE:
        return [(EvidenceGrade.A, "社保缴费记录")]
    if row.kind is ImportKind.STAFF:
        return [(EvidenceGrade.B, "盖了公章的在岗花名册"), (EvidenceGrade.C, "单位证明所附的名单")]
    return [
        (EvidenceGrade.B, "单位发的工资表，或银行、微信、支付宝的工资流水"),
        (EvidenceGrade.A, "银行代发的工资流水"),
    ]
