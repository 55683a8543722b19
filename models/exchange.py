"""交换编号: what a bureau's exchange folders call an employer or a post of the ledger."""

from sqlalchemy import CheckConstraint, LargeBinary, UniqueConstraint
from sqlmodel import Field

from models.base import BIG, Row, coded
from models.coded import Coded


class ExchangeNoun(Coded):
    """What a key of the exchange means."""

    EMPLOYER = "employer", "用人单位"
    VACANCY = "vacancy", "岗位"


class ExchangeKey(Row, table=True):
    """One key of one bureau, and the row that it means. People need none: theirs is the 人编号.

    `told` is a digest of the row as the folder last said it, so that a later folder that says the same leaves alone
    what somebody has changed here since.
    """

    __tablename__ = "exchange_key"
    __table_args__ = (
        UniqueConstraint("region", "noun", "key"),
        CheckConstraint(
            "(noun = 'employer') = (employer_id IS NOT NULL) AND (noun = 'vacancy') = (vacancy_id IS NOT NULL)",
            "means_one_row",
        ),
    )

    region: str = Field(foreign_key="region.code", description="whose ledger the folder goes into")
    noun: ExchangeNoun = Field(sa_type=coded(ExchangeNoun), nullable=False)
    key: str = Field(max_length=60)
    employer_id: int | None = Field(default=None, foreign_key="employer.id", sa_type=BIG)
    vacancy_id: int | None = Field(default=None, foreign_key="vacancy.id", sa_type=BIG)
    told: bytes = Field(sa_type=LargeBinary)
    import_id: int | None = Field(
        default=None, foreign_key="import.id", sa_type=BIG, description="the folder that made it"
    )
