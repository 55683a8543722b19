"""The templates of messages, as the settings tell them: which of our values stands in which field, and nothing else does."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models.coded import Coded
from models.wechat import MessageKind


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


@dataclass(frozen=True, slots=True)
class Template:
    """One template: WeChat's number of it, the page that it leads to, and by field which value."""

    id: str
    page: str
    fields: Mapping[str, Value]


def read_templates(told: Mapping[str, Any]) -> dict[MessageKind, Template]:
    """The subscribe-message templates of the settings.

    Raises
    ------
    ValueError
        for a kind or a value that nobody knows, or a template without number or fields.
    """
    found = {}
    for name, body in told.items():
        kind = _kind(name, "WENGANG_WECHAT_TEMPLATES")
        if not isinstance(body, dict) or not body.get("id") or not isinstance(body.get("fields"), dict):
            raise ValueError(f"WENGANG_WECHAT_TEMPLATES 中“{kind.label}”应有模板编号 id 和字段 fields")
        try:
            fields = {str(field): Value.read(str(value)) for field, value in body["fields"].items()}
        except ValueError:
            known = "、".join(value.value for value in Value)
            raise ValueError(f"WENGANG_WECHAT_TEMPLATES 中“{kind.label}”的字段只能是：{known}") from None
        found[kind] = Template(str(body["id"]), str(body.get("page", "")), fields)
    return found


def read_sms_templates(told: Mapping[str, str]) -> dict[MessageKind, str]:
    """The SMS templates of the settings, by kind.

    Raises
    ------
    ValueError
        for a kind that nobody knows.
    """
    return {_kind(name, "WENGANG_SMS_TEMPLATES"): number for name, number in told.items() if number}


def _kind(name: str, setting: str) -> MessageKind:
    try:
        return MessageKind.read(name)
    except ValueError:
        known = "、".join(kind.value for kind in MessageKind)
        raise ValueError(f"{setting} 中没有“{name}”这种通知，可用的有：{known}") from None
