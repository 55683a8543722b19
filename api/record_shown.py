"""操作记录 as it is read: who did what to whom or what, and when; values are told by the person's own history alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from api.accounts import account_names
from api.changed_words import field_label
from api.file_rows import FileRow, file_rows
from api.paging import Page, Paging, page_of
from api.record_words import ACTIONS_OF_RECORD, ELSE, NOUNS_OF_RECORD, PAGES
from api.schemas.worker import RevealReason
from models.household import Household
from models.record import AuditEvent
from models.worker import Worker

_CHINA = ZoneInfo("Asia/Shanghai")
_FEW = 6
"""How many fields a line names; whoever wants all of them opens the person's history."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines of the record; None is all. What was done, and to what, by their Chinese words."""

    account_id: int | None = None
    action: str | None = None
    noun: str | None = None
    worker_id: int | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `what` is the deed with its object, `of` the person or the household, with the page of it; `fields` the
    Chinese names of what changed, `more` how many are not named."""

    number: int
    at: datetime
    account_id: int | None
    by: str | None
    what: str
    worker_id: int | None
    of: str | None
    href: str | None
    fields: tuple[str, ...]
    more: int
    file: FileRow
    import_id: int | None


def record_lines(session: Session, wanted: Wanted, paging: Paging) -> Page[Any]:
    """A page of them, the newest first. They aren't counted: there may be millions."""
    event = AuditEvent
    query = select(event)
    for column, value in (
        (col(event.account_id), wanted.account_id),
        (col(event.worker_id), wanted.worker_id),
    ):
        if value is not None:
            query = query.where(column == value)
    for word, said, all_words in (
        (col(event.action), wanted.action, ACTIONS_OF_RECORD),
        (col(event.noun), wanted.noun, NOUNS_OF_RECORD),
    ):
        if said is not None:
            query = query.where(word.in_([code for code, label in all_words.items() if label == said]))
    if wanted.on is not None:
        begins = datetime.combine(wanted.on, time(), _CHINA)
        query = query.where(col(event.created_at) >= begins, col(event.created_at) < begins + timedelta(1))
    rows, cursor, _ = page_of(
        session,
        query,
        Paging(paging.limit, paging.cursor, None, counted=False),
        number=col(event.id),
        sorts={},
        default="-created_at",
    )
    return Page(items=_lines(session, rows), next_cursor=cursor, total=None)


def _lines(session: Session, rows: Sequence[AuditEvent]) -> list[Line]:
    names = account_names(session, [row.account_id for row in rows])
    people: dict[int | None, str] = dict(
        session.exec(
            select(Worker.id, Worker.name).where(_among(Worker.id, [row.worker_id for row in rows]))
        ).all()
    )
    homes: dict[int | None, str] = dict(
        session.exec(
            select(Household.id, Household.number).where(
                _among(Household.id, [row.household_id for row in rows])
            )
        ).all()
    )
    files = file_rows(session, [(row.import_id, row.import_line) for row in rows])
    found = []
    for row in rows:
        fields = _fields(row)
        of, href = _object(row, people, homes)
        found.append(
            Line(
                row.identity,
                row.created_at,
                row.account_id,
                names.get(row.account_id or 0),
                ACTIONS_OF_RECORD.get(row.action, ELSE) + NOUNS_OF_RECORD.get(row.noun, ""),
                row.worker_id or (row.row_id if row.noun == "worker" else None),
                of,
                href,
                tuple(fields[:_FEW]),
                max(len(fields) - _FEW, 0),
                files.get((row.import_id, row.import_line), FileRow()),
                row.import_id,
            )
        )
    return found


def _among(column: Any, numbers: Sequence[int | None]) -> Any:
    return col(column).in_({number for number in numbers if number is not None})


def _object(
    row: AuditEvent, people: dict[int | None, str], homes: dict[int | None, str]
) -> tuple[str | None, str | None]:
    """Whom or what it was about, and where that is looked at, as far as the account may."""
    worker_id = row.worker_id or (row.row_id if row.noun == "worker" else None)
    if worker_id is not None:
        name = people.get(worker_id)
        return (name, f"/workers/{worker_id}/history") if name else (f"劳动力{worker_id}号", None)
    if row.household_id is not None:
        number = homes.get(row.household_id)
        words = f"户编号{number}" if number else f"{row.household_id}号户"
        return words, f"/households/{row.household_id}" if number else None
    if row.row_id is None:
        return None, None
    page = PAGES.get(row.noun)
    return f"{row.row_id}号", page.format(row.row_id) if page else None


def _fields(row: AuditEvent) -> list[str]:
    """What changed, by its Chinese names; of numbers that were looked at, what for. Nothing where it is sealed."""
    told = row.change or {}
    if row.action == "reveal":
        return [reason.label for reason in RevealReason if reason.value == told.get("reason")]
    names = told["fields"] if isinstance(told.get("fields"), list) else list(told)
    labels = (field_label(row.noun, str(name)) for name in names)
    return [label for label in dict.fromkeys(labels) if not label.isascii()]
