"""How values are written on a page: dates, pay, years; what is unknown says so."""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from ledger.postings.findings import Ground
from ledger.vacancies import MISSING_WORDS
from models.coded import Coded
from models.spell import Precision, known_end

_CHINA = ZoneInfo("Asia/Shanghai")
_DAY_OR_MONTH = re.compile(
    r"((?:19|20)[0-9]{2})(?:-([01][0-9])(?:-([0-3][0-9]))?|年([01][0-9])月(?:([0-3][0-9])日)?)"
)

NOTICES = {
    "proposed": "已推荐。用人单位答复后，在“进行中的推荐”里点“录用”。",
    "offered": "已登记录用。本人同意后点“接受”。",
    "accepted": "已登记本人接受。到岗那天点“上岗”。",
    "started": "已登记上岗：占用1个名额，新增一条务工记录，任务进度随之更新。",
    "refused": "已登记拒绝和原因。",
    "withdrawn": "已撤回这条推荐。",
    "shortlisted": "已登记入围。单位决定后点“录用”或“拒绝”。",
    "pooled": "已转入人才储备。有合适的岗位时，在本人页面点“推荐”，就会从储备中移出。",
    "refreshed_many": "已刷新，这些岗位仍在招人。",
    "ended": "已登记离岗。可以重新推荐岗位了。",
    "reported": "已保存，并按规则处理。结果见“上报与采纳”。",
    "report-accept": "已采纳，务工记录随之更正。需要时可以撤销采纳。",
    "report-refuse": "已登记不采纳和原因，务工记录没有变。",
    "report-reverse": "已撤销，务工记录恢复原样，这条上报等待核实。",
    "registered": "已登记。问过本人的意愿和技能，就可以推荐岗位。",
    "asked": "已保存。推荐的岗位已按新的情况重新排列。",
    "kept": "已保存。",
    "invited": "已邀请，正在给他们做岗位卡，做好后可以打印邀请。",
    "device-revoked": "终端已停用，从现在起不能读取和上传。",
    "number-corrected": "证件号码已更正，出生日期、性别、年龄随号码更新。",
    "number-of-another": "这个号码是台账里另一份档案的，没有改。请对照两份：是同一个人就合并，不是就回去再核对号码。",
    "called": "已记下这次随访，下次到期的日期已重新排好。",
    "divided": "随访分工已保存。",
    "offered_again": "推荐完毕；没有合适岗位的人仍列在下面，请人工联系岗位。",
    "helped": "已办结。",
    "proved": "佐证已登记，有佐证的天数随之更新。",
    "evidence-withdrawn": "佐证已撤回，不再作数；稳定就业和补贴已按余下的佐证重新算。",
    "evidence-restored": "佐证已恢复，重新作数。",
    "attached": "附件已加密保存，在那一条佐证下可以下载。",
    "confirmed": "核实结果已记下。务工记录没有改动，与记录不一致的会列给各方处理。",
    "consent": "已登记同意。",
    "consent-no": "已登记不同意，相关使用已停止。",
    "erased": "已永久删除。已冻结的数字不变，点进去显示“已删除”。",
    "review-asked": "已登记，会按期答复。",
    "review-answered": "答复已保存，写进了本人的档案。",
    "contacted": "已记下联系的日期和情况。",
    "moved": "已改好家庭成员。",
    "exporting": "已开始做文件，做好后在下面“我导出的文件”里下载；可以离开这个页面。",
    "listed": "名单已保存。",
    "published": "岗位已发布，可以推荐人了。",
    "refreshed": "已刷新，岗位仍在招人。",
    "saved": "已保存。改过的地方重新检查了一遍，结果在下面。",
    "closed": "岗位已关闭，不再推荐人。",
    "received": "文件已收下，正在逐个读取和核对，结果在下面的列表里。",
    "repeated": "这个文件以前导入过，没有重复入库。下面是那一次的结果。",
    "import-cancelled": "已放弃这个文件，台账没有改动。",
    "import-reverted": "已撤销这次入库，台账恢复原样。",
    "line-settled": "这一行已处理。",
    "merged": "已合并成一份档案。判断错了可以撤销，恢复成两份。",
    "line-merged": "已认定是同一人，文件里的内容归入这份档案。",
    "told-apart": "已认定不是同一人，以后不再提示这一对。判断错了可以撤销。",
    "reopened": "已撤销原来的判断，请对照两份档案重新判断。",
    "unmerged": "已撤销合并，两份档案恢复原样。",
    "merged-elsewhere": "您要看的档案已并入这一份，是同一个人。",
    "searched": "查找完毕，可能是同一个人的列在下面。",
    "registered-alike": "已登记。台账里有一份很像的档案，请看看是不是同一人。",
    "handover-opened": "这个人在其他地区已有档案，没有重复登记；已向对方提出移交。",
    "handover-settled": "已办理，双方都能看到结果。",
    "explained": "已写明原因，这些疑点不再算没处理。情况有变化时会重新列出来。",
    "noted": "已保存。",
    "claimed": "已开始申领。村里核查后，点“核查通过，开始公示”。",
    "claims-notice": "已登记核查通过，公示从今天算起。公示期满后由县里审批。",
    "claims-approve": "已审批。下载发放表交银行，发放后点“登记已发放”。",
    "claims-pay": "已登记发放。",
    "frozen": "已冻结。以后台账怎么更正，这份报表和后面的人都不变。",
    "part-saved": "分解数已保存，差额已重新算好。",
    "part-withdrawn": "已撤回这个分解数，改动记录里还能查到。",
    "figure-typed": "已填报。同一天原来的数已注明作废。",
    "figure-withdrawn": "已撤回，原来的数和原因都还在下面。",
    "plan-settled": "已按您的决定重新安排其余的人，结果在下面。不合适可以撤销。",
    "plan-approved": "已批准：已推荐给用人单位，并列入输送批次。",
    "plan-approved-together": "已批准选中的人，和他们同行的人也一起批准了：已推荐给用人单位，并列入输送批次。",
    "plan-partly": "能批准的已批准。没有名额、不再符合条件的人标在下面，可以换岗或下次再安排。",
    "plan-discarded": "方案已作废，没有推荐任何人。",
    "uninvited": "邀请链接已作废。",
    "unlocked": "已解锁，可以马上重新登录。",
    "factor-reset": "已解除动态口令，现有登录都已失效；本人用密码登录后可以重新绑定。",
    "sessions-ended": "这些登录已失效，再用要重新登录。",
    "bound": "权限已开通，马上生效。",
    "unbound": "权限已取消，马上生效。",
    "switched-on": "账号已启用，请本人重新登录。",
    "switched-off": "账号已停用，现有登录和密钥都已失效。",
    "password-changed": "密码已修改，其他地方的登录都已失效。",
    "factor-removed": "已解除动态口令。",
    "key-revoked": "密钥已作废，马上失效。",
    "wechat-bound": "已绑定，本人可以用微信办事了。",
    "wechat-not-bound": "没有绑定。本人可以重新申请，或到村里核对。",
    "wechat-unbound": "已解除，那个微信号不能再替本人办事。",
    "called-back": "已登记回电。通话中了解到的情况，请在本人页面登记。",
    "payslip-taken": "已采用，这些日子按工资流水算。",
    "payslip-refused": "没有采用，已撤回。",
    "audit-drawn": "已抽取，抽到的列在下面。审批的人答复，别人来下结论。",
}
"""What a page says after a command was carried out."""


_WHOLE = {2: "全省", 4: "全市州", 6: "全县", 9: "全乡镇", 12: "全村"}
_OWN = {2: "本省", 4: "本市州", 6: "本县", 9: "本乡镇", 12: "本村"}


def undivided(task_region: str, own_region: str) -> str:
    """全县目标，本乡镇未分解: what is said where a task was not divided down to the account's region."""
    return f"{_WHOLE.get(len(task_region), '全部')}目标，{_OWN.get(len(own_region), '本地区')}未分解"


def day(value: date | None, unknown: str = "未登记") -> str:
    """2021年9月20日."""
    return f"{value.year}年{value.month}月{value.day}日" if value else unknown


def written(value: object) -> object:
    """A value of a change, or of a register on paper: days and months as a clerk writes them, all else as it is."""
    if isinstance(value, date):
        return day(value)
    found = _DAY_OR_MONTH.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return value
    year, month, *of_month = (int(each) for each in found.groups() if each)
    return f"{year}年{month}月" + "".join(f"{each}日" for each in of_month)


def known(value: date, precision: Precision) -> str:
    """A day, or a month where no more is known."""
    return day(value) if precision is Precision.DAY else f"{value.year}年{value.month}月"


def ended(value: date, precision: Precision) -> str:
    """The last day of a record, or its month where no more is known."""
    return known(value, known_end(value, precision))


def short_day(value: date | None) -> str:
    """9月20日, for tables of one year."""
    return f"{value.month}月{value.day}日" if value else "—"


def moment(value: datetime) -> str:
    """2021年9月20日 09:05, in China."""
    there = value.astimezone(_CHINA)
    return f"{day(there.date())} {there:%H:%M}"


def money(fen: int | None, unknown: str = "未知") -> str:
    """318.50元; a whole number of yuan without places."""
    if fen is None:
        return unknown
    return f"{fen // 100}元" if fen % 100 == 0 else f"{fen // 100}.{fen % 100:02}元"


def label(value: Coded | None, unknown: str = "未登记") -> str:
    """The Chinese word of a code."""
    return value.label if value is not None else unknown


def yes_no(value: bool | None, yes: str, no: str, unknown: str = "未写明") -> str:
    """One of two words, or that it is not known."""
    return unknown if value is None else yes if value else no


def months(value: int | None) -> str:
    """14年5个月."""
    if value is None:
        return "未登记"
    parts = (f"{value // 12}年" if value >= 12 else "") + (f"{value % 12}个月" if value % 12 else "")
    return parts or "没有"


def ages(least: int | None, most: int | None) -> str:
    """18—50岁."""
    if least is None and most is None:
        return "不限"
    if most is None:
        return f"{least}岁以上"
    return f"{most}岁以下" if least is None else f"{least}—{most}岁"


def missing(code: str) -> str:
    """What a post lacks, as the clerk is told."""
    return MISSING_WORDS[Ground.read(code)]


def remarks(reason: str) -> str:
    """A line's reason without what the page says once for all lines: that the demonstration moves dates."""
    return "；".join(part for part in re.split("[;；]", reason) if not part.startswith("演示"))


SKILL_LEVELS = {1: "会一点", 2: "能独立做", 3: "熟练", 4: "能带徒弟", 5: "技师"}
"""The levels of a skill, from beginner to technician."""


def skill_words(skills: dict[str, int | None]) -> str:
    """平车（熟练）、包装."""
    return "、".join(f"{name}（{SKILL_LEVELS[level]}）" if level else name for name, level in skills.items())
