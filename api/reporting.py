"""采纳: reports become accepted spells, thousands at a time, in the transaction that brought them in."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from api.audit import Actor
from api.employers import Firms, drawn, employer_named
from ledger.doubts.months import is_working
from ledger.doubts.reported import Reported
from ledger.history import Written, change_of, change_rows, person_keys
from models.base import now
from models.bulk import insert_rows, update_rows
from models.employer import Employer
from models.region import Region
from models.report import Outcome, ReportDecision, SpellReport
from models.sealing import Keyring
from models.spell import EmploymentSpell
from models.taxonomy import Industry
from models.worker import Worker
from outcomes.accepting import Judgement, Standing, Told, arrangement_of, judge, kind_of

Item = tuple[int, int, Reported]
"""Number of the report, number of the person, and what it tells."""

_BATCH = 5_000
_MOST_YUAN = 1_000_000


def accept(
    session: Session,
    items: Sequence[Item],
    *,
    region: str,
    as_of: date,
    account_id: int | None,
    keyring: Keyring,
    progress: Callable[[int, int], None] | None = None,
) -> Counter[Outcome]:
    """Judge reports that wait, by the rules of `outcomes.accepting`, and write what follows; counts what became of them.

    All of a person's reports are judged in the order of their months, each after what the one before has brought. A
    report that was decided already is passed over, so that accepting twice changes nothing; so are people whose data
    may only be stored.

    Parameters
    ----------
    region : whose bureau keeps an employer that is named for the first time.
    as_of : the day of the list.
    progress : told how many of how many are done.

    Raises
    ------
    sqlalchemy.exc.DBAPIError
        as the database raises it: the caller's transaction is over then.
    """
    counts: Counter[Outcome] = Counter()
    people = load_people(session, {worker_id for _, worker_id, _ in items})
    sources = _undecided(session, [report_id for report_id, _, _ in items])
    waiting = [item for item in items if item[0] in sources and item[1] in people]
    firms = Firms(session, {told.employer for _, _, told in waiting if told.employer}, region)
    codes = Codes(session, [told for _, _, told in waiting])
    writing = Writing(session, firms, codes, account_id)
    works = [
        (report_id, people[worker_id], told_of(told, people[worker_id], firms, codes, as_of), told)
        for report_id, worker_id, told in waiting
    ]
    works.sort(key=lambda each: (each[1].id, each[2].first_day, each[2].last_day or date.max, each[0]))
    for number, (report_id, person, work, told) in enumerate(works):
        judgement = judge(work, person.standing)
        writing.take(report_id, person, work, told, judgement, sources[report_id])
        counts[judgement.outcome] += 1
        if progress and number % _BATCH == 0:
            progress(number, len(works))
    writing.write(keyring)
    return counts


@dataclass(slots=True)
class Person:
    """Somebody reported about, with the main spells in force; `standing` is kept up as reports are taken."""

    id: int
    region: str
    birth_date: date | None
    is_demo: bool
    standing: list[Standing]


def load_people(session: Session, worker_ids: set[int]) -> dict[int, Person]:
    """The people whose data may be used, held until the transaction ends: nobody else opens or ends a spell of theirs."""
    people: dict[int, Person] = {}
    wanted = sorted(worker_ids)
    connection = session.connection()
    for at in range(0, len(wanted), _BATCH):
        batch = wanted[at : at + _BATCH]
        rows = connection.execute(
            columns(col(Worker.id), col(Worker.region), col(Worker.birth_date), col(Worker.is_demo))
            .where(
                col(Worker.id).in_(batch),
                ~col(Worker.restricted),
                col(Worker.merged_into).is_(None),
            )
            .order_by(col(Worker.id))
            .with_for_update()
        )
        people |= {row[0] or 0: Person(row[0] or 0, row[1], row[2], row[3], []) for row in rows}
        spells: Any = connection.execute(
            columns(EmploymentSpell.__table__, col(Employer.name).label("employer"))  # type: ignore[attr-defined]
            .join(Employer, col(Employer.id) == col(EmploymentSpell.employer_id), isouter=True)
            .where(
                col(EmploymentSpell.worker_id).in_(batch),
                col(EmploymentSpell.superseded_at).is_(None),
                col(EmploymentSpell.is_main),
            )
            .order_by(col(EmploymentSpell.started_on))
        )
        for spell in spells:
            if spell.worker_id in people:
                people[spell.worker_id].standing.append(
                    Standing(
                        key=spell.id,
                        started=spell.started_on,
                        ended=spell.ended_on,
                        observed_until=spell.observed_until,
                        precision=spell.precision,
                        employer=employer_named(spell.employer),
                        region=spell.region,
                        kind=spell.kind,
                    )
                )
    return people


class Codes:
    """Places and industries that reports name, as far as the tables know them."""

    def __init__(self, session: Session, told: Sequence[Reported]) -> None:
        places = {each.region for each in told if each.region}
        self._places = set(session.exec(select(Region.code).where(col(Region.code).in_(places))))
        rows = session.exec(select(Industry.name, Industry.code).order_by(col(Industry.level).desc())).all()
        self._industries: dict[str, str] = dict(rows) | {code: code for _, code in rows}

    def place(self, told: Reported) -> str | None:
        """The place of work, if it is in the table of regions."""
        return told.region if told.region in self._places else None

    def industry(self, text: str | None) -> str | None:
        """The code of an industry by its name, its code, or both in one cell; else unknown."""
        name = (text or "").strip()
        return self._industries.get(name) or self._industries.get(name.lstrip("ABCDEFGHIJKLMNOPQRST."))


def told_of(told: Reported, person: Person, firms: Firms, codes: Codes, as_of: date) -> Told:
    """What a report says, as the rules of acceptance read it."""
    name, place = employer_named(told.employer), codes.place(told)
    firm = firms.find(told.employer, place) if name else None
    return Told(
        as_of=as_of,
        working=told.working,
        of_work=told.has_spell or bool(told.post_kinds),
        still=is_working(told, as_of),
        started=told.started,
        ended=told.ended,
        precision=told.precision,
        employer=name,
        employer_id=firm.number if firm else None,
        employer_kind=firm.kind if firm else None,
        employer_placed=bool(firm or place),
        region=place,
        abroad=told.abroad,
        # 灵活就业 is often written where the employer belongs.
        channel=(told.channel or "") + ((told.employer or "") if name is None else ""),
        form=told.form or "",
        post_kinds=told.post_kinds,
        home=person.region[:6],
        birth_date=person.birth_date,
    )


def _undecided(session: Session, report_ids: Sequence[int]) -> dict[int, tuple[int | None, int | None]]:
    """Which reports wait, and from which file and line each came."""
    found: dict[int, tuple[int | None, int | None]] = {}
    for at in range(0, len(report_ids), _BATCH):
        rows = session.connection().execute(
            columns(col(SpellReport.id), col(SpellReport.import_id), col(SpellReport.import_line))
            .join(
                ReportDecision,
                (col(ReportDecision.report_id) == col(SpellReport.id))
                & col(ReportDecision.reversed_at).is_(None),
                isouter=True,
            )
            .where(
                col(SpellReport.id).in_(report_ids[at : at + _BATCH]),
                col(ReportDecision.id).is_(None),
                col(SpellReport.superseded_at).is_(None),
            )
        )
        found |= {report_id or 0: (import_id, line) for report_id, import_id, line in rows}
    return found


class Writing:
    """What the judgements bring, gathered to be written in a few statements."""

    def __init__(self, session: Session, firms: Firms, codes: Codes, account_id: int | None) -> None:
        self._session, self._firms, self._codes, self._account_id = session, firms, codes, account_id
        self._numbers = drawn(session, "employment_spell")
        self._at = now()
        self._spells: list[dict[str, Any]] = []
        self._ends: dict[int, tuple[date | None, date | None]] = {}
        self._decisions: list[dict[str, Any]] = []
        self._changes: list[Written] = []

    def take(
        self,
        report_id: int,
        person: Person,
        work: Told,
        told: Reported,
        judgement: Judgement,
        source: tuple[int | None, int | None],
    ) -> int | None:
        """Let the judgement be; answers the spell that it concerns, and keeps up the person's standing spells."""
        spell_id, before = judgement.spell, {}
        if judgement.outcome is Outcome.OPENS:
            spell_id = self._open(person, work, told, source)
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

    def _open(self, person: Person, work: Told, told: Reported, source: tuple[int | None, int | None]) -> int:
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
            "industry": self._codes.industry(told.industry),
            "started_on": work.first_day,
            "ended_on": work.last_day,
            "observed_until": work.last_day or (work.as_of if work.still else work.first_day),
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

    def _move(
        self, person: Person, spell_id: int, judgement: Judgement, source: tuple[int | None, int | None]
    ) -> dict[str, Any]:
        at = next(number for number, spell in enumerate(person.standing) if spell.key == spell_id)
        spell = person.standing[at]
        moved = replace(spell, ended=judgement.ended, observed_until=judgement.observed_until)
        was = {"ended_on": spell.ended, "observed_until": spell.observed_until}
        became = {"ended_on": moved.ended, "observed_until": moved.observed_until}
        person.standing[at] = moved
        self._ends[spell_id] = (moved.ended, moved.observed_until)
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
        """Write it all: employers, spells, what moved in them, the decisions and the record of changes."""
        connection = self._session.connection()
        self._firms.write()
        insert_rows(connection, "employment_spell", self._spells)
        update_rows(
            connection,
            "employment_spell",
            ["id"],
            [
                {"id": number, "ended_on": ended, "observed_until": seen}
                for number, (ended, seen) in self._ends.items()
            ],
        )
        insert_rows(connection, "report_decision", self._decisions)
        actor: Actor = self._session.info.get("actor", Actor())
        keys = person_keys(
            self._session,
            keyring,
            {change.worker_id for change in self._changes if change.worker_id is not None},
        )
        rows = change_rows(keys, self._changes, account_id=self._account_id, request_id=actor.request_id)
        insert_rows(connection, "audit_event", rows)


def _written(
    action: str,
    noun: str,
    row_id: int,
    change: dict[str, Any],
    region: str,
    worker_id: int | None,
    source: tuple[int | None, int | None],
) -> Written:
    import_id, line = source
    return Written(action, noun, row_id, change, region, worker_id, import_id=import_id, import_line=line)


def _yuan(told: Reported) -> int | None:
    """Whole yuan a month; what no wage can be stays in the report."""
    income = told.income
    return int(income.to_integral_value()) if income is not None and 0 <= income <= _MOST_YUAN else None
