"""Refusals as the person reads them. What is shared with the bureau's door is refused in the bureau's words; here the same
problem, with its name and status, is told to who it is about."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from sqlalchemy.exc import StatementError

from api.errors import FieldError, Problem, of_database

_BY_NAME: dict[str, tuple[str, str]] = {
    "already-applied": ("您已经报过这个岗位", "请在“我的报名”里看进展，不用再报。"),
    "already-attached": ("这张照片已经传过", "同一张不用再传。要补充的，请传别的照片。"),
    "already-proved": (
        "这个月的工资条已经收过",
        "已经采用的不用再传。要补充的，请点“要求回电”告诉工作人员。",
    ),
    "answer-deleted": ("已经办过", "这件事已经办过，内容已按规定删除。"),
    "answer-elsewhere": ("已经办过", "这件事已经办过，请返回刷新后再看。"),
    "consent-withdrawn": (
        "您说过不向这家单位提供信息",
        "所以没有报名。想去这家单位的，请先在“授权”里同意向它提供信息，再报名。",
    ),
    "not-published": ("这个岗位现在不招人", "请看看别的岗位；想去这个岗位的，可以点“要求回电”。"),
    "outside-scope": ("不能这样办", "没有保存任何内容。请返回刷新后再试，还不行请点“要求回电”。"),
    "too-many-lookups": (
        "今天试的次数太多",
        "为保护个人信息，一个微信号一天核对证件号码的次数有限。请明天再试，或请村级信息员帮忙。",
    ),
    "too-young": (
        "未满16周岁不能报名",
        "法律规定满16周岁才能就业。出生日期登记错了的，请找村级信息员更正。",
    ),
    "vacancy-expired": (
        "这个岗位已过有效期",
        "单位还招不招人，可以点“要求回电”问工作人员，或看看别的岗位。",
    ),
}
_DETAILS = {
    "not-found": "可能已经没有了，或不是您的。请返回刷新后再看。",
    "wrong-step": "现在不能这样办。请返回刷新，看看这条报名现在能做什么。",
}
"""Where the title says what it is, and only what to do next is another."""
_OF_THE_BUREAU = {
    ("restricted", "该劳动力信息已限制使用"): (
        "信息已限制使用",
        "您已撤回同意，信息只保存、不使用。想再用这些服务，请先在“授权”里同意“求职就业服务”。",
    )
}
_BY_CODE = {
    "guardian_needed": "不满14周岁的，由父母或其他监护人用自己的微信同意或撤回",
}


def for_person(problem: Problem) -> Problem:
    """The same problem in words for the person herself."""
    body = problem.body
    name = body.type.removeprefix("/problems/")
    title, detail = _BY_NAME.get(name) or _OF_THE_BUREAU.get((name, body.title)) or (body.title, body.detail)
    detail = _DETAILS.get(name, detail)
    errors = [
        FieldError(field=each.field, code=each.code, message=_BY_CODE.get(each.code, each.message))
        for each in body.errors
    ]
    if errors and body.detail == body.errors[0].message:
        detail = errors[0].message
    return Problem(body.status, name, title, detail, errors=errors, headers=problem.headers)


class PersonsRoute(APIRoute):
    """A route of the mini-program's door."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Answer as any route; a refusal in words for the person."""
        answer = super().get_route_handler()

        async def told(request: Request) -> Response:
            try:
                return await answer(request)
            except Problem as problem:
                raise for_person(problem) from problem
            except StatementError as error:
                raise for_person(of_database(error)) from error

        return told
