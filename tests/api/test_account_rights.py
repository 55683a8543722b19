"""Whose accounts an administrator administers: every route and, beneath it, the database, for one's own county, the
township in it, another county, the paired district, the city above, and an account that may do something elsewhere."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from fastapi import FastAPI
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session
from starlette.testclient import TestClient

from api.rights import Action

from .test_rights import NEEDED, operations

Clerk = Callable[[str], TestClient]
SEEN = {
    "warden": {"zhenba", "jingyang", "auditor", "warden"},
    "other-warden": {"yangxian", "other-warden"},
    "east-warden": {"tongzhou", "station", "east-warden"},
    "city-warden": {
        "zhenba",
        "jingyang",
        "auditor",
        "warden",
        "yangxian",
        "other-warden",
        "hanzhong",
        "city-warden",
    },
}
"""What the accounts of the tests' world are to each administrator: all others are not there."""
BODIES: dict[str, dict[str, Any]] = {"bind_account": {"role": "kiosk", "region": "610728"}}
BY_NUMBER = sorted(
    name for name, needed in NEEDED.items() if needed is Action.MANAGE_ACCOUNTS and "account" in name
)


@pytest.fixture
def numbers(session_as: Callable[[str], Session], app: FastAPI) -> dict[str, int]:
    """The number of every account, by name."""
    found = text("SELECT account_id FROM account_by_username(:name)")
    connection = session_as("zhenba").connection()
    names = set().union(*SEEN.values()) | {"nobody"}
    return {name: connection.scalar(found, {"name": name}) or 0 for name in names}


@pytest.mark.parametrize("administrator", SEEN)
def test_an_administrator_sees_the_accounts_of_his_regions(clerk: Clerk, administrator: str) -> None:
    page = clerk(administrator).get("/v1/accounts", params={"limit": 200}).json()
    assert {each["username"] for each in page["items"]} == SEEN[administrator]
    assert page["total"] == len(SEEN[administrator])
    mine = {each["username"] for each in page["items"] if each["mine"]}
    assert mine == SEEN[administrator] - {administrator}


def by_number(app: FastAPI) -> dict[str, tuple[str, str]]:
    """Method and path of every route of one account, its own number still to be filled in."""
    found = {}
    for path, item in app.openapi()["paths"].items():
        for method, operation in item.items():
            if path.startswith("/v1/accounts/{account_id}"):
                found[operation["operationId"]] = (
                    method.upper(),
                    path.replace("{binding_id}", "1").replace("{token_id}", "1").replace("{key_id}", "1"),
                )
    return found


def test_every_route_of_one_account_is_walked(app: FastAPI) -> None:
    of_accounts = {name for name, (_, path) in operations(app).items() if path.startswith("/v1/accounts")}
    assert of_accounts == {name for name, needed in NEEDED.items() if needed is Action.MANAGE_ACCOUNTS}
    assert of_accounts - set(by_number(app)) == {"list_accounts", "invite_account", "list_account_events"}
    assert len(by_number(app)) == 14


@pytest.mark.parametrize("administrator", SEEN)
def test_every_route_knows_whose_account_it_is(
    app: FastAPI, clerk: Clerk, numbers: dict[str, int], administrator: str
) -> None:
    client, wrong = clerk(administrator), {}
    for operation, (method, path) in by_number(app).items():
        for name, number in numbers.items():
            answer = client.request(
                method, path.replace("{account_id}", str(number)), json=BODIES.get(operation)
            )
            if name not in SEEN[administrator]:
                right = answer.status_code == 404
            elif name == administrator:
                right = answer.status_code == (200 if operation == "read_account" else 403)
            elif operation == "bind_account" and administrator in ("other-warden", "east-warden"):
                right = answer.status_code == 403
            else:
                # Nobody has the binding or the log-in of this number; who is on is on, without a code none is void.
                right = answer.status_code in (200, 204, 404, 409)
            if not right:
                wrong[operation, name] = (answer.status_code, answer.text)
    assert wrong == {}


def test_who_may_do_something_elsewhere_is_administered_from_above(
    clerk: Clerk, numbers: dict[str, int]
) -> None:
    """Whoever could set a password could act by it: the county's administrator would be the city's clerk."""
    path = f"/v1/accounts/{numbers['zhenba']}"
    city, county = clerk("city-warden"), clerk("warden")
    more = city.post(f"{path}/bindings", json={"role": "city", "region": "6107"}).json()["bindings"]
    for command in ("invite", "switch-off", "unlock", "reset-second-factor", "sessions/end"):
        answer = county.post(f"{path}/{command}")
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/account-elsewhere"), command
    shown = county.get(path).json()
    assert not shown["mine"] and [each["role"]["code"] for each in shown["bindings"]] == ["county"]
    assert county.delete(f"{path}/bindings/{more[1]['id']}").status_code == 404
    assert county.delete(f"{path}/bindings/{more[0]['id']}").status_code == 204, (
        "one's own right may be taken"
    )
    assert city.delete(f"{path}/bindings/{more[1]['id']}").status_code == 204
    assert county.post(f"{path}/switch-off").status_code == 200


def test_roles_elsewhere_make_nobody_an_administrator_there(
    clerk: Clerk, numbers: dict[str, int], session_as: Callable[[str], Session]
) -> None:
    """The scope holds the regions of all roles; what is administered only those of one."""
    city = clerk("city-warden")
    path = f"/v1/accounts/{numbers['warden']}/bindings"
    assert city.post(path, json={"role": "county", "region": "610723"}).status_code == 200
    warden = clerk("warden")
    assert {"610723", "610728"} == {each["code"] for each in warden.get("/v1/me").json()["regions"]}
    listed = warden.get("/v1/accounts").json()["items"]
    assert {each["username"] for each in listed} == SEEN["warden"]
    body = {"display_name": "甲", "role": "county", "region": "610723"}
    assert warden.post("/v1/accounts", json=body).status_code == 403
    connection = session_as("warden").connection()
    assert refused(connection, BIND, account=numbers["yangxian"], role="county", region="610723")


BIND = "INSERT INTO account_binding (created_at, account_id, role, region) VALUES (now(), :account, :role, :region)"
MAKE = (
    "INSERT INTO account (created_at, display_name, active, kept_by, is_demo) "
    "VALUES (now(), 'x', true, :region, false)"
)
TOKEN = (
    "INSERT INTO access_token (created_at, account_id, kind, token_hash, expires_at, name, prefix, read_only) "
    "VALUES (now(), :account, :kind, 'x', now() + interval '1 day', '', '', false)"
)


def refused(connection: Connection, statement: str, **values: Any) -> bool:
    try:
        with connection.begin_nested():
            return connection.execute(text(statement), values).rowcount == 0
    except DBAPIError as error:
        assert isinstance(error.orig, psycopg.errors.InsufficientPrivilege), error.orig
        return True


def test_the_database_keeps_it_too(session_as: Callable[[str], Session], numbers: dict[str, int]) -> None:
    connection = session_as("warden").connection()
    own, township, elsewhere = numbers["warden"], numbers["jingyang"], numbers["yangxian"]
    assert not refused(connection, MAKE, region="610728001")
    assert refused(connection, MAKE, region="610723")
    assert refused(connection, MAKE, region="6107")
    assert refused(connection, MAKE, region=None)
    assert not refused(connection, BIND, account=township, role="county", region="610728")
    assert refused(connection, BIND, account=township, role="city", region="6107")
    assert refused(connection, BIND, account=township, role="county", region="610723")
    assert refused(connection, BIND, account=elsewhere, role="county", region="610728")
    assert refused(connection, BIND, account=own, role="county", region="610728")
    assert refused(connection, "DELETE FROM account_binding WHERE account_id = :account", account=own)
    assert refused(connection, "DELETE FROM account_binding WHERE account_id = :account", account=elsewhere)
    assert not refused(connection, TOKEN, account=township, kind="invitation")
    assert refused(connection, TOKEN, account=township, kind="session")
    assert refused(connection, TOKEN, account=elsewhere, kind="invitation")
    for account, known in ((township, True), (own, False), (elsewhere, False)):
        with connection.begin_nested() as undone:
            switched = connection.scalar(text("SELECT switch_account(:id, false)"), {"id": account})
            assert switched is known
            undone.rollback()


def test_who_is_no_administrator_administers_nobody(
    session_as: Callable[[str], Session], numbers: dict[str, int]
) -> None:
    for name in ("zhenba", "hanzhong", "nobody"):
        connection = session_as(name).connection()
        assert connection.scalars(text("SELECT username FROM account")).all() == [name]
        assert connection.scalar(text("SELECT count(*) FROM administered_accounts()")) == 0
        assert refused(connection, MAKE, region="610728")
        assert refused(connection, BIND, account=numbers["jingyang"], role="county", region="610728")
        assert not connection.scalar(text("SELECT switch_account(:id, false)"), {"id": numbers["jingyang"]})
        assert connection.scalar(text("SELECT unlock_account(:id)"), {"id": numbers["jingyang"]}) == 0
