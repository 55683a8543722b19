"""What a user is told of a plan: codes and their Chinese sentences, in this one place."""

from matching.allocation.problem import Quota

GROUPS = {
    "poverty_relieved": "脱贫劳动力",
    "monitored": "监测对象",
    "relocated": "易地搬迁劳动力",
    "disabled": "残疾劳动力",
}

NOTES = {
    "companion_not_open": "同行人不在这次的待安置名单里，按单独一人安排",
    "companion_kept_out": "同行人这次不安排，又没有同意分开，所以也没有安排",
    "companion_without_post": "没有一个县对同行的每个人都有合适岗位，所以都没有安排；同意分开后可以单独安排",
    "companion_by_hand": "同行人由人工指定了岗位，没能安排在同一个县",
    "pin_kept_out": "既指定了岗位又设为不安排，按不安排处理",
    "pin_closed": "指定的岗位已设为不招人，没有安排；请换一个岗位",
    "pin_without_seat": "指定的岗位名额已满，没有安排；请换一个岗位或取消别人的指定",
    "pin_not_among_candidates": "指定的岗位不在系统给出的候选里，请人工核对年龄、学历等条件",
    "bus_filled": "为了让这趟车坐够人数，多安排了人到这里",
    "bus_not_going": "凑不够这趟车的最低人数，这趟车的岗位这次没有安排人",
}


def quota_words(quota: Quota) -> str:
    """The quota as one says it."""
    name = GROUPS.get(quota.group, quota.group)
    if quota.people is not None:
        return f"{name}至少{quota.people}人"
    percent = float(quota.share or 0) * 100
    return f"{name}至少占{percent:g}%"


def out_of_reach(most: int) -> str:
    """Beside a quota that is not met: how many can be placed at most."""
    return f"达不到，最多只能安排{most}人" if most else "达不到，一个人也安排不了"


def impossible_alone(quota: Quota, most: int) -> str:
    """The quota can't be met even if it were the only one."""
    name = GROUPS.get(quota.group, quota.group)
    if not most:
        return f"「{quota_words(quota)}」达不到：{name}里没有人有合适的岗位和名额。请去掉这条要求，或增加他们能去的岗位。"
    if quota.people is None:
        return f"「{quota_words(quota)}」达不到：有合适岗位的{name}最多只能安排{most}人。请降低比例，或减少人工指定。"
    return f"「{quota_words(quota)}」达不到：有合适岗位和名额的{name}最多只能安排{most}人。请把人数改为{most}人以内，或增加岗位。"


def impossible_together(quota: Quota, reached: int, most: int, others: list[Quota]) -> str:
    """The quota could be met alone, but not with the others."""
    name = GROUPS.get(quota.group, quota.group)
    beside = "".join(f"「{quota_words(other)}」" for other in others)
    told = f"与{beside}同时" if beside else "按同行、人工指定等要求"
    alone = f"（单独最多{most}人）" if beside else ""
    return f"「{quota_words(quota)}」{told}达不到：最多只能安排{name}{reached}人{alone}。请降低其中一项，或增加岗位。"
