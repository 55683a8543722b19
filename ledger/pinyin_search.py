"""People found by the beginning of their name's pinyin."""

from sqlalchemy import ColumnElement, func

from models.worker import Worker


def starts_pinyin(text: str) -> ColumnElement[bool]:
    """Whether the name's pinyin begins with `text`, with or without spaces."""
    typed = text.replace(" ", "").lower()
    return func.replace(Worker.name_pinyin, " ", "").startswith(typed, autoescape=True)
