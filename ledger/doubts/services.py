"""Lists of people to serve: no errors, but work that somebody should take up."""

from collections.abc import Iterable

from ledger.doubts.rule import Context, Finding, MendAt, RowRule, Severity, row_rule
from ledger.records.months import is_working
from ledger.records.reported import Reported
from models.age import age_on
from models.education import Education
from models.worker import LabourCapability


@row_rule(
    "S01",
    "有技能或大专以上学历，没有务工",
    Severity.SERVICE,
    "联系本人，了解求职意愿，优先推荐相应岗位。",
    mend_at=MendAt.PERSON,
)
def skilled_not_working(reported: Reported, context: Context) -> str | None:
    """Skilled or schooled, of working age, out of school and not at work."""
    if reported.student or is_working(reported, context.as_of) or "working" not in reported.asked:
        return None
    birth = context.birth_date(reported)
    if birth is not None and age_on(birth, context.as_of) < context.thresholds.working_age:
        return None
    if reported.capability is LabourCapability.SKILLED:
        return "是技能劳动力，目前没有务工"
    if reported.education is not None and reported.education.rank >= Education.COLLEGE.rank:
        return f"文化程度{reported.education.label}，目前没有务工"
    return None


@row_rule(
    "S02",
    "计划外出务工，没有填写就业服务需求",
    Severity.SERVICE,
    "联系本人，问清需要的服务（岗位信息、培训、交通等）后补填。",
    mend_at=MendAt.PERSON,
)
def plans_without_needs(reported: Reported, _context: Context) -> str | None:
    """Plans to leave, and nobody asked what help is needed."""
    return "计划外出务工，没有填写就业服务需求" if reported.plans and reported.lacks("needs") else None


SERVICE_LISTS: tuple[RowRule, ...] = (skilled_not_working, plans_without_needs)


def services(records: Iterable[Reported], context: Context) -> list[Finding]:
    """The people of every service list, in the order of the rows."""
    return [
        Finding(row, rule, what)
        for row in records
        for rule in SERVICE_LISTS
        if (what := rule.find(row, context)) is not None
    ]
