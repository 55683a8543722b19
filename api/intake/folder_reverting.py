"""Taking an applied exchange folder back, beyond its people: wishes and skills, posts, applications and keys.

Posts that it brought are closed, applications that it brought are withdrawn as mistaken: both stay to be seen. Employers
stay. What it changed of others is put back.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import text
from sqlmodel import Session, col, delete, select, update

from api.errors import conflict
from api.proving import take_back as take_evidence_back
from ledger.applications import RefusalReason, take_back
from ledger.history import opened_change, person_keys
from models.application import Application, ApplicationState
from models.employer import Employer
from models.exchange import ExchangeKey
from models.intake import Import
from models.record import AuditEvent
from models.sealing import Keyring
from models.vacancy import Vacancy, VacancyState
from models.worker import WorkerSkill, WorkIntention

NOUNS = ("application", "vacancy", "employer", "worker_skill", "work_intention")
_SHARED: dict[str, type[Vacancy] | type[Employer]] = {"vacancy": Vacancy, "employer": Employer}
_LEAN = text(
    "SELECT (SELECT count(*) FROM vacancy post WHERE post.id = ANY(:made) AND (post.seats_taken > 0 OR EXISTS "
    "(SELECT FROM application ask WHERE ask.vacancy_id = post.id AND NOT ask.id = ANY(:asked)) OR EXISTS "
    "(SELECT FROM employment_spell spell WHERE spell.vacancy_id = post.id AND spell.superseded_at IS NULL))) AS used, "
    "(SELECT count(DISTINCT later.row_id) FROM audit_event later WHERE later.id > :first "
    "AND later.import_id IS DISTINCT FROM :import AND later.action <> 'read' "
    "AND NOT EXISTS (SELECT FROM import WHERE import.id = later.import_id AND import.state = 'cancelled') "
    "AND ((later.noun = 'vacancy' AND later.row_id = ANY(:posts)) "
    "OR (later.noun = 'employer' AND later.row_id = ANY(:firms)))) AS changed"
)


def nothing_leans(session: Session, row: Import, events: Sequence[AuditEvent]) -> None:
    """Refuse where a post or an employer of the folder has gone on without it.

    Raises
    ------
    Problem
        409, saying how many.
    """
    found = session.execute(
        _LEAN,
        {
            "made": _rows(events, "create", "vacancy"),
            "asked": _rows(events, "create", "application"),
            "posts": _rows(events, None, "vacancy"),
            "firms": _rows(events, "update", "employer"),
            "first": max((each.identity for each in events), default=0),
            "import": row.identity,
        },
    ).one()
    if found.used:
        raise conflict(
            "not-revertible",
            "不能整体撤销",
            f"这个文件夹里有{found.used}个岗位已有人推荐或上岗，请到岗位页面逐个处理。",
        )
    if found.changed:
        raise conflict(
            "not-revertible",
            "不能整体撤销",
            f"这个文件夹里有{found.changed}个岗位（单位）此后又有改动，请到它们的页面逐个更正。",
        )


def take_market_back(
    session: Session,
    keyring: Keyring,
    row: Import,
    events: Sequence[AuditEvent],
    *,
    account_id: int,
    today: date,
) -> None:
    """Undo what the folder did beyond its people; `events` are its own, the last first."""
    take_evidence_back(session, keyring, row, account_id=account_id, request_id=None)
    keys = person_keys(session, keyring, [each.worker_id for each in events if each.worker_id])
    for event in events:
        change: Mapping[str, Any] = event.change or {}
        if event.sealed_change is not None:
            key = keys.get(event.worker_id or 0)
            change = opened_change(key, event.sealed_change) if key else {}
        if event.noun == "application":
            _application(session, event, change, today, account_id)
        elif event.noun in _SHARED:
            _shared(session, event, change)
        elif event.noun == "worker_skill":
            _skill(session, event, change)
        elif event.noun == "work_intention":
            _wishes(session, event, change)
    session.flush()
    # What a key of an earlier folder says now is not what was told last: the next folder is compared.
    for noun, column in (("vacancy", ExchangeKey.vacancy_id), ("employer", ExchangeKey.employer_id)):
        session.execute(
            update(ExchangeKey).where(col(column).in_(_rows(events, "update", noun))).values(told=b"")
        )
    session.execute(delete(ExchangeKey).where(col(ExchangeKey.import_id) == row.identity))


def _rows(events: Sequence[AuditEvent], action: str | None, noun: str) -> list[int]:
    return sorted(
        {
            each.row_id
            for each in events
            if each.noun == noun and action in (None, each.action) and each.row_id is not None
        }
    )


def _application(
    session: Session, event: AuditEvent, change: Mapping[str, Any], today: date, account_id: int
) -> None:
    application = session.get_one(Application, event.row_id)
    if event.action == "create":
        take_back(session, application, on=today, account_id=account_id, reason=RefusalReason.MISTAKEN.value)
    elif event.action == "update" and application.state is not ApplicationState.WITHDRAWN:
        _put_back(application, change)
        session.add(application)


def _shared(session: Session, event: AuditEvent, change: Mapping[str, Any]) -> None:
    shared = session.get_one(_SHARED[event.noun], event.row_id)
    if event.action == "update":
        _put_back(shared, change)
    elif isinstance(shared, Vacancy):
        shared.state = VacancyState.CLOSED
    session.add(shared)


def _skill(session: Session, event: AuditEvent, change: Mapping[str, Any]) -> None:
    name = change.get("skill")
    skill = session.get(WorkerSkill, (event.worker_id, name[0] if isinstance(name, list) else name))
    if skill is None:
        return
    if event.action == "create":
        session.delete(skill)
    else:
        skill.level = change["level"][0]
        session.add(skill)


def _wishes(session: Session, event: AuditEvent, change: Mapping[str, Any]) -> None:
    wishes = session.exec(select(WorkIntention).where(WorkIntention.worker_id == event.worker_id)).first()
    if wishes is None:
        return
    if event.action == "create":
        wishes.accepted_regions = []
        wishes.pay_floor = wishes.available_from = wishes.needs_lodging = wishes.companion_id = None
    else:
        _put_back(wishes, change)
    session.add(wishes)


def _put_back(row: Any, change: Mapping[str, Any]) -> None:
    for name, (before, _) in change.items():
        annotation: Any = type(row).model_fields[name].annotation
        setattr(row, name, TypeAdapter(annotation).validate_python(before))
