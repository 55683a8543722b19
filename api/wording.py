"""The words of refusals: of constraints, of fields, of what the validator found."""

import re
from typing import Any

from api.account_words import FIELDS_OF_ACCOUNTS, OF_ACCOUNTS
from api.consent_words import FIELDS_OF_RIGHTS
from api.evidence_words import FIELDS_OF_EVIDENCE, OF_EVIDENCE
from api.ladder_words import LADDER_FIELDS, OF_FAIRS, OF_SCHEMA
from api.words import REGION_CODE, Words

_CONSTRAINTS = {
    "uq_worker_id_number_index": Words(
        409,
        "already-registered",
        "该证件号码已登记",
        "这个证件号码已经有劳动力档案。本地没有查到的，是在其他地区登记的，请联系对方办理移交。",
        "id_number",
    ),
    "uq_household_region_number": Words(
        409, "household-exists", "户编号已存在", "本村已有这个户编号，请核对。", "number"
    ),
    "uq_employer_uscc": Words(
        409, "employer-exists", "该单位已登记", "这个统一社会信用代码已经登记过，请在用人单位中查找。", "uscc"
    ),
    "uq_application_one_open": Words(
        409,
        "already-applied",
        "已经推荐过这个岗位",
        "这名劳动力对这个岗位已有进行中的推荐，请直接办理那一条。",
    ),
    "ex_employment_spell_no_overlap": Words(
        409,
        "already-working",
        "务工时间重叠",
        "这名劳动力在这段时间已有务工记录，请先结束原来的记录再办理上岗。",
    ),
    "ck_vacancy_never_oversold": Words(
        409, "no-seat-left", "岗位已招满", "这个岗位没有空余名额了，请选择其他岗位。"
    ),
    "ck_vacancy_published_is_whole": Words(
        409,
        "vacancy-not-whole",
        "岗位信息不完整",
        "发布前须写明用人单位、招聘人数、工作地点、工资和有效期，请补全后再发布。",
    ),
    "ck_vacancy_published_is_lawful": Words(
        409, "vacancy-unlawful", "岗位含有违规限制", "请按提示改写违规的限制条件后再发布。"
    ),
    "ck_vacancy_pay_in_order": Words(
        422, "pay-out-of-order", "工资范围有误", "最低工资不能高于最高工资。", "pay_max"
    ),
    "ck_vacancy_dates_in_order": Words(
        422, "dates-out-of-order", "日期先后有误", "截止日期不能早于开始日期。", "valid_until"
    ),
    "ck_vacancy_ages_in_order": Words(
        422, "ages-out-of-order", "年龄范围有误", "最低年龄不能高于最高年龄。", "max_age"
    ),
    "ck_hardship_period_dates_in_order": Words(
        422, "dates-out-of-order", "日期先后有误", "帮扶类别的结束日期不能早于开始日期。", "hardship"
    ),
    "uq_hardship_period_household_id_category_from_on": Words(
        422, "invalid", "帮扶类别重复", "同一类别、同一开始日期的时段只填一次，请删去重复的。", "hardship"
    ),
    "ex_hardship_period_no_overlap": Words(
        422,
        "invalid",
        "帮扶类别的时段重叠",
        "这一户在这些日子已属于这一类别，同一类别不能重复登记。请先给原来的时段填结束日期，或删去重复的。",
        "hardship",
    ),
    "ck_hardship_period_cleared_after_begun": Words(
        422, "dates-out-of-order", "日期先后有误", "风险消除日期不能早于帮扶类别的开始日期。", "hardship"
    ),
    "ck_worker_household_of_county": Words(
        422,
        "household-elsewhere",
        "户与劳动力不在同一个县",
        "同一户的人和户应在同一个县。人迁到外县的，请一并改为迁入地的户，或先把“户”清空。",
        "household_id",
    ),
    "ck_employment_spell_dates_in_order": Words(
        422, "dates-out-of-order", "日期先后有误", "结束日期不能早于开始日期。", "ended_on"
    ),
}

_CONSTRAINTS |= {
    f"uq_benefit_claim_{claimant}_in_force": Words(
        409,
        "already-claimed",
        "已经申领过",
        "同一项补贴一年只能申领一次，其中有人已经申领，没有新增任何一条。",
    )
    for claimant in ("worker", "employer")
}
_CONSTRAINTS |= {
    "ck_target_part_inside": Words(422, "part-outside", "地区不在任务范围内", "分解的地区要在任务的地区以内，并且比它小。", "region"),
    "ck_target_part_above_whole": Words(422, "part-too-large", "分解数大于总数", "一个地区的分解数不能大于上级的任务数，请改小。", "figure"),
    "ck_target_part_below_parts": Words(422, "part-too-small", "分解数小于下级", "下级分到的数比它还大，请先改小下级的，或改大这一级的。", "figure"),
    "uq_target_part_in_force": Words(409, "part-exists", "这个地区已经分解", "同一任务一个地区只有一个分解数，请直接修改那一个。", "region"),
    "uq_typed_figure_in_force": Words(409, "figure-exists", "同一天已有填报数", "别人刚填报了同一天的数，请刷新后核对再填。", "as_of"),
}  # fmt: skip
_CONSTRAINTS["uq_claim_audit_claim_id"] = Words(
    409, "claim-step", "这一步现在不能办", "这一批已经抽过了，同一人的审批只抽一次。"
)
_CONSTRAINTS["uq_service_station_kept_by_name"] = Words(
    409, "station-exists", "工作站已登记", "本县已有这个名称的工作站，请核对。", "name"
)
_CONSTRAINTS["uq_workshop_recognition_in_force"] = Words(
    409, "already-recognised", "这个车间已经认定", "认定还有效。要重新认定，请先撤销原来的认定。"
)
_CONSTRAINTS |= OF_EVIDENCE | OF_ACCOUNTS | OF_FAIRS

_REFERENCES = {
    "region": ("region-unknown", "行政区划不存在", "没有这个行政区划代码，请从区划表中选择。"),
    "occupation": ("occupation-unknown", "职业不存在", "没有这个职业代码，请从职业表中选择。"),
    "industry": ("industry-unknown", "行业不存在", "没有这个行业代码，请从行业表中选择。"),
    "household": ("household-unknown", "户不存在", "没有找到这一户，请先登记户信息。"),
    "employer": ("employer-unknown", "用人单位不存在", "没有找到这个用人单位，请先登记。"),
    "worker": ("worker-unknown", "劳动力不存在", "没有找到这名劳动力。"),
    "vacancy": ("vacancy-unknown", "岗位不存在", "没有找到这个岗位。"),
}


def constraint_words(name: str) -> Words | None:
    """How to tell that the constraint `name` was broken; None where there are no words for it."""
    if found := _CONSTRAINTS.get(name.removesuffix("_2")):  # `_2`: the second column of look-ups
        return found
    if name.startswith("fk_"):
        for noun, (code, title, detail) in _REFERENCES.items():
            if name.endswith(f"_{noun}"):
                return Words(422, code, title, detail, noun=noun)
    if name.startswith("ck_"):
        return Words(422, "out-of-range", "填写的内容有误", "有一项内容超出允许的范围，请检查后重试。")
    return None


HTTP_WORDS = {
    400: ("请求内容无法解析", "内容应为UTF-8编码的JSON或表单，请检查编码和格式后重新提交。"),
    404: ("没有这个地址", "请检查地址的拼写；接口的地址见 /docs。"),
    405: ("这个地址不支持该操作", "请检查请求方法；接口的用法见 /docs。"),
    408: ("提交得太慢", "内容没有收全，没有保存。请检查网络后重新提交，文件大时分成几份。"),
    413: ("内容过大", "请分成几份提交。"),
}
"""Title and detail of the refusals that the framework makes by itself, by status."""

_FIELDS = (
    {
        "name": "姓名（名称）",
        "id_number": "证件号码",
        "phone": "联系电话",
        "region": "行政区划",
        "birth_date": "出生日期",
        "title": "岗位名称",
        "seats": "招聘人数",
        "pay_min": "最低工资",
        "pay_max": "最高工资",
        "valid_until": "有效期",
        "worker_id": "劳动力",
        "vacancy_id": "岗位",
        "started_on": "上岗日期",
        "ended_on": "结束日期",
        "username": "用户名",
        "password": "密码",
        "accepted_regions": "接受的就业地区",
        "available_from": "可外出日期",
        "category": "帮扶类别",
        "confirmed_removed": "确认已删除违规内容",
        "disability_grade": "残疾等级",
        "education": "文化程度",
        "employer_id": "用人单位",
        "ethnicity": "民族",
        "experience_months": "务工经历（月）",
        "from_on": "开始日期",
        "hardship": "帮扶类别时段",
        "hours_per_week": "每周工时",
        "household_id": "户",
        "industry": "行业",
        "intention": "就业意愿",
        "kept_by": "保管地区",
        "kind": "单位类型",
        "labour_capability": "劳动能力",
        "last_occupation": "上一份职业",
        "leave_reason": "离岗原因",
        "lodging": "包住",
        "max_age": "最高年龄",
        "meals": "包吃",
        "min_age": "最低年龄",
        "min_education": "最低学历",
        "needs_lodging": "需要住宿",
        "number": "户编号",
        "occupation": "职业",
        "opened_on": "开办日期",
        "occupations": "接受的职业",
        "pay_floor": "期望最低工资",
        "preferred_skills": "优先技能",
        "reason": "原因",
        "ids": "选中的条目",
        "rule": "规则编号",
        "relation_to_head": "与户主关系",
        "relocated": "易地搬迁",
        "required_skills": "必备技能",
        "risk_cleared_on": "风险消除日期",
        "sex": "性别",
        "shift": "班次",
        "size": "单位人数",
        "skills": "技能",
        "social_insurance": "社会保险",
        "speaks_mandarin": "会讲普通话",
        "text": "岗位描述",
        "to_on": "结束日期",
        "uscc": "统一社会信用代码",
        "valid_from": "生效日期",
        "wants": "就业去向",
        "Idempotency-Key": "幂等键",
        "as_of": "时点",
        "cursor": "翻页标记",
        "limit": "每页条数",
        "sort": "排序",
        "q": "搜索词",
        "file": "文件",
        "body": "内容",
        "state": "处理情况",
        "severity": "程度",
        "every": "间隔",
        "since": "起始日期",
        "import_id": "导入批次",
        "answer": "答复",
        "application_ids": "推荐",
        "at_school": "在校生状况",
        "batch": "输送批次",
        "begun": "起始依据",
        "amount": "金额",
        "approver_id": "审批人编号",
        "batch_id": "批次编号",
        "benefit": "补贴",
        "claim_ids": "申领编号",
        "contacted_on": "联系日期",
        "costs": "费用",
        "difficulty": "困难",
        "due_on": "解决期限",
        "found": "联系结果",
        "left_on": "最后一天上班的日期",
        "means": "联系方式",
        "returned_home": "是否返乡",
        "seed": "抽查种子",
        "year": "年度",
        "certificate": "证书或证明编号",
        "channel": "就业渠道",
        "departs_on": "出发日期",
        "destination": "目的地",
        "employer": "务工单位",
        "ended": "结束时间",
        "field": "列",
        "figure": "数量",
        "fields": "各列的含义",
        "form": "务工形式",
        "format": "文件格式",
        "grade": "佐证等级",
        "handover_reason": "移交理由",
        "after_deletion": "本人重新申请登记",
        "heading_row": "表头所在行",
        "how": "处理方式",
        "income": "务工月收入",
        "instead_of": "被更正的上报",
        "kept_id": "保留的记录",
        "masked": "是否遮盖",
        "measures": "帮扶措施",
        "merged_id": "被合并的记录",
        "note": "备注",
        "noted": "来源另外写明",
        "organiser": "组织单位",
        "period": "期间",
        "point_to_point": "是否点对点输送",
        "post_kinds": "公益性岗位",
        "post_months": "公益性岗位月数",
        "precision": "日期精度",
        "risks": "致贫/返贫风险",
        "side": "哪一方",
        "standing": "对账情况",
        "started": "开始时间",
        "transport": "交通方式",
        "view": "报表",
        "village": "行政村",
        "recovery": "追回结果",
        "worker_ids": "人员",
        "working": "是否务工",
    }
    | LADDER_FIELDS
    | FIELDS_OF_EVIDENCE
    | FIELDS_OF_ACCOUNTS
    | FIELDS_OF_RIGHTS
)


def field_words(field: str, of: str = "") -> str:
    """The Chinese name of a field, of the innermost one that has any; else its own. `of`: the body's schema, where the
    name says something else there."""
    names = _FIELDS | OF_SCHEMA.get(of, {})
    return next((names[step] for step in reversed(field.split(".")) if step in names), field)


_FOUND = {
    "missing": "必填，请补上",
    "json_invalid": "不是有效的JSON",
    "string_too_short": "不能为空",
    "string_too_long": "太长，请缩短",
    "string_type": "应为文字",
    "string_unicode": "含有无法识别的字符",
    "string_pattern_mismatch": "格式不对",
    "int_parsing": "应为整数",
    "int_type": "应为整数",
    "int_from_float": "应为整数",
    "int_parsing_size": "数字过大",
    "float_parsing": "应为数字",
    "finite_number": "应为有限的数字",
    "bool_parsing": "应为是或否",
    "date_parsing": "应为日期，如2021-09-20",
    "date_from_datetime_parsing": "应为日期，如2021-09-20",
    "date_from_datetime_inexact": "应为日期，不带时间",
    "date_type": "应为日期，如2021-09-20",
    "too_short": "不能为空",
    "extra_forbidden": "没有这个字段，请检查拼写",
    "list_type": "应为列表",
    "too_long": "项数过多",
    "model_attributes_type": "应为一个对象",
    "model_type": "应为一个对象",
    "dict_type": "应为一个对象",
}
_HAN = re.compile("[\u4e00-\u9fff]")


def validation_words(found: dict[str, Any]) -> str:
    """What the validator found, in Chinese; our own validators raise Chinese sentences already."""
    kind, context = found["type"], found.get("ctx") or {}
    if kind == "value_error" and _HAN.search(told := str(context.get("error", ""))):
        return told
    if kind in ("greater_than_equal", "greater_than"):
        return f"不能小于{context.get('ge', context.get('gt'))}"
    if kind in ("less_than_equal", "less_than"):
        return f"不能大于{context.get('le', context.get('lt'))}"
    if kind == "string_too_short" and (least := context.get("min_length", 1)) > 1:
        return f"至少填{least}个字"
    if kind == "string_pattern_mismatch" and context.get("pattern") == REGION_CODE:
        return "格式不对，应为2、4、6、9或12位数字的行政区划代码，如610728"
    if kind == "too_short" and (least := context.get("min_length", 1)) > 1:
        return f"至少{least}项"
    if kind == "too_long" and context.get("field_type") not in ("List", "Dictionary"):
        return "太长，请缩短"
    return _FOUND.get(kind, "填写有误，请检查")
