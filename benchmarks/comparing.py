"""两本账对账 at a county's size: compare, settle in bulk, preview and keep evidence: seconds and processor time of each.

    python benchmarks/comparing.py --rows 10000
    python benchmarks/comparing.py --rows 10000 --profile

People are generated: all at work, numbers that are nobody's. The other list says another income of nine in ten and
another place or employer of some; the list of payments names everybody. The database's own work is in the clock only.
"""

import argparse
import csv
import resource
import time
from collections.abc import Callable
from datetime import date
from io import StringIO
from typing import Any

from sqlalchemy import create_engine
from sqlmodel import Session, col, select

from api import proving
from api.audit import audited
from api.comparing import KIND
from api.database import Sessions, migrate, owner_connection, sessions_of
from api.deps import act_as
from api.intake.receiving import APPLY, STAGE, ask, receive
from api.jobs.running import enqueue
from api.postgres.embedded import temporary_cluster
from api.seeding.reference import load_reference
from api.settings import Environment, Settings
from api.settling import answer, open_rows
from api.taking import Clerk
from api.worker.working import work_one
from models.account import Account, AccountBinding, Role
from models.id_number import demo_id_number
from models.intake import Import, ImportKind, ImportPurpose, ImportState, Settlement, Standing
from models.job import Job
from models.sealing import Keyring
from models.worker import Sex

TODAY, COUNTY = date(2021, 9, 20), "610728"
_SURNAMES, _NAMES = "王李张刘陈杨赵黄周吴徐孙马朱胡", "英秀兰芳军平华明珍强伟丽娟敏静勇艳杰磊洋"


def main() -> None:
    """Generate, compare, settle, prove, print."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--rows", type=int, default=10_000)
    arguments.add_argument("--profile", action="store_true")
    told = arguments.parse_args()
    keyring = Keyring.of_secret(b"a secret of the benchmark, of no other use")
    with temporary_cluster() as cluster:
        cluster.ensure_database("benchmark")
        with owner_connection(cluster.owner_url("benchmark")) as owner:
            migrate(owner)
            load_reference(owner)
            account_id = _account(owner)
        engine = create_engine(cluster.service_url("benchmark"))
        bench = Bench(audited(sessions_of(engine), keyring), keyring, account_id, told.profile)
        bench.run(told.rows)
        engine.dispose()


class Bench:
    """One database, one clerk."""

    def __init__(self, sessions: Sessions, keyring: Keyring, account_id: int, profile: bool) -> None:
        self.sessions, self.keyring, self.account_id, self.profile = sessions, keyring, account_id, profile
        self.settings = Settings(environment=Environment.DEMONSTRATION, business_date=TODAY)

    def run(self, rows: int) -> None:
        """All steps, one after the other."""
        numbers = range(rows)
        mine = self._sent([_away(index) for index in numbers], ImportKind.AWAY, ImportPurpose.APPLY)
        with self.sessions() as session, session.begin():
            act_as(session, self.account_id)
            row = session.get_one(Import, mine)
            row.state = ImportState.APPLYING
            ask(session, self.account_id, row, APPLY)
        self._work()
        theirs = self._sent([_told(index) for index in numbers], ImportKind.AWAY, ImportPurpose.COMPARE)
        self._enqueue(KIND, {"import_id": theirs})
        self._step("away list compared", self._work)
        self._step("one page of rows taken (income)", lambda: self._settle(theirs, "income", 30))
        self._step("bulk: theirs taken (income)", lambda: self._settle(theirs, "income"))
        self._step("bulk: theirs taken (employer)", lambda: self._settle(theirs, "employer"))
        self._step("bulk: theirs taken (started)", lambda: self._settle(theirs, "started"))
        self._step("bulk: theirs taken (education)", lambda: self._settle(theirs, "education"))
        paid = self._sent(
            [_paid(index) for index in numbers], ImportKind.SOCIAL_INSURANCE, ImportPurpose.COMPARE
        )
        self._enqueue(KIND, {"import_id": paid})
        self._step("payments compared", self._work)
        self._step("evidence previewed", lambda: self._preview(paid))
        self._enqueue(proving.KIND, {"import_id": paid, "grade": "A"})
        self._step("evidence kept", self._work)
        self._step("evidence taken back", lambda: self._take_back(paid))

    def _sent(self, rows: list[dict[str, str]], kind: ImportKind, purpose: ImportPurpose) -> int:
        stream = StringIO(newline="")
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
        with self.sessions() as session, session.begin():
            act_as(session, self.account_id)
            row, _ = receive(
                session, self.keyring, stream.getvalue().encode(), file_name="名单.csv", kept_by=COUNTY, as_of=TODAY,
                today=TODAY, demonstration=True, account_id=self.account_id, kind=kind, purpose=purpose,
            )  # fmt: skip
            ask(session, self.account_id, row, STAGE)
            number = row.identity
        self._work()
        return number

    def _enqueue(self, kind: str, argument: dict[str, Any]) -> None:
        with self.sessions() as session, session.begin():
            act_as(session, self.account_id)
            enqueue(session, self.account_id, kind, argument)

    def _work(self) -> None:
        while work_one(self.sessions, self.keyring, self.settings):
            pass
        with self.sessions() as session, session.begin():
            act_as(session, self.account_id)
            for job in session.exec(select(Job).where(col(Job.state) == "failed")):
                raise SystemExit(f"{job.kind}: {job.message}")

    def _in(self, work: Callable[[Session, Import], object], import_id: int) -> object:
        with self.sessions() as session, session.begin():
            act_as(session, self.account_id)
            return work(session, session.get_one(Import, import_id))

    def _settle(self, import_id: int, field: str, most: int | None = None) -> object:
        def work(session: Session, row: Import) -> int:
            clerk = Clerk(self.account_id, None, self.settings)
            rows = open_rows(session, import_id, standing=Standing.DIFFERS, field=field)[:most]
            answer(session, self.keyring, row, rows, Settlement.TAKEN, clerk, fields=[field])
            return len(rows)

        return self._in(work, import_id)

    def _preview(self, import_id: int) -> object:
        def work(session: Session, row: Import) -> object:
            return proving.plan(session, self.keyring, row, "A", self.settings).pieces

        return self._in(work, import_id)

    def _take_back(self, import_id: int) -> object:
        def work(session: Session, row: Import) -> int:
            return proving.take_back(session, self.keyring, row, account_id=self.account_id, request_id=None)

        return self._in(work, import_id)

    def _step(self, words: str, work: Callable[[], object]) -> None:
        begun, cpu = time.perf_counter(), time.process_time()
        if self.profile:
            import cProfile
            import pstats

            with cProfile.Profile(time.process_time) as profiled:
                made = work()
            pstats.Stats(profiled).sort_stats("cumtime").print_stats(45)
        else:
            made = work()
        seconds, used = time.perf_counter() - begun, time.process_time() - cpu
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        told = "" if made is None else f", {made}"
        print(f"{words}: {seconds:.1f} s, {used:.1f} s of processor, at most {memory} MB{told}", flush=True)


def _account(owner: Any) -> int:
    with sessions_of(owner)() as session:
        account = Account(username="benchmark", display_name="benchmark")
        session.add(account)
        session.flush()
        number = account.identity
        session.add(AccountBinding(account_id=number, role=Role.COUNTY, region=COUNTY))
        session.commit()
    return number


def _number(index: int) -> str:
    born = date(1958 + index % 45, 1 + index // 45 % 12, 1 + index // 540 % 28)
    return demo_id_number(born, 100 + index // 15_120, Sex.FEMALE)


def _name(index: int) -> str:
    return _SURNAMES[index % 15] + _NAMES[index // 15 % 20] + _NAMES[index // 300 % 20]


def _away(index: int) -> dict[str, str]:
    return {
        "户编号": f"H{index // 3:06d}", "户类型": "脱贫户", "村": f"测试{index // 600:03d}村", "姓名": _name(index),
        "证件号码": _number(index), "文化程度": "初中", "联系电话": f"1000{index:07d}", "是否务工": "是",
        "开始时间": "2021年03月", "务工所在省": "江苏省", "务工所在市": "南通市", "务工所在县": "通州区",
        "务工企业名称": f"南通测试{index % 500:03d}家纺有限公司", "务工月收入": "4500",
    }  # fmt: skip


def _told(index: int) -> dict[str, str]:
    told = _away(index)
    if index % 10:
        told["务工月收入"] = str(4500 + 100 * (1 + index % 9))
    if index % 5 == 0:
        told["务工企业名称"] = f"南通测试{index % 500:03d}服装有限公司"
    if index % 5 == 1:
        told["开始时间"] = "2021年04月"
    if index % 5 == 2:
        told["文化程度"] = "高中"
    return told


def _paid(index: int) -> dict[str, str]:
    firm = "服装" if index % 5 == 0 else "家纺"
    return {
        "姓名": _name(index), "证件号码": _number(index), "参保单位": f"南通测试{index % 500:03d}{firm}有限公司",
        "费款所属期": "202104-202108", "险种": "企业职工基本养老保险",
    }  # fmt: skip


if __name__ == "__main__":
    main()
