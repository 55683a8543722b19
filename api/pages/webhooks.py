"""消息推送: which other systems are told, whether they take it, and sending again."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from fastapi.responses import HTMLResponse

from api.deps import RowId
from api.errors import Problem
from api.pages.desk import Desk, desk_for, to
from api.pages.gathering import Cursor, Fields
from api.pages.naming import regions_below
from api.pages.routing import PageRoute
from api.pages.typed import a_day, first, read_form
from api.rights import Action
from api.routes.bureau import webhooks as door
from api.schemas.webhook import ReplayTold, WebhookCreate, WebhookMade, WebhookUpdate
from api.settings import SHANGHAI
from models.base import now
from models.webhook import DeliveryState, WebhookEvent

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Administrator = Annotated[Desk, Depends(desk_for(Action.MANAGE_ACCOUNTS))]
_SHOWN = 50
_EVENTS = [event for event in WebhookEvent if event is not WebhookEvent.TEST]
_PATH = "/accounts/webhooks"


@router.get("/accounts/webhooks")
def show_webhooks(desk: Administrator, cursor: Cursor = None) -> HTMLResponse:
    """The addresses, and the form of a new one."""
    return _list(desk, cursor=cursor)


@router.post("/accounts/webhooks")
def create_webhook(desk: Administrator, fields: Fields) -> Response:
    """A new address: its secret is shown on the page that answers, and never again."""
    typed = _typed(fields) | {"region": first(fields, "region")}
    made: list[WebhookMade] = []

    def command() -> None:
        told = {name: value for name, value in typed.items() if value}
        body = read_form(WebhookCreate, told)
        made.append(
            door.create_webhook(
                body, desk.session, desk.caller, desk.keyring, desk.settings, desk.once, desk.present
            )
        )

    problem = desk.attempt(command)
    if problem is not None:
        return _list(desk, problem=problem, typed=typed)
    return desk.show("webhook_secret.html", made=made[0])


@router.get("/accounts/webhooks/{webhook_id}")
def show_webhook(
    desk: Administrator, webhook_id: RowId, state: DeliveryState | None = None, cursor: Cursor = None
) -> HTMLResponse:
    """One address and its messages."""
    return _one(desk, webhook_id, state=state, cursor=cursor)


@router.post("/accounts/webhooks/{webhook_id}")
def change_webhook(desk: Administrator, webhook_id: RowId, fields: Fields) -> Response:
    """Change it."""
    typed = _typed(fields)
    return _change(desk, webhook_id, fields, typed, typed)


@router.post("/accounts/webhooks/{webhook_id}/switch")
def switch_webhook(desk: Administrator, webhook_id: RowId, fields: Fields) -> Response:
    """Off, or on again."""
    return _change(desk, webhook_id, fields, {"switched_on": first(fields, "on") == "1"}, None)


@router.post("/accounts/webhooks/{webhook_id}/secret")
def renew_secret(desk: Administrator, webhook_id: RowId) -> Response:
    """A new secret, shown on the page that answers."""
    made: list[WebhookMade] = []

    def command() -> None:
        told = (webhook_id, desk.session, desk.caller, desk.keyring, desk.present)
        made.append(door.renew_webhook_secret(*told))

    problem = desk.attempt(command)
    if problem is not None:
        return _one(desk, webhook_id, problem=problem)
    return desk.show("webhook_secret.html", made=made[0])


@router.post("/accounts/webhooks/{webhook_id}/test")
def send_test(desk: Administrator, webhook_id: RowId) -> Response:
    """Send a message that tells nothing."""

    def command() -> None:
        door.test_webhook(webhook_id, desk.session, desk.caller)

    return _after(desk, webhook_id, command, "sending")


@router.post("/accounts/webhooks/{webhook_id}/replay")
def replay_since(desk: Administrator, webhook_id: RowId, fields: Fields) -> Response:
    """Send everything again since a day."""

    def command() -> None:
        day = a_day("since", first(fields, "since"), "请选择从哪天起重发。")
        since = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
        body = read_form(ReplayTold, {"since": since, "failed_only": "failed_only" in fields})
        door.replay_webhook(webhook_id, body, desk.session, desk.caller)

    return _after(desk, webhook_id, command, "sending")


@router.post("/accounts/webhooks/{webhook_id}/deliveries/{delivery_id}/replay")
def replay_one(desk: Administrator, webhook_id: RowId, delivery_id: RowId) -> Response:
    """Send one message again."""

    def command() -> None:
        door.replay_webhook_delivery(webhook_id, delivery_id, desk.session, desk.caller)

    return _after(desk, webhook_id, command, "sending")


@router.post("/accounts/webhooks/{webhook_id}/delete")
def delete_webhook(desk: Administrator, webhook_id: RowId) -> Response:
    """Nothing more is sent there."""

    def command() -> None:
        door.delete_webhook(webhook_id, desk.session, desk.caller)

    problem = desk.attempt(command)
    return to(f"{_PATH}?done=deleted") if problem is None else _one(desk, webhook_id, problem=problem)


def _typed(fields: dict[str, list[str]]) -> dict[str, Any]:
    return {"name": first(fields, "name"), "url": first(fields, "url"), "events": fields.get("events", [])}


def _change(
    desk: Desk,
    webhook_id: int,
    fields: dict[str, list[str]],
    told: dict[str, Any],
    typed: dict[str, Any] | None,
) -> Response:
    typed_version = first(fields, "version")
    version = int(typed_version) if typed_version.isascii() and typed_version.isdigit() else 0

    def command() -> None:
        body = read_form(WebhookUpdate, told)
        door.update_webhook(
            webhook_id, body, desk.session, desk.caller, version, desk.settings, desk.present, Response()
        )

    problem = desk.attempt(command)
    if problem is None:
        return to(f"{_PATH}/{webhook_id}?done=kept")
    return _one(desk, webhook_id, problem=problem, typed=typed)


def _after(desk: Desk, webhook_id: int, command: Callable[[], None], done: str) -> Response:
    problem = desk.attempt(command)
    if problem is None:
        return to(f"{_PATH}/{webhook_id}?done={done}")
    return _one(desk, webhook_id, problem=problem)


def _list(
    desk: Desk,
    *,
    cursor: str | None = None,
    problem: Problem | None = None,
    typed: dict[str, Any] | None = None,
) -> HTMLResponse:
    return desk.show(
        "webhooks.html",
        path=_PATH,
        problem=problem,
        kept=typed is not None,
        typed=typed or {"name": "", "url": "", "region": "", "events": []},
        found=door.list_webhooks(desk.session, desk.caller, desk.paging(_SHOWN, cursor), desk.present),
        first_page=cursor is None,
        events=_EVENTS,
        regions=regions_below(desk.session, desk.caller.regions, desk.present),
    )


def _one(
    desk: Desk,
    webhook_id: int,
    *,
    state: DeliveryState | None = None,
    cursor: str | None = None,
    problem: Problem | None = None,
    typed: dict[str, Any] | None = None,
) -> HTMLResponse:
    hook = door.read_webhook(webhook_id, desk.session, desk.caller, desk.present, Response())
    return desk.show(
        "webhook.html",
        path=f"{_PATH}/{webhook_id}",
        problem=problem,
        kept=typed is not None,
        hook=hook,
        typed=typed or {"name": hook.name, "url": hook.url, "events": [each.value for each in hook.events]},
        found=door.list_webhook_deliveries(
            webhook_id, desk.session, desk.caller, desk.paging(_SHOWN, cursor), state
        ),
        state=state,
        states=list(DeliveryState),
        first_page=cursor is None,
        events=_EVENTS,
        month_ago=(now().astimezone(SHANGHAI) - timedelta(days=29)).date(),
    )
