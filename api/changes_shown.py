"""变更记录 as answers: who, when, from which file and row, and each field in words."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from api.accounts import account_names
from api.consent_words import ACTIONS_OF_RIGHTS, COLUMNS_OF_RIGHTS, NOUNS_OF_RIGHTS
from api.file_rows import FileRow, file_rows
from api.presenting import Presenter
from api.schemas.against import AgainstEvidence
from api.schemas.base import Labelled
from api.schemas.history import ChangePublic, FieldChange
from api.wording import field_words
from ledger.applications import RefusalReason
from ledger.past import Event
from models.coded import Coded
from models.employer import Employer
from models.household import Household
from models.public_post import DeclarationChange
from models.registry import metadata
from models.report import ReportSource
from models.spell import EmploymentSpell, Precision, known_end
from models.taxonomy import Industry
from models.vacancy import Vacancy
from outcomes.accepting import title_of
from outcomes.benefits.catalogue import known_benefits

ACTIONS = (
    {
        "create": "新增",
        "update": "修改",
        "delete": "删除",
        "decide": "处理",
        "reverse": "撤销",
        "merge": "合并",
        "ask": "申请",
        "settle": "办结",
        "correct": "更正",
        "attach": "上传",
        "download": "下载",
        "invite": "邀请",
        "uninvite": "撤销邀请",
    }
    | ACTIONS_OF_RIGHTS
    | {source.value: source.label for source in ReportSource}
)
NOUNS = {
    "worker": "基本情况",
    "worker_skill": "技能",
    "work_intention": "就业意愿",
    "employment_spell": "务工记录",
    "evidence": "佐证",
    "attachment": "佐证附件",
    "spell_confirmation": "双向核实",
    "application": "推荐",
    "household": "户信息",
    "hardship_period": "帮扶类别",
    "benefit_claim": "补贴申领",
    "claim_audit": "补贴抽查",
    "enrolment": "培训",
    "dispatch_member": "输送批次",
    "contact": "随访",
    "support_task": "帮扶事项",
    "caller_assignment": "随访分工",
    "public_post_placement": "公益性岗位申报",
    "term_extension": "公益性岗位延期",
    "job_offer": "推荐记录",
    "doubt": "疑点",
    "spell_report": "上报",
    "report_decision": "上报的处理",
    "worker_merge": "合并",
    "handover": "移交",
    "fair": "招聘会",
    "id_number": "证件号码",
} | NOUNS_OF_RIGHTS
_FIELDS = {
    "cadre_relation": "与村干部的关系",
    "declared_on": "申报日期",
    "until": "延至",
    "basis": "依据",
    "rung": "推荐的是",
    "what": "单位和岗位",
    "offered_on": "推荐日期",
    "answer": "结果",
    "found": "联系结果",
    "difficulty": "困难",
    "returned_home": "是否返乡",
    "note": "随访情况",
    "contact_id": "随访编号",
    "due_on": "解决期限",
    "done_on": "办结日期",
    "done_by": "办结人编号",
    "account_id": "账号编号",
    "name_pinyin": "姓名拼音",
    "village": "行政村",
    "national_number": "人编号",
    "political_status": "政治面貌",
    "at_school": "在校生",
    "health": "健康状况",
    "merged_into": "并入的档案",
    "restricted": "限制使用",
    "is_demo": "演示数据",
    "employer_id": "用人单位",
    "arrangement": "组织方式",
    "point_to_point": "点对点输送",
    "channel": "就业渠道",
    "observed_until": "最后确认在岗",
    "observed_before": "结束以前最后确认在岗",
    "precision": "日期精度",
    "monthly_income": "月收入",
    "contract_months": "合同月数",
    "post_kind": "公益性岗位种类",
    "certificate": "工资证明编号",
    "is_main": "主要务工",
    "superseded_at": "停用时间",
    "superseded_by": "更正后的记录",
    "superseded_because": "停用原因",
    "application_id": "推荐",
    "batch_id": "申领批次",
    "benefit": "补贴",
    "year": "年度",
    "amount": "金额（分）",
    "opened_on": "开始申领",
    "notice_on": "公示开始",
    "approved_on": "审批日期",
    "approved_by": "审批人",
    "paid_on": "发放日期",
    "claim_id": "申领",
    "approver_id": "审批人",
    "seed": "抽查种子",
    "risk": "抽查权重",
    "risk_reasons": "抽查原因",
    "drawn_on": "抽取日期",
    "finding": "抽查意见",
    "found_by": "抽查人",
    "found_on": "抽查日期",
    "reply": "答复",
    "replied_by": "答复人",
    "replied_on": "答复日期",
    "conclusion": "结论",
    "concluded_by": "结论人",
    "concluded_on": "结论日期",
    "grade": "佐证等级",
    "covers_from": "佐证起",
    "covers_to": "佐证止",
    "source": "来源",
    "spell_id": "务工记录",
    "evidence_id": "佐证编号",
    "copy_of": "更正前的佐证",
    "against_because": "与佐证不一致的原因",
    "withdrawn_because": "撤回原因",
    "state": "状态",
    "applied_on": "推荐日期",
    "decided_on": "办理日期",
    "skill": "技能",
    "level": "熟练程度",
    "companion_id": "同行的人",
    "risks": "返贫致贫风险",
    "measures": "就业帮扶措施",
    "relocated": "易地搬迁",
    "number": "户编号",
    "title": "名称",
    "working": "是否务工",
    "started": "开始",
    "ended": "结束",
    "county_text": "务工地点（原文）",
    "employer": "务工企业",
    "income": "月收入",
    "post_kinds": "公益性岗位",
    "outcome": "结果",
    "rule": "规则",
    "reason": "原因",
    "merged_id": "并入的档案",
    "from_region": "原管理地",
    "to_region": "新管理地",
    "explanation": "说明",
}
_OF: dict[str, dict[str, str]] = COLUMNS_OF_RIGHTS | {
    "employment_spell": {"kind": "就业类型", "region": "务工地点", "started_on": "开始", "ended_on": "结束"},
    "evidence": {"kind": "佐证材料"},
    "spell_confirmation": {
        "side": "核实方", "found": "核实结果", "means": "核实方式", "found_on": "核实日期", "since": "从何时起一直在岗",
    },
    "caller_assignment": {"account_id": "由谁随访", "assigned_by": "谁定的", "previous_id": "交出前由谁随访"},
}  # fmt: skip
"""What a column is called in one table alone."""
_UNTOLD = frozenset({"worker_id", "household_id", "spell_id", "is_demo", "is_main"})
"""What a row that came or went does not need to say."""

_DERIVED = frozenset(
    {
        "name_pinyin",
        *("batch_id", "claim_id"),
        *("approved_by", "approver_id", "found_by", "replied_by", "concluded_by"),
        *("withdrawn_at", "withdrawn_by"),
    }
)
"""What follows from something else that is told, or is said by who made the change."""
_REFUSED = frozenset({"application", "job_offer", "employment_spell"})
_LIFTED = {reason.value: reason.label for reason in DeclarationChange}
_AGAINST = {reason.value: reason.label for reason in AgainstEvidence}
_REASONS = {reason.value: reason.label for reason in RefusalReason}
_DAYS = ("started_on", "ended_on")
_ISO = len("2021-03-01")


def changes_shown(session: Session, events: Sequence[Event], present: Presenter) -> list[ChangePublic]:
    """The answers to these changes, asking the database once for all of them."""
    places = file_rows(session, [(event.import_id, event.import_line) for event in events])
    accounts = account_names(session, [event.account_id for event in events])
    words = Words(session, [event.fields or {} for event in events], present)
    words.know_spells([event.row_id for event in events if event.noun == "employment_spell"])
    return [
        ChangePublic(
            id=event.number,
            at=event.at,
            account=accounts.get(event.account_id or 0),
            action=Labelled(code=event.action, label=ACTIONS.get(event.action, event.action)),
            noun=Labelled(code=event.noun, label=NOUNS.get(event.noun, event.noun)),
            row_id=event.row_id,
            import_id=event.import_id,
            import_line=event.import_line,
            file_name=place.file_name,
            sheet=place.sheet,
            row=place.row,
            fields=None if event.fields is None else _fields(event, words),
        )
        for event in events
        for place in [places.get((event.import_id, event.import_line), FileRow())]
    ]


def _fields(event: Event, words: "Words") -> list[FieldChange]:
    return [
        FieldChange(
            field=Labelled(code=name, label=field_label(event.noun, name)),
            before=words.of(event.noun, name, before, words.by_month(event, 0)),
            after=words.of(event.noun, name, after, words.by_month(event, 1)),
        )
        for name, (before, after) in (event.fields or {}).items()
        if name not in _DERIVED and (event.action == "update" or name not in _UNTOLD)
    ]


def field_label(noun: str, name: str) -> str:
    """The Chinese name of a column."""
    return _OF.get(noun, {}).get(name) or _FIELDS.get(name) or field_words(name)


class Words:
    """Values in words: codes by their labels, places, employers, posts and households by their names."""

    def __init__(self, session: Session, rows: Sequence[Mapping[str, Any]], present: Presenter) -> None:
        self._present = present
        told: dict[str, set[int]] = {"employer_id": set(), "vacancy_id": set(), "household_id": set()}
        for row in rows:
            for name in told.keys() & row.keys():
                told[name] |= {value for value in _both(row[name]) if isinstance(value, int)}
        self._session = session
        self._months: set[int | None] = set()
        told_accounts = (
            value for row in rows for name in _OF["caller_assignment"] for value in _both(row.get(name))
        )
        self._accounts = account_names(session, (each for each in told_accounts if isinstance(each, int)))
        self._industries: dict[str, str] = {}
        if codes := {str(each) for row in rows for each in _both(row.get("industry")) if each}:
            self._industries = dict(
                session.exec(select(Industry.code, Industry.name).where(col(Industry.code).in_(codes))).all()
            )
        self._names: dict[str, dict[int | None, str]] = {
            "employer_id": dict(
                session.exec(
                    select(Employer.id, Employer.name).where(col(Employer.id).in_(told["employer_id"]))
                ).all()
            ),
            "vacancy_id": dict(
                session.exec(
                    select(Vacancy.id, Vacancy.title).where(col(Vacancy.id).in_(told["vacancy_id"]))
                ).all()
            ),
            "household_id": dict(
                session.exec(
                    select(Household.id, Household.number).where(col(Household.id).in_(told["household_id"]))
                ).all()
            ),
        }

    def know_spells(self, numbers: Sequence[int | None]) -> None:
        """Of these spells it is asked how exactly their days are known."""
        by_month = select(EmploymentSpell.id).where(
            col(EmploymentSpell.id).in_(numbers), EmploymentSpell.precision == Precision.MONTH
        )
        self._months = set(self._session.exec(by_month).all())

    def by_month(self, event: Event, side: int) -> bool:
        """Whether of a spell's days only the month is known, before (0) or after (1) the change."""
        if event.noun != "employment_spell":
            return False
        told = (event.fields or {}).get("precision")
        return told[side] == Precision.MONTH.value if told else event.row_id in self._months

    def of(self, noun: str, name: str, value: Any, by_month: bool = False) -> Any:
        """The value as it is read; of a day of which only the month is known 2021-03."""
        if isinstance(value, list):
            return [self.of(noun, name, each) for each in value]
        if by_month and name in _DAYS and isinstance(value, str) and len(value) == _ISO:
            told = (
                name == "ended_on" and known_end(date.fromisoformat(value), Precision.MONTH) is Precision.DAY
            )
            return value if told else value[:7]
        if name == "benefit" and isinstance(value, str):
            found = known_benefits(demonstration=True).get(value)
            return found.name if found else value
        if name == "against_because" and isinstance(value, str):
            return _AGAINST.get(value, value)
        if name == "industry" and isinstance(value, str):
            return self._industries.get(value, value)
        if noun == "caller_assignment" and name in _OF[noun] and isinstance(value, int):
            return self._accounts.get(value, value)
        if name in self._names and isinstance(value, int):
            return self._names[name].get(value, value)
        if noun == "report_decision" and name == "rule" and isinstance(value, str):
            return title_of(value)
        if name in ("region", "accepted_regions", "from_region", "to_region") and isinstance(value, str):
            place = self._present.place(value)
            return place.name if place else value
        if name in ("reason", "leave_reason") and noun in _REFUSED and value in _REASONS:
            return _REASONS[value]
        if name == "reason" and noun == "public_post_placement":
            return _LIFTED.get(value, value)
        if noun == "evidence" and name == "grade" and value is not None:
            # What a grade asks for need not be what the evidence is.
            return f"{value}级"
        words = coded_column(noun, name)
        if words is not None and isinstance(value, str):
            return next((word.label for word in words if word.value == value), value)
        return value


def _both(value: Any) -> Sequence[Any]:
    return value if isinstance(value, tuple) else (value,)


def coded_column(noun: str, name: str) -> type[Coded] | None:
    """The codes of a column, if it holds any."""
    table = metadata.tables.get(noun)
    column = table.columns.get(name) if table is not None else None
    words = getattr(column.type, "enum_class", None) if column is not None else None
    return words if isinstance(words, type) and issubclass(words, Coded) else None
