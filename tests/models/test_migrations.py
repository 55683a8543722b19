"""The migrations: they build what the models say, and take all of it away again."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Enum, create_engine, text
from sqlalchemy.exc import ProgrammingError

from api.database import alembic_config, migrate, owner_connection
from api.postgres.embedded import Cluster
from api.settings import ROOT
from models.registry import metadata


@pytest.fixture
def empty(cluster: Cluster) -> Iterator[Connection]:
    """A database in which there is nothing yet."""
    cluster.ensure_database("migrations")
    with owner_connection(cluster.owner_url("migrations")) as connection:
        yield connection
        connection.rollback()
    admin = create_engine(cluster.owner_url("postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for attempt in range(20):
            try:
                connection.execute(text("DROP DATABASE migrations WITH (FORCE)"))
                break
            except ProgrammingError:
                # The server itself may be at work in there (autovacuum), whom the owner can't send away.
                if attempt == 19:
                    raise
                time.sleep(0.5)
    admin.dispose()


def objects(connection: Connection) -> dict[str, list[Any]]:
    """All that our schema holds, described: columns, constraints, indexes, policies, grants, functions, triggers."""
    questions = {
        "columns": "SELECT table_name, column_name, data_type, is_nullable, column_default, "
        "character_maximum_length FROM information_schema.columns WHERE table_schema = 'public'",
        "constraints": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE connamespace = 'public'::regnamespace",
        "indexes": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
        "policies": "SELECT tablename, policyname, cmd, qual, with_check FROM pg_policies",
        "grants": "SELECT relname, relacl::text FROM pg_class WHERE relnamespace = 'public'::regnamespace",
        "column_grants": "SELECT attrelid::regclass::text, attname, attacl::text FROM pg_attribute "
        "WHERE attacl IS NOT NULL AND attrelid IN (SELECT oid FROM pg_class "
        "WHERE relnamespace = 'public'::regnamespace)",
        "functions": "SELECT proname, pg_get_functiondef(oid), proacl::text FROM pg_proc "
        "WHERE pronamespace = 'public'::regnamespace",
        "triggers": "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
        "sequences": "SELECT sequencename, data_type::text FROM pg_sequences WHERE schemaname = 'public'",
    }
    return {
        name: sorted(tuple(map(str, row)) for row in connection.execute(text(question)))
        for name, question in questions.items()
    }


def test_there_is_one_line_of_revisions(empty: Connection) -> None:
    scripts = ScriptDirectory.from_config(alembic_config(empty))
    assert len(scripts.get_heads()) == 1
    assert len(scripts.get_bases()) == 1


def test_the_models_hold_nothing_that_the_migrations_lack(empty: Connection) -> None:
    migrate(empty)
    command.check(alembic_config(empty))


def test_down_leaves_nothing_and_up_again_makes_the_same(empty: Connection) -> None:
    before = objects(empty)
    migrate(empty)
    first = objects(empty)
    assert first["policies"]
    assert first["triggers"]
    command.downgrade(alembic_config(empty), "base")
    empty.execute(text("DROP TABLE alembic_version"))
    assert objects(empty) == before
    migrate(empty)
    assert objects(empty) == first


@pytest.mark.deep
def test_every_step_goes_down_and_up(empty: Connection) -> None:
    scripts = ScriptDirectory.from_config(alembic_config(empty))
    for step in reversed(list(scripts.walk_revisions())):
        migrate(empty, step.revision)
        reached = objects(empty)
        command.downgrade(alembic_config(empty), "-1")
        migrate(empty, step.revision)
        assert objects(empty) == reached


def test_hardship_that_was_told_twice_is_told_once(empty: Connection) -> None:
    first = list(ScriptDirectory.from_config(alembic_config(empty)).walk_revisions())[-1]
    migrate(empty, first.revision)
    empty.execute(
        text("ALTER TABLE hardship_period DROP CONSTRAINT fk_hardship_period_household_id_household")
    )
    empty.execute(
        text(
            "INSERT INTO hardship_period (created_at, household_id, category, from_on, to_on) VALUES "
            "(now(), 1, 'marginal', '2020-01-01', NULL), (now(), 1, 'marginal', '2021-03-01', '2021-05-31'), "
            "(now(), 1, 'relieved', '2020-01-01', NULL), (now(), 2, 'marginal', '2020-01-01', '2020-12-31'), "
            "(now(), 2, 'marginal', '2021-02-01', NULL)"
        )
    )
    migrate(empty)
    told = empty.execute(
        text(
            "SELECT household_id, category, from_on::text, to_on::text FROM hardship_period ORDER BY 1, 2, 3"
        )
    ).all()
    assert [tuple(row) for row in told] == [
        (1, "marginal", "2020-01-01", "2021-02-28"),
        (1, "marginal", "2021-03-01", None),
        (1, "relieved", "2020-01-01", None),
        (2, "marginal", "2020-01-01", "2020-12-31"),
        (2, "marginal", "2021-02-01", None),
    ]


def test_migrating_again_changes_nothing(empty: Connection) -> None:
    migrate(empty)
    first = objects(empty)
    migrate(empty)
    assert objects(empty) == first


def test_a_member_added_to_a_vocabulary_would_be_noticed(template: str, cluster: Cluster) -> None:
    """Autogenerate misses new members of a coded column, so its CHECKs are compared here."""
    with owner_connection(cluster.owner_url(template)) as connection:
        checks = dict(
            connection.execute(
                text(
                    "SELECT conname::text, pg_get_constraintdef(oid) FROM pg_constraint "
                    "WHERE contype = 'c' AND connamespace = 'public'::regnamespace"
                )
            ).all()
        )
    compared = 0
    for table in metadata.tables.values():
        for column in table.columns:
            if isinstance(column.type, Enum):
                name = f"ck_{table.name}_{column.type.name}"
                quoted = set(checks[name].split("'")[1::2])
                assert quoted == set(column.type.enums), name
                compared += 1
    assert compared > 20


def test_the_command_line_migrates_the_database_that_the_settings_name(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch, empty: Connection
) -> None:
    monkeypatch.setenv("WENGANG_DATABASE_URL", cluster.service_url("migrations"))
    monkeypatch.setenv("WENGANG_OWNER_DATABASE_URL", cluster.owner_url("migrations"))
    command.upgrade(Config(ROOT / "alembic.ini"), "head")
    assert empty.scalar(text("SELECT count(*) FROM alembic_version")) == 1


def test_names_are_sorted_by_how_surnames_are_read(empty: Connection) -> None:
    migrate(empty, "0007")
    empty.execute(text("ALTER TABLE worker DISABLE TRIGGER USER, DROP CONSTRAINT fk_worker_region_region"))
    columns = "created_at, region, name, name_pinyin, health, restricted, is_demo, version"
    told = "(now(), '610728', :name, :key, '{}', false, true, 1)"
    for name, key in (("曾测试", "ceng ce shi"), ("张测试", "zhang ce shi"), ("已撤销", "")):
        empty.execute(text(f"INSERT INTO worker ({columns}) VALUES {told}"), {"name": name, "key": key})
    empty.execute(text("ALTER TABLE worker ENABLE TRIGGER USER"))
    migrate(empty, "0008")
    keys = dict(empty.execute(text("SELECT name, name_pinyin FROM worker")).all())
    assert keys == {"曾测试": "zeng ce shi", "张测试": "zhang ce shi", "已撤销": ""}
    assert not empty.scalar(text("SELECT count(*) FROM audit_event"))
    assert not empty.scalar(text("SELECT count(*) FROM pg_trigger WHERE tgenabled = 'D'"))
