"""Each promise of `models/invariants.py` can be broken, and is then told; what the routes make breaks none."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlmodel import Session

from api.app import create_app
from api.audit import audited
from api.database import sessions_of
from api.keeping.invariants import broken_invariants
from api.postgres.embedded import ADMINISTRATOR, Cluster
from api.postgres.roles import connect
from api.settings import Settings
from api.worker.sealing import Sealer
from ledger.chain.checking import check
from ledger.chain.reading import links
from models.application import Application, ApplicationState
from models.base import now
from models.employer import Employer, EmployerKind
from models.household import HardshipCategory, HardshipPeriod, Household
from models.invariants import BUSINESS, STRUCTURE, every_invariant
from models.ranking_model import RankingModel
from models.record import AuditSeal, IdempotencyKey
from models.sealing import Keyring
from models.spell import EmploymentSpell, SpellKind
from models.vacancy import Vacancy
from models.worker import Worker, WorkIntention

from ..conftest import World, client_of, made


def spell(**told: Any) -> EmploymentSpell:
    known: dict[str, Any] = {
        "worker_id": 1,
        "origin_region": "610728",
        "kind": SpellKind.FLEXIBLE,
        "started_on": date(2020, 1, 1),
        "is_main": False,
    }
    return EmploymentSpell(**known | told)


def drop(table: str, constraint: str) -> str:
    return f"ALTER TABLE {table} DROP CONSTRAINT {constraint}"


def seal(sequence: int) -> AuditSeal:
    return AuditSeal(sequence=sequence, event_id=1, sealed_at=now(), hash=bytes(32))


BREAKING: dict[str, tuple[str, Callable[[], list[Any]]]] = {
    "seats_oversold": (
        drop("vacancy", "ck_vacancy_never_oversold") + "; UPDATE vacancy SET seats_taken = seats + 1",
        list,
    ),
    "seats_counted": ("UPDATE vacancy SET seats_taken = 1", list),
    "spells_overlap": (
        drop("employment_spell", "ex_employment_spell_no_overlap"),
        lambda: [spell(is_main=True), spell(is_main=True, started_on=date(2020, 2, 1))],
    ),
    "one_spell_a_start": (
        "DROP INDEX uq_employment_spell_application_in_force",
        lambda: [spell(application_id=7), spell(application_id=7)],
    ),
    "replaced_spells": ("", lambda: [spell(superseded_by=7)]),
    "hardship_overlap": (
        drop("hardship_period", "ex_hardship_period_no_overlap"),
        lambda: [
            HardshipPeriod(household_id=1, category=HardshipCategory.MARGINAL, from_on=date(2020, month, 1))
            for month in (1, 2)
        ],
    ),
    "spells_follow": ("", lambda: [spell(origin_region="610723")]),
    "applications_follow": (
        "",
        lambda: [
            Application(
                worker_id=1,
                vacancy_id=1,
                worker_region="610723",
                vacancy_region="320612",
                state=ApplicationState.REFUSED,
                applied_on=date(2021, 9, 20),
            )
        ],
    ),
    "households_together": ("UPDATE household SET region = '610723'", list),
    "one_number_one_person": (
        drop("worker", "uq_worker_id_number_index"),
        lambda: [person(id_number_index=b"x", id_number_sealed=b"x") for _ in range(2)],
    ),
    "parts_within_target": (
        "INSERT INTO target_part (created_at, target_id, region, whole_region, number) "
        "SELECT now(), id, '610728001', region, number + 1 FROM target WHERE number > 0 LIMIT 1",
        list,
    ),
    "models_whole": (
        "",
        lambda: [
            RankingModel(
                regions=["610728"], account_id=1, monthly=False, as_of=date(2021, 1, 1), stays=0, answers=0, version="",
                schema_hash="", file=b"x", file_sha256="y", may_serve=True, reasons=[], metrics={},
            )
        ],
    ),
    "one_answer_a_key": (
        drop("idempotency_key", "uq_idempotency_key_account_id_key"),
        lambda: [IdempotencyKey(account_id=1, key="x", request_hash=b"") for _ in range(2)],
    ),
    "sealed_once": (drop("audit_seal", "uq_audit_seal_event_id"), lambda: [seal(1), seal(2)]),
    "chain_counted": ("", lambda: [seal(2)]),
    "constraints_validated": ("ALTER TABLE worker ADD CONSTRAINT late CHECK (name <> '甲') NOT VALID", list),
    "indexes_valid": ("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'pk_worker'::regclass", list),
    "triggers_enabled": ("ALTER TABLE worker DISABLE TRIGGER bump_version", list),
    "work_intention.worker_id": ("", lambda: [WorkIntention(worker_id=77)]),
    "household.next": ("UPDATE household SET id = 100000", list),
}  # fmt: skip


def person(**told: Any) -> Worker:
    return Worker(region="610728", name="测试甲", name_pinyin="", **told)


@pytest.fixture
def superuser(cluster: Cluster, database: Any) -> Iterator[Session]:
    """Somebody who may do everything, with the triggers out of the way, in a small world."""
    engine = create_engine(cluster._url(ADMINISTRATOR, "world"))
    with engine.connect() as connection, sessions_of(connection)() as session:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        session.add_all(
            [
                Household(id=1, number="H", region="610728"),
                Employer(id=1, name="厂", kind=EmployerKind.ENTERPRISE, region="320612", kept_by="320612"),
                Vacancy(id=1, employer_id=1, title="工", region="320612", kept_by="320612", seats=2),
                person(id=1, household_id=1),
            ]
        )
        session.flush()
        for table in ("household", "employer", "vacancy", "worker"):
            connection.execute(text(f"SELECT setval('{table}_id_seq', 10)"))
        yield session
        session.rollback()
    engine.dispose()


def test_every_promise_of_the_business_and_the_structure_is_tried() -> None:
    assert {each.name for each in (*BUSINESS, *STRUCTURE)} <= BREAKING.keys()
    names = [each.name for each in every_invariant()]
    assert len(names) == len(set(names)) > 300


@pytest.mark.parametrize("name", BREAKING)
def test_a_broken_promise_is_told(superuser: Session, name: str) -> None:
    connection = superuser.connection()
    [promise] = [each for each in every_invariant() if each.name == name]
    assert broken_invariants(connection, asked=[promise]) == []
    statement, rows = BREAKING[name]
    if statement:
        connection.exec_driver_sql(statement)
    superuser.add_all(rows())
    superuser.flush()
    [told] = broken_invariants(connection, asked=[promise])
    assert told.count >= 1
    assert told.examples


def test_what_the_routes_make_breaks_none(
    clone: Callable[[str], Any], keyring: Keyring, tmp_path: Path
) -> None:
    """Starts, one that never was, one that is put right, an end; all of it committed, and sealed."""
    database = clone("promised")
    engine = create_engine(database.service)
    app = create_app(
        Settings(data_folder=tmp_path), sessions=audited(sessions_of(engine), keyring), keyring=keyring
    )
    world = World(*(client_of(app, app.state.sessions, name) for name in ("zhenba", "tongzhou")))
    ended, void, put_right = world.spell(), world.spell(), world.spell()
    made(
        world.west.post(
            f"/v1/spells/{ended['id']}/end", json={"ended_on": "2021-09-20", "leave_reason": "not_asked"}
        )
    )
    made(world.west.post(f"/v1/spells/{void['id']}/void", json={"reason": "mistaken"}))
    made(
        world.west.post(
            f"/v1/spells/{put_right['id']}/correct",
            json={"reason": "日期登记错了", "ended_on": "2021-09-20"},
        )
    )
    made(world.west.post("/v1/households", json=world.bodies.household()))
    with connect(make_url(database.service), autocommit=True) as service:
        assert Sealer().round(service) > 10
    engine.dispose()
    owner = create_engine(database.owner)
    with owner.connect() as connection:
        assert connection.scalar(text("SELECT sum(seats_taken) FROM vacancy")) == 2
        assert broken_invariants(connection) == []
        assert check(links(connection)).findings == []
    owner.dispose()
