"""What only several rows show: of one person, or of one household."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from ledger.doubts.place import county_of, is_away
from ledger.doubts.rule import Concerns, Context, Hit, MendAt, Severity, group_rule
from ledger.people import mask_phone
from ledger.records.months import in_chinese, is_working, month
from ledger.records.reported import Reported, contents
from models.spell import Precision
from models.worker import LabourCapability

_NO_LABOUR = frozenset({LabourCapability.LOST, LabourCapability.NONE})


@group_rule(
    "D03",
    "务工开始月份不晚于上一段的结束月份",
    Severity.ERROR,
    Concerns.PERSON,
    "核对两段务工的起止月份：后一段的开始月份要晚于前一段的结束月份；前一段没有结束时间的先补填。",
    mend_at=MendAt.REPORT,
)
def months_overlap(rows: Sequence[Reported], context: Context) -> Iterator[Hit]:
    """Two stretches of work that share a month, or follow one that has no end."""
    if len(rows) < 2:
        return
    sheets: dict[str, dict[tuple[Any, ...], Reported]] = defaultdict(dict)
    for row in rows:
        if row.started:
            # A row that repeats another is D26's.
            sheets[row.sheet].setdefault(contents(row), row)
    for spells in sheets.values():
        yield from _overlaps(sorted(spells.values(), key=lambda row: (_began(row), row.row)), context)


def _overlaps(spells: Sequence[Reported], context: Context) -> Iterator[Hit]:
    earlier = spells[0]
    for row in spells[1:]:
        ended = earlier.ended
        if ended is not None:
            if _touch(row, earlier, ended):
                what = f"开始月份{in_chinese(_start(row))}不晚于上一段{context.nth(earlier)}的结束月份{in_chinese(ended)}"
                yield Hit(row, what, about=in_chinese(_start(row)))
            if row.ended is None or row.ended > ended:
                earlier = row
        elif earlier.lacks("ended"):
            what = f"从{in_chinese(_start(row))}开始务工，但上一段{context.nth(earlier)}还没有填写结束时间"
            yield Hit(row, what, about=in_chinese(_start(row)))
        else:
            earlier = row  # its end is there but could not be read


@group_rule(
    "D08",
    "一人有三种及以上公益性岗位",
    Severity.CHECK,
    Concerns.PERSON,
    "一人同一时期只在一个岗位：核实实际岗位，删去多余的。",
    mend_at=MendAt.REPORT,
)
def many_posts(rows: Sequence[Reported], context: Context) -> Iterator[Hit]:
    """One person in several kinds of public post."""
    kinds = dict.fromkeys(kind for row in rows for kind in row.post_kinds)
    if len(kinds) >= context.thresholds.post_kinds:
        last = next(row for row in reversed(rows) if row.post_kinds)
        yield Hit(last, f"一人登记了{len(kinds)}种公益性岗位：{'、'.join(kinds)}", {"kinds": len(kinds)})


@group_rule(
    "D19",
    "家庭成员在不同区县务工，联系电话却相同",
    Severity.CHECK,
    Concerns.HOUSEHOLD,
    "逐人联系，填写各人自己正在使用的手机号码。",
    mend_at=MendAt.PERSON,
)
def one_phone_in_many_counties(rows: Sequence[Reported], context: Context) -> Iterator[Hit]:
    """One telephone that would have to be in two places."""
    callers: dict[str, list[Reported]] = defaultdict(list)
    for row in rows:
        if row.phone and row.region and is_working(row, context.as_of):
            callers[row.phone].append(row)
    for phone, sharing in callers.items():
        counties = {county_of(context.gazetteer, row.region) for row in sharing} - {None}
        if len(counties) < 2 or len({person_key(row) for row in sharing}) < 2:
            continue
        for row in sharing:
            yield Hit(
                row,
                f"与在其他区县务工的家庭成员填了同一个联系电话（{mask_phone(phone)}）",
                {"members": len(sharing), "counties": len(counties)},
            )


@group_rule(
    "D20",
    "登记了帮扶措施，却没有对应的人或补贴",
    Severity.ERROR,
    Concerns.HOUSEHOLD,
    "措施已落实的，补填务工信息或年度交通费补助；没有落实的，删去这项措施。",
    mend_at=MendAt.HOUSEHOLD,
)
def measure_without_subject(rows: Sequence[Reported], context: Context) -> Iterator[Hit]:
    """A travel subsidy that nobody got, or labour sent out with nobody away."""
    subsidy = _first_with(rows, "外出务工补贴")
    if subsidy and "travel_subsidy" in context.asked and not any(row.travel_subsidy for row in rows):
        yield Hit(subsidy, "登记了外出务工补贴措施，但家中没有人填写年度交通费补助", about="travel_subsidy")
    sent = _first_with(rows, "劳务输出")
    if sent and "region" in context.asked and not any(_may_be_away(row, context) for row in rows):
        yield Hit(sent, "登记了劳务输出措施，但家中没有人在县外务工", about="region")


@group_rule(
    "D21",
    "风险是因务工就业不稳，家中却没有劳动力",
    Severity.CHECK,
    Concerns.HOUSEHOLD,
    "核实返贫致贫风险和家庭成员的劳动技能，改正填错的一项。",
    mend_at=MendAt.HOUSEHOLD,
)
def work_risk_without_labour(rows: Sequence[Reported], _context: Context) -> Iterator[Hit]:
    """A household at risk for unsteady work in which nobody can work."""
    at_risk = next((row for row in rows if row.risk_cleared is not True and _names_work(row.risks)), None)
    capabilities = {person_key(row): row.capability for row in rows if row.capability}
    if at_risk and capabilities and _NO_LABOUR.issuperset(capabilities.values()):
        yield Hit(
            at_risk,
            f"风险是因务工就业不稳，但家中登记的{len(capabilities)}人都是无劳动力或丧失劳动力",
            {"members": len(capabilities)},
        )


def person_key(row: Reported) -> str:
    """What tells two people apart: their number, else their ID number, else that they stand in different rows."""
    return row.person or (row.id_number or "").upper()[:18] or f"{row.sheet}/{row.row}"


def _touch(row: Reported, earlier: Reported, ended: date) -> bool:
    """Whether a stretch begins before the earlier one is over; by the day where both know it, else by the month."""
    if row.precision is Precision.DAY and earlier.precision is Precision.DAY:
        return _start(row) <= ended
    return _began(row) <= month(ended)


def _start(row: Reported) -> date:
    return row.started or date.max


def _began(row: Reported) -> int:
    return month(_start(row))


def _first_with(rows: Sequence[Reported], measure: str) -> Reported | None:
    return next((row for row in rows if any(measure in text for text in row.measures)), None)


def _may_be_away(row: Reported, context: Context) -> bool:
    if not is_working(row, context.as_of) and not row.started:
        return False
    return row.abroad or is_away(context.gazetteer, row.region, context.home) is not False


def _names_work(risks: Sequence[str]) -> bool:
    return any("务工就业不稳" in risk for risk in risks)
