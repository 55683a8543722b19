"""The chain over the record: sealed in any order of commits, by a role that can do nothing else, and every tampering found."""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Connection, create_engine, make_url, text

from api.postgres.embedded import ADMINISTRATOR, Cluster
from api.postgres.roles import SEALER, connect
from api.worker.sealing import Sealer, seal_beside
from ledger.chain.checking import Anchor, Checked, Fault, Link, check
from ledger.chain.reading import at_rest, beside, head, links
from models.record import AuditEvent

from .tampering import TAMPERINGS, Copy

Plain = psycopg.Connection[Any]
ROWS = 30
TRIES = 10_000


@pytest.fixture(scope="module")
def world(clone: Callable[[str], Any]) -> Any:
    return clone("chained")


@pytest.fixture
def service(world: Any) -> Iterator[Plain]:
    with connect(make_url(world.service), autocommit=True) as connection:
        yield connection


@pytest.fixture
def owner(world: Any) -> Iterator[Connection]:
    engine = create_engine(world.owner)
    with engine.connect() as connection:
        yield connection
        connection.rollback()
    engine.dispose()


@pytest.fixture
def superuser(world: Any, cluster: Cluster) -> Iterator[Connection]:
    """Somebody who may do everything, in a transaction that is rolled back, with the triggers out of the way."""
    engine = create_engine(cluster._url(ADMINISTRATOR, "chained"))
    with engine.connect() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        yield connection
        connection.rollback()
    engine.dispose()


def write(connection: Plain, number: int, **told: Any) -> None:
    """An audit row with something in every column, as the service writes it."""
    values: dict[str, Any] = {
        "request_id": f"要求-{number}",
        "action": "update",
        "noun": "worker",
        "row_id": number,
        "worker_id": None,
        "household_id": 100 + number,
        "import_id": 7,
        "import_line": number,
        "region": "610728001",
        "change": '{"名": [null, 1.50], "b": {"c": null}}',
        "sealed_change": bytes([number % 256, 1, 2]),
    } | told
    names = sql.SQL(", ").join(map(sql.Identifier, values))
    marks = sql.SQL(", ").join(sql.Placeholder() * len(values))
    statement = sql.SQL("INSERT INTO audit_event (created_at, {}) VALUES (clock_timestamp(), {})")
    connection.execute(statement.format(names, marks), list(values.values()))


@pytest.fixture(scope="module")
def sealed(world: Any) -> list[Link]:
    """A record of some rows, sealed, and its links as they were read."""
    with connect(make_url(world.service), autocommit=True) as connection:
        for number in range(ROWS):
            write(connection, number)
        write(connection, ROWS, change=None, sealed_change=None, region=None, import_id=None)
        while Sealer().round(connection):
            pass
    engine = create_engine(world.owner)
    with engine.connect() as connection_:
        found = list(links(connection_))
    engine.dispose()
    return found


def checked(connection: Connection, *anchors: Anchor) -> Checked:
    connection.rollback()
    at_rest(connection)
    told = check(links(connection), anchors=anchors)
    told.findings += beside(connection)
    return told


# --- sealing -----------------------------------------------------------------------------------------------------


def test_what_is_recorded_is_sealed_and_fits(sealed: list[Link], owner: Connection) -> None:
    assert len(sealed) > ROWS
    told = checked(owner)
    assert told.findings == []
    assert told.links == len(sealed)
    found = head(owner)
    assert found is not None
    assert found[:2] == (told.links, told.head)


def test_rows_are_sealed_in_the_order_in_which_they_can_be_seen(
    sealed: list[Link], world: Any, owner: Connection
) -> None:
    """A transaction that began first and ends last: its numbers are lower, its links come later, none is passed over."""
    sealer = Sealer()
    with (
        connect(make_url(world.service)) as slow,
        connect(make_url(world.service), autocommit=True) as quick,
    ):
        sealer.round(quick)
        write(slow, 1000)
        for number in range(1001, 1006):
            write(quick, number)
            assert sealer.round(quick) == 1
        slow.commit()
        assert sealer.round(quick) == 1
        assert sealer.round(quick) == 0
        write(quick, 1006)
        assert sealer.round(quick) == 1
        # By now it knows that nothing can come any more below what was drawn before.
        assert sealer.round(quick) == 0
        assert sealer._settled > 0
    rows = owner.execute(
        text(
            "SELECT row_id FROM audit_seal JOIN audit_event ON audit_event.id = event_id "
            "WHERE row_id >= 1000 ORDER BY sequence"
        )
    )
    assert list(rows.scalars()) == [1001, 1002, 1003, 1004, 1005, 1000, 1006]
    assert checked(owner).findings == []


def test_two_sealers_make_one_chain(sealed: list[Link], world: Any, owner: Connection) -> None:
    with connect(make_url(world.service)) as one, connect(make_url(world.service), autocommit=True) as other:
        write(other, 2000)
        assert Sealer().round(one) == 1  # and holds its place until it commits
        write(other, 2001)
        assert Sealer().round(other) == 0
        one.commit()
        assert Sealer().round(other) == 1
    assert checked(owner).findings == []


def test_a_row_is_sealed_within_five_seconds(sealed: list[Link], world: Any, service: Plain) -> None:
    ending = seal_beside(world.service)
    try:
        waited = []
        for number in range(3000, 3003):
            before = service.execute("SELECT sequence FROM audit_head()").fetchone()
            write(service, number)
            began = time.monotonic()
            while service.execute("SELECT sequence FROM audit_head()").fetchone() == before:
                assert time.monotonic() - began < 5
                time.sleep(0.05)
            waited.append(time.monotonic() - began)
    finally:
        ending.set()


# --- who may do what ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM audit_seal",
        "INSERT INTO audit_seal VALUES (1, 1, now(), '')",
        "UPDATE audit_seal SET hash = ''",
        "DELETE FROM audit_seal",
        "TRUNCATE audit_seal",
        "SET ROLE wengang_sealer",
        "UPDATE audit_event SET action = 'x'",
        "DELETE FROM audit_event",
        "INSERT INTO audit_check (created_at, sequence, anchors, findings) VALUES (now(), 1, 1, 0)",
        "ALTER TABLE audit_event DISABLE TRIGGER stay",
    ],
)
def test_the_service_may_only_ask_for_sealing(sealed: list[Link], service: Plain, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        service.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO audit_event (created_at, action, noun) VALUES (now(), 'x', 'x')",
        "UPDATE audit_event SET action = 'x'",
        "DELETE FROM audit_event",
        "TRUNCATE audit_event",
        "UPDATE audit_seal SET sealed_at = now()",
        "DELETE FROM audit_seal",
        "TRUNCATE audit_seal",
        "SELECT * FROM worker",
        "SELECT * FROM person_key",
        "SELECT * FROM account",
        "CREATE TABLE mine (id int)",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "SELECT nextval('audit_event_id_seq')",
    ],
)
def test_the_sealer_reads_the_record_and_appends_to_the_chain(
    sealed: list[Link], owner: Connection, statement: str
) -> None:
    owner.execute(text(f"SET ROLE {SEALER}"))
    assert owner.scalar(text("SELECT count(*) FROM audit_event")) == owner.scalar(
        text("SELECT count(*) FROM audit_seal")
    )
    with pytest.raises(Exception) as refusal:
        owner.execute(text(statement))
    assert isinstance(refusal.value.orig, psycopg.errors.InsufficientPrivilege)  # type: ignore[attr-defined]


def test_a_link_is_appended_behind_the_last_and_nowhere_else(sealed: list[Link], owner: Connection) -> None:
    owner.execute(text(f"SET ROLE {SEALER}"))
    last = owner.scalar(text("SELECT max(sequence) FROM audit_seal"))
    for sequence in (last, last + 2, 0):
        with pytest.raises(Exception, match="audit_seal"), owner.begin_nested():
            owner.execute(
                text("INSERT INTO audit_seal VALUES (:sequence, 999999, now(), sha256(''))"),
                {"sequence": sequence},
            )


@pytest.mark.parametrize("statement", ["UPDATE {} SET {}", "DELETE FROM {}", "TRUNCATE {}"])
@pytest.mark.parametrize(("table", "change"), [("audit_event", "action = 'x'"), ("audit_seal", "hash = ''")])
def test_not_even_the_owner_changes_what_was_written(
    sealed: list[Link], owner: Connection, statement: str, table: str, change: str
) -> None:
    with pytest.raises(Exception, match="stays as it was written"):
        owner.execute(text(statement.format(table, change)))


def test_guards_that_were_taken_away_are_noticed(sealed: list[Link], owner: Connection) -> None:
    owner.execute(text("ALTER TABLE audit_seal DISABLE TRIGGER stay"))
    assert [finding.fault for finding in beside(owner)] == [Fault.UNGUARDED]


# --- tampering ---------------------------------------------------------------------------------------------------


def test_ten_thousand_random_tamperings_are_all_found(sealed: list[Link]) -> None:
    """In memory, by the function that checks the database; the anchor is the head that was told before."""
    whole = Copy.of(sealed)
    anchor = whole.anchor()
    assert check(whole.links(), anchors=[anchor]).findings == []
    draw, missed, kinds = random.Random(20210920), list[str](), Counter[str]()  # noqa: S311
    for number in range(TRIES):
        tampering = TAMPERINGS[number % len(TAMPERINGS)]
        copy = whole.copy()
        tampering(copy, draw)
        kinds[tampering.__name__] += 1
        if not check(copy.links(), anchors=[anchor]).findings:
            missed.append(tampering.__name__)
    assert missed == []
    assert min(kinds.values()) >= TRIES // len(TAMPERINGS)


def test_it_is_said_what_was_done_and_where(sealed: list[Link]) -> None:
    whole, draw = Copy.of(sealed), random.Random(1)  # noqa: S311
    anchor = whole.anchor()
    last = len(whole.seals)

    def told(change: Callable[[Copy], None]) -> list[tuple[Fault, int | None, int | None]]:
        copy = whole.copy()
        change(copy)
        found = check(copy.links(), anchors=[anchor]).findings
        return [(finding.fault, finding.first, finding.last) for finding in found]

    def edited(copy: Copy) -> None:
        number = copy.seals[16].event_id
        copy.rows[number] = copy.rows[number] | {"action": "delete"}

    def swapped(copy: Copy) -> None:
        one, other = copy.seals[4].event_id, copy.seals[22].event_id
        here, there = copy.rows[one], copy.rows[other]
        copy.rows[one], copy.rows[other] = there | {"id": str(one)}, here | {"id": str(other)}

    def removed(copy: Copy) -> None:
        del copy.rows[copy.seals[24].event_id]

    def cut_out(copy: Copy) -> None:
        del copy.seals[25:28]

    def cut_off(copy: Copy) -> None:
        del copy.seals[27:]

    assert told(edited) == [(Fault.ALTERED, 17, None)]
    assert told(swapped) == [(Fault.MOVED, 5, None), (Fault.MOVED, 23, None)]
    assert told(removed) == [(Fault.DELETED, 25, None)]
    assert told(cut_out) == [(Fault.MISSING, 26, 28)]
    assert told(cut_off) == [(Fault.TRUNCATED, 28, last)]
    assert {fault for fault, *_ in told(lambda copy: TAMPERINGS[-1](copy, draw))} == {Fault.REWRITTEN}


COLUMNS = [column.name for column in AuditEvent.__table__.columns]  # type: ignore[attr-defined]
ANOTHER = {
    "id": "id + 1000000",
    "created_at": "created_at + interval '1 microsecond'",
    "account_id": "coalesce(account_id, 0) + 1",
    "change": "jsonb_set(change, '{名,1}', '1.5')",
    "sealed_change": "sealed_change || '\\x00'",
    **{name: f"{name} || 'x'" for name in ("request_id", "action", "noun", "region")},
}
ON_THE_TABLES = [
    *(
        f"UPDATE audit_event SET {name} = {ANOTHER.get(name, f'coalesce({name}, 0) + 1')} WHERE id = {{event}}"
        for name in COLUMNS
    ),
    *(
        f"UPDATE audit_event SET {name} = NULL WHERE id = {{event}}"
        for name in COLUMNS
        if name not in ("id", "created_at", "action", "noun", "account_id", "worker_id")
    ),
    "UPDATE audit_event SET change = change #- '{b,c}' WHERE id = {event}",
    "UPDATE audit_event SET change = 'null' WHERE change IS NULL",
    "DELETE FROM audit_event WHERE id = {event}",
    "DELETE FROM audit_event",
    "TRUNCATE audit_event",
    "DELETE FROM audit_seal WHERE event_id = {event}",
    "DELETE FROM audit_seal",
    "WITH gone AS (DELETE FROM audit_seal WHERE event_id = {event}) DELETE FROM audit_event WHERE id = {event}",
    "WITH gone AS (DELETE FROM audit_seal WHERE sequence > 20 RETURNING event_id) "
    "DELETE FROM audit_event WHERE id IN (SELECT event_id FROM gone)",
    "UPDATE audit_seal SET sealed_at = sealed_at - interval '1 day' WHERE event_id = {event}",
    "UPDATE audit_seal SET hash = sha256(hash) WHERE event_id = {event}",
    "UPDATE audit_seal SET event_id = 999999 WHERE event_id = {event}",
    "UPDATE audit_seal SET sequence = -sequence WHERE event_id = {event}",
    "UPDATE audit_seal SET sequence = sequence + 1000 WHERE sequence > 20",
    "UPDATE audit_event one SET action = other.noun, noun = other.action FROM audit_event other "
    "WHERE other.id = one.id AND one.id = {event}",
    "INSERT INTO audit_event (created_at, action, noun) VALUES (now() - interval '2 hours', 'x', 'x')",
]
FREE = {"UPDATE audit_seal SET sequence = -sequence WHERE event_id = {event}"}


@pytest.mark.parametrize("statement", ON_THE_TABLES)
def test_tampering_with_the_tables_is_found(
    sealed: list[Link], superuser: Connection, statement: str
) -> None:
    anchor = Anchor(sealed[-1].sequence, sealed[-1].hash)
    if statement in FREE:
        superuser.exec_driver_sql("ALTER TABLE audit_seal DROP CONSTRAINT ck_audit_seal_counted_from_one")
    done = superuser.exec_driver_sql(statement.replace("{event}", str(sealed[22].event_id)))
    assert done.rowcount != 0
    assert [*check(links(superuser), anchors=[anchor]).findings, *beside(superuser)]


def test_what_was_put_in_late_under_an_old_date_is_noticed(sealed: list[Link], superuser: Connection) -> None:
    superuser.exec_driver_sql(
        "INSERT INTO audit_event (created_at, action, noun) VALUES (now() - interval '3 days', 'create', 'worker')"
    )
    superuser.exec_driver_sql("SET LOCAL session_replication_role = origin")
    superuser.exec_driver_sql("SELECT seal_audit(0, 100)")
    assert [finding.fault for finding in check(links(superuser)).findings] == [Fault.INSERTED]
