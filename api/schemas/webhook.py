"""消息推送 over REST."""

from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field

from api.schemas.base import Instant, Place, Plain, RegionCode, Title, Told, example
from models.webhook import DeliveryError, DeliveryState, WebhookEvent


def _called(url: str) -> str:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError("不是完整的网址") from None
    if parts.scheme not in ("https", "http") or not parts.hostname or port == 0:
        raise ValueError("应是完整的网址，以https://开头")
    if parts.username is not None or parts.password is not None:
        raise ValueError("网址里不要写用户名和密码，对方用签名核对消息")
    if parts.fragment or not url.isascii() or not url.isprintable() or " " in url:
        raise ValueError("网址里不要有空格、汉字和#")
    return url


def _subscribed(events: list[WebhookEvent]) -> list[WebhookEvent]:
    if WebhookEvent.TEST in events:
        raise ValueError("测试消息不用选，随时可以发")
    return list(dict.fromkeys(events))


Url = Annotated[Plain, Field(min_length=8, max_length=500), AfterValidator(_called)]
Events = Annotated[list[WebhookEvent], Field(min_length=1, max_length=20), AfterValidator(_subscribed)]


class WebhookCreate(Told):
    """Where messages go, and of what."""

    name: Title
    region: RegionCode | None = Field(None, description="只推送这个地区的消息；只管一个地区的账号可以不填")
    url: Url
    events: Events

    model_config = example(
        {
            "name": "县数据平台",
            "region": "610728",
            "url": "https://example.org/wengang",
            "events": ["application.changed", "spell.started", "spell.ended"],
        }
    )


class WebhookUpdate(Told):
    """What may be changed of it (JSON merge patch); `switched_on` true also ends the service's own switching off."""

    name: Title | None = None
    url: Url | None = None
    events: Events | None = None
    switched_on: bool | None = None

    model_config = example({"events": ["spell.started", "spell.ended"]})


class WebhookPublic(BaseModel):
    """An address, and how it does."""

    id: int
    version: int
    name: str
    region: Place
    url: str
    events: list[WebhookEvent]
    switched_on: bool
    failing_since: Instant | None = Field(description="从何时起一直没有送达")
    switched_off_at: Instant | None
    given_up: bool = Field(description="连续几天没有送达，系统自己停用了")
    changing_until: Instant | None = Field(description="正在换签名密钥，旧密钥用到这时")
    waiting: int = Field(description="等待发送的消息")
    created_at: Instant


class WebhookMade(BaseModel):
    """A new address, or a new secret of one: the secret is told this once."""

    webhook: WebhookPublic
    secret: str | None = Field(description="whsec_开头的签名密钥，只在这一次回执里")


class DeliveryPublic(BaseModel):
    """One message."""

    id: int
    message_id: str = Field(description="请求头 webhook-id；重发不变")
    event: WebhookEvent
    data: dict[str, Any]
    happened_at: Instant
    state: DeliveryState
    attempts: int
    tried_at: Instant | None
    code: int | None = Field(description="对方应答的状态码")
    error: DeliveryError | None


class ReplayTold(Told):
    """From when on messages are sent again."""

    since: AwareDatetime = Field(description="从这时起发生的；消息保存30天")
    failed_only: bool = Field(False, description="只重发没有送达的")

    model_config = example({"since": "2021-09-20T00:00:00+08:00", "failed_only": True})
