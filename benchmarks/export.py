"""A county's registers and its monthly return as files: seconds and memory, beside pandas with openpyxl.

    python -m benchmarks.export --people 100000 --views relieved away

Of every file: rows and size, the clock, the processor's seconds of this process and of the database, peak memory.

The service's part is the whole job: rows read under row security, ID numbers and telephones opened, the workbook
written in a stream, sealed and stored. The peers are given the finished cells and only write them; they run, each in
a process of its own, where they can be imported (`pip install openpyxl pandas`, no dependency of the project).
"""

import argparse
import importlib.util
import io
import multiprocessing
import os
import random
import resource
import threading
import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlmodel import Session

from api.audit import audited
from api.database import Sessions, migrate, owner_connection, sessions_of
from api.deps import act_as
from api.exporting.making import Wanted, ask
from api.postgres.embedded import temporary_cluster
from api.seeding.reference import load_reference
from api.settings import Environment, Settings
from api.worker.working import work_off
from ledger.records.reported import Reported
from ledger.records.sealed import digest, record_bytes
from ledger.registers.catalogue import VIEWS
from ledger.registers.view import Asked, cells
from models.account import Account, AccountBinding, Role
from models.base import now
from models.bulk import insert_rows, reserve_ids
from models.export import Format
from models.id_number import demo_id_number
from models.sealing import Keyring, index_columns, new_person_key, seal
from models.worker import Sex

COUNTY, TODAY = "610728", date(2021, 9, 20)
_BATCH = 9_999
_WORK = """
INSERT INTO employer (created_at, name, kind, region, kept_by, is_demo)
    SELECT now(), '测试用人单位' || n, 'enterprise', '320612', '320612', true FROM generate_series(1, 500) n;
INSERT INTO hardship_period (created_at, household_id, category, from_on)
    SELECT now(), id, 'relieved', '2016-01-01' FROM household;
INSERT INTO employment_spell (created_at, worker_id, origin_region, employer_id, region, kind, started_on, ended_on,
        precision, monthly_income, channel, is_main, is_demo, version)
    SELECT now(), id, region, (SELECT min(id) FROM employer) + id % 500, '320612', 'market',
        date '2021-01-05' + (id % 40)::int, date '2021-04-01' + (id % 20)::int, 'day', 4000 + id % 3000,
        '东西部劳务协作', true, true, 1 FROM worker WHERE id % 2 = 0
    UNION ALL
    SELECT now(), id, region, (SELECT min(id) FROM employer) + id % 499, '320612', 'market',
        date '2021-04-25' + (id % 60)::int, NULL, 'day', 4500 + id % 3000, '东西部劳务协作', true, true, 1 FROM worker;
INSERT INTO report_decision (created_at, report_id, spell_id, outcome, rule, reason, before)
    SELECT now(), told.id, spell.id, 'opens', 'benchmark', '', '{}' FROM spell_report told
    JOIN employment_spell spell ON spell.worker_id = told.worker_id AND spell.ended_on IS NULL;
ANALYZE;
"""


def main() -> None:
    """Generate, export, compare, print."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--people", type=int, default=100_000)
    arguments.add_argument("--views", nargs="*", default=["relieved", "away"])
    told = arguments.parse_args()
    keyring = Keyring.of_secret(b"a secret of the benchmark, of no other use")
    with temporary_cluster() as cluster:
        cluster.ensure_database("benchmark")
        with owner_connection(cluster.owner_url("benchmark")) as owner:
            migrate(owner)
            load_reference(owner)
            account_id, townships = _account(owner), _townships(owner)
        engine = create_engine(cluster.service_url("benchmark"))
        backends = _backends(engine)
        sessions = audited(sessions_of(engine), keyring)
        _measured("filled", backends, lambda: _fill(sessions, keyring, account_id, told.people, townships))
        with owner_connection(cluster.owner_url("benchmark")) as owner:
            owner.execute(text(_WORK))
        for code in told.views:
            for kind in (Format.XLSX, Format.CSV):
                _measured(
                    f"{code} as {kind.value}",
                    backends,
                    lambda code=code, kind=kind: _export(sessions, keyring, account_id, code, kind),
                )
        table = _plain(sessions, keyring, account_id, told.views[0])
        engine.dispose()
    for name, peer in (("openpyxl, write-only", _by_openpyxl), ("pandas with openpyxl", _by_pandas)):
        if importlib.util.find_spec("pandas" if peer is _by_pandas else "openpyxl") is None:
            print(f"{name}: not installed")
            continue
        _alone(name, peer, table)


def _backends(engine: Engine) -> list[int]:
    """The processes that work for the connections of `engine`, as they are opened."""
    found: list[int] = []
    event.listen(engine, "connect", lambda connection, _: found.append(connection.info.backend_pid))
    return found


def _computed(processes: list[int]) -> float:
    """Processor seconds that they have used so far, those that are still there."""
    ticks = 0
    for process in processes:
        stat = Path(f"/proc/{process}/stat")
        if stat.exists():
            ticks += sum(map(int, stat.read_text().rsplit(")", 1)[1].split()[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def _measured(words: str, backends: list[int], run: Callable[[], object]) -> None:
    # The peak so far would hide a smaller one: what is in memory is looked at every tenth of a second.
    peak, done = [_resident()], threading.Event()

    def watch() -> None:
        while not done.wait(0.1):
            peak[0] = max(peak[0], _resident())

    watcher = threading.Thread(target=watch)
    before, asked = _resident(), _computed(backends)
    begun, computed = time.perf_counter(), time.process_time()
    watcher.start()
    found = run()
    seconds, computed = time.perf_counter() - begun, time.process_time() - computed
    done.set()
    watcher.join()
    memory = f"{before} MB before, at most {peak[0]} MB"
    used = f"{computed:.1f} s of this process, {_computed(backends) - asked:.1f} s of the database"
    print(f"{words}: {seconds:.1f} s ({used}), {memory}: {found}", flush=True)


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() >> 20


def _export(sessions: Sessions, keyring: Keyring, account_id: int, code: str, kind: Format) -> str:
    asked = Asked(COUNTY, TODAY.replace(month=1, day=1), TODAY)
    with sessions() as session, session.begin():
        caller = act_as(session, account_id)
        wanted = Wanted(VIEWS[code], asked, kind, False, "benchmark")
        export_id = ask(session, keyring, caller, wanted).identity
    settings = Settings(environment=Environment.DEMONSTRATION)
    work_off(sessions, keyring, settings)
    with sessions() as session, session.begin():
        act_as(session, account_id)
        row = session.execute(text("SELECT rows, size FROM export WHERE id = :id"), {"id": export_id}).one()
    return f"{row.rows} rows, {row.size / 1e6:.1f} MB"


def _plain(sessions: Sessions, keyring: Keyring, account_id: int, code: str) -> list[list[Any]]:
    asked = Asked(COUNTY, TODAY.replace(month=1, day=1), TODAY)
    with sessions() as session, session.begin():
        act_as(session, account_id)
        table = next(VIEWS[code].tables(session, keyring, asked))
        return [[column.heading for column in table.columns], *cells(table, masked=False)]


def _alone(name: str, peer: Callable[[list[list[Any]]], int], table: list[list[Any]]) -> None:
    process = multiprocessing.get_context("fork").Process(
        target=_measured, args=(f"{name}, {len(table) - 1} rows", [], lambda: f"{peer(table) / 1e6:.1f} MB")
    )
    process.start()
    process.join()


def _by_openpyxl(table: list[list[Any]]) -> int:
    from openpyxl import Workbook

    book, stream = Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet()
    for row in table:
        sheet.append(row)
    book.save(stream)
    return stream.tell()


def _by_pandas(table: list[list[Any]]) -> int:
    from pandas import DataFrame

    stream = io.BytesIO()
    DataFrame(table[1:], columns=table[0]).to_excel(stream, index=False, engine="openpyxl")
    return stream.tell()


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


def _fill(sessions: Sessions, keyring: Keyring, account_id: int, people: int, townships: list[str]) -> str:
    with sessions() as session, session.begin():
        act_as(session, account_id)
        dice = random.Random(20210920)
        for first in range(0, people, _BATCH):
            _some(session, keyring, dice, first, min(_BATCH, people - first), townships)
    return f"{people} people"


def _some(
    session: Session, keyring: Keyring, dice: random.Random, first: int, count: int, townships: list[str]
) -> None:
    connection = session.connection()
    homes = reserve_ids(connection, "household", -(-count // 3))
    households = [
        {"id": number, "created_at": now(), "number": f"{COUNTY}{first + at:06d}", "region": townships[at % 16],
         "risks": [], "measures": [], "is_demo": True}
        for at, number in enumerate(homes)
    ]  # fmt: skip
    insert_rows(connection, "household", households)
    workers, keys, reports = [], [], []
    for at, worker_id in enumerate(reserve_ids(connection, "worker", count)):
        key, master_key_id, sealed_key = new_person_key(keyring)
        born = date(1960, 1, 1) + timedelta(dice.randrange(16_000))
        sex = dice.choice(list(Sex))
        number, phone = demo_id_number(born, (first + at) % 400_000, sex), f"+8610{first + at:09d}"
        home = households[at // 3]
        workers.append(
            {"id": worker_id, "created_at": now(), "region": home["region"], "household_id": home["id"],
             "name": f"测试{first + at}", "name_pinyin": "ce shi", "sex": sex, "birth_date": born,
             "id_number_sealed": seal(key, number.encode(), "worker.id_number"),
             **index_columns(keyring, "id_number", f"{number} {first + at}"),
             "phone_sealed": seal(key, phone.encode(), "worker.phone"),
             **index_columns(keyring, "phone", phone), "health": ["健康"], "ethnicity": "汉族",
             "education": "junior_high", "labour_capability": "ordinary", "relation_to_head": "head",
             "restricted": False, "is_demo": True}
        )  # fmt: skip
        record = record_bytes(_told(dice))
        reports.append(
            {"created_at": now(), "worker_id": worker_id, "source": "import", "kind": "away", "reported_on": TODAY,
             "sealed_record": seal(key, record, "spell_report.record"), "digest": digest(keyring, worker_id, record)}
        )  # fmt: skip
        keys.append({"worker_id": worker_id, "master_key_id": master_key_id, "sealed_key": sealed_key})
    insert_rows(connection, "worker", workers)
    insert_rows(connection, "person_key", keys)
    insert_rows(connection, "spell_report", reports)


def _told(dice: random.Random) -> Reported:
    """What a list said of somebody's work; the accepted spell lies over it."""
    started, income = date(2021, 4 + dice.randrange(3), 1), Decimal(4_500 + dice.randrange(3_000))
    return Reported(
        1, working=True, started=started, region="320612", employer="测试用人单位1", income=income,
        industry="制造业", channel="东西部劳务协作", point_to_point=False, form="务工", plans=False,
    )  # fmt: skip


if __name__ == "__main__":
    main()
