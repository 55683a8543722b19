"""What one row says of the person: labour capability, health, age, telephone, ID number."""

from ledger.doubts.rule import Context, MendAt, Severity, row_rule
from ledger.doubts.work import is_public_post
from ledger.records.months import is_working
from ledger.records.reported import Reported
from models.age import age_on
from models.id_number import IdNumber, IdNumberFault, mask_id_number
from models.worker import LabourCapability

_CANNOT = frozenset({LabourCapability.WEAK, LabourCapability.LOST, LabourCapability.NONE})
_HEALTHY = frozenset({"健康", "良好", "健康或良好"})
_LIMB = "4"
_SEVERE = frozenset("12")


@row_rule(
    "D13",
    "弱、半、丧失或无劳动力却在务工",
    Severity.CHECK,
    "核实劳动能力：能正常务工的，更正劳动技能；没有务工的，更正务工信息。从事公益性岗位的不算疑点。",
    mend_at=MendAt.PERSON,
)
def works_without_capability(reported: Reported, context: Context) -> str | None:
    """Coded as hardly or not able to work, and working; a public post may suit such a person."""
    if reported.capability not in _CANNOT or is_public_post(reported):
        return None
    if not is_working(reported, context.as_of):
        return None
    return f"劳动技能是{reported.capability.label}，却填写为正在务工"


@row_rule(
    "D14",
    "16至59周岁、健康、不在校，却填为弱劳动力或半劳动力",
    Severity.CHECK,
    "核实健康状况和劳动能力，改正填错的一项。",
    mend_at=MendAt.PERSON,
    ages=True,
)
def healthy_yet_weak(reported: Reported, context: Context) -> str | None:
    """Of working age, well and out of school, yet coded weak."""
    if reported.capability is not LabourCapability.WEAK or not _HEALTHY.issuperset(reported.health):
        return None
    if (
        not reported.health
        or reported.student
        or (reported.student is None and "student" not in reported.asked)
    ):
        return None
    birth, limits = context.birth_date(reported), context.thresholds
    if (
        birth is None
        or not limits.working_age <= (age := age_on(birth, context.as_of)) <= limits.weak_until_age
    ):
        return None
    return f"{age}周岁，健康，不是在校生，劳动技能却是{reported.capability.label}"


@row_rule(
    "D15",
    "一、二级肢体残疾却填为普通劳动力",
    Severity.CHECK,
    "对照残疾人证核实残疾等级和劳动能力，改正填错的一项。",
    mend_at=MendAt.PERSON,
)
def severely_disabled_yet_ordinary(reported: Reported, context: Context) -> str | None:
    """Digits 19 and 20 of a disability number are its kind and its grade."""
    if reported.capability is not LabourCapability.ORDINARY:
        return None
    identity = context.identity(reported)
    if not isinstance(identity, IdNumber) or len(identity.disability_suffix) < 2:
        return None
    kind, grade = identity.disability_suffix[0], identity.disability_suffix[1]
    if kind != _LIMB or grade not in _SEVERE:
        return None
    return f"残疾证号显示为肢体{'一二'[int(grade) - 1]}级残疾，劳动技能却是普通劳动力"


@row_rule(
    "D16",
    "不满16周岁没有填为无劳动力",
    Severity.ERROR,
    "核对证件号码；年龄属实的，把劳动技能改为“无劳动力”。",
    mend_at=MendAt.PERSON,
    ages=True,
)
def child_with_capability(reported: Reported, context: Context) -> str | None:
    """Below working age, and not coded as no labour."""
    if reported.capability is LabourCapability.NONE:
        return None
    if reported.capability is None and not reported.lacks("capability"):
        return None
    birth, limit = context.birth_date(reported), context.thresholds.working_age
    if birth is None or (age := age_on(birth, context.as_of)) >= limit:
        return None
    coded = f"填为{reported.capability.label}" if reported.capability else "没有填写"
    return f"{age}周岁，不满{limit}周岁，劳动技能{coded}，应为无劳动力"


@row_rule(
    "D18",
    "联系电话不是11位",
    Severity.ERROR,
    "向本人核对后填写11位手机号码；固定电话请换成本人或家人的手机号码。",
    mend_at=MendAt.PERSON,
)
def phone_wrong(reported: Reported, context: Context) -> str | None:
    """A telephone number that is not eleven digits."""
    phone, digits = reported.phone, context.thresholds.phone_digits
    if not phone:
        return None
    if not (phone.isascii() and phone.isdecimal()):
        return "联系电话里有数字以外的字符"
    return f"联系电话有{len(phone)}位，应为{digits}位" if len(phone) != digits else None


@row_rule(
    "D22",
    "证件号码位数或校验位不对",
    Severity.ERROR,
    "对照身份证、户口簿或残疾人证逐位核对后更正；15位的旧号码换成18位。",
    mend_at=MendAt.NUMBER,
)
def id_number_wrong(reported: Reported, context: Context) -> str | None:
    """An ID number that cannot be anybody's, is of the first generation, or is not there."""
    if reported.lacks("id_number"):
        return "没有填写证件号码"
    identity = context.identity(reported)
    if identity is None or reported.id_number is None:
        return None
    masked = mask_id_number(reported.id_number) if len(reported.id_number) >= 15 else ""
    shown = f"（{masked}）" if masked else ""
    if isinstance(identity, IdNumber):
        return f"证件号码{shown}是15位的旧号码" if identity.was_old else None
    if identity is IdNumberFault.CHECKSUM:
        return f"证件号码{shown}的校验位不符，至少有一位填错"
    if identity is IdNumberFault.BIRTH_DATE:
        return f"证件号码{shown}中的出生日期不存在"
    return f"证件号码有{len(reported.id_number)}位，应为18位（残疾人证20位或22位），末位可为X，不能有其他字符"
