"""变更记录 as answers: who, when, from which file and row, and each field in words."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from api.accounts import account_names
from api.changed_words import ACTIONS, NOUNS, OF, field_label
from api.file_rows import FileRow, file_rows
from api.presenting import Presenter
from api.schemas.against import AgainstEvidence
from api.schemas.base import Labelled
from api.schemas.history import ChangePublic, FieldChange
from ledger.applications import RefusalReason
from ledger.past import Event
from models.coded import Coded
from models.employer import Employer
from models.household import Household
from models.public_post import DeclarationChange
from models.registry import metadata
from models.spell import EmploymentSpell, Precision, known_end
from models.taxonomy import Industry
from models.vacancy import Vacancy
from outcomes.accepting import title_of
from outcomes.benefits.catalogue import known_benefits

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
            value for row in rows for name in OF["caller_assignment"] for value in _both(row.get(name))
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
        if noun == "caller_assignment" and name in OF[noun] and isinstance(value, int):
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
