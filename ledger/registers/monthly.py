"""月报: our records written back in the national system's own layout, its four files and its months."""

from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import func, or_
from sqlalchemy import select as columns
from sqlmodel import Session, col

from ledger.forms.column import EXPLANATION, Form
from ledger.forms.national import AWAY, HOUSEHOLD, MONITORED, PLANNED
from ledger.forms.roster import ROSTER
from ledger.records.months import month
from ledger.records.own import Own, own_households, own_records
from ledger.registers.months import Stretch, whole_months
from ledger.registers.people import Listed, counted, listed, names_within, parts_of, within
from ledger.registers.returned import Line, columns_of
from ledger.registers.view import Asked, Asks, Column, Table, View
from ledger.villages import is_village, of_household
from models.household import MONITORED as MONITORED_CATEGORIES
from models.household import HardshipPeriod, Household
from models.report import SpellReport
from models.sealing import Keyring
from models.spell import EmploymentSpell, Precision
from models.worker import PersonKey, Worker

_CHUNK = 2_000
_DAY = timedelta(days=1)
Left = tuple[Own, str]
"""A stretch of work that is in no line, and why."""

NO_MONTH = "这段务工的每个月都有另一段务工的天数更多，按月填报时没有月份可填"
TAKEN = "这段务工还没有采纳，月份与已填报的另一段重叠，请先在上报记录中核实"


def of_one_person(records: Iterable[Own], as_of: date) -> tuple[list[Own], list[Left]]:
    """One person's records with their work in months of which no two are shared, and what is left out.

    Accepted spells come first. A report that nobody has accepted yet is told where its months are free.
    """
    accepted: dict[int, Own] = {}
    others: list[Own] = []
    for own in records:
        if own.spell_id is not None and own.reported.started is not None:
            accepted[own.spell_id] = own
        else:
            others.append(own)
    kept, without = whole_months(_stretches(accepted), as_of)
    told = [_in_months(accepted[int(str(each.key))], each.first, each.last) for each in kept]
    left: list[Left] = [(accepted[int(str(each.key))], NO_MONTH) for each in without]
    taken = {number for each in kept for number in range(month(each.first), month(each.last or as_of) + 1)}
    for own in sorted(others, key=lambda each: each.reported.started or date.min):
        started, ended = own.reported.started, own.reported.ended
        if started is None:
            told.append(own)
            continue
        months = set(range(month(started), month(ended or max(as_of, started)) + 1))
        if months & taken:
            left.append((own, TAKEN))
        else:
            taken |= months
            told.append(_in_months(own, started.replace(day=1), ended and ended.replace(day=1)))
    return sorted(told, key=lambda own: own.reported.started or date.min), left


def _stretches(accepted: Mapping[int, Own]) -> list[Stretch]:
    """The days of each spell; one known by its months has all of their days that no other spell has."""
    found: list[Stretch] = []
    begun = sorted(accepted.items(), key=lambda each: each[1].reported.started or date.min)
    for at, (spell_id, own) in enumerate(begun):
        first, last = own.reported.started or date.min, own.reported.ended
        if own.reported.precision is Precision.MONTH:
            following = begun[at + 1][1].reported.started if at + 1 < len(begun) else None
            first = first.replace(day=1)
            if found and found[-1].last is not None and found[-1].last >= first:
                first = found[-1].last + _DAY
            if last is not None:
                last = last.replace(day=monthrange(last.year, last.month)[1])
                last = last if following is None else min(last, following - _DAY)
        found.append(Stretch(spell_id, first, last))
    return found


def _in_months(own: Own, first: date, last: date | None) -> Own:
    told = own.reported
    if (told.started, told.ended, told.precision) == (first, last, Precision.MONTH):
        return own
    return replace(own, reported=replace(own.reported, started=first, ended=last, precision=Precision.MONTH))


def _away(records: list[Own], asked: Asked) -> tuple[list[Own], list[Left]]:
    """Everybody who works or worked this year: a line for each stretch."""
    told, left = of_one_person(records, asked.as_of)
    since = asked.as_of.replace(month=1, day=1)
    return [own for own in told if own.reported.has_spell and _reaches(own, since)], [
        each for each in left if _reaches(each[0], since)
    ]


def _reaches(own: Own, since: date) -> bool:
    return own.reported.ended is None or own.reported.ended >= since


def _planned(records: list[Own], _: Asked) -> tuple[list[Own], list[Left]]:
    """Who plans to leave or said what is needed for it: one line a person."""
    last = records[-1]
    told = last.reported
    return ([last] if told.plans or told.needs or told.intention else []), []


def _latest(records: list[Own], _: Asked) -> tuple[list[Own], list[Left]]:
    """One line a person, with the latest stretch of work: one stretch alone shares no month."""
    last = max(records, key=lambda own: own.reported.started or date.min)
    started, ended = last.reported.started, last.reported.ended
    if started is not None:
        last = _in_months(last, started.replace(day=1), ended and ended.replace(day=1))
    return [last], []


def _as_known(records: list[Own], _: Asked) -> tuple[list[Own], list[Left]]:
    """One line a person, with the days as far as they are known."""
    return [max(records, key=lambda own: own.reported.started or date.min)], []


def _worked_or_told(asked: Asked) -> Listed:
    since = asked.as_of.replace(month=1, day=1)
    worked = columns(col(EmploymentSpell.worker_id)).where(
        col(EmploymentSpell.superseded_at).is_(None),
        col(EmploymentSpell.is_main),
        col(EmploymentSpell.started_on) <= asked.as_of,
        or_(col(EmploymentSpell.ended_on).is_(None), col(EmploymentSpell.ended_on) >= since),
    )
    # Two sets of people, each made once. A union of the two would be gone through anew for everybody: what row
    # security lets pass is guessed at one row, and of one row no planner makes a table to look others up in.
    return within(listed(), asked).where(or_(col(Worker.id).in_(worked), col(Worker.id).in_(_told())))


def _told() -> Any:
    return columns(col(SpellReport.worker_id)).where(col(SpellReport.superseded_at).is_(None))


def _with_reports(asked: Asked) -> Listed:
    return within(listed(), asked).where(col(Worker.id).in_(_told()))


def _monitored(asked: Asked) -> Listed:
    monitored = columns(col(HardshipPeriod.household_id)).where(
        col(HardshipPeriod.category).in_(MONITORED_CATEGORIES),
        col(HardshipPeriod.from_on) <= asked.as_of,
        or_(col(HardshipPeriod.to_on).is_(None), col(HardshipPeriod.to_on) >= asked.as_of),
    )
    return within(listed(), asked).where(col(Worker.household_id).in_(monitored))


def _everybody(asked: Asked) -> Listed:
    return within(listed(), asked)


def _of_people(
    code: str,
    title: str,
    form: Form,
    about: str,
    query: Callable[[Asked], Listed],
    lines: Callable[[list[Own], Asked], tuple[list[Own], list[Left]]],
    asks: Asks = Asks.MONTH,
) -> View:
    def tables(session: Session, keyring: Keyring, asked: Asked) -> Iterator[Table]:
        left: list[Line] = []
        yield Table(
            form.title, columns_of(form), _lines(session, keyring, asked, query, lines, left), form.banner
        )
        if left:
            yield Table(EXPLANATION, _LEFT, left)

    return View(
        code,
        title,
        about,
        asks,
        "人",
        tables,
        lambda session, asked: counted(session, query(asked)),
        lambda session, asked: parts_of(session, query(asked), asked),
        printed=False,
    )


def _lines(
    session: Session,
    keyring: Keyring,
    asked: Asked,
    query: Callable[[Asked], Listed],
    lines: Callable[[list[Own], Asked], tuple[list[Own], list[Left]]],
    left: list[Line],
) -> Iterator[Line]:
    names = names_within(session, asked.region)
    keyed = func.coalesce(func.length(col(PersonKey.sealed_key)), 0) > 0
    found = session.execute(
        query(asked)
        .with_only_columns(col(Worker.id), keyed, col(Worker.id_number_sealed).is_not(None))
        .order_by(col(Worker.region), col(Household.number).nulls_last(), col(Worker.id))
    ).all()
    for at in range(0, len(found), _CHUNK):
        some = found[at : at + _CHUNK]
        records = own_records(session, keyring, as_of=asked.as_of, worker_ids=[row[0] for row in some])
        of_worker = {
            worker_id: list(of_one) for worker_id, of_one in groupby(records, key=lambda own: own.worker_id)
        }
        for worker_id, has_key, numbered in some:
            of_one = of_worker.get(worker_id, [])
            if not of_one:
                continue
            deleted = not has_key or (numbered and of_one[0].reported.id_number is None)
            told, out = lines(of_one, asked)
            for own in told:
                yield Line(own, own.reported, asked.as_of, names, deleted)
            left += (Line(own, own.reported, asked.as_of, names, deleted, why) for own, why in out)


_AWAY_COLUMNS = {column.heading: column for column in columns_of(AWAY)}
_LEFT = (
    *(_AWAY_COLUMNS[heading] for heading in ("乡（镇）", "村", "户编号", "姓名", "证件号码", "务工企业名称")),
    Column("开始", lambda line: line.reported.started, width=12),
    Column("结束", lambda line: line.reported.ended, width=12),
    Column("没有列入的原因", lambda line: line.why, width=50),
)


def _household_tables(session: Session, _: Keyring, asked: Asked) -> Iterator[Table]:
    names = names_within(session, asked.region)
    records = own_households(session, as_of=asked.as_of, region=asked.region, village=asked.village)
    lines = (Line(own, own.reported, asked.as_of, names) for own in records)
    yield Table(HOUSEHOLD.title, columns_of(HOUSEHOLD), lines, HOUSEHOLD.banner)


def _households(asked: Asked) -> Any:
    query = columns(col(Household.id), col(Household.region), of_household().label("village")).where(
        col(Household.region).startswith(asked.region)
    )
    return query if asked.village is None else query.where(is_village(of_household(), asked.village))


MONTHLY = (
    _of_people(
        "away",
        "月报：已外出务工信息",
        AWAY,
        "本年务工的人，每段务工一行，月份互不重叠，可以直接导回全国系统。",
        _worked_or_told,
        _away,
    ),
    _of_people(
        "planned",
        "月报：计划外出务工信息",
        PLANNED,
        "计划外出、有就业服务需求的人，每人一行。",
        _with_reports,
        _planned,
    ),
    _of_people(
        "monitored",
        "月报：监测对象信息",
        MONITORED,
        "监测对象户的家庭成员，每人一行，务工情况取最近的一段。",
        _monitored,
        _latest,
    ),
    View(
        "household",
        "月报：户信息",
        "本地区的每一户。",
        Asks.MONTH,
        "户",
        _household_tables,
        lambda session, asked: counted(session, _households(asked)),
        lambda session, asked: parts_of(session, _households(asked), asked),
        printed=False,
    ),
)
TOWNSHIP_ROSTER = _of_people(
    "roster",
    "乡镇花名册",
    ROSTER,
    "本地区登记的每一个劳动力，每人一行，务工情况取最近的一段。",
    _everybody,
    _as_known,
    Asks.DAY,
)
