"""/mp/v1/people/{worker_id}/applications: the person's own steps. Who begins is recorded by a human."""

from fastapi import Response
from sqlmodel import Session, col, select

from api.audit import record
from api.deps import RowId, SessionDep, TodayDep
from api.errors import conflict, invalid, not_found
from api.miniprogram.asking import AnyPersonDep, OnceDep, Person, PersonDep
from api.miniprogram.laying import PERSON, mini_router
from api.miniprogram.shown import applications_public, may_start
from api.paging import Page, PagingDep, page_of
from api.placing import put_forward, step
from api.presenting import PresenterDep
from api.routes.bureau.vacancies import vacancy_or_404
from api.schemas.miniprogram import MpApplication, MpApplicationCreate, MpNo, MpStart
from ledger.applications import REFUSALS
from models.application import OPEN_STATES, Application, ApplicationState, Side

router = mini_router(PERSON + "/applications", tag="application")


@router.get("", operation_id="mp_list_applications")
def list_applications(
    person: AnyPersonDep, session: SessionDep, present: PresenterDep, paging: PagingDep
) -> Page[MpApplication]:
    """All that was proposed to her or that she applied for, offers among it; the last first."""
    query = select(Application).where(Application.worker_id == person.worker.identity)
    rows, cursor, total = page_of(session, query, paging, number=col(Application.id), sorts={})
    return Page(items=applications_public(session, present, rows), next_cursor=cursor, total=total)


@router.post("", status_code=201, operation_id="mp_create_application")
def create_application(
    body: MpApplicationCreate,
    person: PersonDep,
    session: SessionDep,
    present: PresenterDep,
    today: TodayDep,
    once: OnceDep,
) -> MpApplication:
    """Apply for a post. By this the employer is told of her, which is on record; for a post to which the bureau has put her
    forward it is her yes."""
    standing = session.exec(
        select(Application).where(
            Application.worker_id == person.worker.identity,
            Application.vacancy_id == body.vacancy_id,
            col(Application.state).in_(OPEN_STATES),
        )
    ).first()
    if standing is None or standing.state is not ApplicationState.PROPOSED:
        vacancy = vacancy_or_404(session, body.vacancy_id)
        standing = put_forward(session, person.worker, vacancy, today=today, account_id=person.account_id)
    row = step(session, standing, ApplicationState.APPLIED, on=today, account_id=person.account_id)
    return once.keep(_one(session, present, row), worker_id=person.worker.identity)


@router.post("/{application_id}/accept", operation_id="mp_accept_application")
def accept_application(
    application_id: RowId,
    person: PersonDep,
    session: SessionDep,
    present: PresenterDep,
    today: TodayDep,
    once: OnceDep,
) -> MpApplication:
    """Take the offer."""
    row = _own(session, person, application_id)
    step(session, row, ApplicationState.ACCEPTED, on=today, account_id=person.account_id)
    return once.keep(_one(session, present, row), status=200, worker_id=person.worker.identity)


@router.post("/{application_id}/refuse", operation_id="mp_refuse_application")
def refuse_application(
    application_id: RowId,
    body: MpNo,
    person: PersonDep,
    session: SessionDep,
    present: PresenterDep,
    today: TodayDep,
    once: OnceDep,
) -> MpApplication:
    """Not this one, and why: it makes the next proposals better."""
    return once.keep(
        _said_no(session, person, application_id, body, ApplicationState.REFUSED, present, today),
        status=200,
        worker_id=person.worker.identity,
    )


@router.post("/{application_id}/withdraw", operation_id="mp_withdraw_application")
def withdraw_application(
    application_id: RowId,
    body: MpNo,
    person: PersonDep,
    session: SessionDep,
    present: PresenterDep,
    today: TodayDep,
    once: OnceDep,
) -> MpApplication:
    """Take an application back."""
    return once.keep(
        _said_no(session, person, application_id, body, ApplicationState.WITHDRAWN, present, today),
        status=200,
        worker_id=person.worker.identity,
    )


@router.post("/{application_id}/start", operation_id="mp_tell_start")
def tell_start(
    application_id: RowId,
    body: MpStart,
    person: PersonDep,
    session: SessionDep,
    present: PresenterDep,
    today: TodayDep,
    once: OnceDep,
    response: Response,
) -> MpApplication:
    """Say that she has begun. It waits for a human, who records the start: 202."""
    row = _own(session, person, application_id)
    session.refresh(row, with_for_update=True)
    on = body.started_on or today
    if on > today:
        raise invalid("started_on", "in_the_future", "上岗日期不能晚于今天，请到岗以后再确认")
    if on < row.applied_on:
        raise invalid("started_on", "too_early", "上岗日期不能早于报名的日期，请核对")
    if not may_start(row):
        raise conflict(
            "wrong-step", f"当前状态是“{row.state.label}”", "单位录用以后才能确认上岗，请刷新后再看。"
        )
    row.start_told_on = on
    session.add(row)
    session.flush()
    session.refresh(row)
    record(
        session, "tell_start", "application", row.identity,
        region=row.worker_region, worker_id=row.worker_id, change={"fields": ["start_told_on"]},
    )  # fmt: skip
    response.status_code = 202
    return once.keep(_one(session, present, row), status=202, worker_id=person.worker.identity)


def _said_no(
    session: Session,
    person: Person,
    application_id: int,
    body: MpNo,
    to: ApplicationState,
    present: PresenterDep,
    today: TodayDep,
) -> MpApplication:
    row = _own(session, person, application_id)
    if body.reason not in REFUSALS[Side.WORKER]:
        raise invalid("reason", "of_the_other_side", "请选择您自己的原因")
    side = Side.WORKER if to is ApplicationState.REFUSED else None
    step(session, row, to, on=today, account_id=person.account_id, reason=body.reason.value, side=side)
    return _one(session, present, row)


def _own(session: Session, person: Person, application_id: int) -> Application:
    row = session.get(Application, application_id)
    if row is None or row.worker_id != person.worker.identity:
        raise not_found("这条报名")
    return row


def _one(session: Session, present: PresenterDep, row: Application) -> MpApplication:
    return applications_public(session, present, [row])[0]
