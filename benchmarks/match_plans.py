"""编制方案 in the service: 3,000 people, 60 firms with 900 seats, couples, a quota of a fifth; clock and processor of each step.

    python -m benchmarks.match_plans --people 3000 --firms 60 --seats 900

A temporary cluster, generated people; the job runs in this process as the worker runs it.
"""

import argparse
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np
from sqlalchemy import create_engine
from sqlmodel import Session
from starlette.testclient import TestClient

from api.app import create_app
from api.audit import audited
from api.database import migrate, owner_connection, sessions_of
from api.deps import act_as
from api.postgres import embedded
from api.security import account_by_username, issue_token
from api.seeding.reference import load_reference
from api.settings import Environment, Settings
from api.worker.working import work_off
from models.account import Account, AccountBinding, Role, TokenKind
from models.employer import Employer
from models.household import HardshipCategory, HardshipPeriod, Household
from models.sealing import Keyring
from models.vacancy import Vacancy, VacancyState
from models.worker import Sex, Wants, Worker, WorkIntention

TODAY, LEAVES = date(2021, 9, 20), "2021-09-25"
HOME, THERE = "610728", ("320612", "320613", "320681")


def filled(session: Session, people: int, firms: int, seats: int) -> None:
    """People of whom every tenth belongs to a monitored household and every fifth wants to go with somebody."""
    dice = np.random.default_rng(7)
    account = Account(username="clerk", display_name="clerk")
    watched = Household(number="M", region=HOME)
    session.add_all([account, watched])
    session.flush()
    session.add(AccountBinding(account_id=account.identity, role=Role.COUNTY, region=HOME))
    session.add(
        HardshipPeriod(
            household_id=watched.identity, category=HardshipCategory.MARGINAL, from_on=date(2020, 1, 1)
        )
    )
    workers = [
        Worker(
            region=f"{HOME}001",
            name="测试",
            name_pinyin="ce shi",
            sex=Sex.FEMALE if at % 2 else Sex.MALE,
            birth_date=date(1965 + int(dice.integers(0, 35)), 5, 1),
            household_id=watched.identity if at % 10 == 0 else None,
            experience_months=int(dice.integers(0, 120)),
        )
        for at in range(people)
    ]
    employers = [Employer(name=f"测试厂{at}", region=THERE[at % 3], kept_by=HOME) for at in range(firms)]
    session.add_all([*workers, *employers])
    session.flush()
    paired = [at - 1 if at % 10 == 1 else at + 1 for at in range(people)]
    session.add_all(
        WorkIntention(
            worker_id=row.identity,
            wants=Wants.OUT,
            pay_floor=int(dice.integers(25, 60)) * 100,
            needs_lodging=bool(dice.random() < 0.5),
            companion_id=workers[paired[at]].identity if at % 10 < 2 and paired[at] < people else None,
        )
        for at, row in enumerate(workers)
    )
    session.add_all(
        Vacancy(
            employer_id=row.identity,
            kept_by=HOME,
            region=row.region,
            title="操作工",
            seats=seats // firms,
            pay_min=int(dice.integers(35, 60)) * 100,
            pay_max=int(dice.integers(60, 80)) * 100,
            lodging=bool(dice.random() < 0.6),
            hours_per_week=int(dice.integers(40, 66)),
            posted_on=date(2021, 9, 1),
            valid_until=date(2021, 12, 31),
            state=VacancyState.PUBLISHED,
        )
        for row in employers
    )
    session.commit()


def timed(words: str, command: Callable[[], Any]) -> Any:
    """Do it, and print what it took."""
    clock, spent = time.perf_counter(), time.process_time()
    found = command()
    print(
        f"{words:44} {time.perf_counter() - clock:7.2f} s clock {time.process_time() - spent:7.2f} s processor"
    )
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--people", type=int, default=3_000)
    parser.add_argument("--firms", type=int, default=60)
    parser.add_argument("--seats", type=int, default=900)
    options = parser.parse_args()
    keyring = Keyring.of_secret(b"of a measurement, of no other use")
    with embedded.temporary_cluster() as cluster:
        cluster.ensure_database("plans")
        with owner_connection(cluster.owner_url("plans")) as connection:
            migrate(connection)
            load_reference(connection)
            with sessions_of(connection)() as session:
                filled(session, options.people, options.firms, options.seats)
        engine = create_engine(cluster.service_url("plans"))
        settings = Settings(
            environment=Environment.DEMONSTRATION, data_folder=Path(mkdtemp()), business_date=TODAY
        )
        app = create_app(settings, sessions=audited(sessions_of(engine), keyring), keyring=keyring)
        with app.state.sessions() as session, session.begin():
            account_id = account_by_username(session, "clerk") or 0
            act_as(session, account_id)
            token = issue_token(session, account_id, TokenKind.BEARER)
        _measured(TestClient(app, headers={"Authorization": f"Bearer {token}"}), app)
        engine.dispose()


def _measured(client: TestClient, app: Any) -> None:
    def sent(path: str, body: Any = None, **headers: str) -> Any:
        answer = client.post(path, json=body, headers=headers)
        answer.raise_for_status()
        return answer.json()

    def work() -> int:
        return work_off(app.state.sessions, app.state.keyring, app.state.settings)

    choice = {"departs_on": LEAVES, "quotas": [{"group": "monitored", "percent": 20}]}
    asked = timed("asked for", lambda: sent("/v1/match-plans", choice))
    timed("made by the job", work)
    path = f"/v1/match-plans/{asked['id']}"
    plan = timed("read", lambda: client.get(path).json())
    print(
        f"{plan['people']} people, {plan['seats']} seats: {plan['plan']['placed']} placed, expected stable "
        f"{plan['plan']['stable']:.1f}, first come {plan['first_come']['stable']:.1f}, gap {plan['gap']:.4%}"
    )
    for quota in plan["quotas"]:
        print(f"{quota['words']}：{quota['reached']} / {quota['asked']}，{quota['costs']}")
    lines = client.get(f"{path}/persons", params={"state": "proposed", "limit": 200}).json()["items"]
    posts = client.get(f"{path}/posts").json()
    for nth, line in enumerate(lines[:4]):
        other = next(
            post["vacancy"]["id"] for post in posts if post["vacancy"]["id"] != line["vacancy"]["id"]
        )
        told = {"items": [{"kind": "move", "worker_id": line["worker_id"], "vacancy_id": other}]}
        found = timed(f"move {nth + 1}", lambda told=told: sent(f"{path}/decisions", told))
        print(f"    {found['changed']} people stand elsewhere")
    closed = {"items": [{"kind": "close", "vacancy_id": posts[0]["vacancy"]["id"]}]}
    found = timed("a post closed", lambda: sent(f"{path}/decisions", closed))
    print(f"    {found['changed']} people stand elsewhere")
    timed("the workbook", lambda: client.get(f"{path}/workbook.xlsx").raise_for_status())
    sent(f"{path}/approve-all", **{"If-Match": client.get(path).headers["ETag"]})
    timed("all approved by the job", work)
    print(client.get(path).json()["lines"])


if __name__ == "__main__":
    main()
