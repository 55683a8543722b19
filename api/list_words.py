"""The words of the ledger's filters, of what is kept of them, and of what is done with many."""

from api.words import Words

OF_SEARCHES = {
    "uq_saved_search_name": Words(
        409, "search-exists", "已有同名的常用筛选", "请换一个名称，或先改原来那个。", "name"
    )
}
"""What broken constraints are told as."""

FIELDS_OF_LISTS = {
    "cursor": "翻页标记",
    "limit": "每页条数",
    "sort": "排序",
    "q": "搜索词",
    "worker_ids": "人员",
    "ids": "选中的条目",
    "age_from": "满多少岁",
    "age_to": "不超过多少岁",
    "skill": "技能",
    "employed": "是否在岗",
    "follow_up": "未办的回访",
    "doubt": "疑点",
    "restricted": "限制使用",
    "wanted": "条件",
    "shared": "是否共享",
    "counted": "是否数人数",
    "caller_id": "由谁打",
    "course_id": "培训班",
    "fair_id": "招聘会",
}

OF_LISTS = {
    "NumberTold": {"number": "证件号码或联系电话"},
    "BulkCreate": {"kind": "办什么", "due_on": "回访日期", "vacancy_id": "岗位"},
    "WorkerSearchCreate": {"name": "名称"},
    "WorkerSearchUpdate": {"name": "名称"},
}
"""What a field says in one body alone."""
