"""今天要办的, about people: calls, leavers, whom to look for, public posts, visits; and what they are entitled to."""

from datetime import timedelta
from functools import partial
from urllib.parse import urlencode

from api.benefits import benefits_of
from api.confirming import looked_after, sides_of
from api.foretelling import foretelling
from api.miniprogram.payslips import waiting_payslips
from api.pages.claims_waiting import STEPS
from api.pages.desk import Desk
from api.pages.recovering import PATH as RECOVERING
from api.pages.todo import Todo, some
from api.paging import Paging
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
from outcomes.confirming import waiting
from outcomes.due_calls import due_calls
from outcomes.ladder.clock import Exit
from outcomes.ladder.counts import fairs
from outcomes.ladder.standing import in_public_posts
from outcomes.leavers import leavers
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
            lambda there: [_calls(there), _promises(there), _call_backs(there)], _LEDGER, Action.FOLLOW_UP
        )
        or []
    )
    found += (
        desk.where(
            lambda there: [_leavers(there), *_public_posts(there), *_after_fairs(there)],
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
        )
        for row in list_unclaimed(desk.session, desk.caller, benefits_of(desk.settings), desk.today).items
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
    return Todo(back.total or 0, words, why, RECOVERING)


def _looked_for(desk: Desk) -> list[Todo]:
    return [_confirmations(desk, side) for side in sides_of(desk.caller)]


def _reviews(desk: Desk) -> Todo:
    found = list_reviews(desk.session, desk.caller, _ONE, desk.keyring, desk.today)
    over = found.items[0].overdue_days if found.items else 0
    why = f"最早的一件已超期{over}天" if over else "本人要求由人来看，按期答复"
    return Todo(found.total or 0, "件人工复核等您答复", why, "/reviews")


def _calls(desk: Desk) -> Todo:
    calls = due_calls(
        desk.session, "", desk.today, desk.settings.follow_ups(), foretelling(desk.session, desk.today)
    )
    due = [call for call in calls if call.is_due(desk.today)]
    over = sum(call.days_over(desk.today) > 0 for call in due)
    mine = sum(call.caller_id == desk.caller.account_id for call in due)
    why = "，".join(
        [
            f"其中过期{over}人" if over else "今天到期",
            f"由我随访的{mine}人" if mine else "最可能离岗的在前",
        ]
    )
    return Todo(len(due), "人该打随访电话", why, "/follow-ups")


def _promises(desk: Desk) -> Todo:
    number = list_support_tasks(
        desk.session, desk.caller, _ONE, desk.today, desk.present, state=SupportState.OPEN, late=True
    ).total
    return Todo(number or 0, "件答应的事过了期", "办好了登记结果", "/follow-ups/tasks?late=1")


def _leavers(desk: Desk) -> Todo:
    found = [each for each in leavers(desk.session, "", desk.today) if not each.offered]
    late = sum(each.late(desk.today) for each in found)
    why = f"应在两天内推荐，其中{late}人已超过" if late else "应在得知离岗后两天内推荐"
    return Todo(len(found), "人离岗还没推荐新岗位", why, "/follow-ups/leavers?only=waiting")


def _call_backs(desk: Desk) -> Todo:
    found = list_call_requests(desk.session, desk.caller, _ONE, desk.keyring, desk.present)
    over = found.items[0].overdue_days if found.items else 0
    why = f"最久的已超{over}天" if over else "本人要求的，或通知送不到的"
    return Todo(found.total or 0, "人等回电", why, "/call-requests")


def _payslips(desk: Desk) -> Todo:
    number = len(waiting_payslips(desk.session))
    return Todo(number, "张工资条等核对", "采用后在岗佐证升级", "/payslips")


def _bindings(desk: Desk) -> Todo:
    number = list_bindings(desk.session, desk.caller, _ONE, desk.keyring, desk.present).total
    return Todo(number or 0, "个微信号等核对", "电话和登记的不同，核对后本人才能用", "/bindings")


def _starts_told(desk: Desk) -> Todo:
    number = list_applications(desk.session, desk.caller, _ONE, desk.present, start_told=True).total
    return Todo(
        number or 0, "人说已经上岗", "核实后登记上岗，任务数才会增加", "/applications?start_told=true"
    )


def _after_fairs(desk: Desk) -> list[Todo]:
    """Fairs of which it is due to ask what came of the wishes; each leads to the list of just so many."""
    since = desk.today - timedelta(days=_FAIRS_BACK)
    held = fairs(desk.session, desk.caller.regions, since, desk.today)
    found = []
    for fair in held:
        given = (desk.session, desk.caller, _ONE, desk.present, desk.settings, True)
        number = list_fair_visits(fair.identity, *given).total or 0
        why = f"{fair.name}上选了岗位，还没有结果"
        found.append(Todo(number, "人要回访招聘会的意向", why, f"/fairs/{fair.identity}/visits?due=1"))
    return found


def _public_posts(desk: Desk) -> list[Todo]:
    found = in_public_posts(desk.session, "", desk.today)
    overdue = sum(Exit.OVERDUE in each.exits for each in found)
    soon = sum(Exit.ENDING in each.exits for each in found)
    sooner = sum(each.ends_within(_SOONER, desk.today) for each in found)
    why = f"其中{sooner}人在{_SOONER}天以内" if sooner else "提前告诉本人，准备退出或延期"
    return [
        Todo(overdue, "人公益性岗位期满未退出", "登记退出，或登记延期", "/public-posts?exit=overdue"),
        Todo(soon, "人公益性岗位即将期满", why, f"/public-posts?exit={Exit.ENDING.value}"),
    ]


def _confirmations(desk: Desk, side: ConfirmingSide) -> Todo:
    """Of the home county what the sides find differently; the place of work is also to look for whom nobody met."""
    home = side is ConfirmingSide.ORIGIN
    found = waiting(
        desk.session,
        side,
        looked_after(desk.session, desk.caller, side, desk.today),
        desk.today,
        desk.settings.confirm_every_days,
        differing=home,
    )
    chosen = {"side": side.value}
    if home:
        why = "有一方核实的与记录不同，查清后登记"
        return Todo(
            len(found), "人核实结果不一致", why, f"/confirmations?{urlencode(chosen | {'only': 'differs'})}"
        )
    against = sum(bool(each.against) for each in found)
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
    return Todo(number, *told[why], f"/stations/visits-due?why={why.value}")
