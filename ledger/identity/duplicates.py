"""疑似重复: who may be one person, found in bulk and laid before a human."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, Date, Row, Text, and_, column, literal
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select
from stdnum.iso7064 import mod_11_2

from ledger.identity.likeness import near, plain_number, same_village
from ledger.identity.matching import plain_name, same_name
from ledger.pinyin import pinyin
from models.base import metadata
from models.household import Household
from models.identity import Likeness, PossibleDuplicate
from models.sealing import Keyring, Unsealable, open_person_key, unseal
from models.worker import PersonKey, Worker

_CHUNK = 2_000


class Told(NamedTuple):
    """Somebody as a line or a form tells of them. `number` as it was written, empty where there is none."""

    key: int
    name: str
    village: str | None
    birth: date | None
    number: str
    region: str = ""


class Possible(NamedTuple):
    """The person that the one under `key` may be, and why."""

    key: int
    worker_id: int
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class _Known:
    worker_id: int
    name: str
    birth: date | None
    place: tuple[str, str | None]
    sealed: tuple[bytes | None, str | None, bytes | None]

    def number(self, keyring: Keyring) -> str | None:
        """Empty where there is none; None where it can't be read any more."""
        number, master_key_id, sealed_key = self.sealed
        if number is None:
            return ""
        try:
            key = open_person_key(keyring, master_key_id or "", sealed_key or b"")
            return plain_number(unseal(key, number, "worker.id_number").decode())
        except Unsealable:
            return None


def possible(
    session: Session,
    keyring: Keyring,
    rows: Sequence[Told],
    *,
    without: Collection[int] = (),
) -> list[Possible]:
    """Whom of the people that the session may see each row may mean, though its number is not theirs.

    Parameters
    ----------
    without
        people who are none of the rows: those that the same file names by their own numbers.

    A number that can't be anybody's as it stands proves no birth date either: there the name, the village and a
    number near to it are enough. Only the numbers of people of the same name, birth and village are opened.
    """
    found: list[Possible] = []
    excluded = set(without)
    for at in range(0, len(rows), _CHUNK):
        chunk = rows[at : at + _CHUNK]
        by_name = _namesakes(session, chunk)
        for row in chunk:
            for known in by_name.get(plain_name(row.name), ()):
                if known.worker_id in excluded or not same_village((row.region, row.village), known.place):
                    continue
                likeness = _likeness(row, known, keyring)
                if likeness is not None:
                    found.append(Possible(row.key, known.worker_id, likeness))
    return found


def keep_for_import(session: Session, import_id: int, found: Sequence[Possible]) -> int:
    """Lay lines of a file (`key` is the line) beside the people they may be; how many are new."""
    return _keep(
        session,
        [
            {
                "worker_id": each.worker_id,
                "other_id": None,
                "import_id": import_id,
                "import_line": each.key,
                "likeness": each.likeness,
            }
            for each in found
        ],
    )


def keep_for_worker(session: Session, keyring: Keyring, worker: Worker) -> list[PossibleDuplicate]:
    """Lay a person beside whom they may be; all pairs of this person that wait for somebody's decision."""
    number = ""
    stored = session.get(PersonKey, worker.identity)
    if worker.id_number_sealed is not None and stored is not None:
        key = open_person_key(keyring, stored.master_key_id, stored.sealed_key)
        number = unseal(key, worker.id_number_sealed, "worker.id_number").decode()
    told = Told(worker.identity, worker.name, worker.village, worker.birth_date, number, worker.region)
    found = possible(session, keyring, [told], without={worker.identity})
    _keep(session, [_pair(worker.identity, each.worker_id, each.likeness) for each in found])
    return waiting_for(session, worker.identity)


def waiting_for(session: Session, worker_id: int) -> list[PossibleDuplicate]:
    """The pairs of a person that nobody has decided yet."""
    query = select(PossibleDuplicate).where(
        (col(PossibleDuplicate.worker_id) == worker_id) | (col(PossibleDuplicate.other_id) == worker_id),
        col(PossibleDuplicate.verdict).is_(None),
    )
    return list(session.exec(query.order_by(col(PossibleDuplicate.id))))


def keep_same_number(session: Session, worker_id: int, other_id: int) -> PossibleDuplicate:
    """The pair of two records of which one has the number that is said to be the other's; open, whatever was decided."""
    _keep(session, [_pair(worker_id, other_id, Likeness.SAME_NUMBER)])
    first, second = sorted((worker_id, other_id))
    query = select(PossibleDuplicate).where(
        PossibleDuplicate.worker_id == first, PossibleDuplicate.other_id == second
    )
    row = session.exec(query.with_for_update().execution_options(populate_existing=True)).one()
    row.likeness = Likeness.SAME_NUMBER
    row.verdict = row.decided_at = row.decided_by = None
    session.add(row)
    session.flush()
    return row


def search(session: Session, keyring: Keyring, region: str) -> Iterator[tuple[int, int, int]]:
    """Look through everybody of a region: yields done, total (pairs of one name and birth) and new pairs, as it goes."""
    one, other = aliased(Worker), aliased(Worker)
    query = (
        select(one.id, other.id)
        .join(
            other,
            and_(
                col(one.name_pinyin) == col(other.name_pinyin),
                col(one.birth_date) == col(other.birth_date),
                col(one.id) < col(other.id),
            ),
        )
        .where(
            col(one.region).startswith(region, autoescape=True),
            *(col(each.merged_into).is_(None) for each in (one, other)),
            *(col(each.restricted).is_(False) for each in (one, other)),
        )
        .order_by(col(one.id), col(other.id))
    )
    pairs = session.exec(query).all()
    new = 0
    for at in range(0, len(pairs), _CHUNK):
        chunk = pairs[at : at + _CHUNK]
        people = _people(session, {number for pair in chunk for number in pair if number is not None})
        rows = []
        for first, second in chunk:
            here, there = people[first or 0], people[second or 0]
            if not same_name(here.name, there.name) or not same_village(here.place, there.place):
                continue
            likeness = _between(here.number(keyring), there.number(keyring))
            if likeness is not None:
                rows.append(_pair(here.worker_id, there.worker_id, likeness))
        new += _keep(session, rows)
        yield min(at + _CHUNK, len(pairs)), len(pairs), new


def _likeness(row: Told, known: _Known, keyring: Keyring) -> Likeness | None:
    number = plain_number(row.number)
    if _is_wrong(number):
        theirs = known.number(keyring)
        return Likeness.BAD_NUMBER if theirs and near(number, theirs) else None
    if row.birth is None or row.birth != known.birth:
        return None
    return _between(number, known.number(keyring))


def _between(one: str | None, other: str | None) -> Likeness | None:
    if one is None or other is None:
        return None
    if not one or not other:
        return Likeness.NO_NUMBER
    return Likeness.NUMBER_SLIP if near(one, other) else None


def _namesakes(session: Session, rows: Sequence[Told]) -> dict[str, list[_Known]]:
    """Who has one of the names and, but for rows whose number is nobody's, one of the birth dates."""
    spelt: set[str] = set()
    born: set[tuple[str, date]] = set()
    for row in rows:
        forms = {pinyin(form) for form in {row.name, plain_name(row.name)}}
        if _is_wrong(plain_number(row.number)):
            spelt |= forms
        elif row.birth is not None:
            born |= {(form, row.birth) for form in forms}
    known: dict[int, _Known] = {}
    for asked in (
        _asked([(form,) for form in spelt], {"name_pinyin": Text()}),
        _asked(born, {"name_pinyin": Text(), "birth_date": Date()}),
    ):
        if asked is not None:
            on = and_(*(getattr(Worker, each.name) == each for each in asked.columns))
            found = session.exec(
                _columns()
                .join(asked, on)
                .where(col(Worker.merged_into).is_(None), col(Worker.restricted).is_(False))
            )
            known |= {each.worker_id: each for each in map(_known, found)}
    by_name: dict[str, list[_Known]] = defaultdict(list)
    for each in known.values():
        by_name[plain_name(each.name)].append(each)
    return by_name


def _is_wrong(number: str) -> bool:
    return bool(number) and not mod_11_2.is_valid(number)


def _asked(rows: Collection[tuple[Any, ...]], columns: dict[str, Any]) -> Any:
    """The rows as a table of these columns; None where there are none."""
    if not rows:
        return None
    lists = zip(zip(*sorted(rows), strict=True), columns.values(), strict=True)
    given = func.unnest(*(literal(list(values), ARRAY(kind)) for values, kind in lists))
    return given.table_valued(*(column(name, kind) for name, kind in columns.items())).render_derived()


def _people(session: Session, numbers: Collection[int]) -> dict[int, _Known]:
    rows = session.exec(_columns().where(col(Worker.id).in_(numbers)))
    return {known.worker_id: known for known in map(_known, rows)}


def _columns() -> Any:
    return (
        select(  # type: ignore[call-overload]
            Worker.id,
            Worker.name,
            Worker.birth_date,
            Worker.region,
            func.coalesce(Worker.village, Household.village).label("village"),
            Worker.id_number_sealed,
            PersonKey.master_key_id,
            PersonKey.sealed_key,
        )
        .join(Household, col(Household.id) == col(Worker.household_id), isouter=True)
        .join(PersonKey, col(PersonKey.worker_id) == col(Worker.id), isouter=True)
        .order_by(col(Worker.id))
    )


def _known(row: Row[Any]) -> _Known:
    return _Known(
        row.id,
        row.name,
        row.birth_date,
        (row.region, row.village),
        (row.id_number_sealed, row.master_key_id, row.sealed_key),
    )


def _pair(one: int, other: int, likeness: Likeness) -> dict[str, Any]:
    # The elder record first, so that the same two are one pair whoever was looked at.
    first, second = sorted((one, other))
    return {
        "worker_id": first,
        "other_id": second,
        "import_id": None,
        "import_line": None,
        "likeness": likeness,
    }


def _keep(session: Session, rows: list[dict[str, Any]]) -> int:
    """Pairs that were decided before, or wait already, stay as they are."""
    if not rows:
        return 0
    pairs = metadata.tables["possible_duplicate"]
    new = insert(pairs).values([{"note": "", **row} for row in rows]).on_conflict_do_nothing()
    return len(session.connection().execute(new.returning(pairs.c.id)).all())
