"""The rows of one person, opened with the person's key and put into words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, select
from sqlmodel import Session, col

from api.accounts import account_names
from api.changed_words import ACTIONS, field_label
from api.changes_shown import Words, changes_shown
from api.handing import files_with
from api.personal_file.sections import ACCOUNTS, LABELS, LABELS_OF, SECTIONS, THROUGH, Section
from api.presenting import Presenter
from api.schemas.worker import RevealReason
from ledger.chronicle import history_of
from ledger.history import person_keys
from ledger.reports import reports_of
from models.base import metadata
from models.bulk import among
from models.disclosure import Told
from models.record import AuditEvent
from models.sealing import Keyring, Unsealable, unseal
from models.taxonomy import Occupation
from models.worker import Worker

_CHANGES = 5_000
_TRADES = ("last_occupation", "occupations")
LOOKING = ("reveal", "download", "copy")
LOOKS = {"reveal": "查看完整号码", "download": "下载附件", "copy": "出具本副本"}
Line = list[tuple[str, str]]
"""One row: by column, in words, what is known."""


@dataclass(frozen=True, slots=True)
class Part:
    """One heading of the file and its rows."""

    title: str
    rows: list[Line] = field(default_factory=list)


def parts(session: Session, keyring: Keyring, worker: Worker, present: Presenter) -> list[Part]:
    """All of it, in the order of `SECTIONS`; then every change, and who looked."""
    merged = select(col(Worker.id)).where(col(Worker.merged_into) == worker.identity)
    ids = [worker.identity, *session.connection().scalars(merged)]
    keys = person_keys(session, keyring, ids)
    found = {section.table: _rows(session, section, ids, worker) for section in SECTIONS}
    telling = Telling(session, keys, present, [row for rows in found.values() for row in rows])
    told = [
        Part(section.title, [telling.line(section, row) for row in found[section.table]])
        for section in SECTIONS
    ]
    told.append(Part("上报的务工情况", _reports(session, keyring, worker.identity)))
    return [*told, _history(session, keyring, worker.identity, present), _looks(session, ids)]


def _rows(session: Session, section: Section, ids: Sequence[int], worker: Worker) -> list[dict[str, Any]]:
    table = metadata.tables[section.table]
    return [dict(row._mapping) for row in session.connection().execute(_query(table, ids, worker))]


def _query(table: Table, ids: Sequence[int], worker: Worker) -> Any:
    order = table.c.get("id", next(iter(table.primary_key.columns)))
    query = select(table).order_by(order)
    if table.name == "worker":
        return query.where(among(table.c.id, ids))
    if table.name in ("household", "hardship_period"):
        column = table.c.id if table.name == "household" else table.c.household_id
        return query.where(column == worker.household_id)
    if table.name in THROUGH:
        key, above = THROUGH[table.name]
        parent = metadata.tables[above]
        whose = select(parent.c.id).where(among(parent.c.worker_id, ids))
        return query.where(table.c[key].in_(whose))
    return query.where(among(table.c["kept_id" if "kept_id" in table.c else "worker_id"], ids))


class Telling:
    """Values as the person reads them."""

    def __init__(
        self, session: Session, keys: dict[int, bytes], present: Presenter, rows: Sequence[dict[str, Any]]
    ) -> None:
        self._keys = keys
        self._words = Words(session, rows, present)
        codes = {code for row in rows for name in _TRADES for code in _each(row.get(name))}
        wanted = select(col(Occupation.code), col(Occupation.name)).where(col(Occupation.code).in_(codes))
        self._trades: dict[Any, str] = {row.code: row.name for row in session.connection().execute(wanted)}
        numbers = (row.get(name) for row in rows for name in ACCOUNTS)
        self._accounts = account_names(session, (each for each in numbers if isinstance(each, int)))

    def line(self, section: Section, row: dict[str, Any]) -> Line:
        """What is known of one row."""
        told = (
            (label(section.table, name), self.value(section.table, name, row)) for name in section.columns
        )
        return [(words, value) for words, value in told if value]

    def value(self, table: str, name: str, row: dict[str, Any]) -> str:
        """One value; nothing where there is none."""
        value = row[name]
        if isinstance(value, bytes):
            return self._opened(table, name, row)
        if name in ACCOUNTS and isinstance(value, int):
            return self._accounts.get(value, "")
        if name in _TRADES:
            return written([self._trades.get(code, code) for code in _each(value)])
        if table == "disclosure" and name == "fields":
            value = [Told.read(each).label for each in value]
        if table in ("ranking_item", "match_plan_person") and name == "reasons":
            value = [each.get("sentence", "") for each in value]
        if isinstance(value, float):
            return f"{value:.4f}"
        return written(self._words.of(table, name, value))

    def _opened(self, table: str, name: str, row: dict[str, Any]) -> str:
        """What is sealed under the person's own key. Contexts are named after the column."""
        whose = row["id"] if table == "worker" else row.get("worker_id")
        key = self._keys.get(whose or 0)
        # A number that was another record's is sealed as one of a record.
        of = "worker" if table == "former_number" else table
        try:
            plain = unseal(key, row[name], f"{of}.{name.removesuffix('_sealed')}") if key else b""
            return plain.decode()
        except (Unsealable, UnicodeDecodeError):
            return ""


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def label(table: str, name: str) -> str:
    """The Chinese name of a column."""
    plain = name.removesuffix("_sealed").removeprefix("sealed_")
    return LABELS_OF.get(table, {}).get(plain) or LABELS.get(plain) or field_label(table, plain)


def written(value: Any) -> str:
    """A value as text."""
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return f"{value.astimezone():%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return "、".join(written(each) for each in value)
    if isinstance(value, dict):
        return "；".join(f"{name}：{written(each)}" for name, each in value.items())
    return str(getattr(value, "label", value))


def _reports(session: Session, keyring: Keyring, worker_id: int) -> list[Line]:
    return [
        [
            ("上报", each.row.reported_on.isoformat()),
            ("来源", each.row.source.label),
            ("内容", _said(each.told)),
        ]
        for each in reports_of(session, keyring, worker_id)
    ]


def _said(reported: Any) -> str:
    if reported is None:
        return "已删除"
    values = {
        name: getattr(reported, name) for name in ("started", "ended", "employer", "county_text", "income")
    }
    return "；".join(
        f"{field_label('spell_report', name)}：{written(each)}" for name, each in values.items() if each
    )


def _history(session: Session, keyring: Keyring, worker_id: int, present: Presenter) -> Part:
    events = history_of(session, keyring, worker_id)[:_CHANGES]
    rows = [
        [
            ("时间", written(change.at)),
            ("谁", change.account or "系统"),
            ("做了什么", f"{change.action.label}{change.noun.label}"),
            ("内容", _fields(change.fields)),
        ]
        for change in changes_shown(session, events, present)
    ]
    return Part("全部变更", rows)


def _fields(fields: Iterable[Any] | None) -> str:
    if fields is None:
        return "已删除"
    return "；".join(
        f"{each.field.label}：{written(each.before) or '（空）'} → {written(each.after) or '（空）'}"
        for each in fields
    )


def _why(reason: str | None) -> str:
    return next((each.label for each in RevealReason if each.value == reason), reason or "")


def _looks(session: Session, ids: Sequence[int]) -> Part:
    """Who looked at what is masked, opened a paper, made a copy, or was given a file in which the person is."""
    event = AuditEvent
    of_person = among(event.worker_id, ids) | ((col(event.noun) == "worker") & among(event.row_id, ids))
    rows = (
        session.connection()
        .execute(
            select(col(event.created_at), col(event.account_id), col(event.action), col(event.change))
            .where(of_person, col(event.action).in_(LOOKING))
            .order_by(col(event.id).desc())
        )
        .all()
    )
    looked = [
        (
            row.created_at,
            row.account_id or 0,
            LOOKS.get(row.action, ACTIONS.get(row.action, row.action)),
            _why((row.change or {}).get("reason")),
        )
        for row in rows
    ]
    for given in files_with(session, ids):
        shown = "号码已遮盖" if given.masked else "含完整号码"
        looked.append((given.at, given.account_id, f"导出{given.kind.label}（{shown}）", given.reason))
    names = account_names(session, [account_id for _, account_id, _, _ in looked])
    return Part(
        "谁看过",
        [
            [("时间", written(at)), ("谁", names.get(who, "系统")), ("做了什么", what), ("用途", why)]
            for at, who, what, why in sorted(looked, key=lambda each: each[0], reverse=True)
        ],
    )
