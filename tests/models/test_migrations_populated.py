"""The migrations over a database with people in it: down step by step to the first revision and up again, nobody lost."""

from collections.abc import Iterator
from datetime import date

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import IntegrityError

from api.database import alembic_config, migrate, owner_connection
from api.keeping.invariants import broken_invariants
from api.postgres.embedded import Cluster
from api.seeding.demo import load_demo
from api.seeding.reference import load_reference
from api.seeding.work_plans import load_work_plans
from models.sealing import Keyring

KEPT = {
    "worker": "id, region, name, birth_date, id_number_sealed, id_number_index, household_id",
    "household": "id, region, number",
    "person_key": "worker_id, sealed_key",
    "vacancy": "id, title, seats, seats_taken, state",
    "application": "id, worker_id, vacancy_id, state",
    "employment_spell": "id, worker_id, employer_id, started_on, ended_on, superseded_at",
    "audit_event": "id, action, noun, row_id, sealed_change",
}
"""Tables of the first revision, and columns of theirs that have been there since."""

EMPLOYED = (
    "UPDATE employment_spell SET employer_id = (SELECT min(id) FROM employer) WHERE employer_id IS NULL"
)
"""The first revision knew nobody who worked for herself."""


@pytest.fixture
def populated(cluster: Cluster, keyring: Keyring) -> Iterator[Connection]:
    cluster.ensure_database("populated")
    with owner_connection(cluster.owner_url("populated")) as connection:
        migrate(connection)
        load_reference(connection)
        load_work_plans(connection)
        load_demo(connection, keyring, business_date=date(2021, 9, 20), scale=0.02)
        connection.execute(
            text(
                "INSERT INTO audit_event (created_at, action, noun) SELECT now(), 'create', 'worker' FROM worker"
            )
        )
        connection.execute(text("SELECT seal_audit(0, 100000)"))
        yield connection
        connection.rollback()
    admin = create_engine(cluster.owner_url("postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS populated WITH (FORCE)"))
    admin.dispose()


def digests(connection: Connection) -> dict[str, tuple[int, str]]:
    told = {}
    for table, columns in KEPT.items():
        count, digest = connection.execute(
            text(
                f"SELECT count(*), md5(string_agg(md5(row::text), '' ORDER BY row::text)) "
                f"FROM (SELECT {columns} FROM {table}) AS row"
            )
        ).one()
        told[table] = (count, digest)
    return told


def test_down_and_up_with_people_in_it(populated: Connection) -> None:
    config = alembic_config(populated)
    before = digests(populated)
    assert before["worker"][0] > 100
    assert all(count for count, _ in before.values())
    steps = list(ScriptDirectory.from_config(config).walk_revisions())
    refused = []
    for step in steps[:-1]:
        try:
            with populated.begin_nested():
                command.downgrade(config, "-1")
        except IntegrityError:
            # An older revision can't hold what was recorded since: the step is refused, and nothing is lost.
            assert digests(populated) == before
            refused.append(step.revision)
            populated.execute(text(EMPLOYED))
            before = digests(populated)
            command.downgrade(config, "-1")
        assert digests(populated) == before
    assert refused == ["0002"]
    assert populated.scalar(text("SELECT version_num FROM alembic_version")) == steps[-1].revision
    for step in reversed(steps[:-1]):
        command.upgrade(config, step.revision)
        assert digests(populated) == before
    command.check(config)
    # What came with a step went with it; the chain begins anew and nothing breaks a promise.
    assert populated.scalar(text("SELECT count(*) FROM audit_seal")) == 0
    assert broken_invariants(populated) == []
