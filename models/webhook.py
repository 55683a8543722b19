"""消息推送: where a bureau's own system is told that something happened, and each message that leaves."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, LargeBinary, text
from sqlmodel import Field

from models.base import BIG, INSTANT, JSON_OBJECT, TEXTS, Row, Versioned, coded
from models.coded import Coded


class WebhookEvent(Coded):
    """What is told."""

    VACANCY_PUBLISHED = "vacancy.published", "岗位发布"
    VACANCY_CLOSED = "vacancy.closed", "岗位关闭"
    APPLICATION_CHANGED = "application.changed", "推荐状态变化"
    SPELL_STARTED = "spell.started", "上岗"
    SPELL_ENDED = "spell.ended", "离岗"
    SPELL_CORRECTED = "spell.corrected", "务工记录更正"
    SPELL_VOIDED = "spell.voided", "务工记录撤销"
    IMPORT_FINISHED = "import.finished", "文件处理完成"
    REPORT_FROZEN = "report.frozen", "报表冻结"
    TEST = "test", "测试消息"


class DeliveryState(Coded):
    """What became of a message."""

    WAITING = "waiting", "等待发送"
    DELIVERED = "delivered", "已送达"
    FAILED = "failed", "没有送达"


class DeliveryError(Coded):
    """Why a message was not taken, where no answer says it."""

    ADDRESS = "address", "找不到这个地址"
    FORBIDDEN = "forbidden", "地址在内部网络，不允许发送"
    TIMEOUT = "timeout", "对方没有及时应答"
    CONNECTION = "connection", "连接不上对方"
    ANSWER = "answer", "对方没有接受"
    OFF = "off", "推送已停用"


class Webhook(Versioned, table=True):
    """推送地址: of a region, and told what happens inside it. `failing_since`: nothing was taken since; switched off while
    it is set, it was the service that gave up."""

    __tablename__ = "webhook"

    region: str = Field(foreign_key="region.code", index=True)
    name: str = Field(max_length=100)
    url: str = Field(max_length=500)
    events: list[str] = Field(sa_type=TEXTS, nullable=False)
    account_id: int = Field(foreign_key="account.id", sa_type=BIG)
    failing_since: datetime | None = Field(default=None, sa_type=INSTANT)
    switched_off_at: datetime | None = Field(default=None, sa_type=INSTANT)


class WebhookSecret(Row, table=True):
    """A key that signs, sealed. While it is being changed there are two, the old one until `good_until`."""

    __tablename__ = "webhook_secret"

    webhook_id: int = Field(foreign_key="webhook.id", sa_type=BIG, index=True, ondelete="CASCADE")
    master_key_id: str
    secret_sealed: bytes = Field(sa_type=LargeBinary)
    good_until: datetime | None = Field(default=None, sa_type=INSTANT)


class WebhookDelivery(Row, table=True):
    """One message to one address: numbers of rows and codes. Its number is its name for ever, however often it is sent."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        CheckConstraint("attempts >= 0", "attempts_not_negative"),
        Index("ix_webhook_delivery_of", "webhook_id", "id"),
    )

    webhook_id: int = Field(foreign_key="webhook.id", sa_type=BIG, ondelete="CASCADE")
    event: WebhookEvent = Field(sa_type=coded(WebhookEvent), nullable=False)
    payload: dict[str, Any] = Field(sa_type=JSON_OBJECT, nullable=False)
    happened_at: datetime = Field(sa_type=INSTANT)
    state: DeliveryState = Field(sa_type=coded(DeliveryState), nullable=False)
    attempts: int = Field(default=0, nullable=False, sa_column_kwargs={"server_default": text("0")})
    tried_at: datetime | None = Field(default=None, sa_type=INSTANT)
    code: int | None = Field(default=None, description="the answer's status")
    error: DeliveryError | None = Field(default=None, sa_type=coded(DeliveryError))
