"""The names of the fields of public posts, workshops, classes, fairs and stations."""

LADDER_FIELDS = {
    "address": "地址",
    "agreed": "达成意向人数",
    "attended": "到场人数",
    "basis": "依据（文号）",
    "cadre_relation": "与村干部的关系",
    "called_off": "没有举办",
    "closed_on": "撤站日期",
    "contract_months": "聘期（月）",
    "employers": "参会单位",
    "exit": "退出原因",
    "held": "是否举办",
    "held_on": "举办日期",
    "monthly_income": "月补贴",
    "offered_on": "推荐日期",
    "partner": "联合举办的地区",
    "people_seen": "见到的人数",
    "place": "地点",
    "post_kind": "岗位种类",
    "recognised": "是否认定",
    "recognised_on": "认定日期",
    "returned": "是否返乡创业",
    "revoked_on": "撤销日期",
    "rung": "推荐的是",
    "skill": "技能",
    "skill_level": "技能等级",
    "until": "延至",
    "visited_on": "走访日期",
    "what": "单位和岗位",
}

_FAIR = {"name": "招聘会名称", "kind": "招聘会类型"}
_STATION = {"name": "工作站名称", "region": "工作站所在地", "kept_by": "派驻的县", "opened_on": "设站日期"}
_COURSE = {
    "name": "培训班名称",
    "kind": "培训类型",
    "organiser": "培训机构",
    "started_on": "开班日期",
    "ended_on": "结业日期",
}
OF_SCHEMA = {
    "FairCreate": _FAIR,
    "FairUpdate": _FAIR,
    "StationCreate": _STATION,
    "StationUpdate": _STATION,
    "VisitCreate": {"found": "走访结果"},
    "CourseCreate": _COURSE,
    "CourseUpdate": _COURSE,
    "Recognised": {"form": "车间形式"},
    "Rated": {"grade": "评价等级"},
    "CadreDeclared": {"reason": "改为“都不是”的原因"},
}
"""Where a body's field is called otherwise than the same name elsewhere, by the schema of the body."""
