"""What a user is told of a plan: codes and their Chinese sentences, in this one place."""

from matching.allocation.buses import Bus
from matching.allocation.problem import Quota

GROUPS = {
    "poverty_relieved": "脱贫劳动力",
    "monitored": "监测对象",
    "relocated": "易地搬迁劳动力",
    "disabled": "残疾劳动力",
}

NOTES = {
    "companion_not_open": "同行人不在这次的待安置名单里，按单独一人安排",
    "companion_kept_out": "同行人这次不安排，所以也没有安排；本人愿意单独去的，请先在就业意愿里去掉同行人",
    "companion_without_post": "没有一个县对同行的每个人都有合适岗位，所以都没有安排；愿意分开的，在就业意愿里去掉同行人后重新编制",
    "companion_by_hand": "同行人由人工指定了岗位，没能安排在同一个县",
    "pin_kept_out": "既指定了岗位又设为不安排，按不安排处理",
    "pin_closed": "指定的岗位已设为不招人，没有安排；请换一个岗位",
    "pin_without_seat": "指定的岗位名额已满，没有安排；请换一个岗位或取消别人的指定",
    "pin_not_among_candidates": "指定的岗位不在系统给出的候选里，请人工核对年龄、学历等条件",
}

UNPLACED = {
    "kept_out": "由人工设为不安排",
    "no_post": "没有一个岗位符合条件",
    "no_seats": "符合条件的岗位没有空余名额了，或已设为不招人",
    "bus": "能去的岗位要坐包车去，凑不够包车的最低人数，这次不去",
    "together": "要和同行的人去同一个县，名额给了更合适的人，不够大家一起去",
    "share": "有符合条件的岗位和名额，但为了达到要保证的比例没有安排",
    "quota": "符合条件的岗位都满了，名额给了更合适的人，有的先给了要保证的人",
    "party": "符合条件的岗位都满了，名额给了更合适的人，有的给了要一起走的人",
    "by_hand": "符合条件的岗位，名额已由人工指定或批准给了别人",
    "full": "符合条件的岗位都满了，名额给了更合适的人",
}
"""Why somebody has no post, beside `companion_…` of `NOTES`."""


def why_unplaced(code: str, rule: str | None = None) -> str:
    """Why people have no post, of all of them; `rule` is what rules out most posts, where none fits."""
    told = UNPLACED.get(code) or NOTES[code]
    return f"{told}，最多是因为{rule}" if rule else told


def one_unplaced(code: str, post: str | None, stable: bool, score: float, price: float) -> str:
    """Why one has no post; `post` is the one that was least out of reach. Scores are people who stay 180 days (`stable`), or yuan a
    month."""
    told = why_unplaced(code)
    if post is None or code not in ("full", "quota", "party"):
        return told
    if stable:
        wanted, own = f"{price:.0%}", f"{score:.0%}"
        asked = f"录用并干满半年的可能要到{wanted}才排得上，本人{own}"
    else:
        wanted, own = f"{price:.0f}元", f"{score:.0f}元"
        asked = f"每月合算的钱要到{wanted}才排得上，本人{own}"
    return f"{told}。差得最少的是{post}：{asked}{'，差一点' if wanted == own else ''}"


def nobody_placed(people: int, most: int, why: str) -> str:
    """Why a plan places nobody: `most` of its people for this reason."""
    return f"一个人也没有安排：{people}人里有{most}人是因为{why}"


def bus_words(place: str, bus: Bus) -> str:
    """What became of a bus to a place."""
    asked = f"去{place}的包车（至少{bus.least}人）"
    if not bus.posts:
        return f"{asked}：那边没有可以安排的岗位"
    if not bus.aboard:
        return f"{asked}：凑不够，这次不去，那边的岗位没有安排人。可以把人数改小，或多找几个岗位"
    if bus.aboard < bus.least:
        return f"{asked}：只有{bus.aboard}人，还不够。请减少人工指定，或改乘别的车"
    return f"{asked}：坐{bus.aboard}人{'，为了坐够多安排了人到那边' if bus.filled else ''}"


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
