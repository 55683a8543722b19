"""上岗: one transaction takes a seat, starts the application, opens the spell and closes the person's other ways.

What was recorded by mistake is taken back or corrected the same way: the old row stays, out of force.
"""

from datetime import date

from sqlalchemy import text
from sqlmodel import Session, select

from api.against_evidence import note_agreed, require_agreed
from api.audit import record
from api.consenting import refused_by_person
from api.doubts.beyond import look_again
from api.errors import Problem, conflict, invalid, not_found
from api.offering import Standing, standings_of
from api.outbox import enqueue
from api.schemas.against import Against
from ledger.applications import (
    RefusalReason,
    Restricted,
    TooYoung,
    WrongStep,
    close_others,
    leave_pool,
    move,
    propose,
    require_placeable,
    take_back,
    withdraw_offers,
)
from ledger.consents.disclosing import Occasion, disclose
from models.application import OPEN_STATES, Application, ApplicationState, Side
from models.disclosure import DisclosureReason
from models.employer import Employer
from models.sealing import Keyring
from models.spell import EmploymentSpell
from models.vacancy import Vacancy, VacancyState
from models.worker import Worker
from outcomes.begin import begin_spell
from outcomes.confirming import first_day
from outcomes.correcting import corrected, supersede
from outcomes.ends import may_be_told_exactly


def put_forward(
    session: Session,
    worker: Worker,
    vacancy: Vacancy,
    *,
    today: date,
    account_id: int,
    because: RefusalReason | None = None,
) -> Application:
    """Propose a worker for a published vacancy; `because` where the service does it by itself."""
    _published(vacancy, "推荐")
    if vacancy.valid_until is not None and vacancy.valid_until < today:
        raise conflict(
            "vacancy-expired", "岗位已过有效期", "请联系用人单位确认是否还招人，刷新有效期后再推荐。"
        )
    _placeable(worker, today)
    leave_pool(session, worker.identity, on=today, account_id=account_id)
    application = propose(
        session, worker.identity, vacancy.identity, on=today, account_id=account_id, because=because
    )
    _tell_employer(session, application, vacancy, today=today, account_id=account_id)
    return application


def _tell_employer(
    session: Session, application: Application, vacancy: Vacancy, *, today: date, account_id: int
) -> None:
    """By being put forward somebody becomes known to the employer: the row that says so goes with the application."""
    if vacancy.employer_id is None:
        return
    occasion = Occasion(DisclosureReason.PROPOSAL, application_id=application.identity)
    people = [application.worker_id]
    told = disclose(session, occasion, people, vacancy.employer_id, on=today, account_id=account_id)
    if told.kept_back:
        raise refused_by_person()


def into_pool(
    session: Session, application: Application, *, today: date, refresh_days: int, account_id: int
) -> Application:
    """Put a person into the pool whose post is not on offer any more; one that is should be pursued or refused."""
    standing = standings_of(session, today, [application.vacancy_id], refresh_days).get(
        application.vacancy_id
    )
    if standing is Standing.ON_OFFER and application.state in OPEN_STATES:
        raise conflict(
            "still-on-offer",
            "岗位还在招人",
            "岗位已招满、关闭或不再招人时，才转入人才储备。本人或单位不同意的，请登记拒绝和原因。",
        )
    return step(session, application, ApplicationState.POOL, on=today, account_id=account_id)


def out_of_pool(
    session: Session, pooled: Application, vacancy: Vacancy, *, today: date, account_id: int
) -> Application:
    """Propose a person from the pool for another vacancy."""
    session.refresh(pooled, with_for_update=True)
    if pooled.state is not ApplicationState.POOL:
        raise _wrong_step(WrongStep(pooled.state, ApplicationState.PROPOSED))
    worker = session.get(Worker, pooled.worker_id)
    if worker is None:
        raise not_found("这名劳动力")
    return put_forward(session, worker, vacancy, today=today, account_id=account_id)


def start(
    session: Session, application: Application, *, started_on: date, today: date, account_id: int
) -> EmploymentSpell:
    """Record that the person began work on `started_on`."""
    if started_on > today:
        raise invalid("started_on", "in_the_future", "上岗日期不能晚于今天，请在实际到岗后再登记")
    worker = session.get(Worker, application.worker_id)
    if worker is None:
        raise not_found("这名劳动力")
    _placeable(worker, started_on)
    vacancy = session.get(Vacancy, application.vacancy_id)
    employer = session.get(Employer, vacancy.employer_id) if vacancy and vacancy.employer_id else None
    if vacancy is None or employer is None:
        raise not_found("岗位")
    # The person first: two starts of one person would each hold an application that the other must close.
    session.exec(select(Worker.id).where(Worker.id == application.worker_id).with_for_update()).one()
    # The step first: a second start of the same application is told what it is.
    step(session, application, ApplicationState.STARTED, on=today, account_id=account_id)
    _published(vacancy, "办理上岗")
    _while_offered(vacancy, started_on)
    # The seat last: two that want the same one wait for each other on its row alone, and as briefly as can be.
    spell = begin_spell(
        session, application, vacancy, employer, started_on=started_on, is_demo=vacancy.is_demo
    )
    close_others(session, application, on=today, account_id=account_id)
    if not session.connection().scalar(text("SELECT take_seat(:vacancy)"), {"vacancy": vacancy.id}):
        raise conflict("no-seat-left", "岗位已招满", "这个岗位没有空余名额了，或已停止招聘。请选择其他岗位。")
    record(session, "take_seat", "vacancy", vacancy.id, region=vacancy.kept_by)
    enqueue(session, "application.started", {"application_id": application.id, "spell_id": spell.id})
    session.expire(vacancy)
    return spell


def end(
    session: Session,
    keyring: Keyring,
    spell: EmploymentSpell,
    *,
    ended_on: date,
    reason: RefusalReason,
    against: Against,
    today: date,
) -> None:
    """The person left: the last day worked, and why; also of an end of which a list told the month alone."""
    in_force(session, spell)
    if spell.ended_on is not None and not may_be_told_exactly(session, spell, ended_on):
        raise conflict("already-ended", "这条务工记录已经结束", "需要更正日期时，请先核对原记录。")
    if ended_on > today:
        raise invalid("ended_on", "in_the_future", "结束日期不能晚于今天")
    if ended_on < spell.started_on:
        raise invalid("ended_on", "before_start", "结束日期不能早于上岗日期，请核对两个日期")
    agreed = require_agreed(session, spell, against, (first_day(spell.started_on, spell.precision), ended_on))
    if spell.ended_on is None:
        spell.observed_before = spell.observed_until
    spell.ended_on = spell.observed_until = ended_on
    spell.leave_reason = reason.value
    session.add(spell)
    session.flush()
    session.refresh(spell)
    note_agreed(session, keyring, spell, against, agreed=agreed, today=today)


def void(
    session: Session,
    keyring: Keyring,
    spell: EmploymentSpell,
    *,
    reason: RefusalReason,
    today: date,
    account_id: int,
) -> EmploymentSpell:
    """The work that was recorded never was: the spell goes out of force, its seat is free, its application withdrawn.

    The person's other applications that the start closed stay closed; they may be put forward again.
    """
    in_force(session, spell)
    supersede(session, spell, because=reason.value)
    application = session.get(Application, spell.application_id) if spell.application_id else None
    if application is not None and application.state is ApplicationState.STARTED:
        take_back(session, application, on=today, account_id=account_id, reason=reason.value)
    if session.connection().scalar(text("SELECT release_seat(:spell)"), {"spell": spell.id}):
        vacancy = session.get(Vacancy, spell.vacancy_id)
        record(
            session, "release_seat", "vacancy", spell.vacancy_id, region=vacancy.kept_by if vacancy else None
        )
        if vacancy is not None:
            session.expire(vacancy)
    enqueue(session, "spell.voided", {"spell_id": spell.id})
    session.refresh(spell)
    look_again(session, keyring, spell.worker_id, spell.origin_region, today)
    return spell


def correct(
    session: Session,
    keyring: Keyring,
    spell: EmploymentSpell,
    *,
    started_on: date,
    ended_on: date | None,
    reason: str,
    against: Against,
    today: date,
    account_id: int,
) -> EmploymentSpell:
    """Another first or last day: the old row goes out of force, the new one stands in its place, with its evidence.

    Who has not left after all needs none of the posts that she was offered because of it.
    """
    in_force(session, spell)
    worker = session.get(Worker, spell.worker_id)
    if worker is None:
        raise not_found("这名劳动力")
    vacancy = session.get(Vacancy, spell.vacancy_id) if spell.vacancy_id else None
    moved = started_on != spell.started_on
    require_days(worker, vacancy if moved else None, started_on=started_on, ended_on=ended_on, today=today)
    agreed = require_agreed(session, spell, against, (first_day(started_on, spell.precision), ended_on))
    fresh = corrected(session, spell, started_on=started_on, ended_on=ended_on, because=reason)
    if spell.ended_on is not None and ended_on is None:
        withdraw_offers(session, spell.worker_id, since=spell.ended_on, on=today, account_id=account_id)
    note_agreed(session, keyring, fresh, against, agreed=agreed, today=today)
    enqueue(session, "spell.corrected", {"spell_id": fresh.id, "instead_of": spell.id})
    return fresh


def require_days(
    worker: Worker, vacancy: Vacancy | None, *, started_on: date, ended_on: date | None, today: date
) -> None:
    """Days that the person can have worked, at the post if there is one.

    Raises
    ------
    Problem
        409 or 422 where not.
    """
    for field, day, words in (("started_on", started_on, "上岗日期"), ("ended_on", ended_on, "结束日期")):
        if day is not None and day > today:
            raise invalid(field, "in_the_future", f"{words}不能晚于今天")
    if ended_on is not None and ended_on < started_on:
        raise invalid("ended_on", "before_start", "结束日期不能早于上岗日期，请核对两个日期")
    _placeable(worker, started_on)
    if vacancy is not None:
        _while_offered(vacancy, started_on)


def in_force(session: Session, spell: EmploymentSpell) -> None:
    """Lock the spell; only one in force can be ended, taken back or corrected.

    Raises
    ------
    Problem
        409 when it was taken back or corrected before.
    """
    session.refresh(spell, with_for_update=True)
    if spell.superseded_at is not None:
        raise conflict("already-corrected", "这条务工记录已被更正", "请刷新页面，在更正后的记录上办理。")


def _published(vacancy: Vacancy, what: str) -> None:
    if vacancy.state is not VacancyState.PUBLISHED:
        state = vacancy.state.label
        raise conflict(
            "not-published", "岗位没有发布", f"这个岗位是“{state}”，不能{what}。请选择已发布的岗位。"
        )


def _while_offered(vacancy: Vacancy, started_on: date) -> None:
    """Nobody begins at a post before there was one, or after it was no longer offered."""
    since = min((day for day in (vacancy.posted_on, vacancy.valid_from) if day is not None), default=None)
    if since is not None and started_on < since:
        raise invalid(
            "started_on",
            "before_the_post",
            f"这个岗位{since:%Y-%m-%d}才发布，上岗日期不能更早。岗位的生效日期登记晚了的，请先由登记岗位的地区更正",
        )
    if vacancy.valid_until is not None and vacancy.valid_until < started_on:
        raise conflict(
            "vacancy-expired",
            "岗位已过有效期",
            f"岗位的有效期到{vacancy.valid_until:%Y-%m-%d}为止。请联系用人单位确认，刷新有效期后再办理上岗。",
        )


def _placeable(worker: Worker, on: date) -> None:
    try:
        require_placeable(worker, on)
    except TooYoung:
        raise conflict(
            "too-young", "未满16周岁不能就业", "法律禁止招用未满16周岁的未成年人，请核对出生日期。"
        ) from None
    except Restricted:
        raise conflict(
            "restricted", "该劳动力信息已限制使用", "本人已撤回同意或申请删除，不能推荐和上岗。"
        ) from None


def step(
    session: Session,
    application: Application,
    to: ApplicationState,
    *,
    on: date,
    account_id: int,
    reason: str | None = None,
    side: Side | None = None,
) -> Application:
    """Take a step of an application, told as a problem where it can't be taken."""
    try:
        return move(session, application, to, on=on, account_id=account_id, reason=reason, side=side)
    except WrongStep as wrong:
        raise _wrong_step(wrong) from wrong


def _wrong_step(wrong: WrongStep) -> Problem:
    return Problem(
        409,
        "wrong-step",
        f"当前状态是“{wrong.now.label}”",
        f"“{wrong.now.label}”的推荐不能改为“{wrong.wanted.label}”。请刷新后核对。",
    )
