"""A query parameter that no route knows is an error, not ignored: a misspelt filter would answer the whole list."""

from fastapi import Request
from fastapi.dependencies.models import Dependant

from api.errors import FieldError, Problem


def known_query(request: Request) -> None:
    """Refuse parameters that the route does not declare; for all routes of a door.

    Raises
    ------
    Problem
        422, naming each unknown parameter that is spelt like one.
    """
    dependant = getattr(request.scope.get("route"), "dependant", None)
    if dependant is None or not request.query_params:
        return
    unknown = sorted(set(request.query_params) - _names(dependant))
    if unknown:
        # What is no plain word may hold anything, and is not repeated.
        told = [
            name if name.isascii() and name.isidentifier() and len(name) <= 40 else "query"
            for name in unknown
        ]
        words = "没有这个查询参数，请检查拼写；可用的参数见 /docs"
        raise Problem(
            422,
            "invalid",
            "填写的内容有误",
            "、".join(told) + "：" + words,
            errors=[FieldError(field=name, code="unknown", message=words) for name in told],
        )


def _names(dependant: Dependant) -> set[str]:
    own = {field.alias for field in dependant.query_params}
    return own.union(*(_names(each) for each in dependant.dependencies))
