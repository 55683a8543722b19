"""劳动力花名册: the list that a township or village makes by hand, whatever it calls its columns."""

from dataclasses import replace

from ledger.forms.cells import Unclear
from ledger.forms.column import Column, Form
from ledger.forms.national import NATIONAL_COLUMNS, PLACE
from ledger.forms.values import MONTH, SEX, Values, month, whole
from models.id_number import EARLIEST_BIRTH
from models.intake import ImportKind

_NATIONAL = {column.field: column for column in NATIONAL_COLUMNS}
_RELIEVED = {"是": "脱贫户", "否": "一般农户", "脱贫": "脱贫户", "非脱贫户": "一般农户", "√": "脱贫户"}


def _household_kind(text: str) -> str:
    return _RELIEVED.get(text, text)


def _birth(text: str) -> object:
    found = month(text, EARLIEST_BIRTH.year)
    if found is None:
        raise Unclear("应写成年月，例如“1980年01月”")
    return found


def _like(field: str, heading: str, *aliases: str, required: bool = False, note: str = "") -> Column:
    """The national system's column under the heading that lists made by hand have."""
    column = _NATIONAL[field]
    names = tuple(dict.fromkeys((column.heading, *column.aliases, *aliases)))
    return replace(
        column,
        heading=heading,
        aliases=tuple(name for name in names if name != heading),
        required=required,
        note=note or column.note,
    )


_PLACE = replace(
    _NATIONAL[PLACE],
    heading="务工地点",
    aliases=(
        "务工所在地", "地点", "务工地", "务工所在省市县", "务工地址", "工作地点", "就业地点", "外出地点", "务工去向", "去向", "就业地", "外出务工地点", "就业去向",
    ),
    note="写到县（市、区），如“江苏省南通市通州区”",
)  # fmt: skip

_COLUMNS = (
    _like("township", "乡镇", "镇", "街道", "镇街"),
    _like("village", "村组", "村", "村民小组", "村（组）", "所在村"),
    _like("name", "姓名", "务工人员姓名", "劳动力姓名", "人员", required=True),
    Column("性别", "sex", SEX, "男", "男或女；与证件号码不一致时会提示"),
    Column("年龄", "age", whole("周岁，例如“45”", 120, "周岁", "岁"), "46", "周岁；可以不填，以证件号码为准"),
    Column(
        "出生年月", "birth_date", Values(_birth, MONTH.write), "1980年01月",
        "可以不填，以证件号码为准", ("出生日期", "出生年月日", "生日"),
    ),
    _like("id_number", "身份证号", "身份证号码（文本格式）", required=True),
    _like("phone", "电话", "联系方式", "本人电话", "手机", "联系号码", "务工人员电话"),
    Column(
        "是否脱贫户", "household_kind", Values(_household_kind, str, ("脱贫户", "一般农户")), "脱贫户", "脱贫户或一般农户；也可填是、否",
        ("户类型", "户属性", "是否脱贫", "是否建档立卡", "是否建档立卡户", "是否贫困户", "是否脱贫人口", "人员类别", "户别", "农户类型"),
    ),
    _like("monitored_kind", "监测对象类别", "三类户", "三类人员", "监测户类型", "是否监测户类别"),
    _like("relation", "与户主关系", "关系"),
    _like("education", "文化程度", "最高学历"),
    _like("capability", "劳动能力"),
    _like("working", "是否务工", "是否就业", "是否外出", "就业状态"),
    _PLACE,
    _like("employer", "务工单位", "工作单位", "单位", "用工单位", "就业单位", "用工企业", "就业企业", "务工厂家", "企业"),
    _like("income", "月工资", "工资", "工资收入", "月薪", "月工资收入", "收入", "每月工资", "月均工资"),
    _like("started", "外出时间", "务工时间", "外出日期", "就业时间", "上岗时间", "入职时间", "外出务工时间", "出发时间"),
    _like("ended", "返乡时间", "返乡日期", "离职时间", "回乡时间"),
    _like("industry", "行业", "从事行业", "产业", "工种行业"),
    _like("channel", "就业渠道", "输出方式", "务工途径", "就业途径", "组织方式"),
    _like("point_to_point", "是否点对点输送"),
    _like("plans", "是否计划务工", "是否有外出意愿", "有无外出意愿"),
    _like("needs", "就业服务需求", "需要的服务", "培训需求", "诉求"),
    _like("intention", "务工意愿", "意向务工地", "意向地点", "意向岗位"),
)  # fmt: skip

ROSTER = Form(
    ImportKind.ROSTER,
    ImportKind.ROSTER.label,
    columns=_COLUMNS,
    accepted=NATIONAL_COLUMNS,
    banner=("劳动力花名册", "身份证号和电话请用文本格式；不知道的留空，不要填“无”或“不详”"),
    whose=("name", "id_number"),
    strict=True,
    hints=("花名册", "务工人员", "劳动力", "摸底", "外出人员"),
    telling=tuple(
        frozenset({"name", other})
        for other in ("id_number", "phone", "employer", "started", "township", PLACE)
    ),
    by_day=True,
)
