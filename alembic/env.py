"""Runs the migrations as the tables' owner, over a connection that the caller hands in."""

from alembic import context
from sqlalchemy import Connection, NullPool, create_engine

from models.registry import metadata


def include_name(name: str | None, kind: str, _parents: object) -> bool:
    """Only our own schema is compared with the models."""
    return kind != "schema" or name in (None, "public")


def run(connection: Connection) -> None:
    """Migrate in one transaction."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        compare_server_default=True,
        include_name=include_name,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    from api.settings import Settings

    address = Settings().owner_database_url
    if address is None:
        raise SystemExit("没有设置 WENGANG_OWNER_DATABASE_URL")
    with create_engine(address, poolclass=NullPool).connect() as own:
        run(own)
        own.commit()
