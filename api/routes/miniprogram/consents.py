"""/mp/v1/people/{worker_id}/consents: what the person agreed to, the switch of ranking among it; and kinds of message."""

from typing import Annotated

from fastapi import Path
from sqlmodel import col, func, select

from api.consenting import consents_public, one_public, take_consent
from api.deps import KeyringDep, SessionDep, SettingsDep, TodayDep
from api.errors import Problem
from api.message_templates import read_templates
from api.miniprogram.asking import AnyPersonDep, OnceDep, UserDep
from api.miniprogram.laying import PERSON, mini_router
from api.miniprogram.shown import me_public
from api.schemas.base import Day, RowNumber, Told, example
from api.schemas.consent import ConsentCreate, ConsentPublic, ConsentsPublic, ConsentWithdrawal
from api.schemas.miniprogram import MpMe, SubscriptionsTold
from models.consent import ConsentMeans, Purpose
from models.wechat import MessageSubscription

router = mini_router(tag="consent")
_MOST = 20
"""Agreements of one kind that are kept unspent: WeChat lets them add up, nobody needs more."""


class MpConsent(Told):
    """A yes."""

    employer_id: RowNumber | None = None
    until: Day | None = None

    model_config = example({"until": "2022-12-31"})


class MpRefusal(Told):
    """A no."""

    employer_id: RowNumber | None = None

    model_config = example({"employer_id": None})


PurposeAsked = Annotated[
    Purpose, Path(description="用途：service、ranking、employer、sensitive、check_in、messages")
]


@router.get(PERSON + "/consents", operation_id="mp_list_consents")
def list_consents(person: AnyPersonDep, session: SessionDep, today: TodayDep) -> ConsentsPublic:
    """How it stands with every purpose today, what each means, and all that was said."""
    return consents_public(session, person.worker, today)


@router.post(PERSON + "/consents/{purpose}", status_code=201, operation_id="mp_create_consent")
def create_consent(
    purpose: PurposeAsked,
    body: MpConsent,
    person: AnyPersonDep,
    session: SessionDep,
    today: TodayDep,
    once: OnceDep,
) -> ConsentPublic:
    """Agree. To sensitive information and places only the person herself agrees, and to what she has refused herself."""
    told = ConsentCreate(
        purpose=purpose, speaker=person.speaker, means=ConsentMeans.WECHAT, **body.model_dump()
    )
    row = take_consent(session, person.worker, told, today=today, account_id=person.account_id)
    return once.keep(one_public(session, row), worker_id=person.worker.identity)


@router.post(PERSON + "/consents/{purpose}/withdraw", status_code=201, operation_id="mp_withdraw_consent")
def withdraw_consent(
    purpose: PurposeAsked,
    body: MpRefusal,
    person: AnyPersonDep,
    session: SessionDep,
    today: TodayDep,
    once: OnceDep,
) -> ConsentPublic:
    """Do not agree, or no more: what was done on that ground stops with this command. `ranking` is the switch that turns
    scores off."""
    told = ConsentWithdrawal(
        purpose=purpose, speaker=person.speaker, means=ConsentMeans.WECHAT, **body.model_dump()
    )
    row = take_consent(session, person.worker, told, today=today, account_id=person.account_id)
    return once.keep(one_public(session, row), worker_id=person.worker.identity)


@router.post("/subscriptions", status_code=201, operation_id="mp_create_subscriptions")
def create_subscriptions(
    body: SubscriptionsTold,
    session: SessionDep,
    user: UserDep,
    keyring: KeyringDep,
    settings: SettingsDep,
    once: OnceDep,
) -> MpMe:
    """Each kind that the person accepted in WeChat's own dialogue is one message that may be sent."""
    known = read_templates(settings.wechat_templates)
    for kind in dict.fromkeys(body.accepted):
        if kind not in known:
            raise Problem(422, "no-template", "没有这种通知", f"“{kind.label}”的通知模板还没有设置。")
        left = session.exec(
            select(func.count())
            .select_from(MessageSubscription)
            .where(
                MessageSubscription.account_id == user.account_id,
                MessageSubscription.kind == kind,
                col(MessageSubscription.spent_at).is_(None),
            )
        ).one()
        if left < _MOST:
            session.add(MessageSubscription(account_id=user.account_id, kind=kind))
    session.flush()
    answer = me_public(session, keyring, settings, user.account_id)
    return once.keep(answer, told_of=[each.worker_id for each in answer.people])
