"""What a message says, read when it is sent: if it is not so any more, nothing is sent."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from sqlmodel import Session, col, select

from api.benefits import benefits_of
from api.message_templates import Value
from api.settings import Settings
from models.application import Application, ApplicationState
from models.benefit import BenefitClaim, ClaimState
from models.dispatch import Dispatch, DispatchMember
from models.employer import Employer
from models.notice import Notice
from models.region import Region
from models.spell import EmploymentSpell
from models.vacancy import Vacancy
from models.wechat import MessageKind

Facts = Mapping[Value, str]
_THING, _PHRASE = 20, 5
_AFTER = timedelta(days=30)
_EPOCH = date(1970, 1, 1)


def facts_of(session: Session, settings: Settings, notice: Notice) -> Facts | None:
    """The values of a message, None where there is nothing to tell any more."""
    return _READERS[notice.kind](session, settings, notice)


def fitted(field: str, value: str) -> str:
    """A value cut to what a field of that name takes."""
    if field.startswith("thing"):
        return value[:_THING]
    return value[:_PHRASE] if field.startswith("phrase") else value


def _of_application(state: ApplicationState, tip: str) -> Callable[[Session, Settings, Notice], Facts | None]:
    def read(session: Session, _: Settings, notice: Notice) -> Facts | None:
        row = session.get(Application, notice.subject)
        if row is None or row.worker_id != notice.worker_id or row.state is not state:
            return None
        return _post(session, row.vacancy_id) | {Value.STATE: state.label, Value.TIP: tip}

    return read


def _of_dispatch(session: Session, settings: Settings, notice: Notice) -> Facts | None:
    batch = session.get(Dispatch, notice.subject)
    member = session.get(DispatchMember, (notice.subject, notice.worker_id))
    if batch is None or member is None or batch.departs_on < settings.today():
        return None
    post = _post(session, member.vacancy_id)
    place = _place(session, batch.destination) or post.get(Value.PLACE, "")
    return {Value.POST: "集中出发", Value.EMPLOYER: "", **post} | {
        Value.DAY: _day(batch.departs_on),
        Value.PLACE: place or "见输送通知",
        Value.STATE: "待出发",
        Value.TIP: "请带好身份证，按时集合",
    }


def _of_work(session: Session, settings: Settings, notice: Notice) -> Facts | None:
    today = settings.today()
    spell = session.exec(
        select(EmploymentSpell).where(
            EmploymentSpell.worker_id == notice.worker_id,
            col(EmploymentSpell.superseded_at).is_(None),
            col(EmploymentSpell.is_main),
            col(EmploymentSpell.ended_on).is_(None),
        )
    ).first()
    # Who has said so since need not be asked.
    if (
        spell is None
        or (spell.observed_until or spell.started_on) > _EPOCH + timedelta(notice.subject) - _AFTER
    ):
        return None
    firm = session.get(Employer, spell.employer_id) if spell.employer_id else None
    return {
        Value.EMPLOYER: firm.name if firm else "目前的工作",
        Value.PLACE: _place(session, spell.region),
        Value.DAY: _day(today),
        Value.STATE: "待打卡",
        Value.TIP: "还在岗的，点开打个卡",
    }


def _of_claim(session: Session, settings: Settings, notice: Notice) -> Facts | None:
    row = session.get(BenefitClaim, notice.subject)
    if row is None or row.worker_id is None or row.state is not ClaimState.PAID or row.paid_on is None:
        return None
    benefit = benefits_of(settings).get(row.benefit)
    return {
        Value.BENEFIT: benefit.name if benefit else "就业补贴",
        Value.AMOUNT: f"{(row.amount or 0) / 100:.2f}元",
        Value.DAY: _day(row.paid_on),
        Value.STATE: "已发放",
        Value.TIP: "请留意银行卡到账",
    }


def _post(session: Session, vacancy_id: int | None) -> dict[Value, str]:
    row = session.get(Vacancy, vacancy_id) if vacancy_id else None
    if row is None:
        return {}
    firm = session.get(Employer, row.employer_id) if row.employer_id else None
    return {
        Value.POST: row.title,
        Value.EMPLOYER: firm.name if firm else "用人单位",
        Value.PLACE: _place(session, row.region),
    }


def _place(session: Session, code: str | None) -> str:
    row = session.get(Region, code) if code else None
    return row.name if row else ""


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


_READERS: dict[MessageKind, Callable[[Session, Settings, Notice], Facts | None]] = {
    MessageKind.NEW_MATCH: _of_application(ApplicationState.PROPOSED, "点开看理由，想去就报名"),
    MessageKind.INTERVIEW: _of_application(ApplicationState.SHORTLISTED, "保持电话畅通，等面试通知"),
    MessageKind.OFFER: _of_application(ApplicationState.OFFERED, "请尽快答复去还是不去"),
    MessageKind.START_DATE: _of_dispatch,
    MessageKind.FOLLOW_UP: _of_work,
    MessageKind.BENEFIT_PAID: _of_claim,
}
