"""A county's workbook from upload to committed people with 疑点: seconds of each step, processor time, peak memory.

    python -m benchmarks.intake --rows 100000
    python -m benchmarks.intake --rows 100000 --beside openpyxl pandas script

Rows are generated from a fixed seed in the national system's layout (已外出务工信息, 30 columns, every cell text): three
people to a household, numbers that are nobody's. Memory is that of this process, which does the worker's work, and of
the children that open the file and read its lines, five times a second; the database's own is not in it, its processor time is told beside.

`--beside` does with the same file, in the same run, what needs other libraries: `openpyxl` and `pandas` only read it,
`script` is what a bureau's own script would do: pandas reads it, every row is looked at (check character, birth date,
months, telephone, income), and what is left is copied into one empty table, in clear, without an account of anything.
"""

import argparse
import multiprocessing
import os
import random
import re
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

TODAY, COUNTY = date(2021, 9, 20), "610728"
HEADINGS = (
    "乡（镇）", "村", "户编号", "人编号", "户类型", "监测对象类别", "风险是否已消除", "姓名", "证件号码", "证件类型",
    "与户主关系", "民族", "政治面貌", "文化程度", "健康状况", "劳动技能", "联系电话", "是否务工", "开始时间", "结束时间",
    "务工所在省", "务工所在市", "务工所在县", "务工企业名称", "务工月收入", "所属行业", "就业渠道", "是否点对点输送", "务工形式",
    "是否会讲普通话",
)  # fmt: skip
_PLACES = (
    ("江苏省", "南通市", "通州区"), ("江苏省", "南通市", "如皋市"), ("陕西省", "西安市", "长安区"), ("浙江省", "宁波市", "慈溪市"),
)  # fmt: skip
_SURNAMES, _NAMES = "王李张刘陈杨赵黄周吴徐孙马朱胡", "英秀兰芳军平华明珍强伟丽娟敏静勇艳杰磊洋"


def main() -> None:
    """Generate the file, take it in, print."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--rows", type=int, default=100_000)
    arguments.add_argument("--beside", choices=("openpyxl", "pandas", "script"), nargs="*", default=[])
    arguments.add_argument("--profile", action="store_true")
    told = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "away.xlsx"
        _in_a_process(generate, path, told.rows)
        print(f"workbook: {told.rows} rows x {len(HEADINGS)} columns, {path.stat().st_size / 2**20:.1f} MB")
        _in_a_process(take_in, path, told.profile)
        for each in told.beside:
            _in_a_process(_script if each == "script" else _read_beside, path, each)


def _in_a_process(function: Callable[..., None], *arguments: Any) -> None:
    """In a fresh process, so that what one step leaves in memory is not counted with another."""
    process = multiprocessing.get_context("spawn").Process(target=function, args=arguments)
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(process.exitcode)


def generate(path: Path, rows: int) -> None:
    """The workbook."""
    import xlsxwriter

    random.seed(20210920)
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("已外出务工信息")
        sheet.write_string(0, 0, "全国防返贫监测和衔接推进乡村振兴信息系统")
        sheet.write_string(1, 0, "已外出务工信息")
        for number, cells in enumerate([HEADINGS, *(_row(index) for index in range(rows))], 2):
            for column, cell in enumerate(cells):
                if cell:
                    sheet.write_string(number, column, cell)


def _row(index: int) -> tuple[str, ...]:
    from models.id_number import demo_id_number
    from models.worker import Sex

    born = date(1958 + index % 45, 1 + index // 45 % 12, 1 + index // 540 % 28)
    sex = random.choice((Sex.FEMALE, Sex.MALE))
    household, member = divmod(index, 3)
    relieved, watched = household % 3 == 0, household % 40 == 1
    begun = 1 + random.randrange(8)
    ended = "" if random.random() < 0.8 else f"2021年{begun + random.randrange(1, 9 - begun + 1):02d}月"
    place = random.choice(_PLACES)
    return (
        "泾洋街道", f"测试{household % 200:03d}村", f"6107280{household:07d}", f"610728{index:09d}",
        "脱贫户" if relieved else "一般农户", "边缘易致贫户" if watched else "", "否" if watched else "",
        random.choice(_SURNAMES) + random.choice(_NAMES) + random.choice(_NAMES),
        demo_id_number(born, 100 + index // 15_120 % 490_000, sex), "居民身份证",
        ("户主", "配偶", "之子")[member], "汉族", "群众", random.choice(("小学", "初中", "高中")), "健康",
        "普通劳动力", f"1000{index:07d}", "否" if ended else "是", f"2021年{begun:02d}月", ended,
        *place, f"{place[1]}测试{random.randrange(3000):04d}有限公司", str(random.randrange(25, 80) * 100), "制造业",
        "东西部劳务协作", "是" if random.random() < 0.5 else "否", "长期务工", "是",
    )  # fmt: skip


def _read_beside(path: Path, library: str) -> None:
    with _Watch() as watch:
        if library == "openpyxl":
            import openpyxl

            sheet = openpyxl.load_workbook(path, read_only=True).worksheets[0]
            cells = sum(len(row) for row in sheet.iter_rows(values_only=True))
        else:
            import pandas

            cells = pandas.read_excel(path, header=2, dtype=str).size
    print(
        f"{library} only reads it: {watch.seconds:.1f} s, {watch.cpu:.1f} s of processor, {watch.peak} MB, {cells} cells"
    )


def _script(path: Path, _: str) -> None:
    import psycopg

    from api.postgres.embedded import temporary_cluster

    with temporary_cluster() as cluster:
        cluster.ensure_database("benchmark")
        address = cluster.owner_url("benchmark").replace("postgresql+psycopg", "postgresql")
        with psycopg.connect(address) as connection:
            columns = ", ".join(f"c{number} text" for number in range(len(HEADINGS)))
            connection.execute(f"CREATE TABLE people ({columns})")
            with _Watch() as watch:
                import pandas

                rows = pandas.read_excel(path, header=2, dtype=str).astype(object)
                rows = rows.where(rows.notna(), None)
                with connection.cursor().copy("COPY people FROM STDIN") as copy:
                    kept = 0
                    for row in rows.itertuples(index=False, name=None):
                        if _looks_right(dict(zip(HEADINGS, row, strict=True))):
                            copy.write_row(row)
                            kept += 1
                connection.commit()
    print(
        f"a script with pandas and COPY: {watch.seconds:.1f} s, {watch.cpu:.1f} s of processor, the database "
        f"{watch.database:.1f} s, {watch.peak} MB, {kept} rows kept"
    )


def _looks_right(row: dict[str, str | None]) -> bool:
    number, month = row["证件号码"] or "", r"[0-9]{4}年(0[1-9]|1[0-2])月"
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return False
    weighed = sum(int(digit) * pow(2, 17 - at, 11) for at, digit in enumerate(number[:17]))
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
        income = int(row["务工月收入"] or 0)
    except ValueError:
        return False
    return (
        "10X98765432"[weighed % 11] == number[17]
        and bool(row["姓名"])
        and income >= 0
        and all(not row[name] or re.fullmatch(month, row[name] or "") for name in ("开始时间", "结束时间"))
        and bool(re.fullmatch(r"1[0-9]{10}", row["联系电话"] or ""))
    )


def take_in(path: Path, profile: bool) -> None:
    """Upload, read, check, apply: the jobs of the service, one after the other."""
    from sqlalchemy import create_engine, text
    from sqlmodel import select

    from api.audit import audited
    from api.database import migrate, owner_connection, sessions_of
    from api.deps import act_as
    from api.intake.receiving import APPLY, STAGE, ask, receive
    from api.postgres.embedded import temporary_cluster
    from api.seeding.reference import load_reference
    from api.settings import Environment, Settings
    from api.worker.working import work_one
    from models.account import Account, AccountBinding, Role
    from models.intake import Import, ImportState
    from models.job import Job
    from models.sealing import Keyring

    keyring = Keyring.of_secret(b"a secret of the benchmark, of no other use")
    with temporary_cluster() as cluster:
        cluster.ensure_database("benchmark")
        with owner_connection(cluster.owner_url("benchmark")) as owner:
            migrate(owner)
            load_reference(owner)
            with sessions_of(owner)() as session:
                account = Account(username="benchmark", display_name="benchmark")
                session.add(account)
                session.flush()
                account_id = account.identity
                session.add(AccountBinding(account_id=account_id, role=Role.COUNTY, region=COUNTY))
                session.commit()
        engine = create_engine(cluster.service_url("benchmark"))
        sessions = audited(sessions_of(engine), keyring)
        settings = Settings(environment=Environment.DEMONSTRATION, business_date=TODAY)

        def step(words: str, work: Callable[[], Any]) -> None:
            with _Watch() as watch:
                work()
            total.append((watch.seconds, watch.cpu, watch.peak, watch.database))
            print(
                f"{words}: {watch.seconds:.1f} s, {watch.cpu:.1f} s of processor, the database {watch.database:.1f} s, "
                f"{watch.peak} MB",
                flush=True,
            )

        total: list[tuple[float, float, int, float]] = []

        def receive_it() -> None:
            with sessions() as session, session.begin():
                act_as(session, account_id)
                row, _ = receive(
                    session, keyring, path.read_bytes(), file_name="away.xlsx", kept_by=COUNTY, as_of=TODAY,
                    today=TODAY, demonstration=True, account_id=account_id,
                )  # fmt: skip
                ask(session, account_id, row, STAGE)

        def press_apply() -> None:
            with sessions() as session, session.begin():
                act_as(session, account_id)
                row = session.exec(select(Import)).one()
                row.state = ImportState.APPLYING
                ask(session, account_id, row, APPLY)

        def next_job() -> None:
            if not profile:
                work_one(sessions, keyring, settings)
                return
            import cProfile
            import pstats

            with cProfile.Profile(time.process_time) as profiled:
                work_one(sessions, keyring, settings)
            pstats.Stats(profiled).sort_stats("cumtime").print_stats(70)

        step("received", receive_it)
        step("read and staged", next_job)
        step("checked", next_job)
        press_apply()
        step("applied, with 疑点", next_job)
        print(
            f"altogether: {sum(each[0] for each in total):.1f} s, {sum(each[1] for each in total):.1f} s of processor, "
            f"the database {sum(each[3] for each in total):.1f} s, at most {max(each[2] for each in total)} MB"
        )
        with sessions() as session, session.begin():
            act_as(session, account_id)
            print(session.exec(select(Import)).one().counts)
            print([(job.kind, job.state.value, job.message) for job in session.exec(select(Job))])
            for table in ("worker", "household", "spell_report", "employment_spell", "doubt", "audit_event"):
                print(table, session.connection().scalar(text(f"SELECT count(*) FROM {table}")))  # noqa: S608
        engine.dispose()


class _Watch:
    """Seconds, processor time and peak memory of this process and its children while the block lasts."""

    def __enter__(self) -> "_Watch":
        self.peak, self._over = 0, threading.Event()
        self._begun, self._cpu, self._database = time.perf_counter(), os.times(), _database_seconds()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        after = os.times()
        self.seconds = time.perf_counter() - self._begun
        self.cpu = sum(after[:4]) - sum(self._cpu[:4])
        self.database = _database_seconds() - self._database

    def _look(self) -> None:
        while not self._over.wait(0.2):
            mine = [os.getpid(), *_children(os.getpid())]
            self.peak = max(self.peak, sum(map(_resident, mine)) // 2**20)


def _children(number: int) -> list[int]:
    try:
        found = Path(f"/proc/{number}/task/{number}/children").read_text().split()
        names = {int(each): Path(f"/proc/{each}/cmdline").read_bytes() for each in found}
    except OSError:
        return []
    return [each for each, words in names.items() if b"child.py" in words or b"multiprocessing" in words]


def _database_seconds() -> float:
    """Processor time so far of the server processes that serve the benchmark's database."""
    seconds = 0.0
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdigit() and b" benchmark " in (folder / "cmdline").read_bytes():
                times = (folder / "stat").read_text().rpartition(")")[2].split()
                seconds += (int(times[11]) + int(times[12])) / os.sysconf("SC_CLK_TCK")
        except OSError:
            continue  # it has ended meanwhile
    return seconds


def _resident(number: int) -> int:
    try:
        return int(Path(f"/proc/{number}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


if __name__ == "__main__":
    main()
