"""一库五册: the five registers of one real-name database, for a region of any of the five levels."""

from collections.abc import Callable, Iterator
from datetime import date

from sqlalchemy import and_, or_
from sqlmodel import Session, col

from ledger.registers.kinds import words
from ledger.registers.people import (
    SPELL,
    Entry,
    Listed,
    category_on,
    counted,
    entries,
    listed,
    parts_of,
    relieved_on,
    within,
    working_on,
)
from ledger.registers.view import ID_MASK, PHONE_MASK, Asked, Asks, Column, Part, Table, Value, View
from models.age import LEGAL_WORKING_AGE, birthday
from models.coded import Coded
from models.employer import Employer
from models.sealing import Keyring
from models.spell import TRANSFER, EmploymentSpell, Precision, SpellKind
from models.training import Course, Enrolment
from models.worker import LabourCapability, Worker

_NO_LABOUR = (LabourCapability.LOST, LabourCapability.NONE)
_FLAGGED_AGE = 70  # public posts at this age and above are flagged


def label(value: Coded | None) -> str | None:
    """The Chinese word of a code."""
    return value.label if value is not None else None


def yes_no(value: bool | None) -> str | None:
    """是 or 否; blank where it is not known."""
    return None if value is None else "是" if value else "否"


def _day(day: date | None, precision: Precision) -> Value:
    if day is None or precision is Precision.DAY:
        return day
    return f"{day:%Y年%m月}"


NUMBER = Column("序号", lambda entry: entry.number, width=6)
PERSON = (
    Column("县（市、区）", lambda entry: entry.county, on_paper=False),
    Column("乡镇（街道）", lambda entry: entry.township, width=12),
    Column("村（社区）", lambda entry: entry.village, width=12),
    Column("户编号", lambda entry: entry.row.household, width=16, on_paper=False),
    Column("姓名", lambda entry: entry.name),
    Column("性别", lambda entry: label(entry.row.sex), width=6),
    Column("年龄", lambda entry: entry.age, width=6),
    Column("证件号码", lambda entry: entry.id_number, ID_MASK, 20),
    Column("联系电话", lambda entry: entry.phone, PHONE_MASK, 14),
    Column("户类型", lambda entry: label(entry.row.category), width=14),
    Column("与户主关系", lambda entry: label(entry.row.relation_to_head), on_paper=False),
    Column("文化程度", lambda entry: label(entry.row.education), on_paper=False),
    Column("劳动能力", lambda entry: label(entry.row.labour_capability), width=14),
)
WORK = (
    Column("就业类型", lambda entry: label(entry.row.kind), width=14),
    Column("用人单位", lambda entry: entry.row.employer, width=26),
    Column("务工地", lambda entry: entry.place(entry.row.work_region), width=22),
    Column("上岗日期", lambda entry: _day(entry.row.started_on, entry.row.precision), width=12),
    Column("月收入（元）", lambda entry: entry.row.monthly_income),
    Column("组织方式", lambda entry: label(entry.row.arrangement), width=12, on_paper=False),
    Column("就业渠道", lambda entry: entry.row.channel, width=14, on_paper=False),
    Column("是否点对点输送", lambda entry: yes_no(entry.row.point_to_point), on_paper=False),
)


def _relieved(asked: Asked) -> Listed:
    old_enough = birthday(asked.as_of, -LEGAL_WORKING_AGE)
    query = listed(*SPELL, category_on(asked.as_of))
    query = query.join(EmploymentSpell, working_on(asked.as_of), isouter=True)
    query = query.join(Employer, col(Employer.id) == col(EmploymentSpell.employer_id), isouter=True)
    return within(query, asked).where(
        relieved_on(asked.as_of),
        or_(col(Worker.birth_date).is_(None), col(Worker.birth_date) <= old_enough),
        or_(col(Worker.labour_capability).is_(None), col(Worker.labour_capability).not_in(_NO_LABOUR)),
    )


def _working(asked: Asked, kinds: frozenset[SpellKind]) -> Listed:
    query = listed(*SPELL, category_on(asked.as_of))
    query = query.join(EmploymentSpell, and_(working_on(asked.as_of), col(EmploymentSpell.kind).in_(kinds)))
    query = query.join(Employer, col(Employer.id) == col(EmploymentSpell.employer_id), isouter=True)
    return within(query, asked)


def _trained(asked: Asked) -> Listed:
    query = listed(
        category_on(asked.as_of),
        col(Course.name).label("course"),
        col(Course.kind),
        col(Course.organiser),
        col(Course.started_on),
        col(Course.ended_on),
        col(Enrolment.completed),
        col(Enrolment.certificate),
    )
    query = query.join(Enrolment, col(Enrolment.worker_id) == col(Worker.id))
    query = query.join(Course, col(Course.id) == col(Enrolment.course_id))
    return within(query, asked).where(col(Course.started_on).between(asked.from_on, asked.as_of))


def register(
    code: str,
    title: str,
    about: str,
    query: Callable[[Asked], Listed],
    columns: tuple[Column, ...],
    *,
    asks: Asks = Asks.DAY,
    unit: str = "人",
) -> View:
    """A register: its people on the first sheet, how many they are below the region on the second."""

    def tables(session: Session, keyring: Keyring, asked: Asked) -> Iterator[Table]:
        yield Table(title, (NUMBER, *columns), entries(session, keyring, query(asked), asked))
        yield summary(parts_of(session, query(asked), asked), unit)

    return View(
        code,
        title,
        about,
        asks,
        unit,
        tables,
        lambda session, asked: counted(session, query(asked)),
        lambda session, asked: parts_of(session, query(asked), asked),
        own=((NUMBER, *columns),),
    )


def summary(parts: list[Part], unit: str) -> Table:
    """汇总: how many rows each region below has, and all together."""
    whole = Part(None, "合计", sum(part.count for part in parts))
    columns = (
        Column("地区", lambda part: part.name, width=24),
        Column("区划代码", lambda part: part.code if part.village is None else None, width=14),
        Column(f"数量（{unit}）", lambda part: part.count, width=12),
    )
    return Table("汇总", columns, [*parts, whole])


def _flag(entry: Entry) -> str | None:
    age = entry.age
    if age is None or LEGAL_WORKING_AGE <= age < _FLAGGED_AGE:
        return None
    return f"{age}岁，请核实是否适合在岗"


FIVE = (
    register(
        "relieved",
        "脱贫劳动力册",
        "脱贫户、脱贫不稳定户中满16岁、有劳动能力的人，和他们当天在哪里务工。",
        _relieved,
        (*PERSON, *WORK),
    ),
    register(
        "trained",
        "就业培训册",
        "本年初到截止日期开班的培训，每人每班一行。",
        _trained,
        (
            *PERSON,
            Column("培训班", lambda entry: entry.row.course, width=24),
            Column("培训类型", lambda entry: label(entry.row.kind), width=12),
            Column("培训机构", lambda entry: entry.row.organiser or None, width=24),
            Column("开班日期", lambda entry: entry.row.started_on, width=12),
            Column("结业日期", lambda entry: entry.row.ended_on, width=12),
            Column("是否结业", lambda entry: yes_no(entry.row.completed)),
            Column("证书编号", lambda entry: entry.row.certificate, width=20),
        ),
        asks=Asks.YEAR,
        unit="人次",
    ),
    register(
        "transferred",
        "转移就业册",
        f"当天在岗的转移就业人员。计入：{words(TRANSFER)}；公益性岗位、以工代赈、自主创业不在内。",
        lambda asked: _working(asked, TRANSFER),
        (*PERSON, *WORK),
    ),
    register(
        "ventures",
        "自主创业册",
        "当天正在自主创业、返乡创业的人。",
        lambda asked: _working(asked, frozenset({SpellKind.SELF_EMPLOYED})),
        (
            *PERSON,
            Column("创业单位", lambda entry: entry.row.employer, width=26),
            Column("经营地", lambda entry: entry.place(entry.row.work_region), width=22),
            Column("创业开始日期", lambda entry: _day(entry.row.started_on, entry.row.precision), width=12),
            Column("月收入（元）", lambda entry: entry.row.monthly_income),
        ),
    ),
    register(
        "public-posts",
        "公益性岗位安置册",
        "当天在乡村公益性岗位上的人。",
        lambda asked: _working(asked, frozenset({SpellKind.PUBLIC_POST})),
        (
            *PERSON,
            Column("岗位种类", lambda entry: entry.row.post_kind, width=14),
            Column("用人单位", lambda entry: entry.row.employer, width=26),
            Column("岗位所在地", lambda entry: entry.place(entry.row.work_region), width=22),
            Column("上岗日期", lambda entry: _day(entry.row.started_on, entry.row.precision), width=12),
            Column("聘期（月）", lambda entry: entry.row.contract_months),
            Column("月补贴（元）", lambda entry: entry.row.monthly_income),
            Column("提示", _flag, width=20),
        ),
    ),
)
