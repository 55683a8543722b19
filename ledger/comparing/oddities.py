"""Rows of a list of payments that cannot be quite so: each told with what follows and what to do. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from ledger.comparing.proving import Paid, Stretch
from models.coded import Coded

_FAR = 12
"""Months by which a row may lie apart from most rows of a list of pay."""


class Oddity(Coded):
    """数值要核对: what is odd about a row."""

    AHEAD = "ahead", "月份晚于名单的日期"
    FAR = "far", "月份与名单其他行相差一年以上"
    UNPAID = "unpaid", "金额为0"
    UNREAD = "unread", "金额读不出来或为负数"
    TOO_LITTLE = "too_little", "工资低得不合理"
    TOO_MUCH = "too_much", "工资高得不合理"
    AFTER_LEAVING = "after_leaving", "离岗以后的月份还有发放"
    TWICE = "twice", "同一个人同一个月有两个金额"
    JOINED_AHEAD = "joined_ahead", "入职日期晚于名册的日期"
    LEFT_FIRST = "left_first", "离职日期早于入职日期"


WHAT_TO_DO = {
    Oddity.AHEAD: "这几个月不作佐证。核对月份和名单的日期，写错的改好后重新上传。",
    Oddity.FAR: "这一行不作佐证。核对年份，写错的改好后重新上传；确实补发的写明情况。",
    Oddity.UNPAID: "这一行不作佐证。漏填的补上后重新上传；确实没有发放、缴费的写明情况。",
    Oddity.UNREAD: "这一行不作佐证。写错的改好后重新上传；冲减、退回的写明情况。",
    Oddity.TOO_LITTLE: "照常作佐证。核对是否写成日工资或以万元为单位，并看是否低于当地最低工资标准。",
    Oddity.TOO_MUCH: "照常作佐证。核对是否写成年收入或几个月的合计。",
    Oddity.AFTER_LEAVING: "这几个月不作佐证。离岗后补发的写明情况；还在上班的，更正离岗日期后重新对账。",
    Oddity.TWICE: "照常作佐证，只算一次。核对是分两次发放还是重复，写明情况。",
    Oddity.JOINED_AHEAD: "这一行不作佐证。核对入职日期和名册的日期，写错的改好后重新上传。",
    Oddity.LEFT_FIRST: "这一行不作佐证。核对两个日期，写错的改好后重新上传。",
}
"""What follows, and what the clerk does about it."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row and what it says besides: the amount where there is a column of it (`unread` where what stands there is
    none), the days of a roster."""

    paid: Paid
    amount: Decimal | None = None
    unread: bool = False
    joined: date | None = None
    left: date | None = None


@dataclass(frozen=True, slots=True)
class Odd:
    """One finding of one row. `said` is what stands there; `barred` are the months that prove nothing for it."""

    line: int
    worker_id: int | None
    oddity: Oddity
    said: str
    barred: frozenset[date] = frozenset()


def oddities(
    rows: Sequence[Row],
    stretches: Iterable[Stretch],
    *,
    until: date,
    pay: bool,
    least: Decimal,
    most: Decimal,
) -> list[Odd]:
    """All that is odd, in the order of the rows.

    Parameters
    ----------
    until : the day of the list.
    pay : whether the amounts are pay of one month each; else they are contribution bases, which pay nobody.
    least, most : monthly pay, in yuan, that is credible.
    """
    own: dict[int, list[Stretch]] = defaultdict(list)
    for stretch in stretches:
        own[stretch.worker_id].append(stretch)
    usual = _usual(rows) if pay else None
    before: dict[tuple[int, frozenset[str], date], Decimal] = {}
    found: list[Odd] = []
    for row in rows:
        told = row.paid

        def odd(oddity: Oddity, said: str, barred: Iterable[date] = (), told: Paid = told) -> None:
            found.append(Odd(told.line, told.worker_id, oddity, said, frozenset(barred)))

        if ahead := [month for month in told.months if month > until]:
            odd(Oddity.AHEAD, _months(ahead), ahead)
        if usual is not None and len(told.months) == 1 and _apart(told.months[0], usual) > _FAR:
            odd(Oddity.FAR, _months(told.months), told.months)
        if row.unread:
            odd(Oddity.UNREAD, _months(told.months), told.months)
        elif row.amount is not None and row.amount <= 0:
            odd(Oddity.UNPAID, f"{row.amount:f}元", told.months)
        elif pay and row.amount is not None and row.amount < least:
            odd(Oddity.TOO_LITTLE, f"{row.amount:f}元")
        elif pay and row.amount is not None and row.amount > most:
            odd(Oddity.TOO_MUCH, f"{row.amount:f}元")
        if left := _after_leaving(told, own.get(told.worker_id or 0, ())):
            odd(Oddity.AFTER_LEAVING, _months(left), left)
        if pay and row.amount is not None and told.worker_id is not None:
            keys = [(told.worker_id, told.firms, month) for month in told.months]
            twice = [key for key in keys if before.get(key, row.amount) != row.amount]
            if twice:
                amounts = f"{before[twice[0]]:f}元、{row.amount:f}元"
                odd(Oddity.TWICE, f"{_months(key[2] for key in twice)}：{amounts}")
            for key in keys:
                before.setdefault(key, row.amount)
        if row.joined is not None and row.left is not None and row.left < row.joined:
            odd(Oddity.LEFT_FIRST, f"{row.joined:%Y-%m-%d}入职，{row.left:%Y-%m-%d}离职", told.months)
        elif row.joined is not None and row.joined > until:
            odd(Oddity.JOINED_AHEAD, f"{row.joined:%Y-%m-%d}", told.months)
    return found


def provable(rows: Iterable[Row], odd: Iterable[Odd]) -> list[Paid]:
    """The rows with the months alone that may prove something."""
    barred: dict[int, set[date]] = defaultdict(set)
    for each in odd:
        barred[each.line] |= each.barred
    return [
        replace(row.paid, months=tuple(m for m in row.paid.months if m not in barred[row.paid.line]))
        for row in rows
    ]


def _usual(rows: Sequence[Row]) -> date | None:
    """The middle one of all months of the list."""
    months = sorted(month for row in rows for month in row.paid.months)
    return months[len(months) // 2] if months else None


def _apart(month: date, usual: date) -> int:
    return abs((month.year - usual.year) * 12 + month.month - usual.month)


def _after_leaving(told: Paid, own: Sequence[Stretch]) -> list[date]:
    """Months after the last day at this employer, where there is a last day and nothing goes on since."""
    here = [each for each in own if each.firms & told.firms]
    if not here or any(each.last is None for each in here):
        return []
    last = max(each.last for each in here if each.last is not None)
    return [month for month in told.months if month > last]


def _months(months: Iterable[date]) -> str:
    return "、".join(f"{month:%Y-%m}" for month in months)
