"""When generated things were written down."""

from datetime import date, datetime, time, timedelta, timezone

_SHANGHAI = timezone(timedelta(hours=8))


def at_nine(day: date, hours: int = 0) -> datetime:
    """Nine in the morning in China, or so many hours later."""
    return datetime.combine(day, time(9 + hours), _SHANGHAI)
