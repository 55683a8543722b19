"""疑点 as they are answered: whose they are, where they are mended, as a table."""

import csv
from collections.abc import Iterable
from io import StringIO

from sqlmodel import Session, col, select

from api.presenting import Presenter
from api.schemas.doubt import DoubtPublic, WhoPublic
from api.settings import SHANGHAI
from ledger.cells import harmless
from ledger.doubts.every import BY_NUMBER
from ledger.doubts.lists import identical_rows
from ledger.doubts.rule import MendAt
from models.doubt import Doubt
from models.household import Household
from models.worker import Worker

_SECTIONS = {
    MendAt.PERSON: "#facts",
    MendAt.REPORT: "#reports",
    MendAt.HOUSEHOLD: "#family",
    MendAt.LIST: "#facts",
    MendAt.NUMBER: "#id-number",
    MendAt.PROOF: "/timeline",
}
_HEADS = ("乡镇", "姓名", "户编号", "编号", "程度", "疑点", "怎么改", "状态", "说明", "发现日期")


def doubts_public(session: Session, rows: list[Doubt], present: Presenter) -> list[DoubtPublic]:
    """Findings in a list, with two questions to the database however many they are."""
    people = session.exec(
        select(Worker.id, Worker.name).where(col(Worker.id).in_(_wanted(row.worker_id for row in rows)))
    )
    homes = session.exec(
        select(Household.id, Household.number).where(
            col(Household.id).in_(_wanted(row.household_id for row in rows))
        )
    )
    names, numbers = dict(people.all()), dict(homes.all())
    return [_public(row, names, numbers, present) for row in rows]


def _public(
    row: Doubt, people: dict[int | None, str], homes: dict[int | None, str], present: Presenter
) -> DoubtPublic:
    rule = BY_NUMBER[row.rule]
    told = row.model_dump(exclude={"region"})
    if row.explained_at is not None:
        told["explained_at"] = row.explained_at.astimezone(SHANGHAI)
    return DoubtPublic(
        **told,
        title=rule.title,
        mend=rule.mend,
        link=link(row),
        region=present.known_place(row.region),
        worker=_who(people, row.worker_id),
        household=_who(homes, row.household_id),
    )


def link(row: Doubt) -> str:
    """The page, and the part of it, on which the finding is mended."""
    rule = BY_NUMBER[row.rule]
    if row.import_line is not None:
        of_whole_file = row.rule == identical_rows.number
        return f"/imports/{row.import_id}" if of_whole_file else f"/imports/{row.import_id}?status=rejected"
    if row.worker_id is not None:
        return f"/workers/{row.worker_id}{_SECTIONS[rule.mend_at]}"
    if row.household_id is not None:
        return f"/households/{row.household_id}"
    return list_link(row.rule, row.region, row.import_id)


def list_link(rule: str, region: str, import_id: int | None) -> str:
    """Where a whole list is looked through: the import, the township's people, or the people of the finding."""
    if BY_NUMBER[rule].mend_at is MendAt.LIST:
        return f"/imports/{import_id}" if import_id is not None else f"/workers?region={region[:9]}"
    return f"/doubts/list?region={region}&rule={rule}"


def as_csv(items: Iterable[DoubtPublic], *, full_names: bool) -> str:
    """The findings as a table for a spreadsheet, with the mark in front that tells it that the text is UTF-8."""
    stream = StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(_HEADS)
    for item in items:
        name = item.worker.name if item.worker else ""
        cells = (
            item.region.name,
            name if full_names else masked_name(name),
            item.household.name if item.household else "",
            item.rule,
            item.severity.label,
            item.what,
            item.mend,
            item.state.label,
            item.explanation,
            item.found_on.isoformat(),
        )
        writer.writerow([harmless(cell) for cell in cells])
    return "\ufeff" + stream.getvalue()


def masked_name(name: str) -> str:
    """王某某."""
    return name[:1] + "某" * (len(name) - 1)


def _wanted(numbers: Iterable[int | None]) -> list[int]:
    return sorted({number for number in numbers if number is not None})


def _who(names: dict[int | None, str], number: int | None) -> WhoPublic | None:
    return WhoPublic(id=number, name=names[number]) if number is not None and number in names else None
