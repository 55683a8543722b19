"""Every page of the menu, and pages of people, posts and targets, of one county with 100,000 workers: server time of each.

    python -m benchmarks.pages --workers 100000 --times 30

A temporary cluster, filled with the demonstration's generator for one county (people, households, work, applications,
calls, doubts: all marked as test data), and a county's clerk at the console. Server time is from the request's arrival at the
application to the end of its answer, the database's time within it. On a machine with others at work the clock tells of them
too: beside it stands the processor of this process plus the time spent waiting for the database.

Between two requests somebody changes something of one person of the county: what is remembered of a county in which
nothing happens would tell nothing of one at work.
"""

import argparse
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import mean, quantiles
from tempfile import mkdtemp
from typing import Any

from fastapi import FastAPI
from sqlalchemy import Engine, create_engine, event, text
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from api.app import create_app
from api.audit import audited
from api.database import migrate, owner_connection, service_engine, sessions_of
from api.deps import SESSION_COOKIE, act_as
from api.doubts.checking import check
from api.pages.menu import MENU
from api.postgres import embedded
from api.rights import ALLOWED
from api.security import account_by_username, issue_token
from api.seeding.demo import BUSINESS_DATE, load_demo
from api.seeding.places import HOMES
from api.seeding.reference import load_reference
from api.seeding.work_plans import load_work_plans
from api.settings import Environment, Settings
from benchmarks.doings import changes, do
from models.account import Account, AccountBinding, Role, TokenKind
from models.sealing import Keyring

HOME = HOMES[0]
LIMIT = 150.0
"""Milliseconds of server time that the slowest page in twenty may take."""
_SEARCHES = (
    "/workers?q=wang",
    "/workers?q=王",
    "/workers?employed=false&wants=out",
    "/workers?hardship=marginal&age_from=16&age_to=45&sex=female",
    "/workers?destination=east",
    "/workers?skill=缝纫&relocated=true",
    "/workers?follow_up=true",
    "/workers?doubt=true",
    f"/workers?region={HOME.code}100",
    "/workers/searches",
    "/households?category=relieved",
)


@dataclass(frozen=True, slots=True)
class Took:
    """One request, in milliseconds: by the clock, of this process's processor, waiting for the database, statements."""

    clock: float
    processor: float
    database: float
    statements: int
    status: int


class Timed:
    """The application, telling what each request took between its arrival and the end of its answer."""

    def __init__(self, app: FastAPI, engine: Engine) -> None:
        self._app, self.last = app, Took(0, 0, 0, 0, 0)
        self._database, self._statements, self._begun = 0.0, 0, 0.0
        event.listen(engine, "before_cursor_execute", self._before)
        event.listen(engine, "after_cursor_execute", self._after)

    def _before(self, *_: Any) -> None:
        self._begun = time.perf_counter()

    def _after(self, *_: Any) -> None:
        self._database += time.perf_counter() - self._begun
        self._statements += 1

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As the application; what it took stands in `last`."""
        self._database, self._statements, status = 0.0, 0, 0
        clock, spent = time.perf_counter(), time.process_time()

        async def told(message: Any) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        await self._app(scope, receive, told)
        self.last = Took(
            (time.perf_counter() - clock) * 1e3,
            (time.process_time() - spent) * 1e3,
            self._database * 1e3,
            self._statements,
            status,
        )


def filled(cluster: embedded.Cluster, keyring: Keyring, workers: int) -> bool:
    """One county of so many workers, from the same seed; whether it was made now."""
    with owner_connection(cluster.owner_url("pages")) as owner:
        migrate(owner)
        load_reference(owner)
        load_work_plans(owner)
        if owner.scalar(text("SELECT EXISTS (SELECT FROM worker)")):
            return False
        begun = time.perf_counter()
        counts = load_demo(owner, keyring, scale=workers / HOME.workers, homes=(HOME,))
        with sessions_of(owner)() as session:
            clerk = Account(username="clerk", display_name="测试账号", is_demo=True)
            session.add(clerk)
            session.flush()
            session.add(AccountBinding(account_id=clerk.identity, role=Role.COUNTY, region=HOME.code))
            session.commit()
        told = "，".join(f"{table} {count:,}" for table, count in counts.items())
        print(f"filled in {time.perf_counter() - begun:.0f} s: {told}", flush=True)
    return True


def checked(engine: Engine, keyring: Keyring) -> None:
    """The doubts that the rules find in it."""
    with audited(sessions_of(engine), keyring)() as session, session.begin():
        account_id = account_by_username(session, "clerk") or 0
        act_as(session, account_id)
        run = check(session, keyring, region=HOME.code, as_of=BUSINESS_DATE, account_id=account_id)
        print(f"doubts: {sum(run.counts.values()):,}")


def pages(engine: Engine, dice: Random, times: int) -> Iterator[tuple[str, list[str]]]:
    """What is measured: a name and the addresses asked for in turn."""
    for item in MENU:
        for page in item.below or (item,):
            if not {item.right, page.right} <= ALLOWED[Role.COUNTY] | {None} or item.unless:
                continue
            yield f"{item.words} · {page.words}" if item.below else page.words, [page.href]
    yield "今天要办的", ["/today"]
    for address in _SEARCHES:
        yield address, [address]
    with engine.connect() as connection:
        clerk = connection.scalar(text("SELECT account_id FROM account_by_username('clerk')"))
        told = {"account": str(clerk), "scope": f"{{[{HOME.code}000000,{int(HOME.code) + 1}000000)}}"}
        connection.execute(
            text("SELECT set_config('app.account', :account, true), set_config('app.regions', :scope, true)"),
            told,
        )
        for words, table, path in (
            ("一个人", "worker", "/workers/{}"),
            ("一个人的时间线", "worker", "/workers/{}/timeline"),
            ("给一个人比岗位", "worker WHERE NOT restricted", "/workers/{}/beside"),
            ("一户", "household", "/households/{}"),
            ("一个岗位", "vacancy WHERE state = 'published'", "/vacancies/{}"),
            ("给一个岗位比人", "vacancy WHERE state = 'published'", "/vacancies/{}/beside"),
            ("一个任务", f"target WHERE region = '{HOME.code}'", "/targets/{}"),
            ("一个任务的电话", f"target WHERE region = '{HOME.code}'", "/targets/{}/calls"),
            ("一场招聘会", "fair", "/fairs/{}"),
            ("招聘会的邀请", "fair", "/fairs/{}/invitations"),
            ("一个方案", "match_plan", "/match-plans/{}"),
            ("一批申领", "claim_batch", "/benefits/batches/{}"),
            ("一次批量操作", "bulk_action", "/bulk-actions/{}"),
            ("一个培训班", "course", "/courses/{}"),
        ):
            ids = list(connection.scalars(text(f"SELECT id FROM {table} ORDER BY id")))  # noqa: S608 - tables of ours
            yield words, [path.format(dice.choice(ids)) for _ in range(times)]
        for code in connection.scalars(text("SELECT DISTINCT benefit FROM claim_batch ORDER BY benefit")):
            yield "一项政策待遇", [f"/benefits/{code}"]


def measured(
    client: TestClient, timed: Timed, addresses: list[str], times: int, change: Callable[[int], None]
) -> list[Took]:
    """Each address in turn, after one that nobody counts, and something changed before each."""
    client.get(addresses[0])
    found = []
    for at in range(times):
        change(at)
        client.get(addresses[at % len(addresses)])
        found.append(timed.last)
    return found


def line(words: str, took: list[Took]) -> str:
    """One row of the table."""
    clocks = sorted(each.clock for each in took)
    work = sorted(each.processor + each.database for each in took)
    status = {each.status for each in took}
    late = " <-- over" if _p95(work) > LIMIT else ""
    return (
        f"| {words} | {mean(clocks):.0f} | {clocks[len(clocks) // 2]:.0f} | {_p95(clocks):.0f} | {_p95(work):.0f} "
        f"| {mean(each.database for each in took):.0f} | {max(each.statements for each in took)} "
        f"| {'/'.join(map(str, sorted(status)))} |{late}"
    )


def _p95(values: list[float]) -> float:
    return quantiles(values, n=20, method="inclusive")[18] if len(values) > 1 else values[0]


def main() -> None:
    """Fill, ask, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--workers", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=30)
    parser.add_argument("--only", default="", help="only what matches this")
    parser.add_argument("--keep", type=Path, help="a folder in which the cluster stays, to be measured again")
    options = parser.parse_args()
    keyring = Keyring.of_secret(b"of a measurement, of no other use")
    with embedded.start(options.keep) if options.keep else embedded.temporary_cluster() as cluster:
        cluster.ensure_database("pages")
        fresh = filled(cluster, keyring, options.workers)
        engine = service_engine(cluster.service_url("pages"))
        if fresh:
            checked(engine, keyring)
        with create_engine(cluster.owner_url("pages"), isolation_level="AUTOCOMMIT").connect() as owner:
            owner.execute(text("VACUUM ANALYZE"))
        settings = Settings(
            environment=Environment.DEMONSTRATION, data_folder=Path(mkdtemp()), business_date=BUSINESS_DATE
        )
        app = create_app(settings, sessions=audited(sessions_of(engine), keyring), keyring=keyring)
        with app.state.sessions() as session, session.begin():
            account_id = account_by_username(session, "clerk") or 0
            act_as(session, account_id)
            token = issue_token(session, account_id, TokenKind.SESSION)
        timed = Timed(app, engine)
        client = TestClient(
            timed, headers={"Accept": "text/html"}, cookies={SESSION_COOKIE: token}, follow_redirects=False
        )
        with create_engine(cluster.owner_url("pages")).connect() as owner:
            with app.state.sessions() as session, session.begin():
                act_as(session, account_id)
                bearer = issue_token(session, account_id, TokenKind.BEARER)
            do(TestClient(app, headers={"Authorization": f"Bearer {bearer}"}), app, owner, HOME.code)
            people = list(owner.scalars(text("SELECT id FROM worker ORDER BY id LIMIT 1000 OFFSET 5000")))
        change = changes(app, HOME.code, people)
        print("| page | mean ms | p50 | p95 | p95 of processor + database | database | statements | status |")
        print("|---|---|---|---|---|---|---|---|")
        for words, addresses in pages(engine, Random(1), options.times):
            if re.search(options.only, f"{words} {addresses[0]}"):
                print(line(words, measured(client, timed, addresses, options.times, change)), flush=True)
        engine.dispose()


if __name__ == "__main__":
    main()
