"""Role × action: what an account may do. Where it may do it is the scope of its regions, kept by row security."""

from models.account import Role
from models.coded import Coded


class Action(Coded):
    """Something that one is allowed to do or not."""

    READ_LEDGER = "read_ledger", "查看劳动力台账"
    WRITE_LEDGER = "write_ledger", "登记和修改劳动力"
    REVEAL = "reveal", "查看完整证件号码和电话"
    WRITE_POSTS = "write_posts", "登记和发布岗位"
    PLACE = "place", "推荐和办理上岗"
    ANSWER = "answer", "答复推荐"
    IMPORT = "import", "导入文件"
    READ_TARGETS = "read_targets", "查看任务进度"
    MEND_DOUBTS = "mend_doubts", "处理疑点"
    EXPORT = "export", "导出报表"
    DECIDE_IDENTITY = "decide_identity", "判断重复、合并和移交"
    CLAIM = "claim", "办理补贴申领"
    APPROVE_CLAIMS = "approve_claims", "审批和发放补贴"
    AUDIT_CLAIMS = "audit_claims", "抽查补贴审批"
    FOLLOW_UP = "follow_up", "随访和登记帮扶"
    MANAGE_TARGETS = "manage_targets", "登记计划、分解任务、填报和冻结报表"
    MANAGE = "manage", "认定车间、登记招聘会和服务站、批准延期"
    VISIT = "visit", "登记服务站走访"
    CONFIRM = "confirm", "核实是否在岗"
    MANAGE_MODELS = "manage_models", "训练和更换推荐模型"
    REVIEW = "review", "答复人工复核申请"
    GIVE_COPY = "give_copy", "出具个人信息副本"
    ERASE = "erase", "批准删除个人信息"
    ASSESS = "assess", "查看个人信息保护影响评估"
    MANAGE_ACCOUNTS = "manage_accounts", "管理账号"
    OBSERVE = "observe", "查看运行状态"


class Field(Coded):
    """What may be told of a person."""

    NAME = "name", "姓名"
    SEX = "sex", "性别"
    BIRTH = "birth", "出生日期"
    ID_NUMBER = "id_number", "证件号码（完整）"
    ID_NUMBER_MASKED = "id_number_masked", "证件号码（遮盖）"
    PHONE = "phone", "联系电话（完整）"
    PHONE_MASKED = "phone_masked", "联系电话（遮盖）"
    HARDSHIP = "hardship", "困难类别"
    DISABILITY = "disability", "残疾等级"


_BUREAU = frozenset(
    {
        Action.READ_LEDGER,
        Action.WRITE_LEDGER,
        Action.REVEAL,
        Action.WRITE_POSTS,
        Action.PLACE,
        Action.ANSWER,
        Action.IMPORT,
        Action.READ_TARGETS,
        Action.EXPORT,
        Action.MEND_DOUBTS,
        Action.DECIDE_IDENTITY,
        Action.CLAIM,
        Action.APPROVE_CLAIMS,
        Action.AUDIT_CLAIMS,
        Action.FOLLOW_UP,
        Action.MANAGE_TARGETS,
        Action.MANAGE,
        Action.VISIT,
        Action.CONFIRM,
        Action.MANAGE_MODELS,
        Action.REVIEW,
        Action.GIVE_COPY,
        Action.ERASE,
        Action.ASSESS,
    }
)

_DESTINATION = frozenset(
    {Action.WRITE_POSTS, Action.ANSWER, Action.IMPORT, Action.READ_TARGETS, Action.CONFIRM}
)

ALLOWED: dict[Role, frozenset[Action]] = {
    Role.VILLAGE: frozenset(
        {
            Action.READ_LEDGER,
            Action.WRITE_LEDGER,
            Action.READ_TARGETS,
            Action.EXPORT,
            Action.FOLLOW_UP,
            Action.CONFIRM,
            Action.CLAIM,
        }
    ),
    Role.TOWNSHIP: _BUREAU
    - {
        Action.WRITE_POSTS,
        Action.IMPORT,
        Action.APPROVE_CLAIMS,
        Action.AUDIT_CLAIMS,
        Action.MANAGE_TARGETS,
        Action.MANAGE,
        Action.VISIT,
        Action.MANAGE_MODELS,
        Action.ERASE,
        Action.ASSESS,
    },
    Role.COUNTY: _BUREAU,
    Role.CITY: _BUREAU,
    Role.PROVINCE: frozenset({Action.READ_LEDGER, Action.READ_TARGETS, Action.EXPORT, Action.MANAGE_TARGETS}),
    Role.DESTINATION_COUNTY: _DESTINATION,
    Role.DESTINATION_CITY: _DESTINATION,
    Role.STATION: frozenset({Action.READ_TARGETS, Action.VISIT, Action.CONFIRM}),
    Role.EMPLOYER: frozenset(),
    Role.KIOSK: frozenset(),
    Role.WORKER: frozenset(),
    Role.AUDITOR: frozenset({Action.READ_LEDGER, Action.READ_TARGETS, Action.AUDIT_CLAIMS, Action.ASSESS}),
    Role.ADMINISTRATOR: frozenset({Action.MANAGE_ACCOUNTS, Action.OBSERVE}),
}

LEVELS: dict[Role, frozenset[int]] = {
    Role.VILLAGE: frozenset({9, 12}),
    Role.TOWNSHIP: frozenset({9}),
    Role.COUNTY: frozenset({4, 6}),
    Role.CITY: frozenset({4}),
    Role.PROVINCE: frozenset({2}),
    Role.DESTINATION_COUNTY: frozenset({4, 6}),
    Role.DESTINATION_CITY: frozenset({4}),
    Role.KIOSK: frozenset({4, 6, 9, 12}),
    Role.AUDITOR: frozenset({2, 4, 6}),
    Role.ADMINISTRATOR: frozenset({2, 4, 6}),
}
"""The roles that an administrator gives in a region, and how long that region's code may be (a city may have no counties).

A station's and an employer's role rest on the station and the employer; a worker's is given to nobody by hand.
"""


_PERSON = frozenset(Field) - {Field.ID_NUMBER, Field.PHONE}
_WHOSE = frozenset({Field.NAME, Field.SEX, Field.HARDSHIP})
FIELDS: dict[Action, frozenset[Field]] = {
    Action.READ_LEDGER: _PERSON,
    Action.WRITE_LEDGER: _PERSON,
    Action.REVEAL: frozenset({Field.NAME, Field.ID_NUMBER, Field.PHONE}),
    Action.GIVE_COPY: frozenset(Field) - {Field.ID_NUMBER_MASKED, Field.PHONE_MASKED},
    Action.PLACE: frozenset({Field.NAME}),
    Action.REVIEW: frozenset({Field.NAME}),
    Action.MEND_DOUBTS: frozenset({Field.NAME}),
    Action.DECIDE_IDENTITY: _WHOSE,
    Action.FOLLOW_UP: _WHOSE | {Field.PHONE_MASKED},
    Action.CLAIM: _WHOSE,
    Action.AUDIT_CLAIMS: _WHOSE,
    Action.CONFIRM: frozenset({Field.NAME, Field.SEX}),
    Action.EXPORT: _PERSON,
    Action.IMPORT: frozenset(Field),
}
"""Action × field: what of a person the answers to an action may tell, whoever asks; where there is nothing, numbers only.

Files tell what their lists tell; full numbers in one are what REVEAL tells. Of a file that was sent its sender reads it as it is.
"""

_BESIDE = {Action.IMPORT: Action.READ_LEDGER}
"""Actions that are about people, and tell of them, only to whom another is allowed too: lists of posts are sent by the same door."""


def fields_of(role: Role) -> frozenset[Field]:
    """All that a role is told of the people of its regions."""
    allowed = ALLOWED[role]
    telling = (action for action in allowed if _BESIDE.get(action, action) in allowed)
    return frozenset().union(*(FIELDS.get(action, frozenset()) for action in telling))


class Area(Coded):
    """What a program's key may be for."""

    LEDGER = "ledger", "劳动力台账"
    NUMBERS = "numbers", "完整证件号码和电话"
    POSTS = "posts", "岗位和用人单位"
    PLACEMENT = "placement", "推荐、上岗和核实"
    FILES = "files", "导入和导出"
    TARGETS = "targets", "任务和报表"
    BENEFITS = "benefits", "补贴"
    CARE = "care", "随访、车间和工作站"
    MONITORING = "monitoring", "运行监控"


AREAS: dict[Area, frozenset[Action]] = {
    Area.LEDGER: frozenset(
        {
            Action.READ_LEDGER,
            Action.WRITE_LEDGER,
            Action.MEND_DOUBTS,
            Action.DECIDE_IDENTITY,
            Action.REVIEW,
        }
    ),
    Area.NUMBERS: frozenset({Action.REVEAL}),
    Area.POSTS: frozenset({Action.WRITE_POSTS}),
    Area.PLACEMENT: frozenset({Action.PLACE, Action.ANSWER, Action.CONFIRM, Action.MANAGE_MODELS}),
    Area.FILES: frozenset({Action.IMPORT, Action.EXPORT}),
    Area.TARGETS: frozenset({Action.READ_TARGETS, Action.MANAGE_TARGETS}),
    Area.BENEFITS: frozenset({Action.CLAIM, Action.APPROVE_CLAIMS, Action.AUDIT_CLAIMS}),
    Area.CARE: frozenset({Action.FOLLOW_UP, Action.MANAGE, Action.VISIT}),
    Area.MONITORING: frozenset({Action.OBSERVE}),
}
"""Accounts are people's to manage, and so are a person's copy, a deletion and what judges the whole: no key is for that."""
