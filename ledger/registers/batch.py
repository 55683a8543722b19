"""输送批次名单: who leaves together on a day, for the one who leads them."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import func
from sqlalchemy import select as columns
from sqlmodel import Session, col

from ledger.gathering import for_nothing
from ledger.registers.five import label, yes_no
from ledger.registers.people import Listed, entries, listed, within
from ledger.registers.view import ID_MASK, PHONE_MASK, Asked, Asks, Column, Table, View
from models.dispatch import Dispatch, DispatchMember
from models.employer import Employer
from models.sealing import Keyring
from models.vacancy import Vacancy
from models.worker import Worker


def _departed(row: Any) -> str | None:
    if row.for_nothing:
        return "不去了"
    return None if row.departed is None else "已出发" if row.departed else "未出发"


COLUMNS = (
    Column("座位号", lambda entry: entry.number, width=8),
    Column("姓名", lambda entry: entry.name),
    Column("性别", lambda entry: label(entry.row.sex), width=6),
    Column("年龄", lambda entry: entry.age, width=6),
    Column("证件号码", lambda entry: entry.id_number, ID_MASK, 20),
    Column("联系电话", lambda entry: entry.phone, PHONE_MASK, 14),
    Column("乡镇（街道）", lambda entry: entry.township, width=12),
    Column("村（社区）", lambda entry: entry.village, width=12),
    Column("用人单位", lambda entry: entry.row.employer, width=26),
    Column("岗位", lambda entry: entry.row.post, width=18),
    Column("工作地点", lambda entry: entry.place(entry.row.post_region), width=22),
    Column("是否包住", lambda entry: yes_no(entry.row.lodging)),
    Column("出发情况", lambda entry: _departed(entry.row)),
    Column("签到", lambda _: None, width=8),
)


def members(asked: Asked) -> Listed:
    """The people of a batch, with the posts they go to."""
    query = listed(
        col(DispatchMember.departed),
        for_nothing().label("for_nothing"),
        col(Vacancy.title).label("post"),
        col(Vacancy.region).label("post_region"),
        col(Vacancy.lodging),
        col(Employer.name).label("employer"),
    )
    query = query.join(DispatchMember, col(DispatchMember.worker_id) == col(Worker.id))
    query = query.join(Vacancy, col(Vacancy.id) == col(DispatchMember.vacancy_id), isouter=True)
    query = query.join(Employer, col(Employer.id) == col(Vacancy.employer_id), isouter=True)
    return within(query, asked).where(col(DispatchMember.dispatch_id) == asked.batch)


def _tables(session: Session, keyring: Keyring, asked: Asked) -> Iterator[Table]:
    batch = session.get(Dispatch, asked.batch)
    banners: tuple[str, ...] = ()
    if batch is not None:
        day = batch.departs_on
        kind = "点对点输送" if batch.point_to_point else "非点对点输送"
        banners = (
            f"{batch.name}：{day.year}年{day.month}月{day.day}日出发，{batch.transport.label}，{kind}",
        )
    yield Table("输送批次名单", COLUMNS, entries(session, keyring, members(asked), asked), banners)


def _count(session: Session, asked: Asked) -> int:
    return session.scalar(columns(func.count()).select_from(members(asked).subquery())) or 0


BATCH = View(
    "batch",
    "输送批次名单",
    "一个输送批次的全部人员：座位、岗位和电话，给带队的人。",
    Asks.BATCH,
    "人",
    _tables,
    _count,
    own=(COLUMNS,),
)
