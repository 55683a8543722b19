"""The assessment, section by section, out of the declarations and the counts of the caller's regions."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlmodel import Session, col

from api.assessment.holdings import Holding, Kept, holdings
from api.assessment.risks import RISKS
from api.doors_to_people import DOORS, STORED
from api.personal_file.sections import LEFT_OUT
from api.ranker import in_force
from api.rights import ALLOWED, Action, Field, fields_of
from api.settings import Settings
from api.worker.daily import ABANDONED_AFTER_DAYS, ATTEMPTS_KEPT_DAYS
from ledger.consents.disclosing import FOR
from ledger.consents.keeping import UNDER_CARE
from ledger.consents.purposes import TERMS
from models.account import Role
from models.consent import Purpose, stopped
from models.disclosure import KEPT_YEARS, SENSITIVE, Disclosure, Told
from models.erasure import Erasure
from models.review import ReviewRequest
from models.worker import Worker

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Section:
    """One question of the assessment, and its answer as a table."""

    code: str
    title: str
    says: str
    headings: Sequence[str]
    rows: Rows


def assessment(session: Session, settings: Settings) -> list[Section]:
    """All of it; the counts are of the people whom the session may see."""
    return [
        _purposes(session, settings),
        _holdings(),
        _rights(),
        _disclosures(session),
        _automated(session, settings),
        _restricted(session),
        _retention(session, settings),
        _risks(),
    ]


def _purposes(session: Session, settings: Settings) -> Section:
    day = settings.today()
    counts = {purpose: _count(session, stopped(purpose, day)) for purpose in Purpose}
    rows = [
        (
            terms.purpose.label,
            terms.what,
            terms.without.label if terms.without else "没有同意就不做",
            terms.law,
            terms.stops,
            f"{counts[purpose]}人",
        )
        for purpose, terms in TERMS.items()
    ]
    return Section(
        "purposes",
        "为了什么处理，依据是什么",
        "每项用途一条声明，页面、本人副本和这里都由它生成。",
        (
            "用途",
            "做什么",
            "没有登记同意时的依据",
            "法律条文",
            "不同意时停下什么",
            "现在不同意的人（不含只对个别单位的）",
        ),
        rows,
    )


def _holdings() -> Section:
    found: dict[str, list[Holding]] = {}
    for each in holdings():
        found.setdefault(each.title, []).append(each)
    return Section(
        "holdings",
        "保存了哪些个人信息，怎样保存",
        "由数据库的表逐列列出，新加的表和列自动在内。明文的按辖区逐行控制；内部字段是编号、时间和程序用的标记。",
        ("哪张表", *(kept.value for kept in Kept), "内部字段", "其中敏感的"),
        [_holding(title, columns) for title, columns in found.items()],
    )


def _holding(title: str, columns: Sequence[Holding]) -> Sequence[str]:
    told = [each for each in columns if each.words != each.column]
    return (
        title,
        *("、".join(each.words for each in told if each.kept is kept) for kept in Kept),
        f"{len(columns) - len(told)}列",
        "、".join(f"{each.words}：{each.sensitive}" for each in told if each.sensitive),
    )


def _rights() -> Section:
    rows = [
        (
            role.label,
            "、".join(action.label for action in Action if action in ALLOWED[role]) or "没有内部权限",
            "、".join(field.label for field in Field if field in fields_of(role)) or "看不到个人",
        )
        for role in Role
    ]
    says = "能做什么由角色决定，能看到哪些人由数据库按辖区逐行决定；号码另须“查看完整证件号码和电话”的权限和用途。"
    return Section("rights", "谁能看，谁能改", says, ("角色", "可以做什么", "看得到本人的哪几项"), rows)


def _disclosures(session: Session) -> Section:
    found = session.connection().execute(
        select(col(Disclosure.reason), col(Disclosure.basis), func.count(), func.count(func.distinct(col(Disclosure.worker_id))))
        .group_by(col(Disclosure.reason), col(Disclosure.basis))
    )  # fmt: skip
    counted: dict[str, list[str]] = {}
    for reason, basis, times, people in found:
        counted.setdefault(reason, []).append(f"{basis.label}：{times}次，{people}人")
    rows = [
        (
            reason.label,
            "、".join(field.label for field in Told if field in fields),
            "、".join(field.label for field in Told if field in fields & SENSITIVE) or "没有",
            "；".join(sorted(counted.get(reason, []))) or "还没有",
        )
        for reason, fields in FOR.items()
    ]
    says = f"每提供一人记一行，与提供在同一事务里写下，至少保存{KEPT_YEARS}年，数据库不许提前删除。"
    return Section(
        "disclosures", "向用人单位提供什么", says, ("场合", "提供哪几项", "其中敏感的", "已经提供"), rows
    )


def _automated(session: Session, settings: Settings) -> Section:
    ranker = in_force(session)
    unranked = _count(session, stopped(Purpose.RANKING, settings.today()))
    waiting = _count(session, select(col(ReviewRequest.id)).where(col(ReviewRequest.answered_on).is_(None)))
    answered = _count(
        session, select(col(ReviewRequest.id)).where(col(ReviewRequest.answered_on).is_not(None))
    )
    rows = [
        ("现在用什么排序", f"{'学习模型' if ranker.name == 'learned' else '公开的默认权重'}，版本{ranker.version}；模型卡在“推荐 › 推荐模型”（/ranking-models）"),
        ("哪些特征从不使用", "性别、民族、残疾、年龄段、帮扶类别只用来核对是否公平，不进分数"),
        ("为什么这样排", "每条推荐最多四句理由，和分数一起记录，本人副本里都有"),
        ("不要打分的人", f"{unranked}人；不计算、不保存分数，不进匹配方案"),
        ("人工复核", f"等待答复{waiting}件，已答复{answered}件"),
        ("由谁决定", "模型只排序；推荐、录用、上岗都由人确认"),
    ]  # fmt: skip
    return Section("automated", "自动化决策", "《个人信息保护法》第24条。", ("问题", "回答"), rows)


def _restricted(session: Session) -> Section:
    people = _count(
        session, select(col(Worker.id)).where(col(Worker.restricted), col(Worker.merged_into).is_(None))
    )
    rows = [(why, f"{count}处") for why, count in Counter(STORED.values()).items()]
    says = f"现有{people}人只保存、不使用。{len(DOORS)}个名单、页面和文件出口都不列他们；仍可查看的只有下面这些。"
    return Section("restricted", "不再同意以后", says, ("为什么还可以看", "几处"), rows)


def _retention(session: Session, settings: Settings) -> Section:
    erased = _count(session, select(col(Erasure.id)))
    rows = [
        ("本人的档案", f"最后一次务工、推荐、随访、补贴或本人表示后{settings.retention_years}年，列入到期名单，由人批准删除；已删除{erased}人"),
        ("向单位提供的记录", f"至少{KEPT_YEARS}年，不随本人档案删除；只有项目名，没有内容"),
        ("同意登记", "和变更记录一样长；没有姓名和号码"),
        ("导入的文件", f"入库后或放弃{ABANDONED_AFTER_DAYS}天后清除"),
        ("导出的文件", "7天；其间有人不再同意的，当时作废"),
        ("登录尝试", f"{ATTEMPTS_KEPT_DAYS}天"),
        ("变更记录", "一直保存，内容用本人的密钥加密；删除本人档案后不能再读"),
        ("冻结的报表", "数字一直保存，明细显示“已删除”"),
    ]  # fmt: skip
    says = "期限由设置决定，按本地档案保管期限表填写（《个人信息保护法》第19条、第47条）。"
    return Section("retention", "保存多久", says, ("什么", "多久"), rows)


def _risks() -> Section:
    rows = [(each.what, each.measure, each.left, each.shown) for each in RISKS]
    says = (
        f"不满{UNDER_CARE}周岁的人由监护人表示同意（第31条）。本人副本不含：{len(LEFT_OUT)}张表，各有原因。"
        "还没有做到的照实写在“剩下的风险”里。"
    )
    return Section("risks", "风险和措施", says, ("风险", "措施", "剩下的风险", "由哪个测试证明"), rows)


def _count(session: Session, query: Select[Any]) -> int:
    found = select(func.count()).select_from(query.subquery())
    return int(session.connection().scalar(found) or 0)
