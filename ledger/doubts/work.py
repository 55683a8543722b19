"""D01 to D12 as far as one row of work shows them."""

from ledger.doubts.place import county_of, is_away
from ledger.doubts.rule import Concerns, Context, MendAt, Rule, Severity, row_rule
from ledger.records.months import began_before, in_chinese, is_open, is_working, last_age, month, open_months
from ledger.records.reported import Reported

_DETAILS = {
    "income": "务工月收入",
    "employer": "务工企业名称",
    "industry": "所属行业",
    "channel": "就业渠道",
    "point_to_point": "是否点对点输送",
}
# What stands in the county's cell when nobody chose a county.
_NO_COUNTY = frozenset({"市辖区", "县", "无", "其他", "其它", "不详", "未知", "-", "/"})


proved_beyond = Rule(
    "D27",
    "proved_beyond",
    "佐证超出务工记录",
    Severity.CHECK,
    Concerns.PERSON,
    "核实最后一天上班的日期：记录错的，更正日期；材料登记错的，撤回这条佐证；确实如此的，写明原因。",
    MendAt.PROOF,
    ages=False,
)
"""Evidence says that somebody worked on days on which the record has no work. Found where the evidence is; no list
shows it."""


def is_public_post(reported: Reported) -> bool:
    """Whether the row tells of a public post: by its channel or by a kind of post."""
    return bool(reported.post_kinds) or "公益" in (reported.channel or "")


def _is_workshop(reported: Reported) -> bool:
    return "车间" in (reported.channel or "")


@row_rule(
    "D01",
    "正在务工，收入、企业、行业、渠道或点对点未填",
    Severity.ERROR,
    "电话联系本人或用人单位，把空着的各项补填完整；确实不在务工的，把“是否务工”改为“否”并填写结束时间。",
    mend_at=MendAt.REPORT,
)
def missing_details(reported: Reported, context: Context) -> str | None:
    """Working, yet what every job has was left blank."""
    if not is_working(reported, context.as_of):
        return None
    missing = [heading for field, heading in _DETAILS.items() if reported.lacks(field)]
    return f"正在务工，但没有填写{'、'.join(missing)}" if missing else None


@row_rule(
    "D02",
    "务工地点没有填到县",
    Severity.ERROR,
    "问清务工地点，选到县（市、区）一级；东莞、中山、儋州、嘉峪关不设区县，选到市即可。",
    mend_at=MendAt.REPORT,
)
def place_not_to_county(reported: Reported, context: Context) -> str | None:
    """A place of work that stops at the province or the city, where the city has counties."""
    if "region" not in reported.asked or reported.abroad:
        return None
    if not (is_working(reported, context.as_of) or (reported.region and reported.started)):
        return None
    if county_of(context.gazetteer, reported.region) is not None:
        return None
    # A development zone stands in no code table, but it is a county's worth of place.
    if reported.county_text and reported.county_text not in _NO_COUNTY:
        return None
    if reported.region is None:
        return "正在务工，但没有填写务工所在地，或所填的地名查不到"
    return f"务工所在地只填到{context.gazetteer.name(reported.region)}，没有填到县（市、区）"


@row_rule(
    "D04",
    "填写未务工，但结束时间为空或在将来",
    Severity.ERROR,
    "已经返乡的，补填实际结束时间；仍在务工的，把“是否务工”改为“是”。",
    mend_at=MendAt.REPORT,
)
def not_working_yet_open(reported: Reported, context: Context) -> str | None:
    """Said not to work, while the stretch of work has no end or one that is still to come."""
    if reported.working is not False:
        return None
    if reported.ended is not None:
        if month(reported.ended) > month(context.as_of):
            return f"填写为未务工，但结束时间{in_chinese(reported.ended)}还没有到"
        return None
    if reported.lacks("ended") and reported.has_spell:
        return "填写为未务工，但没有填写结束时间"
    return None


@row_rule(
    "D05",
    "同一段务工超过36个月没有结束",
    Severity.CHECK,
    "核实是否还在原单位：已离开的填写结束时间，换了单位的另填一条新记录。",
    mend_at=MendAt.REPORT,
    ages=True,
)
def open_too_long(reported: Reported, context: Context) -> str | None:
    """A stretch of work that nobody has ended or renewed for years."""
    if reported.started is None or reported.working is False or not is_open(reported, context.as_of):
        return None
    if reported.ended is None and "ended" not in reported.asked:
        return None
    months, limit = open_months(reported, context.as_of), context.thresholds.open_months
    if months <= limit:
        return None
    return f"从{in_chinese(reported.started)}开始，已有{months}个月没有结束，超过{limit}个月"


@row_rule(
    "D06",
    "在县外务工，渠道却是公益性岗位或帮扶车间",
    Severity.ERROR,
    "公益性岗位和就业帮扶车间都在本县：核对务工所在县和就业渠道，改正填错的一项。",
    mend_at=MendAt.REPORT,
)
def post_or_workshop_away(reported: Reported, context: Context) -> str | None:
    """A public post or a workshop, both of which are the home county's, somewhere else."""
    channel = reported.channel or ""
    post, workshop = "公益" in channel, _is_workshop(reported)
    if not (post or workshop) or not (
        reported.abroad or is_away(context.gazetteer, reported.region, context.home)
    ):
        return None
    word = "公益性岗位" if post else "就业帮扶车间"
    place = context.gazetteer.name(reported.region) if reported.region else "境外"
    return f"就业渠道是{word}，务工所在地却是县外的{place}"


@row_rule(
    "D07",
    "公益性岗位人员年满70周岁或不满16周岁",
    Severity.ERROR,
    "核对年龄；确实不符合年龄的，按规定退出岗位，并填写结束时间。",
    mend_at=MendAt.REPORT,
    ages=True,
)
def post_at_wrong_age(reported: Reported, context: Context) -> str | None:
    """A public post held by somebody too old for it, or too young to work."""
    birth = context.birth_date(reported)
    if birth is None or not is_public_post(reported):
        return None
    age, limits = last_age(reported, birth, context.as_of), context.thresholds
    if age >= limits.post_below_age:
        return f"在公益性岗位，已经{age}周岁（满{limits.post_below_age}周岁应退出）"
    if age < limits.working_age:
        return f"在公益性岗位，只有{age}周岁（不满{limits.working_age}周岁不能上岗）"
    return None


@row_rule(
    "D09",
    "公益性岗位有岗位没有月数，或有月数没有岗位",
    Severity.ERROR,
    "有岗位的，补填岗位月数；没有岗位的，清空岗位月数。",
    mend_at=MendAt.REPORT,
)
def post_without_term(reported: Reported, _context: Context) -> str | None:
    """A public post without its months, or months of no post."""
    if reported.post_kinds and (reported.lacks("post_months") or reported.post_months == 0):
        return "填写了公益性岗位，但没有填写岗位月数"
    if reported.post_months and reported.lacks("post_kinds"):
        return f"填写了岗位月数{reported.post_months}个月，但没有填写公益性岗位"
    return None


@row_rule(
    "D10",
    "不满16周岁就开始务工",
    Severity.ERROR,
    "核对证件号码和务工开始时间；年龄属实的，属于童工线索，立即报县人社部门处理。",
    mend_at=MendAt.REPORT,
)
def began_too_young(reported: Reported, context: Context) -> str | None:
    """Work that began before the law allows any."""
    birth, age = context.birth_date(reported), context.thresholds.working_age
    if birth is None or reported.started is None or not began_before(reported, birth, age):
        return None
    return f"务工开始时间{in_chinese(reported.started)}早于年满{age}周岁"


@row_rule(
    "D11",
    "在校生正在务工",
    Severity.ERROR,
    "已毕业或辍学的，更正在校生状况；仍在校的，核实是否只是假期打工，不是务工的改为“否”。",
    mend_at=MendAt.PERSON,
)
def pupil_working(reported: Reported, context: Context) -> str | None:
    """At school and at work at once."""
    if not (reported.student and is_working(reported, context.as_of)):
        return None
    return "填写为在校生，同时填写为正在务工"


@row_rule(
    "D12",
    "特困供养人员外出务工",
    Severity.CHECK,
    "核实特困供养资格和务工情况：有劳动能力并稳定就业的，报民政部门复核；没有外出的，更正务工信息。",
    mend_at=MendAt.PERSON,
)
def destitute_away(reported: Reported, context: Context) -> str | None:
    """Somebody kept by the state for want of any means, working in another county."""
    is_destitute = reported.destitute or "特困" in f"{reported.household_kind}{reported.monitored_kind}"
    if not is_destitute or not is_working(reported, context.as_of):
        return None
    if not (reported.abroad or is_away(context.gazetteer, reported.region, context.home)):
        return None
    return "是特困供养人员，却填写为在县外务工"


@row_rule(
    "D17",
    "务工月收入不合理",
    Severity.CHECK,
    "向本人核实月收入（元）：注意是否把年收入、日工资或以万元为单位的数填成了月收入。",
    mend_at=MendAt.REPORT,
)
def income_implausible(reported: Reported, context: Context) -> str | None:
    """A monthly income that is likely another unit or another period."""
    if reported.income is None or not reported.has_spell:
        return None
    limits = context.thresholds
    if reported.income < limits.income_min:
        return f"务工月收入{reported.income:f}元，低于{limits.income_min:f}元"
    if reported.income > limits.income_max:
        return f"务工月收入{reported.income:f}元，高于{limits.income_max:f}元"
    return None
