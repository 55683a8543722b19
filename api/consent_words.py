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
NOUNS_OF_RIGHTS = {"consent": "同意登记", "review_request": "人工复核"}
ACTIONS_OF_RIGHTS = {"consent_over": "同意到期", "erase": "删除", "copy": "出具副本"}
COLUMNS_OF_RIGHTS = {"consent": {"until": "有效到", "means": "怎么说的"}}
