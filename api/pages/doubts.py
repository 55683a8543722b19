"""疑点: how many are left, one township's person by person, what was filled in alike, who should be served."""

from dataclasses import dataclass
from itertools import groupby
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Header, Query, Response
from fastapi.responses import HTMLResponse
from pydantic import ValidationError
from sqlmodel import col, select

from api.deps import RowId
from api.doubts.checking import KIND
from api.errors import Problem, invalid
from api.jobs.asking import job_or_404
from api.pages.desk import Desk, desk_for, local, to
from api.pages.doubts_tallied import tallied
from api.pages.naming import chosen_village, regions_below, villages_to_choose
from api.pages.routing import PageRoute
from api.pages.typed import read_form, refused
from api.paging import Page, Paging
from api.rights import Action
from api.routes.bureau import doubts as door
from api.schemas.base import Place
from api.schemas.doubt import DoubtCheck, DoubtExplain, DoubtPublic, DoubtsExplain, Every
from api.schemas.job import JobPublic, public_job
from ledger.doubts.every import EVERY_RULE
from ledger.doubts.lists import identical_rows
from ledger.doubts.rule import Severity
from models.doubt import DoubtState
from models.job import UNFINISHED, Job

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Reader = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER))]
Mender = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER, Action.MEND_DOUBTS))]
Region = Annotated[str, Query(pattern=r"^\d{0,12}$")]
Village = Annotated[str, Query(max_length=100)]
_PAGE = 60


@dataclass(frozen=True, slots=True)
class Case:
    """All findings of one person, one household or one list on a page."""

    name: str
    href: str | None
    region: Place
    items: list[DoubtPublic]


@router.get("/doubts")
def show_doubts(desk: Reader) -> HTMLResponse:
    """How many are left, where, and whether they become fewer."""
    return _overview(desk)


@router.post("/doubts/check")
def check(desk: Mender, region: Annotated[str, Form(max_length=12)] = "") -> Response:
    """Look at everybody again."""
    wanted = region or (desk.caller.regions[0] if desk.caller.regions else "")

    def command() -> None:
        if not wanted:
            raise invalid("region", "missing", "您的账号没有管辖的地区，不能检查。请联系本单位的系统管理员。")
        if _under_way(desk) is None:
            door.check_doubts(read_form(DoubtCheck, {"region": wanted}), desk.session, desk.caller, desk.once)

    problem = desk.attempt(command)
    return _overview(desk, problem=problem) if problem else to("/doubts")


@router.get("/doubts/progress/{job_id}")
def show_progress(desk: Reader, job_id: RowId) -> HTMLResponse:
    """How far the check is; at its end the page is loaded again."""
    job = public_job(job_or_404(desk.session, job_id))
    answer = desk.show("_doubts_progress.html", job=job)
    if job.state not in UNFINISHED:
        answer.headers["HX-Refresh"] = "true"
    return answer


@router.get("/doubts/list")
def show_list(
    desk: Reader,
    region: Region = "",
    village: Village = "",
    village_of: Region = "",
    rule: Annotated[str, Query(pattern=r"^([DS]\d\d)?$")] = "",
    state: Annotated[DoubtState | None, Query()] = None,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
    import_id: Annotated[int | None, Query(ge=1, lt=2**63)] = None,
) -> HTMLResponse:
    """Person by person: what is wrong, how and where it is mended, or why it is right."""
    place = (region, chosen_village(region, village, village_of))
    return _list(desk, place, rule=rule, state=state, cursor=cursor, import_id=import_id)


@router.get("/doubts/services")
def show_services(
    desk: Reader,
    region: Region = "",
    village: Village = "",
    village_of: Region = "",
    rule: Annotated[str, Query(pattern=r"^(S\d\d)?$")] = "",
    state: Annotated[DoubtState | None, Query()] = None,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> HTMLResponse:
    """People to be served: no errors, but work that somebody should take up."""
    place = (region, chosen_village(region, village, village_of))
    return _list(desk, place, rule=rule, state=state, cursor=cursor, service=True)


@router.get("/doubts/integrity")
def show_integrity(desk: Reader) -> HTMLResponse:
    """What was filled in alike, shared or copied, in words with its statistics."""
    found = door.read_doubt_integrity(desk.session, desk.caller, desk.present).items
    by_rule = {
        title: list(items)
        for title, items in groupby(
            sorted(found, key=lambda item: (item.rule, -item.doubts)), key=lambda item: item.title
        )
    }
    return desk.show(
        "doubts_integrity.html",
        found=by_rule,
        checked_on=door.last_check(desk.session, desk.caller.regions),
    )


@router.get("/doubts/file")
def download(
    desk: Annotated[Desk, Depends(desk_for(Action.READ_LEDGER, Action.EXPORT))],
    region: Region = "",
    village: Village = "",
    rule: Annotated[str, Query(pattern=r"^([DS]\d\d)?$")] = "",
    state: Annotated[DoubtState | None, Query()] = None,
) -> Response:
    """The list as a table, to be sent to a township."""
    told = (region or None, village or None)
    condition = door.get_condition(*told, rule=rule or None, state=state)
    return door.read_doubts_file(desk.session, desk.caller, desk.present, condition)


@router.post("/doubts/explain")
def explain_many(
    desk: Mender,
    ids: Annotated[list[str], Form(default_factory=list)],
    reason: Annotated[str, Form(max_length=1000)] = "",
    back: Annotated[str, Form(max_length=300)] = "/doubts",
) -> Response:
    """One reason for all that are ticked."""

    def command() -> None:
        numbers = [int(number) for number in ids if number.isascii() and number.isdigit()]
        if not numbers:
            raise invalid("ids", "missing", "还没有选中疑点。请先在要说明的疑点前面打勾。")
        try:
            body = DoubtsExplain(ids=numbers, reason=reason)
        except ValidationError as error:
            raise refused(error) from None
        door.explain_doubts(body, desk.session, desk.caller, desk.today, desk.once)

    problem = desk.attempt(command)
    if problem is not None:
        return desk.show(
            "doubts_reason.html",
            problem=problem,
            ids=[number for number in ids if number.isdigit()],
            kept=reason,
            back=local(back),
        )
    return to(_with_notice(local(back), "explained"))


@router.post("/doubts/{doubt_id}/explain")
def explain(
    desk: Mender,
    doubt_id: RowId,
    reason: Annotated[str, Form(max_length=1000)] = "",
    back: Annotated[str, Form(max_length=300)] = "/doubts",
    hx_request: Annotated[str, Header()] = "",
) -> Response:
    """Why one finding is right as it is; a page without scripts comes back to its list."""

    def command() -> None:
        try:
            body = DoubtExplain(reason=reason)
        except ValidationError as error:
            raise refused(error) from None
        door.explain_doubt(doubt_id, body, desk.session, desk.caller, desk.today, desk.once, desk.present)

    return _answered(desk, doubt_id, desk.attempt(command), reason, back, hx_request)


@router.post("/doubts/{doubt_id}/reopen")
def reopen(
    desk: Mender,
    doubt_id: RowId,
    back: Annotated[str, Form(max_length=300)] = "/doubts",
    hx_request: Annotated[str, Header()] = "",
) -> Response:
    """Take an explanation back."""
    problem = desk.attempt(
        lambda: door.reopen_doubt(doubt_id, desk.session, desk.caller, desk.once, desk.present)
    )
    return _answered(desk, doubt_id, problem, "", back, hx_request)


def _overview(desk: Desk, *, problem: Problem | None = None) -> HTMLResponse:
    found = door.read_doubt_summary(desk.session, desk.caller, desk.present)
    doubts = [item for item in found.items if item.severity is not Severity.SERVICE]
    trend = door.read_doubt_trend(desk.session, desk.caller, desk.today, every=Every.WEEK).items
    first = next((at for at, point in enumerate(trend) if point.open), len(trend))
    return desk.show(
        "doubts.html",
        problem=problem,
        found=found,
        places=tallied(
            doubts, lambda item: _short(desk, item.region), lambda item: {"region": item.region.code}
        ),
        rules=tallied(doubts, lambda item: item.title, lambda item: {"rule": item.rule}),
        services=sum(
            item.count
            for item in found.items
            if item.severity is Severity.SERVICE and item.state is DoubtState.OPEN
        ),
        trend=trend[max(0, first - 1) :],
        regions=[desk.present.known_place(code) for code in desk.caller.regions],
        job=_under_way(desk),
    )


def _list(
    desk: Desk,
    where: tuple[str, str | None],
    *,
    rule: str,
    state: DoubtState | None,
    cursor: str | None,
    service: bool = False,
    import_id: int | None = None,
) -> HTMLResponse:
    wanted = state or DoubtState.OPEN
    region, village = where
    condition = door.get_condition(
        region or None, village, rule=rule or None, state=wanted, import_id=import_id
    )
    severity = door.of_services() if service else ~door.of_services()
    found = door.list_doubts(
        desk.session, desk.caller, Paging(_PAGE, cursor, "worker_id"), desk.present, condition & severity
    )
    base = "/doubts/services" if service else "/doubts/list"
    chosen = {"region": region, "rule": rule, "state": wanted.value}
    if village is not None:
        chosen["village"] = village
    if import_id is not None:
        chosen["import_id"] = str(import_id)
    return desk.show(
        "doubts_list.html",
        found=found,
        cases=_cases(found),
        place=desk.present.known_place(region) if region else None,
        region=region,
        village=village or "",
        villages=villages_to_choose(desk.session, region),
        by_village=[] if service or village else door.villages_open(desk.session, region),
        rule=rule,
        state=wanted,
        states=list(DoubtState),
        rules=[each for each in EVERY_RULE if (each.severity is Severity.SERVICE) == service],
        regions=regions_below(desk.session, desk.caller.regions, desk.present),
        base=base,
        chosen=urlencode(chosen),
        back=f"{base}?{urlencode(chosen)}",
        service=service,
        first_page=cursor is None,
    )


def _cases(page: Page[DoubtPublic]) -> list[Case]:
    def whose(item: DoubtPublic) -> tuple[str, str | None, str]:
        if item.worker:
            return item.worker.name, f"/workers/{item.worker.id}", item.region.code
        if item.household:
            return f"户编号{item.household.name}", f"/households/{item.household.id}", item.region.code
        if item.import_line is not None:
            words = "名单里重复的行" if item.rule == identical_rows.number else "导入时没有入库的行"
            return words, None, item.region.code
        return "整张表", None, item.region.code

    cases: dict[tuple[str, str | None, str], Case] = {}
    for item in page.items:
        name, href, _ = key = whose(item)
        cases.setdefault(key, Case(name, href, item.region, [])).items.append(item)
    return list(cases.values())


def _answered(
    desk: Desk, doubt_id: int, problem: Problem | None, reason: str, back: str, hx_request: str
) -> Response:
    if hx_request or problem:
        item = door.read_doubt(doubt_id, desk.session, desk.caller, desk.present)
        template = "_doubt_answer.html" if hx_request else "doubts_reason.html"
        told: dict[str, Any] = {"item": item, "refused": problem, "kept": reason, "back": local(back)}
        shown = None if hx_request else problem
        return desk.show(template, ids=[doubt_id], problem=shown, **told)
    return to(_with_notice(local(back), "noted"))


def _short(desk: Desk, place: Place) -> str:
    """The township as it is called within the account's one region; in full where there are several."""
    own = desk.caller.regions
    county = desk.present.known_place(own[0]).name if len(own) == 1 else ""
    return place.name.removeprefix(county) or place.name


def _with_notice(path: str, word: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}done={word}"


def _under_way(desk: Desk) -> JobPublic | None:
    job = desk.session.exec(
        select(Job)
        .where(Job.kind == KIND, col(Job.state).in_(UNFINISHED))
        .order_by(col(Job.id).desc())
        .limit(1)
    ).first()
    return public_job(job) if job else None
