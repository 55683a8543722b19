"""What the ledger knows of the people and households of some lines, asked at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Text
from sqlmodel import Session, col, func, select

from ledger.identity.matching import deleted_among, elsewhere, find_people, find_recoded, plain_name
from ledger.intake.context import Context
from ledger.intake.judged import Judged
from ledger.records.own import Own, own_households, own_records
from ledger.records.reported import Reported
from models.bulk import among
from models.household import Household
from models.identity import PossibleDuplicate, Verdict
from models.intake import ImportKind, LineStatus
from models.report import SpellReport
from models.sealing import Keyring
from models.worker import PersonKey, Worker


@dataclass(frozen=True, slots=True)
class Known:
    """What the ledger holds of those whom a chunk of lines names."""

    people: Mapping[str, int]
    elsewhere: frozenset[str]
    own: Mapping[int, Sequence[Own]]
    reports: Mapping[int, Mapping[tuple[ImportKind, bytes], date]]
    households: Mapping[str, Own]
    by_person: Mapping[str, int]
    recoded: Mapping[str, int]
    decided: Mapping[int, int | None]
    told_apart: Mapping[int, frozenset[int]]
    restricted: frozenset[int]
    deleted: frozenset[int]
    deleted_elsewhere: frozenset[str]


def known_of(session: Session, keyring: Keyring, context: Context, judged: Sequence[Judged]) -> Known:
    """All of it, in a few queries, whatever the number of lines."""
    settled, told_apart = decided(session, context, [each.line for each in judged])
    waiting = [each for each in judged if each.told is not None and each.status is not LineStatus.REJECTED]
    named = {each.number.number: each.told.name or "" for each in waiting if each.number and each.told}
    people = find_people(session, keyring, list(named))
    strange = [(number, name) for number, name in named.items() if number not in people]
    recoded = find_recoded(session, keyring, strange) if strange else {}
    unknown = [number for number, _ in strange if number not in recoded]
    beyond = elsewhere(session, keyring, unknown) if unknown else set()
    numberless = by_person(session, [each.told for each in waiting if each.told and each.number is None])
    ids = sorted(
        {
            *people.values(),
            *recoded.values(),
            *numberless.values(),
            *(each for each in settled.values() if each),
        }
    )
    own: dict[int, list[Own]] = defaultdict(list)
    for record in own_records(session, keyring, as_of=context.as_of, worker_ids=ids, restricted=True):
        if record.worker_id is not None:
            own[record.worker_id].append(record)
    return Known(
        people,
        frozenset(beyond),
        own,
        reports(session, ids),
        known_households(session, context, {each.told.household for each in waiting if each.told}),
        numberless,
        recoded,
        settled,
        told_apart,
        *only_stored(session, ids),
        frozenset(deleted_among(session, keyring, sorted(beyond)) if beyond else ()),
    )


def only_stored(session: Session, ids: Sequence[int]) -> tuple[frozenset[int], frozenset[int]]:
    """Those whose data may be stored and nothing else, and those whose data was deleted: no list shows or writes to them."""
    gone = func.coalesce(func.length(col(PersonKey.sealed_key)), 0) == 0
    rows = session.exec(
        select(Worker.id, gone)
        .join(PersonKey, col(PersonKey.worker_id) == col(Worker.id), isouter=True)
        .where(among(Worker.id, ids), col(Worker.restricted) | gone)
    ).all()
    restricted = frozenset(number for number, _ in rows if number is not None)
    return restricted, frozenset(number for number, deleted in rows if number is not None and deleted)


def decided(
    session: Session, context: Context, lines: Sequence[int]
) -> tuple[dict[int, int | None], dict[int, frozenset[int]]]:
    """Lines of which somebody has said who is meant: the person, or None for nobody of those it was held beside; and
    the people whom each was said not to mean."""
    rows = session.exec(
        select(PossibleDuplicate.import_line, PossibleDuplicate.worker_id, PossibleDuplicate.verdict).where(
            PossibleDuplicate.import_id == context.import_id,
            col(PossibleDuplicate.import_line).between(min(lines, default=0), max(lines, default=0)),
        )
    ).all()
    found: dict[int, int | None] = {}
    waiting = {line for line, _, verdict in rows if verdict is None}
    for line, worker_id, verdict in rows:
        if line is not None and verdict is Verdict.SAME:
            found[line] = worker_id
        elif line is not None and line not in waiting:
            found.setdefault(line, None)
    apart: dict[int, frozenset[int]] = {}
    for line, worker_id, verdict in rows:
        if line is not None and verdict is Verdict.DIFFERENT:
            apart[line] = apart.get(line, frozenset()) | {worker_id}
    return found, apart


def known_households(session: Session, context: Context, numbers: Iterable[str | None]) -> dict[str, Own]:
    """The households of the county with these numbers."""
    wanted = {number for number in numbers if number}
    if not wanted:
        return {}
    ids = session.exec(
        select(Household.id).where(
            among(Household.number, wanted, Text),
            col(Household.region).startswith(context.county, autoescape=True),
        )
    ).all()
    found = own_households(session, as_of=context.as_of, household_ids=[each for each in ids if each])
    return {own.reported.household: own for own in found if own.reported.household}


def by_person(session: Session, rows: Sequence[Reported]) -> dict[str, int]:
    """Who has the 人编号 of rows without an ID number, where the name is the same too."""
    names = {row.person: plain_name(row.name) for row in rows if row.person and row.name}
    if not names:
        return {}
    found = session.exec(
        select(Worker.national_number, Worker.id, Worker.name).where(
            col(Worker.national_number).in_(names), col(Worker.merged_into).is_(None)
        )
    ).all()
    return {
        person: worker_id
        for person, worker_id, name in found
        if person and worker_id and plain_name(name) == names[person]
    }


def reports(session: Session, ids: Sequence[int]) -> dict[int, dict[tuple[ImportKind, bytes], date]]:
    """The kinds and digests of the reports in force, with the day of which each tells."""
    found: dict[int, dict[tuple[ImportKind, bytes], date]] = defaultdict(dict)
    for at in range(0, len(ids), 5_000):
        rows = session.exec(
            select(
                col(SpellReport.worker_id),
                col(SpellReport.kind),
                col(SpellReport.digest),
                col(SpellReport.reported_on),
            ).where(
                among(SpellReport.worker_id, ids[at : at + 5_000]),
                col(SpellReport.kind).is_not(None),
                col(SpellReport.superseded_at).is_(None),
            )
        )
        for worker_id, kind, known, day in rows:
            if kind is not None:
                found[worker_id][kind, known] = day
    return found
