"""采纳: reports become accepted spells, thousands at a time, in the transaction that brought them in."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from datetime import date
from typing import Any

from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from api.reports.employers import Firm, Firms, employer_named
from api.reports.opening import Person, Source, Writing
from ledger.records.months import is_working
from ledger.records.reported import Reported
from models.bulk import among
from models.employer import Employer
from models.region import Region
from models.report import Outcome, ReportDecision, SpellReport
from models.sealing import Keyring
from models.spell import EmploymentSpell
from models.taxonomy import Industry
from models.worker import Worker
from outcomes.accepting import judge
from outcomes.told import Standing, Told

Item = tuple[int, int, Reported]
"""Number of the report, number of the person, and what it tells."""

_BATCH = 5_000
_AT_ONCE = 500
"""Reports that are judged while the database writes what as many have brought."""


def accept(
    session: Session,
    items: Sequence[Item],
    *,
    region: str,
    as_of: date,
    account_id: int | None,
    keyring: Keyring,
    firms_of: Mapping[int, Firm] | None = None,
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
    firms_of : the employer of a report, by the report's number, where it is known otherwise than by name and place.
    progress : told how many of how many are done.

    Raises
    ------
    sqlalchemy.exc.DBAPIError
        as the database raises it: the caller's transaction is over then.
    """
    counts: Counter[Outcome] = Counter()
    people = load_people(session, {worker_id for _, worker_id, _ in items})
    sources = undecided(session, [report_id for report_id, _, _ in items])
    waiting = [item for item in items if item[0] in sources and item[1] in people]
    firms = Firms(session, {told.employer for _, _, told in waiting if told.employer}, region)
    places = known_places(session, [told for _, _, told in waiting])
    writing = Writing(session, firms, industries(session), account_id, reports=len(waiting))
    works = [
        (
            report_id,
            people[worker_id],
            told_of(told, people[worker_id], firms, places, as_of, firm=(firms_of or {}).get(report_id)),
            told,
        )
        for report_id, worker_id, told in waiting
    ]
    works.sort(key=lambda each: (each[1].id, each[2].first_day, each[2].last_day or date.max, each[0]))
    for number, (report_id, person, work, told) in enumerate(works):
        if number % _AT_ONCE == 0:
            writing.write(keyring)
        judgement = judge(work, person.standing)
        writing.take(report_id, person, work, told, judgement, sources[report_id])
        counts[judgement.outcome] += 1
        if progress and number % _BATCH == 0:
            progress(number, len(works))
    writing.write(keyring)
    return counts


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
                among(Worker.id, batch),
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
                among(EmploymentSpell.worker_id, batch),
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


def known_places(session: Session, told: Sequence[Reported]) -> set[str]:
    """The places of work that reports name and the table of regions knows."""
    named = {each.region for each in told if each.region}
    return set(session.exec(select(Region.code).where(col(Region.code).in_(named))))


def industries(session: Session) -> dict[str, str]:
    """Codes of industries by name and by code; of namesakes the broadest."""
    rows = session.exec(select(Industry.name, Industry.code).order_by(col(Industry.level).desc())).all()
    return dict(rows) | {code: code for _, code in rows}


def told_of(
    told: Reported, person: Person, firms: Firms, places: Set[str], as_of: date, *, firm: Firm | None = None
) -> Told:
    """What a report says, as the rules of acceptance read it; `firm` where the employer is known already."""
    name, place = employer_named(told.employer), told.region if told.region in places else None
    firm = firm or (firms.find(told.employer, place) if name else None)
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


def undecided(session: Session, report_ids: Sequence[int]) -> dict[int, Source]:
    """Which reports wait, and from which file and line each came."""
    found: dict[int, Source] = {}
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
                among(SpellReport.id, report_ids[at : at + _BATCH]),
                col(ReportDecision.id).is_(None),
                col(SpellReport.superseded_at).is_(None),
            )
        )
        found |= {report_id or 0: (import_id, line) for report_id, import_id, line in rows}
    return found
