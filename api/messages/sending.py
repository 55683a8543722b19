"""One notice, sent: by WeChat where she agreed to just this one message, by SMS where she agreed to messages, and otherwise
somebody calls. It is tried any number of times and sent once; what can't be sent is never said to be."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

import structlog
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from api.database import Sessions
from api.message_templates import read_sms_templates, read_templates
from api.messages.facts import Facts, facts_of, fitted
from api.messages.sms import SmsAway, SmsRefused, send_sms
from api.miniprogram.identity import opened
from api.settings import SHANGHAI, Settings
from api.wechat.client import WeChat
from api.wechat.codes import Kind, WeChatError
from ledger.consents.standing import Standing, consents_of, standing
from ledger.people import reveal
from models.base import now as present
from models.consent import Purpose
from models.notice import CallRequest, CallWhy, Channel, Notice, NoticeState
from models.sealing import Keyring, Unsealable
from models.wechat import MessageKind
from models.worker import Worker

MOST_ATTEMPTS = 10
"""Over about two days; then somebody calls."""
STALE = timedelta(days=3)
"""What could not be told for so long is not news."""
_CALL_WITHIN = timedelta(days=2)
_FOR = text("SELECT set_config('app.worker', :worker, true), set_config('app.regions', '{}', true)")
_RESERVE = text("SELECT subscription_id, account_id FROM reserve_subscription(:kind, :notice)")
_FORGET = text("SELECT forget_subscriptions(:kind, :account)")
_SPEAKING = text("SELECT account_id, master_key_id, identity_sealed FROM speaking_for_me()")
_log = structlog.get_logger("wengang.messages")


class Outcome(Enum):
    """What came of an attempt."""

    SENT = "sent"
    AGAIN = "again"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Office:
    """What sends: sessions, keys, settings, and WeChat where a mini-program is set up."""

    sessions: Sessions
    keyring: Keyring
    settings: Settings
    wechat: WeChat | None


@dataclass(frozen=True, slots=True)
class _Way:
    """How this one goes out: to whose WeChat (`openid`, and the account that agreed), or to which telephone."""

    notice_id: int
    facts: Facts
    channel: Channel
    to: str = ""
    account_id: int = 0


def quiet_until(settings: Settings, at: datetime) -> datetime | None:
    """When messages go out again, if nobody is to be disturbed now."""
    local = at.astimezone(SHANGHAI)
    morning = local.replace(hour=settings.quiet_until % 24, minute=0, second=0, microsecond=0)
    if local.hour >= settings.quiet_from:
        return morning + timedelta(days=1)
    return morning if local.hour < settings.quiet_until else None


def send_notice(office: Office, payload: dict[str, Any], *, made_at: datetime, attempts: int) -> Outcome:
    """Tell a person one thing, or find that there is nothing to tell any more."""
    worker_id, kind = int(payload["worker_id"]), MessageKind.read(payload["kind"])
    tried: set[Channel] = set()
    if attempts > MOST_ATTEMPTS:
        tried = {Channel.WECHAT, Channel.SMS}
    while True:
        with office.sessions() as session, session.begin():
            _see_alone(session, worker_id)
            way = _way(session, office, worker_id, kind, int(payload["subject"]), made_at, tried)
        if way is None:
            return Outcome.SENT
        code: int | None = None
        try:
            _go(office, kind, way)
        except WeChatError as error:
            code = error.code
            if error.kind in (Kind.LATER, Kind.TOKEN):
                _note_code(office, worker_id, way.notice_id, code)
                return Outcome.AGAIN
            _log.warning("message_refused", kind=error.kind.value, code=code)
            if error.kind is Kind.UNSUBSCRIBED:
                _forget(office, worker_id, kind, way.account_id)
            tried.add(Channel.WECHAT)
        except SmsAway:
            return Outcome.AGAIN
        except SmsRefused:
            _log.warning("sms_refused")
            tried.add(Channel.SMS)
        else:
            with office.sessions() as session, session.begin():
                _see_alone(session, worker_id)
                _settle(session, way)
            return Outcome.SENT
        _note_code(office, worker_id, way.notice_id, code)


def _see_alone(session: Session, worker_id: int) -> None:
    """The session sees this person, and nobody else."""
    session.connection().execute(_FOR, {"worker": str(worker_id)})


def _way(
    session: Session,
    office: Office,
    worker_id: int,
    kind: MessageKind,
    subject: int,
    made_at: datetime,
    tried: set[Channel],
) -> _Way | None:
    worker = session.get(Worker, worker_id)
    if worker is None:
        return None
    notice = _notice(session, worker, kind, subject)
    if notice.state is not NoticeState.WAITING:
        return None
    facts = None
    if not worker.restricted and worker.merged_into is None and present() - made_at < STALE:
        facts = facts_of(session, office.settings, notice)
    if facts is None:
        notice.state = NoticeState.DROPPED
        session.add(notice)
        return None
    agreed = standing(
        consents_of(session, [worker_id]).get(worker_id, []), Purpose.MESSAGES, office.settings.today()
    )[0]
    by_wechat = office.wechat is not None and kind in read_templates(office.settings.wechat_templates)
    # Who agreed to this one message in WeChat's own dialogue need not have agreed before; who said no is not written to.
    if by_wechat and Channel.WECHAT not in tried and agreed in (Standing.IN_FORCE, Standing.NONE):
        found = _reserved(session, office.keyring, notice, kind)
        if found is not None:
            return _Way(notice.identity, facts, Channel.WECHAT, found[1], found[0])
    by_sms = bool(office.settings.sms_url) and kind in read_sms_templates(office.settings.sms_templates)
    if by_sms and Channel.SMS not in tried and agreed is Standing.IN_FORCE:
        phone = _phone(session, office.keyring, worker)
        if phone is not None:
            return _Way(notice.identity, facts, Channel.SMS, phone)
    _have_called(session, worker, office.settings)
    notice.state, notice.channel = NoticeState.CALLING, Channel.CALL
    session.add(notice)
    return None


def _notice(session: Session, worker: Worker, kind: MessageKind, subject: int) -> Notice:
    told = {"worker_id": worker.identity, "kind": kind, "subject": subject}
    session.execute(
        insert(Notice)
        .values(**told, created_at=present(), state=NoticeState.WAITING, is_demo=worker.is_demo)
        .on_conflict_do_nothing(index_elements=["worker_id", "kind", "subject"])
    )
    return session.exec(
        select(Notice)
        .where(Notice.worker_id == worker.identity, Notice.kind == kind, Notice.subject == subject)
        .with_for_update()
    ).one()


def _reserved(
    session: Session, keyring: Keyring, notice: Notice, kind: MessageKind
) -> tuple[int, str] | None:
    """Whose agreement this message spends, and her `openid`."""
    told = {"kind": kind.value, "notice": notice.identity}
    row = session.connection().execute(_RESERVE, told).first()
    if row is None:
        return None
    for each in session.connection().execute(_SPEAKING):
        if each.account_id == row.account_id:
            return int(each.account_id), opened(keyring, each.master_key_id, each.identity_sealed).openid
    return None


def _phone(session: Session, keyring: Keyring, worker: Worker) -> str | None:
    try:
        return reveal(session, keyring, worker)[1]
    except Unsealable:
        return None


def _have_called(session: Session, worker: Worker, settings: Settings) -> None:
    """Somebody is to call; once for all that waits to be told."""
    today = settings.today()
    session.execute(
        insert(CallRequest)
        .values(
            created_at=present(),
            worker_id=worker.identity,
            why=CallWhy.MESSAGE,
            asked_on=today,
            due_on=today + _CALL_WITHIN,
            is_demo=worker.is_demo,
        )
        .on_conflict_do_nothing(
            index_elements=["worker_id", "why"], index_where=col(CallRequest.done_on).is_(None)
        )
    )


def _go(office: Office, kind: MessageKind, way: _Way) -> None:
    if way.channel is Channel.SMS:
        template = read_sms_templates(office.settings.sms_templates)[kind]
        send_sms(
            office.settings, way.to, template, {value.value: words for value, words in way.facts.items()}
        )
        return
    if office.wechat is None:
        raise WeChatError(Kind.SETTINGS)
    told = read_templates(office.settings.wechat_templates)[kind]
    data = {field: fitted(field, way.facts.get(value) or "见详情") for field, value in told.fields.items()}
    office.wechat.send(way.to, told.id, data, page=told.page)


def _settle(session: Session, way: _Way) -> None:
    notice = session.get_one(Notice, way.notice_id, with_for_update=True)
    notice.state, notice.channel, notice.sent_at, notice.code = (
        NoticeState.SENT, way.channel, present(), None,
    )  # fmt: skip
    session.add(notice)


def _note_code(office: Office, worker_id: int, notice_id: int, code: int | None) -> None:
    with office.sessions() as session, session.begin():
        _see_alone(session, worker_id)
        notice = session.get_one(Notice, notice_id)
        notice.code = code
        session.add(notice)


def _forget(office: Office, worker_id: int, kind: MessageKind, account_id: int) -> None:
    with office.sessions() as session, session.begin():
        _see_alone(session, worker_id)
        session.connection().execute(_FORGET, {"kind": kind.value, "account": account_id})
