"""Why somebody left, or an application came to nothing, in the demonstration's history."""

from models.coded import Coded


class LeaveReason(Coded):
    """离岗原因."""

    FESTIVAL = "festival", "春节返乡"
    LOW_PAY = "low_pay", "工资低"
    TOO_FAR = "too_far", "离家太远"
    FAMILY = "family", "家里离不开"
    SHIFT = "shift", "班次不适应"
    HEALTH = "health", "身体原因"
    HARVEST = "harvest", "回家农忙"
    LAID_OFF = "laid_off", "单位裁减"
    BETTER_POST = "better_post", "另有工作"


class ClosingReason(Coded):
    """未成原因: the worker's reasons first, then the employer's."""

    LOW_PAY = "low_pay", "工资低"
    TOO_FAR = "too_far", "太远"
    FAMILY = "family", "家里离不开"
    SHIFT = "shift", "班次"
    NO_LODGING = "no_lodging", "不包住"
    NOT_REACHED = "not_reached", "联系不上"
    SKILL_SHORT = "skill_short", "技能不够"
    NO_SHOW = "no_show", "未到场"
    FILLED = "filled", "已招满"
