"""What other systems are told of is written down in the transaction in which it comes about, whoever brings it about."""

from collections.abc import Iterable
from typing import Any

import orjson
from sqlalchemy import inspect, select, text
from sqlmodel import Session

from models.application import Application, ApplicationEvent
from models.frozen import FrozenReport
from models.intake import Import, ImportState
from models.spell import EmploymentSpell
from models.vacancy import Vacancy, VacancyState
from models.webhook import WebhookEvent
from outcomes.correcting import REPLACING

_ANNOUNCE = text("SELECT announce(:event, CAST(:regions AS text[]), CAST(:told AS jsonb))")
_STATES = {
    VacancyState.PUBLISHED: WebhookEvent.VACANCY_PUBLISHED,
    VacancyState.CLOSED: WebhookEvent.VACANCY_CLOSED,
}
_FINISHED = (ImportState.APPLIED, ImportState.FAILED)

Told = tuple[WebhookEvent, Iterable[str | None], dict[str, Any]]
"""What happened, where, and the numbers and codes that are told of it."""


def tell_flushed(session: Session, new: Iterable[Any], changed: Iterable[Any], *, from_file: bool) -> None:
    """Look at rows that were just written. Of the rows of a file its end tells, not each of them."""
    events = [told for row in new if (told := _of_new(session, row)) is not None]
    events += [told for row in changed if (told := _of_changed(session, row)) is not None]
    if from_file:
        events = [told for told in events if told[0] is WebhookEvent.IMPORT_FINISHED]
    if events:
        session.connection().execute(_ANNOUNCE, [_written(*told) for told in events])


def _written(event: WebhookEvent, regions: Iterable[str | None], told: dict[str, Any]) -> dict[str, Any]:
    return {
        "event": event.value,
        "regions": [region for region in regions if region],
        "told": orjson.dumps(told).decode(),
    }


def _of_new(session: Session, row: Any) -> Told | None:
    if isinstance(row, ApplicationEvent):
        rows = Application.__table__  # type: ignore[attr-defined]
        found = session.connection().execute(
            select(rows.c.worker_id, rows.c.vacancy_id, rows.c.worker_region, rows.c.vacancy_region).where(
                rows.c.id == row.application_id
            )
        )
        application = found.first()
        if application is None:
            return None
        told = {
            "application_id": row.application_id,
            "worker_id": application.worker_id,
            "vacancy_id": application.vacancy_id,
            "from": row.from_state.value if row.from_state else None,
            "to": row.to_state.value,
        }
        return (
            WebhookEvent.APPLICATION_CHANGED,
            (application.worker_region, application.vacancy_region),
            told,
        )
    if isinstance(row, EmploymentSpell) and row.ended_on is None and REPLACING not in session.info:
        return WebhookEvent.SPELL_STARTED, *_of_spell(session, row)
    if isinstance(row, Vacancy) and row.state is VacancyState.PUBLISHED:
        return WebhookEvent.VACANCY_PUBLISHED, *_of_vacancy(row)
    if isinstance(row, FrozenReport):
        return (
            WebhookEvent.REPORT_FROZEN,
            (row.region,),
            {"report_id": row.identity, "kind": row.kind.value, "as_of": row.as_of.isoformat()},
        )
    return None


def _of_changed(session: Session, row: Any) -> Told | None:
    if isinstance(row, Vacancy) and (event := _STATES.get(row.state)) and _moved(row, "state"):
        return event, *_of_vacancy(row)
    if isinstance(row, EmploymentSpell):
        return _of_changed_spell(session, row)
    if isinstance(row, Import) and row.state in _FINISHED and _moved(row, "state"):
        return (
            WebhookEvent.IMPORT_FINISHED,
            (row.region,),
            {"import_id": row.identity, "state": row.state.value},
        )
    return None


def _of_changed_spell(session: Session, row: EmploymentSpell) -> Told | None:
    """What was recorded wrongly is out of force: another stands in its place, or none."""
    if row.superseded_by is not None and _moved(row, "superseded_by") == [None]:
        places, told = _of_spell(session, row)
        return (
            WebhookEvent.SPELL_CORRECTED,
            places,
            told
            | {
                "spell_id": row.superseded_by,
                "instead_of": row.identity,
            },
        )
    if row.superseded_at is not None:
        taken_back = _moved(row, "superseded_at") == [None] and session.info.get(REPLACING) != row.identity
        return (WebhookEvent.SPELL_VOIDED, *_of_spell(session, row)) if taken_back else None
    if row.ended_on is not None and _moved(row, "ended_on") == [None]:
        return WebhookEvent.SPELL_ENDED, *_of_spell(session, row)
    return None


def _of_spell(session: Session, row: EmploymentSpell) -> tuple[tuple[str | None, ...], dict[str, Any]]:
    told = {"spell_id": row.identity, "worker_id": row.worker_id, "employer_id": row.employer_id}
    spells = EmploymentSpell.__table__  # type: ignore[attr-defined]
    # Whose person it is the database has filled in.
    origin = session.connection().scalar(select(spells.c.origin_region).where(spells.c.id == row.identity))
    return (origin, row.region), told


def _of_vacancy(row: Vacancy) -> tuple[tuple[str | None, ...], dict[str, Any]]:
    told = {"vacancy_id": row.identity, "employer_id": row.employer_id, "seats": row.seats}
    return (row.kept_by, row.region), told


def _moved(row: Any, name: str) -> list[Any]:
    """What the column was before this flush; nothing where it did not change."""
    return list(inspect(row).attrs[name].history.deleted or ())
