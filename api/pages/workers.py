"""台账: who is there, and one person's page."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Response
from fastapi.responses import HTMLResponse

from api.audit import record
from api.consenting import require_guardian
from api.deps import RowId
from api.errors import Problem, conflict, invalid
from api.identity.correcting import BelongsToAnother, correct
from api.pages.desk import Desk, desk_for, to
from api.pages.naming import chosen_village, regions_below, villages_to_choose
from api.pages.routing import PageRoute
from api.pages.worker_form import (
    facts,
    facts_typed,
    intention,
    intention_typed,
    person,
    person_typed,
    skills,
)
from api.pages.worker_page import worker_page
from api.paging import Paging
from api.presenting import DELETED
from api.rights import Action
from api.routes.bureau.workers import list_workers, registered, update_worker, worker_or_404
from api.schemas.identity import HandoverPublic, WorkerCreated
from api.schemas.worker import RevealReason, WorkerUpdate
from api.versions import hold
from ledger.identity.correcting import CorrectionReason
from ledger.people import reveal
from models.education import Education
from models.sealing import Unsealable
from models.worker import LabourCapability, Sex, Worker

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Reader = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER))]
Writer = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER, Action.WRITE_LEDGER))]
Version = Annotated[int, Form(ge=0, lt=2**31)]


@router.get("/workers")
def show_workers(
    desk: Reader,
    q: Annotated[str, Query(max_length=50)] = "",
    region: Annotated[str, Query(pattern=r"^\d{0,12}$")] = "",
    village: Annotated[str, Query(max_length=100)] = "",
    village_of: Annotated[str, Query(pattern=r"^\d{0,12}$")] = "",
    cursor: Annotated[str | None, Query(max_length=500)] = None,
    restricted: bool = False,
) -> HTMLResponse:
    """The ledger; those whose data is only stored where they are asked for."""
    paging = Paging(50, cursor, None)
    wanted = q.strip() or None
    in_village = chosen_village(region, village, village_of)
    found = list_workers(
        desk.session, desk.caller, paging, desk.present, q=wanted, region=region or None, village=in_village,
        restricted=restricted,
    )  # fmt: skip
    return desk.show(
        "workers.html",
        found=found,
        q=q,
        restricted=restricted,
        region=region,
        village=in_village or "",
        villages=villages_to_choose(desk.session, region),
        regions=regions_below(desk.session, desk.caller.regions, desk.present),
        first_page=cursor is None,
    )


@router.get("/workers/new")
def show_new_worker(desk: Writer) -> HTMLResponse:
    """The form of a new person."""
    return _new_worker_page(desk)


@router.post("/workers")
def register_worker(desk: Writer, form: Annotated[dict[str, str], Depends(person_typed)]) -> Response:
    """Register a person; what was typed stays in a form that was refused."""
    made: list[WorkerCreated | HandoverPublic] = []

    def command() -> None:
        given = (desk.session, desk.caller, desk.today, desk.keyring, desk.settings, desk.present)
        made.append(registered(person(form), *given, desk.lookups))

    problem = desk.attempt(command)
    if problem is not None:
        return _new_worker_page(desk, problem=problem, kept=form)
    if isinstance(made[0], HandoverPublic):
        return to(f"/handovers/{made[0].id}?done=handover-opened")
    if made[0].possible_duplicates:
        return to(f"/duplicates/{made[0].possible_duplicates[0]}?done=registered-alike")
    return to(f"/workers/{made[0].id}?done=registered")


@router.post("/workers/{worker_id}/intention")
def save_intention(
    desk: Writer,
    worker_id: RowId,
    version: Version,
    form: Annotated[dict[str, str], Depends(intention_typed)],
) -> Response:
    """Write down what a person wants."""
    problem = desk.attempt(lambda: _change(desk, worker_id, version, intention(desk.session, form)))
    if problem is not None:
        return worker_page(desk, worker_id, problem=problem, kept=form | {"form": "intention"})
    return to(f"/workers/{worker_id}?done=asked#wish")


@router.post("/workers/{worker_id}/facts")
def save_facts(
    desk: Writer,
    worker_id: RowId,
    version: Version,
    form: Annotated[dict[str, str], Depends(facts_typed)],
) -> Response:
    """Put right what is known of a person."""
    problem = desk.attempt(lambda: _change(desk, worker_id, version, facts(form)))
    if problem is not None:
        return worker_page(desk, worker_id, problem=problem, kept=form | {"form": "facts"})
    return to(f"/workers/{worker_id}?done=kept#facts")


@router.post("/workers/{worker_id}/id-number")
def correct_number(
    desk: Annotated[Desk, Depends(desk_for(Action.READ_LEDGER, Action.DECIDE_IDENTITY))],
    worker_id: RowId,
    version: Version,
    id_number: Annotated[str, Form(max_length=100)] = "",
    reason: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Another ID number; one that is somebody else's leads to both records, side by side."""
    refused: list[BelongsToAnother] = []

    def command() -> None:
        if not id_number.strip():
            raise invalid("id_number", "missing", "请填写正确的证件号码。")
        if reason not in set(CorrectionReason):
            raise invalid("reason", "missing", "请选择为什么改。")
        worker = worker_or_404(desk.session, worker_id)
        hold(desk.session, worker, version)
        given = (worker, id_number, CorrectionReason.read(reason))
        desk.lookups.count(id_number)
        found = correct(desk.session, desk.keyring, desk.settings, *given)
        refused.extend([found] if found else [])

    problem = desk.attempt(command)
    if problem is not None:
        kept = {"form": "id_number", "id_number": id_number, "reason": reason}
        return worker_page(desk, worker_id, problem=problem, kept=kept)
    if refused:
        return to(f"/duplicates/{refused[0].pair_id}?done=number-of-another")
    return to(f"/workers/{worker_id}?done=number-corrected#facts")


@router.post("/workers/{worker_id}/skills")
def save_skills(
    desk: Writer,
    worker_id: RowId,
    version: Version,
    skill: Annotated[list[str], Form(default_factory=list)],
    level: Annotated[list[str], Form(default_factory=list)],
) -> Response:
    """Write down what a person can do: the whole list at once."""
    problem = desk.attempt(lambda: _change(desk, worker_id, version, skills(skill, level)))
    if problem is not None:
        rows = list(zip(skill, level, strict=False))
        return worker_page(desk, worker_id, problem=problem, kept={"form": "skills", "rows": rows})
    return to(f"/workers/{worker_id}?done=asked#facts")


@router.get("/workers/{worker_id}")
def show_worker(desk: Reader, worker_id: RowId, ranked: bool = True, net: bool = True) -> Response:
    """One person; a record that went up in another one leads there."""
    worker = desk.session.get(Worker, worker_id)
    if worker is not None and worker.merged_into is not None:
        return to(f"/workers/{worker.merged_into}?done=merged-elsewhere")
    return worker_page(desk, worker_id, ranked=ranked, net=net)


@router.post("/workers/{worker_id}/numbers")
def show_numbers(
    desk: Annotated[Desk, Depends(desk_for(Action.READ_LEDGER, Action.REVEAL))],
    worker_id: RowId,
    reason: Annotated[str, Form(max_length=20)] = "",
) -> HTMLResponse:
    """One person with the numbers in full, this once; who looked and what for is recorded."""
    worker = worker_or_404(desk.session, worker_id)
    if reason not in set(RevealReason):
        return worker_page(
            desk, worker_id, problem=invalid("reason", "missing", "请先选择查看的用途，再点“查看完整号码”。")
        )
    problem = desk.attempt(lambda: _require_shown(desk, worker, RevealReason.read(reason)))
    if problem is not None:
        return worker_page(desk, worker_id, problem=problem)
    numbers: tuple[str | None, str | None]
    try:
        numbers = reveal(desk.session, desk.request.app.state.keyring, worker)
    except Unsealable:
        numbers = (DELETED, DELETED)
    record(desk.session, "reveal", "worker", worker_id, region=worker.region, change={"reason": reason})
    return worker_page(desk, worker_id, numbers=numbers)


def _require_shown(desk: Desk, worker: Worker, reason: RevealReason) -> None:
    """Whose data is only stored is not called, and nothing is claimed for them: the number is there to be checked."""
    if worker.restricted and reason is not RevealReason.CHECK:
        raise conflict(
            "restricted",
            "该劳动力信息已限制使用",
            "本人已撤回同意或申请删除，信息只保存：不能再打电话联系或办理业务。本人前来查阅、更正时，请选“核对证件”。",
        )
    require_guardian(desk.session, worker, desk.today)


def _change(desk: Desk, worker_id: int, version: int, body: WorkerUpdate) -> None:
    keyring = desk.request.app.state.keyring
    update_worker(
        worker_id, body, desk.session, desk.caller, version, keyring, desk.present, response=Response()
    )


def _new_worker_page(
    desk: Desk, *, problem: Problem | None = None, kept: dict[str, str] | None = None
) -> HTMLResponse:
    return desk.show(
        "new_worker.html",
        path="/workers/new",
        problem=problem,
        kept=kept or {},
        regions=regions_below(desk.session, desk.caller.regions, desk.present),
        sexes=list(Sex),
        educations=list(Education),
        capabilities=list(LabourCapability),
    )
