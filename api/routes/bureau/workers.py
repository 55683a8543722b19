"""/v1/workers: the ledger of people, and what fits them."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Query, Response
from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session, col, or_, select

from api.deps import AsOfDep, Caller, KeyringDep, RowId, SessionDep, SettingsDep, TodayDep, allowed
from api.errors import PROBLEMS, FieldError, Problem, conflict, invalid, not_found
from api.idempotency import OnceDep
from api.identity.correcting import correct
from api.identity.handing_over import handover_public, note_opened
from api.laying import bureau_router
from api.list_tables import WORKERS
from api.lookups import Lookups, LookupsDep
from api.matches import vacancy_matches
from api.paging import Page, PagingDep, page_of
from api.presenting import Presenter, PresenterDep
from api.recommending import vacancies_for
from api.requirements import require_born, require_household, require_known, require_scope, require_village
from api.rights import Action
from api.schemas.base import RegionCode, Sought, Title
from api.schemas.identity import HandoverPublic, WorkerCreated
from api.schemas.placement import VacancyMatches
from api.schemas.worker import IdNumberCorrect, WorkerCreate, WorkerPublic, WorkerSummary, WorkerUpdate
from api.settings import Settings
from api.tables import offered_as_table
from api.versions import IfMatchDep, etag, hold
from ledger.gazetteer import Gazetteer
from ledger.identity.duplicates import keep_for_worker
from ledger.identity.matching import data_deleted
from ledger.identity.registering import AlreadyRegistered, DataDeleted, enter
from ledger.people import (
    Contradiction,
    InvalidPhone,
    NewIntention,
    NewWorker,
    at_work,
    change_phone,
    change_skills,
    in_hardship,
    intention_of,
    put_away,
)
from ledger.pinyin import pinyin
from ledger.pinyin_search import starts_pinyin
from ledger.villages import is_village, of_person
from models.household import HardshipCategory
from models.id_number import InvalidIdNumber
from models.identity import Handover
from models.sealing import Keyring, Unsealable
from models.worker import Worker, WorkIntention

router = bureau_router("/workers", tag="worker", responses=PROBLEMS)
Reader = Annotated[Caller, Depends(allowed(Action.READ_LEDGER))]
Writer = Annotated[Caller, Depends(allowed(Action.WRITE_LEDGER))]


@offered_as_table(router, WORKERS, operation_id="list_workers")
def list_workers(
    session: SessionDep,
    _: Reader,
    paging: PagingDep,
    present: PresenterDep,
    q: Annotated[Sought | None, Query(description="姓名或拼音")] = None,
    region: Annotated[RegionCode | None, Query()] = None,
    village: Annotated[Title | None, Query(description="所选乡镇的台账里的村名，或“未填村”")] = None,
    hardship: Annotated[HardshipCategory | None, Query(description="当天属于这一帮扶类别的户")] = None,
    employed: Annotated[bool | None, Query(description="当天是否在岗")] = None,
    restricted: Annotated[
        bool, Query(description="只列限制使用的：本人要恢复同意、要副本或要删除时用")
    ] = False,
) -> Page[WorkerSummary]:
    """The workers of my regions; those whose data is only stored are asked for as such, and listed alone."""
    query = select(Worker).where(~put_away(), col(Worker.merged_into).is_(None))
    query = query.where(col(Worker.restricted) if restricted else ~col(Worker.restricted))
    if q:
        query = query.where(or_(col(Worker.name).contains(q, autoescape=True), starts_pinyin(q)))
    if region:
        query = query.where(col(Worker.region).startswith(region))
    if village:
        require_village(session, region, village)
        query = query.where(is_village(of_person(), village))
    if hardship:
        query = query.where(in_hardship(hardship, present.today))
    if employed is not None:
        query = query.where(at_work(present.today) if employed else ~at_work(present.today))
    rows, cursor, total = page_of(
        session,
        query,
        paging,
        number=col(Worker.id),
        sorts={"name": col(Worker.name_pinyin), "birth_date": col(Worker.birth_date)},
        default="name",
    )
    return Page(items=present.workers(rows), next_cursor=cursor, total=total)


@router.post(
    "",
    status_code=201,
    operation_id="create_worker",
    response_model=WorkerCreated,
    responses={202: {"model": HandoverPublic, "description": "另有单位已登记这个人，已发起移交"}},
)
def create_worker(
    body: WorkerCreate,
    session: SessionDep,
    caller: Writer,
    today: TodayDep,
    once: OnceDep,
    keyring: KeyringDep,
    settings: SettingsDep,
    present: PresenterDep,
    lookups: LookupsDep,
    response: Response,
) -> WorkerCreated | HandoverPublic | Response:
    """Register a person. Whoever has a record in another county is asked for there: 202 with the hand-over."""
    made = registered(body, session, caller, today, keyring, settings, present, lookups)
    if isinstance(made, HandoverPublic):
        opened = session.get_one(Handover, made.id)
        answer = once.keep(made, status=202, told_of=[opened.worker_id])
        return Response(answer.model_dump_json(), 202, dict(response.headers), media_type="application/json")
    return once.keep(made, worker_id=made.id)


def registered(
    body: WorkerCreate,
    session: Session,
    caller: Caller,
    today: date,
    keyring: Keyring,
    settings: Settings,
    present: Presenter,
    lookups: Lookups,
) -> WorkerCreated | HandoverPublic:
    """The person as registered, with the pairs that somebody should look at, or the hand-over that was opened.

    Raises
    ------
    Problem
        422 for what can't be, 403 outside of the caller's regions, 409 where a record is, 429 for too many numbers.
    """
    lookups.count(body.id_number)
    require_scope(session, caller, body.region)
    require_household(session, body.household_id)
    require_born(body.birth_date, today)
    require_known(session, body.intention)
    told = body.model_dump(exclude={"intention", "handover_reason", "after_deletion"})
    intention = NewIntention(**body.intention.model_dump()) if body.intention else None
    try:
        made = enter(
            session,
            keyring,
            NewWorker(**told, intention=intention),
            ever_assigned=Gazetteer.national().ever_assigned,
            today=today,
            demonstration=settings.demonstration,
            reason=body.handover_reason or "",
            after_deletion=body.after_deletion,
        )
    except AlreadyRegistered as error:
        raise _already_registered(error) from error
    except DataDeleted as error:
        words = "这个证件号码的资料已按规定删除，不会恢复。本人要求重新登记的，请确认后再登记，会另立新档案。"
        told_of = [FieldError(field="after_deletion", code="deleted", message=words)]
        raise Problem(409, "deleted", "资料已按规定删除", words, errors=told_of) from error
    except InvalidIdNumber as error:
        raise invalid("id_number", error.fault.value, str(error)) from error
    except Contradiction as error:
        raise invalid(error.field, "against_id_number", str(error)) from error
    except InvalidPhone as error:
        raise invalid("phone", "format", str(error)) from error
    if isinstance(made, Handover):
        note_opened(session, made)
        return handover_public(session, caller, keyring, made, present)
    pairs = keep_for_worker(session, keyring, made)
    return WorkerCreated(
        **present.worker(made, keyring).model_dump(), possible_duplicates=[pair.identity for pair in pairs]
    )


def _already_registered(error: AlreadyRegistered) -> Problem:
    words = (
        "这个证件号码与台账中同名者的号码只差区划调整前后的前6位，是同一个人，请直接修改原有档案。"
        if error.recoded
        else "这个证件号码已经有劳动力档案，请在台账中查找，直接修改原有档案。"
    )
    told = [FieldError(field="id_number", code="already-registered", message=words)]
    where = {"Location": f"/v1/workers/{error.worker_id}"}
    return Problem(409, "already-registered", "该证件号码已登记", words, errors=told, headers=where)


@router.get("/{worker_id}", operation_id="read_worker")
def read_worker(
    worker_id: RowId,
    session: SessionDep,
    _: Reader,
    keyring: KeyringDep,
    present: PresenterDep,
    response: Response,
) -> WorkerPublic:
    """One person, numbers masked."""
    worker = worker_or_404(session, worker_id)
    response.headers.update(etag(worker))
    return present.worker(worker, keyring)


@router.patch("/{worker_id}", operation_id="update_worker")
def update_worker(
    worker_id: RowId,
    body: WorkerUpdate,
    session: SessionDep,
    caller: Writer,
    version: IfMatchDep,
    keyring: KeyringDep,
    present: PresenterDep,
    response: Response,
) -> WorkerPublic:
    """Change what is told of a person (JSON merge patch)."""
    worker = worker_or_404(session, worker_id)
    hold(session, worker, version)
    if worker.restricted:
        raise conflict(
            "restricted", "该劳动力信息已限制使用", "本人已撤回同意或申请删除，信息只保存，不能再修改。"
        )
    if data_deleted(session, worker.identity):
        raise conflict("restricted", "信息已删除", "这名劳动力的资料已按规定删除，不能再修改。")
    told = body.model_dump(exclude_unset=True, exclude={"intention", "phone", "skills"})
    for name in ("name", "region"):
        if name in told and told[name] is None:
            raise invalid(name, "missing", "不能为空")
    if "region" in told:
        require_scope(session, caller, told["region"])
    if "household_id" in told:
        require_household(session, told["household_id"])
    for field, value in told.items():
        setattr(worker, field, value)
    if "name" in told:
        worker.name_pinyin = pinyin(worker.name)
    if "phone" in body.model_fields_set:
        try:
            change_phone(session, keyring, worker, body.phone)
        except InvalidPhone as error:
            raise invalid("phone", "format", str(error)) from error
        except Unsealable as error:
            raise conflict(
                "restricted", "信息已删除", "这名劳动力的信息已按规定删除，不能再修改。"
            ) from error
    if "intention" in body.model_fields_set:
        require_known(session, body.intention)
        _change_intention(session, worker, body)
    if "skills" in body.model_fields_set:
        change_skills(session, worker.identity, body.skills or {})
    if {"intention", "skills"} & body.model_fields_set:
        # These are rows of their own; the person's version must rise all the same.
        flag_modified(worker, "name")
    session.add(worker)
    session.flush()
    session.refresh(worker)
    response.headers.update(etag(worker))
    return present.worker(worker, keyring)


@router.post(
    "/{worker_id}/correct-id-number", operation_id="correct_worker_id_number", response_model=WorkerPublic
)
def correct_worker_id_number(
    worker_id: RowId,
    body: IdNumberCorrect,
    session: SessionDep,
    _: Annotated[Caller, Depends(allowed(Action.DECIDE_IDENTITY))],
    version: IfMatchDep,
    keyring: KeyringDep,
    settings: SettingsDep,
    present: PresenterDep,
    once: OnceDep,
    lookups: LookupsDep,
) -> WorkerPublic | Response:
    """Another ID number in the place of a wrong or missing one. Whose number it is already is laid beside: 409."""
    worker = worker_or_404(session, worker_id)
    hold(session, worker, version)
    lookups.count(body.id_number)
    refused = correct(session, keyring, settings, worker, body.id_number, body.reason)
    if refused is not None:
        once.keep(refused.body, status=409)
        return refused.answer()
    session.flush()
    session.refresh(worker)
    return once.keep(present.worker(worker, keyring), status=200, worker_id=worker.identity)


@router.get("/{worker_id}/matches", operation_id="list_worker_matches")
def list_worker_matches(
    worker_id: RowId,
    session: SessionDep,
    caller: Reader,
    as_of: AsOfDep,
    present: PresenterDep,
    limit: Annotated[int, Query(ge=1, le=100)] = 10,
    ranked: bool = True,
    explain: Annotated[str | None, Query(pattern="^excluded$")] = None,
    net: Annotated[bool, Query(description="有方案时，名额留给更合适的人")] = True,
) -> VacancyMatches:
    """The best vacancies for this person, with reasons; the list is logged."""
    found = vacancies_for(
        session, worker_or_404(session, worker_id), account_id=caller.account_id, as_of=as_of, limit=limit, ranked=ranked,
        with_excluded=explain == "excluded", refreshed_within_days=present.refresh_days, explore=present.explore_share, net=net,
    )  # fmt: skip
    return vacancy_matches(session, found, present)


def worker_or_404(session: Session, worker_id: int) -> Worker:
    """The worker, if the session may see that person.

    Raises
    ------
    Problem
        404 otherwise; of a record that went up in another one with the way there.
    """
    worker = session.get(Worker, worker_id)
    if worker is None:
        raise not_found("这名劳动力")
    if worker.merged_into is not None:
        raise Problem(
            404,
            "merged",
            "这份档案已并入另一份",
            f"与编号{worker.merged_into}的档案是同一个人，请看那一份。",
            headers={"Location": f"/v1/workers/{worker.merged_into}"},
        )
    return worker


_WISHES = ("wants", "reason", "accepted_regions", "occupations", "pay_floor", "available_from", "needs_lodging")  # fmt: skip


def _change_intention(session: Session, worker: Worker, body: WorkerUpdate) -> None:
    row = session.exec(select(WorkIntention).where(WorkIntention.worker_id == worker.identity)).first()
    told = NewIntention(**body.intention.model_dump()) if body.intention else NewIntention()
    if row is None:
        session.add(intention_of(worker.identity, told))
        return
    fresh = intention_of(worker.identity, told)
    for name in _WISHES:
        setattr(row, name, getattr(fresh, name))
    session.add(row)
