"""今天要办的, about records, files and posts."""

from api.pages.desk import Desk
from api.pages.doubts_waiting import left
from api.pages.identity import waiting
from api.pages.todo import Todo, some
from api.paging import Paging
from api.rights import Action
from api.routes.bureau.applications import list_applications
from api.routes.bureau.imports import list_imports
from api.routes.bureau.match_plans import list_match_plans
from api.routes.bureau.reports import list_reports
from api.routes.bureau.vacancies import list_vacancies
from models.application import ApplicationState
from models.match_plan import PlanState
from models.vacancy import VacancyState

_ONE = Paging(1, None, None)
_ANSWERS = {
    ApplicationState.PROPOSED: ("条推荐等单位答复", "录用、入围或拒绝"),
    ApplicationState.APPLIED: ("条报名等单位答复", "录用、入围或拒绝"),
    ApplicationState.SHORTLISTED: ("人入围、等单位决定", "录用或拒绝"),
    ApplicationState.OFFERED: ("人已录用、等本人答复", "接受或拒绝"),
    ApplicationState.ACCEPTED: ("人已接受、等上岗", "到岗那天登记上岗"),
}
_POSTS = {
    VacancyState.HELD: ("个岗位违规待改", "改写限制条件后才能发布"),
    VacancyState.DRAFT: ("个岗位待补全", "补上工资、人数、有效期"),
}


def records(desk: Desk) -> list[Todo]:
    """Findings, reports, who is who, and files that nobody has let in yet."""
    found: list[Todo] = []
    for work, actions in (
        (_doubts, (Action.MEND_DOUBTS, Action.READ_LEDGER)),
        (_files, (Action.IMPORT,)),
        (_reports, (Action.READ_LEDGER, Action.PLACE)),
        (_identity, (Action.DECIDE_IDENTITY,)),
    ):
        found += desk.where(work, *actions) or []
    return some(found)


def _doubts(desk: Desk) -> list[Todo]:
    doubts = left(desk) or (0, 0)
    why = f"其中必须更正{doubts[1]}条" if doubts[1] else "核对后更正，或写明原因"
    return [Todo(doubts[0], "条疑点没处理", why, "/doubts/list")]


def _files(desk: Desk) -> list[Todo]:
    number = list_imports(desk.session, desk.caller, _ONE, desk.present, waiting=True).total or 0
    return [Todo(number, "个文件等您确认", "表头要认，或核对好了还没入库", "/imports?waiting=1")]


def _reports(desk: Desk) -> list[Todo]:
    found = list_reports(desk.session, desk.caller, _ONE, desk.present, desk.keyring, waiting=True)
    return [Todo(found.total or 0, "条上报待核实", "与务工记录矛盾，或缺项", "/reports")]


def _identity(desk: Desk) -> list[Todo]:
    who = waiting(desk)
    return [
        Todo(who.pairs, "对疑似重复", "是不是同一个人，由您判断", "/duplicates"),
        Todo(who.handovers, "个移交等您答复", "其他县请求接收您的人员", "/handovers"),
    ]


def posts(desk: Desk) -> list[Todo]:
    """Plans and applications that wait for a step, and posts that can't be offered yet."""
    found = desk.where(_drafts, Action.READ_LEDGER, Action.PLACE) or []
    found += desk.where(_answers, Action.ANSWER) or []
    found += desk.where(_unfit_posts, Action.WRITE_POSTS) or []
    return some(found)


def _drafts(desk: Desk) -> list[Todo]:
    found = list_match_plans(desk.session, desk.caller, _ONE, desk.present, state=PlanState.DRAFT)
    return [
        Todo(found.total or 0, "个方案等您批准", "看过以后逐人批准，或全部批准", "/match-plans?state=draft")
    ]


def _answers(desk: Desk) -> list[Todo]:
    return [
        Todo(
            list_applications(desk.session, desk.caller, _ONE, desk.present, state=state).total or 0,
            *told,
            f"/applications?state={state.value}",
        )
        for state, told in _ANSWERS.items()
    ]


def _unfit_posts(desk: Desk) -> list[Todo]:
    given = (desk.session, desk.caller, _ONE, desk.present, desk.today)
    return [
        Todo(list_vacancies(*given, state=standing).total or 0, *told, f"/vacancies?state={standing.value}")
        for standing, told in _POSTS.items()
    ]
