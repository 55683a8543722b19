"""The Chinese names of what is told of consents, disclosures, reviews and deletions."""

FIELDS_OF_RIGHTS = {
    "purpose": "用途",
    "given": "是否同意",
    "speaker": "谁说的",
    "told_on": "表示的日期",
    "until": "有效期",
    "form_number": "同意书编号",
    "about": "复核什么",
    "wish": "本人要求",
    "asked_on": "申请日期",
    "answered_on": "答复日期",
    "answered_by": "答复人编号",
}
NOUNS_OF_RIGHTS = {
    "consent": "同意登记",
    "review_request": "人工复核",
    "call_request": "回电",
    "check_in": "打卡",
    "notice": "通知",
    "worker_binding": "微信绑定",
}
ACTIONS_OF_RIGHTS = {
    "consent_over": "同意到期",
    "erase": "删除",
    "copy": "出具副本",
    "bind": "申请",
    "end": "解除",
    "tell_start": "本人确认上岗",
}
COLUMNS_OF_RIGHTS = {
    "consent": {"until": "有效到", "means": "怎么说的"},
    "call_request": {
        "why": "为什么打",
        "wish": "本人的话",
        "asked_on": "登记日期",
        "due_on": "最迟回电",
        "done_on": "回电日期",
    },
    "application": {"start_told_on": "本人说的上岗日期"},
}
