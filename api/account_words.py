"""The words of what may be wrong with an account."""

from api.words import Words

OF_ACCOUNTS = {
    "uq_account_username": Words(
        409, "username-taken", "用户名已有人使用", "请换一个用户名，例如在后面加上单位的简称。", "username"
    ),
}

FIELDS_OF_ACCOUNTS = {
    "display_name": "姓名",
    "role": "角色",
    "station_id": "工作站",
    "code": "动态口令或链接",
    "current": "现在的密码",
    "areas": "可以办理的范围",
    "read_only": "只读",
    "days": "有效天数",
}
