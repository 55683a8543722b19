"""The headings under which lists are written as tables; a field of an item that has none fails a test."""

from api.tables import ListTable

WORKERS = ListTable(
    "劳动力",
    "worker",
    {
        "id": "编号", "name": "姓名", "sex": "性别", "age": "年龄", "region": "所在地", "education": "文化程度",
        "hardship": "帮扶类别", "employed": "当天是否在岗", "restricted": "已限制使用", "is_demo": "演示数据",
    },
)  # fmt: skip
HOUSEHOLDS = ListTable(
    "家庭户",
    "household",
    {
        "id": "编号", "version": "版本", "number": "户编号", "region": "所在地", "village": "村（社区）",
        "relocated": "易地搬迁", "hardship": "帮扶类别时段", "standing": "当天的类别", "contacted_on": "最近联系日期",
        "contact_note": "联系情况", "is_demo": "演示数据",
    },
)  # fmt: skip
VACANCIES = ListTable(
    "岗位",
    "vacancy",
    {
        "id": "编号", "title": "岗位名称", "employer_id": "用人单位编号", "employer": "用人单位", "region": "工作地点",
        "seats": "招聘人数", "seats_left": "剩余名额", "pay_min": "最低月薪（元）", "pay_max": "最高月薪（元）",
        "lodging": "包住", "valid_until": "有效期至", "state": "状态", "is_demo": "演示数据",
    },
    of_people=False,
)  # fmt: skip
APPLICATIONS = ListTable(
    "推荐",
    "application",
    {
        "id": "编号", "version": "版本", "worker_id": "劳动力编号", "vacancy_id": "岗位编号", "state": "状态",
        "applied_on": "推荐日期", "decided_on": "办结日期", "answered_on": "答复日期", "start_told_on": "本人说的上岗日期", "reason": "原因",
        "side": "哪一方", "spell_id": "务工记录编号",
    },
)  # fmt: skip
DOUBTS = ListTable(
    "疑点",
    "doubt",
    {
        "id": "编号", "version": "版本", "rule": "规则编号", "title": "疑点", "severity": "程度", "state": "状态",
        "what": "问题", "mend": "怎么改", "link": "改的页面", "region": "所在地", "worker": "姓名",
        "household": "户编号", "import_id": "导入文件编号", "import_line": "文件行号", "statistics": "统计",
        "found_on": "发现日期", "seen_on": "最近一次发现", "mended_on": "改好日期", "explanation": "说明",
        "explained_at": "说明时间",
    },
)  # fmt: skip
