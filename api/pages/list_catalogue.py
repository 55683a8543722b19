"""Every list page of the console, by its address: each is had as a file of just the rows and columns that it shows.

A page with rows of a list that is in none of these fails a test.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ListPage:
    """A list: its name in a file, and whether its rows tell of people; then the right to export is asked, and a reason."""

    title: str
    of_people: bool = True


LISTS: dict[str, ListPage] = {
    "/accounts": ListPage("账号", of_people=False),
    "/accounts/events": ListPage("账号记录", of_people=False),
    "/accounts/webhooks": ListPage("消息推送", of_people=False),
    "/accounts/webhooks/{webhook_id}": ListPage("推送的消息", of_people=False),
    "/applications": ListPage("推荐"),
    "/benefits": ListPage("补贴申领批次", of_people=False),
    "/benefits/batches/{batch_id}": ListPage("一批申领"),
    "/benefits/claims": ListPage("等我办的申领"),
    "/benefits/claims/to-recover": ListPage("要追回的补贴"),
    "/benefits/employers": ListPage("重点单位", of_people=False),
    "/benefits/employers/{employer_id}": ListPage("重点单位的人"),
    "/benefits/{code}": ListPage("符合条件的人"),
    "/bindings": ListPage("微信绑定"),
    "/bulk-actions": ListPage("批量操作", of_people=False),
    "/bulk-actions/{bulk_id}": ListPage("批量操作的人"),
    "/call-requests": ListPage("要回电的"),
    "/comparisons": ListPage("两本账对账", of_people=False),
    "/comparisons/{import_id}": ListPage("对账结果"),
    "/confirmations": ListPage("双向核实"),
    "/courses": ListPage("培训班", of_people=False),
    "/courses/{course_id}": ListPage("参训的人"),
    "/dispatches": ListPage("输送批次", of_people=False),
    "/dispatches/{dispatch_id}": ListPage("输送名单"),
    "/duplicates": ListPage("疑似重复"),
    "/employers": ListPage("用人单位", of_people=False),
    "/entrepreneurs": ListPage("返乡创业"),
    "/erasures": ListPage("到期删除"),
    "/fairs": ListPage("招聘会", of_people=False),
    "/fairs/{fair_id}/invitations": ListPage("招聘会邀请"),
    "/fairs/{fair_id}/visits": ListPage("招聘会到场"),
    "/follow-ups": ListPage("今天的随访"),
    "/follow-ups/leavers": ListPage("离岗待安置"),
    "/follow-ups/tasks": ListPage("帮扶事项"),
    "/frozen-reports": ListPage("月报季报", of_people=False),
    "/frozen-reports/{frozen_id}/lines/{line}": ListPage("月报季报里的人"),
    "/handovers": ListPage("移交"),
    "/households": ListPage("户"),
    "/households/idle": ListPage("零就业户"),
    "/imports": ListPage("导入的文件", of_people=False),
    "/match-plans": ListPage("匹配方案", of_people=False),
    "/payslips": ListPage("等核对的工资条"),
    "/plans": ListPage("工作计划", of_people=False),
    "/public-posts": ListPage("公益性岗位"),
    "/ranking-models": ListPage("推荐模型", of_people=False),
    "/record": ListPage("操作记录"),
    "/registers": ListPage("我导出的文件", of_people=False),
    "/reports": ListPage("核实上报"),
    "/reviews": ListPage("人工复核"),
    "/stations": ListPage("工作站", of_people=False),
    "/stations/firms/{employer_id}": ListPage("单位里本县的人"),
    "/stations/problems": ListPage("驻站的问题"),
    "/stations/visits-due": ListPage("要走访的单位", of_people=False),
    "/stations/{station_id}": ListPage("走访记录", of_people=False),
    "/vacancies": ListPage("招聘岗位", of_people=False),
    "/vacancies/to-ask": ListPage("要问单位的岗位", of_people=False),
    "/workers": ListPage("劳动力"),
    "/workers/{worker_id}/history": ListPage("修改历史"),
    "/workshops": ListPage("帮扶车间", of_people=False),
    "/workshops/{employer_id}": ListPage("车间的人"),
}

OWN_FILE = {
    "/doubts/list": "/doubts/file",
    "/doubts/services": "/doubts/file",
    "/imports/{import_id}": "/imports/{import_id}/errors.xlsx",
    "/match-plans/{match_plan_id}": "/match-plans/{match_plan_id}/workbook.xlsx",
    "/registers/{code}": "/registers/{code}/export",
    "/targets/{target_id}/calls": "the list is a paper itself, printed with room for what each said",
}
"""Lists that had a file of their own before, with the rows in force and more than they show: where it is."""
