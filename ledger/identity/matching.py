"""Who is meant by an ID number: the same number, one that was written for the person before, or one whose first six
digits are another code of the same county.

Numbers are the eighteen characters that `models.id_number.read_id_number` makes of what was written: `x`, spaces,
wide digits, fifteen digits and disability suffixes are settled before anybody is looked for.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, or_, text
from sqlmodel import Session, col
from stdnum.iso7064 import mod_11_2

from ledger.people import put
from models.identity import FormerNumber, NumberOrigin
from models.reference import former_regions, regions
from models.sealing import Keyring, Unsealable, index_columns, look_ups, open_person_key, seal
from models.worker import PersonKey

_CHUNK = 5_000
_COUNTY = 6

# Through a door that looks at the scope itself: row security is asked before an index on bytes could be used.
_FOUND = text("SELECT number, worker_id, name FROM registered_here(CAST(:wanted AS bytea[]))")
_ELSEWHERE = text("SELECT registered_elsewhere(CAST(:wanted AS bytea[]))")
_RECODED_ELSEWHERE = text("SELECT recoded_elsewhere(CAST(:wanted AS bytea[]), :name)")
_DELETED = text("SELECT deleted_numbers(CAST(:wanted AS bytea[]))")
_RELEASE = text("SELECT release_deleted_number(CAST(:wanted AS bytea[]))")


def find_people(session: Session, keyring: Keyring, numbers: Sequence[str]) -> dict[str, int]:
    """Whose number each is, of the people that the session may see; a merged record leads to the one that stays.

    Numbers that nobody has are left out. 100,000 numbers take some seconds.
    """
    return {number: worker_id for number, (worker_id, _) in _holders(session, keyring, numbers).items()}


def find_recoded(session: Session, keyring: Keyring, people: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Who is known under the number that another code of the same county would have made of this one.

    Parameters
    ----------
    people
        numbers that nobody has as they stand, each with the name written beside it: birth date and sequence are
        given out once for each code, so the name must be the same as well.
    """
    variants = {number: _under_other_codes(number) for number, _ in people}
    every = list({variant for known in variants.values() for variant in known})
    holders = _holders(session, keyring, every)
    found: dict[str, int] = {}
    for number, name in people:
        same = {
            holders[variant][0]
            for variant in variants[number]
            if variant in holders and same_name(holders[variant][1], name)
        }
        if len(same) == 1:
            found[number] = same.pop()
    return found


def elsewhere(session: Session, keyring: Keyring, numbers: Sequence[str]) -> set[str]:
    """Which of the numbers belong to somebody outside the caller's regions. Nothing else is learned of them."""
    found: set[str] = set()
    for chunk in _chunks(numbers):
        by_index = _indexed(keyring, chunk)
        hits = session.connection().scalars(_ELSEWHERE, {"wanted": listed(by_index)})
        found.update(by_index[bytes(index)] for index in hits)
    return found


def recoded_elsewhere(session: Session, keyring: Keyring, number: str, name: str) -> str | None:
    """The number that another code of the same county would have made of this one, where somebody of this very name
    outside the caller's regions has it. Nothing else is learned of them."""
    by_index = _indexed(keyring, _under_other_codes(number))
    if not by_index:
        return None
    hits = session.connection().scalars(
        _RECODED_ELSEWHERE, {"wanted": listed(by_index), "name": plain_name(name)}
    )
    found = {by_index[bytes(index)] for index in hits}
    return found.pop() if len(found) == 1 else None


def deleted_among(session: Session, keyring: Keyring, numbers: Sequence[str]) -> set[str]:
    """Which of the numbers belong to somebody, here or elsewhere, whose data was deleted. They are kept for this alone:
    that no list brings the person back."""
    found: set[str] = set()
    for chunk in _chunks(numbers):
        by_index = _indexed(keyring, chunk)
        hits = session.connection().scalars(_DELETED, {"wanted": listed(by_index)})
        found.update(by_index[bytes(index)] for index in hits)
    return found


def data_deleted(session: Session, worker_id: int) -> bool:
    """Whether the person's data was deleted: the key is gone, and nothing may be written of the person any more."""
    stored = session.get(PersonKey, worker_id)
    return stored is None or not stored.sealed_key


def release_deleted(session: Session, keyring: Keyring, number: str) -> None:
    """Let the number of somebody whose data was deleted be that of a new record."""
    session.connection().execute(_RELEASE, {"wanted": listed(look_ups(keyring, "id_number", number))})


def keep_number(
    session: Session, keyring: Keyring, worker_id: int, number: str, origin: NumberOrigin
) -> FormerNumber:
    """Let `number` mean this person from now on; the record's own number stays.

    Raises
    ------
    models.sealing.Unsealable
        when the person's key was destroyed.
    sqlalchemy.exc.IntegrityError
        at the flush, when the number is kept for somebody already.
    """
    stored = session.get(PersonKey, worker_id)
    if stored is None:
        raise Unsealable("the person's key was destroyed")
    key = open_person_key(keyring, stored.master_key_id, stored.sealed_key)
    row = FormerNumber(
        worker_id=worker_id,
        id_number_sealed=seal(key, number.encode(), "worker.id_number"),
        origin=origin,
    )
    put(row, index_columns(keyring, "id_number", number))
    session.add(row)
    return row


def indexed(model: Any, indexes: Sequence[bytes]) -> ColumnElement[bool]:
    """Whether a row of `model` has its number under one of these, in either column."""
    return or_(col(model.id_number_index).in_(indexes), col(model.id_number_index_2).in_(indexes))


def related_prefixes(code: str) -> frozenset[str]:
    """The six-digit codes that one county has, or had: `code` itself, the code in force, and those it followed."""
    successors, formers = _code_changes()
    heirs = {code, *successors.get(code, ())}
    return frozenset(heirs.union(*(formers.get(heir, set()) for heir in heirs)))


def same_name(one: str, other: str) -> bool:
    """Whether two names are the same but for spaces, the width of characters and the dot inside."""
    return plain_name(one) == plain_name(other)


@lru_cache(maxsize=20_000)
def plain_name(name: str) -> str:
    """A name without what people write in different ways: 买买提·艾力 is 买买提 • 艾力."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", name).lower() if letter.isalnum())


@cache
def _code_changes() -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """The codes in force that followed each former one, and the other way round.

    Counties only: a county that went up in a whole city has no code of its own any more.
    """
    in_force = {row.code for row in regions() if len(row.code) == _COUNTY}
    successors: dict[str, set[str]] = defaultdict(set)
    formers: dict[str, set[str]] = defaultdict(set)
    for row in former_regions():
        if len(row.code) == _COUNTY and row.successor in in_force and row.successor != row.code:
            successors[row.code].add(row.successor)
            formers[row.successor].add(row.code)
    return dict(successors), dict(formers)


def _under_other_codes(number: str) -> list[str]:
    rest = number[_COUNTY:17]
    bodies = (code + rest for code in sorted(related_prefixes(number[:_COUNTY]) - {number[:_COUNTY]}))
    return [body + mod_11_2.calc_check_digit(body) for body in bodies]


def _holders(session: Session, keyring: Keyring, numbers: Sequence[str]) -> dict[str, tuple[int, str]]:
    found: dict[str, tuple[int, str]] = {}
    for chunk in _chunks(numbers):
        by_index = _indexed(keyring, chunk)
        rows = session.connection().execute(_FOUND, {"wanted": listed(by_index)})
        found.update((by_index[bytes(index)], (worker_id, name)) for index, worker_id, name in rows)
    return found


def _indexed(keyring: Keyring, numbers: Iterable[str]) -> dict[bytes, str]:
    return {index: number for number in numbers for index in look_ups(keyring, "id_number", number)}


def listed(values: Iterable[bytes]) -> str:
    """Bytes as an array is written: the driver takes as long for two of them as this for a hundred."""
    return "{" + ",".join(f'"\\\\x{value.hex()}"' for value in values) + "}"


def _chunks(numbers: Sequence[str]) -> Iterator[list[str]]:
    distinct = list(dict.fromkeys(numbers))
    for at in range(0, len(distinct), _CHUNK):
        yield distinct[at : at + _CHUNK]
