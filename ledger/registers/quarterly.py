"""结对季报: what a pairing reports every quarter. Each line says what it includes, and lists the people behind it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, distinct, func, or_
from sqlalchemy import select as columns
from sqlmodel import Session, col

from ledger.registers.five import NUMBER, PERSON, WORK, label
from ledger.registers.kinds import words
from ledger.registers.people import SPELL, Listed, category_on, entries, listed, parts_of, relieved_on, within
from ledger.registers.view import Asked, Asks, Column, Part, Table, View
from models.destination import OTHER_PROVINCE, PAIRED, PAIRED_EAST, WITHIN_PROVINCE
from models.employer import Employer, EmployerKind
from models.sealing import Keyring
from models.spell import MARKET_TRANSFER, EmploymentSpell, SpellKind
from models.training import Course, Enrolment
from models.worker import Worker

_HOME, _WORK = col(EmploymentSpell.origin_region), col(EmploymentSpell.region)


_SAME_COUNTY = func.left(_HOME, 6) == func.left(_WORK, 6)


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what it counts, the kinds of work in it, and where that work is."""

    number: int
    name: str
    kinds: frozenset[SpellKind] = frozenset()
    where: ColumnElement[bool] | None = None
    note: str = ""

    @property
    def includes(self) -> str:
        """Which kinds of work the line includes, in words."""
        return words(self.kinds) + self.note if self.kinds else self.note


LINES = (
    Line(1, "转移到结对东部地区就业", MARKET_TRANSFER, PAIRED_EAST),
    Line(2, "转移到其他省外地区就业", MARKET_TRANSFER, OTHER_PROVINCE),
    Line(3, "省内就业（含县内）", MARKET_TRANSFER, WITHIN_PROVINCE),
    Line(4, "其中：县内就近就业", MARKET_TRANSFER, and_(_SAME_COUNTY, ~PAIRED)),
    Line(5, "务工地不清楚，未计入以上各项", MARKET_TRANSFER, _WORK.is_(None)),
    Line(6, "就业帮扶车间吸纳就业", frozenset({SpellKind.WORKSHOP})),
    Line(7, "新社区工厂吸纳就业", frozenset({SpellKind.COMMUNITY_FACTORY})),
    Line(8, "就业帮扶基地吸纳就业", frozenset({SpellKind.EMPLOYMENT_BASE})),
    Line(9, "乡村公益性岗位安置", frozenset({SpellKind.PUBLIC_POST}), note="（不计入转移就业）"),
    Line(10, "培训人次", note="期内开班的培训，每人每班计1人次"),
    Line(11, "就业帮扶车间家数", note="期末已开办的车间，家"),
)
_PEOPLE_LINES = {line.number: line for line in LINES if line.kinds}
_TRAINING = 10


@dataclass(frozen=True, slots=True)
class Figure:
    """A line with its figures: in the quarter and since the year began, each with 脱贫劳动力 among them."""

    line: Line
    quarter: int | None
    quarter_relieved: int | None
    year: int | None
    year_relieved: int | None


def _begun(line: Line, asked: Asked, from_on: date) -> Listed:
    """The spells of a line that began since a day, with their people: what is counted and what is listed."""
    query = listed(
        *SPELL,
        category_on(col(EmploymentSpell.started_on)),
        relieved_on(col(EmploymentSpell.started_on)).label("relieved"),
    )
    query = query.join(
        EmploymentSpell,
        and_(
            col(EmploymentSpell.worker_id) == col(Worker.id),
            col(EmploymentSpell.superseded_at).is_(None),
            col(EmploymentSpell.is_main),
            col(EmploymentSpell.kind).in_(line.kinds),
            col(EmploymentSpell.started_on).between(from_on, asked.as_of),
        ),
    )
    if line.where is not None:
        query = query.where(line.where)
    query = query.join(Employer, col(Employer.id) == col(EmploymentSpell.employer_id), isouter=True)
    return within(query, asked)


def _trained(asked: Asked, from_on: date) -> Listed:
    query = listed(
        category_on(col(Course.started_on)),
        relieved_on(col(Course.started_on)).label("relieved"),
        col(Course.name).label("course"),
        col(Course.kind),
        col(Course.started_on),
    )
    query = query.join(Enrolment, col(Enrolment.worker_id) == col(Worker.id))
    query = query.join(Course, col(Course.id) == col(Enrolment.course_id))
    return within(query, asked).where(col(Course.started_on).between(from_on, asked.as_of))


def behind(number: int, asked: Asked, from_on: date) -> Listed | None:
    """The rows behind a line's figure since a day; None for a line that counts no people."""
    if number == _TRAINING:
        return _trained(asked, from_on)
    line = _PEOPLE_LINES.get(number)
    return None if line is None else _begun(line, asked, from_on)


def figures(session: Session, asked: Asked) -> list[Figure]:
    """Every line, counted by the queries that list its people: persons, of trainings person-times."""
    year = asked.as_of.replace(month=1, day=1)
    found = []
    for line in LINES:
        periods = (behind(line.number, asked, first) for first in (asked.from_on, year))
        queries = [query for query in periods if query is not None]
        if queries:
            quarter, whole = (_counts(session, query, times=line.number == _TRAINING) for query in queries)
            found.append(Figure(line, *quarter, *whole))
        else:
            workshops = _workshops(session, asked)
            found.append(Figure(line, workshops, None, workshops, None))
    return found


def _counts(session: Session, query: Listed, *, times: bool) -> tuple[int, int]:
    rows = query.order_by(None).subquery()
    number = func.count() if times else func.count(distinct(rows.c.worker_id))
    whole, relieved = session.execute(columns(number, number.filter(rows.c.relieved))).one()
    return whole, relieved


def _workshops(session: Session, asked: Asked) -> int | None:
    if asked.village is not None:
        return None  # of an employer no village is known
    query = columns(func.count(distinct(func.coalesce(col(Employer.uscc), col(Employer.name))))).where(
        col(Employer.kind) == EmployerKind.WORKSHOP,
        col(Employer.region).startswith(asked.region),
        or_(col(Employer.opened_on).is_(None), col(Employer.opened_on) <= asked.as_of),
    )
    return session.scalar(query) or 0


_FIGURES = (
    Column("序号", lambda figure: figure.line.number, width=6),
    Column("项目", lambda figure: figure.line.name, width=30),
    Column("计入的就业类型", lambda figure: figure.line.includes, width=34),
    Column("本季度", lambda figure: figure.quarter),
    Column("其中脱贫劳动力", lambda figure: figure.quarter_relieved, width=14),
    Column("本年累计", lambda figure: figure.year),
    Column("本年累计其中脱贫劳动力", lambda figure: figure.year_relieved, width=20),
)
_COURSE = (
    Column("培训班", lambda entry: entry.row.course, width=24),
    Column("培训类型", lambda entry: label(entry.row.kind), width=12),
    Column("开班日期", lambda entry: entry.row.started_on, width=12),
)


def people_of(session: Session, keyring: Keyring, asked: Asked, number: int) -> Table | None:
    """The people behind a line in the quarter; None for a line that counts no people."""
    query = behind(number, asked, asked.from_on)
    if query is None:
        return None
    name = next(line.name for line in LINES if line.number == number)
    work = _COURSE if number == _TRAINING else WORK
    sheet = f"{number}.{name.removeprefix('其中：')}"[:31]
    return Table(sheet, (NUMBER, *PERSON, *work), entries(session, keyring, query, asked))


def _tables(session: Session, keyring: Keyring, asked: Asked) -> Iterator[Table]:
    yield Table("结对季报", _FIGURES, figures(session, asked))
    for line in LINES:
        table = people_of(session, keyring, asked, line.number)
        if table is not None:
            yield table


def parts_behind(session: Session, asked: Asked, number: int) -> list[Part]:
    """The rows behind a line by the regions below."""
    query = behind(number, asked, asked.from_on)
    return [] if query is None else parts_of(session, query, asked)


QUARTERLY = View(
    "quarterly",
    "结对季报",
    "期内新上岗的人按去向、就业类型统计，后面各表是每一项的名单。公益性岗位不计入转移就业。",
    Asks.QUARTER,
    "项",
    _tables,
    lambda _session, _asked: len(LINES),
    own=(_FIGURES, (NUMBER, *PERSON, *WORK), (NUMBER, *PERSON, *_COURSE)),
)
