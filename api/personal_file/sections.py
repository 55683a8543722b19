"""What a person's file is made of: every table that names a person, unless it is said here why it does not belong."""

from dataclasses import dataclass

from api.changed_words import NOUNS
from models.registry import metadata

TITLES = NOUNS | {
    "application_event": "推荐的每一步",
    "benefit_claim": "补贴申领",
    "claim_event": "补贴申领的每一步",
    "disclosure": "向用人单位提供的信息",
    "dispatch_member": "输送名单",
    "erasure": "删除",
    "fair_invitation": "招聘会邀请",
    "visit": "招聘会到场",
    "visit_intent": "招聘会上想去的岗位",
    "former_number": "以前登记过的证件号码",
    "frozen_person": "计入过的月报季报",
    "match_plan_decision": "方案里的人工决定",
    "match_plan_person": "列入过的匹配方案",
    "ranking_item": "出现过的推荐名单（有分数和理由）",
}
ORDER = (
    "worker", "household", "hardship_period", "worker_skill", "work_intention", "consent", "disclosure", "review_request",
    "worker_binding", "application", "application_event", "employment_spell", "evidence", "attachment", "spell_confirmation", "spell_report",
    "report_decision", "public_post_placement", "term_extension", "job_offer", "contact", "check_in", "support_task", "call_request", "notice", "caller_assignment",
    "benefit_claim", "claim_event", "claim_audit", "dispatch_member", "enrolment", "ranking_item", "match_plan_person",
    "match_plan_decision", "fair_invitation", "visit", "visit_intent", "doubt", "frozen_person", "worker_merge", "handover", "former_number", "erasure",
)  # fmt: skip
THROUGH = {
    "application_event": ("application_id", "application"),
    "evidence": ("spell_id", "employment_spell"),
    "spell_confirmation": ("spell_id", "employment_spell"),
    "public_post_placement": ("spell_id", "employment_spell"),
    "term_extension": ("spell_id", "employment_spell"),
    "report_decision": ("report_id", "spell_report"),
    "visit_intent": ("visit_id", "visit"),
    "claim_event": ("claim_id", "benefit_claim"),
    "claim_audit": ("claim_id", "benefit_claim"),
    "hardship_period": ("household_id", "worker"),
    "household": ("id", "worker"),
}
"""By table the column that leads to another one that names the person."""
LEFT_OUT = {
    "audit_event": "told as the history of changes and of who looked, below",
    "comparison_row": "what a list said that was laid beside the ledger; what came of it is in the history",
    "household_key": "a key",
    "handed_person": "told with who looked: each file that told of the person, who was given it, and what for",
    "idempotency_key": "the answer to a command, for its sender, kept for 30 days (for a device for as long as it may ask again)",
    "import_line": "a line of a file as it came; what it brought is in the history, with file and line",
    "match_plan_post": "a post",
    "person_key": "a key",
    "possible_duplicate": "is about somebody else too",
}
"""Tables that name a person and are not in the file, and why."""
WORDLESS = frozenset(
    {
        "id", "created_at", "version", "worker_id", "household_id", "spell_id", "application_id", "claim_id", "report_id",
        "ranking_id", "contact_id", "evidence_id", "batch_id", "kept_id", "is_demo", "is_main", "name_pinyin",
        "worker_region", "vacancy_region", "origin_region", "seat_released_at", "copy_of", "import_id", "import_line",
        "superseded_by", "seed", "subject", "statistics", "before", "rule", "digest", "excerpt", "line", "dispatch_id",
        "course_id", "plan_id", "sealed", "sealed_before", "sealed_claim", "sealed_record", "request_hash", "sealed_sha256", "consent_id", "master_key_id", "propensity", "together", "previous_id", "size",
        "visit_id", "code_hash", "secret_sealed", "card_sealed",
    }
)  # fmt: skip
"""Columns that say nothing to the person: numbers of rows, and what follows from something else."""
LABELS = {
    "account_id": "谁登记的", "done_by": "办结人", "answered_by": "答复人",
    "at": "时间", "from_state": "原来", "to_state": "变为", "on_date": "日期", "heads": "人数", "seen_on": "最近一次发现",
    "mended_on": "更正日期", "explained_by": "说明人", "explained_at": "说明时间", "departed": "是否出发",
    "completed": "是否结业", "position": "排第几", "score": "分数", "p_hire": "录用可能", "p_stay_90": "干满三个月可能",
    "p_stay_180": "干满半年可能", "reasons": "理由", "decided_by": "决定人", "decided_at": "决定时间",
    "undone_at": "撤销时间", "undone_by": "撤销人", "reversed_at": "撤销时间", "reversed_by": "撤销人",
    "withdrawn_at": "撤回时间", "withdrawn_by": "撤回人", "reported_on": "上报日期", "stable": "算不算稳定",
    "settled_by": "办结人", "settled_at": "办结时间", "origin": "来历", "contact_note": "联系情况", "fields": "提供了哪几项",
    "basis": "依据", "told_on": "日期", "county": "所在的县", "channel": "怎么告诉的", "sent_at": "发送时间", "code": "微信的回复码",
    "asked_on": "提出日期", "why": "为什么打", "proof": "凭什么绑定", "ended_on": "结束日期", "start_told_on": "本人说的上岗日期", "created": "记下的时间", "reason": "原因", "record": "上报的内容", "claim": "对方登记的内容",
}  # fmt: skip
LABELS_OF = {
    "fair_invitation": {
        "fair_id": "招聘会编号",
        "card_made_at": "岗位卡做好的时间",
        "revoked_at": "撤销时间",
    },
    "visit": {"fair_id": "招聘会编号", "arrived_at": "到场时间"},
    "visit_intent": {
        "wanted": "是否想去",
        "said_at": "最后一次选的时间",
        "ticket": "排队号",
        "ticket_at": "取号时间",
        "called_at": "叫号时间",
        "not_carried_over": "没有报名的原因",
    },
    "worker": {"name": "姓名", "region": "户籍地"},
    "household": {"region": "户籍地"},
    "review_request": {"answer": "答复", "due_on": "最迟答复"},
    "job_offer": {"answer": "结果"},
}
"""What a column is called in one table alone."""
ACCOUNTS = frozenset(
    {
        "account_id", "done_by", "decided_by", "undone_by", "reversed_by", "withdrawn_by", "settled_by", "explained_by",
        "approved_by", "answered_by", "assigned_by", "found_by", "replied_by", "concluded_by", "approver_id",
    }
)  # fmt: skip
"""Columns that hold the number of an account: told by its name."""


@dataclass(frozen=True, slots=True)
class Section:
    """One table of the file."""

    table: str
    title: str

    @property
    def columns(self) -> list[str]:
        """What is told of a row, in the table's order; sealed columns under their own name."""
        names = (column.name for column in metadata.tables[self.table].columns)
        return [
            name
            for name in names
            if name not in WORDLESS and not name.endswith(("_index", "_index_2", "sealed_key"))
        ]


def naming_people() -> set[str]:
    """Every table whose rows are somebody's."""
    direct = {
        name for name, table in metadata.tables.items() if {"worker_id", "kept_id"} & set(table.c.keys())
    }
    return direct | THROUGH.keys() | {"worker"}


SECTIONS = tuple(Section(name, TITLES[name]) for name in ORDER)
