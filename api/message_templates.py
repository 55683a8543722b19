"""The templates of messages, as the settings tell them: which of our values stands in which field, and nothing else does."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from models.coded import Coded
from models.wechat import MessageKind

_WECHAT, _SMS = "WENGANG_WECHAT_TEMPLATES", "WENGANG_SMS_TEMPLATES"


class Value(Coded):
    """What may be told in a message. None is of the person: neither name nor number."""

    POST = "post", "岗位"
    EMPLOYER = "employer", "单位"
    PLACE = "place", "地点"
    DAY = "day", "日期"
    STATE = "state", "状态"
    TIP = "tip", "提示"
    BENEFIT = "benefit", "补贴"
    AMOUNT = "amount", "金额"


_OF_A_POST = frozenset({Value.POST, Value.EMPLOYER, Value.PLACE, Value.STATE, Value.TIP})
VALUES: Mapping[MessageKind, frozenset[Value]] = {
    MessageKind.NEW_MATCH: _OF_A_POST,
    MessageKind.INTERVIEW: _OF_A_POST,
    MessageKind.OFFER: _OF_A_POST,
    MessageKind.START_DATE: _OF_A_POST | {Value.DAY},
    MessageKind.FOLLOW_UP: frozenset({Value.EMPLOYER, Value.PLACE, Value.DAY, Value.STATE, Value.TIP}),
    MessageKind.BENEFIT_PAID: frozenset({Value.BENEFIT, Value.AMOUNT, Value.DAY, Value.STATE, Value.TIP}),
}
"""What each kind of message has to tell: a template that asks for more would leave a field empty."""


@dataclass(frozen=True, slots=True)
class Template:
    """One template: WeChat's number of it, the page that it leads to, and by field which value."""

    id: str
    page: str
    fields: Mapping[str, Value]

    def page_of(self, notice_id: int) -> str:
        """The page, told which message leads to it: there stands of whom it tells."""
        return f"{self.page}{'&' if '?' in self.page else '?'}notice={notice_id}" if self.page else ""


@dataclass(frozen=True, slots=True)
class SmsTemplate:
    """One template: the gateway's number of it, and the values that leave for it; no other does."""

    id: str
    values: tuple[Value, ...]


def read_templates(told: Mapping[str, Any]) -> dict[MessageKind, Template]:
    """The subscribe-message templates of the settings.

    Raises
    ------
    ValueError
        for a kind that nobody knows, a value that it has not, or a template without number or fields.
    """
    found = {}
    for name, body in told.items():
        kind = _kind(name, _WECHAT)
        if not isinstance(body, dict) or not body.get("id") or not isinstance(body.get("fields"), dict):
            raise ValueError(f"{_WECHAT} 中“{kind.label}”应有模板编号 id 和字段 fields")
        values = _values(kind, body["fields"].values(), _WECHAT)
        fields = dict(zip(map(str, body["fields"]), values, strict=True))
        found[kind] = Template(str(body["id"]), str(body.get("page", "")), fields)
    return found


def read_sms_templates(told: Mapping[str, Any]) -> dict[MessageKind, SmsTemplate]:
    """The SMS templates of the settings, by kind.

    Raises
    ------
    ValueError
        for a kind that nobody knows, a value that it has not, or a template without number or values.
    """
    found = {}
    for name, body in told.items():
        kind = _kind(name, _SMS)
        if not isinstance(body, dict) or not body.get("id") or not isinstance(body.get("values"), list):
            raise ValueError(f"{_SMS} 中“{kind.label}”应有模板编号 id 和要发出的内容 values")
        found[kind] = SmsTemplate(str(body["id"]), tuple(_values(kind, body["values"], _SMS)))
    return found


def _values(kind: MessageKind, told: Iterable[Any], setting: str) -> list[Value]:
    try:
        found = [Value.read(str(value)) for value in told]
    except ValueError:
        found = []
    else:
        if VALUES[kind].issuperset(found):
            return found
    known = "、".join(value.value for value in Value if value in VALUES[kind])
    raise ValueError(f"{setting} 中“{kind.label}”的字段只能是：{known}")


def _kind(name: str, setting: str) -> MessageKind:
    try:
        return MessageKind.read(name)
    except ValueError:
        known = "、".join(kind.value for kind in MessageKind)
        raise ValueError(f"{setting} 中没有“{name}”这种通知，可用的有：{known}") from None
