"""Whose door is whose: an employer's account has one of its own, and behind the bureau's nothing but the account itself. An
account that has no role in force, its employer's taken away or not counting yet, has no door but its own account."""

import re
from collections.abc import Collection

from api.errors import Problem
from models.account import Role

_ITS_OWN = r"/(?:v1/)?me(?:/.*)?|/logout|/"
_NOBODYS = re.compile(_ITS_OWN)
"""Its own account, the way out, and the address from which it is led on."""
_AN_EMPLOYERS = re.compile(rf"{_ITS_OWN}|/employer(?:/.*)?")
"""Its door besides."""


def keep_to_own_door(roles: Collection[Role], path: str) -> None:
    """Pages and routes to come are closed to it too.

    Raises
    ------
    Problem
        403 for the account of an employer, or of nobody, anywhere else.
    """
    if not roles and _NOBODYS.fullmatch(path) is None:
        words = "这个账号现在没有任何权限。请联系管理员开通；有动态口令要求的，先在“我的账号”里设置。"
        raise Problem(403, "not-allowed", "没有这项权限", words)
    if set(roles) == {Role.EMPLOYER} and _AN_EMPLOYERS.fullmatch(path) is None:
        words = "这里是人社部门的页面和接口。用人单位请回“单位首页”办理；接口的用法见 /employer/docs。"
        raise Problem(403, "not-allowed", "没有这项权限", words)
