"""交出的文件: of whom a file told that somebody was given, so that each of them can be told who had it."""

from sqlmodel import Field, SQLModel

from models.base import BIG, Row, coded
from models.coded import Coded

UNMASKED_YEARS = 3
MASKED_DAYS = 30
"""How long it is known of whom a file told: full numbers as long as what employers were told, masked ones until the file
is long gone."""


class HandedKind(Coded):
    """What the file was."""

    REGISTER = "register", "报表和台账"
    PAYMENT = "payment", "补贴发放表"
    ERRORS = "errors", "导入差错表"
    DOUBTS = "doubts", "疑点清单"


class HandedFile(Row, table=True):
    """One file that an account was given; written in the transaction that made it, never changed.

    The reason is somebody's own words: it is kept here, where it can be deleted, and not in the record of changes.
    """

    __tablename__ = "handed_file"

    account_id: int = Field(foreign_key="account.id", sa_type=BIG)
    region: str = Field(foreign_key="region.code", index=True)
    kind: HandedKind = Field(sa_type=coded(HandedKind), nullable=False)
    masked: bool
    reason: str = Field(default="", max_length=200)
    export_id: int | None = Field(
        default=None, foreign_key="export.id", sa_type=BIG, unique=True, description="where it is fetched"
    )


class HandedPerson(SQLModel, table=True):
    """One person of whom a file tells."""

    __tablename__ = "handed_person"

    file_id: int = Field(primary_key=True, foreign_key="handed_file.id", sa_type=BIG)
    worker_id: int = Field(primary_key=True, foreign_key="worker.id", sa_type=BIG, index=True)
