"""What only a whole list shows: filled in by the dozen instead of asked one by one."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ledger.doubts.across import person_key
from ledger.doubts.rule import Concerns, Context, Hit, MendAt, Severity, group_rule
from ledger.people import mask_phone
from ledger.records.months import in_chinese
from ledger.records.reported import Reported, contents

# Fields in which people differ: ethnicity, channel or industry are rightly the same in a whole village.
_VARYING: dict[str, str] = {
    "income": "务工月收入",
    "employer": "务工企业名称",
    "started": "开始时间",
    "ended": "结束时间",
    "phone": "联系电话",
}


@group_rule(
    "D23",
    "整列填成同一个内容",
    Severity.CHECK,
    Concerns.LIST,
    "抽查这些人，逐人核实后改成各自的实际情况；确实相同的，写明原因备查。",
    mend_at=MendAt.LIST,
)
def constant_fill(rows: Sequence[Reported], context: Context) -> Iterator[Hit]:
    """One answer for nearly everybody of a list, or of a village in it."""
    villages: dict[str, list[Reported]] = defaultdict(list)
    for row in rows:
        if row.village:
            villages[row.village].append(row)
    for field, heading in _VARYING.items():
        if hit := _constant(rows, field, f"本表“{heading}”", context):
            yield hit._replace(about=field)
            continue
        for name, village in villages.items():
            if hit := _constant(village, field, f"{name}的“{heading}”", context):
                yield hit._replace(about=f"{field} {name}")


def _constant(rows: Sequence[Reported], field: str, where: str, context: Context) -> Hit | None:
    if len(rows) < context.thresholds.constant_rows:
        return None
    values = [(value, row) for row in rows if (value := getattr(row, field)) is not None]
    if len(values) < context.thresholds.constant_rows:
        return None
    [(common, equal)] = Counter(value for value, _ in values).most_common(1)
    if equal < context.thresholds.constant_share * len(values):
        return None
    share = equal / len(values)
    first = next(row for value, row in values if value == common)
    shown = _SHOWN.get(field, str)(common)
    what = f"{where}有{len(values)}行填写，其中{equal}行（{share:.0%}）都是{shown}"
    return Hit(first, what, {"rows": len(values), "equal": equal, "share": round(share, 4)})


_SHOWN: dict[str, Callable[[Any], str]] = {
    "income": lambda income: f"{income:f}元",
    "started": in_chinese,
    "ended": in_chinese,
    "phone": mask_phone,
    "employer": lambda name: f"“{name[:30]}”",
}


@group_rule(
    "D24",
    "多户共用一个联系电话",
    Severity.CHECK,
    Concerns.LIST,
    "逐户联系，填写各户自己的电话；替村民代填的干部电话请换掉。",
    mend_at=MendAt.PERSON,
)
def phone_of_many_households(rows: Sequence[Reported], context: Context) -> Iterator[Hit]:
    """One telephone for several households."""
    sharing: dict[str, list[Reported]] = defaultdict(list)
    for row in rows:
        if row.phone and row.household:
            sharing[row.phone].append(row)
    for phone, same in sharing.items():
        households = len({row.household for row in same})
        if households >= context.thresholds.phone_households:
            what = f"联系电话{mask_phone(phone)}同时是{households}户的电话"
            figures = {"households": households, "rows": len(same)}
            yield from (Hit(row, what, figures) for row in same)


@group_rule(
    "D25",
    "多人共用一份工资证明",
    Severity.CHECK,
    Concerns.LIST,
    "工资证明一人一份：请用人单位分别出具，或换成工资流水。",
    mend_at=MendAt.REPORT,
)
def certificate_of_many(rows: Sequence[Reported], context: Context) -> Iterator[Hit]:
    """One wage certificate for several people."""
    sharing: dict[str, list[Reported]] = defaultdict(list)
    for row in rows:
        if row.certificate:
            sharing[row.certificate].append(row)
    for same in sharing.values():
        people = len({person_key(row) for row in same})
        if people >= context.thresholds.certificate_people:
            what = f"同一份工资证明用于{people}个人"
            yield from (Hit(row, what, {"people": people, "rows": len(same)}) for row in same)


@group_rule(
    "D26",
    "完全相同的行",
    Severity.CHECK,
    Concerns.LIST,
    "入库时只登记了一次，没有重复计数，写明原因即可；本应是另一个人的，改成那个人的信息再导入。"
    "还没有入库的名单只保留一行。",
    mend_at=MendAt.PERSON,
)
def identical_rows(rows: Sequence[Reported], context: Context) -> Iterator[Hit]:
    """A row that repeats another to the last cell."""
    first: dict[tuple[Any, ...], Reported] = {}
    repeats: Counter[tuple[Any, ...]] = Counter()
    for row in rows:
        key = contents(row)
        repeats[key] += 1
        if (original := first.setdefault(key, row)) is not row:
            other = f"第{original.row}行" if context.numbered else "另一条"
            yield Hit(row, f"与{other}完全相同", {"copies": repeats[key]})
