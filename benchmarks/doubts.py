"""疑点 over a county's ledger: seconds, memory and findings of the first run and of one that finds nothing new.

    python benchmarks/doubts.py --people 100000

People are generated from a fixed seed: three to a household, sixteen townships, two in three with a report of work,
and about as many slips of the pen as a hand-kept ledger has.
"""

import argparse
import random
import resource
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, create_engine, text
from sqlmodel import Session

from api.audit import audited
from api.database import Sessions, migrate, owner_connection, sessions_of
from api.deps import act_as
from api.doubts.checking import check
from api.postgres.embedded import temporary_cluster
from api.seeding.reference import load_reference
from ledger.pinyin import pinyin
from ledger.records.reported import Reported
from ledger.records.sealed import digest, record_bytes
from models.account import Account, AccountBinding, Role
from models.base import now
from models.bulk import insert_rows, reserve_ids
from models.id_number import demo_id_number
from models.sealing import Keyring, index_columns, new_person_key, seal
from models.worker import LabourCapability, Sex

COUNTY, TODAY = "610728", date(2021, 9, 20)
_BATCH = 9_999  # whole households
_SURNAMES, _NAMES = "王李张刘陈杨赵黄周吴", "英秀兰芳军平华明珍强"


def main() -> None:
    """Generate, check twice, print."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--people", type=int, default=100_000)
    people = arguments.parse_args().people
    keyring = Keyring.of_secret(b"a secret of the benchmark, of no other use")
    with temporary_cluster() as cluster:
        cluster.ensure_database("benchmark")
        with owner_connection(cluster.owner_url("benchmark")) as owner:
            migrate(owner)
            load_reference(owner)
            account_id, townships = _account(owner), _townships(owner)
        engine = create_engine(cluster.service_url("benchmark"))
        sessions = audited(sessions_of(engine), keyring)
        begun = time.perf_counter()
        with sessions() as session, session.begin():
            act_as(session, account_id)
            _fill(session, keyring, people, townships)
        print(f"filled: {people} people in {time.perf_counter() - begun:.1f} s, {_memory()} MB")
        with owner_connection(cluster.owner_url("benchmark")) as owner:
            owner.execute(text("ANALYZE"))
        for words in ("first run", "second run"):
            _run(words, sessions, keyring, account_id)
        engine.dispose()


def _run(words: str, sessions: Sessions, keyring: Keyring, account_id: int) -> None:
    begun = time.perf_counter()
    with sessions() as session, session.begin():
        act_as(session, account_id)
        run = check(session, keyring, region=COUNTY, as_of=TODAY, account_id=account_id)
        told = f"{run.people} people, {run.records} records, {run.statistics}, {run.counts}"
    print(f"{words}: {time.perf_counter() - begun:.1f} s, at most {_memory()} MB: {told}")


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _account(owner: Connection) -> int:
    with sessions_of(owner)() as session:
        account = Account(username="benchmark", display_name="benchmark")
        session.add(account)
        session.flush()
        session.add(AccountBinding(account_id=account.identity, role=Role.COUNTY, region=COUNTY))
        session.commit()
        return account.identity


def _townships(owner: Connection) -> list[str]:
    below = text("SELECT code FROM region WHERE parent_code = :county ORDER BY code LIMIT 16")
    return list(owner.scalars(below, {"county": COUNTY}))


def _fill(session: Session, keyring: Keyring, people: int, townships: list[str]) -> None:
    dice = random.Random(20210920)
    connection = session.connection()
    for first in range(0, people, _BATCH):
        count = min(_BATCH, people - first)
        households = _households(connection, dice, first, count, townships)
        ids = reserve_ids(connection, "worker", count)
        rows, keys, reports = [], [], []
        for at, worker_id in enumerate(ids):
            key, master_key_id, sealed_key = new_person_key(keyring)
            home, region = households[at // 3]
            born = date(dice.randint(1950, 2008), dice.randint(1, 12), dice.randint(1, 28))
            number = demo_id_number(born, (first + at) % 1000, dice.choice(list(Sex)))
            row, phone = _worker(dice, first + at, born)
            seals = (("id_number", number), ("phone", phone))
            for name, value in seals:
                row[f"{name}_sealed"] = seal(key, value.encode(), f"worker.{name}")
                row |= index_columns(keyring, name, f"{value} {first + at}" if name == "id_number" else value)
            rows.append(row | {"id": worker_id, "household_id": home, "region": region})
            keys.append({"worker_id": worker_id, "master_key_id": master_key_id, "sealed_key": sealed_key})
            if dice.random() < 2 / 3:
                content = record_bytes(_work(dice, first + at))
                sealed = seal(key, content, "spell_report.record")
                reports.append(_report(worker_id, sealed, digest(keyring, worker_id, content)))
        insert_rows(connection, "worker", rows)
        insert_rows(connection, "person_key", keys)
        insert_rows(connection, "spell_report", _numbered(connection, reports))


def _numbered(connection: Connection, reports: list[dict[str, Any]]) -> list[dict[str, Any]]:
    ids = reserve_ids(connection, "spell_report", len(reports))
    return [report | {"id": number} for report, number in zip(reports, ids, strict=True)]


def _households(
    connection: Connection, dice: random.Random, first: int, count: int, townships: list[str]
) -> list[tuple[int, str]]:
    needed = -(-count // 3)
    ids = reserve_ids(connection, "household", needed)
    rows = [
        {
            "id": number,
            "created_at": now(),
            "number": f"61072800{first // 3 + at:08d}",
            "region": townships[(first // 3 + at) * len(townships) // 40_000 % len(townships)],
            "village": f"测试{(first // 3 + at) // 150 % 20}村",
            "risks": ["务工就业不稳"] if dice.random() < 0.02 else [],
            "measures": ["劳务输出"] if dice.random() < 0.02 else [],
            "is_demo": True,
        }
        for at, number in enumerate(ids)
    ]
    insert_rows(connection, "household", rows)
    return [(number, str(row["region"])) for number, row in zip(ids, rows, strict=True)]


def _worker(dice: random.Random, at: int, born: date) -> tuple[dict[str, Any], str]:
    name = dice.choice(_SURNAMES) + dice.choice(_NAMES) + dice.choice(_NAMES)
    child = born > date(2005, 9, 20)
    capability = LabourCapability.NONE if child else dice.choice(list(LabourCapability)[:3])
    phone = "+8610000000777" if dice.random() < 0.001 else f"+86100{at:08d}"
    row = {
        "created_at": now(),
        "national_number": f"61072899{at:08d}",
        "name": name,
        "name_pinyin": pinyin(name),
        "birth_date": born,
        "labour_capability": capability,
        "health": ["健康"],
        "at_school": child,
        "restricted": False,
        "is_demo": True,
    }
    return row, phone


def _work(dice: random.Random, at: int) -> Reported:
    ended = date(2021, dice.randint(7, 8), 1) if dice.random() < 0.3 else None
    slip: Callable[[float], bool] = lambda share: dice.random() < share  # noqa: E731 - a word for what follows
    return Reported(
        at,
        working=ended is None if not slip(0.02) else ended is not None,
        started=date(dice.randint(2017, 2021), dice.randint(1, 6), 1),
        ended=ended,
        region=dice.choice(("320612", "3206", "441302", COUNTY)),
        employer=None if slip(0.03) else f"测试{dice.randint(1, 900)}公司",
        income=Decimal(dice.choice((3500, 4200, 5000, 45000 if slip(0.1) else 4800))),
        industry="制造业",
        channel="公益性岗位" if slip(0.05) else "自发外出务工",
        point_to_point=False,
    )


def _report(worker_id: int, sealed: bytes, keyed: bytes) -> dict[str, Any]:
    return {
        "created_at": now(),
        "worker_id": worker_id,
        "source": "import",
        "kind": "away",
        "reported_on": TODAY,
        "sealed_record": sealed,
        "digest": keyed,
    }


if __name__ == "__main__":
    main()
