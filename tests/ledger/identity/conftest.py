"""People to be one or two."""

from collections.abc import Callable
from datetime import date
from itertools import count

import pytest
from sqlmodel import Session

from ledger.gazetteer import Gazetteer
from ledger.people import NewWorker, register
from models.id_number import demo_id_number
from models.sealing import Keyring
from models.worker import Sex, Worker

BIRTH = date(1971, 2, 3)
_sequences = count(310_000)


@pytest.fixture
def enter(keyring: Keyring) -> Callable[..., Worker]:
    """Registers somebody: 台账人 of 景阳镇 (sic) with a number of their own, unless told otherwise."""

    def make(session: Session, *, village: str | None = None, **facts: object) -> Worker:
        told = {
            "name": "台账人",
            "region": "610728001",
            "id_number": demo_id_number(BIRTH, next(_sequences), Sex.MALE),
        } | facts
        new = NewWorker(**told)  # type: ignore[arg-type]
        known = Gazetteer.national().ever_assigned
        worker = register(session, keyring, new, ever_assigned=known, demonstration=True)
        if village is not None:
            worker.village = village
            session.add(worker)
            session.flush()
        return worker

    return make
