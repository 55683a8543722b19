"""应聘的人: what an employer is told of them, and its answer. Who begins is recorded by the bureau."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, func, select

from api.audit import record
from api.employer_door.asking import Own
from api.employer_door.waiting import WAITING
from api.errors import Problem, conflict, not_found
from api.placing import step
from api.presenting import Presenter
from api.schemas.employer_door import ApplicantAnswered, ApplicantPerson, ApplicantPublic, TelephoneTold
from ledger.applications import RefusalReason, next_states
from ledger.consents.disclosing import FOR
from models.application import Application, ApplicationEvent, ApplicationState, Side
from models.disclosure import DisclosureReason
from models.education import Education
from models.sealing import Keyring, Unsealable, open_person_key, unseal
from models.vacancy import Vacancy, VacancyState
from models.worker import Sex

_TOLD = text("SELECT * FROM applicants_told(CAST(:ids AS bigint[]), :today)")
_UNDO = text("SELECT undo_refusal(:id, :today)")
_TELEPHONE = text("SELECT * FROM tell_telephone(:id, CAST(:fields AS text[]), :today)")
ANSWERS = (ApplicationState.SHORTLISTED, ApplicationState.OFFERED, ApplicationState.REFUSED)
"""What an employer may say."""
HIRED = (ApplicationState.OFFERED, ApplicationState.ACCEPTED)
"""States of those who are to come: each has a seat promised."""


def applicants_public(
    session: Session, present: Presenter, rows: Sequence[Application], days: int
) -> list[ApplicantPublic]:
    """Applications as the employer may see them; unanswered they end after `days`."""
    people = _people(session, present, [row.identity for row in rows])
    posts = _titles(session, {row.vacancy_id for row in rows})
    return [
        ApplicantPublic(
            id=row.identity,
            version=row.version,
            vacancy_id=row.vacancy_id,
            post=posts.get(row.vacancy_id, ""),
            state=row.state,
            applied_on=row.applied_on,
            decided_on=row.decided_on,
            answered_on=row.answered_on,
            answer_until=(row.decided_on or row.applied_on) + timedelta(days=days)
            if row.state in WAITING
            else None,
            # Why somebody else ended it is that side's business.
            reason=_reason(row) if row.side is Side.EMPLOYER else None,
            side=row.side,
            person=people.get(row.identity),
            answers=[each for each in ANSWERS if each in next_states(row.state)]
            if row.identity in people
            else [],
            may_ask_telephone=row.identity in people and row.state is ApplicationState.ACCEPTED,
            may_undo=row.identity in people and _may_undo(row, present.today),
        )
        for row in rows
    ]


def applicant_or_404(session: Session, application_id: int) -> Application:
    """An application to a post of the employer's.

    Raises
    ------
    Problem
        404 for any other: the session sees none.
    """
    row = session.get(Application, application_id)
    if row is None:
        raise not_found("这条应聘")
    return row


def answer(
    session: Session,
    whose: Own,
    present: Presenter,
    application_id: int,
    to: ApplicationState,
    reason: RefusalReason | None = None,
) -> ApplicantAnswered:
    """Say yes, no or perhaps to somebody.

    Raises
    ------
    Problem
        409 where it is not the employer's turn, she does not want it to know of her any more, or there is no seat to be had.
    """
    row = applicant_or_404(session, application_id)
    if row.identity not in _people(session, present, [row.identity]):
        words = "这条应聘已经结束，或本人不再同意把信息告诉本单位，不用答复了。"
        raise conflict("consent-withdrawn", "这条应聘不用答复", words)
    if to is ApplicationState.OFFERED:
        _to_be_had(session, row.vacancy_id, present.today)
    side = Side.EMPLOYER if to is ApplicationState.REFUSED else None
    step(
        session, row, to, on=present.today, account_id=whose.account_id,
        reason=reason.value if reason else None, side=side,
    )  # fmt: skip
    return _answered(row)


def undo_refusal(session: Session, present: Presenter, application_id: int) -> ApplicantAnswered:
    """Take a no back that was a slip: by who said it, on that day, while nothing came of it.

    Raises
    ------
    Problem
        409 for any other.
    """
    row = applicant_or_404(session, application_id)
    if row.identity not in _people(session, present, [row.identity]):
        words = "这条应聘已经结束，或本人不再同意把信息告诉本单位，不用答复了。"
        raise conflict("consent-withdrawn", "这条应聘不用答复", words)
    try:
        with session.begin_nested():
            before = session.connection().scalar(_UNDO, {"id": row.identity, "today": present.today})
    except IntegrityError:
        # She was put forward for the same post again meanwhile.
        before = None
    if before is None:
        words = "只有当天、由登记不录用的账号，在本人没有新的推荐以前能撤销。还想要这个人的，请联系人社部门重新推荐。"
        raise conflict("refusal-stands", "这次不录用不能撤销", words)
    session.refresh(row)
    session.add(
        ApplicationEvent(
            application_id=row.identity,
            from_state=ApplicationState.REFUSED,
            to_state=row.state,
            account_id=session.info["actor"].account_id,
        )
    )
    session.flush()
    record(
        session, "update", "application", row.identity,
        region=row.worker_region, worker_id=row.worker_id, change={"fields": ["reason", "side", "state"]},
    )  # fmt: skip
    return _answered(row)


def telephone(session: Session, keyring: Keyring, application_id: int, today: date) -> TelephoneTold:
    """The telephone of somebody who has said that she comes; that it was told is written down with it.

    Raises
    ------
    Problem
        409 where she has not agreed, or has not accepted.
    """
    row = applicant_or_404(session, application_id)
    fields = sorted(each.value for each in FOR[DisclosureReason.CONTACT])
    told = {"id": row.identity, "fields": fields, "today": today}
    found = session.connection().execute(_TELEPHONE, told).one_or_none()
    if found is None:
        words = "本人接受录用、并同意告诉本单位的，才能查看电话。没有同意的，请通过当地人社部门联系本人。"
        raise conflict("telephone-not-told", "不能查看电话", words)
    record(
        session, "disclose", "application", row.identity,
        region=row.worker_region, worker_id=row.worker_id, change={"fields": ["phone"]},
    )  # fmt: skip
    return TelephoneTold(telephone=_opened(keyring, found))


def _opened(keyring: Keyring, found: Any) -> str | None:
    if found.phone_sealed is None:
        return None
    try:
        key = open_person_key(keyring, found.master_key_id, bytes(found.sealed_key))
        return unseal(key, bytes(found.phone_sealed), "worker.phone").decode()
    except Unsealable:
        return None


def _to_be_had(session: Session, vacancy_id: int, today: date) -> None:
    """A seat may still be promised: the post's row is held, so that nobody promises the same one meanwhile."""
    post = session.get_one(Vacancy, vacancy_id)
    session.refresh(post, with_for_update=True)
    if post.state is VacancyState.CLOSED:
        raise conflict(
            "vacancy-closed", "岗位已停止招聘", "停止招聘的岗位不能再录用。还要招人，请新写一个岗位。"
        )
    if post.valid_until is not None and post.valid_until < today:
        raise Problem(
            409,
            "vacancy-expired",
            "岗位已过有效期",
            "还要招人的，先在“招聘岗位”里刷新，写上新的有效期，再录用。",
        )
    promised = session.exec(
        select(func.count())
        .select_from(Application)
        .where(Application.vacancy_id == vacancy_id, col(Application.state).in_(HIRED))
    ).one()
    if post.seats is not None and post.seats_taken + promised >= post.seats:
        words = (
            f"这个岗位招{post.seats}人，已有{post.seats_taken}人上岗，另有{promised}人已录用、还没有上岗。"
            "还要招人的，先把招聘人数改多；或等已录用的人不来了，再录用别人。"
        )
        raise conflict("no-seat-left", "岗位已招满", words)


def _people(session: Session, present: Presenter, ids: Sequence[int]) -> dict[int, ApplicantPerson]:
    rows = session.connection().execute(_TOLD, {"ids": list(ids), "today": present.today})
    return {
        row.application_id: ApplicantPerson(
            name=row.name,
            sex=Sex.read(row.sex) if row.sex else None,
            age=row.age,
            home=present.place(row.home),
            education=Education.read(row.education) if row.education else None,
            skills=row.skills or {},
            experience_months=row.experience_months,
        )
        for row in rows
        if row.name is not None
    }


def _titles(session: Session, ids: set[int]) -> dict[int, str]:
    rows = session.exec(select(Vacancy.id, Vacancy.title).where(col(Vacancy.id).in_(ids))).all()
    return {number: title for number, title in rows if number is not None}


def _may_undo(row: Application, today: date) -> bool:
    return row.state is ApplicationState.REFUSED and row.side is Side.EMPLOYER and row.decided_on == today


def _answered(row: Application) -> ApplicantAnswered:
    return ApplicantAnswered(
        id=row.identity,
        version=row.version,
        vacancy_id=row.vacancy_id,
        state=row.state,
        reason=_reason(row),
        answered_on=row.answered_on,
    )


def _reason(row: Application) -> RefusalReason | None:
    return RefusalReason.read(row.reason) if row.reason else None
