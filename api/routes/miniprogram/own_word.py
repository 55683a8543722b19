"""/mp/v1/people/{worker_id}/check-ins, payslips, problems, calls: what a person says of herself."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import Depends, Form, Request, UploadFile
from sqlmodel import col, select

from api.deps import KeyringDep, SessionDep, SettingsDep, TodayDep
from api.miniprogram.asking import AnyPersonDep, OnceDep, PersonDep
from api.miniprogram.checking import check_words
from api.miniprogram.laying import PERSON, mini_router
from api.miniprogram.payslips import payslips_of
from api.miniprogram.saying import Spot, ask_for_call, check_in, keep_payslip, report_problem
from api.paging import Page
from api.papers import OF_A_PERSON, take_papers
from api.presenting import PresenterDep
from api.schemas.own_word import (
    CallCreate,
    CallPublic,
    CheckInCreate,
    CheckInPublic,
    Month,
    NoticePublic,
    PayslipPublic,
    ProblemCreate,
    ProblemPublic,
)
from models.care import SupportState, SupportTask
from models.notice import CallRequest, CallWhy, CheckIn, Notice, NoticeState
from models.spell import EmploymentSpell, EvidenceGrade

router = mini_router(PERSON, tag="own word")
MONTHLY = timedelta(days=30)


@router.get("/check-ins", operation_id="mp_list_check_ins")
def list_check_ins(person: AnyPersonDep, session: SessionDep, present: PresenterDep) -> Page[CheckInPublic]:
    """When she said that she was there, the last first."""
    rows = session.exec(
        select(CheckIn, EmploymentSpell)
        .join(EmploymentSpell, col(EmploymentSpell.id) == col(CheckIn.spell_id))
        .where(CheckIn.worker_id == person.worker.identity)
        .order_by(col(CheckIn.id).desc())
        .limit(100)
    ).all()
    items = [_check_in(present, row, spell) for row, spell in rows]
    return Page(items=items, next_cursor=None, total=len(items))


@router.post("/check-ins", status_code=201, operation_id="mp_create_check_in")
def create_check_in(
    body: CheckInCreate,
    person: PersonDep,
    session: SessionDep,
    keyring: KeyringDep,
    present: PresenterDep,
    today: TodayDep,
    once: OnceDep,
) -> CheckInPublic:
    """Say that one is still there, once a month. It proves that with grade D; a payslip proves more."""
    spot = (
        Spot(body.latitude, body.longitude)
        if body.latitude is not None and body.longitude is not None
        else None
    )
    row = check_in(session, keyring, person, on=body.told_on or today, spot=spot, today=today)
    spell = session.get_one(EmploymentSpell, row.spell_id)
    return once.keep(_check_in(present, row, spell), worker_id=person.worker.identity)


@router.get("/payslips", operation_id="mp_list_payslips")
def list_payslips(person: AnyPersonDep, session: SessionDep) -> Page[PayslipPublic]:
    """The payslips that she sent, and what became of them."""
    items = payslips_of(session, person.worker.identity)
    return Page(items=items, next_cursor=None, total=len(items))


@router.post("/payslips", status_code=201, operation_id="mp_create_payslip")
def create_payslip(
    month: Annotated[Month, Form(description="哪个月的，如 2021-09")],
    file: Annotated[list[UploadFile], Form(description="照片或PDF，可以几张")],
    person: PersonDep,
    session: SessionDep,
    keyring: KeyringDep,
    settings: SettingsDep,
    today: TodayDep,
    once: OnceDep,
) -> PayslipPublic:
    """Send the picture of a payslip. A human looks at it; then it proves the month with grade B."""
    year, number = map(int, month.split("-"))
    files = take_papers(file, settings.max_attachment_bytes, OF_A_PERSON)
    row = keep_payslip(session, keyring, person, date(year, number, 1), files, today=today)
    [answer] = [each for each in payslips_of(session, person.worker.identity) if each.id == row.identity]
    return once.keep(answer, worker_id=person.worker.identity)


@router.get("/problems", operation_id="mp_list_problems")
def list_problems(person: AnyPersonDep, session: SessionDep) -> Page[ProblemPublic]:
    """Her difficulties, and what is done about them; the last first."""
    rows = session.exec(
        select(SupportTask)
        .where(SupportTask.worker_id == person.worker.identity)
        .order_by(col(SupportTask.id).desc())
        .limit(100)
    ).all()
    items = [_problem(row) for row in rows]
    return Page(items=items, next_cursor=None, total=len(items))


def get_problem_words(request: Request, body: ProblemCreate) -> None:
    """Let WeChat look at the words before anything is done."""
    check_words(request, body.words, "words")


@router.post(
    "/problems",
    status_code=201,
    operation_id="mp_create_problem",
    dependencies=[Depends(get_problem_words)],
)
def create_problem(
    body: ProblemCreate,
    person: PersonDep,
    session: SessionDep,
    keyring: KeyringDep,
    today: TodayDep,
    once: OnceDep,
) -> ProblemPublic:
    """Tell of a difficulty at work: it is seen to within a week. One of a kind is open once."""
    report_problem(session, keyring, person, body.difficulty, body.words, today=today)
    row = session.exec(
        select(SupportTask).where(
            SupportTask.worker_id == person.worker.identity,
            SupportTask.difficulty == body.difficulty,
            SupportTask.state == SupportState.OPEN,
        )
    ).one()
    return once.keep(_problem(row), worker_id=person.worker.identity)


@router.get("/calls", operation_id="mp_list_calls")
def list_calls(person: AnyPersonDep, session: SessionDep) -> Page[CallPublic]:
    """The calls she asked for, the last first."""
    rows = session.exec(
        select(CallRequest)
        .where(CallRequest.worker_id == person.worker.identity, CallRequest.why == CallWhy.ASKED)
        .order_by(col(CallRequest.id).desc())
        .limit(100)
    ).all()
    items = [_call(row) for row in rows]
    return Page(items=items, next_cursor=None, total=len(items))


def get_call_words(request: Request, body: CallCreate) -> None:
    """Let WeChat look at the words before anything is done."""
    check_words(request, body.words, "words")


@router.post("/calls", status_code=201, operation_id="mp_create_call", dependencies=[Depends(get_call_words)])
def create_call(
    body: CallCreate,
    person: AnyPersonDep,
    session: SessionDep,
    keyring: KeyringDep,
    today: TodayDep,
    once: OnceDep,
) -> CallPublic:
    """Ask to be called by a human, within two days."""
    row = ask_for_call(session, keyring, person, body.words, today=today)
    return once.keep(_call(row), worker_id=person.worker.identity)


@router.get("/notices", operation_id="mp_list_notices")
def list_notices(person: AnyPersonDep, session: SessionDep) -> Page[NoticePublic]:
    """What she was told, and how; the last first."""
    rows = session.exec(
        select(Notice)
        .where(Notice.worker_id == person.worker.identity, Notice.state != NoticeState.DROPPED)
        .order_by(col(Notice.id).desc())
        .limit(100)
    ).all()
    items = [
        NoticePublic(
            kind=row.kind, state=row.state, channel=row.channel, on=(row.sent_at or row.created_at).date()
        )
        for row in rows
    ]
    return Page(items=items, next_cursor=None, total=len(items))


def _check_in(present: PresenterDep, row: CheckIn, spell: EmploymentSpell) -> CheckInPublic:
    return CheckInPublic(
        id=row.identity,
        told_on=row.told_on,
        spell_id=row.spell_id,
        county=present.place(row.county),
        grade=EvidenceGrade.D,
        observed_until=spell.observed_until,
        next_on=row.told_on + MONTHLY,
    )


def _problem(row: SupportTask) -> ProblemPublic:
    return ProblemPublic(
        id=row.identity,
        difficulty=row.difficulty,
        due_on=row.due_on,
        state=row.state,
        done_on=row.done_on,
        outcome=row.outcome,
    )


def _call(row: CallRequest) -> CallPublic:
    return CallPublic(id=row.identity, asked_on=row.asked_on, due_on=row.due_on, done_on=row.done_on)
