"""Many rows in one statement, sent beside: written before anything else is asked, and refused aloud."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from models.base import now
from models.beside import beside, done
from models.bulk import insert_rows, reserve_ids, update_rows


def homes(connection: Connection, *numbers: str) -> list[dict[str, Any]]:
    ids = reserve_ids(connection, "household", len(numbers))
    return [
        {
            "id": home_id,
            "created_at": now(),
            "number": number,
            "region": "610728",
            "village": None,
            "risks": [],
            "measures": [],
            "is_demo": True,
        }
        for home_id, number in zip(ids, numbers, strict=True)
    ]


def villages(connection: Connection) -> dict[str, str | None]:
    return {
        row.number: row.village for row in connection.execute(text("SELECT number, village FROM household"))
    }


@pytest.fixture
def session(session_as: Callable[[str], Session]) -> Session:
    return session_as("zhenba")


def test_what_is_sent_beside_is_there_for_the_next_statement(session: Session) -> None:
    connection = session.connection()
    rows = homes(connection, "1", "2", "3")
    with beside(connection):
        insert_rows(connection, "household", rows)
        update_rows(
            connection,
            "household",
            ("id",),
            [{"id": rows[0]["id"], "village": "一村"}, {"id": rows[2]["id"], "village": "三村"}],
        )
        assert villages(connection) == {"1": "一村", "2": None, "3": "三村"}
        update_rows(connection, "household", ("id",), [{"id": rows[1]["id"], "village": "二村"}])
    assert villages(connection) == {"1": "一村", "2": "二村", "3": "三村"}


def test_what_is_refused_is_raised_at_the_end_of_the_savepoint_and_what_follows_is_written(
    session: Session,
) -> None:
    connection = session.connection()
    insert_rows(connection, "household", homes(connection, "1"))
    again, other = homes(connection, "2", "1"), homes(connection, "4")
    with beside(connection):
        with pytest.raises(IntegrityError), session.begin_nested():
            insert_rows(session.connection(), "household", again)
            insert_rows(connection, "household", homes_of_nobody(again))
            done(connection)
        insert_rows(connection, "household", other)
    assert villages(connection) == {"1": None, "4": None}


def test_what_is_refused_last_is_raised_at_the_end_of_the_block(session: Session) -> None:
    connection = session.connection()
    insert_rows(connection, "household", homes(connection, "1"))
    again = homes(connection, "1")
    with pytest.raises(IntegrityError), session.begin_nested(), beside(session.connection()):
        insert_rows(connection, "household", again)
    assert villages(connection) == {"1": None}


def test_a_fault_beside_a_refusal_goes_back_to_the_savepoint(session: Session) -> None:
    connection = session.connection()
    insert_rows(connection, "household", homes(connection, "1"))
    again, other = homes(connection, "1"), homes(connection, "4")
    with beside(connection):
        with pytest.raises(ZeroDivisionError), session.begin_nested():
            insert_rows(session.connection(), "household", again)
            raise ZeroDivisionError
        insert_rows(connection, "household", other)
    assert villages(connection) == {"1": None, "4": None}


def test_nothing_is_sent_after_a_block_that_failed(session: Session) -> None:
    connection = session.connection()
    rows = homes(connection, "1")
    with pytest.raises(ZeroDivisionError), session.begin_nested(), beside(session.connection()):
        insert_rows(connection, "household", rows)
        raise ZeroDivisionError
    assert villages(connection) == {}


def homes_of_nobody(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row | {"id": row["id"] + 1_000_000, "number": f"{row['number']} b"} for row in rows]
