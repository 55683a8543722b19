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
from api.messages.sms import SmsAway, SmsRefused, SmsUnknown, send_sms
from api.miniprogram.identity import opened
from api.settings import SHANGHAI, Settings
from api.wechat.client import WeChat
from api.wechat.codes import Kind, WeChatError
from ledger.consents.standing import Standing, consents_of, standing
from ledger.people import reveal
from models.base import now as present
from models.consent import THEMSELVES, Purpose, Speaker
from models.notice import CallRequest, CallWhy, Channel, Notice, NoticeState
from models.sealing import Keyring, Unsealable
from models.wechat import MessageKind
from models.worker import Worker

MOST_ATTEMPTS = 10
"""With their pauses some fifteen hours, and the nights between; then somebody calls."""
STALE = timedelta(days=3)
"""What could not be told for so long is not news."""
_CALL_WITHIN = timedelta(days=2)
_FOR = text("SELECT set_config('app.worker', :worker, true), set_config('app.regions', '{}', true)")
_RESERVE = text("SELECT subscription_id, account_id FROM reserve_subscription(:kind, :notice)")
_SETTLE = text("SELECT settle_subscription(:notice, :spent)")
_FORGET = text("SELECT forget_subscriptions(:kind, :account)")
_SPEAKING = text("SELECT account_id, speaker, master_key_id, identity_sealed FROM speaking_for_me()")
_log = structlog.get_logger("wengang.messages")


class Outcome(Enum):
    """What came of an attempt."""

    SENT = "sent"
    GIVEN_UP = "given_up"
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
    """How this one goes out: to whose WeChat (`openid`, the account that agreed, and how it stands to her), or to which
    telephone."""

    notice_id: int
    round: int
    facts: Facts
    channel: Channel
    to: str = ""
    account_id: int = 0
    speaker: Speaker = Speaker.SELF


def quiet_until(settings: Settings, at: datetime) -> datetime | None:
    """When messages go out again, if nobody is to be disturbed now."""
    local = at.astimezone(SHANGHAI)
    morning = local.replace(hour=settings.quiet_until % 24, minute=0, second=0, microsecond=0)
    if local.hour >= settings.quiet_from:
        return morning + timedelta(days=1)
    return morning if local.hour < settings.quiet_until else None


def send_notice(office: Office, payload: dict[str, Any], *, made_at: datetime, attempts: int) -> Outcome:
    """Tell a person one thing, or find that there is nothing to tell any more."""
    kind, subject = MessageKind.read(payload["kind"]), int(payload["subject"])
    with office.sessions() as session, session.begin():
        worker_id = _kept(session, int(payload["worker_id"]), kind, subject)
    tried: set[Channel] = set()
    if attempts > MOST_ATTEMPTS:
        tried = {Channel.WECHAT, Channel.SMS}
    while True:
        with office.sessions() as session, session.begin():
            _see_alone(session, worker_id)
            way = _way(session, office, worker_id, kind, subject, made_at, tried)
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
                _forget(office, worker_id, kind, way)
            tried.add(Channel.WECHAT)
        except SmsAway:
            return Outcome.AGAIN
        except (SmsRefused, SmsUnknown) as error:
            _log.warning("sms_refused" if isinstance(error, SmsRefused) else "sms_unknown")
            tried.add(Channel.SMS)
        else:
            with office.sessions() as session, session.begin():
                _see_alone(session, worker_id)
                _settle(session, way)
            if way.speaker in THEMSELVES:
                return Outcome.SENT
            # Somebody else's WeChat has it: she herself is told as well.
            tried.add(Channel.WECHAT)
            continue
        _note_code(office, worker_id, way.notice_id, code)


def _see_alone(session: Session, worker_id: int) -> None:
    """The session sees this person, and nobody else."""
    session.connection().execute(_FOR, {"worker": str(worker_id)})


def _kept(session: Session, worker_id: int, kind: MessageKind, subject: int) -> int:
    """Who is told: of a record that a merge has put away since, the one that was kept."""
    _see_alone(session, worker_id)
    row = session.get(Worker, worker_id)
    while row is not None and row.merged_into is not None:
        gone, worker_id = worker_id, row.merged_into
        _see_alone(session, worker_id)
        row = session.get(Worker, worker_id)
        left = select(Notice).where(
            Notice.worker_id == gone,
            Notice.kind == kind,
            Notice.subject == subject,
            Notice.state == NoticeState.WAITING,
        )
        for notice in session.exec(left):
            _drop(session, notice)
    return worker_id


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
    if not worker.restricted and present() - made_at < STALE:
        facts = facts_of(session, office.settings, notice)
    if facts is None:
        _drop(session, notice)
        return None
    agreed = standing(
        consents_of(session, [worker_id]).get(worker_id, []), Purpose.MESSAGES, office.settings.today()
    )[0]
    by_wechat = office.wechat is not None and kind in read_templates(office.settings.wechat_templates)
    if notice.beside_at is not None or Channel.WECHAT in tried:
        by_wechat = False
    # Who agreed to this one message in WeChat's own dialogue need not have agreed before; who said no is not written to.
    if by_wechat and agreed in (Standing.IN_FORCE, Standing.NONE):
        found = _reserved(session, office.keyring, notice, kind)
        if found is not None:
            account_id, speaker, openid = found
            return _Way(notice.identity, notice.round, facts, Channel.WECHAT, openid, account_id, speaker)
    by_sms = bool(office.settings.sms_url) and kind in read_sms_templates(office.settings.sms_templates)
    if by_sms and Channel.SMS not in tried and agreed is Standing.IN_FORCE:
        phone = _phone(session, office.keyring, worker)
        if phone is not None:
            return _Way(notice.identity, notice.round, facts, Channel.SMS, phone)
    _have_called(session, worker, office.settings)
    notice.state, notice.channel = NoticeState.CALLING, Channel.CALL
    session.add(notice)
    _release(session, notice.identity, spent=False)
    return None


def _drop(session: Session, notice: Notice) -> None:
    notice.state = NoticeState.DROPPED
    session.add(notice)
    _release(session, notice.identity, spent=False)


def _release(session: Session, notice_id: int, *, spent: bool) -> None:
    """The agreement that was reserved for this message is spent, or free for another."""
    session.connection().execute(_SETTLE, {"notice": notice_id, "spent": spent})


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
) -> tuple[int, Speaker, str] | None:
    """Whose agreement this message spends, how she stands to the person, and her `openid`."""
    told = {"kind": kind.value, "notice": notice.identity}
    row = session.connection().execute(_RESERVE, told).first()
    if row is None:
        return None
    for each in session.connection().execute(_SPEAKING):
        if each.account_id == row.account_id:
            identity = opened(keyring, each.master_key_id, each.identity_sealed)
            return int(each.account_id), Speaker.read(each.speaker), identity.openid
    # Who agreed speaks for her no more.
    _release(session, notice.identity, spent=False)
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
        values = {value.value: way.facts.get(value, "") for value in template.values}
        send_sms(office.settings, f"{way.notice_id}-{way.round}", way.to, template.id, values)
        return
    if office.wechat is None:
        raise WeChatError(Kind.SETTINGS)
    told = read_templates(office.settings.wechat_templates)[kind]
    data = {field: fitted(field, way.facts.get(value) or "见详情") for field, value in told.fields.items()}
    office.wechat.send(way.to, told.id, data, page=told.page_of(way.notice_id))


def _settle(session: Session, way: _Way) -> None:
    """It has left. What it told may have changed meanwhile: then it is told anew, by the message that says so."""
    notice = session.get_one(Notice, way.notice_id, with_for_update=True)
    _release(session, way.notice_id, spent=way.channel is Channel.WECHAT)
    if notice.round != way.round:
        return
    if way.speaker in THEMSELVES:
        notice.state, notice.channel, notice.sent_at = NoticeState.SENT, way.channel, present()
    else:
        notice.beside_at = present()
    notice.code = None
    session.add(notice)


def _note_code(office: Office, worker_id: int, notice_id: int, code: int | None) -> None:
    with office.sessions() as session, session.begin():
        _see_alone(session, worker_id)
        notice = session.get_one(Notice, notice_id)
        notice.code = code
        session.add(notice)


def _forget(office: Office, worker_id: int, kind: MessageKind, way: _Way) -> None:
    with office.sessions() as session, session.begin():
        _see_alone(session, worker_id)
        session.connection().execute(_FORGET, {"kind": kind.value, "account": way.account_id})
        _release(session, way.notice_id, spent=True)
