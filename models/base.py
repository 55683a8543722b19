"""What every table shares: the names of constraints, coded columns, identity and version."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Enum, Identity, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel

from models.coded import Coded

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = SQLModel.metadata

# SQLModel's `sa_type` is annotated as a class, though an instance is what carries length or item type.
TEXTS: Any = ARRAY(Text)
BIGS: Any = ARRAY(BigInteger)
JSON_OBJECT: Any = JSONB
INSTANT: Any = DateTime(timezone=True)
BIG: Any = BigInteger


def coded(words: type[Coded], name: str | None = None) -> Any:
    """The column type of a coded field: the code as text, held to the known codes by a named CHECK.

    SQLAlchemy would store a member's Python name and create a native type that can't shrink; both are turned off.
    `name` is the CHECK's, needed where a table has two columns of the same words.
    """
    return Enum(
        words,
        name=name or _snake(words.__name__),
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


def _snake(name: str) -> str:
    return "".join("_" + letter.lower() if letter.isupper() else letter for letter in name).lstrip("_")


def now() -> datetime:
    """The present instant, with its zone."""
    return datetime.now(UTC)


class Row(SQLModel):
    """A table row with a number of its own, given by the database."""

    id: int | None = Field(
        default=None, primary_key=True, sa_type=BIG, sa_column_args=[Identity(always=False)], nullable=False
    )
    created_at: datetime = Field(default_factory=now, sa_type=INSTANT, nullable=False)

    @property
    def identity(self) -> int:
        """The row's number, once the database has given it."""
        if self.id is None:
            raise ValueError("the row has not been written yet")
        return self.id


class Versioned(Row):
    """A row that people edit: the database raises `version` at every update; it is the row's ETag."""

    version: int = Field(default=1, nullable=False, sa_column_kwargs={"server_default": text("1")})
