"""What somebody may ask of a view: a region of theirs, a day, a month, a quarter or a batch."""

import re
from calendar import monthrange
from datetime import date

from sqlmodel import Session

from api.deps import Caller
from api.errors import Problem, invalid, not_found
from api.requirements import require_village
from ledger.registers.catalogue import VIEWS
from ledger.registers.view import Asked, Asks, View
from models.dispatch import Dispatch
from models.region import Region

_PERIOD = {
    Asks.MONTH: (re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])"), "月份应写成“2025-06”"),
    Asks.QUARTER: (re.compile(r"([0-9]{4})Q([1-4])"), "季度应写成“2025Q2”"),
}


def view_or_404(code: str) -> View:
    """The register or return of that code.

    Raises
    ------
    Problem
        404 when there is none.
    """
    view = VIEWS.get(code)
    if view is None:
        raise not_found("这份报表")
    return view


def asked_of(
    session: Session,
    caller: Caller,
    view: View,
    *,
    region: str | None,
    as_of: date | None,
    period: str | None,
    batch: int | None,
    today: date,
    village: str | None = None,
) -> Asked:
    """The question, held to what the caller may see and to days that have been.

    Raises
    ------
    Problem
        422 for a region, a village or a period that is none, 403 for a region of somebody else's, 404 for a batch.
    """
    if view.asks is Asks.BATCH:
        return _of_batch(session, batch, today)
    region = region or (caller.regions[0] if caller.regions else "")
    if session.get(Region, region) is None:
        raise invalid("region", "region-unknown", "没有这个行政区划代码，请从区划表中选择")
    if not caller.governs(region):
        raise Problem(403, "outside-scope", "不在您的管辖范围内", "只能查看和导出本辖区的报表。")
    require_village(session, region, village)
    if as_of is not None and as_of > today:
        raise invalid("as_of", "future", "截止日期不能晚于今天")
    if view.asks in _PERIOD:
        first, last = period_of(view.asks, period, today)
        return Asked(region, first, min(as_of or today, last), village=village)
    day = as_of or today
    first = day.replace(month=1, day=1) if view.asks is Asks.YEAR else day
    return Asked(region, first, day, village=village)


def period_of(asks: Asks, period: str | None, today: date) -> tuple[date, date]:
    """The first and the last day of a month (`2025-06`) or a quarter (`2025Q2`); the present one unless told.

    Raises
    ------
    Problem
        422 for what is none, or has not begun.
    """
    pattern, words = _PERIOD[asks]
    match = pattern.fullmatch(period if period is not None else period_text(asks, today))
    if match is None:
        raise invalid("period", "format", words)
    year, number = int(match[1]), int(match[2])
    month, length = (number, 1) if asks is Asks.MONTH else (number * 3 - 2, 3)
    if not 1949 <= year <= 2100:
        raise invalid("period", "format", words)
    first = date(year, month, 1)
    if first > today:
        raise invalid("period", "future", "这个时期还没有开始")
    last = month + length - 1
    return first, date(year, last, monthrange(year, last)[1])


def period_text(asks: Asks, day: date) -> str:
    """How the period of a day is written."""
    return f"{day:%Y-%m}" if asks is Asks.MONTH else f"{day.year}Q{(day.month + 2) // 3}"


def _of_batch(session: Session, batch: int | None, today: date) -> Asked:
    if batch is None:
        raise invalid("batch", "missing", "请选择一个输送批次")
    found = session.get(Dispatch, batch)
    if found is None:
        raise not_found("这个输送批次")
    return Asked(found.region, found.departs_on, today, batch)
