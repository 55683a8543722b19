"""workers.csv: its rows as records of people, judged like the lines of any list; whom a row without a number means."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from ledger.exchange.folder import Folder, Row, begun, complain, refuse, rejected
from ledger.forms.exchange import Hardship
from ledger.households import hardship_of
from ledger.identity.matching import find_people, plain_name
from ledger.intake.columns import dialled
from ledger.intake.context import Context, ever_assigned
from ledger.intake.judged import Judged
from ledger.intake.judging import judge
from ledger.intake.layouts import Line
from ledger.intake.reading import read_lines, terms_of
from ledger.records.reported import Reported
from models.household import HardshipCategory, Household
from models.id_number import InvalidIdNumber, read_id_number
from models.intake import ImportKind, LineStatus
from models.sealing import Keyring
from models.worker import Sex, Worker

TAKEN = frozenset({LineStatus.NEW, LineStatus.CHANGED, LineStatus.SAME})
_LONGEST = 40
_FIELDS = {
    "worker_id": "person",
    "name": "name",
    "id_number": "id_number",
    "phone": "phone",
    "village": "village",
    "education": "education",
    "labour_capability": "capability",
    "speaks_mandarin": "speaks_mandarin",
    "household_id": "household",
}
"""The field of `Reported` of each heading that is one."""

_HEADINGS = {field: heading for heading, field in _FIELDS.items()} | {"household_kind": "hardship"}
_NO_HOME = "没有 household_id，也不知道是哪一户，没有记入；请补上户编号"
_OTHER_COUNTY = "不是这次导入的县，没有入库；请导入到那个县的台账"
_NOBODY = (
    "台账里没有这个人编号，这一行又没有证件号码，不能登记；请补上 name、id_number 两列，或先用花名册登记"
)
_SEVERAL = "台账里有几个人是这个人编号，不知道是谁；请补上 id_number，或先更正人编号"
_OTHER_NAME = "与台账里这个人编号的姓名不同，不知道是谁；请核对，或补上 id_number"
_DIFFERS = "与台账里这个人的不一致，不能确认是同一个人；请核对，或补上 name、id_number 两列"
_TAKEN_ID = "已是台账里另一个人的人编号，请换一个编号，或更正台账里的人编号"
_TWICE = "与前面一行的编号相同，却是另一个人，请核对"
_KEPT_ID = "台账里这个人已有人编号，保留台账的；文件夹里仍用这个编号指这个人"
_PHONE = "应为11位手机号或带区号的固定电话，没有记入，请核对"
_CATEGORY: dict[Hardship, dict[str, Any]] = {
    Hardship.RELIEVED: {"household_kind": "脱贫户"},
    Hardship.UNSTABLE: {"household_kind": "脱贫户", "monitored_kind": "脱贫不稳定户"},
    Hardship.MARGINAL: {"monitored_kind": "边缘易致贫户"},
    Hardship.SUDDEN: {"monitored_kind": "突发严重困难户"},
    Hardship.SUBSISTENCE: {"household_kind": "低保户"},
    Hardship.DESTITUTE: {"destitute": True},
    Hardship.ORDINARY: {"household_kind": "一般农户"},
}
"""What a word of the column says, in the national system's columns."""


class Known(NamedTuple):
    """Somebody of the ledger whom a row may mean."""

    worker_id: int
    name: str
    sex: Sex | None
    birth_date: date | None
    household: str | None


_KNOWN: tuple[Any, ...] = tuple(
    col(each) for each in (Worker.id, Worker.name, Worker.sex, Worker.birth_date, Household.number)
)


def judge_workers(
    session: Session, keyring: Keyring, context: Context, folder: Folder, sheet: str, rows: Sequence[Row]
) -> list[Judged]:
    """The lines of a chunk, in their order. What they say beyond a list of people is for `details`."""
    by_key = _by_key(session, folder, rows)
    by_number = _by_number(session, keyring, context, rows)
    subsistence = _on_subsistence(session, folder, rows, by_key, by_number)
    lines: list[tuple[int, Line]] = []
    for row in rows:
        told = begun(row, ("worker_id", "county"), whole=False)
        key = str(row.values.get("worker_id", ""))
        number = row.values.get("id_number")
        meant = by_number.get(row.line) if number else _meant(told, row, by_key.get(key, ()))
        if row.values.get("county") not in (None, folder.county):
            refuse(told, "county", _OTHER_COUNTY)
        if len(key) > _LONGEST:
            refuse(told, "worker_id", f"超过{_LONGEST}个字，请改短")
        rejected(told)
        reported = None
        if told.status is LineStatus.NEW:
            reported = _reported(told, row, sheet, meant, subsistence)
        lines.append(
            (
                row.line,
                Line(
                    reported,
                    tuple(told.complaints),
                    row.values,
                    ImportKind.EXCHANGE,
                    row.told.skipped,
                    headings=_HEADINGS,
                ),
            )
        )
    judged = judge(session, keyring, context, read_lines(terms_of(context), lines))
    for row, each in zip(rows, judged, strict=True):
        key = str(row.values.get("worker_id", ""))
        if each.status in TAKEN:
            _key_of_one(folder, each, key, by_key.get(key, ()))
        if each.status is LineStatus.REJECTED:
            rejected(each)
        if key and each.status is not LineStatus.SKIPPED:
            folder.take_person(key, each, taken=each.status in TAKEN)
    return judged


def _reported(
    told: Judged,
    row: Row,
    sheet: str,
    meant: Known | None,
    subsistence: frozenset[str],
) -> Reported:
    values = row.values
    fields: dict[str, Any] = {
        field: values[heading] for heading, field in _FIELDS.items() if values.get(heading) not in (None, "")
    }
    if "phone" in fields and dialled(fields["phone"]) is None:
        complain(told, "phone", _PHONE)
        del fields["phone"]
    if meant is not None:
        fields.setdefault("name", meant.name)
        if meant.household:
            fields.setdefault("household", meant.household)
    if (hardship := values.get("hardship")) is not None:
        if "household" not in fields:
            complain(told, "hardship", _NO_HOME)
        elif hardship is not Hardship.SUBSISTENCE or fields["household"] not in subsistence:
            fields |= _CATEGORY[hardship]
    return Reported(row.row, sheet, frozenset(fields), **fields)


def _by_key(session: Session, folder: Folder, rows: Sequence[Row]) -> dict[str, list[Known]]:
    keys = {str(row.values["worker_id"]) for row in rows if row.values.get("worker_id")}
    found: dict[str, list[Known]] = {}
    query = (
        columns(col(Worker.national_number), *_KNOWN)
        .join(Household, col(Household.id) == col(Worker.household_id), isouter=True)
        .where(
            col(Worker.national_number).in_(keys),
            col(Worker.region).startswith(folder.county, autoescape=True),
            col(Worker.merged_into).is_(None),
        )
    )
    for key, worker_id, name, sex, birth_date, household in session.execute(query):
        found.setdefault(key, []).append(Known(worker_id, name, sex, birth_date, household))
    return found


def _by_number(session: Session, keyring: Keyring, context: Context, rows: Sequence[Row]) -> dict[int, Known]:
    """Who has the number of each row that leaves out the name or the household."""
    numbers: dict[int, str] = {}
    for row in rows:
        values = row.values
        if not values.get("id_number") or (values.get("name") and values.get("household_id")):
            continue
        try:
            numbers[row.line] = read_id_number(
                values["id_number"],
                ever_assigned=ever_assigned,
                born_by=context.today,
                demonstration=context.demonstration,
            ).number
        except InvalidIdNumber:
            continue  # the judgement tells it
    if not numbers:
        return {}
    people = find_people(session, keyring, list(numbers.values()))
    query = (
        columns(*_KNOWN)
        .join(Household, col(Household.id) == col(Worker.household_id), isouter=True)
        .where(col(Worker.id).in_(set(people.values())))
    )
    known = {row[0]: Known(*row) for row in session.execute(query)}
    return {line: known[people[number]] for line, number in numbers.items() if people.get(number) in known}


def _on_subsistence(
    session: Session,
    folder: Folder,
    rows: Sequence[Row],
    by_key: Mapping[str, Sequence[Known]],
    by_number: Mapping[int, Known],
) -> frozenset[str]:
    """Households of which the ledger knows that they live on 低保: 户类型 has no word for it, so nothing would compare."""
    told = [row for row in rows if row.values.get("hardship") is Hardship.SUBSISTENCE]
    if not told:
        return frozenset()
    numbers = {row.values["household_id"] for row in told if row.values.get("household_id")}
    numbers |= {each.household for known in by_key.values() for each in known if each.household}
    numbers |= {each.household for each in by_number.values() if each.household}
    homes = dict(
        session.exec(
            select(Household.id, Household.number).where(
                col(Household.number).in_(numbers),
                col(Household.region).startswith(folder.county, autoescape=True),
            )
        ).all()
    )
    periods = hardship_of(session, [number for number in homes if number])
    return frozenset(
        homes[home]
        for home, found in periods.items()
        if any(
            each.category is HardshipCategory.SUBSISTENCE
            and each.from_on <= folder.as_of
            and (each.to_on is None or each.to_on >= folder.as_of)
            for each in found
        )
    )


def _meant(told: Judged, row: Row, known: Sequence[Known]) -> Known | None:
    """Whom a row without an ID number means: the one of the county with its 人编号, unless something speaks against it."""
    if told.status is not LineStatus.NEW:
        return None
    if len(known) != 1:
        refuse(told, "worker_id", _SEVERAL if known else _NOBODY)
        return None
    found, values = known[0], row.values
    if values.get("name") and plain_name(values["name"]) != plain_name(found.name):
        refuse(told, "name", _OTHER_NAME)
    for heading, ours in (("birth_date", found.birth_date), ("sex", found.sex)):
        if values.get(heading) is not None and ours is not None and values[heading] != ours:
            refuse(told, heading, _DIFFERS)
    return found


def _key_of_one(folder: Folder, judged: Judged, key: str, known: Sequence[Known]) -> None:
    """A key means one person: of the file, and of the ledger, whose own 人编号 stays."""
    others = [each for each in known if each.worker_id != judged.worker_id]
    number = judged.number.number if judged.number else str(judged.worker_id)
    if others:
        refuse(judged, "worker_id", _TAKEN_ID)
    elif folder.numbers.setdefault(key, number) != number:
        refuse(judged, "worker_id", _TWICE)
    pair = judged.changes.get("person")
    if pair is not None and pair[0] is not None:
        judged.kept["person"] = judged.changes.pop("person")
        complain(judged, "worker_id", _KEPT_ID)
        if judged.status is LineStatus.CHANGED and not judged.changes:
            judged.status = LineStatus.SAME
    rejected(judged)
