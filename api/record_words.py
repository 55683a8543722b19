"""操作记录 in words: all that is recorded as done, to whatever it was done; of people's records see `api.changed_words`."""

from api.changed_words import ACTIONS, NOUNS
from api.noting import EVENTS

ACTIONS_OF_RECORD = (
    EVENTS
    | ACTIONS
    | {
        "approve": "批准",
        "confirm": "确认",
        "confirm_removed": "确认取消违规限制",
        "discard": "作废",
        "disclose": "告诉单位",
        "enrol": "启用",
        "export": "导出",
        "freeze": "冻结",
        "login": "登录",
        "logout": "退出",
        "open": "提出",
        "print": "打印",
        "release_seat": "退回名额",
        "renew_secret": "换签名密钥",
        "reopen": "重新判断",
        "replay": "重新推送",
        "reveal": "查看完整号码",
        "revoke": "停用",
        "take_seat": "占用名额",
        "withdraw": "撤回",
        "undo": "撤销",
    }
)
NOUNS_OF_RECORD = NOUNS | {
    "account": "账号",
    "account_binding": "账号权限",
    "booth": "展位",
    "claim_batch": "发放批次",
    "course": "培训班",
    "dispatch": "输送批次",
    "employer": "用人单位",
    "employer_roster": "单位名册",
    "export": "导出的文件",
    "figure_file": "填报的凭证",
    "frozen_report": "冻结的报表",
    "import": "导入的文件",
    "kiosk_command": "终端上说的话",
    "kiosk_device": "招聘会终端",
    "list": "名单",
    "match_plan": "推荐方案",
    "possible_duplicate": "疑似重复",
    "public_post": "公益性岗位名单",
    "service_station": "工作站",
    "stability_rule": "稳定就业口径",
    "station_staff": "工作站人员",
    "station_visit": "走访",
    "target": "任务",
    "target_part": "任务分解",
    "typed_figure": "填报数",
    "vacancy": "岗位",
    "webhook": "消息推送",
    "work_plan": "工作计划",
    "workshop_rating": "车间评级",
    "workshop_recognition": "车间认定",
}
PAGES = {
    "dispatch": "/dispatches/{}",
    "course": "/courses/{}",
    "employer": "/employers/{}",
    "fair": "/fairs/{}",
    "import": "/imports/{}",
    "match_plan": "/match-plans/{}",
    "service_station": "/stations/{}",
    "target": "/targets/{}",
    "vacancy": "/vacancies/{}",
    "work_plan": "/plans/{}",
    "application": "/applications/{}",
    "duplicate": "/duplicates/{}",
    "handover": "/handovers/{}",
    "frozen_report": "/frozen-reports/{}",
}
"""Where a thing of this kind is looked at, by its number."""
ELSE = "其他"
"""What is said of a word that this version does not know any more."""
