"""Dates and reasons as they are typed into forms; what is wrong is told in words that say what to do."""

import re
from datetime import date
from typing import Any

from pydantic import ValidationError

from api.errors import Problem, invalid
from api.wording import field_words, validation_words
from ledger.applications import RefusalReason
from models.application import Side


def a_day(field: str, text: str, otherwise: str) -> date:
    """The date; `otherwise` is what is said where there is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise invalid(field, "date", otherwise) from None


def a_reason(text: str) -> RefusalReason:
    """One of the reasons that are offered."""
    try:
        return RefusalReason.read(text)
    except ValueError:
        raise invalid("reason", "missing", "请先选择原因。") from None


def a_refusal(text: str) -> tuple[Side | None, RefusalReason]:
    """A side and one of its reasons, as `employer.skills`."""
    side, _, reason = text.rpartition(".")
    try:
        return (Side.read(side) if side else None), a_reason(reason)
    except ValueError:
        raise invalid("reason", "missing", "请先选择原因。") from None


def fen_of(field: str, text: str) -> int | None:
    """Money typed in yuan, with at most two places, as fen; None where nothing was typed."""
    if not text:
        return None
    found = re.fullmatch(r"([0-9]{1,8})(?:\.([0-9]{1,2}))?", text, re.ASCII)
    if found is None:
        raise invalid(field, "money", "金额写成数字，最多两位小数，如 318.50。")
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


def first(fields: dict[str, list[str]], name: str) -> str:
    """What a form sent under this name; nothing where it sent nothing."""
    return (fields.get(name) or [""])[0].strip()


def read_form(schema: Any, told: dict[str, Any]) -> Any:
    """The body that a form's fields make.

    Raises
    ------
    Problem
        422 with the first thing that is wrong.
    """
    try:
        return schema.model_validate(told)
    except ValidationError as error:
        raise refused(error, schema.__name__) from None


def refused(error: ValidationError, of: str = "") -> Problem:
    """The first thing that is wrong with a form, by its field."""
    first = error.errors()[0]
    field = str(first["loc"][0]) if first["loc"] else "body"
    return invalid(field, first["type"], f"{field_words(field, of)}：{validation_words(dict(first))}。")
