"""What happened to an account, on record where its administrator finds it."""

from typing import Any

from sqlmodel import Session

from api.audit import record
from models.account import Account

EVENTS = {
    "invite": "邀请",
    "accept": "接受邀请",
    "new_link": "发重设密码的链接",
    "reset": "用链接重设密码",
    "uninvite": "作废邀请链接",
    "password": "修改密码",
    "lock": "输错太多，已锁定",
    "unlock": "解锁",
    "switch_on": "启用",
    "switch_off": "停用",
    "end_sessions": "让登录失效",
    "enrol": "绑定动态口令",
    "remove": "解除动态口令",
    "reset_factor": "管理员解除动态口令",
    "recover": "用备用码登录",
    "create_key": "新建接口密钥",
    "revoke_key": "作废接口密钥",
    "end_keys": "作废全部接口密钥",
    "alarm": "按证件号码查询过多",
}
"""What an administrator reads of it, and whose account it is."""

ALARMS = ("lock", "alarm", "new_link", "reset", "reset_factor")
"""What somebody should look at: too many tries, and each step by which an administrator could come in as somebody else."""


def note(session: Session, action: str, account_id: int, **change: Any) -> None:
    """Record what was done to an account, or by it to itself; `change` holds nothing personal and no secret."""
    account = session.get(Account, account_id)
    record(
        session,
        action,
        "account",
        account_id,
        region=account.kept_by if account else None,
        change=change or None,
    )
