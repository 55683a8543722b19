"""今天要办的, about people: calls, leavers, whom to look for, public posts, visits; and what they are entitled to."""

from datetime import timedelta
from functools import partial
from itertools import takewhile
from urllib.parse import urlencode

from api.benefits import benefits_of
from api.calls_due import calls_due
from api.confirmations_due import looks_due
from api.confirming import looked_after, sides_of
from api.fairs.settling import open_wishes
from api.leavers_seen import leavers_seen
from api.miniprogram.payslips import count_waiting_payslips
from api.pages.claims_waiting import STEPS
from api.pages.desk import Desk
from api.pages.recovering import PATH as RECOVERING
from api.pages.todo import Todo, Urgency, some
from api.paging import Paging
from api.posts_served import posts_served
from api.rights import Action
from api.routes.bureau import claims as claims_door
from api.routes.bureau.applications import list_applications
from api.routes.bureau.benefits import list_unclaimed
from api.routes.bureau.bindings import list_bindings
from api.routes.bureau.call_requests import list_call_requests
from api.routes.bureau.claim_recoveries import list_claims_to_recover
from api.routes.bureau.fair_visitors import list_fair_visits
from api.routes.bureau.reviews import list_reviews
from api.routes.bureau.stations import list_visits_due
from api.routes.bureau.support_tasks import list_support_tasks
from models.benefit import ClaimState
from models.care import SupportState
from models.confirmation import ConfirmingSide
from outcomes.ladder.clock import Exit
from outcomes.ladder.counts import fairs
from outcomes.leavers import counted
from outcomes.visiting import VisitWhy

_ONE = Paging(1, None, None)
_LEDGER = Action.READ_LEDGER
_SOONER = 30
_FAIRS_BACK = 60
_STEP_RIGHTS = {
    ClaimState.PUBLIC_NOTICE: Action.CLAIM,
    ClaimState.APPROVED: Action.APPROVE_CLAIMS,
    ClaimState.PAID: Action.APPROVE_CLAIMS,
}


def people(desk: Desk) -> list[Todo]:
    """Whom to call, to find work for, to look for, to visit, to tell that a term ends."""
    found: list[Todo | None] = []
    found += (
        desk.where(
            lambda there: [_calls(there), *_promises(there), _call_backs(there)], _LEDGER, Action.FOLLOW_UP
        )
        or []
    )
    found += (
        desk.where(
            lambda there: [*_leavers(there), *_public_posts(there), *_after_fairs(there)],
            _LEDGER,
            Action.PLACE,
        )
        or []
    )
    found += (
        desk.where(lambda there: [_payslips(there), _bindings(there)], _LEDGER, Action.WRITE_LEDGER) or []
    )
    found.append(desk.where(_starts_told, Action.PLACE))
    found.append(desk.where(_reviews, _LEDGER, Action.REVIEW))
    found += desk.where(_looked_for, Action.CONFIRM) or []
    found += desk.where(lambda there: [_visits(there, why) for why in VisitWhy], Action.VISIT) or []
    return some(found)


def benefits(desk: Desk) -> list[Todo]:
    """Who is entitled and has not claimed, and the claims that wait for a step of this account's."""
    found: list[Todo | None] = []
    found += desk.where(_unclaimed, _LEDGER, Action.CLAIM) or []
    for step, words in STEPS.items():
        found.append(desk.where(partial(_step_waits, step=step, words=words), _LEDGER, _STEP_RIGHTS[step]))
    found.append(desk.where(_to_recover, _LEDGER, Action.APPROVE_CLAIMS))
    return some(found)


def _unclaimed(desk: Desk) -> list[Todo]:
    year = desk.today.year
    return [
        Todo(
            row.sum.count,
            f"人可领“{row.benefit.label}”",
            "按务工记录已够条件，还没有申领",
            f"/benefits/{row.benefit.code}?{urlencode({'year': year})}",
            Urgency.LATER,
        )
        for row in list_unclaimed(
            desk.session, desk.caller, benefits_of(desk.settings), desk.today, desk.settings
        ).items
    ]


def _step_waits(desk: Desk, *, step: claims_door.Step, words: str) -> Todo:
    known = benefits_of(desk.settings)
    found = claims_door.list_claims(
        desk.session, desk.caller, known, desk.present, _ONE, desk.today, ready=step
    )
    href = f"/benefits/claims?ready={step.value}"
    return Todo(found.total or 0, f"条申领{words}", "按批办理，一次可以办一批", href)


def _to_recover(desk: Desk) -> Todo:
    known = benefits_of(desk.settings)
    back = list_claims_to_recover(desk.session, desk.caller, known, desk.present, _ONE)
    words, why = "条补贴发了以后不再符合条件", "先核实记录，该追回的追回，登记结果"
    return Todo(back.total or 0, words, why, RECOVERING, Urgency.TODAY)


def _looked_for(desk: Desk) -> list[Todo]:
    return [_confirmations(desk, side) for side in sides_of(desk.caller)]


def _reviews(desk: Desk) -> Todo:
    found = list_reviews(desk.session, desk.caller, _ONE, desk.keyring, desk.today)
    over = found.items[0].overdue_days if found.items else 0
    why = f"最早的一件已超期{over}天" if over else "本人要求由人来看，按期答复"
    urgency = Urgency.NOW if over else Urgency.DECIDE
    return Todo(found.total or 0, "件人工复核等您答复", why, "/reviews", urgency)


def _calls(desk: Desk) -> Todo:
    calls = calls_due(desk.session, desk.settings, "", desk.today)
    due = list(takewhile(lambda call: call.is_due(desk.today), calls))
    over = sum(call.days_over(desk.today) > 0 for call in due)
    mine = sum(call.caller_id == desk.caller.account_id for call in due)
    why = "，".join(
        [
            f"其中过期{over}人" if over else "今天到期",
            f"由我随访的{mine}人" if mine else "最可能离岗的在前",
        ]
    )
    urgency = Urgency.NOW if over else Urgency.TODAY
    return Todo(len(due), "人该打随访电话", why, "/follow-ups", urgency)


def _promises(desk: Desk) -> list[Todo]:
    """What is overdue, and what people told by WeChat of themselves."""
    given = (desk.session, desk.caller, _ONE, desk.today, desk.present)
    late = list_support_tasks(*given, state=SupportState.OPEN, late=True).total
    told = list_support_tasks(*given, state=SupportState.OPEN, wechat=True).total
    path = "/follow-ups/tasks?"
    return [
        Todo(late or 0, "件答应的事过了期", "办好了登记结果", path + "late=1", Urgency.NOW),
        Todo(
            told or 0,
            "件困难是本人在微信里反映的",
            "问清楚，按期解决，登记结果",
            path + "wechat=1",
            Urgency.TODAY,
        ),
    ]


def _leavers(desk: Desk) -> list[Todo]:
    """Alerts, and to whom nothing was offered yet: whoever is in one is in the others too where it is so."""
    kept = leavers_seen(desk.session, "", desk.today, seconds=desk.settings.remember_seconds)
    found = counted(kept, desk.today)
    why = f"应在两天内推荐，其中{found.late}人已超过" if found.late else "应在得知离岗后两天内推荐"
    path = "/follow-ups/leavers?only="
    return [
        Todo(
            found.at_risk,
            "人离岗，有返贫风险",
            "监测对象户，没有新工作，先给他们找岗位",
            path + "at_risk",
            Urgency.NOW,
        ),
        Todo(
            found.waiting,
            "人离岗还没推荐新岗位",
            why,
            path + "waiting",
            Urgency.NOW if found.late else Urgency.TODAY,
        ),
        Todo(found.returned, "人返乡回流", "随访得知已经回家，没有新工作", path + "returned", Urgency.TODAY),
    ]


def _call_backs(desk: Desk) -> Todo:
    found = list_call_requests(desk.session, desk.caller, _ONE, desk.keyring, desk.present, desk.settings)
    over = found.items[0].overdue_days if found.items else 0
    why = f"最久的已超{over}天" if over else "本人要求的，或通知送不到的"
    urgency = Urgency.NOW if over else Urgency.TODAY
    return Todo(found.total or 0, "人等回电", why, "/call-requests", urgency)


def _payslips(desk: Desk) -> Todo:
    number = count_waiting_payslips(desk.session)
    return Todo(number, "张工资条等核对", "采用后在岗佐证升级", "/payslips")


def _bindings(desk: Desk) -> Todo:
    number = list_bindings(desk.session, desk.caller, _ONE, desk.keyring, desk.present).total
    return Todo(number or 0, "个微信号等核对", "电话对不上，或是家里人申请，核对后才能用", "/bindings")


def _starts_told(desk: Desk) -> Todo:
    number = list_applications(desk.session, desk.caller, _ONE, desk.present, start_told=True).total
    why = "核实后登记上岗，任务数才会增加"
    return Todo(number or 0, "人说已经上岗", why, "/applications?start_told=true", Urgency.TODAY)


def _after_fairs(desk: Desk) -> list[Todo]:
    """Fairs whose wishes wait for being settled, or of which it is due to ask what came of them."""
    since = desk.today - timedelta(days=_FAIRS_BACK)
    held = fairs(desk.session, desk.caller.regions, since, desk.today)
    found = []
    for fair in held:
        given = (desk.session, desk.caller, _ONE, desk.present, desk.settings, True)
        number = list_fair_visits(fair.identity, *given).total or 0
        why = f"{fair.name}上选了岗位，还没有结果"
        href = f"/fairs/{fair.identity}/visits?due=1"
        found.append(Todo(number, "人要回访招聘会的意向", why, href, Urgency.TODAY))
        if fair.held_on < desk.today:
            wishes = open_wishes(desk.session, fair.identity)
            why = f"{fair.name}已结束，会后处理才会变成报名"
            found.append(
                Todo(wishes, "个意向等会后处理", why, f"/fairs/{fair.identity}#after", Urgency.TODAY)
            )
    return found


def _public_posts(desk: Desk) -> list[Todo]:
    found = posts_served(desk.session, desk.settings, "", desk.today)
    overdue = sum(Exit.OVERDUE in each.exits for each in found)
    soon = sum(Exit.ENDING in each.exits for each in found)
    sooner = sum(each.ends_within(_SOONER, desk.today) for each in found)
    why = f"其中{sooner}人在{_SOONER}天以内" if sooner else "提前告诉本人，准备退出或延期"
    return [
        Todo(
            overdue,
            "人公益性岗位期满未退出",
            "登记退出，或登记延期",
            "/public-posts?exit=overdue",
            Urgency.NOW,
        ),
        Todo(soon, "人公益性岗位即将期满", why, f"/public-posts?exit={Exit.ENDING.value}", Urgency.LATER),
    ]


def _confirmations(desk: Desk, side: ConfirmingSide) -> Todo:
    """Of the home county what the sides find differently; the place of work is also to look for whom nobody met."""
    home = side is ConfirmingSide.ORIGIN
    whose = looked_after(desk.session, desk.caller, side, desk.today)
    found = looks_due(desk.session, desk.settings, side, whose, desk.today)
    against = sum(each.differs for each in found)
    chosen = {"side": side.value}
    if home:
        why = "有一方核实的与记录不同，查清后登记"
        return Todo(
            against, "人核实结果不一致", why, f"/confirmations?{urlencode(chosen | {'only': 'differs'})}"
        )
    why = (
        f"其中{against}人的核实与记录不一致"
        if against
        else f"超过{desk.settings.confirm_every_days}天没有核实过"
    )
    return Todo(len(found), "人要核实是否在岗", why, f"/confirmations?{urlencode(chosen)}")


def _visits(desk: Desk, why: VisitWhy) -> Todo:
    number = list_visits_due(desk.session, desk.caller, desk.today, desk.settings, why).total or 0
    told = {
        VisitWhy.PROBLEM: ("家单位上次走访有问题", "再去一次，解决了登记“用工正常”"),
        VisitWhy.DUE: ("家单位该走访了", f"有本县的人在上班，超过{desk.settings.confirm_every_days}天没去过"),
    }
    urgency = Urgency.TODAY if why is VisitWhy.PROBLEM else Urgency.LATER
    return Todo(number, *told[why], f"/stations/visits-due?why={why.value}", urgency)
