"""The catalogue of the database, held to what `models/security.py` declares."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, text

from models import doors, security, triggers
from models.registry import metadata

APART = {"audit_event", "audit_seal", "outbox_message", "service_key", "wechat_token"}
"""What the service keeps of its own doings is neither a region's nor anybody's."""


def unguarded(connection: Connection) -> set[str]:
    """Tables that are neither declared as reference nor guarded by row security with a policy."""
    found = connection.execute(
        text(
            "SELECT relname, relrowsecurity, EXISTS (SELECT FROM pg_policy WHERE polrelid = pg_class.oid) "
            "FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'm', 'v', 'f')"
        )
    )
    return {
        name
        for name, enabled, has_policy in found
        if not (enabled and has_policy) and name not in security.REFERENCE | {"alembic_version"}
    }


@pytest.fixture
def owner(database: Any) -> Iterator[Connection]:
    engine = create_engine(database.owner)
    with engine.connect() as connection:
        yield connection
        connection.rollback()
    engine.dispose()


def test_every_table_is_guarded_or_reference(owner: Connection) -> None:
    assert unguarded(owner) == set()
    declared = {*security.BY_REGION, *security.SHARED, *security.REFERENCE, *APART}
    assert declared == set(metadata.tables)


def test_a_new_table_without_a_policy_is_found(owner: Connection) -> None:
    owner.execute(text("CREATE TABLE stray (id bigint)"))
    assert unguarded(owner) == {"stray"}
    owner.execute(text("ALTER TABLE stray ENABLE ROW LEVEL SECURITY"))
    assert unguarded(owner) == {"stray"}


def catalogue(connection: Connection) -> dict[str, list[Any]]:
    """Policies, grants and switches as the database has them."""
    return {
        "policies": sorted(
            connection.execute(
                text(
                    "SELECT tablename, policyname, permissive, roles, cmd, qual, with_check FROM pg_policies"
                )
            ).all(),
            key=str,
        ),
        "tables": sorted(
            connection.execute(
                text(
                    "SELECT relname::text, relrowsecurity, privilege_type, is_grantable FROM pg_class "
                    "LEFT JOIN LATERAL aclexplode(relacl) ON grantee <> relowner "
                    "WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S')"
                )
            ).all(),
            key=str,
        ),
        "columns": sorted(
            connection.execute(
                text(
                    "SELECT attrelid::regclass::text, attname::text, attacl::text FROM pg_attribute "
                    "WHERE attacl IS NOT NULL AND attrelid IN "
                    "(SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)"
                )
            ).all(),
            key=str,
        ),
        "triggers": sorted(
            connection.execute(
                text("SELECT tgname::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal")
            ).all(),
            key=str,
        ),
        "functions": sorted(
            connection.execute(
                text(
                    "SELECT proname::text, pg_get_functiondef(oid), proacl::text, proowner::regrole::text FROM pg_proc "
                    "WHERE pronamespace = 'public'::regnamespace"
                )
            ).all(),
            key=str,
        ),
    }


def test_the_database_has_exactly_what_is_declared(owner: Connection) -> None:
    """All of it is taken away and made anew from `models/security.py`: what the migration made is the same."""
    migrated = catalogue(owner)
    owner.execute(
        text(
            """
            DO $$ DECLARE found record; BEGIN
                FOR found IN SELECT tablename, policyname FROM pg_policies WHERE schemaname = 'public' LOOP
                    EXECUTE format('DROP POLICY %I ON %I', found.policyname, found.tablename);
                END LOOP;
                FOR found IN SELECT tgname, tgrelid::regclass AS on_table FROM pg_trigger WHERE NOT tgisinternal LOOP
                    EXECUTE format('DROP TRIGGER %I ON %s', found.tgname, found.on_table);
                END LOOP;
                FOR found IN SELECT oid::regprocedure::text AS name FROM pg_proc
                    WHERE pronamespace = 'public'::regnamespace LOOP
                    EXECUTE format('DROP FUNCTION IF EXISTS %s CASCADE', found.name);
                END LOOP;
                FOR found IN SELECT relname FROM pg_class
                    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' LOOP
                    EXECUTE format('ALTER TABLE %I DISABLE ROW LEVEL SECURITY', found.relname);
                END LOOP;
            END $$
            """
        )
    )
    owner.execute(text("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM wengang_app, wengang_sealer"))
    owner.execute(text("REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM wengang_app, wengang_sealer"))
    bare = catalogue(owner)
    assert not bare["policies"]
    assert not bare["columns"]
    for statement in (triggers.FUNCTIONS, triggers.TRIGGERS, doors.DOORS, *security.statements()):
        owner.exec_driver_sql(statement)
    assert catalogue(owner) == migrated


def test_functions_with_the_owners_rights_are_safe(owner: Connection) -> None:
    found = owner.execute(
        text(
            "SELECT proname, proconfig, has_function_privilege('public', oid, 'EXECUTE') "
            "FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
        )
    ).all()
    assert len(found) >= 8
    for name, config, public in found:
        assert config == ["search_path=public, pg_temp"], name
        assert not public, name
