"""The columns of the national system's files, each declared once: heading, aliases, meaning, example."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ledger.national import parsing
from models.coded import Coded


class FileKind(Coded):
    """The files that a county exports."""

    AWAY = "away", "已外出务工信息"
    PLANNED = "planned", "计划外出务工信息"
    MONITORED = "monitored", "监测对象信息"
    HOUSEHOLD = "household", "户信息"


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    `field` is the field of `Reported` that it fills, or a part of the place of work; `parse` reads a text that is not
    blank or raises `Unclear`. Columns of several headings with numbers (致贫/返贫风险1 … 5) add to one field.
    `text_only` refuses a row whose cell is a number: its last digits are gone.
    """

    heading: str
    field: str
    parse: Callable[[str], Any]
    kinds: str
    example: str
    note: str
    aliases: tuple[str, ...] = ()
    text_only: bool = False
    several: bool = False


# Which files carry a column: away, planned, monitored, household.
_ALL, _PEOPLE, _WORK, _ROLL = "APMH", "APM", "AM", "MH"

PROVINCE, CITY, COUNTY, PLACE = "place_province", "place_city", "place_county", "place"
"""The parts of the place of work, read together."""

COLUMNS: tuple[Column, ...] = (
    Column("村", "village", parsing.words, _ALL, "测试村", "所在行政村", ("行政村", "村名", "村名称", "村（社区）")),
    Column("户编号", "household", parsing.words, _ALL, "6107280001", "系统中的户编号", ("户号", "家庭编号")),
    Column(
        "人编号", "person", parsing.words, _PEOPLE, "61072800010001", "系统中的人编号",
        ("人口编号", "人员编号", "家庭成员编号"),
    ),
    Column("户类型", "household_kind", parsing.words, _ALL, "脱贫户", "脱贫户、一般农户等", ("户属性",)),
    Column(
        "监测对象类别", "monitored_kind", parsing.words, _ALL, "脱贫不稳定户",
        "脱贫不稳定户、边缘易致贫户、突发严重困难户；不是监测对象的留空", ("监测类别",),
    ),
    Column("风险是否已消除", "risk_cleared", parsing.yes_or_no, _ALL, "否", "是或否", ("风险是否消除",)),
    Column(
        "致贫/返贫风险", "risks", parsing.several, _ROLL, "因务工就业不稳", "可有多列，也可用顿号分开",
        ("致贫返贫风险", "返贫致贫风险", "风险类型", "主要风险类型", "致贫返贫风险类型", "返贫致贫风险类型", "致贫风险", "返贫风险"), several=True,
    ),
    Column(
        "就业帮扶", "measures", parsing.several, _ROLL, "劳务输出", "登记的就业帮扶措施，多项用顿号分开",
        ("帮扶措施", "就业帮扶措施", "帮扶措施类型", "帮扶措施名称"), several=True,
    ),
    Column("姓名", "name", parsing.words, _PEOPLE, "测试甲", "与证件一致", ("成员姓名", "人员姓名")),
    Column(
        "证件号码", "id_number", parsing.id_number, _PEOPLE, "990100198001010015",
        "18位身份证号，或20位、22位残疾人证号；单元格必须是文本格式", ("身份证号", "身份证号码", "公民身份号码", "证件号"),
        text_only=True,
    ),
    Column("证件类型", "id_kind", parsing.words, _PEOPLE, "居民身份证", "居民身份证、残疾人证等"),
    Column("与户主关系", "relation", parsing.words, _PEOPLE, "户主", "户主、配偶、子女等"),
    Column("民族", "ethnicity", parsing.words, _PEOPLE, "汉族", "民族名称"),
    Column("政治面貌", "political_status", parsing.words, _PEOPLE, "群众", "群众、共青团员、中共党员等"),
    Column("文化程度", "education", parsing.education, _PEOPLE, "初中", "文盲或半文盲至研究生", ("学历",)),
    Column("在校生状况", "student", parsing.at_school, _PEOPLE, "", "不在校的留空", ("在校情况", "在校状况")),
    Column("健康状况", "health", parsing.several, _PEOPLE, "健康", "健康、长期慢性病、患有大病、残疾，可多项"),
    Column("劳动技能", "capability", parsing.capability, _PEOPLE, "普通劳动力", "五种劳动能力之一", ("劳动能力",)),
    Column(
        "是否特困供养人员", "destitute", parsing.yes_or_no, _PEOPLE, "否", "是或否", ("是否特困供养", "是否特困", "是否特困人员", "是否特困供养对象"),
    ),
    Column(
        "联系电话", "phone", parsing.phone, _ALL, "13800000000", "11位手机号码",
        ("家庭成员联系电话", "电话", "手机号", "手机号码", "电话号码"),
    ),
    Column(
        "是否务工", "working", parsing.yes_or_no, _WORK, "是", "目前是否在务工",
        ("是否已务工", "是否已外出务工", "是否外出务工", "是否正在务工"),
    ),
    Column(
        "开始时间", "started", parsing.month, _WORK, "2025年01月", "年月",
        ("务工开始时间", "外出务工开始时间", "本次务工开始时间", "外出开始时间"),
    ),
    Column(
        "结束时间", "ended", parsing.month, _WORK, "2025年06月", "年月；仍在务工的留空",
        ("务工结束时间", "外出务工结束时间", "本次务工结束时间", "外出结束时间"),
    ),
    Column("务工所在省", PROVINCE, parsing.words, _WORK, "江苏省", "务工地点的省", ("务工省", "务工所在省份")),
    Column("务工所在市", CITY, parsing.words, _WORK, "南通市", "务工地点的市", ("务工市", "务工所在地市")),
    Column("务工所在县", COUNTY, parsing.words, _WORK, "通州区", "务工地点的县（市、区）", ("务工县", "务工所在区县", "务工所在县区")),
    Column(
        "务工所在地", PLACE, parsing.words, _WORK, "江苏省南通市通州区", "省市县写在一格时用这一列",
        ("务工地点", "务工地", "务工所在省/市/县", "务工所在省市县", "务工所在地(省/市/县)"),
    ),
    Column("务工企业名称", "employer", parsing.words, _WORK, "南通测试有限公司", "营业执照上的全称", ("务工企业", "务工单位", "务工单位名称", "企业名称")),
    Column("务工月收入", "income", parsing.money, _WORK, "4500", "元", ("月收入", "务工月收入(元)", "月均收入")),
    Column("所属行业", "industry", parsing.words, _WORK, "制造业", "国民经济行业", ("行业", "务工行业")),
    Column("就业渠道", "channel", parsing.words, _WORK, "东西部劳务协作", "通过什么渠道就业", ("务工渠道", "就业渠道(易地搬迁后扶使用)")),
    Column("是否点对点输送", "point_to_point", parsing.yes_or_no, _WORK, "是", "是或否", ("是否点对点", "点对点输送")),
    Column(
        "年度交通费补助", "travel_subsidy", parsing.money, _WORK, "500", "元；没有的留空或填0",
        ("交通费补助", "年度交通补助", "年度交通费补助(元)"),
    ),
    Column("务工形式", "form", parsing.words, _WORK, "长期务工", "长期、季节性、短期等"),
    Column(
        "工资证明编号", "certificate", parsing.words, _WORK, "测证-001", "一人一份",
        ("收入证明编号", "务工证明编号", "工资证明", "收入证明", "佐证编号", "佐证材料编号"),
    ),
    Column(
        "是否计划务工", "plans", parsing.yes_or_no, "PM", "是", "是否计划外出务工",
        ("是否计划外出务工", "计划务工", "是否有外出务工计划"),
    ),
    Column("就业服务需求", "needs", parsing.words, "PM", "岗位信息", "需要的就业服务", ("服务需求", "需求", "务工需求", "就业需求")),
    Column("务工意愿", "intention", parsing.words, "PM", "县外务工", "想去哪里务工", ("就业意愿", "外出意愿")),
    Column(
        "公益性岗位", "post_kinds", parsing.several, _WORK, "护林员", "岗位种类，多项用顿号分开；没有的留空",
        ("公益性岗位类型", "公益性岗位种类", "公益岗位"), several=True,
    ),
    Column(
        "公益性岗位月数", "post_months", parsing.months, _WORK, "12", "月",
        ("公益性岗位(月数)", "公益岗位月数", "公益性岗位（月）"),
    ),
    Column("是否会讲普通话", "speaks_mandarin", parsing.yes_or_no, _PEOPLE, "是", "是或否", ("会讲普通话",)),
)  # fmt: skip

_KIND_LETTERS = {"A": FileKind.AWAY, "P": FileKind.PLANNED, "M": FileKind.MONITORED, "H": FileKind.HOUSEHOLD}


def columns_of(kind: FileKind) -> tuple[Column, ...]:
    """The columns that files of this kind usually have, in their order."""
    return tuple(
        column for column in COLUMNS if any(_KIND_LETTERS[letter] is kind for letter in column.kinds)
    )


def plain_heading(text: str) -> str:
    """A heading as it is compared: wide forms narrowed, without blanks, stars and colons."""
    return re.sub(r"[\s*:]+", "", unicodedata.normalize("NFKC", text))


_BY_HEADING = {
    plain_heading(name): column for column in COLUMNS for name in (column.heading, *column.aliases)
}


def column_named(text: str) -> Column | None:
    """The column that a heading means, also with a unit behind it (务工月收入(元)) or a number (致贫/返贫风险2)."""
    heading = plain_heading(text)
    for candidate in (heading, re.sub(r"\([^()]*\)$", "", heading)):
        if column := _BY_HEADING.get(candidate):
            return column
    numbered = _BY_HEADING.get(re.sub(r"\d$", "", heading))
    return numbered if numbered and numbered.several else None
