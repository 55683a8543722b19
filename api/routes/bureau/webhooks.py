"""/v1/webhooks: which other systems are told what happens in my regions, and every message to them."""

from typing import Annotated

from fastapi import Depends, Query, Response
from sqlmodel import Session, col, select

from api.deps import Caller, KeyringDep, RowId, SessionDep, SettingsDep, allowed
from api.errors import PROBLEMS, not_found
from api.idempotency import OnceDep
from api.laying import bureau_router
from api.paging import Page, PagingDep, page_of
from api.presenting import PresenterDep
from api.rights import Action
from api.schemas.dispatch import ChangedPublic
from api.schemas.webhook import (
    DeliveryPublic,
    ReplayTold,
    WebhookCreate,
    WebhookMade,
    WebhookPublic,
    WebhookUpdate,
)
from api.versions import IfMatchDep, etag, hold
from api.webhooks import keeping
from models.webhook import DeliveryState, Webhook, WebhookDelivery, WebhookEvent

router = bureau_router("/webhooks", tag="webhook", responses=PROBLEMS)
Administrator = Annotated[Caller, Depends(allowed(Action.MANAGE_ACCOUNTS))]


@router.get("", operation_id="list_webhooks")
def list_webhooks(
    session: SessionDep, _: Administrator, paging: PagingDep, present: PresenterDep
) -> Page[WebhookPublic]:
    """The addresses of my regions."""
    rows, cursor, total = page_of(
        session,
        select(Webhook),
        paging,
        number=col(Webhook.id),
        sorts={"name": col(Webhook.name)},
        default="id",
    )
    items = keeping.webhooks_public(session, present, rows)
    return Page(items=items, next_cursor=cursor, total=total)


@router.post("", status_code=201, operation_id="create_webhook")
def create_webhook(
    body: WebhookCreate,
    session: SessionDep,
    caller: Administrator,
    keyring: KeyringDep,
    settings: SettingsDep,
    once: OnceDep,
    present: PresenterDep,
) -> WebhookMade:
    """A new address; the secret of the answer is told this once (sent again, the command is answered without it)."""
    row, secret = keeping.create(session, keyring, settings, caller, body)
    made = WebhookMade(webhook=keeping.webhooks_public(session, present, [row])[0], secret=None)
    once.keep(made)
    return made.model_copy(update={"secret": secret})


@router.get("/{webhook_id}", operation_id="read_webhook")
def read_webhook(
    webhook_id: RowId, session: SessionDep, _: Administrator, present: PresenterDep, response: Response
) -> WebhookPublic:
    """One address."""
    row = webhook_or_404(session, webhook_id)
    response.headers.update(etag(row))
    return keeping.webhooks_public(session, present, [row])[0]


@router.patch("/{webhook_id}", operation_id="update_webhook")
def update_webhook(
    webhook_id: RowId,
    body: WebhookUpdate,
    session: SessionDep,
    _: Administrator,
    version: IfMatchDep,
    settings: SettingsDep,
    present: PresenterDep,
    response: Response,
) -> WebhookPublic:
    """Change it, switch it off or on (JSON merge patch)."""
    row = webhook_or_404(session, webhook_id)
    hold(session, row, version)
    keeping.change(session, settings, row, body)
    response.headers.update(etag(row))
    return keeping.webhooks_public(session, present, [row])[0]


@router.delete("/{webhook_id}", status_code=204, operation_id="delete_webhook")
def delete_webhook(webhook_id: RowId, session: SessionDep, _: Administrator) -> None:
    """Nothing more is sent there; its messages go with it."""
    session.delete(webhook_or_404(session, webhook_id))
    session.flush()


@router.post("/{webhook_id}/secret", operation_id="renew_webhook_secret")
def renew_webhook_secret(
    webhook_id: RowId, session: SessionDep, _: Administrator, keyring: KeyringDep, present: PresenterDep
) -> WebhookMade:
    """A new secret, told this once; for a day messages carry a signature by each."""
    row = webhook_or_404(session, webhook_id)
    secret = keeping.renew_secret(session, keyring, row)
    return WebhookMade(webhook=keeping.webhooks_public(session, present, [row])[0], secret=secret)


@router.post("/{webhook_id}/test", operation_id="test_webhook")
def test_webhook(webhook_id: RowId, session: SessionDep, _: Administrator) -> DeliveryPublic:
    """Send a message that tells nothing; what became of it stands among the messages."""
    row = webhook_or_404(session, webhook_id)
    return keeping.deliveries_public([keeping.send_test(session, row)])[0]


@router.get("/{webhook_id}/deliveries", operation_id="list_webhook_deliveries")
def list_webhook_deliveries(
    webhook_id: RowId,
    session: SessionDep,
    _: Administrator,
    paging: PagingDep,
    state: Annotated[DeliveryState | None, Query()] = None,
    event: Annotated[WebhookEvent | None, Query()] = None,
) -> Page[DeliveryPublic]:
    """The messages of the last 30 days, the latest first."""
    query = select(WebhookDelivery).where(
        WebhookDelivery.webhook_id == webhook_or_404(session, webhook_id).identity
    )
    if state is not None:
        query = query.where(WebhookDelivery.state == state)
    if event is not None:
        query = query.where(WebhookDelivery.event == event)
    rows, cursor, total = page_of(session, query, paging, number=col(WebhookDelivery.id), sorts={})
    return Page(items=keeping.deliveries_public(rows), next_cursor=cursor, total=total)


@router.post("/{webhook_id}/deliveries/{delivery_id}/replay", operation_id="replay_webhook_delivery")
def replay_webhook_delivery(
    webhook_id: RowId, delivery_id: RowId, session: SessionDep, _: Administrator
) -> ChangedPublic:
    """Send one message again, under its own number."""
    row = webhook_or_404(session, webhook_id)
    message = session.get(WebhookDelivery, delivery_id)
    if message is None or message.webhook_id != row.identity:
        raise not_found("这条消息")
    return ChangedPublic(changed=keeping.replay(session, row, [message]))


@router.post("/{webhook_id}/replay", operation_id="replay_webhook")
def replay_webhook(
    webhook_id: RowId, body: ReplayTold, session: SessionDep, _: Administrator
) -> ChangedPublic:
    """Send everything again that happened since then, in its order."""
    row = webhook_or_404(session, webhook_id)
    messages = keeping.messages_since(session, row, body.since, body.failed_only)
    return ChangedPublic(changed=keeping.replay(session, row, messages))


def webhook_or_404(session: Session, webhook_id: int) -> Webhook:
    """The address, if the session may see it.

    Raises
    ------
    Problem
        404 otherwise.
    """
    row = session.get(Webhook, webhook_id)
    if row is None:
        raise not_found("这个推送地址")
    return row
