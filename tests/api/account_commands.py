"""Commands about accounts, each with rows on which its right body is carried out."""

import base64
from collections.abc import Callable
from typing import Any

from api.second_factors import password_at, present_step

from .conftest import made

_TOWNSHIP = {"role": "township", "region": "610728001"}


def _invited(stage: Any) -> Any:
    return made(stage.clerk("warden").post("/v1/accounts", json={"display_name": "张三"} | _TOWNSHIP))


def _inviting(stage: Any) -> Any:
    return stage.clerk("warden"), {}, {"display_name": "张三"} | _TOWNSHIP


def _binding(stage: Any) -> Any:
    role = {"role": "kiosk", "region": "610728"}
    return stage.clerk("warden"), {"account_id": _invited(stage)["account"]["id"]}, role


def _accepting(stage: Any) -> Any:
    told = {"username": "zhangsan", "display_name": "张三", "password": "qingshan-luying-7"}
    return stage.west, {}, told | {"code": _invited(stage)["code"]}


def _changing(stage: Any) -> Any:
    return stage.west, {}, {"current": "right-horse-battery", "password": "qingshan-luying-7"}


def _code(stage: Any) -> str:
    told = made(stage.west.post("/v1/me/second-factor"))
    return password_at(base64.b32decode(told["secret"]), present_step())


def _confirming(stage: Any) -> Any:
    return stage.west, {}, {"code": _code(stage)}


def _removing(stage: Any) -> Any:
    confirmed = stage.west.post("/v1/me/second-factor/confirm", json={"code": _code(stage)})
    return stage.west, {}, {"code": made(confirmed)["codes"][0]}


def _keying(stage: Any) -> Any:
    told = {"name": "交换", "areas": ["ledger"], "read_only": True, "days": 30}
    return stage.west, {}, told | {"password": "right-horse-battery"}


ACCOUNT_COMMANDS: dict[str, Callable[[Any], Any]] = {
    "invite_account": _inviting,
    "bind_account": _binding,
    "accept_invitation": _accepting,
    "change_password": _changing,
    "confirm_second_factor": _confirming,
    "remove_second_factor": _removing,
    "create_key": _keying,
}
