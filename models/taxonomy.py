"""行业 and 职业: the national code tables."""

from sqlmodel import Field, SQLModel


class Industry(SQLModel, table=True):
    """GB/T 4754-2017."""

    __tablename__ = "industry"

    code: str = Field(primary_key=True, max_length=4)
    name: str
    level: int
    parent_code: str | None = Field(default=None, foreign_key="industry.code")


class Occupation(SQLModel, table=True):
    """GB/T 6565."""

    __tablename__ = "occupation"

    code: str = Field(primary_key=True, max_length=8)
    name: str
    level: int
    parent_code: str | None = Field(default=None, foreign_key="occupation.code")


class OccupationAlias(SQLModel, table=True):
    """A title as firms really write it, and the occupation it means."""

    __tablename__ = "occupation_alias"

    alias: str = Field(primary_key=True)
    occupation_code: str = Field(foreign_key="occupation.code", index=True)
