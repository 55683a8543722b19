"""The four database roles, the same on the embedded cluster and on a PostgreSQL >= 15 of one's own.

`wengang_owner` owns the tables and runs the migrations; `wengang_app` is what the service logs in as: it
owns nothing and obeys row security; `wengang_market` may look across regions for the market loader and the
jobs, cannot log in, and gives `wengang_app` nothing until it says SET ROLE; `wengang_sealer` reads the audit rows and
appends to their chain, and nothing else: it cannot log in either, what it does is the one function that it owns.

    WENGANG_ADMIN_DATABASE_URL=... python -m api.postgres.roles

prepares an external server from the passwords in WENGANG_OWNER_DATABASE_URL and WENGANG_DATABASE_URL.
"""

import os
import sys
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

OWNER, APP, MARKET, SEALER = "wengang_owner", "wengang_app", "wengang_market", "wengang_sealer"
ATTRIBUTES = {
    OWNER: "LOGIN CREATEROLE CREATEDB INHERIT",
    APP: "LOGIN NOCREATEROLE NOCREATEDB NOINHERIT",
    MARKET: "NOLOGIN NOCREATEROLE NOCREATEDB NOINHERIT",
    SEALER: "NOLOGIN NOCREATEROLE NOCREATEDB NOINHERIT",
}

QUIET = {
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
"""Of what these roles do the server logs no error, no detail and no parameter: "invalid input syntax: …" repeats the input, and
"Key (…) already exists" is somebody's. The service itself tells of an error by kind and place."""


def ensure_roles(admin: psycopg.Connection[Any], *, owner_password: str, app_password: str) -> None:
    """Create the roles or bring them back to what they must be; passwords reach the server only as SCRAM.

    `admin` may create roles (a superuser, or a cloud's administrator); the caller commits.
    """
    admin.execute("SELECT pg_advisory_xact_lock(hashtext('wengang roles'))")
    existing: dict[str, bool] = dict(
        admin.execute(
            "SELECT rolname, rolsuper OR rolbypassrls OR rolreplication FROM pg_roles WHERE rolname = ANY(%s)",
            [list(ATTRIBUTES)],
        ).fetchall()
    )
    passwords = {OWNER: owner_password, APP: app_password}
    for name, attributes in ATTRIBUTES.items():
        verb = "ALTER" if name in existing else "CREATE"
        statement = sql.SQL(f"{verb} ROLE {{}} {attributes}").format(sql.Identifier(name))
        if name in passwords:
            statement += sql.SQL(" PASSWORD {}").format(_scram(admin, name, passwords[name]))
        admin.execute(statement)
        if existing.get(name):
            admin.execute(
                sql.SQL("ALTER ROLE {} NOSUPERUSER NOBYPASSRLS NOREPLICATION").format(sql.Identifier(name))
            )
    for name in (OWNER, APP):
        _quieten(admin, name)
    # Since 16 the grant itself carries what 15 takes from NOINHERIT.
    options = " WITH INHERIT FALSE, SET TRUE" if admin.info.server_version >= 160000 else ""
    admin.execute(sql.SQL("GRANT {} TO {}" + options).format(sql.Identifier(MARKET), sql.Identifier(APP)))
    # The migrations give it its function, and take it away again.
    options = " WITH INHERIT TRUE, SET TRUE" if admin.info.server_version >= 160000 else ""
    admin.execute(sql.SQL("GRANT {} TO {}" + options).format(sql.Identifier(SEALER), sql.Identifier(OWNER)))


def _quieten(admin: psycopg.Connection[Any], role: str) -> None:
    """Only a superuser may; elsewhere the server's own configuration must say the same (docs/operations.md)."""
    try:
        with admin.transaction():
            for setting, value in QUIET.items():
                told = sql.SQL("ALTER ROLE {} SET {} = {}")
                admin.execute(told.format(sql.Identifier(role), sql.Identifier(setting), sql.Literal(value)))
    except psycopg.errors.InsufficientPrivilege:
        return


def ensure_database(owner: psycopg.Connection[Any], name: str) -> None:
    """Create the database unless it is there; only the owner and the service may connect to it.

    `owner` is an autocommit connection of `wengang_owner` to any other database.
    """
    database = sql.Identifier(name)
    if owner.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
        owner.execute(sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(database))
    owner.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    owner.execute(
        sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(database, sql.Identifier(APP))
    )


def connect(url: URL, **options: Any) -> psycopg.Connection[Any]:
    """A psycopg connection for a SQLAlchemy URL."""
    return psycopg.connect(
        host=str(url.query.get("host") or url.host or ""),
        port=url.port,
        user=url.username,
        password=url.password,
        dbname=url.database,
        **options,
    )


def _scram(admin: psycopg.Connection[Any], role: str, password: str) -> sql.Literal:
    encoded = admin.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256")
    return sql.Literal(encoded.decode())


def main() -> int:
    names = ("WENGANG_ADMIN_DATABASE_URL", "WENGANG_OWNER_DATABASE_URL", "WENGANG_DATABASE_URL")
    missing = [name for name in names if not os.environ.get(name)]
    if missing:
        sys.stderr.write(f"请先设置环境变量 {'、'.join(missing)}。\n")
        return 2
    admin, owner, app = (make_url(os.environ[name]) for name in names)
    if (owner.username, app.username) != (OWNER, APP) or not owner.password or not app.password:
        sys.stderr.write(f"{names[1]} 的用户名应为 {OWNER}，{names[2]} 的用户名应为 {APP}，并都要带密码。\n")
        return 2
    with connect(admin) as connection:
        ensure_roles(connection, owner_password=owner.password, app_password=app.password)
    with connect(owner.set(database="postgres"), autocommit=True) as connection:
        ensure_database(connection, str(app.database))
    sys.stderr.write("数据库角色已就绪。\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
