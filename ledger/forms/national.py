"""The files of the national system (务工月监测) as counties export them: 已外出, 计划外出, 监测对象, 户信息."""

from ledger.forms.column import Column, Form
from ledger.forms.values import (
    AT_SCHOOL,
    CAPABILITY,
    EDUCATION,
    ID_NUMBER,
    MONEY,
    MONTH,
    MONTHS,
    PHONE,
    RELATION,
    SEVERAL,
    YES_OR_NO,
    offering,
)
from models.intake import ImportKind

PROVINCE, CITY, COUNTY, PLACE = "place_province", "place_city", "place_county", "place"
"""The parts of the place of work, read together."""

HOME_PROVINCE, HOME_CITY, HOME_COUNTY = "home_province", "home_city", "home_county"
"""Where the household is registered; the township and the village are fields of the report itself."""

_HOUSEHOLD_KINDS = offering("脱贫户", "一般农户", "监测对象户")
_MONITORED_KINDS = offering("脱贫不稳定户", "边缘易致贫户", "突发严重困难户")

# Which files usually carry a column: A away, P planned, M monitored, H household.
_DECLARED: tuple[tuple[str, Column], ...] = (
    ("APMH", Column("省", HOME_PROVINCE, example="陕西省", note="户籍所在省", aliases=("省份", "户籍省", "所在省"))),
    ("APMH", Column("市", HOME_CITY, example="汉中市", note="户籍所在市", aliases=("地市", "市州", "市（州）", "户籍市", "所在市"))),
    ("APMH", Column("县", HOME_COUNTY, example="镇巴县", note="户籍所在县（市、区）", aliases=("县区", "区县", "县（市、区）", "户籍县", "所在县"))),
    (
        "APMH",
        Column(
            "乡（镇）", "township", example="测试镇", note="户籍所在乡镇、街道",
            aliases=("乡", "镇", "乡镇", "乡镇名称", "所属乡镇", "所在乡镇", "乡镇（街道）", "镇（街道）", "镇办", "镇（办）", "乡（镇、街道）"),
        ),
    ),
    ("APMH", Column("村", "village", example="测试村", note="所在行政村", aliases=("行政村", "村名", "村名称", "村（社区）"))),
    ("APMH", Column("户编号", "household", example="6107280001", note="系统中的户编号", aliases=("户号", "家庭编号"), required=True)),
    (
        "APM",
        Column("人编号", "person", example="61072800010001", note="系统中的人编号", aliases=("人口编号", "人员编号", "家庭成员编号")),
    ),
    ("APMH", Column("户类型", "household_kind", _HOUSEHOLD_KINDS, "脱贫户", "脱贫户、一般农户等", ("户属性",))),
    (
        "APMH",
        Column(
            "监测对象类别", "monitored_kind", _MONITORED_KINDS, "脱贫不稳定户",
            "脱贫不稳定户、边缘易致贫户、突发严重困难户；不是监测对象的留空", ("监测类别",),
        ),
    ),
    ("APMH", Column("风险是否已消除", "risk_cleared", YES_OR_NO, "否", "是或否", ("风险是否消除",))),
    (
        "M",
        Column(
            "监测对象识别时间", "monitored_since", MONTH, "2022年03月15日", "识别、纳入为监测对象的日期",
            ("识别时间", "纳入时间", "监测对象纳入时间", "识别监测时间", "纳入监测时间"),
        ),
    ),
    (
        "M",
        Column("风险消除时间", "risk_cleared_on", MONTH, "", "风险消除的日期；没有消除的留空", ("消除时间", "风险消除日期")),
    ),
    (
        "MH",
        Column(
            "致贫/返贫风险", "risks", SEVERAL, "因务工就业不稳", "可有多列，也可用顿号分开",
            ("致贫返贫风险", "返贫致贫风险", "风险类型", "主要风险类型", "致贫返贫风险类型", "返贫致贫风险类型", "致贫风险", "返贫风险"), several=True,
        ),
    ),
    (
        "MH",
        Column(
            "就业帮扶", "measures", SEVERAL, "劳务输出", "登记的就业帮扶措施，多项用顿号分开",
            ("帮扶措施", "就业帮扶措施", "帮扶措施类型", "帮扶措施名称"), several=True,
        ),
    ),
    ("APM", Column("姓名", "name", example="测试甲", note="与证件一致", aliases=("成员姓名", "人员姓名"), required=True, personal=True)),
    (
        "APM",
        Column(
            "证件号码", "id_number", ID_NUMBER, "990100198001010015",
            "18位身份证号，或20位、22位残疾人证号；单元格必须是文本格式", ("身份证号", "身份证号码", "公民身份号码", "证件号", "身份证"),
            required=True, text_only=True, personal=True,
        ),
    ),
    ("APM", Column("证件类型", "id_kind", offering("居民身份证", "残疾人证"), "居民身份证", "居民身份证、残疾人证等")),
    ("APM", Column("与户主关系", "relation", RELATION, "户主", "户主、配偶、之子、之女等", ("与户主的关系", "家庭关系"))),
    ("APM", Column("民族", "ethnicity", example="汉族", note="民族名称")),
    ("APM", Column("政治面貌", "political_status", offering("群众", "共青团员", "中共党员"), "群众", "群众、共青团员、中共党员等")),
    ("APM", Column("文化程度", "education", EDUCATION, "初中", "文盲或半文盲至研究生", ("学历",))),
    ("APM", Column("在校生状况", "student", AT_SCHOOL, "", "不在校的留空", ("在校情况", "在校状况"))),
    ("APM", Column("健康状况", "health", SEVERAL, "健康", "健康、长期慢性病、患有大病、残疾，可多项")),
    ("APM", Column("劳动技能", "capability", CAPABILITY, "普通劳动力", "五种劳动能力之一", ("劳动能力",))),
    (
        "APM",
        Column("是否特困供养人员", "destitute", YES_OR_NO, "否", "是或否", ("是否特困供养", "是否特困", "是否特困人员", "是否特困供养对象")),
    ),
    (
        "APMH",
        Column(
            "联系电话", "phone", PHONE, "13800000000", "11位手机号码",
            ("家庭成员联系电话", "电话", "手机号", "手机号码", "电话号码"), personal=True,
        ),
    ),
    (
        "AM",
        Column("是否务工", "working", YES_OR_NO, "是", "目前是否在务工", ("是否已务工", "是否已外出务工", "是否外出务工", "是否正在务工")),
    ),
    (
        "AM",
        Column(
            "开始时间", "started", MONTH, "2025年01月", "年月", ("务工开始时间", "外出务工开始时间", "本次务工开始时间", "外出开始时间"),
        ),
    ),
    (
        "AM",
        Column(
            "结束时间", "ended", MONTH, "2025年06月", "年月；仍在务工的留空",
            ("务工结束时间", "外出务工结束时间", "本次务工结束时间", "外出结束时间"),
        ),
    ),
    ("AM", Column("务工所在省", PROVINCE, example="江苏省", note="务工地点的省", aliases=("务工省", "务工所在省份"))),
    ("AM", Column("务工所在市", CITY, example="南通市", note="务工地点的市", aliases=("务工市", "务工所在地市"))),
    (
        "AM",
        Column("务工所在县", COUNTY, example="通州区", note="务工地点的县（市、区）", aliases=("务工县", "务工所在区县", "务工所在县区")),
    ),
    (
        "",
        Column(
            "务工所在地", PLACE, example="江苏省南通市通州区", note="省市县写在一格时用这一列",
            aliases=("务工地点", "务工地", "务工所在省/市/县", "务工所在省市县", "务工所在地(省/市/县)"),
        ),
    ),
    (
        "AM",
        Column(
            "务工企业名称", "employer", example="南通测试有限公司", note="营业执照上的全称",
            aliases=("务工企业", "务工单位", "务工单位名称", "企业名称"),
        ),
    ),
    ("AM", Column("务工月收入", "income", MONEY, "4500", "元", ("月收入", "务工月收入(元)", "月均收入"))),
    ("AM", Column("所属行业", "industry", example="制造业", note="国民经济行业", aliases=("行业", "务工行业"))),
    (
        "AM",
        Column("就业渠道", "channel", example="东西部劳务协作", note="通过什么渠道就业", aliases=("务工渠道", "就业渠道(易地搬迁后扶使用)")),
    ),
    ("AM", Column("是否点对点输送", "point_to_point", YES_OR_NO, "是", "是或否", ("是否点对点", "点对点输送"))),
    (
        "AM",
        Column("年度交通费补助", "travel_subsidy", MONEY, "500", "元；没有的留空或填0", ("交通费补助", "年度交通补助", "年度交通费补助(元)")),
    ),
    ("AM", Column("务工形式", "form", example="长期务工", note="长期、季节性、短期等")),
    (
        "AM",
        Column(
            "工资证明编号", "certificate", example="测证-001", note="一人一份",
            aliases=("收入证明编号", "务工证明编号", "工资证明", "收入证明", "佐证编号", "佐证材料编号"),
        ),
    ),
    (
        "PM",
        Column("是否计划务工", "plans", YES_OR_NO, "是", "是否计划外出务工", ("是否计划外出务工", "计划务工", "是否有外出务工计划")),
    ),
    ("PM", Column("就业服务需求", "needs", example="岗位信息", note="需要的就业服务", aliases=("服务需求", "需求", "务工需求", "就业需求"))),
    ("PM", Column("务工意愿", "intention", example="县外务工", note="想去哪里务工", aliases=("就业意愿", "外出意愿"))),
    (
        "AM",
        Column(
            "公益性岗位", "post_kinds", SEVERAL, "护林员", "岗位种类，多项用顿号分开；没有的留空",
            ("公益性岗位类型", "公益性岗位种类", "公益岗位"), several=True,
        ),
    ),
    (
        "AM",
        Column("公益性岗位月数", "post_months", MONTHS, "12", "月", ("公益性岗位(月数)", "公益岗位月数", "公益性岗位（月）")),
    ),
    ("APM", Column("是否会讲普通话", "speaks_mandarin", YES_OR_NO, "是", "是或否", ("会讲普通话",))),
)  # fmt: skip

NATIONAL_COLUMNS = tuple(column for _, column in _DECLARED)


def _form(kind: ImportKind, letter: str, *telling: frozenset[str], hint: str = "") -> Form:
    household = kind is ImportKind.HOUSEHOLD
    return Form(
        kind,
        kind.label,
        columns=tuple(column for letters, column in _DECLARED if letter in letters),
        accepted=NATIONAL_COLUMNS,
        banner=(kind.label, "全国防返贫监测和衔接推进乡村振兴信息系统"),
        whose=("household", "person", "name", "id_number") if household else ("person", "name", "id_number"),
        hints=(hint,) if hint else (),
        telling=telling,
    )


def _either(*fields: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset({number, field}) for number in ("household", "person") for field in fields)


AWAY = _form(ImportKind.AWAY, "A", *_either("working", "started"), hint="已外出务工")
PLANNED = _form(ImportKind.PLANNED, "P", *_either("plans"), hint="计划外出务工")
MONITORED = _form(
    ImportKind.MONITORED,
    "M",
    *(
        frozenset({number, "name", mark})
        for number in ("household", "person")
        for mark in ("risks", "measures")
    ),
    *_either("name", "id_number"),
    hint="监测对象信息",
)
HOUSEHOLD = _form(ImportKind.HOUSEHOLD, "H", frozenset({"household"}))

NATIONAL = (AWAY, PLANNED, MONITORED, HOUSEHOLD)
