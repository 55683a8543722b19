"""A database that is away, full, or gone in the middle: what whoever asks is told, and that what was refused goes in later."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import create_engine, event, text
from sqlmodel import Session
from starlette.testclient import TestClient

from api.app import create_app
from api.database import owner_connection, service_engine, sessions_of

from .test_problems import ID_NUMBER, NAME, is_problem


def test_a_database_that_is_away_is_a_503(settings: Any, keyring: Any) -> None:
    engine = service_engine("postgresql+psycopg://nobody@/nowhere?host=/nonexistent")
    client = TestClient(create_app(settings, sessions=sessions_of(engine), keyring=keyring))
    answer = client.get("/v1/me", headers={"Authorization": "Bearer x"})
    is_problem(answer, 503, "database-away")
    assert answer.headers["Retry-After"]
    engine.dispose()


def test_a_full_disk_is_said_and_the_same_goes_in_later(
    clone: Callable[[str], Any], settings: Any, keyring: Any
) -> None:
    """The database says that it has no room by its own code, as when a table can't grow."""
    database = clone("full_disk")
    engine = service_engine(database.service)
    client = TestClient(create_app(settings, sessions=sessions_of(engine), keyring=keyring))
    told = {"username": "zhenba", "password": "right-horse-battery"}
    token = client.post("/v1/token", data=told).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "the-same"}
    person = {"name": NAME, "region": "610728", "id_number": ID_NUMBER}
    with owner_connection(database.owner) as owner:
        owner.execute(
            text(
                "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS "
                "$$BEGIN RAISE EXCEPTION USING ERRCODE = 'disk_full'; END$$"
            )
        )
        owner.execute(text("CREATE TRIGGER no_room BEFORE INSERT ON worker EXECUTE FUNCTION no_room()"))
    refused = client.post("/v1/workers", json=person, headers=headers)
    is_problem(refused, 503, "disk-full")
    assert "没有保存" in refused.json()["detail"]
    with owner_connection(database.owner) as owner:
        owner.execute(text("DROP TRIGGER no_room ON worker"))
    assert client.post("/v1/workers", json=person, headers=headers).status_code == 201
    assert client.get("/v1/workers", headers=headers).json()["total"] == 1
    engine.dispose()


def test_where_the_database_goes_while_it_saves_nobody_is_told_that_nothing_was_saved(
    clone: Callable[[str], Any], settings: Any, keyring: Any
) -> None:
    database = clone("cut_off")
    engine, beside = service_engine(database.service), create_engine(database.service)
    sessions = sessions_of(engine)

    def cut(session: Session) -> None:
        number = session.connection().scalar(text("SELECT pg_backend_pid()"))
        with beside.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:id)"), {"id": number})

    client = TestClient(create_app(settings, sessions=sessions, keyring=keyring))
    told = {"username": "zhenba", "password": "right-horse-battery"}
    token = client.post("/v1/token", data=told).json()["access_token"]
    event.listen(sessions.class_, "before_commit", cut)
    try:
        answer = client.get("/v1/me", headers={"Authorization": f"Bearer {token}"})
    finally:
        event.remove(sessions.class_, "before_commit", cut)
        engine.dispose()
        beside.dispose()
    is_problem(answer, 503, "outcome-unknown")
    assert "可能已经保存" in answer.json()["detail"]
