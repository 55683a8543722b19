"""Many rows in one statement, sent without waiting: written in the end, and refused aloud."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from models.base import now
from models.bulk import insert_rows, reserve_ids, update_rows, without_waiting


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


def test_what_is_sent_without_waiting_is_there_at_the_end_of_the_block(session: Session) -> None:
    connection = session.connection()
    rows = homes(connection, "1", "2", "3")
    with without_waiting(connection):
        insert_rows(connection, "household", rows)
        update_rows(
            connection,
            "household",
            ("id",),
            [{"id": rows[0]["id"], "village": "一村"}, {"id": rows[2]["id"], "village": "三村"}],
        )
    assert villages(connection) == {"1": "一村", "2": None, "3": "三村"}


def test_what_is_refused_is_raised_and_nothing_of_it_stays(session: Session) -> None:
    connection = session.connection()
    insert_rows(connection, "household", homes(connection, "1"))
    again = homes(connection, "2", "1")
    with pytest.raises(IntegrityError), session.begin_nested(), without_waiting(session.connection()):
        insert_rows(connection, "household", again)
        insert_rows(connection, "household", homes_of_nobody(again))
    assert villages(connection) == {"1": None}


def homes_of_nobody(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row | {"id": row["id"] + 1_000_000, "number": f"{row['number']} b"} for row in rows]
