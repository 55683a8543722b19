"""Which tables hold personal information, and how each column of them is kept."""

import re
from dataclasses import dataclass
from enum import Enum

from sqlalchemy import Column

from api.personal_file.gathering import label
from api.personal_file.sections import TITLES, naming_people
from models import security
from models.registry import metadata

STAFF = {
    "account": "工作人员账号",
    "account_binding": "账号的角色",
    "access_token": "登录和密钥",
    "login_attempt": "登录尝试",
    "second_factor": "动态口令",
    "number_lookup": "按号码查询的次数",
    "station_staff": "工作站人员",
    "token_use": "最近一次使用",
}
"""Tables about those who work with the service."""
OTHERS = {
    "audit_event": "变更记录",
    "comparison_row": "两本账对账",
    "handed_file": "交出的文件",
    "handed_person": "交出的文件说到的人",
    "household_key": "户的密钥",
    "idempotency_key": "命令的回执",
    "kiosk_command": "自助终端收到的命令（不知道是谁的才存原文，加密）",
    "import": "导入的文件",
    "import_line": "导入文件的行",
    "import_part": "导入文件的内容",
    "export": "导出的文件",
    "export_part": "导出文件的内容",
    "attachment_part": "佐证附件的内容",
    "person_key": "本人的密钥",
    "possible_duplicate": "疑似重复",
    "wechat_account": "微信账号（标识和验证过的电话）",
    "message_subscription": "订阅消息的同意",
    "match_plan_kept": "方案的数值（人员编号和估计）",
}
"""Tables with something of people in them that are in no person's file."""
NOT_PERSONAL = {
    "booth": "an employer's place in a fair",
    "booth_post": "a post at a booth",
    "kiosk_device": "a device; who stood before it is not told",
    "claim_batch": "an opening of claims, of nobody",
    "course": "a course",
    "dispatch": "a batch; its list names people",
    "doubt_run": "counts",
    "employer": "an enterprise",
    "exchange_key": "names of rows of an exchange folder",
    "fair": "a fair",
    "figure_file": "the proof of a typed figure",
    "frozen_report": "figures",
    "heading_memory": "headings of files",
    "job": "what was asked for, by number",
    "match_plan": "sums of a plan",
    "match_plan_post": "seats of a plan",
    "ranking": "the head of a list: who asked, by which ranker",
    "ranking_change": "what serves since when",
    "ranking_fault": "what was wrong with a model",
    "ranking_model": "what was learned, sums",
    "service_station": "a station",
    "station_visit": "a visit to an employer",
    "target": "a task",
    "target_part": "a part of a task",
    "typed_figure": "a figure",
    "vacancy": "a post",
    "work_plan": "a plan",
    "workshop_rating": "a workshop",
    "workshop_recognition": "a workshop",
}
"""Tables under row security with nobody in them, and what they hold."""
SENSITIVE = {
    "id_number": "证件号码",
    "health": "医疗健康",
    "disability_grade": "医疗健康",
    "labour_capability": "医疗健康",
    "category": "特定身份（帮扶类别）",
    "ethnicity": "民族",
    "political_status": "政治面貌",
    "note": "随访内容可能涉及家庭和健康",
}
"""Columns whose values are sensitive by article 28, or are kept as if they were."""


class Kept(Enum):
    """How a column is kept."""

    SEALED = "加密"
    DIGEST = "只存摘要"
    PLAIN = "明文"


_HAN = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Holding:
    """One column that holds something of a person."""

    table: str
    title: str
    column: str
    words: str
    kept: Kept
    sensitive: str


def tables() -> dict[str, str]:
    """Every table with personal information, in words."""
    known = TITLES | OTHERS | STAFF
    found = naming_people() | OTHERS.keys() | STAFF.keys()
    return {name: known[name] for name in metadata.tables if name in found and name in known}


def undeclared() -> set[str]:
    """Tables under row security of which nobody has said whether they hold personal information."""
    return {*security.BY_REGION, *security.SHARED, *naming_people()} - tables().keys() - NOT_PERSONAL.keys()


def holdings() -> list[Holding]:
    """Every column of them."""
    return [
        Holding(name, title, column.name, _words(name, column.name), _kept(column), _sensitive(name, column))
        for name, title in tables().items()
        for column in metadata.tables[name].columns
    ]


def _words(table: str, column: str) -> str:
    """The column's Chinese name; its own where it has none."""
    told = label(table, column)
    return told if _HAN.search(told) else column


def _kept(column: Column[object]) -> Kept:
    name = column.name
    if name.endswith(("_index", "_index_2", "_hash", "_hashes", "_sha256")) or name == "digest":
        return Kept.DIGEST
    return Kept.SEALED if "sealed" in name else Kept.PLAIN


def _sensitive(table: str, column: Column[object]) -> str:
    if table in STAFF or table in OTHERS:
        return ""
    return SENSITIVE.get(column.name.removesuffix("_sealed"), "")
