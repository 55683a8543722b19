"""社保缴费名单, 工资发放名单 and 单位在岗花名册: lists that prove work, in the shapes that bureaus and employers send."""

import re
from datetime import date

from ledger.forms.cells import Unclear
from ledger.forms.column import Column, Form
from ledger.forms.national import NATIONAL_COLUMNS
from ledger.forms.post_values import USCC
from ledger.forms.values import DAY, MONEY, MONTH, Values, month, narrow
from models.intake import ImportKind

Span = tuple[date, date]
"""The first days of a first and a last month."""

_PERSON = {column.field: column for column in NATIONAL_COLUMNS}
_UNTIL = re.compile(r"\s*(?:至|到|~|—|–|--|－|(?<=\d{6})-(?=\d{6})|(?<=月)-)\s*")
_NOT_PAID = frozenset({"0", "0.0", "0.00", "否", "无", "未缴", "欠缴", "×", "-", "—", "/", "停缴"})
_MOST_MONTHS = 600


def _known_month(text: str) -> date:
    found = month(text)
    if found is None:
        raise Unclear("应写成年月，例如“202501”")
    return found.replace(day=1)


def _span(text: str) -> Span:
    parts = _UNTIL.split(narrow(text))
    if len(parts) > 2:
        raise Unclear("应写成年月或起止年月，例如“202501”或“202501至202506”")
    first, last = _known_month(parts[0]), _known_month(parts[-1])
    if last < first:
        raise Unclear("结束的月份早于开始的月份，应写成“202501至202506”")
    return first, last


def _write_span(value: Span) -> str:
    first, last = value
    return f"{first:%Y%m}" if first == last else f"{first:%Y%m}至{last:%Y%m}"


SPAN = Values(_span, _write_span)
FIRST_OF_MONTH = Values(_known_month, MONTH.write)


def _paid(text: str) -> bool:
    return narrow(text) not in _NOT_PAID


PAID = Values(_paid, lambda value: "√" if value else "×")
"""A cell under the heading of a month: anything that is no refusal says that the month was paid."""

_NAME = Column("姓名", "name", example="测试甲", note="与证件一致", aliases=("参保人姓名", "人员姓名", "员工姓名", "职工姓名"),
               required=True, personal=True)  # fmt: skip
_ID_NUMBER = Column(
    "证件号码", "id_number", _PERSON["id_number"].values, "990100198001010015", "18位身份证号；单元格必须是文本格式",
    (*_PERSON["id_number"].aliases, "社会保障号码", "社会保障号", "社保号"), required=True, text_only=True, personal=True,
)  # fmt: skip

SOCIAL_INSURANCE = Form(
    ImportKind.SOCIAL_INSURANCE,
    ImportKind.SOCIAL_INSURANCE.label,
    columns=(
        _NAME,
        _ID_NUMBER,
        Column("参保单位", "employer", example="南通测试有限公司", note="缴费单位全称",
               aliases=("单位名称", "缴费单位", "单位", "参保单位名称", "缴费单位名称", "企业名称", "工作单位")),
        Column("统一社会信用代码", "uscc", USCC, "", "18位；不知道的留空", ("社会信用代码", "单位编号（信用代码）"), text_only=True),
        Column("参保地", "insured_at", example="江苏省南通市通州区", note="写到县（市、区）", aliases=("参保地区", "参保区划", "缴费地")),
        Column("险种", "insurance", example="企业职工基本养老保险", note="险种名称", aliases=("险种类型", "险种名称", "参保险种")),
        Column("缴费起始月份", "paid_from", FIRST_OF_MONTH, "2025年01月", "第一个缴费的月份",
               ("缴费开始时间", "起始月份", "缴费起始年月", "开始年月", "缴费起始时间", "起始年月", "开始月份", "缴费开始年月")),
        Column("缴费终止月份", "paid_to", FIRST_OF_MONTH, "2025年06月", "最后一个缴费的月份",
               ("缴费结束时间", "终止月份", "缴费终止年月", "终止年月", "结束月份", "缴费截止月份", "缴费终止时间", "结束年月", "缴费结束年月")),
        Column("费款所属期", "period", SPAN, "", "一个月写“202501”，一段写“202501至202506”；与起止月份填一种即可",
               ("所属期", "缴费月份", "费款所属期间", "缴费所属期", "缴费年月", "对应费款所属期", "做账期号", "缴费期间", "缴费起止月份", "缴费时段")),
        Column("缴费基数", "base", MONEY, "4500", "元", ("个人缴费基数", "月缴费基数")),
    ),
    banner=("社保缴费名单", "证件号码请用文本格式；起止月份、费款所属期、每月一列，三种写法用一种"),
    whose=("id_number", "name"),
    strict=True,
    hints=("社保", "社会保险", "参保", "养老保险"),
    telling=tuple(
        frozenset({whose, told}) for whose in ("id_number", "name") for told in ("period", "paid_from", "months", "insurance")
    ),
    months=PAID,
)  # fmt: skip

PAYROLL = Form(
    ImportKind.PAYROLL,
    ImportKind.PAYROLL.label,
    columns=(
        _NAME,
        _ID_NUMBER,
        Column("单位", "employer", example="南通测试有限公司", note="发放工资的单位全称",
               aliases=("单位名称", "发放单位", "工作单位", "企业名称", "代发单位", "公司名称", "付款单位")),
        Column("发放月份", "period", SPAN, "2025年06月", "工资所属的月份",
               ("工资月份", "月份", "发放年月", "工资所属月份", "发薪月份", "所属月份", "工资年月", "发放时间", "发放期间"), required=True),
        Column("实发工资", "income", MONEY, "4320.5", "元",
               ("实发金额", "实发", "实发合计", "发放金额", "实发工资（元）", "代发金额", "到手工资", "交易金额", "实发数")),
    ),
    banner=("工资发放名单", "证件号码请用文本格式；一人一月一行"),
    whose=("id_number", "name"),
    strict=True,
    hints=("工资发放", "工资表", "工资册", "发放表", "代发"),
    telling=(frozenset({"name", "period", "income"}), frozenset({"id_number", "period", "income"})),
)  # fmt: skip

STAFF = Form(
    ImportKind.STAFF,
    ImportKind.STAFF.label,
    columns=(
        _NAME,
        _ID_NUMBER,
        Column("单位", "employer", example="南通测试有限公司", note="用工单位全称，与公章一致",
               aliases=("单位名称", "用工单位", "工作单位", "企业名称", "公司名称", "用人单位"), required=True),
        Column("统一社会信用代码", "uscc", USCC, "", "18位；不知道的留空", ("社会信用代码",), text_only=True),
        Column("入职日期", "joined", DAY, "2025-03-01", "不知道的留空，只证明名册当月在岗", ("入职时间", "到岗日期", "上岗日期", "进厂日期")),
        Column("离职日期", "left", DAY, "", "在岗的留空", ("离职时间", "离岗日期", "离厂日期")),
        Column("岗位", "post", example="平车工", note="", aliases=("工种", "职务", "部门岗位")),
    ),
    banner=("单位在岗花名册", "盖章原件由本单位留存；时点是名册上写的日期"),
    whose=("id_number", "name"),
    strict=True,
    hints=("在岗花名册", "在职员工", "职工花名册", "盖章名册"),
    telling=(frozenset({"name", "joined", "left"}), frozenset({"id_number", "joined", "left"})),
)  # fmt: skip


def paid_months(values: dict[str, object], standing_on: date | None = None) -> tuple[date, ...]:
    """The months (first days, in order) that a row of a list proves, whichever way it tells them.

    `values` are those of `Parsed`. A row with a first month only proves that month. A roster of who was there
    `standing_on` a day proves from the day of joining, where it tells one, to that day or the last at work.
    """
    found: set[date] = set()
    months = values.get("months")
    if isinstance(months, tuple):
        found.update(months)
    if isinstance(period := values.get("period"), tuple):
        found.update(_between(*period))
    first, last = values.get("paid_from"), values.get("paid_to")
    if isinstance(first, date):
        found.update(_between(first, last if isinstance(last, date) else first))
    if standing_on is not None:
        joined, left = values.get("joined"), values.get("left")
        last = min(left, standing_on) if isinstance(left, date) else standing_on
        begins = joined if isinstance(joined, date) else standing_on
        if begins <= last:
            found.update(_between(begins, last))
    return tuple(sorted(found))


def _between(first: date, last: date) -> list[date]:
    begin = first.year * 12 + first.month - 1
    many = min(last.year * 12 + last.month - begin, _MOST_MONTHS)
    return [date((begin + step) // 12, (begin + step) % 12 + 1, 1) for step in range(many)]
