"""Whose door is whose: an employer's account has one of its own, and behind the bureau's nothing but the account itself."""

import re
from collections.abc import Collection

from api.errors import Problem
from models.account import Role

_AN_EMPLOYERS = re.compile(r"/(?:v1/)?me(?:/.*)?|/employer(?:/.*)?|/logout|/")
"""Its own account, its door, the way out, and the address from which it is led on."""


def keep_to_own_door(roles: Collection[Role], path: str) -> None:
    """Pages and routes to come are closed to it too.

    Raises
    ------
    Problem
        403 for an employer's account anywhere else.
    """
    if set(roles) == {Role.EMPLOYER} and _AN_EMPLOYERS.fullmatch(path) is None:
        words = "这里是人社部门的页面和接口。用人单位请回“单位首页”办理；接口的用法见 /employer/docs。"
        raise Problem(403, "not-allowed", "没有这项权限", words)
