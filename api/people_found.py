"""Whose number it is: people found by an ID number or a telephone, by the keyed index, counted as every look-up."""

import re
import unicodedata

from pydantic import Field
from sqlalchemy import text
from sqlmodel import Session, col, select

from api.errors import Problem, invalid
from api.lookups import Lookups
from api.schemas.base import Plain, Told, example
from ledger.gazetteer import Gazetteer
from ledger.identity.matching import find_people, listed
from ledger.people import InvalidPhone, read_phone
from models.id_number import InvalidIdNumber, read_id_number
from models.sealing import Keyring, look_ups
from models.worker import Worker

_BY_TELEPHONE = text("SELECT id FROM telephones_here(CAST(:wanted AS bytea[])) id")
_NUMBER_LIKE = re.compile(r"[0-9]{4,}[0-9xX]*")
_WHOLE_NUMBER = (15, 18, 20, 22)


class NumberTold(Told):
    """An ID number or a telephone, whole."""

    number: Plain = Field(min_length=7, max_length=40)
    restricted: bool = Field(False, description="只找限制使用的")

    model_config = example({"number": "990100198003152482"})


def plain_digits(typed: str) -> str:
    """What was typed without spaces and dashes, wide digits made narrow."""
    return re.sub(r"[\s\-—+]", "", unicodedata.normalize("NFKC", typed))


def looks_like_number(typed: str) -> bool:
    """Whether what was typed may be somebody's number, or the beginning of one: it stands in no address then."""
    return _NUMBER_LIKE.fullmatch(plain_digits(typed)) is not None


def found_by_number(
    session: Session, keyring: Keyring, lookups: Lookups, number: str, *, restricted: bool = False
) -> list[Worker]:
    """Whose it is, of the people that the session may see. Every number that is asked after counts, found or not.

    Raises
    ------
    Problem
        422 for what is neither, 429 beyond the day's limit.
    """
    digits = plain_digits(number)
    lookups.count(digits)
    if len(digits) in _WHOLE_NUMBER:
        ids = _by_id_number(session, keyring, digits)
    else:
        ids = _by_telephone(session, keyring, digits)
    rows = session.exec(
        select(Worker)
        .where(
            col(Worker.id).in_(ids),
            col(Worker.merged_into).is_(None),
            col(Worker.restricted) if restricted else ~col(Worker.restricted),
        )
        .order_by(col(Worker.name_pinyin), col(Worker.id))
    )
    return list(rows)


def _by_id_number(session: Session, keyring: Keyring, digits: str) -> list[int]:
    try:
        told = read_id_number(digits, ever_assigned=Gazetteer.national().ever_assigned, demonstration=True)
    except InvalidIdNumber as error:
        raise invalid("number", error.fault.value, str(error)) from error
    return list(find_people(session, keyring, [told.number]).values())


def _by_telephone(session: Session, keyring: Keyring, digits: str) -> list[int]:
    try:
        phone = read_phone(digits.removeprefix("86") if len(digits) == 13 else digits)
    except InvalidPhone:
        raise not_whole() from None
    wanted = {"wanted": listed(look_ups(keyring, "phone", phone))}
    return list(session.connection().scalars(_BY_TELEPHONE, wanted))


def not_whole() -> Problem:
    """422: what was typed is neither number; it is not repeated."""
    return invalid(
        "number", "format", "请输入完整的证件号码（18位或15位）或联系电话（11位手机号，座机带区号）。"
    )
