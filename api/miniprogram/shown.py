"""What the mini-program is answered."""

from datetime import date

from sqlmodel import Session, col, func, select

from api.message_templates import read_templates
from api.miniprogram.asking import Person, bound_people
from api.miniprogram.identity import identity_of
from api.presenting import DELETED, Presenter
from api.recommending import Recommendation
from api.schemas.miniprogram import (
    BoundPublic,
    MpApplication,
    MpMatch,
    MpMatches,
    MpMe,
    MpPerson,
    MpReason,
    SubscriptionPublic,
)
from api.schemas.placement import Advice
from api.settings import Settings
from ledger.applications import RefusalReason, next_states
from ledger.people import mask_phone, reveal
from models.application import OPEN_STATES, Application, ApplicationState
from models.id_number import mask_id_number
from models.sealing import Keyring, Unsealable
from models.vacancy import Vacancy
from models.wechat import BindingState, MessageSubscription

_State = ApplicationState
_SENTENCES = {
    _State.PROPOSED: "已把您推荐给单位，等单位答复；想去的请点“报名”",
    _State.APPLIED: "已报名，等单位答复",
    _State.SHORTLISTED: "单位看中了，等面试或进一步通知",
    _State.OFFERED: "单位愿意录用，请答复去还是不去",
    _State.ACCEPTED: "您已答应，等待出发上岗",
    _State.STARTED: "已上岗",
    _State.REFUSED: "没有成",
    _State.WITHDRAWN: "已撤回",
    _State.EXPIRED: "过期没有答复",
    _State.OBSOLETE: "您已在别处上岗",
    _State.POOL: "岗位暂时没有名额，有合适的再推荐您",
}
_MAY = {
    "apply": _State.APPLIED,
    "withdraw": _State.WITHDRAWN,
    "accept": _State.ACCEPTED,
    "refuse": _State.REFUSED,
}
_STARTING = (_State.SHORTLISTED, _State.OFFERED, _State.ACCEPTED)
"""From where a person may say that she has begun."""


def me_public(session: Session, keyring: Keyring, settings: Settings, account_id: int) -> MpMe:
    """Who is logged in, and for whom she speaks."""
    telephone = identity_of(session, keyring, account_id).telephone
    left = dict(
        session.exec(
            select(MessageSubscription.kind, func.count())
            .where(MessageSubscription.account_id == account_id, col(MessageSubscription.spent_at).is_(None))
            .group_by(MessageSubscription.kind)
        ).all()
    )
    return MpMe(
        telephone=mask_phone(telephone) if telephone else None,
        people=[
            BoundPublic(
                binding_id=each.binding_id,
                worker_id=each.worker_id if each.state is BindingState.IN_FORCE else None,
                name=each.name,
                speaker=each.speaker,
                state=each.state,
            )
            for each in bound_people(session)
        ],
        subscriptions=[
            SubscriptionPublic(kind=kind, template_id=template.id, left=left.get(kind, 0))
            for kind, template in read_templates(settings.wechat_templates).items()
        ],
    )


def person_public(session: Session, keyring: Keyring, present: Presenter, person: Person) -> MpPerson:
    """What is on record of a person."""
    [summary] = present.workers([person.worker])
    number: str | None
    phone: str | None
    try:
        number, phone = reveal(session, keyring, person.worker)
        number, phone = number and mask_id_number(number), phone and mask_phone(phone)
    except Unsealable:
        number = phone = DELETED
    return MpPerson(
        worker_id=summary.id,
        name=summary.name,
        sex=summary.sex,
        age=summary.age,
        region=summary.region,
        id_number=number,
        telephone=phone,
        employed=summary.employed,
        restricted=summary.restricted,
        speaker=person.speaker,
        binding_id=person.binding_id,
        is_demo=summary.is_demo,
    )


def matches_public(session: Session, found: Recommendation, present: Presenter) -> MpMatches:
    """Posts with their reasons."""
    ids = [item.id for item in found.ranking.items]
    rows = session.exec(select(Vacancy).where(col(Vacancy.id).in_(ids))).all()
    of_id = {summary.id: summary for summary in present.vacancies(list(rows))}
    return MpMatches(
        as_of=found.ranking.as_of,
        ranked=found.log.ranked,
        ranked_by=found.by if found.ranking.ranker else None,
        switched_off=found.switched_off,
        items=[
            MpMatch(
                rank=item.rank,
                vacancy=of_id[item.id],
                reasons=[MpReason(code=each.code, sentence=each.sentence) for each in item.reasons],
                flags=[flag.sentence for flag in flags],
            )
            for item, flags in zip(found.ranking.items, found.flags, strict=True)
        ],
        advice=[
            Advice(code=each.code, sentence=each.sentence, vacancies=each.vacancies) for each in found.advice
        ],
    )


def applications_public(session: Session, present: Presenter, rows: list[Application]) -> list[MpApplication]:
    """Ways to posts, with what the person may do next."""
    wanted = {row.vacancy_id for row in rows}
    posts = session.exec(select(Vacancy).where(col(Vacancy.id).in_(wanted))).all()
    of_id = {summary.id: summary for summary in present.vacancies(list(posts))}
    return [
        MpApplication(
            id=row.identity,
            vacancy=of_id.get(row.vacancy_id),
            state=row.state,
            applied_on=row.applied_on,
            decided_on=row.decided_on,
            reason=RefusalReason.read(row.reason) if row.reason else None,
            side=row.side,
            start_told_on=row.start_told_on,
            may=_may(row),
            sentence=_sentence(row),
        )
        for row in rows
    ]


def _may(row: Application) -> list[str]:
    if row.state not in OPEN_STATES:
        return []
    after = next_states(row.state)
    found = [name for name, state in _MAY.items() if state in after]
    return [*found, "start"] if row.state in _STARTING and row.start_told_on is None else found


def may_start(row: Application) -> bool:
    """Whether a person may say of this one that she has begun."""
    return row.state in _STARTING


def _sentence(row: Application) -> str:
    if row.start_told_on is not None and row.state in _STARTING:
        return f"您说{day_words(row.start_told_on)}已上岗，等工作人员登记"
    return _SENTENCES[row.state]


def day_words(day: date) -> str:
    """2021年9月20日."""
    return f"{day.year}年{day.month}月{day.day}日"
