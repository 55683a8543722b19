"""用途, declared once: what each allows, on what ground without a consent, and what a no stops. The page, the person's
file and the impact assessment are made of it."""

from dataclasses import dataclass

from models.consent import PER_EMPLOYER, Purpose
from models.disclosure import Basis


@dataclass(frozen=True, slots=True)
class Terms:
    """One purpose. `without` is the ground where nobody asked the person; None where nothing may be done then."""

    purpose: Purpose
    what: str
    without: Basis | None
    law: str
    stops: str

    @property
    def per_employer(self) -> bool:
        """Whether it may be agreed to for one employer alone."""
        return self.purpose in PER_EMPLOYER


TERMS: dict[Purpose, Terms] = {
    each.purpose: each
    for each in (
        Terms(
            Purpose.SERVICE,
            "登记台账、推荐岗位、随访、办理补贴、统计任务进度",
            Basis.STATUTORY,
            "《就业促进法》公共就业服务；《个人信息保护法》第13条第1款第3项",
            "档案转为限制使用：只保存，不推荐、不随访、不统计、不导出；进行中的推荐撤回，从输送名单上取下",
        ),
        Terms(
            Purpose.RANKING,
            "由模型按合适程度给岗位打分排序",
            Basis.STATUTORY,
            "《个人信息保护法》第24条：可以拒绝仅由自动化决策作出的决定",
            "不再计算和保存分数：岗位按登记先后列出，不进匹配方案，由工作人员推荐",
        ),
        Terms(
            Purpose.EMPLOYER,
            "推荐时把姓名、年龄、技能等告诉用人单位，出发前把联系电话给接站的单位",
            Basis.CONTRACT,
            "《个人信息保护法》第13条第1款第2项、第23条",
            "不再推荐到这家（或任何一家）单位，也不列入给它的名单",
        ),
        Terms(
            Purpose.SENSITIVE,
            "单位按人头申领补贴时，把补贴所需的帮扶类别等敏感信息给这家单位",
            None,
            "《个人信息保护法》第23条、第29条：单独同意",
            "不再出现在给这家单位的申领名单上",
        ),
        Terms(
            Purpose.CHECK_IN,
            "用手机定位证明在岗",
            None,
            "《个人信息保护法》第29条：行踪轨迹是敏感个人信息，单独同意",
            "不再接受位置打卡，改用其他佐证",
        ),
        Terms(
            Purpose.MESSAGES,
            "用短信、微信发通知",
            None,
            "《个人信息保护法》第13条第1款第1项",
            "不再发送，改为电话或上门",
        ),
    )
}
"""Every purpose. A test holds that none is missing."""
