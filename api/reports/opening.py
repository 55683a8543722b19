"""What judgements bring, gathered to be written in a few statements: spells, what moved in them, decisions, audit."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlmodel import Session

from api.audit import Actor
from api.reports.employers import Firms, drawn
from ledger.history import Written, change_of, change_rows, person_keys
from ledger.records.reported import Reported
from models.base import now
from models.bulk import insert_rows, update_rows
from models.report import Outcome
from models.sealing import Keyring
from outcomes.accepting import Judgement
from outcomes.told import Standing, Told, arrangement_of, kind_of

Source = tuple[int | None, int | None]
"""Number of the file and of the line that a report came from."""

_MOST_YUAN = 1_000_000


@dataclass(slots=True)
class Person:
    """Somebody reported about, with the main spells in force; `standing` is kept up as reports are taken."""

    id: int
    region: str
    birth_date: date | None
    is_demo: bool
    standing: list[Standing]


class Writing:
    """What the judgements bring, gathered to be written in a few statements."""

    def __init__(
        self,
        session: Session,
        firms: Firms,
        industries: Mapping[str, str],
        account_id: int | None,
        *,
        reports: int = 1,
    ) -> None:
        self._session, self._firms, self._industries, self._account_id = (
            session,
            firms,
            industries,
            account_id,
        )
        self._numbers = drawn(session, "employment_spell", reports)
        self._at = now()
        self._let_go()

    def _let_go(self) -> None:
        self._spells: list[dict[str, Any]] = []
        self._moved: dict[int, dict[str, Any]] = {}
        self._decisions: list[dict[str, Any]] = []
        self._changes: list[Written] = []

    def take(
        self,
        report_id: int,
        person: Person,
        work: Told,
        told: Reported,
        judgement: Judgement,
        source: Source,
    ) -> int | None:
        """Let the judgement be; answers the spell that it concerns, and keeps up the person's standing spells."""
        spell_id, before = judgement.spell, {}
        if judgement.outcome is Outcome.OPENS:
            spell_id = self.open(person, work, told, source)
        elif judgement.outcome in (Outcome.EXTENDS, Outcome.ENDS) and spell_id is not None:
            before = self._move(person, spell_id, judgement, source)
        self._decisions.append(
            {
                "created_at": self._at,
                "report_id": report_id,
                "spell_id": spell_id,
                "outcome": judgement.outcome,
                "rule": judgement.rule,
                "reason": "",
                "before": before,
                "account_id": self._account_id,
            }
        )
        return spell_id

    def open(self, person: Person, work: Told, told: Reported, source: Source) -> int:
        """A new spell, as the report tells it; answers its number."""
        kind, employer_id = kind_of(work), work.employer_id
        if employer_id is None and told.employer is not None and work.employer and work.region:
            firm, made = self._firms.take(told.employer, work.region, is_demo=person.is_demo)
            employer_id = firm.number
            if made:
                row = self._firms.made[-1]
                self._changes.append(
                    _written(
                        "create", "employer", firm.number, change_of(None, row), row["kept_by"], None, source
                    )
                )
        number = next(self._numbers)
        row = {
            "id": number,
            "created_at": self._at,
            "worker_id": person.id,
            "origin_region": person.region,
            "employer_id": employer_id,
            "region": work.region,
            "kind": kind,
            "arrangement": arrangement_of(work, point_to_point=told.point_to_point),
            "point_to_point": told.point_to_point,
            "channel": told.channel,
            "industry": industry_of(self._industries, told.industry),
            "started_on": work.first_day,
            "ended_on": work.recorded_end,
            "observed_until": work.recorded_end or (work.as_of if work.still else work.first_day),
            "precision": work.precision,
            "monthly_income": _yuan(told),
            "post_kind": "、".join(told.post_kinds)[:40] or None,
            "certificate": told.certificate if len(told.certificate or "") <= 60 else None,
            "is_main": True,
            "is_demo": person.is_demo,
        }
        self._spells.append(row)
        self._changes.append(
            _written(
                "create", "employment_spell", number, change_of(None, row), person.region, person.id, source
            )
        )
        person.standing.append(
            Standing(
                key=number,
                started=row["started_on"],
                ended=row["ended_on"],
                observed_until=row["observed_until"],
                precision=work.precision,
                employer=work.employer,
                region=work.region,
                kind=kind,
            )
        )
        return number

    def _move(self, person: Person, spell_id: int, judgement: Judgement, source: Source) -> dict[str, Any]:
        at = next(number for number, spell in enumerate(person.standing) if spell.key == spell_id)
        spell = person.standing[at]
        moved = replace(spell, ended=judgement.ended, observed_until=judgement.observed_until)
        was = {"ended_on": spell.ended, "observed_until": spell.observed_until}
        became = {"ended_on": moved.ended, "observed_until": moved.observed_until}
        person.standing[at] = moved
        self._moved.setdefault(spell_id, {"id": spell_id, "observed_before": None}).update(became)
        if moved.ended is not None:
            self._moved[spell_id]["observed_before"] = spell.observed_until
        self._changes.append(
            _written(
                "update",
                "employment_spell",
                spell_id,
                change_of(was, became),
                person.region,
                person.id,
                source,
            )
        )
        return {"was": was, "became": became}

    def write(self, keyring: Keyring) -> None:
        """Write what was gathered: employers, spells, what moved in them, the decisions and the record of changes."""
        connection = self._session.connection()
        actor: Actor = self._session.info.get("actor", Actor())
        keys = person_keys(
            self._session,
            keyring,
            {change.worker_id for change in self._changes if change.worker_id is not None},
        )
        self._firms.write()
        insert_rows(connection, "employment_spell", self._spells)
        update_rows(connection, "employment_spell", ["id"], list(self._moved.values()))
        insert_rows(connection, "report_decision", self._decisions)
        rows = change_rows(keys, self._changes, account_id=self._account_id, request_id=actor.request_id)
        insert_rows(connection, "audit_event", rows)
        self._let_go()


def _written(
    action: str,
    noun: str,
    row_id: int,
    change: dict[str, Any],
    region: str,
    worker_id: int | None,
    source: Source,
) -> Written:
    import_id, line = source
    return Written(action, noun, row_id, change, region, worker_id, import_id=import_id, import_line=line)


def _yuan(told: Reported) -> int | None:
    """Whole yuan a month; what no wage can be stays in the report."""
    income = told.income
    return int(income.to_integral_value()) if income is not None and 0 <= income <= _MOST_YUAN else None


def industry_of(industries: Mapping[str, str], text: str | None) -> str | None:
    """The code of an industry by its name, its code, or both in one cell; else unknown."""
    name = (text or "").strip()
    return industries.get(name) or industries.get(name.lstrip("ABCDEFGHIJKLMNOPQRST."))
