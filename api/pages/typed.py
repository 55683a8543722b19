"""Dates and reasons as they are typed into forms; what is wrong is told in words that say what to do."""

from datetime import date

from api.errors import invalid
from ledger.applications import RefusalReason


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
