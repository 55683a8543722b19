"""推送地址: made, changed, given a new secret, and messages sent again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

from sqlalchemy import func
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from api.audit import record
from api.deps import Caller
from api.errors import conflict, invalid
from api.networks import may_be_called, networks_of
from api.outbox import enqueue
from api.presenting import Presenter, keeping_region
from api.requirements import require_scope
from api.schemas.webhook import DeliveryPublic, WebhookCreate, WebhookPublic, WebhookUpdate
from api.settings import Settings
from api.webhooks.sending import SECRET, TOPIC
from api.webhooks.signing import new_secret, told_secret
from models.base import now
from models.sealing import Keyring, seal
from models.webhook import DeliveryState, Webhook, WebhookDelivery, WebhookEvent, WebhookSecret

OVERLAP = timedelta(hours=24)
"""How long the old secret signs beside the new one."""
_MOST = 20
_MOST_REPLAYED = 5_000


def create(
    session: Session, keyring: Keyring, settings: Settings, caller: Caller, body: WebhookCreate
) -> tuple[Webhook, str]:
    """A new address, and the secret that its receiver verifies by.

    Raises
    ------
    Problem
        403 outside of the caller's regions, 409 where there are many already, 422 for an address that can't be called.
    """
    region = keeping_region(caller, body.region)
    require_scope(session, caller, region)
    require_callable(settings, body.url)
    there = session.execute(
        columns(func.count()).select_from(Webhook).where(col(Webhook.region) == region)
    ).scalar_one()
    if there >= _MOST:
        raise conflict("too-many-webhooks", "推送地址太多", f"一个地区最多{_MOST}个，请先删除不用的。")
    row = Webhook(
        region=region,
        name=body.name,
        url=body.url,
        events=[event.value for event in body.events],
        account_id=caller.account_id,
    )
    session.add(row)
    session.flush()
    return row, _sign_by(session, keyring, row)


def change(session: Session, settings: Settings, row: Webhook, body: WebhookUpdate) -> None:
    """Only what is told.

    Raises
    ------
    Problem
        422 for an address that can't be called, or an empty value.
    """
    told = body.model_dump(exclude_unset=True)
    for field, value in told.items():
        if value is None:
            raise invalid(field, "missing", "不能为空")
    if body.url is not None:
        require_callable(settings, body.url)
        row.url = body.url
    if body.name is not None:
        row.name = body.name
    if body.events is not None:
        row.events = [event.value for event in body.events]
    if body.switched_on is True and row.switched_off_at is not None:
        row.switched_off_at = row.failing_since = None
    if body.switched_on is False and row.switched_off_at is None:
        row.switched_off_at, row.failing_since = now(), None
    session.add(row)
    session.flush()
    session.refresh(row)


def renew_secret(session: Session, keyring: Keyring, row: Webhook) -> str:
    """A new secret; the one before signs beside it for a day, so that the receiver can change in between."""
    until = now() + OVERLAP
    for old in _secrets(session, row):
        # Of two that are being changed the older one ends.
        old.good_until = until if old.good_until is None else now()
        session.add(old)
    session.flush()
    made = _sign_by(session, keyring, row)
    record(session, "renew_secret", "webhook", row.identity, region=row.region)
    return made


def send_test(session: Session, row: Webhook) -> WebhookDelivery:
    """A message that tells nothing.

    Raises
    ------
    Problem
        409 while the address is switched off.
    """
    _on(row)
    at = now()
    message = WebhookDelivery(
        webhook_id=row.identity,
        event=WebhookEvent.TEST,
        payload={"webhook_id": row.identity},
        happened_at=at,
        state=DeliveryState.WAITING,
    )
    session.add(message)
    session.flush()
    _leave(session, message)
    return message


def replay(session: Session, row: Webhook, messages: Sequence[WebhookDelivery]) -> int:
    """Send these again, under their own numbers; how many that are. What waits anyhow is not sent twice.

    Raises
    ------
    Problem
        409 while the address is switched off.
    """
    _on(row)
    again = [message for message in messages if message.state is not DeliveryState.WAITING]
    for message in again:
        message.state, message.error, message.code = DeliveryState.WAITING, None, None
        session.add(message)
        _leave(session, message)
    session.flush()
    if again:
        record(session, "replay", "webhook", row.identity, region=row.region, change={"count": len(again)})
    return len(again)


def messages_since(
    session: Session, row: Webhook, since: datetime, failed_only: bool
) -> Sequence[WebhookDelivery]:
    """The messages of an address since then, the oldest first.

    Raises
    ------
    Problem
        409 where there are too many for one time.
    """
    query = select(WebhookDelivery).where(
        WebhookDelivery.webhook_id == row.identity, WebhookDelivery.happened_at >= since
    )
    if failed_only:
        query = query.where(WebhookDelivery.state == DeliveryState.FAILED)
    found = session.exec(query.order_by(col(WebhookDelivery.id)).limit(_MOST_REPLAYED + 1)).all()
    if len(found) > _MOST_REPLAYED:
        raise conflict("too-many-messages", "消息太多", f"一次最多重发{_MOST_REPLAYED}条，请选晚一些的时间。")
    return found


def require_callable(settings: Settings, url: str) -> None:
    """What can be seen of an address before it is called; who lies behind its name is looked at at each call.

    Raises
    ------
    Problem
        422 for a plain line to another machine, and for a number of an internal network.
    """
    parts = urlsplit(url)
    allowed = networks_of(settings.webhook_networks)
    try:
        address = ip_address(parts.hostname or "")
    except ValueError:
        address = None
    loopback = address is not None and address.is_loopback and may_be_called(address, allowed)
    if parts.scheme != "https" and not loopback:
        raise invalid("url", "not_https", "网址应以https://开头，消息要加密传送。")
    if (address is not None and not may_be_called(address, allowed)) or parts.hostname == "localhost":
        raise invalid(
            "url", "internal", "这是内部网络的地址，默认不允许推送；确需推送的，请系统管理员在设置里放开。"
        )


def webhooks_public(session: Session, present: Presenter, rows: Sequence[Webhook]) -> list[WebhookPublic]:
    """Addresses, without their secrets."""
    numbers = [row.identity for row in rows]
    waiting: dict[int, int] = dict(
        session.execute(
            columns(col(WebhookDelivery.webhook_id), func.count())
            .where(
                col(WebhookDelivery.webhook_id).in_(numbers),
                col(WebhookDelivery.state) == DeliveryState.WAITING,
            )
            .group_by(col(WebhookDelivery.webhook_id))
        ).all()
    )
    changing: dict[int, datetime] = dict(
        session.execute(
            columns(col(WebhookSecret.webhook_id), func.max(col(WebhookSecret.good_until)))
            .where(col(WebhookSecret.webhook_id).in_(numbers), col(WebhookSecret.good_until) > now())
            .group_by(col(WebhookSecret.webhook_id))
        ).all()
    )
    return [
        WebhookPublic(
            **row.model_dump(
                include={"name", "url", "version", "failing_since", "switched_off_at", "created_at"}
            ),
            id=row.identity,
            region=present.known_place(row.region),
            events=[WebhookEvent.read(event) for event in row.events],
            switched_on=row.switched_off_at is None,
            given_up=row.switched_off_at is not None and row.failing_since is not None,
            changing_until=changing.get(row.identity),
            waiting=waiting.get(row.identity, 0),
        )
        for row in rows
    ]


def deliveries_public(rows: Sequence[WebhookDelivery]) -> list[DeliveryPublic]:
    """Messages, each with what became of it."""
    return [
        DeliveryPublic(
            **row.model_dump(
                include={"event", "happened_at", "state", "attempts", "tried_at", "code", "error"}
            ),
            id=row.identity,
            message_id=f"msg_{row.identity}",
            data=dict(row.payload),
        )
        for row in rows
    ]


def _sign_by(session: Session, keyring: Keyring, row: Webhook) -> str:
    key = new_secret()
    session.add(
        WebhookSecret(
            webhook_id=row.identity,
            master_key_id=keyring.current,
            secret_sealed=seal(keyring.master(keyring.current), key, SECRET),
        )
    )
    session.flush()
    return told_secret(key)


def _secrets(session: Session, row: Webhook) -> Sequence[WebhookSecret]:
    return session.exec(select(WebhookSecret).where(WebhookSecret.webhook_id == row.identity)).all()


def _leave(session: Session, message: WebhookDelivery) -> None:
    enqueue(session, TOPIC, {"delivery_id": message.identity, "webhook_id": message.webhook_id})


def _on(row: Webhook) -> None:
    if row.switched_off_at is not None:
        raise conflict("webhook-off", "推送已停用", "请先启用这个推送地址，再发送。")
