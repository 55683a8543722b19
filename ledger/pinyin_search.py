"""People found by the beginning of their name's pinyin, or of its initials."""

from sqlalchemy import ColumnElement, and_, false, func, or_

from models.worker import Worker

_initials = Worker.__table__.c.name_initials  # type: ignore[attr-defined]


def starts_pinyin(text: str) -> ColumnElement[bool]:
    """Whether the name's pinyin begins with `text`, with or without spaces, or its initials do: wangx and wxy find 王秀英."""
    typed = text.replace(" ", "").lower()
    whole = func.replace(Worker.name_pinyin, " ", "").startswith(typed, autoescape=True)
    return or_(whole, _starts_initials(typed))


def _starts_initials(typed: str) -> ColumnElement[bool]:
    """As a range: of the ways to ask for a beginning the one by which rows under row security are found in an index."""
    if not (typed.isascii() and typed.isalpha()):
        return false()
    return and_(_initials >= typed, _initials < typed[:-1] + chr(ord(typed[-1]) + 1))
