"""The menu: what stands on top, and what lies below the part that is open."""

from collections.abc import Callable
from dataclasses import dataclass

from api.rights import Action


@dataclass(frozen=True, slots=True)
class Item:
    """One entry; `right` is what an account must be allowed to see it; who may do what `unless` names finds it
    elsewhere."""

    href: str
    words: str
    right: Action | None = None
    below: tuple["Item", ...] = ()
    unless: Action | None = None


@dataclass(frozen=True, slots=True)
class Menu:
    """Both lines as one account sees them on one page; an entry is open if `path` lies within it."""

    top: list[tuple[Item, bool]]
    below: list[tuple[Item, bool]]
    name: str


_LEDGER = Action.READ_LEDGER
MENU = (
    Item("/", "首页"),
    Item(
        "/workers",
        "台账",
        _LEDGER,
        (
            Item("/workers", "按人查看"),
            Item("/households", "按户查看"),
            Item("/households/idle", "零就业户"),
            Item("/reports", "核实上报"),
            Item("/duplicates", "疑似重复"),
            Item("/handovers", "移交"),
            Item("/reviews", "人工复核"),
            Item("/erasures", "到期删除", Action.ERASE),
            Item("/comparisons", "两本账对账"),
        ),
    ),
    Item(
        "/doubts",
        "疑点",
        _LEDGER,
        (
            Item("/doubts", "总的情况"),
            Item("/doubts/list", "逐条处理"),
            Item("/doubts/integrity", "数据真实性"),
            Item("/doubts/services", "需要服务的人"),
        ),
    ),
    Item(
        "/plans",
        "任务",
        Action.READ_TARGETS,
        (Item("/plans", "工作计划"), Item("/frozen-reports", "月报季报")),
    ),
    Item(
        "/vacancies",
        "岗位",
        None,
        (
            Item("/vacancies", "招聘岗位"),
            Item("/employers", "用人单位"),
            Item("/fairs", "招聘会", Action.READ_TARGETS),
            Item("/stations", "工作站", Action.READ_TARGETS),
            Item("/stations/visits-due", "要走访的单位", Action.VISIT),
        ),
    ),
    Item(
        "/applications",
        "推荐",
        Action.ANSWER,
        (
            Item("/applications", "进行中的推荐"),
            Item("/match-plans", "编制方案", _LEDGER),
            Item("/ranking-models", "推荐模型", Action.READ_TARGETS),
        ),
    ),
    Item(
        "/follow-ups",
        "随访",
        _LEDGER,
        (
            Item("/follow-ups", "今天的电话"),
            Item("/follow-ups/tasks", "帮扶事项"),
            Item("/follow-ups/leavers", "离岗待安置"),
            Item("/confirmations", "双向核实"),
            Item("/call-requests", "要回电的", Action.FOLLOW_UP),
            Item("/payslips", "工资条核对", Action.WRITE_LEDGER),
            Item("/bindings", "微信绑定"),
        ),
    ),
    Item(
        "/public-posts",
        "兜底与培训",
        _LEDGER,
        (
            Item("/public-posts", "公益性岗位"),
            Item("/workshops", "帮扶车间"),
            Item("/entrepreneurs", "返乡创业"),
            Item("/courses", "培训班"),
        ),
    ),
    Item(
        "/benefits",
        "待遇",
        _LEDGER,
        (
            Item("/benefits", "政策待遇"),
            Item("/benefits/claims", "等我办的申领"),
            Item("/benefits/employers", "重点单位"),
        ),
    ),
    Item("/confirmations", "双向核实", Action.CONFIRM, unless=_LEDGER),
    Item("/imports", "导入", Action.IMPORT),
    Item(
        "/registers",
        "报表",
        _LEDGER,
        (
            Item("/registers", "各种报表"),
            Item("/dispatches", "输送批次"),
            Item("/record", "操作记录"),
            Item("/impact-assessment", "影响评估", Action.ASSESS),
        ),
    ),
    Item(
        "/accounts",
        "账号",
        Action.MANAGE_ACCOUNTS,
        (
            Item("/accounts", "全部账号"),
            Item("/accounts/events", "账号记录"),
        ),
    ),
    Item("/status", "状态", Action.OBSERVE),
)


def menu(path: str, may: Callable[[Action], bool]) -> Menu:
    """The menu of an account that may do `may`, on the page at `path`."""
    seen = [
        item
        for item in MENU
        if (item.right is None or may(item.right)) and not (item.unless is not None and may(item.unless))
    ]
    pages = [page for item in seen for page in (item.below or (item,))]
    here = max((page for page in pages if _within(path, page)), key=lambda page: len(page.href), default=None)
    part = next((item for item in seen if here is not None and here in (item.below or (item,))), None)
    return Menu(
        [(item, item is part) for item in seen],
        [(page, page is here) for page in part.below if page.right is None or may(page.right)]
        if part
        else [],
        part.words if part else "",
    )


def _within(path: str, page: Item) -> bool:
    return path == page.href or (page.href != "/" and path.startswith(page.href + "/"))
